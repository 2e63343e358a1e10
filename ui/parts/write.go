package parts

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2/canvas"

	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// Align says where in its room a text stands.
type Align int8

// Where a text stands.
const (
	Left Align = iota
	Middle
	Right
)

// Type is how a text looks.
type Type struct {
	Size   float32
	Weight typeset.Weight
	Color  color.Color
	Align  Align
	// Min is how far it may shrink when it is longer than its room; 0 is theme.MinBody, or Size if that is less.
	Min float32
	// Leading is the line height of a Paragraph; 0 is theme.InCards.
	Leading float32
	// Top: a Paragraph begins at the top of its area, and is not centred in it.
	Top bool
	// Lines is how many a Paragraph may have; 0 as many as fit.
	Lines int
}

func (t Type) min() float32 {
	if t.Min > 0 {
		return t.Min
	}
	return min(t.Size, theme.MinBody)
}

func (t Type) leading() float32 {
	if t.Leading > 0 {
		return t.Leading
	}
	return theme.InCards
}

// capHalf is half the height of capitals, of the type size; a line is placed by the middle of its capitals.
// above and below are how far accents and descenders reach from there.
const (
	capHalf = 0.37
	above   = 0.62
	below   = 0.62
)

// star is how much lower an asterisk stands, so that it is mid-height beside digits.
const star = 0.13

// Line writes one line with the middle of its capitals at y, from x, around x, or up to x. It gives the width.
func (s *Sheet) Line(text string, t Type, x, y float32) float32 {
	return s.line(typeset.Clean(text), t, x, y, 0)
}

func (s *Sheet) line(text string, t Type, x, y, room float32) float32 {
	width := s.Fonts.Width(text, t.Weight, t.Size)
	switch t.Align {
	case Middle:
		x -= width / 2
	case Right:
		x -= width
	}
	s.note(text, t.Size, x, y, width, room)
	for _, run := range s.Fonts.Split(text, t.Weight) {
		x += s.run(run, t, x, y)
	}
	return width
}

// note remembers what is written.
func (s *Sheet) note(text string, size, x, y, width, room float32) {
	if text == "" {
		return
	}
	s.written = append(s.written, Written{Text: text, Size: size, Room: room,
		Area: Rect{x, y - above*size, width, (above + below) * size}})
}

// run draws one run of a line, asterisks lower than the rest.
func (s *Sheet) run(run typeset.Run, t Type, x, y float32) float32 {
	start := x
	for _, piece := range pieces(run.Text) {
		part := typeset.Run{Text: piece, Font: run.Font}
		baseline := y + capHalf*t.Size
		if strings.HasPrefix(piece, "*") {
			baseline += star * t.Size
		}
		width := typeset.RunWidth(part, t.Size)
		s.glyphs(part, t, x, baseline, width)
		x += width
	}
	return x - start
}

// pieces cuts a text into stretches with and without asterisks.
func pieces(text string) []string {
	if !strings.Contains(text, "*") {
		return []string{text}
	}
	var list []string
	for text != "" {
		n := strings.IndexFunc(text, func(r rune) bool { return (r == '*') != (text[0] == '*') })
		if n < 0 {
			n = len(text)
		}
		list = append(list, text[:n])
		text = text[n:]
	}
	return list
}

// glyphs puts a text object so that its baseline is where it is wanted.
func (s *Sheet) glyphs(run typeset.Run, t Type, x, baseline, width float32) {
	if strings.TrimSpace(run.Text) == "" {
		return
	}
	size := t.Size * s.K
	o := &canvas.Text{Text: run.Text, Color: t.Color, TextSize: size, FontSource: run.Font}
	at, _ := s.place(Rect{X: x, Y: baseline})
	at.Y -= typeset.Ascent(run, size)
	o.Move(at)
	o.Resize(o.MinSize())
	s.objects = append(s.objects, o)
}

// LineIn writes one line into a room of the given width from x, smaller if it must be.
func (s *Sheet) LineIn(text string, t Type, x, y, room float32) float32 {
	text = typeset.Clean(text)
	set := s.Fonts.Fit(text, t.Weight, typeset.Box{Width: room, Size: t.Size, Min: t.min(), Leading: 1, Lines: 1})
	t.Size = set.Size
	switch t.Align {
	case Middle:
		x += room / 2
	case Right:
		x += room
	}
	width := s.line(text, t, x, y, room)
	s.tight(set, 1)
	return width
}

// tight marks the last n texts if they had to be made too small.
func (s *Sheet) tight(set typeset.Set, n int) {
	for i := max(0, len(s.written)-n); set.Tight && i < len(s.written); i++ {
		s.written[i].Tight = true
	}
}

