package identity

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// theCard is one card as its parts have it.
func theCard() (qr, zone, full Person) {
	qr = Person{Number: "099090000017", Name: "Nguyễn Văn Mẫu", Birth: on(1990, 1, 1), Sex: Male, Issued: on(2021, 2, 1),
		Residence: "Số 1, Đường Mẫu, Xã Mẫu", OldNumber: "012345678"}
	zone = Person{Number: "099090000017", Name: "NGUYEN VAN MAU", Birth: on(1990, 1, 1), Sex: Male, Expires: Expiry{Date: on(2030, 1, 1)},
		Nationality: "Việt Nam"}
	full = qr
	full.Expires, full.Residence, full.Nationality = zone.Expires, "Số 1,  Đường Mẫu - Xã Mẫu", "Việt Nam"
	return qr, zone, full
}

// TestDifferences changes one fact of one part at a time: it is named, and no other.
func TestDifferences(t *testing.T) {
	qr, zone, full := theCard()
	parts := []View{{PartQR, qr}, {PartMRZ, zone}, {PartDG1, zone}, {PartDG13, full}}
	if d := Differences(parts...); d != nil {
		t.Fatalf("one card: %v", d)
	}
	for fact, change := range map[string]func(*Person){
		"number": func(p *Person) { p.Number = "099090000018" }, "name": func(p *Person) { p.Name = "Nguyễn Văn Mạo" },
		"birth": func(p *Person) { p.Birth = on(1990, 1, 2) }, "sex": func(p *Person) { p.Sex = Female },
		"nationality": func(p *Person) { p.Nationality = "Lào" }, "expires": func(p *Person) { p.Expires = Expiry{Never: true} },
		"issued": func(p *Person) { p.Issued = on(2021, 2, 2) }, "residence": func(p *Person) { p.Residence = "Số 2, Đường Mẫu, Xã Mẫu" },
		"old-number": func(p *Person) { p.OldNumber = "012345679" },
	} {
		for i := range parts {
			views := slices.Clone(parts)
			change(&views[i].Person)
			got := Differences(views...)
			if len(got) == 0 && i == len(parts)-1 {
				t.Errorf("%s of %s: not found", fact, parts[i].Of)
			}
			for _, d := range got {
				if d.Fact != fact || d.One != parts[i].Of && d.Other != parts[i].Of {
					t.Errorf("%s of %s: %v", fact, parts[i].Of, d)
				}
			}
		}
	}
}

func TestDifferencesOfTwo(t *testing.T) {
	none, never := Expiry{}, Expiry{Never: true}
	dated := func(year int) Expiry { return Expiry{Date: on(year, 1, 1)} }
	for name, v := range map[string]struct {
		one, other Part
		a, b       Person
		want       []string
	}{
		"nobody":                                  {PartQR, PartDG1, Person{}, Person{}, nil},
		"what one does not have":                  {PartQR, PartDG13, Person{Number: "099090000017"}, Person{Name: "Ún", Sex: Female}, nil},
		"document number":                         {PartDG13, PartMRZ, Person{Number: "099090000017"}, Person{Number: "090000017"}, nil},
		"another document number":                 {PartMRZ, PartDG13, Person{Number: "090000018"}, Person{Number: "099090000017"}, []string{"number"}},
		"a zone knows no century of birth":        {PartDG1, PartDG13, Person{Birth: on(2025, 3, 3)}, Person{Birth: on(1925, 3, 3)}, nil},
		"texts do":                                {PartQR, PartDG13, Person{Birth: on(2025, 3, 3)}, Person{Birth: on(1925, 3, 3)}, []string{"birth"}},
		"a zone knows no century of expiry":       {PartDG1, PartDG13, Person{Expires: dated(2005)}, Person{Expires: dated(2105)}, nil},
		"another day in a zone":                   {PartDG1, PartQR, Person{Birth: on(2025, 3, 3)}, Person{Birth: on(2025, 3, 4)}, []string{"birth"}},
		"no expiry in both":                       {PartDG1, PartDG13, Person{Expires: never}, Person{Expires: never}, nil},
		"expiry not known":                        {PartDG1, PartDG13, Person{Expires: never}, Person{Expires: none}, nil},
		"expiry in one":                           {PartDG1, PartDG13, Person{Expires: never}, Person{Expires: dated(2099)}, []string{"expires"}},
		"capitals, points, spaces in a residence": {PartQR, PartDG13, Person{Residence: "tổ 5 , P. Mẫu"}, Person{Residence: "Tổ 5, P.Mẫu"}, nil},
		"another house":                           {PartQR, PartDG13, Person{Residence: "12/3 Mẫu"}, Person{Residence: "123 Mẫu"}, []string{"residence"}},
		"accents dropped by a scanner":            {PartQR, PartDG13, Person{Residence: "Xa Mau", Name: "LO THI UN"}, Person{Residence: "Xã Mẫu", Name: "Lò Thị Ún"}, nil},
		"all at once": {PartQR, PartDG13, Person{Number: "099090000017", Name: "Ún", Sex: Male, OldNumber: "1"}, Person{Number: "099090000018", Name: "Ủn", Sex: Female, OldNumber: "2"},
			[]string{"number", "name", "sex", "old-number"}},
	} {
		var got []string
		for _, d := range Differences(View{v.one, v.a}, View{v.other, v.b}) {
			if d.One != v.one || d.Other != v.other {
				t.Errorf("%s: between %s and %s", name, d.One, d.Other)
			}
			got = append(got, d.Fact)
		}
		if !slices.Equal(got, v.want) {
			t.Errorf("%s: %v, want %v", name, got, v.want)
		}
	}
}

