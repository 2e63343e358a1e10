package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Slop is how far a finger may slide off what it touched, in design pixels (6 mm): old fingers tremble.
const Slop = 24

// Glass lies over the whole window and turns the finger (for Fyne, a mouse) into calls: where it came down, where it
// left. It draws nothing.
type Glass struct {
	widget.BaseWidget
	Down, Up func(p fyne.Position)
	// HidePointer: no arrow on a touch screen.
	HidePointer bool
}

var (
	_ desktop.Mouseable  = (*Glass)(nil)
	_ desktop.Cursorable = (*Glass)(nil)
	_ fyne.Widget        = (*Glass)(nil)
)

// NewGlass makes a glass that calls down and up on the thread of the screen.
func NewGlass(down, up func(p fyne.Position)) *Glass {
	g := &Glass{Down: down, Up: up}
	g.ExtendBaseWidget(g)
	return g
}

// MouseDown is the finger coming down.
func (g *Glass) MouseDown(e *desktop.MouseEvent) {
	if e.Button == 0 || e.Button&desktop.MouseButtonPrimary != 0 {
		g.Down(e.Position)
	}
}

// MouseUp is the finger leaving.
func (g *Glass) MouseUp(e *desktop.MouseEvent) {
	if e.Button == 0 || e.Button&desktop.MouseButtonPrimary != 0 {
		g.Up(e.Position)
	}
}

// Cursor is the pointer over the window.
func (g *Glass) Cursor() desktop.Cursor {
	if g.HidePointer {
		return desktop.HiddenCursor
	}
	return desktop.DefaultCursor
}

// CreateRenderer draws nothing.
func (g *Glass) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}
