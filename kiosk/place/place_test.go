package place

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"motcua/assets"
	"motcua/kiosk/identity"
)

func open(t testing.TB) *Book {
	t.Helper()
	b, err := Open(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCounts(t *testing.T) {
	b := open(t)
	if len(b.Provinces()) != 34 || len(b.units) != 3321 {
		t.Errorf("%d provinces, %d communes; there are 34 and 3,321", len(b.Provinces()), len(b.units))
	}
	if u, ok := b.Unit("05200"); !ok || u.ProvinceCode != "25" {
		t.Errorf("05200 is %+v", u)
	}
}

// merges are the rows of the table, apart from the code under test.
func merges(t testing.TB) map[string][]string {
	t.Helper()
	data, err := assets.FS.ReadFile("places/merges.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	became := map[string][]string{}
	for _, row := range rows[1:] {
		key := strings.Join(row[1:4], ", ")
		if !slices.Contains(became[key], row[4]) {
			became[key] = append(became[key], row[4])
		}
	}
	return became
}

// outcome is whether a result is right: the one commune, or all that the old one became among the choices.
func right(r Result, codes []string) bool {
	if len(codes) == 1 && r.Certainty == Exact {
		return r.Unit.Code == codes[0]
	}
	for _, code := range codes {
		if r.Certainty != Likely || !slices.ContainsFunc(r.Choices, func(u Unit) bool { return u.Code == code }) {
			return false
		}
	}
	return true
}

// spellings are ways in which the same address may stand on a card or be typed. exact: nothing is lost by them.
var spellings = []struct {
	name  string
	exact bool
	write func(string) string
}{
	{"as printed", true, func(s string) string { return s }},
	{"capitals", true, strings.ToUpper},
	{"decomposed", true, norm.NFD.String},
	{"with what stands before it", true, func(s string) string { return "Số 12, Xóm Văn, " + s + ", Việt Nam" }},
	{"tones on the other vowel", true, strings.NewReplacer("oà", "òa", "oá", "óa", "oả", "ỏa", "oã", "õa", "oạ", "ọa", "òa", "oà", "óa", "oá", "uỷ", "ủy", "uý", "úy", "ủy", "uỷ").Replace},
	{"kinds shortened", true, shortened},
	{"accents lost", false, func(s string) string {
		parts := strings.Split(s, ", ")
		for i := range parts {
			parts[i] = identity.Fold(parts[i])
		}
		return strings.Join(parts, ", ")
	}},
	{"i for y", true, strings.NewReplacer("Mỹ", "Mĩ", "Lý", "Lí", "Kỳ", "Kì", "Ỷ La", "Ỉ La").Replace},
	{"hyphens", true, func(s string) string { return strings.ReplaceAll(s, ", ", " - ") }},
}

// shortened writes the kind of each unit as people do.
func shortened(s string) string {
	parts := strings.Split(s, ", ")
	for i, part := range parts {
		part = strings.ToUpper(part[:1]) + part[1:]
		for kind, short := range map[string]string{"Xã ": "X. ", "Phường ": "P.", "Thị trấn ": "TT. ", "Huyện ": "H. ", "Quận ": "Q.", "Thị xã ": "TX. ", "Thành phố ": "TP. ", "Tỉnh ": "T. "} {
			if rest, ok := strings.CutPrefix(part, kind); ok {
				parts[i] = short + rest
			}
		}
	}
	return strings.Join(parts, ", ")
}

// TestEveryOldCommune: each of the communes of before leads to what it became, however it is written.
func TestEveryOldCommune(t *testing.T) {
	b := open(t)
	became := merges(t)
	for _, sp := range spellings {
		t.Run(sp.name, func(t *testing.T) {
			wrong, likely := 0, 0
			n := 0
			for address, codes := range became {
				if n++; testing.Short() && n%5 > 0 {
					continue
				}
				r := b.Today(sp.write(address))
				if !right(r, codes) && (sp.exact || r.Certainty != Likely || !slices.ContainsFunc(r.Choices, func(u Unit) bool { return slices.Contains(codes, u.Code) })) {
					if wrong++; wrong <= 5 {
						t.Errorf("%s: %v %s %v %v, want %v", sp.write(address), r.Certainty, r.Unit.Full(), r.Choices, r.Notes, codes)
					}
				}
				if len(codes) == 1 && r.Certainty == Likely {
					likely++
				}
				if r.Certainty == Exact && r.Old == "" {
					t.Errorf("%s: changed in silence", address)
				}
			}
			t.Logf("%d addresses, %d wrong, %d only likely", len(became), wrong, likely)
		})
	}
}

func TestEveryUnitOfToday(t *testing.T) {
	b := open(t)
	for _, sp := range spellings {
		t.Run(sp.name, func(t *testing.T) {
			for _, u := range b.units {
				r := b.Today(sp.write(u.Full()))
				if r.Certainty == Exact && r.Unit == u && r.Old == "" {
					continue
				}
				if !sp.exact && r.Certainty == Likely && slices.Contains(r.Choices, u) {
					continue
				}
				t.Errorf("%s: %v %s %v %v", sp.write(u.Full()), r.Certainty, r.Unit.Full(), r.Choices, r.Notes)
			}
		})
	}
	for _, u := range b.units {
		if got, ok := b.Named(u.Full()); !ok || got != u {
			t.Errorf("%s names %v", u.Full(), got)
		}
	}
}

func TestToday(t *testing.T) {
	b := open(t)
	for _, tt := range []struct {
		address   string
		certainty Certainty
		unit      string
		rest      string
		notes     []Note
	}{
		{"Xóm Văn, Thị trấn Mai Châu, Huyện Mai Châu, Tỉnh Hòa Bình", Exact, "xã Mai Châu, tỉnh Phú Thọ", "Xóm Văn", []Note{NoteDistrict, NoteProvince}},
		{"Xom Van Thi tran Mai Chau Huyen Mai Chau Tinh Hoa Binh", Exact, "xã Mai Châu, tỉnh Phú Thọ", "Xom Van", []Note{NoteDistrict, NoteAccents, NoteProvince}},
		{"Xóm Văn, Mai Châu, Phú Thọ", Exact, "xã Mai Châu, tỉnh Phú Thọ", "Xóm Văn", nil},
		{"12 Lê Lợi, Phường Bến Nghé, Quận 1, TP.HCM", Exact, "phường Sài Gòn, thành phố Hồ Chí Minh", "12 Lê Lợi", []Note{NoteDistrict, NoteMerged}},
		{"12 Lê Lợi, P. Bến Nghé, Q1, Thành phố Hồ Chí Minh", Exact, "phường Sài Gòn, thành phố Hồ Chí Minh", "12 Lê Lợi", []Note{NoteDistrict, NoteMerged}},
		{"somewhere", Unknown, "", "somewhere", nil},
		{"", Unknown, "", "", nil},
		{",,, ,", Unknown, "", "", nil},
		{"Xã Không Có, Huyện Mai Châu, Tỉnh Hòa Bình", Unknown, "", "Xã Không Có, Huyện Mai Châu, Tỉnh Hòa Bình", nil},
		{strings.Repeat("a", 500), Unknown, "", "", nil},
	} {
		r := b.Today(tt.address)
		slices.Sort(r.Notes)
		slices.Sort(tt.notes)
		if r.Certainty != tt.certainty || r.Unit.Full() != tt.unit || r.Rest != tt.rest || !slices.Equal(r.Notes, tt.notes) {
			t.Errorf("%s: %+v %s", tt.address, r, r.Unit.Full())
		}
	}
}

// TestPicker: any commune from any province in at most four touches, from its own in two.
// TestRenamed: who writes a province of before is told what it is today; a street of that name is no province.
func TestRenamed(t *testing.T) {
	b := open(t)
	for address, want := range map[string]string{
		"Xóm Văn, tỉnh Hòa Bình": "Tỉnh Phú Thọ", "xom van, t. hoa binh": "Tỉnh Phú Thọ", "Tỉnh Hà Giang": "Tỉnh Tuyên Quang", "Tổ 3, Bình Dương": "Thành phố Hồ Chí Minh",
		"Xóm Văn, tỉnh Phú Thọ": "", "Hòa Bình": "", "12 đường Hòa Bình": "", "": "", ",": "", strings.Repeat("x,", 300): "",
	} {
		old, now, ok := b.Renamed(address)
		if now.Full != want || ok != (want != "") || ok && !strings.HasSuffix(address, old) {
			t.Errorf("%.40q: %q is %q", address, old, now.Full)
		}
	}
}

func TestPicker(t *testing.T) {
	b := open(t)
	for _, home := range []string{"25", "79", "01", ""} {
		most := 0
		for i, u := range b.units {
			if testing.Short() && i%9 > 0 {
				continue
			}
			n := touches(t, b, b.Pick(home), u)
			if most = max(most, n); n > 4 || home == u.ProvinceCode && n > 2 {
				t.Fatalf("%s from %q: %d touches", u.Full(), home, n)
			}
		}
		t.Logf("from %q: at most %d touches", home, most)
	}
	if len(b.Options(Picker{})) != 34 {
		t.Error("all provinces stand on one page")
	}
}

// touches picks a commune as a person would.
func touches(t *testing.T, b *Book, p Picker, u Unit) int {
	for n := 1; n <= 6; n++ {
		id := u.Code
		switch {
		case p.Level == LevelProvince:
			id = u.ProvinceCode
		case p.Level == LevelGroup && p.Province != u.ProvinceCode:
			id = optionOther
		case p.Level == LevelGroup:
			for i := range b.groups(p.Province) {
				if slices.Contains(b.group(Picker{LevelCommune, p.Province, i, ""}), u) {
					id = b.Options(p)[i].ID
				}
			}
		}
		options := b.Options(p)
		if len(options) > 34 || p.Level != LevelProvince && len(options) > OnPage+1 || !slices.ContainsFunc(options, func(o Option) bool { return o.ID == id }) {
			t.Fatalf("%s is not to be touched at %+v", u.Full(), p)
		}
		var got Unit
		if p, got = b.Choose(p, id); got.Code != "" {
			if got != u {
				t.Fatalf("%s: got %s", u.Full(), got.Full())
			}
			return n
		}
	}
	t.Fatalf("%s is never reached", u.Full())
	return 0
}

func TestLetters(t *testing.T) {
	b := open(t)
	p := b.Pick("25").Type("mc")
	if o := b.Options(p); len(o) == 0 || o[0].Text != "Xã Mai Châu" {
		t.Errorf("mc: %v", o)
	}
	if back, ok := p.Back(); !ok || back.Letters != "" {
		t.Error("back takes the letters away first")
	}
	reached, all := 0, 0
	for i, u := range b.units {
		if testing.Short() && i%9 > 0 {
			continue
		}
		all++
		for n := 1; n <= 3; n++ {
			letters := []rune(strings.ReplaceAll(plain(u.Name), " ", ""))
			found := b.Find(string(letters[:min(n, len(letters))]), u.ProvinceCode, OnPage)
			if slices.Contains(found, u) {
				reached++
				break
			}
		}
	}
	t.Logf("%d of %d communes by the first three letters of their name, in their own province", reached, all)
	if reached < all*9/10 {
		t.Error("too few")
	}
}

func FuzzToday(f *testing.F) {
	b := open(f)
	for _, s := range []string{"Xóm Văn, Thị trấn Mai Châu, Huyện Mai Châu, Tỉnh Hòa Bình", "P5, Q8, TPHCM", "xa", "thi xa", ", ,", "\xff", "Việt Nam", "p 05 q 1 tp 9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		r := b.Today(address)
		for _, u := range append(r.Choices, r.Unit) {
			if known, ok := b.Unit(u.Code); u.Code != "" && (!ok || known != u) {
				t.Fatalf("%+v is no unit", u)
			}
		}
		if (r.Certainty == Exact) != (r.Unit.Code != "") || (r.Certainty == Likely) != (len(r.Choices) > 0) || len(r.Choices) > MaxChoices {
			t.Fatalf("%+v", r)
		}
	})
}

func TestOfficialTable(t *testing.T) {
	data, err := os.ReadFile("../../../shared/facts/units.csv")
	if err != nil {
		t.Skip("the facts are not here")
	}
	if own, err := assets.FS.ReadFile("places/units.csv"); err != nil || string(own) != string(data) {
		t.Error("places/units.csv is not the table it was taken from")
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		open(b)
	}
}

func BenchmarkToday(b *testing.B) {
	book := open(b)
	for b.Loop() {
		book.Today("Xóm Văn, Thị trấn Mai Châu, Huyện Mai Châu, Tỉnh Hòa Bình")
	}
}

func BenchmarkFind(b *testing.B) {
	book := open(b)
	for b.Loop() {
		book.Find("mc", "25", OnPage)
	}
}
