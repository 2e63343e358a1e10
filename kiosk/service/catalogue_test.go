package service

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"motcua/assets"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

var today = identity.Date{Year: 2026, Month: 11, Day: 25}

// thousand is a catalogue of a thousand services, each as long as the longest there is.
func thousand(t testing.TB) fstest.MapFS {
	t.Helper()
	text, err := assets.FS.ReadFile("services/tam-tru.yaml")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for i := range 1000 {
		id := fmt.Sprintf("dich-vu-%03d", i)
		s := strings.Replace(string(text), "id: tam-tru\n", "id: "+id+"\n", 1)
		s = strings.Replace(s, "plain: Đăng ký tạm trú", fmt.Sprintf("plain: Đăng ký việc số %03d", i), 1)
		fsys["services/"+id+".yaml"] = &fstest.MapFile{Data: []byte(s)}
	}
	return fsys
}

func TestThousandServices(t *testing.T) {
	c, err := Load(thousand(t))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.On(today)); n != 1000 {
		t.Fatalf("%d services", n)
	}
	if found := c.Find("viec so 7", today, 4); len(found) != 4 || found[0].Plain != "Đăng ký việc số 700" {
		t.Errorf("found %+v", found)
	}
	if s, ok := c.Get("dich-vu-999", today); !ok || s.Form == nil || s.Plain != "Đăng ký việc số 999" {
		t.Error("the last one cannot be read")
	}
}

