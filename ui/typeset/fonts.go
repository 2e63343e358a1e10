// Package typeset measures and breaks text for screens that place every line themselves.
//
// Load the Fonts once; Fonts.Fit gives the lines and the size in which a text fills a box, Fonts.Split the pieces of a
// line with the font of each, Fonts.Width a line's width. All lengths are in the unit of the type size given.
//
// Why not leave it to Fyne: its labels know one font size and no fallback but the system's fonts, which it looks for on
// disk at the first letter that is missing. The names of Vietnam's peoples have such letters (Kbŭôr, Blĕt): a word that
// Be Vietnam Pro cannot write is set whole in Noto Sans, from the program itself, so that a name looks like one name.
package typeset

import (
	"fmt"
	"io/fs"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// Weight is how bold a font is, in CSS numbers.
type Weight int

// The weights there are.
const (
	Regular   Weight = 400
	Medium    Weight = 500
	SemiBold  Weight = 600
	Bold      Weight = 700
	ExtraBold Weight = 800
)

// files are the fonts by weight: Be Vietnam Pro, and the Noto Sans that stands in for it.
var files = []struct {
	weight        Weight
	own, fallback string
}{
	{Regular, "BeVietnamPro_400Regular", "NotoSans_400Regular"},
	{Medium, "BeVietnamPro_500Medium", "NotoSans_400Regular"},
	{SemiBold, "BeVietnamPro_600SemiBold", "NotoSans_700Bold"},
	{Bold, "BeVietnamPro_700Bold", "NotoSans_700Bold"},
	{ExtraBold, "BeVietnamPro_800ExtraBold", "NotoSans_700Bold"},
}

// Fonts is every weight with its fallback. It is immutable and may be used by one goroutine, that of the screen.
type Fonts struct{ own, fallback map[Weight]*face }

// face is a font file and the letters it has.
type face struct {
	resource fyne.Resource
	font     *sfnt.Font
	known    map[rune]bool
}

// Load reads fonts/*.ttf from fsys.
func Load(fsys fs.FS) (*Fonts, error) {
	f := &Fonts{map[Weight]*face{}, map[Weight]*face{}}
	loaded := map[string]*face{}
	for _, file := range files {
		for _, name := range []string{file.own, file.fallback} {
			if loaded[name] != nil {
				continue
			}
			one, err := loadFace(fsys, name)
			if err != nil {
				return nil, err
			}
			loaded[name] = one
		}
		f.own[file.weight], f.fallback[file.weight] = loaded[file.own], loaded[file.fallback]
	}
	return f, nil
}

func loadFace(fsys fs.FS, name string) (*face, error) {
	data, err := fs.ReadFile(fsys, "fonts/"+name+".ttf")
	if err != nil {
		return nil, fmt.Errorf("typeset: %w", err)
	}
	if data, err = roomForAccents(data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	font, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("typeset: %s: %w", name, err)
	}
	return &face{fyne.NewStaticResource(name, data), font, map[rune]bool{}}, nil
}

// has reports whether the font has a glyph for every letter of s.
func (f *face) has(s string) bool {
	for _, r := range s {
		if !f.hasRune(r) {
			return false
		}
	}
	return true
}

func (f *face) hasRune(r rune) bool {
	known, asked := f.known[r]
	if !asked {
		var buffer sfnt.Buffer
		glyph, err := f.font.GlyphIndex(&buffer, r)
		known = err == nil && glyph != 0
		f.known[r] = known
	}
	return known
}

// unknown stands for a letter that no font of ours has.
const unknown = '\uFFFD'

// Clean is a text as it can be drawn: composed (NFC), on one line, without what has no shape.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, norm.NFC.String(s))
}

// Run is a piece of a line in one font.
type Run struct {
	Text string
	Font fyne.Resource
}

// Split cuts a line into runs: word by word, each in the first font that has all of its letters.
func (f *Fonts) Split(s string, w Weight) []Run {
	own, fallback := f.own[w], f.fallback[w]
	if own.has(s) {
		return []Run{{s, own.resource}}
	}
	var runs []Run
	for _, word := range strings.SplitAfter(s, " ") {
		font := own
		if !own.has(word) {
			font, word = fallback, fallback.only(word)
		}
		if n := len(runs); n > 0 && runs[n-1].Font == font.resource {
			runs[n-1].Text += word
			continue
		}
		runs = append(runs, Run{word, font.resource})
	}
	return runs
}

// only replaces the letters that the font does not have, so that nobody goes looking for them in the system's fonts.
func (f *face) only(s string) string {
	return strings.Map(func(r rune) rune {
		if f.hasRune(r) {
			return r
		}
		return unknown
	}, s)
}
