package paper

import (
	"fmt"
	"io/fs"

	"golang.org/x/image/font/sfnt"
)

// faces is the typeface of the forms, Liberation Serif, which has the measures of Times New Roman that NĐ 30/2020/NĐ-CP
// asks for. The four faces are in the order of style: regular, bold, italic, bold italic.
type faces [4]face

type face struct {
	name string // as the PDF library has it: "", B, I, BI
	data []byte
	font *sfnt.Font
}

func loadFaces(fsys fs.FS) (*faces, error) {
	set := &faces{{name: ""}, {name: "B"}, {name: "I"}, {name: "BI"}}
	for i, file := range []string{"Regular", "Bold", "Italic", "BoldItalic"} {
		data, err := fs.ReadFile(fsys, "fonts/LiberationSerif-"+file+".ttf")
		if err != nil {
			return nil, fmt.Errorf("paper: %w", err)
		}
		font, err := sfnt.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("paper: %s: %w", file, err)
		}
		set[i].data, set[i].font = data, font
	}
	return set, nil
}

// of is the face of a style; raised letters are of the same face, only smaller.
func (f *faces) of(s style) *face { return &f[s&(bold|italic)] }

// has reports whether every letter of the text can be set in the style. The PDF addresses letters by two bytes, so
// those beyond the basic plane cannot.
func (f *faces) has(s style, text string) bool {
	var buf sfnt.Buffer
	for _, r := range text {
		if r == '\n' {
			continue
		}
		if i, err := f.of(s).font.GlyphIndex(&buf, r); r > 0xFFFF || err != nil || i == 0 {
			return false
		}
	}
	return true
}
