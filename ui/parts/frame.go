package parts

import "fyne.io/fyne/v2"

// The design sizes.
const (
	long, short = 1920, 1080
)

// Frame maps the design to a window: K window units for one design pixel, and where the design's corner lies. A window
// of another shape than 16:9 leaves room at two sides, into which bars reach and nothing else.
type Frame struct {
	Portrait bool
	W, H     float32 // the design's size
	K        float32
	origin   fyne.Position
	window   fyne.Size
}

// NewFrame fits the design into a window: upright if the window is higher than wide.
func NewFrame(window fyne.Size) Frame {
	f := Frame{Portrait: window.Height > window.Width, W: long, H: short, window: window}
	if f.Portrait {
		f.W, f.H = short, long
	}
	f.K = min(window.Width/f.W, window.Height/f.H)
	f.origin = fyne.NewPos((window.Width-f.W*f.K)/2, (window.Height-f.H*f.K)/2)
	return f
}

// place gives an area's place in the window.
func (f Frame) place(r Rect) (fyne.Position, fyne.Size) {
	return fyne.NewPos(f.origin.X+r.X*f.K, f.origin.Y+r.Y*f.K), fyne.NewSize(r.W*f.K, r.H*f.K)
}

// Design gives the design pixel under a place of the window.
func (f Frame) Design(p fyne.Position) (x, y float32) {
	return (p.X - f.origin.X) / f.K, (p.Y - f.origin.Y) / f.K
}

// Whole is the whole window in design pixels, with the room around the design.
func (f Frame) Whole() Rect {
	return Rect{-f.origin.X / f.K, -f.origin.Y / f.K, f.window.Width / f.K, f.window.Height / f.K}
}

// Page is the design's own area.
func (f Frame) Page() Rect { return Rect{0, 0, f.W, f.H} }
