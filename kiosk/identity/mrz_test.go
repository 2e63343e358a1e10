package identity_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"motcua/kiosk/identity"
)

// The worked example of a Vietnamese TD1, computed by hand from 9303-3 and 9303-5.
var mauMRZ = []string{"IDVNM0900000177099090000017<<3", "9001011M3001019VNM<<<<<<<<<<<4", "NGUYEN<<VAN<MAU<<<<<<<<<<<<<<<"}

func TestParseMRZ(t *testing.T) {
	want := identity.Person{
		Number: "099090000017", Name: "NGUYEN VAN MAU", Sex: identity.Male, Nationality: "Việt Nam",
		Birth:   identity.Date{Year: 1990, Month: 1, Day: 1},
		Expires: identity.Expiry{Date: identity.Date{Year: 2030, Month: 1, Day: 1}},
	}
	for name, lines := range map[string][]string{
		"as printed": mauMRZ,
		"as typed":   {strings.ToLower(mauMRZ[0]), " " + mauMRZ[1] + "\n", mauMRZ[2]},
		"with gaps":  {mauMRZ[0][:10] + " " + mauMRZ[0][10:], mauMRZ[1], mauMRZ[2]},
	} {
		got, err := identity.ParseMRZ(lines)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	want.Name = ""
	if got, err := identity.ParseMRZ(mauMRZ[:2]); err != nil || got != want {
		t.Errorf("two lines: %+v, %v", got, err)
	}
}

// digit is the check digit of 9303-3 §4.9, written apart from the program's.
func digit(s string) string {
	sum := 0
	for i, r := range s {
		v := strings.IndexRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", r)
		sum += max(v, 0) * []int{7, 3, 1}[i%3]
	}
	return string(rune('0' + sum%10))
}

// td1 makes lines 1 and 2 with all digits right.
func td1(number, birth, sex, expires string) []string {
	one := "IDVNM" + number[3:] + digit(number[3:]) + number + "<<" + digit(number)
	two := birth + digit(birth) + sex + expires + digit(expires) + "VNM" + strings.Repeat("<", 11)
	return []string{one, two + digit(one[5:]+two[:7]+two[8:15]+two[18:29])}
}

func TestParseMRZSpecial(t *testing.T) {
	if got := td1("099090000017", "900101", "M", "300101"); !slices.Equal(got, mauMRZ[:2]) {
		t.Fatalf("the test's own lines are wrong: %q", got)
	}
	for name, c := range map[string]struct {
		number, birth, sex, expires string
		check                       func(identity.Person) bool
	}{
		"without expiry": {"099051000073", "511224", "M", "991231",
			func(p identity.Person) bool { return p.Expires.Never && p.Birth.Year == 1951 }},
		"born in this century": {"099203004002", "031130", "M", "281130", func(p identity.Person) bool { return p.Birth.Year == 2003 }},
		"number without hint":  {"099999004002", "031130", "F", "281130", func(p identity.Person) bool { return p.Birth.Year == 2003 }},
		"hint of another year": {"099188000231", "900101", "F", "300101", func(p identity.Person) bool { return p.Birth.Year == 1990 }},
		"year only":            {"099051000073", "51<<<<", "M", "991231", func(p identity.Person) bool { return p.Birth.IsZero() }},
		"expires on 29 February": {"099204002901", "040229", "M", "280229",
			func(p identity.Person) bool { return p.Expires.Date == identity.Date{Year: 2028, Month: 2, Day: 29} }},
		"29 February of a common year": {"099204002901", "040229", "M", "290229",
			func(p identity.Person) bool { return p.Expires.Date == identity.Date{Year: 2029, Month: 2, Day: 28} }},
		"sex not said": {"099051000073", "511224", "<", "991231", func(p identity.Person) bool { return p.Sex == "" }},
	} {
		got, err := identity.ParseMRZ(td1(c.number, c.birth, c.sex, c.expires))
		if err != nil || !c.check(got) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	foreign := td1("099090000017", "900101", "M", "300101")
	foreign[1] = strings.Replace(foreign[1], "VNM", "D<<", 1)
	if got, err := identity.ParseMRZ(foreign); err != nil || got.Nationality != "D" {
		t.Errorf("nationality of another state: %q, %v", got.Nationality, err)
	}
	noExtra := td1("099090000017", "900101", "M", "300101")
	noExtra[0] = noExtra[0][:29] + "<"
	noExtra[1] = noExtra[1][:29] + digit(noExtra[0][5:]+noExtra[1][:7]+noExtra[1][8:15]+noExtra[1][18:29])
	if _, err := identity.ParseMRZ(noExtra); err != nil {
		t.Errorf("without Vietnam's own digit: %v", err)
	}
}

func TestParseMRZRefuses(t *testing.T) {
	change := func(line, at int, to string) []string {
		c := slices.Clone(mauMRZ)
		c[line] = c[line][:at] + to + c[line][at+len(to):]
		return c
	}
	for name, c := range map[string]struct {
		lines []string
		want  error
	}{
		"nothing":             {nil, identity.ErrMRZ},
		"one line":            {mauMRZ[:1], identity.ErrMRZ},
		"a passport's":        {[]string{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"}, identity.ErrMRZ},
		"another state's":     {change(0, 2, "UTO"), identity.ErrMRZ},
		"short line":          {[]string{mauMRZ[0][:29], mauMRZ[1], mauMRZ[2]}, identity.ErrMRZ},
		"foreign letters":     {[]string{mauMRZ[0], mauMRZ[1], strings.Replace(mauMRZ[2], "NGUYEN<<", "NGUYỄN", 1)}, identity.ErrMRZ},
		"sex":                 {td1("099090000017", "900101", "X", "300101"), identity.ErrMRZ},
		"31 February":         {td1("099090000017", "900231", "M", "300101"), identity.ErrMRZ},
		"expiry 31 February":  {td1("099090000017", "900101", "M", "300231"), identity.ErrMRZ},
		"document number":     {change(0, 6, "1"), identity.ErrMRZCheck},
		"its check digit":     {change(0, 14, "8"), identity.ErrMRZCheck},
		"personal number":     {change(0, 15, "1"), identity.ErrMRZCheck},
		"its own check digit": {change(0, 29, "4"), identity.ErrMRZCheck},
		"birth":               {change(1, 0, "8"), identity.ErrMRZCheck},
		"expiry":              {change(1, 8, "4"), identity.ErrMRZCheck},
		"composite":           {change(1, 29, "5"), identity.ErrMRZCheck},
	} {
		if got, err := identity.ParseMRZ(c.lines); !errors.Is(err, c.want) || got != (identity.Person{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func FuzzParseMRZ(f *testing.F) {
	f.Add(mauMRZ[0], mauMRZ[1], mauMRZ[2])
	f.Add("IDVNM", "", "<")
	f.Fuzz(func(t *testing.T, one, two, three string) {
		p, err := identity.ParseMRZ([]string{one, two, three})
		if err != nil {
			if !errors.Is(err, identity.ErrMRZ) && !errors.Is(err, identity.ErrMRZCheck) {
				t.Fatal(err)
			}
			return
		}
		if _, err := identity.ParseNumber(string(p.Number)); err != nil || p.Expires.IsZero() {
			t.Fatalf("accepted without its facts: %+v", p)
		}
	})
}
