package paper

import (
	"bytes"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"motcua/assets"
	"motcua/kiosk/identity"
)

func load(t testing.TB) *Shelf {
	t.Helper()
	s, err := Load(assets.FS)
	if err != nil {
		t.Fatalf("the layouts have mistakes:\n%v", err)
	}
	return s
}

func form(t testing.TB, id string) *Form {
	t.Helper()
	f, ok := load(t).On(id, identity.Date{Year: 2026, Month: 11, Day: 25})
	if !ok {
		t.Fatalf("no %s", id)
	}
	return f
}

func render(t testing.TB, f *Form, v Values) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := f.Render(&buf, v); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// written is a shelf of one layout, with the typeface of assets.
func written(layout string) fs.FS {
	fsys := fstest.MapFS{"papers/x.yaml": {Data: []byte(layout)}}
	for _, name := range []string{profile, "fonts/LiberationSerif-Regular.ttf", "fonts/LiberationSerif-Bold.ttf",
		"fonts/LiberationSerif-Italic.ttf", "fonts/LiberationSerif-BoldItalic.ttf"} {
		data, err := fs.ReadFile(assets.FS, name)
		if err != nil {
			panic(err)
		}
		fsys[name] = &fstest.MapFile{Data: data}
	}
	return fsys
}

const head = "id: x\ntitle: T\nissued: I\nversion: 2026-07-01\nblocks:\n"

func one(t *testing.T, blocks string) *Form {
	t.Helper()
	s, err := Load(written(head + blocks))
	if err != nil {
		t.Fatal(err)
	}
	return s.All()[0]
}

func TestShelf(t *testing.T) {
	s := load(t)
	day := identity.Date{Year: 2026, Month: 7, Day: 1}
	if f, ok := s.Form("CT01", day); !ok || f.Layout().Title == "" {
		t.Error("no CT01 of 1 July 2026")
	}
	if _, ok := s.Form("CT01", day.AddDays(1)); ok {
		t.Error("a version of CT01 that there is not")
	}
	if _, ok := s.On("CT01", day.AddDays(-1)); ok {
		t.Error("CT01 before its day")
	}
}

