package receipt

import (
	"fmt"
	"image"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"motcua/assets"
)

// weight is a cut of the typeface.
type weight string

// Be Vietnam Pro's weights in use, and what stands in for letters that it lacks (foreign names).
const (
	medium    weight = "BeVietnamPro_500Medium"
	semibold  weight = "BeVietnamPro_600SemiBold"
	bold      weight = "BeVietnamPro_700Bold"
	extrabold weight = "BeVietnamPro_800ExtraBold"

	fallback weight = "NotoSans_700Bold"
)

// typeface is the cuts, read when first used. It lives for one Render: reading takes a fraction of a millisecond.
type typeface struct {
	cuts map[weight]*opentype.Font
}

func (t *typeface) cut(w weight) (*opentype.Font, error) {
	if f := t.cuts[w]; f != nil {
		return f, nil
	}
	data, err := assets.FS.ReadFile("fonts/" + string(w) + ".ttf")
	if err != nil {
		return nil, fmt.Errorf("receipt: %w", err)
	}
	f, err := opentype.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("receipt: %s: %w", w, err)
	}
	if t.cuts == nil {
		t.cuts = map[weight]*opentype.Font{}
	}
	t.cuts[w] = f
	return f, nil
}

// style is how a piece of text is set.
type style struct {
	weight   weight
	size     float64 // pixels to the em
	tracking float64 // pixels added between letters
}

// dpiPixel makes a size in points one in pixels.
const dpiPixel = 72

// starDrop lowers an asterisk so that it stands at mid-height beside digits, in em.
const starDrop = 0.13

// setter measures and draws text of one style.
type setter struct {
	style
	main, other font.Face
	letters     *opentype.Font
	buf         sfnt.Buffer
}

func (t *typeface) setter(s style) (*setter, error) {
	var faces [2]font.Face
	for i, w := range []weight{s.weight, fallback} {
		f, err := t.cut(w)
		if err != nil {
			return nil, err
		}
		faces[i], err = opentype.NewFace(f, &opentype.FaceOptions{Size: s.size, DPI: dpiPixel, Hinting: font.HintingNone})
		if err != nil {
			return nil, fmt.Errorf("receipt: %w", err)
		}
	}
	return &setter{style: s, main: faces[0], other: faces[1], letters: t.cuts[s.weight]}, nil
}

// face is the one that has r.
func (s *setter) face(r rune) font.Face {
	if i, err := s.letters.GlyphIndex(&s.buf, r); err != nil || i == 0 {
		return s.other
	}
	return s.main
}

// walk goes over the letters with the place of each, and gives the advance of all.
func (s *setter) walk(text string, visit func(r rune, f font.Face, x fixed.Int26_6)) fixed.Int26_6 {
	var x fixed.Int26_6
	var last rune
	var lastFace font.Face
	for _, r := range text {
		f := s.face(r)
		if lastFace != nil {
			x += fixed.Int26_6(s.tracking * 64)
			if f == lastFace {
				x += f.Kern(last, r)
			}
		}
		visit(r, f, x)
		advance, _ := f.GlyphAdvance(r)
		x += advance
		last, lastFace = r, f
	}
	return x
}

// width is how far text reaches, in pixels, rounded up.
func (s *setter) width(text string) int {
	return s.walk(text, func(rune, font.Face, fixed.Int26_6) {}).Ceil()
}

// draw sets text in ink on dst, its first letter at x on the baseline y.
func (s *setter) draw(dst *image.Gray, ink *image.Uniform, text string, x, y int) {
	drop := fixed.Int26_6(s.size * starDrop * 64)
	d := font.Drawer{Dst: dst, Src: ink}
	s.walk(text, func(r rune, f font.Face, at fixed.Int26_6) {
		d.Face, d.Dot = f, fixed.P(x, y)
		d.Dot.X += at
		if r == '*' {
			d.Dot.Y += drop
		}
		d.DrawString(string(r))
	})
}