// A difference goes to logs and into the store, so it must hold nothing of what differs.
func TestDifferencesHoldNothing(t *testing.T) {
	qr, _, _ := theCard()
	raw, err := json.Marshal(Differences(View{PartQR, qr}, View{PartDG1, Person{Number: "099188000231", Name: "LO THI UN", Sex: Female, Birth: on(1988, 7, 19)}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, fact := range []string{"099", "Nguy", "LO", "1990", "1988"} {
		if strings.Contains(string(raw), fact) {
			t.Errorf("%q in %s", fact, raw)
		}
	}
}

func TestSameName(t *testing.T) {
	const long = "Nguyễn Tôn Nữ Huyền Thuỷ Nguyệt Dạ Lan"
	for name, v := range map[string]struct {
		a, b string
		same bool
	}{
		"zone and accents":                {"Đặng Thị Ủn", "DANG THI UN", true},
		"zone of another":                 {"Lò Văn Ún", "LO VAN AN", false},
		"not known":                       {"", "LO", true},
		"capitals":                        {"BÙI THỊ NGUYỆT", "Bùi Thị Nguyệt", true},
		"decomposed":                      {norm.NFD.String("Bùi Thị Nguyệt"), "Bùi Thị Nguyệt", true},
		"another tone, both have accents": {"Nguyễn Văn Mẫu", "Nguyễn Văn Mậu", false},
		"another letter":                  {"Nguyễn Văn Mau", "Nguyễn Văn Mâu", false},
		"đ is not d":                      {"Đinh Thị Ẳng", "Dinh Thị Ẳng", false},
		"the tone's two places":           {"Huyền Thuỷ Hoà", "Huyền Thủy Hòa", true},
		"eth in place of đ":               {"Ðặng Phúc Ẩn", "Đặng Phúc Ẩn", true},
		"apostrophe dropped":              {"H’Nuôn Kbŭôr", "HNUON KBUOR", true},
		"apostrophe as a filler":          {"Rơ Châm H’Lứt", "RO CHAM H LUT", true},
		"two apostrophes":                 {"H’Nuôn Kbŭôr", "H'Nuôn Kbŭôr", true},
		"hyphen":                          {"Ê-ban Mẫu", "E BAN MAU", true},
		"Mông":                            {"Vàng A Páo", "VANG A PAO", true},
		"a word less in a short name":     {"Vàng A Páo", "VANG A", false},
		"the order of words":              {"Vàng A Páo", "PAO VANG A", false},
		"cut within a word":               {long, "NGUYEN TON NU HUYEN THUY NGUY", true},
		"cut at a word":                   {long, "NGUYEN TON NU HUYEN THUY", true},
		"cut to first letters":            {long, "NGUYEN TON NU H THUY N D LAN", true},
		"cut, and another word":           {long, "NGUYEN TON NU HOANG THUY NGUY", false},
		"cut too short":                   {long, "NGUYEN TON NU", false},
		"longer than a line":              {long, "NGUYEN TON NU HUYEN THUY NGUYET DA", false},
		"cut, the last place a letter":    {"Hoàng Thị Bích Phượng Thuyên Anh", "HOANG THI BICH PHUONG THUYE A", true},
		"cut, and both have accents":      {long, "Nguyễn Tôn Nữ Huyền Thuỷ Nguyệt", false},
	} {
		if got := SameName(v.a, v.b); got != v.same {
			t.Errorf("%s: %q and %q: %t", name, v.a, v.b, got)
		}
		if SameName(v.b, v.a) != v.same {
			t.Errorf("%s: not the same the other way round", name)
		}
	}
}

func TestZoneSpelling(t *testing.T) {
	for name, want := range map[string]bool{"LO THI UN": true, "Lo Thi Un": false, "LÒ": false, "": false} {
		if ZoneSpelling(name) != want {
			t.Errorf("%q: %t", name, !want)
		}
	}
}

func FuzzSameName(f *testing.F) {
	f.Add("Đặng Thị Ủn", "DANG THI UN")
	f.Add("H’Nuôn Kbŭôr", "\xff\u0301")
	f.Fuzz(func(t *testing.T, a, b string) {
		if SameName(a, b) != SameName(b, a) {
			t.Errorf("%q and %q: not the same both ways", a, b)
		}
		if !SameName(a, a) {
			t.Errorf("%q is not like itself", a)
		}
	})
}

// Every fact that Differences speaks of is one that a view can lack.
func TestDifferencesNeedBoth(t *testing.T) {
	_, _, full := theCard()
	if d := Differences(View{PartQR, full}, View{PartDG1, Person{}}, View{PartDG13, Person{}}); !reflect.DeepEqual(d, []Difference(nil)) {
		t.Errorf("%v", d)
	}
}