func TestKeys(t *testing.T) {
	k := form(t, "CT01").Keys()
	for _, want := range []string{"addressee", "birth", "email", "head_name", "head_number", "name", "number", "office_commune",
		"owner_name", "phone", "relation", "request", "sex", "today"} {
		if !slices.Contains(k.Text, want) {
			t.Errorf("no key %s in %v", want, k.Text)
		}
	}
	if got := strings.Join(k.Rows["members"], " "); got != "birth name number relation sex" {
		t.Errorf("a member has %s", got)
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct{ name, blocks, want string }{
		{"unknown key", "  - txet: {}\n", "papers/x.yaml:6: no such key: txet"},
		{"two kinds", "  - {rule: 3, space: 3}\n", "papers/x.yaml:6: a block has one kind, this has 2"},
		{"open mark", "  - text: {text: 'a *b'}\n", "papers/x.yaml:6: a mark"},
		{"open brace", "  - space: 1\n  - text: {text: 'a {b'}\n", "papers/x.yaml:7: a mark"},
		{"bad key", "  - line: [{label: a, key: Name}]\n", `papers/x.yaml:6: "Name": a key is`},
		{"bad filter", "  - text: {text: '{today|week}'}\n", "papers/x.yaml:6: a key is"},
		{"no such letter", "  - text: {text: 'a 漢'}\n", "papers/x.yaml:6: the typeface lacks"},
		{"boxes and lines", "  - line: [{label: a, key: b, boxes: 3, lines: 2}]\n", "papers/x.yaml:6: boxes go"},
		{"too many boxes", "  - line: [{label: a, key: b, boxes: 300}]\n", "papers/x.yaml:6: 0 to 24"},
		{"three bars", "  - bars: {rows: a, label: b, values: [{key: c, title: C}, {key: d, title: D}, {key: e, title: E}]}\n", "papers/x.yaml:6: 1 to 2 bars"},
		{"bar without title", "  - bars: {rows: a, label: b, values: [{key: c}]}\n", "papers/x.yaml:6: a bar needs a title"},
		{"align", "  - text: {text: a, align: middle}\n", "papers/x.yaml:6: align"},
		{"twice", "  - table: {rows: a, columns: [{title: b}]}\n  - table: {rows: a, columns: [{title: b}]}\n", "papers/x.yaml:7: \"a\" is printed twice"},
		{"five signatures", "  - signs: [{title: a}, {title: a}, {title: a}, {title: a}, {title: a}]\n", "papers/x.yaml:6: 5 signatures"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load(written(head + test.blocks))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
	if _, err := Load(written("id: y\nblocks: []\n")); err == nil || strings.Count(err.Error(), "\n") < 3 {
		t.Errorf("not every mistake is told: %v", err)
	}
}

func TestRenderErrors(t *testing.T) {
	f := one(t, `  - line: [{label: a, key: digits, boxes: 3}, {label: b, key: line}]
  - text: {text: "{today|day}"}
  - table: {rows: people, columns: [{title: a, key: who}]}
  - photo: {width: 30, height: 40}
`)
	text := func(key, s string) Values { return Values{Text: map[string]string{key: s}} }
	tests := []struct {
		name   string
		values Values
		want   error
		key    string
	}{
		{"four digits in three boxes", text("digits", "1234"), ErrBoxes, "digits"},
		{"a letter that is not there", text("line", "漢字"), ErrLetter, "line"},
		{"a letter beyond the plane", text("line", "\U0001F600"), ErrLetter, "line"},
		{"a letter in a box", text("digits", "漢"), ErrLetter, "digits"},
		{"no date", text("today", "31/02/2026"), ErrDate, "today"},
		{"a very long value", text("line", strings.Repeat("a", MaxText+1)), ErrTooLarge, "line"},
		{"a very long table", Values{Rows: map[string][]map[string]string{"people": make([]map[string]string, MaxRows+1)}}, ErrTooLarge, "people"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var buf bytes.Buffer
			err := f.Render(&buf, test.values)
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.key) || buf.Len() > 0 {
				t.Errorf("error %v, %d bytes", err, buf.Len())
			}
			for _, s := range test.values.Text {
				if err != nil && strings.Contains(err.Error(), s) {
					t.Error("the value is in the error")
				}
			}
		})
	}
}

// TestSameBytes: also from several goroutines at once.
func TestSameBytes(t *testing.T) {
	f := form(t, "CT01")
	want := render(t, f, longest(f))
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			var buf bytes.Buffer
			if err := f.Render(&buf, longest(f)); err != nil || !bytes.Equal(buf.Bytes(), want) {
				t.Errorf("other bytes, error %v", err)
			}
		})
	}
	group.Wait()
}

// TestArchive holds the file against what ISO 19005-2 asks of its skeleton, as far as a look at the bytes tells.
func TestArchive(t *testing.T) {
	f := form(t, "CT01")
	v := usual(f)
	pdf := render(t, f, v)
	for _, want := range []string{`^%PDF-1\.[4-7]\n%\x{B5}\x{B6}\n`, `/Lang \(vi-VN\)`, `/OutputIntents \[\n<< /Type /OutputIntent /S /GTS_PDFA1`,
		`/Metadata \d+ 0 R`, `<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B<`, `/ID \[<[0-9a-f]{32}><[0-9a-f]{32}>\]`,
		`/CreationDate \(D:20260701000000`, `/FontFile2 \d+ 0 R`, `/ToUnicode \d+ 0 R`} {
		if !regexp.MustCompile(want).Match(pdf) {
			t.Errorf("no %s", want)
		}
	}
	for _, bad := range []string{"/Encrypt", "/JavaScript", "/JS", "/SMask", "/Type1", "LZWDecode", "/DeviceCMYK"} {
		if bytes.Contains(pdf, []byte(bad)) {
			t.Errorf("%s is there", bad)
		}
	}
	fonts, files := bytes.Count(pdf, []byte("/Subtype /Type0")), bytes.Count(pdf, []byte("/FontFile2"))
	if fonts == 0 || fonts != files {
		t.Errorf("%d fonts, %d embedded", fonts, files)
	}
	meta := regexp.MustCompile(`(?s)<x:xmpmeta.*</x:xmpmeta>`).Find(pdf)
	if bytes.Contains(meta, []byte(v.Text["name"])) || !bytes.Contains(meta, []byte(f.Layout().Title)) {
		t.Error("metadata is the form's title and nothing of a person")
	}
	offsets(t, pdf)
}

