package service

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"motcua/assets"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

func date(t *testing.T, s string) identity.Date {
	t.Helper()
	d, err := identity.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func load(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatalf("the catalogue has mistakes:\n%v", err)
	}
	return c
}

func TestCatalogue(t *testing.T) {
	c := load(t)
	var ids []string
	for _, s := range c.On(date(t, "2026-11-23")) {
		ids = append(ids, s.ID)
	}
	for _, want := range []string{"thuong-tru", "tam-tru", "tam-vang", "luu-tru", "can-cuoc", "khai-sinh", "xe-o-to", "con-dau"} {
		if !slices.Contains(ids, want) {
			t.Errorf("services = %s, without %s", ids, want)
		}
	}
	if _, ok := c.Get("tam-tru", date(t, "2026-06-30")); ok {
		t.Error("the circular was not in force on 30 June 2026")
	}
}

func TestTemporaryResidence(t *testing.T) {
	s, ok := load(t).Get("tam-tru", date(t, "2026-11-23"))
	if !ok {
		t.Fatal("no tam-tru")
	}
	if s.Procedure != "1.004194" || s.Fee.Dong != 15000 || s.Deadline.Days != 3 {
		t.Errorf("procedure %s, fee %d, term %d", s.Procedure, s.Fee.Dong, s.Deadline.Days)
	}
	labels := []string{"Họ, chữ đệm và tên khai sinh", "Ngày, tháng, năm sinh", "Giới tính", "Số định danh cá nhân",
		"Số điện thoại liên hệ", "Email", "Họ, chữ đệm và tên chủ hộ", "Mối quan hệ với chủ hộ",
		"Số định danh cá nhân của chủ hộ", "Nội dung đề nghị", "Những thành viên trong hộ gia đình cùng thay đổi"}
	var printed []form.Field
	for _, f := range s.Form.Fields {
		if f.Item != "" && f.Item != "Kính gửi" {
			printed = append(printed, f)
		}
	}
	if len(printed) != len(labels) {
		t.Fatalf("%d printed items, the form has %d", len(printed), len(labels))
	}
	for i, f := range printed {
		if f.Label != labels[i] {
			t.Errorf("item %d is %q, the form prints %q", i+1, f.Label, labels[i])
		}
	}
	for kase, papers := range map[string]int{"own": 2, "rent": 4, "family": 3, "other": 4} {
		if got := len(s.PapersFor(s.Sheet(form.Env{Case: kase}, nil))); got != papers {
			t.Errorf("%d papers in case %s, want %d", got, kase, papers)
		}
	}
	for _, p := range s.PapersFor(s.Sheet(form.Env{Case: "rent"}, nil)) {
		if p.ID == "rent-contract" && (!p.Retrievable || !strings.Contains(p.Note, "không cần công chứng")) {
			t.Error("the lease needs no notary and only when it cannot be found")
		}
	}
}

const small = `id: thu
order: 1
version: 2026-01-01
name: Thử
plain: Thử
text: Thử
spoken: Thử
picture: p
kiosk: true
question: Ở đâu?
cases:
  - {id: a, title: A, picture: p}
  - {id: b, title: B, picture: p}
form:
  id: F
  fields:
    - {id: x, label: X, kind: text}
  pages:
    - {field: x, title: X?}
`

func loadText(text string) error {
	c, err := Load(fstest.MapFS{
		"services/thu.yaml": {Data: []byte(text)}, "pictures/p.svg": {}, "icons/i.svg": {},
	})
	if err != nil {
		return err
	}
	return c.Check()
}

func TestSmallCatalogueLoads(t *testing.T) {
	if err := loadText(small); err != nil {
		t.Fatal(err)
	}
}