func BenchmarkLoadThousand(b *testing.B) {
	fsys := thousand(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(fsys); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFindInThousand(b *testing.B) {
	c, err := Load(thousand(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, query := range []string{"d", "dang", "dang ky", "viec 77", "tam tru", "không có việc này"} {
			c.Find(query, today, 4)
		}
	}
}

func BenchmarkReadOne(b *testing.B) {
	fsys := thousand(b)
	c, err := Load(fsys)
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		if i%1000 == 0 && i > 0 {
			if c, err = Load(fsys); err != nil {
				b.Fatal(err)
			}
		}
		c.Get(fmt.Sprintf("dich-vu-%03d", i%1000), today)
		i++
	}
}

func TestSearch(t *testing.T) {
	c := load(t)
	for query, want := range map[string]string{"tam tru": "tam-tru", "tạm trú": "tam-tru", "TAM TR": "tam-tru", "ket hon": "ket-hon", "1.004194": "tam-tru", "xe may": "xe-mo-to"} {
		found := c.Find(query, today, 6)
		if len(found) == 0 || found[0].ID != want {
			t.Errorf("%q finds %v", query, ids(found))
		}
	}
	for _, query := range []string{"", "  ", "qqq", "tam qqq"} {
		if found := c.Find(query, today, 6); len(found) > 0 {
			t.Errorf("%q finds %v", query, ids(found))
		}
	}
}

func ids(heads []Head) []string {
	var list []string
	for _, h := range heads {
		list = append(list, h.ID)
	}
	return list
}

// The heads that are scanned say what the files say.
func TestHeads(t *testing.T) {
	for _, s := range load(t).All() {
		if s.Plain == "" || s.Order == 0 || s.Picture == "" {
			t.Errorf("%s: %+v", s.ID, s.Head)
		}
	}
	late := strings.Replace(small, "kiosk: true\n", "", 1) + "kiosk: true\n"
	if err := loadText(late); err == nil || !strings.Contains(err.Error(), "the head's keys come first") {
		t.Errorf("a key of the head at the end: %v", err)
	}
	for line, want := range map[string]string{
		"name: Thử # lời": "Thử", `name: "Thử: \"một\""`: `Thử: "một"`, "name: 'Thử ''hai'''": "Thử 'hai'", "name: a#b": "a#b", "name:": "", "name: # lời": "",
	} {
		if got := scanHead([]byte("id: x\n" + line + "\nform: {}\nname: y\n")); got.Name != want || got.ID != "x" {
			t.Errorf("%s gives %q", line, got.Name)
		}
	}
}

// An office's file stands in for the built-in one; one that is of no use does not.
func TestOffice(t *testing.T) {
	base := fstest.MapFS{"services/thu.yaml": {Data: []byte(small)}, "pictures/p.svg": {}}
	own := strings.Replace(small, "plain: Thử", "plain: Của xã", 1)
	for _, tt := range []struct {
		name   string
		office fs.FS
		plain  string
		wrong  string
	}{
		{"none", fstest.MapFS{}, "Thử", ""},
		{"overrides", fstest.MapFS{"thu.yaml": {Data: []byte(own)}}, "Của xã", ""},
		{"is wrong", fstest.MapFS{"thu.yaml": {Data: []byte(strings.Replace(own, "kind: text", "kind: x", 1))}}, "Thử", "office/thu.yaml:17: no such kind"},
		{"adds", fstest.MapFS{"khac.yaml": {Data: []byte(strings.Replace(own, "id: thu", "id: khac", 1))}}, "Thử", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := Load(base, tt.office)
			if err != nil {
				t.Fatal(err)
			}
			if s, ok := c.Get("thu", today); !ok || s.Plain != tt.plain {
				t.Errorf("got %+v", s)
			}
			if err := c.Check(); (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
				t.Errorf("check: %v", err)
			}
			if _, ok := c.Get("khac", today); ok != (tt.name == "adds") {
				t.Error("the office's own service")
			}
		})
	}
}

// A newer version of the office stands in for the built-in one from its day on; who filed before is judged by the one that was in force.
func TestOfficeVersion(t *testing.T) {
	base := fstest.MapFS{"services/thu.yaml": {Data: []byte(small)}, "pictures/p.svg": {}}
	newer := strings.NewReplacer("version: 2026-01-01", "version: 2026-10-01", "plain: Thử", "plain: Của xã").Replace(small)
	ended := strings.Replace(newer, "version: 2026-10-01", "version: 2026-10-01\nuntil: 2026-10-31", 1)
	broken := strings.Replace(newer, "kind: text", "kind: x", 1)
	first, before, after := identity.Date{Year: 2026, Month: 1, Day: 1}, identity.Date{Year: 2026, Month: 9, Day: 30}, identity.Date{Year: 2026, Month: 10, Day: 1}
	for name, want := range map[string]struct{ file, now, later string }{"newer": {newer, "Của xã", "Của xã"}, "ended": {ended, "Của xã", ""}, "wrong": {broken, "Thử", "Thử"}} {
		c, err := Load(base, fstest.MapFS{"thu.yaml": {Data: []byte(want.file)}})
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := c.Version("thu", first); !ok || s.Plain != "Thử" {
			t.Errorf("%s: what was filed under the first version has %+v", name, s)
		}
		for day, plain := range map[identity.Date]string{before: "Thử", after: want.now, today: want.later} {
			s, ok := c.Get("thu", day)
			if ok != (plain != "") || ok && s.Plain != plain {
				t.Errorf("%s, on %s: %+v, want %q", name, day, s, plain)
			}
			if listed := c.On(day); (len(listed) == 1) != ok || len(c.Find("thu", day, 9)) != len(listed) {
				t.Errorf("%s, on %s: %+v", name, day, listed)
			}
		}
		if n := len(c.All()); n != 2 && name != "wrong" || n != 1 && name == "wrong" {
			t.Errorf("%s: %d definitions", name, n)
		}
	}
}

// Who filed under the old definition is judged by it.
func TestVersions(t *testing.T) {
	old := strings.NewReplacer("version: 2026-01-01", "version: 2025-01-01\nuntil: 2025-12-31", "plain: Thử", "plain: Cũ").Replace(small)
	c, err := Load(fstest.MapFS{"services/thu.yaml": {Data: []byte(small)}, "services/thu@2025-01-01.yaml": {Data: []byte(old)}, "pictures/p.svg": {}})
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := c.Get("thu", today); !ok || s.Plain != "Thử" {
		t.Error("today's is not today's")
	}
	if s, ok := c.Version("thu", identity.Date{Year: 2025, Month: 1, Day: 1}); !ok || s.Plain != "Cũ" {
		t.Error("the old one is gone")
	}
	if _, ok := c.Version("thu", today); ok {
		t.Error("no version began today")
	}
}

func TestSecondLanguage(t *testing.T) {
	english := "plain: Trial\ncases: {a: {title: First}}\nfields: {x: {plain: The x, hint: write}}\npages: {x: {title: What is x?}}\n"
	load := func(text string) (*Catalogue, error) {
		c, err := Load(fstest.MapFS{"services/thu.yaml": {Data: []byte(small)}, "services/thu.en.yaml": {Data: []byte(text)}, "pictures/p.svg": {}})
		if err != nil {
			return nil, err
		}
		return c, c.Check()
	}
	c, err := load(english)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := c.Get("thu", today)
	e := s.In("en")
	sheet := e.Sheet(form.Env{Case: "a"}, nil)
	if e.Plain != "Trial" || e.Cases[0].Title != "First" || e.Cases[0].Words() != "A" || e.Cases[1].Title != "B" || e.Name != "Thử" ||
		sheet.Pages()[0].Title != "What is x?" || e.Form.Fields[0].Name() != "The x" || s.Plain != "Thử" || s.In("xx") != s {
		t.Errorf("%+v", e)
	}
	for text, want := range map[string]string{
		"fields: {y: {plain: z}}": `no "y" in fields`, "plan: x": "no such key: plan", "cases: {a: {titel: x}}": "no such key: titel", "fields: {x: {choices: {q: {title: z}}}}": `no "q"`,
	} {
		if _, err := load(text); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "thu.en.yaml:1") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestFees(t *testing.T) {
	fee := `fee:
  dong: 20000
  online: 10000
  half_until: 2026-12-31
  rates: [{when: 'kase == "b"', dong: 6000}]
  free: [{id: child, text: Trẻ em, when: age < 16}, {id: poor, text: Hộ nghèo}]
`
	c, err := Load(fstest.MapFS{"services/thu.yaml": {Data: []byte(small + fee)}, "pictures/p.svg": {}})
	if err != nil {
		t.Fatal(err)
	}
	s, ok := c.Get("thu", today)
	if !ok {
		t.Fatal(c.Check())
	}
	cost := func(kase, born string, day identity.Date) Cost {
		facts := map[form.Fact]form.Answer{form.CardBirth: {Value: born}}
		return s.FeeFor(s.Sheet(form.Env{Case: kase, Facts: facts, Today: day}, nil), day)
	}
	next := identity.Date{Year: 2027, Month: 1, Day: 1}
	if c := cost("a", "01/01/1990", today); c.Dong != 10000 || c.Online != 5000 || c.Full != 20000 || c.HalfUntil.IsZero() || len(c.Ask) != 1 {
		t.Errorf("half: %+v", c)
	}
	if c := cost("a", "01/01/1990", next); c.Dong != 20000 || c.Online != 10000 {
		t.Errorf("after the reduction: %+v", c)
	}
	if c := cost("b", "01/01/1990", next); c.Dong != 6000 || c.Online != 6000 {
		t.Errorf("rate: %+v", c)
	}
	if c := cost("a", "01/01/2015", next); c.Dong != 0 || c.Exempt == nil || c.Exempt.ID != "child" || len(c.Ask) != 0 {
		t.Errorf("a child: %+v", c)
	}
	if c := cost("a", "", next); c.Dong != 20000 || c.Exempt != nil {
		t.Errorf("of unknown age: %+v", c)
	}
}

func FuzzHead(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("id: x\nname: \"a\\\"b\" # c\nkiosk: true\n"))
	f.Add([]byte("id: 'a''b'\nuntil: 2026-02-31\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		e := &entry{name: "services/thu.yaml", data: data, head: scanHead(data)}
		if s := e.whole(shelves{}); s != nil && s.Head != e.head {
			t.Fatalf("the head says %+v, the file %+v", e.head, s.Head)
		}
	})
}
