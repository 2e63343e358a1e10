package receipt

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
)

// Widths that there is a layout for, in dots: 58 mm paper (48 mm printed) to 80 mm (72 mm printed).
const (
	MinWidth = 384
	MaxWidth = 576
)

// smallest is the least scale of type: the measures are drawn for MaxWidth, and on narrow paper letters shrink less
// than the paper does. Lines wrap instead.
const smallest = 0.8

// threshold is where grey is cut, of 255: what is darker prints.
const threshold = 150

// maxHeight bounds a slip: 1.5 m of paper.
const maxHeight = 12_000

// canvas is a strip that grows downward. y is where the next thing goes; all measures given to it are those of the
// 576 dot layout and are scaled here. The first error sticks.
type canvas struct {
	face   *typeface
	g      *image.Gray
	width  int
	scale  float64
	y      int
	margin int
	err    error
}

func newCanvas(face *typeface, width int) *canvas {
	c := &canvas{face: face, width: width, scale: math.Max(smallest, float64(width)/MaxWidth)}
	c.margin = c.px(sideMargin)
	return c
}

// px scales a measure of the layout.
func (c *canvas) px(v float64) int { return int(math.Round(v * c.scale)) }

// right is the first column of the right margin.
func (c *canvas) right() int { return c.width - c.margin }

// room makes the strip at least rows high.
func (c *canvas) room(rows int) {
	have := 0
	if c.g != nil {
		have = c.g.Bounds().Dy()
	}
	switch {
	case rows <= have:
		return
	case rows > maxHeight:
		c.fail(fmt.Errorf("%w: more than %d rows", ErrLayout, maxHeight))
		return
	}
	next := whitePaper(c.width, max(rows, 2*have))
	if c.g != nil {
		copy(next.Pix, c.g.Pix)
	}
	c.g = next
}

func whitePaper(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = 0xFF
	}
	return g
}

func (c *canvas) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// down moves on.
func (c *canvas) down(v float64) { c.y += c.px(v) }

// setter is a style at this canvas's scale.
func (c *canvas) setter(s style) *setter {
	s.size *= c.scale
	s.tracking *= c.scale
	return c.exact(s)
}

func (c *canvas) exact(s style) *setter {
	set, err := c.face.setter(s)
	if err != nil {
		c.fail(err)
		return nil
	}
	return set
}

// line sets text with its baseline at row y. It refuses to set what does not fit.
func (c *canvas) line(set *setter, ink color.Gray, text string, x, y int) {
	if c.err != nil {
		return
	}
	if x < 0 || x+set.width(text) > c.width {
		c.fail(fmt.Errorf("%w: a line of %d pixels at %d", ErrLayout, set.width(text), x))
		return
	}
	c.room(y + int(set.size))
	if c.err == nil {
		set.draw(c.g, image.NewUniform(ink), text, x, y)
	}
}

// centre sets text in the middle.
func (c *canvas) centre(set *setter, text string, y int) {
	if c.err == nil {
		c.line(set, color.Gray{}, text, (c.width-set.width(text)+1)/2, y)
	}
}

// fill blackens (or whitens) rows and columns.
func (c *canvas) fill(r image.Rectangle, ink color.Gray) {
	c.room(r.Max.Y)
	if c.err == nil {
		draw.Draw(c.g, r, image.NewUniform(ink), image.Point{}, draw.Src)
	}
}

// round fills a rectangle with round corners.
func (c *canvas) round(r image.Rectangle, radius int, ink color.Gray) {
	c.room(r.Max.Y)
	if c.err != nil {
		return
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if inRound(r, radius, x, y) {
				c.g.SetGray(x, y, ink)
			}
		}
	}
}

// inRound says whether the middle of a dot lies inside, for a corner of the given radius.
func inRound(r image.Rectangle, radius, x, y int) bool {
	// Twice the distances, so that half dots stay whole numbers.
	dx := max(2*(r.Min.X+radius)-(2*x+1), (2*x+1)-2*(r.Max.X-radius), 0)
	dy := max(2*(r.Min.Y+radius)-(2*y+1), (2*y+1)-2*(r.Max.Y-radius), 0)
	return dx*dx+dy*dy <= 4*radius*radius
}

// picture is the strip down to y, cut to black and white.
func (c *canvas) picture() *image.Gray {
	c.room(c.y)
	if c.err != nil || c.y == 0 {
		return nil
	}
	out := image.NewGray(image.Rect(0, 0, c.width, c.y))
	for i := range out.Pix {
		if c.g.Pix[i] >= threshold {
			out.Pix[i] = 0xFF
		}
	}
	return out
}
