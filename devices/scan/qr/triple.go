package qr

import (
	"cmp"
	"math"
	"slices"
)

// maxCorners is how many rings are combined: 24 make 2,024 triples, each a few comparisons.
const maxCorners = 24

// minDim and maxDim are the sides of the smallest and largest QR code, in modules (ISO/IEC 18004 §6.1.1).
const (
	minDim = 21
	maxDim = 177
)

// triple is three rings as the corners of a code.
type triple struct {
	tl, tr, bl ring
	dim        float64 // estimated side in modules
	cost       float64 // how unlike a code it is
}

// triples combines the strongest rings and returns at most n triples, the best first.
func triples(rings []ring, n int) []triple {
	if len(rings) > maxCorners {
		rings = rings[:maxCorners]
	}
	var out []triple
	for i := range rings {
		for j := i + 1; j < len(rings); j++ {
			for k := j + 1; k < len(rings); k++ {
				if t, ok := newTriple(rings[i], rings[j], rings[k]); ok {
					out = append(out, t)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b triple) int { return cmp.Compare(a.cost, b.cost) })
	return out[:min(n, len(out))]
}

// newTriple orders three rings by the longest side, which is opposite the top left corner, and says whether they can be
// a code's: alike in size, legs alike in length at nearly a right angle. A tilt by 35 degrees compresses one way to
// 0.82, so the angle stays between 78 and 102 degrees.
func newTriple(a, b, c ring) (triple, bool) {
	big, small := max(a.size(), b.size(), c.size()), min(a.size(), b.size(), c.size())
	if big > 1.6*small {
		return triple{}, false
	}
	ab, bc, ca := dist2(a, b), dist2(b, c), dist2(c, a)
	switch max(ab, bc, ca) {
	case bc: // a is the corner
	case ca:
		a, b, c = b, c, a
	default:
		a, b, c = c, a, b
	}
	ux, uy, vx, vy := b.x-a.x, b.y-a.y, c.x-a.x, c.y-a.y
	if ux*vy-uy*vx < 0 { // the picture's y goes down: from top right to bottom left is clockwise
		b, c = c, b
		ux, uy, vx, vy = vx, vy, ux, uy
	}
	lu, lv := math.Hypot(ux, uy), math.Hypot(vx, vy)
	ratio := max(lu, lv) / min(lu, lv)
	cos := math.Abs(ux*vx+uy*vy) / (lu * lv)
	if !(ratio < 1.7) || cos > 0.5 {
		return triple{}, false
	}
	du := lu / ((a.along(ux/lu, uy/lu) + b.along(ux/lu, uy/lu)) / 2)
	dv := lv / ((a.along(vx/lv, vy/lv) + c.along(vx/lv, vy/lv)) / 2)
	dim := (du+dv)/2 + 7
	if dim < minDim*0.75 || dim > maxDim*1.3 || max(du, dv) > 1.7*min(du, dv) {
		return triple{}, false
	}
	few := 1/a.hits + 1/b.hits + 1/c.hits
	cost := 2*(big/small-1) + 2*cos + 2*(ratio-1) + max(du, dv)/min(du, dv) - 1 + 0.3*few
	return triple{a, b, c, dim, cost}, true
}

// size is the ring's mean seventh.
func (r ring) size() float64 { return (r.ux + r.uy) / 2 }

// along is the ring's module in a direction that its sides have: a row cuts a square turned by t at 1/cos t its width.
func (r ring) along(dx, dy float64) float64 {
	return r.size() * max(math.Abs(dx), math.Abs(dy))
}

func dist2(a, b ring) float64 { return (a.x-b.x)*(a.x-b.x) + (a.y-b.y)*(a.y-b.y) }