// offsets follows the cross references: each leads to its object.
func offsets(t *testing.T, pdf []byte) {
	t.Helper()
	m := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\s*$`).FindSubmatch(pdf)
	if m == nil {
		t.Fatal("no startxref")
	}
	start, _ := strconv.Atoi(string(m[1]))
	if !bytes.HasPrefix(pdf[start:], []byte("xref\n")) {
		t.Fatal("startxref leads elsewhere")
	}
	for i, e := range regexp.MustCompile(`(\d{10}) \d{5} n`).FindAllSubmatch(pdf[start:], -1) {
		at, _ := strconv.Atoi(string(e[1]))
		if want := strconv.Itoa(i+1) + " 0 obj"; !bytes.HasPrefix(pdf[at:], []byte(want)) {
			t.Errorf("object %d is not at %d", i+1, at)
		}
	}
}

// TestVietnamese: every letter of the language, and those of names of other peoples of the country, in all four faces.
func TestVietnamese(t *testing.T) {
	s := load(t)
	letters := "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYFJWZaăâbcdđeêghiklmnoôơpqrstuưvxyfjwz0123456789"
	for _, vowel := range "AĂÂEÊIOÔƠUƯYaăâeêioôơuưy" {
		for _, tone := range "\u0300\u0301\u0303\u0309\u0323" {
			letters += clean(string(vowel) + string(tone))
		}
	}
	letters += clean("H’Nuôn Kbŭôr Mươl ĕĔĭĬŏŎŭŬčČñÑƀɃ’ʼ–…“”")
	for _, st := range []style{0, bold, italic, bold | italic} {
		for _, r := range letters {
			if !s.forms[0].faces.has(st, string(r)) {
				t.Errorf("style %d lacks %q %U", st, r, r)
			}
		}
	}
}

func TestTableRunsOn(t *testing.T) {
	f := one(t, "  - table: {rows: people, columns: [{title: Heading, key: who}, {title: b, number: true}]}\n")
	rows := make([]map[string]string, 120)
	for i := range rows {
		rows[i] = map[string]string{"who": "person" + strconv.Itoa(i)}
	}
	rows[60]["who"] = strings.TrimSpace(strings.Repeat("long ", MaxText/5)) // a row longer than what is left of a page
	pdf := render(t, f, Values{Rows: map[string][]map[string]string{"people": rows}})
	pages := bytes.Count(pdf, []byte("/Type /Page\n"))
	if pages < 3 {
		t.Fatalf("%d pages", pages)
	}
	text := plain(t, pdf)
	if got := strings.Count(text, "Heading"); got != pages {
		t.Errorf("%d pages, %d heads", pages, got)
	}
	for _, row := range []string{"person0", "person119"} {
		if !strings.Contains(text, row) {
			t.Errorf("%s is lost", row)
		}
	}
	if got := strings.Count(text, "long"); got != MaxText/5 {
		t.Errorf("%d of %d words of the long row", got, MaxText/5)
	}
}

func BenchmarkCT01(b *testing.B) {
	f := form(b, "CT01")
	v := usual(f)
	b.ReportAllocs()
	for b.Loop() {
		render(b, f, v)
	}
}
