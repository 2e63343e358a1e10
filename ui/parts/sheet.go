// Package parts is what pages are made of: text, keys, panels, cards, rows, pictures, drawn on a Sheet in design pixels.
//
// A page is drawn, not built of widgets: for every Snapshot a page function draws a fresh Sheet, and the Sheet's
// Objects replace those before. A Sheet also remembers where things can be touched (Touches) and what is written where
// (Written), so that a test reads the page as a person does, and one Glass over the window (see Glass) turns touches
// into ids. Why: a widget that is replaced between finger down and finger up loses the touch, and pages change under
// the finger all the time while a card is being read.
//
// A design pixel is a pixel of a 1920x1080 or 1080x1920 panel; Frame scales it to whatever the window has.
package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// Rect is an area in design pixels.
type Rect struct{ X, Y, W, H float32 }

// Right is its right edge.
func (r Rect) Right() float32 { return r.X + r.W }

// Bottom is its lower edge.
func (r Rect) Bottom() float32 { return r.Y + r.H }

// MidX is half way between left and right.
func (r Rect) MidX() float32 { return r.X + r.W/2 }

// MidY is half way between top and bottom.
func (r Rect) MidY() float32 { return r.Y + r.H/2 }

// Inset is r without a margin of dx left and right, dy above and below.
func (r Rect) Inset(dx, dy float32) Rect { return Rect{r.X + dx, r.Y + dy, r.W - 2*dx, r.H - 2*dy} }

// Rows cuts r into n rows with a gap between.
func (r Rect) Rows(n int, gap float32) []Rect {
	rows := make([]Rect, n)
	h := (r.H - gap*float32(n-1)) / float32(n)
	for i := range rows {
		rows[i] = Rect{r.X, r.Y + float32(i)*(h+gap), r.W, h}
	}
	return rows
}

// Columns cuts r into n columns with a gap between.
func (r Rect) Columns(n int, gap float32) []Rect {
	columns := make([]Rect, n)
	w := (r.W - gap*float32(n-1)) / float32(n)
	for i := range columns {
		columns[i] = Rect{r.X + float32(i)*(w+gap), r.Y, w, r.H}
	}
	return columns
}

// Touch is something that can be touched: its id and where it is, in the window's own coordinates.
type Touch struct {
	ID                  string
	X, Y, Width, Height float32
}

// Written is a text as it stands on the sheet, in design pixels.
type Written struct {
	Text string
	Size float32
	Area Rect    // what the letters take: width as measured, height of capitals and accents
	Room float32 // width that it was given; 0 if it was given none
	Tiny bool    // part of a picture, not meant to be read
	// Tight: it was made smaller than the design allows rather than cut.
	Tight bool
}

// Kit is what all sheets of a window share.
type Kit struct {
	Fonts  *typeset.Fonts
	Images *Images
}

// Sheet is one page being drawn.
type Sheet struct {
	Kit
	Frame
	Palette theme.Palette
	Pressed string // id of what is under the finger

	objects []fyne.CanvasObject
	touches []touchArea
	written []Written
}

// touchArea is a touch in design pixels.
type touchArea struct {
	id   string
	area Rect
}

// NewSheet makes an empty sheet.
func NewSheet(kit Kit, frame Frame, palette theme.Palette, pressed string) *Sheet {
	kit.Images.begin()
	return &Sheet{Kit: kit, Frame: frame, Palette: palette, Pressed: pressed}
}

// Objects is all that was drawn, back to front, in the window's coordinates.
func (s *Sheet) Objects() []fyne.CanvasObject { return s.objects }

// Written is every text, in the order of drawing.
func (s *Sheet) Written() []Written { return s.written }

// Touches is everything that can be touched, in the window's coordinates.
func (s *Sheet) Touches() []Touch {
	touches := make([]Touch, len(s.touches))
	for i, t := range s.touches {
		at, size := s.place(t.area)
		touches[i] = Touch{t.id, at.X, at.Y, size.Width, size.Height}
	}
	return touches
}

// TouchAreas is the same in design pixels, by id.
func (s *Sheet) TouchAreas() map[string]Rect {
	areas := make(map[string]Rect, len(s.touches))
	for _, t := range s.touches {
		areas[t.id] = t.area
	}
	return areas
}

// Touchable makes an area touchable, and reports whether it is being touched now.
func (s *Sheet) Touchable(id string, area Rect) (pressed bool) {
	s.touches = append(s.touches, touchArea{id, area})
	return id == s.Pressed
}

// add puts an object on the sheet.
func (s *Sheet) add(o fyne.CanvasObject, area Rect) {
	at, size := s.place(area)
	o.Resize(size)
	o.Move(at)
	s.objects = append(s.objects, o)
}

// Shape is how a box looks.
type Shape struct {
	Fill, Edge color.Color
	Width      float32 // of the edge, inside the box (Fyne's painter in memory draws half of it outside)
	Radius     float32
}

// Box draws a rectangle.
func (s *Sheet) Box(area Rect, shape Shape) {
	r := canvas.NewRectangle(shape.Fill)
	r.CornerRadius = shape.Radius * s.K
	if shape.Width > 0 {
		r.StrokeColor, r.StrokeWidth = shape.Edge, shape.Width*s.K
	}
	s.add(r, area)
}

// TopBox draws a box whose upper corners only are round.
func (s *Sheet) TopBox(area Rect, fill color.Color, radius float32) {
	r := canvas.NewRectangle(fill)
	r.TopLeftCornerRadius, r.TopRightCornerRadius = radius*s.K, radius*s.K
	s.add(r, area)
}

// Fill draws a plain rectangle. It may lie outside the frame: bars reach the window's edges.
func (s *Sheet) Fill(area Rect, c color.Color) { s.add(canvas.NewRectangle(c), area) }

// Circle draws a circle around x, y.
func (s *Sheet) Circle(x, y, radius float32, shape Shape) {
	c := canvas.NewCircle(shape.Fill)
	if shape.Width > 0 {
		c.StrokeColor, c.StrokeWidth = shape.Edge, shape.Width*s.K
	}
	s.add(c, Rect{x - radius, y - radius, 2 * radius, 2 * radius})
}

// Rule draws a thin line from x to x+w.
func (s *Sheet) Rule(x, y, w float32) {
	s.Fill(Rect{x, y - theme.LineWidth/2, w, theme.LineWidth}, s.Palette.Line)
}

// UprightRule draws one from y to y+h.
func (s *Sheet) UprightRule(x, y, h float32) {
	s.Fill(Rect{x - theme.LineWidth/2, y, theme.LineWidth, h}, s.Palette.Line)
}
