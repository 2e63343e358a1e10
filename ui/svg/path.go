package svg

import (
	"math"
	"strings"
	"unicode/utf8"
)

// point and outline: a line of many short pieces, closed or open.
type point struct{ x, y float64 }

type outline struct {
	points []point
	closed bool
}

// outlinesOf gives the outlines of an element; none for one that draws nothing.
func outlinesOf(name string, a map[string]string) []outline {
	n := func(key string) float64 { return number(a[key]) }
	switch name {
	case "path":
		return path(a["d"])
	case "rect":
		r := n("rx")
		if r == 0 {
			r = n("ry")
		}
		return rectangle(n("x"), n("y"), n("width"), n("height"), r)
	case "circle":
		return ellipse(n("cx"), n("cy"), n("r"), n("r"))
	case "ellipse":
		return ellipse(n("cx"), n("cy"), n("rx"), n("ry"))
	case "line":
		return []outline{{points: []point{{n("x1"), n("y1")}, {n("x2"), n("y2")}}}}
	case "polyline", "polygon":
		return polyline(numbers(a["points"]), name == "polygon")
	}
	return nil
}

func polyline(v []float64, closed bool) []outline {
	var o outline
	for ; len(v) >= 2; v = v[2:] {
		o.points = append(o.points, point{v[0], v[1]})
	}
	o.closed = closed
	if len(o.points) == 0 {
		return nil
	}
	return []outline{o}
}

func ellipse(cx, cy, rx, ry float64) []outline {
	if rx <= 0 || ry <= 0 {
		return nil
	}
	const steps = 64
	o := outline{closed: true}
	for i := range steps {
		a := 2 * math.Pi * float64(i) / steps
		o.points = append(o.points, point{cx + rx*math.Cos(a), cy + ry*math.Sin(a)})
	}
	return []outline{o}
}

func rectangle(x, y, w, h, r float64) []outline {
	if w <= 0 || h <= 0 {
		return nil
	}
	r = max(0, min(r, min(w, h)/2))
	if r == 0 {
		return []outline{{[]point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, true}}
	}
	const steps = 8
	o := outline{closed: true}
	corners := []point{{x + w - r, y + h - r}, {x + r, y + h - r}, {x + r, y + r}, {x + w - r, y + r}}
	for i, c := range corners {
		for j := range steps + 1 {
			a := math.Pi / 2 * (float64(i) + float64(j)/steps)
			o.points = append(o.points, point{c.x + r*math.Cos(a), c.y + r*math.Sin(a)})
		}
	}
	return []outline{o}
}

// pen follows the commands of a path (SVG 1.1 §8.3).
type pen struct {
	outlines    []outline
	at, start   point
	last        point // second control point of the command before, for S; the only one, for T
	lastCommand byte
}

// arguments is how many numbers a command takes.
var arguments = map[byte]int{'m': 2, 'l': 2, 'h': 1, 'v': 1, 'c': 6, 's': 4, 'q': 4, 't': 2, 'a': 7, 'z': 0}

// path reads the d attribute. Reading stops at the first thing that is not understood, as the standard wants.
func path(d string) []outline {
	p := &pen{}
	for d = trim(d); d != ""; {
		command := d[0]
		lower := command | 0x20
		n, known := arguments[lower]
		if !known {
			break
		}
		d = trim(d[1:])
		if n == 0 {
			p.do(command, nil)
			continue
		}
		for first := true; first || starts(d); first = false {
			args, rest, ok := take(d, n, lower == 'a')
			if !ok {
				return p.outlines
			}
			d = rest
			p.do(command, args)
			switch command { // further pairs are lines
			case 'm':
				command = 'l'
			case 'M':
				command = 'L'
			}
			if len(p.outlines) > maxShape {
				return p.outlines
			}
		}
	}
	return p.outlines
}

func trim(s string) string { return strings.TrimLeft(s, " \t\r\n,") }

// starts reports whether a number comes next.
func starts(s string) bool {
	return s != "" && (s[0] >= '0' && s[0] <= '9' || s[0] == '-' || s[0] == '+' || s[0] == '.')
}

// take reads n numbers. The flags of an arc are single digits that may stand without a space after them.
func take(s string, n int, arc bool) (v []float64, rest string, ok bool) {
	for i := range n {
		s = trim(s)
		if arc && (i == 3 || i == 4) {
			if s == "" || s[0] != '0' && s[0] != '1' {
				return nil, s, false
			}
			v, s = append(v, float64(s[0]-'0')), s[1:]
			continue
		}
		size := numberLength(s)
		if size == 0 {
			return nil, s, false
		}
		v, s = append(v, number(s[:size])), s[size:]
	}
	return v, trim(s), true
}

// numberLength is how long the number at the beginning is: "0-.696" is two numbers, and so is ".5.5".
func numberLength(s string) int {
	i, dot, digits := 0, false, 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && !dot:
			dot = true
		case (c == 'e' || c == 'E') && digits > 0 && i+1 < len(s) && starts(s[i+1:]) && s[i+1] != '.':
			return i + 1 + numberLength(s[i+1:])
		default:
			return lengthIf(i, digits)
		}
	}
	return lengthIf(i, digits)
}

func lengthIf(n, digits int) int {
	if digits == 0 {
		return 0
	}
	return n
}

// numbers reads a list of them.
func numbers(s string) []float64 {
	var list []float64
	for s = trim(s); s != ""; s = trim(s) {
		n := numberLength(s)
		if n == 0 || !utf8.ValidString(s) {
			break
		}
		list, s = append(list, number(s[:n])), s[n:]
	}
	return list
}
