package paper

import (
	"errors"
	"io"
	"io/fs"
	"testing"

	"motcua/assets"
)

// FuzzLayout: any file is either refused with its mistakes or printed; nothing else happens.
func FuzzLayout(f *testing.F) {
	names, err := fs.Glob(assets.FS, dir+"/*.yaml")
	if err != nil || len(names) == 0 {
		f.Fatal("no layouts", err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(assets.FS, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(head + "  - table: {rows: a, empty: 3, size: 24, columns: [{title: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', weight: 0.001}, {}]}\n"))
	f.Add([]byte(head + "  - signs: [{dated: true, lines: [{boxes: 24}]}, {}, {}, {}]\n"))
	f.Add([]byte(head + "  - line: [{tail: '{a}', weight: .nan}]\n"))
	faces, err := loadFaces(assets.FS)
	if err != nil {
		f.Fatal(err)
	}
	colour, err := fs.ReadFile(assets.FS, profile)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		form, mistakes := parse("x.yaml", data, faces)
		form.colour = colour
		for _, m := range mistakes {
			if m.Text == "" {
				t.Fatal("a mistake that says nothing")
			}
		}
		if len(mistakes) > 0 {
			return
		}
		if err := form.Render(io.Discard, Values{}); err != nil && !errors.Is(err, ErrTooLarge) {
			t.Fatal(err)
		}
	})
}

// FuzzValues: whatever is typed is printed or refused with one of the errors that say why.
func FuzzValues(f *testing.F) {
	for _, s := range []string{"", "BÙI THỊ MAI", "H’Nuôn Kbŭôr", "a\nb\n\nc", "\\()\r\n", "e\u0302\u0301", "\u200B\u202E", "\xff\xfe", "25/11/2026"} {
		f.Add(s, s, true)
	}
	form := form(f, "CT01")
	f.Fuzz(func(t *testing.T, a, b string, on bool) {
		v := usual(form)
		for i, key := range form.Keys().Text {
			if key != "today" || on {
				v.Text[key] = []string{a, b}[i%2]
			}
		}
		v.Rows["members"] = append(v.Rows["members"], map[string]string{"name": a, "number": b})
		err := form.Render(io.Discard, v)
		for _, known := range []error{nil, ErrLetter, ErrDate, ErrBoxes, ErrTooLarge} {
			if errors.Is(err, known) {
				return
			}
		}
		t.Fatal(err)
	})
}