// Each row changes one thing in the small service and names the mistake with its line.
func TestMistakes(t *testing.T) {
	six := strings.Repeat("  - {id: z, title: Z, picture: p}\n", 6)
	tests := []struct{ name, old, new, want string }{
		{"unknown key", "order: 1", "ordre: 1", "thu.yaml:2: no such key: ordre"},
		{"unknown key below", "kind: text", "kindd: text", "thu.yaml:17: no such key: kindd"},
		{"syntax", "order: 1", "order: [1", "thu.yaml:"},
		{"type", "order: 1", "order: first", "thu.yaml:2:"},
		{"no date of force", "version: 2026-01-01\n", "", "date from which"},
		{"a date that is none", "version: 2026-01-01", "version: 2026-02-31", "thu.yaml:"},
		{"other file name", "id: thu", "id: thi", "thu.yaml:1: the file of service"},
		{"unknown case", "title: X?}", "title: X?, cases: [c]}", `thu.yaml:19: no case "c"`},
		{"duplicate case", "id: b", "id: a", `thu.yaml:13: case "a" is there twice`},
		{"too many cases", "form:\n", six + "form:\n", "8 cases: 6 can be shown"},
		{"duplicate field", "pages:\n", "  - {id: x, label: X, kind: text}\n  pages:\n", `thu.yaml:18: field "x" is there twice`},
		{"unknown kind", "kind: text", "kind: letters", `thu.yaml:17: no such kind`},
		{"unknown check", "kind: text", "kind: text, check: iban", `thu.yaml:17: no such check`},
		{"unknown fact", "kind: text", "kind: text, prefill: card.iban", `thu.yaml:17: no such fact`},
		{"unknown field of a page", "field: x", "field: y", `thu.yaml:19: no field "y"`},
		{"field nobody asks for", "field: x, title: X?", "field: x, title: X?, cases: [a]", `neither asked nor known in case "b"`},
		{"asked twice", "pages:\n", "pages:\n    - {field: x, title: X!}\n", `asked twice`},
		{"circle", "kind: text}", `kind: text, compute: [{text: "{x}!"}]}`, `follows from itself`},
		{"unknown reference", "kind: text}", `kind: text, compute: [{text: "{w}!"}]}`, `no field "w"`},
		{"unknown way to show", "kind: text}", `kind: text, compute: [{text: "{today|loud}"}]}`, `cannot be shown "loud"`},
		{"known from nowhere", "kind: text", "kind: known", `nothing says from where`},
		{"choice without choices", "kind: text", "kind: choice", `has 0 choices in case "a"`},
		{"a period too long", "kind: text", "kind: choice, check: period, choices: [{id: a, title: A, value: '12', picture: p}, {id: b, title: B, value: '36', picture: p}]", `no number of months up to 24`},
		{"missing picture", "{id: a, title: A, picture: p}", "{id: a, title: A, picture: q}", `thu.yaml:12: no picture "q"`},
		{"missing icon", "{id: a, title: A, picture: p}", "{id: a, title: A, picture: p, icon: j}", `thu.yaml:12: no icon "j"`},
		{"files nothing", "form:\n  id: F", "x-form:\n  id: F", "no such key"},
		{"nothing at all", small, "# empty\n", "one document is expected"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(small, tt.old, tt.new, 1)
			if text == small {
				t.Fatal("the row changes nothing")
			}
			err := loadText(text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	text := strings.NewReplacer("order: 1", "ordre: 1", "spoken: Thử", "spokn: Thử").Replace(small)
	err := loadText(text)
	for _, want := range []string{"thu.yaml:2: no such key: ordre", "thu.yaml:7: no such key: spokn"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
	text = strings.NewReplacer("kind: text", "kind: letters", "id: b", "id: a", "picture: p\nkiosk", "picture: q\nkiosk").Replace(small)
	err = loadText(text)
	var m Mistake
	if !errors.As(err, &m) || m.File != "services/thu.yaml" {
		t.Fatalf("no Mistake in %v", err)
	}
	for _, want := range []string{"thu.yaml:8: no picture", "thu.yaml:13: case", "thu.yaml:17: no such kind"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
}

func TestTwoDefinitions(t *testing.T) {
	next := strings.Replace(small, "version: 2026-01-01", "version: 2027-01-01", 1)
	both := func(first string) error {
		c, err := Load(fstest.MapFS{"services/thu.yaml": {Data: []byte(first)}, "services/thu@2027-01-01.yaml": {Data: []byte(next)}})
		if err != nil {
			return err
		}
		return c.Check()
	}
	if err := both(small); err == nil || !strings.Contains(err.Error(), "in force at once") {
		t.Errorf("got %v", err)
	}
	if err := both(strings.Replace(small, "order: 1", "until: 2026-12-31", 1)); err != nil {
		t.Errorf("one after the other: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("id: [\n"))
	f.Add([]byte("- a\n- b: {c: }\n"))
	f.Add([]byte("form: {fields: [{id: x, choices: [{}]}]}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, m := range parse("f.yaml", data, &Service{}).Mistakes {
			if m.File != "f.yaml" || m.Text == "" {
				t.Fatalf("a mistake that says nothing: %#v", m)
			}
		}
	})
}

// The annex of Decision 06/QĐ-TTg has twenty-five services, and each version of one is marked.
func TestEssential(t *testing.T) {
	marked := map[string]bool{}
	for _, s := range load(t).All() {
		if was, seen := marked[s.ID]; seen && was != s.Essential {
			t.Errorf("%s is essential in one version and not in another", s.ID)
		}
		marked[s.ID] = s.Essential
	}
	n := 0
	for _, essential := range marked {
		if essential {
			n++
		}
	}
	if n != 25 {
		t.Errorf("%d essential services", n)
	}
}
