package parts

import (
	"image/color"

	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// Panel draws a card that only informs.
func (s *Sheet) Panel(area Rect) {
	s.Box(area, Shape{s.Palette.Surface, s.Palette.Line, theme.LineWidth, theme.Radius})
}

// StrongPanel draws a card that holds what matters on the page.
func (s *Sheet) StrongPanel(area Rect) {
	const width = 5
	s.Box(area, Shape{s.Palette.Surface, s.Palette.Primary, width, theme.Radius})
}

// Mood is what a coloured panel says besides its words.
type Mood uint8

// The moods.
const (
	Good Mood = iota
	Careful
	Bad
)

// MoodColours are the ground and the ink of a mood.
func (s *Sheet) MoodColours(m Mood) (ground, ink color.NRGBA) {
	switch m {
	case Good:
		return s.Palette.Band, s.Palette.BandInk
	case Careful:
		return s.Palette.Warning, s.Palette.WarningInk
	}
	return s.Palette.Surface, s.Palette.Danger
}

// Verdict draws a panel with an icon, a title and a text in the colours of the mood.
func (s *Sheet) Verdict(m Mood, icon, title, text string, area Rect) {
	const iconSize, iconRoom, margin = 92, 162, 24
	ground, ink := s.MoodColours(m)
	s.Box(area, Shape{ground, ink, theme.EdgeWidth, theme.Radius})
	s.ThinIcon(icon, area.X+84, area.MidY(), iconSize, 2, ink)
	words := ink
	if m == Bad { // danger is for large text and icons only
		words = s.Palette.Ink
	}
	room := Rect{area.X + iconRoom, area.Y + 12, area.W - iconRoom - margin, area.H - 24}
	big := Type{Size: 46, Weight: typeset.Bold, Color: ink, Leading: 1.3, Lines: 2}
	small := Type{Size: theme.Body, Weight: typeset.Regular, Color: words, Leading: 1.3, Min: 32}
	if text == "" {
		s.Paragraph(title, big, room)
		return
	}
	head := min(s.HeightOf(title, big, room.W), room.H/2)
	body := min(s.HeightOf(text, small, room.W), room.H-head)
	room.Y += (room.H - head - body) / 2
	s.Paragraph(title, big, Rect{room.X, room.Y, room.W, head})
	s.Paragraph(text, small, Rect{room.X, room.Y + head, room.W, body + 2})
}

// Band draws the head of a card whose facts came from the citizen's card.
func (s *Sheet) Band(text string, card Rect, height float32) {
	s.TopBox(Rect{card.X + theme.LineWidth, card.Y + theme.LineWidth, card.W - 2*theme.LineWidth, height}, s.Palette.Band, theme.Radius-theme.LineWidth)
	const margin, icon = 60, 46
	s.Icon("id-card", card.X+margin, card.Y+height/2+1, icon, s.Palette.BandInk)
	s.LineIn(text, Type{Size: theme.Body, Weight: typeset.SemiBold, Color: s.Palette.BandInk},
		card.X+margin+42, card.Y+height/2+1, card.W-margin-42-24)
}

// Tag draws the small mark of where a fact comes from; its right edge is at x.
func (s *Sheet) Tag(icon, text string, x, y float32) {
	const high, iconSize, margin, gap = 50, 32, 18, 10
	t := Type{Size: 30, Weight: typeset.SemiBold, Color: s.Palette.BandInk}
	w := s.Fonts.Width(text, t.Weight, t.Size) + iconSize + 2*margin + gap
	area := Rect{x - w, y - high/2, w, high}
	s.Box(area, Shape{Fill: s.Palette.Band, Radius: theme.TagRound})
	s.Icon(icon, area.X+margin+iconSize/2, y, iconSize, t.Color)
	s.Line(text, t, area.X+margin+iconSize+gap, y)
}

// TagWidth is the room that Tag wants.
func (s *Sheet) TagWidth(text string) float32 {
	return s.Fonts.Width(text, typeset.SemiBold, 30) + 32 + 2*18 + 10
}

// Progress draws a bar filled to a share of it.
func (s *Sheet) Progress(area Rect, share float64, ink color.NRGBA) {
	share = max(0, min(1, share))
	s.Box(area, Shape{s.Palette.Surface, ink, theme.EdgeWidth, area.H / 2})
	if w := area.W * float32(share); w >= area.H {
		s.Box(Rect{area.X, area.Y, w, area.H}, Shape{Fill: ink, Radius: area.H / 2})
	}
}

// Steps draws how far the citizen is: "Bước 3 / 6" and a dash for each step, ending at x.
func (s *Sheet) Steps(word string, step, steps int, x, y, dash float32) (left float32) {
	const high, before = 14, 26
	gap := min(12, dash/5)
	for i := steps; i >= 1; i-- {
		x -= dash
		shape := Shape{Fill: s.Palette.Primary, Radius: high / 2}
		if i > step {
			shape = Shape{color.Transparent, s.Palette.Edge, theme.EdgeWidth, high / 2}
		}
		s.Box(Rect{x, y - high/2, dash, high}, shape)
		x -= gap
	}
	x += gap - before
	t := Type{Size: theme.Hint, Weight: typeset.Medium, Color: s.Palette.Muted, Align: Right}
	return x - s.Line(word, t, x, y)
}

// Numbered draws a number in a circle.
func (s *Sheet) Numbered(n string, x, y, radius float32, filled bool, ink color.NRGBA) {
	c := s.Palette.OnPrimary
	if filled {
		s.Circle(x, y, radius, Shape{Fill: ink})
	} else {
		c = ink
		s.Circle(x, y, radius, Shape{color.Transparent, ink, theme.EdgeWidth, 0})
	}
	s.Line(n, Type{Size: radius * 1.2, Weight: typeset.Bold, Color: c, Align: Middle}, x, y)
}

// Notice draws a strip with something that happened and stops nobody.
func (s *Sheet) Notice(text string, area Rect) {
	s.Box(area, Shape{s.Palette.Warning, s.Palette.WarningInk, theme.LineWidth, theme.Radius})
	const icon, room = 44, 84
	s.Icon("info", area.X+room/2+4, area.MidY(), icon, s.Palette.WarningInk)
	s.Paragraph(text, Type{Size: theme.Body, Weight: typeset.SemiBold, Color: s.Palette.WarningInk, Min: 32, Leading: theme.Tight},
		Rect{area.X + room, area.Y + 2, area.W - room - 20, area.H - 4})
}