// set breaks a text for an area.
func (s *Sheet) set(text string, t Type, area Rect) typeset.Set {
	return s.Fonts.Fit(typeset.Clean(text), t.Weight, typeset.Box{
		Width: area.W, Height: area.H, Size: t.Size, Min: t.min(), Leading: t.leading(), Lines: t.Lines})
}

// HeightOf is what Paragraph would take of an area that is as high as it likes.
func (s *Sheet) HeightOf(text string, t Type, width float32) float32 {
	return s.set(text, t, Rect{W: width}).Height()
}

// Paragraph writes a text into an area: wrapped, smaller if it must be, never cut. It gives the height it took.
func (s *Sheet) Paragraph(text string, t Type, area Rect) float32 {
	if strings.TrimSpace(text) == "" {
		return 0
	}
	set := s.set(text, t, area)
	t.Size = set.Size
	y := area.Y + set.Pitch/2
	if !t.Top && area.H > set.Height() {
		y += (area.H - set.Height()) / 2
	}
	x := area.X
	switch t.Align {
	case Middle:
		x = area.MidX()
	case Right:
		x = area.Right()
	}
	for _, line := range set.Lines {
		s.line(line, t, x, y, area.W)
		y += set.Pitch
	}
	s.tight(set, len(set.Lines))
	return set.Height()
}

// Tiny writes a text that is part of a picture.
func (s *Sheet) Tiny(text string, t Type, x, y float32) {
	s.Line(text, t, x, y)
	s.written[len(s.written)-1].Tiny = true
}

// cell is the width of a digit that ticks or must align, of the type size: the font has no tabular figures.
const (
	cell  = 0.69
	colon = 0.36
)

// Figures writes digits each in its own cell, so that nothing moves when one of them changes. It gives the width.
func (s *Sheet) Figures(text string, t Type, x, y float32) float32 {
	total := figuresWidth(text, t.Size)
	switch t.Align {
	case Middle:
		x -= total / 2
	case Right:
		x -= total
	}
	s.note(text, t.Size, x, y, total, 0)
	for _, r := range text {
		w := cellOf(r) * t.Size
		for _, run := range s.Fonts.Split(string(r), t.Weight) {
			width := typeset.RunWidth(run, t.Size)
			s.glyphs(run, t, x+(w-width)/2, y+capHalf*t.Size, width)
		}
		x += w
	}
	return total
}

func cellOf(r rune) float32 {
	if r == ':' {
		return colon
	}
	return cell
}

func figuresWidth(text string, size float32) float32 {
	var sum float32
	for _, r := range text {
		sum += cellOf(r) * size
	}
	return sum
}

// Labelled writes an icon and a text beside it, together around the middle of a room.
func (s *Sheet) Labelled(icon string, iconSize float32, text string, t Type, room Rect, iconRight bool) {
	const share = 0.3
	text = typeset.Clean(text)
	gap, margin := max(16, iconSize*share), min(24, room.W*0.07)
	if text == "" { // an icon alone stands in the middle
		gap = 0
	}
	var taken float32
	if icon != "" {
		taken = iconSize + gap
	}
	width := room.W - 2*margin - taken
	set := s.set(text, t, Rect{W: width, H: room.H})
	var widest float32
	for _, line := range set.Lines {
		widest = max(widest, s.Fonts.Width(line, t.Weight, set.Size))
	}
	x := room.MidX() - (taken+widest)/2
	area := Rect{x + taken, room.Y, widest + 1, room.H}
	at := x + iconSize/2
	if iconRight {
		area.X, at = x, x+widest+gap+iconSize/2
	}
	if icon != "" {
		s.Icon(icon, at, room.MidY(), iconSize, t.Color)
	}
	t.Size, t.Min = set.Size, min(t.min(), set.Size)
	if len(set.Lines) > 1 {
		t.Align = Middle
	}
	s.Paragraph(text, t, area)
}

// SpacedIn writes a number that is to be read out: a little room between the letters, smaller if it must be.
func (s *Sheet) SpacedIn(text string, t Type, x, y, room float32) {
	const space = 0.035
	width := func(size float32) (sum float32) {
		for _, r := range text {
			sum += s.Fonts.Width(string(r), t.Weight, size) + space*size
		}
		return sum
	}
	for t.Size > t.min() && width(t.Size) > room {
		t.Size -= 2
	}
	s.note(text, t.Size, x, y, width(t.Size), room)
	for _, r := range text {
		for _, run := range s.Fonts.Split(string(r), t.Weight) {
			w := typeset.RunWidth(run, t.Size)
			s.glyphs(run, t, x, y+capHalf*t.Size, w)
			x += w + space*t.Size
		}
	}
}
