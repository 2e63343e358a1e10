package identity_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"motcua/kiosk/identity"
)

func TestNumber(t *testing.T) {
	n, err := identity.ParseNumber("099203004002")
	if err != nil || n.Masked() != "099******002" || n.Tail() != "002" {
		t.Errorf("%q %v %q %q", n, err, n.Masked(), n.Tail())
	}
	for _, s := range []string{"", "09920300400", "0992030040021", "09920300400a", "09920300400 ", "०९९२०३००४००२"} {
		if _, err := identity.ParseNumber(s); !errors.Is(err, identity.ErrNumber) {
			t.Errorf("%q: %v", s, err)
		}
	}
	if m := identity.Number("1").Masked() + identity.Number("").Tail(); m != "" {
		t.Errorf("what is no number shows %q", m)
	}
}

func TestNumberSuggests(t *testing.T) {
	for number, want := range map[identity.Number]struct {
		sex  identity.Sex
		year int
	}{
		"099090000017": {identity.Male, 1990}, "099188000231": {identity.Female, 1988},
		"099203004002": {identity.Male, 2003}, "099315000308": {identity.Female, 2015}, "099999000000": {identity.Female, 2399},
	} {
		sex, year, ok := number.Suggests()
		if sex != want.sex || year != want.year || !ok {
			t.Errorf("%s: %s %d %v", number, sex, year, ok)
		}
	}
	if _, _, ok := identity.Number("0990").Suggests(); ok {
		t.Error("four digits suggest something")
	}
}

func TestParseDate(t *testing.T) {
	want := identity.Date{Year: 2004, Month: time.February, Day: 29}
	for _, s := range []string{"2004-02-29", "29/02/2004", "29022004"} {
		if d, err := identity.ParseDate(s); err != nil || d != want {
			t.Errorf("%s: %v, %v", s, d, err)
		}
	}
	for _, s := range []string{"", "29/02/2003", "2004-02-30", "2902204", "29-02-2004", "0/02/2004", "29/02/2004 "} {
		if d, err := identity.ParseDate(s); !errors.Is(err, identity.ErrDate) || !d.IsZero() {
			t.Errorf("%q: %v, %v", s, d, err)
		}
	}
}

func TestDateArithmetic(t *testing.T) {
	leap := identity.Date{Year: 2024, Month: time.January, Day: 31}
	for months, want := range map[int]string{1: "29/02/2024", 2: "31/03/2024", 13: "28/02/2025", -2: "30/11/2023", 11: "31/12/2024", 0: "31/01/2024"} {
		if got := leap.AddMonths(months).String(); got != want {
			t.Errorf("%d months: %s, not %s", months, got, want)
		}
	}
	if got := leap.AddDays(30).String(); got != "01/03/2024" {
		t.Errorf("30 days: %s", got)
	}
	if !leap.Before(leap.AddDays(1)) || leap.Before(leap) || leap.Before(leap.AddDays(-1)) {
		t.Error("Before")
	}
	if got := (identity.Date{}).String(); got != "" {
		t.Errorf("no date is %q", got)
	}
}

func TestExpiry(t *testing.T) {
	last := identity.Date{Year: 2030, Month: 1, Day: 1}
	e := identity.Expiry{Date: last}
	if e.Past(last) || !e.Past(last.AddDays(1)) || e.Past(last.AddDays(-1)) {
		t.Error("a card is valid through its last day")
	}
	if (identity.Expiry{Never: true}).Past(last) || (identity.Expiry{}).Past(last) {
		t.Error("a card without a known expiry has not expired")
	}
}

func TestPersonJSON(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"never", `{"birth":"1951-12-24","expires":"never"}`},
		{"dated", `{"birth":"1951-12-24","expires":"2030-01-01"}`},
		{"nothing known", `{}`},
	} {
		var p identity.Person
		if err := json.Unmarshal([]byte(c.want), &p); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(p); err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v", c.name, got, err)
		}
	}
	if err := json.Unmarshal([]byte(`{"birth":"1951-02-30"}`), new(identity.Person)); !errors.Is(err, identity.ErrDate) {
		t.Errorf("30 February: %v", err)
	}
}

func TestWarnings(t *testing.T) {
	right := identity.Person{
		Number: "099188000231", Sex: identity.Female, Birth: identity.Date{Year: 1988, Month: 7, Day: 19},
		Issued:  identity.Date{Year: 2022, Month: 3, Day: 15},
		Expires: identity.Expiry{Date: identity.Date{Year: 2028, Month: 7, Day: 19}},
	}
	for name, c := range map[string]struct {
		change func(*identity.Person)
		want   []identity.Warning
	}{
		"all fits":          {func(*identity.Person) {}, nil},
		"nothing known":     {func(p *identity.Person) { *p = identity.Person{} }, nil},
		"only a number":     {func(p *identity.Person) { *p = identity.Person{Number: p.Number} }, nil},
		"sex":               {func(p *identity.Person) { p.Sex = identity.Male }, []identity.Warning{identity.WarnNumberSex}},
		"year":              {func(p *identity.Person) { p.Birth.Year = 1987 }, []identity.Warning{identity.WarnNumberYear}},
		"century":           {func(p *identity.Person) { p.Number = "099388000231" }, []identity.Warning{identity.WarnNumberYear}},
		"issued too early":  {func(p *identity.Person) { p.Issued.Year = 1980 }, []identity.Warning{identity.WarnIssued}},
		"expires too early": {func(p *identity.Person) { p.Expires.Date.Year = 2021 }, []identity.Warning{identity.WarnExpires}},
		"two at once": {func(p *identity.Person) { p.Sex = identity.Male; p.Birth.Year = 1987 },
			[]identity.Warning{identity.WarnNumberSex, identity.WarnNumberYear}},
	} {
		p := right
		c.change(&p)
		if got := identity.Warnings(p); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}
