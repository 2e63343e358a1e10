package parts

import (
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// Option is a card to choose.
type Option struct {
	ID, Title, Text string
	Picture, Icon   string
	Chosen          bool
	Many            bool // one of several that can be chosen together
}

// optionGround draws the card and gives how title and text look on it, and whether it is dark.
func (s *Sheet) optionGround(o Option, area Rect) (title, text Type, dark bool) {
	p := s.Palette
	pressed := s.Touchable(o.ID, area)
	dark = o.Chosen || pressed
	shape := Shape{p.Surface, p.Edge, theme.EdgeWidth, theme.Radius}
	title = Type{Size: theme.Title, Weight: typeset.Bold, Color: p.Ink, Leading: 1.3}
	text = Type{Size: theme.Body, Weight: typeset.Regular, Color: p.Muted, Leading: theme.InCards}
	if dark {
		shape.Fill, shape.Edge = p.Primary, p.Primary
		title.Color, text.Color = p.OnPrimary, p.OnPrimary
	}
	s.Box(area, shape)
	return title, text, dark
}

// TallOption draws a card with its picture above: a service.
func (s *Sheet) TallOption(o Option, area Rect) {
	title, text, dark := s.optionGround(o, area)
	title.Align, text.Align = Middle, Middle
	const margin = 18
	room := area.Inset(margin, 14)
	words := s.HeightOf(o.Title, title, room.W) + s.HeightOf(o.Text, text, room.W)
	most := room.H - min(words, room.H*0.62)
	picture := Rect{room.X, room.Y, room.W, min(most-4, room.H*0.52)}
	s.Picture(o.Picture, picture, dark)
	s.Badge(o.Icon, picture, dark)
	if o.Chosen {
		s.ThinIcon("circle-check", area.Right()-50, area.Y+48, 60, 1.8, s.Palette.OnPrimary)
	}
	rest := Rect{room.X, picture.Bottom() + 4, room.W, room.Bottom() - picture.Bottom() - 4}
	s.TitleAndText(o.Title, o.Text, title, text, rest)
}

// TitleAndText writes both, together in the middle of the room. If they are too much for it, both become smaller.
func (s *Sheet) TitleAndText(title, text string, big, small Type, room Rect) {
	const between, step = 8, 2
	heights := func() (head, body float32) {
		head = s.HeightOf(title, big, room.W)
		if text != "" {
			body = s.HeightOf(text, small, room.W)
		}
		return head, body
	}
	bigMin, smallMin := big.min(), small.min()
	head, body := heights()
	for head+body > room.H && (big.Size > bigMin || small.Size > smallMin) {
		big.Size, small.Size = max(bigMin, big.Size-step), max(smallMin, small.Size-step)
		big.Leading, small.Leading = max(theme.Tight, big.leading()-0.02), max(theme.Tight, small.leading()-0.02)
		head, body = heights()
	}
	if head+body > room.H { // the least was not little enough
		head *= room.H / (head + body)
		body = room.H - head
	}
	gap := max(0, min(between, room.H-head-body))
	if text == "" {
		gap = 0
	}
	y := room.Y + (room.H-head-body-gap)/2
	big.Min, small.Min = bigMin, smallMin
	s.Paragraph(title, big, Rect{room.X, y, room.W, head + 1})
	s.Paragraph(text, small, Rect{room.X, y + head + gap, room.W, body + 1})
}

// WideOption draws a card with its picture at the left and a radio mark at the right: an answer.
func (s *Sheet) WideOption(o Option, area Rect) {
	title, text, dark := s.optionGround(o, area)
	const margin, gap, radio, fullPicture = 34, 26, 60, 162
	const low = 220 // a card that is low needs its width for words
	high := min(fullPicture, area.H-40)
	if area.H < low {
		high = min(high, area.H*0.62)
	}
	picture := Rect{area.X + margin, area.MidY() - high/2, high * 4 / 3, high}
	s.Picture(o.Picture, picture, dark)
	s.Badge(o.Icon, picture, dark)
	s.mark(o, area.Right()-margin-radio/2, area.MidY(), dark)
	left := picture.Right() + gap
	room := Rect{left, area.Y + 10, area.Right() - margin - radio - gap - left, area.H - 20}
	s.TitleAndText(o.Title, o.Text, title, text, room)
}

// mark is the radio of one choice, or the box of one among several.
func (s *Sheet) mark(o Option, x, y float32, dark bool) {
	if !o.Many {
		s.Radio(x, y, o.Chosen, dark)
		return
	}
	const size = 64
	ink := s.Palette.Edge
	if dark {
		ink = s.Palette.OnPrimary
	}
	s.ThinIcon("square", x, y, size, 2.2, ink)
	if o.Chosen {
		s.ThinIcon("check", x, y, size*0.66, 3, ink)
	}
}

// Radio draws the mark of one choice among several.
func (s *Sheet) Radio(x, y float32, chosen, dark bool) {
	const radius, ring, dot = 30, 5, 15
	ground, ink := s.Palette.Surface, s.Palette.Edge
	if dark {
		ground, ink = s.Palette.Primary, s.Palette.OnPrimary
	}
	s.Circle(x, y, radius, Shape{ground, ink, ring, 0})
	if chosen {
		s.Circle(x, y, dot, Shape{Fill: ink})
	}
}

// StepCard is one step of something that is going on.
type StepCard struct {
	Number      string
	Title, Text string
	State       StepState
}

// StepState is how far it is.
type StepState uint8

// The states.
const (
	ToDo StepState = iota
	Now
	Finished
	Failed
)

// Step draws it.
func (s *Sheet) Step(c StepCard, area Rect) {
	p := s.Palette
	shape, ink, soft := Shape{p.Paper, p.Line, theme.LineWidth, theme.Radius}, p.Muted, p.Muted
	switch c.State {
	case Now:
		shape, ink, soft = Shape{p.Surface, p.Primary, 5, theme.Radius}, p.Ink, p.Muted
	case Finished:
		shape, ink, soft = Shape{p.Band, p.BandLine, theme.LineWidth, theme.Radius}, p.BandInk, p.BandInk
	case Failed:
		shape, ink, soft = Shape{p.Warning, p.WarningInk, theme.EdgeWidth, theme.Radius}, p.WarningInk, p.WarningInk
	}
	s.Box(area, shape)
	x := area.X + 76
	switch c.State {
	case Finished:
		s.Icon("circle-check", x, area.MidY(), 78, ink)
	case Failed:
		s.Icon("circle-alert", x, area.MidY(), 78, ink)
	case Now:
		s.Numbered(c.Number, x, area.MidY(), 36, true, p.Primary)
	default:
		s.Numbered(c.Number, x, area.MidY(), 36, false, p.Edge)
	}
	room := Rect{area.X + 142, area.Y + 8, area.W - 142 - 24, area.H - 16}
	s.TitleAndText(c.Title, c.Text, Type{Size: theme.Title + 1, Weight: typeset.Bold, Color: ink},
		Type{Size: theme.Body, Weight: typeset.Regular, Color: soft, Min: 32}, room)
}
