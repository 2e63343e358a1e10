package qr

import "math"

// equaliser undoes what blur, motion and spreading ink do between neighbouring modules. It models the sampled values as
// each module's colour and its eight neighbours' colours times nine unknown taps, estimates the taps from the present
// decisions by least squares, and decides anew by what each module's neighbours leave unexplained. Everything in a
// picture of a code helps here, because a thousand modules share the nine taps.
type equaliser struct {
	g    *grid
	b    []float64 // decision of each module, -1 dark to +1 light, with a border of light modules
	pad  int       // width of a row of b
	tap  [taps]float64
	base []float64 // local offset
	soft []float64 // the new decisions' values: negative dark, about ±1
}

const (
	taps   = 9
	rounds = 5 // of estimating and deciding
	// baseReach is the reach of the local offset in modules: glare and shadow are wider than that.
	baseReach = 3
)

// newEqualiser begins with the grid's own values as decisions.
func newEqualiser(g *grid) *equaliser {
	e := &equaliser{g: g, pad: g.dim + 2, base: make([]float64, len(g.z)), soft: make([]float64, len(g.z))}
	e.b = make([]float64, e.pad*e.pad)
	for i := range e.b {
		e.b[i] = 1 // the quiet zone
	}
	e.decide(g.z)
	return e
}

// round estimates and decides once more. e.soft are then values for the grid's modules, negative dark. It is false when
// the picture has no code to estimate from.
func (e *equaliser) round() bool {
	if !e.estimate() {
		return false
	}
	e.combine()
	e.decide(e.soft)
	return true
}

// decide sets the decisions: known modules as they are, others by sign, doubtful ones in between.
func (e *equaliser) decide(soft []float64) {
	n := e.g.dim
	for y := range n {
		for x := range n {
			i := y*n + x
			v := math.Tanh(2.5 * soft[i])
			if m := e.g.mark[i]; m != 0 {
				v = float64(m)
			}
			e.b[(y+1)*e.pad+x+1] = v
		}
	}
}

// offsets of the nine taps in b.
func (e *equaliser) offsets() [taps]int {
	p := e.pad
	return [taps]int{-p - 1, -p, -p + 1, -1, 0, 1, p - 1, p, p + 1}
}

// estimate solves the normal equations for the taps, and then the local offset.
func (e *equaliser) estimate() bool {
	off := e.offsets()
	var a [taps][taps + 1]float64
	n := e.g.dim
	for y := range n {
		for x := range n {
			c := (y+1)*e.pad + x + 1
			var row [taps]float64
			for k, o := range off {
				row[k] = e.b[c+o]
			}
			z := e.g.z[y*n+x] - e.base[y*n+x]
			for i := range taps {
				for j := i; j < taps; j++ {
					a[i][j] += row[i] * row[j]
				}
				a[i][taps] += row[i] * z
			}
		}
	}
	for i := range taps {
		for j := range i {
			a[i][j] = a[j][i]
		}
		a[i][i] += 1 // keeps it solvable when all is even
	}
	if !solve(&a, &e.tap) || e.tap[taps/2] < 0.05 {
		return false
	}
	e.offset()
	return true
}

// offset takes what the taps leave unexplained, evened over baseReach, as the lighting's.
func (e *equaliser) offset() {
	rest := make([]float64, len(e.g.z))
	e.residual(rest, false)
	e.base = boxMean(rest, e.g.dim, baseReach)
}

// residual writes what the decisions do not explain of each module.
func (e *equaliser) residual(dst []float64, based bool) {
	off := e.offsets()
	n := e.g.dim
	for y := range n {
		for x := range n {
			c, i := (y+1)*e.pad+x+1, y*n+x
			r := e.g.z[i]
			for k, o := range off {
				r -= e.tap[k] * e.b[c+o]
			}
			if based {
				r -= e.base[i]
			}
			dst[i] = r
		}
	}
}

// combine gathers what nine samples say about each module in their middle: what is unexplained of them plus the
// module's own share, weighted by the taps.
func (e *equaliser) combine() {
	n := e.g.dim
	rest := make([]float64, n*n)
	e.residual(rest, true)
	for y := range n {
		for x := range n {
			own := e.b[(y+1)*e.pad+x+1]
			var s, w float64
			for k := range taps {
				// Tap k carries the neighbour at (dx, dy) into a module; so this module's share lies at (-dx, -dy).
				sx, sy := x-(k%3-1), y-(k/3-1)
				if sx < 0 || sy < 0 || sx >= n || sy >= n {
					continue
				}
				t := e.tap[k]
				s += t * (rest[sy*n+sx] + t*own)
				w += t * t
			}
			e.soft[y*n+x] = s / max(w, 1e-9)
		}
	}
}

// solve is Gauss's elimination with row pivots.
func solve(a *[taps][taps + 1]float64, x *[taps]float64) bool {
	for c := range taps {
		p := c
		for r := c + 1; r < taps; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		if math.Abs(a[p][c]) < 1e-9 {
			return false
		}
		a[c], a[p] = a[p], a[c]
		for r := c + 1; r < taps; r++ {
			k := a[r][c] / a[c][c]
			for j := c; j <= taps; j++ {
				a[r][j] -= k * a[c][j]
			}
		}
	}
	for c := taps - 1; c >= 0; c-- {
		s := a[c][taps]
		for j := c + 1; j < taps; j++ {
			s -= a[c][j] * x[j]
		}
		x[c] = s / a[c][c]
	}
	return true
}
