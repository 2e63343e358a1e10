package svg

import "math"

// do carries out one command.
func (p *pen) do(command byte, v []float64) {
	from := point{}
	if command >= 'a' { // relative
		from = p.at
	}
	to := func(i int) point { return point{from.x + v[i], from.y + v[i+1]} }
	switch command | 0x20 {
	case 'm':
		p.at = to(0)
		p.start = p.at
		p.outlines = append(p.outlines, outline{points: []point{p.at}})
	case 'l':
		p.line(to(0))
	case 'h':
		p.line(point{from.x + v[0], p.at.y})
	case 'v':
		p.line(point{p.at.x, from.y + v[0]})
	case 'c':
		p.curve(to(0), to(2), to(4))
	case 's':
		p.curve(p.mirrored('c', 's'), to(0), to(2))
	case 'q':
		p.quadratic(to(0), to(2))
	case 't':
		p.quadratic(p.mirrored('q', 't'), to(0))
	case 'a':
		p.arc(v[0], v[1], v[2], v[3] != 0, v[4] != 0, to(5))
	case 'z':
		p.close()
	}
	p.lastCommand = command | 0x20
}

// close ends an outline where it began.
func (p *pen) close() {
	if n := len(p.outlines); n > 0 {
		p.outlines[n-1].closed = true
	}
	p.at = p.start
}

// line goes straight on, in a new outline after one was closed.
func (p *pen) line(to point) {
	n := len(p.outlines)
	if n == 0 || p.outlines[n-1].closed {
		p.outlines = append(p.outlines, outline{points: []point{p.at}})
		n++
	}
	p.outlines[n-1].points = append(p.outlines[n-1].points, to)
	p.at = to
}

// mirrored is the control point of a smooth curve: the last one, mirrored at where the pen is.
func (p *pen) mirrored(commands ...byte) point {
	for _, c := range commands {
		if p.lastCommand == c {
			return point{2*p.at.x - p.last.x, 2*p.at.y - p.last.y}
		}
	}
	return p.at
}

// pieces is of how many straight lines a curve is made.
const pieces = 16

func (p *pen) curve(b, c, d point) {
	a := p.at
	for i := 1; i <= pieces; i++ {
		t := float64(i) / pieces
		u := 1 - t
		p.line(point{
			u*u*u*a.x + 3*u*u*t*b.x + 3*u*t*t*c.x + t*t*t*d.x,
			u*u*u*a.y + 3*u*u*t*b.y + 3*u*t*t*c.y + t*t*t*d.y,
		})
	}
	p.last = c
}

func (p *pen) quadratic(b, c point) {
	a := p.at
	for i := 1; i <= pieces; i++ {
		t := float64(i) / pieces
		u := 1 - t
		p.line(point{u*u*a.x + 2*u*t*b.x + t*t*c.x, u*u*a.y + 2*u*t*b.y + t*t*c.y})
	}
	p.last = b
}

// arc goes along an ellipse (SVG 1.1, appendix F.6.5: from the two ends to middle and angles).
func (p *pen) arc(rx, ry, turn float64, large, sweep bool, to point) {
	from := p.at
	rx, ry = math.Abs(rx), math.Abs(ry)
	if rx == 0 || ry == 0 || from == to {
		p.line(to)
		return
	}
	sin, cos := math.Sincos(turn * math.Pi / 180)
	dx, dy := (from.x-to.x)/2, (from.y-to.y)/2
	x, y := cos*dx+sin*dy, -sin*dx+cos*dy
	if over := x*x/(rx*rx) + y*y/(ry*ry); over > 1 { // too small to reach: as large as it must be
		rx, ry = rx*math.Sqrt(over), ry*math.Sqrt(over)
	}
	root := math.Sqrt(max(0, (rx*rx*ry*ry-rx*rx*y*y-ry*ry*x*x)/(rx*rx*y*y+ry*ry*x*x)))
	if large == sweep {
		root = -root
	}
	mx, my := root*rx*y/ry, -root*ry*x/rx
	centre := point{cos*mx - sin*my + (from.x+to.x)/2, sin*mx + cos*my + (from.y+to.y)/2}
	start := math.Atan2((y-my)/ry, (x-mx)/rx)
	angle := math.Atan2((-y-my)/ry, (-x-mx)/rx) - start
	if sweep && angle < 0 {
		angle += 2 * math.Pi
	} else if !sweep && angle > 0 {
		angle -= 2 * math.Pi
	}
	for i := 1; i < pieces; i++ {
		s, c := math.Sincos(start + angle*float64(i)/pieces)
		p.line(point{centre.x + rx*c*cos - ry*s*sin, centre.y + rx*c*sin + ry*s*cos})
	}
	p.line(to)
}
