package svg

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// move scales a shape and puts it into its place, in pixels.
func (s *shape) move(k, dx, dy float64) {
	for i := range s.outlines {
		for j, p := range s.outlines[i].points {
			s.outlines[i].points[j] = point{p.x*k + dx, p.y*k + dy}
		}
	}
	s.width *= k
}

func (s *shape) paint(img *image.RGBA) {
	if s.fill.A > 0 {
		s.paintFill(img)
	}
	if s.stroke.A > 0 && s.width > 0 {
		s.paintStroke(img)
	}
}

// bounds is what the shape can cover, with a margin, inside the picture.
func (s *shape) bounds(in image.Rectangle, margin float64) image.Rectangle {
	lowX, lowY, highX, highY := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, o := range s.outlines {
		for _, p := range o.points {
			lowX, lowY = min(lowX, p.x), min(lowY, p.y)
			highX, highY = max(highX, p.x), max(highY, p.y)
		}
	}
	return pixels(lowX-margin, lowY-margin, highX+margin, highY+margin, in)
}

// pixels are those inside a picture that an area touches, whatever numbers a file has.
func pixels(lowX, lowY, highX, highY float64, in image.Rectangle) image.Rectangle {
	side := func(v float64, low, high int) int { return int(max(float64(low), min(v, float64(high)))) }
	r := image.Rectangle{
		Min: image.Pt(side(math.Floor(lowX), in.Min.X, in.Max.X), side(math.Floor(lowY), in.Min.Y, in.Max.Y)),
		Max: image.Pt(side(math.Ceil(highX), in.Min.X, in.Max.X), side(math.Ceil(highY), in.Min.Y, in.Max.Y)),
	}
	if r.Empty() {
		return image.Rectangle{}
	}
	return r
}

func (s *shape) paintFill(img *image.RGBA) {
	b := s.bounds(img.Bounds(), 1)
	if b.Empty() {
		return
	}
	r := vector.NewRasterizer(b.Dx(), b.Dy())
	for _, o := range s.outlines {
		for i, p := range o.points {
			x, y := clamp(p.x-float64(b.Min.X), b.Dx()), clamp(p.y-float64(b.Min.Y), b.Dy())
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(img, b, image.NewUniform(s.fill), image.Point{})
}

// clamp keeps a coordinate near the picture, whatever a file says.
func clamp(v float64, side int) float32 {
	return float32(max(-float64(side), min(v, 2*float64(side))))
}

// paintStroke covers each pixel by how near it is to the line: round ends and joins come by themselves.
func (s *shape) paintStroke(img *image.RGBA) {
	half := s.width / 2
	b := s.bounds(img.Bounds(), half+1)
	if b.Empty() {
		return
	}
	cover := image.NewAlpha(b)
	for _, o := range s.outlines {
		n := len(o.points)
		if n == 1 {
			segment(cover, o.points[0], o.points[0], half, false)
		}
		for i := 1; i < n; i++ {
			segment(cover, o.points[i-1], o.points[i], half, s.butt && n == 2)
		}
		if o.closed && n > 1 {
			segment(cover, o.points[n-1], o.points[0], half, false)
		}
	}
	draw.DrawMask(img, b, image.NewUniform(s.stroke), image.Point{}, cover, b.Min, draw.Over)
}

// segment covers what lies within half a width of a straight piece.
func segment(cover *image.Alpha, a, z point, half float64, butt bool) {
	reach := half + 1
	box := pixels(min(a.x, z.x)-reach, min(a.y, z.y)-reach, max(a.x, z.x)+reach, max(a.y, z.y)+reach, cover.Bounds())
	dx, dy := z.x-a.x, z.y-a.y
	length := dx*dx + dy*dy
	far := reach * reach
	for y := box.Min.Y; y < box.Max.Y; y++ {
		row := cover.Pix[cover.PixOffset(box.Min.X, y):]
		py := float64(y) + 0.5 - a.y
		for x := box.Min.X; x < box.Max.X; x++ {
			px := float64(x) + 0.5 - a.x
			t := 0.0
			if length > 0 {
				t = (px*dx + py*dy) / length
			}
			if butt && (t < 0 || t > 1) {
				continue
			}
			t = max(0, min(1, t))
			ex, ey := px-t*dx, py-t*dy
			if d := ex*ex + ey*ey; d < far {
				v := uint8(math.MaxUint8 * max(0, min(1, half-math.Sqrt(d)+0.5)))
				row[x-box.Min.X] = max(row[x-box.Min.X], v)
			}
		}
	}
}
