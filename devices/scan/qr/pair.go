package qr

import (
	"cmp"
	"math"
	"slices"
)

// Bounds of the search for a third finder pattern where only two were seen.
const (
	maxPairRings = 5    // the strongest rings, which make 28 pairs
	minRing      = 0.40 // correlation with a finder pattern that counts as one
	pairReach    = 0.25 // how far from the expected place, in lengths of a leg
	pairStep     = 0.9  // modules between the places looked at first
)

// pairs guesses triples from two rings: either may be the top left corner and the other a neighbour on either side, or
// they may be opposite each other. Blur or glare has spoilt the third too much for the scan of rows; a finder pattern's
// shape is looked for where it should be. At most n triples, the likeliest first.
func (t *tryer) pairs(rings []ring, n int) []triple {
	rings = rings[:min(len(rings), maxPairRings)]
	var out []triple
	for i, a := range rings {
		for _, b := range rings[i+1:] {
			u := (a.size() + b.size()) / 2
			d := math.Sqrt(dist2(a, b))
			if max(a.size(), b.size()) > 1.5*min(a.size(), b.size()) || d < 0.7*(minDim-7)*u || d > 1.5*maxDim*u || t.late() {
				continue
			}
			out = t.third(out, a, b)
		}
	}
	slices.SortStableFunc(out, func(a, b triple) int { return cmp.Compare(a.cost, b.cost) })
	return out[:min(n, len(out))]
}

// third adds the triples that a and b make with a third pattern found where it should be.
func (t *tryer) third(out []triple, a, b ring) []triple {
	dx, dy := b.x-a.x, b.y-a.y
	for _, h := range [6][2]float64{ // place of the third: a + p·(dx, dy) + q·(dx, dy turned)
		{0, 1}, {0, -1}, {1, 1}, {1, -1}, // beside a, beside b
		{0.5, 0.5}, {0.5, -0.5}, // a and b are opposite
	} {
		legX, legY := dx, dy
		if h[0] == 0.5 {
			legX, legY = (dx-dy)/2, (dx+dy)/2
		}
		at := ring{x: a.x + h[0]*dx - h[1]*dy, y: a.y + h[0]*dy + h[1]*dx, hits: 1}
		leg := math.Hypot(legX, legY)
		ux, uy := legX/leg, legY/leg
		m := (a.along(ux, uy) + b.along(ux, uy)) / 2
		if score := t.seek(&at, ux*m, uy*m, leg); score >= minRing {
			at.ux, at.uy = (a.ux+b.ux)/2, (a.uy+b.uy)/2
			if c, ok := newTriple(a, b, at); ok {
				c.cost -= 3 * score
				out = append(out, c)
			}
		}
	}
	return out
}

// seek moves r to the place near it that looks most like a finder pattern whose modules are (ex, ey) long and across,
// and returns how much.
func (t *tryer) seek(r *ring, ex, ey, leg float64) float64 {
	n := int(pairReach * leg / math.Hypot(ex, ey) / pairStep)
	best, x0, y0 := -1.0, r.x, r.y
	for i := -n; i <= n; i++ {
		for j := -n; j <= n; j++ {
			a, b := pairStep*float64(i), pairStep*float64(j)
			x, y := x0+a*ex-b*ey, y0+a*ey+b*ex
			if x < 0 || y < 0 || x >= float64(t.l.w) || y >= float64(t.l.h) {
				continue
			}
			if s := t.finderAt(roughFinder[:], x, y, ex, ey); s > best {
				best, r.x, r.y = s, x, y
			}
		}
	}
	best = t.finderAt(fineFinder[:], r.x, r.y, ex, ey)
	for _, step := range [3]float64{0.6, 0.4, 0.2} {
		for _, by := range [4]Point{{step, 0}, {-step, 0}, {0, step}, {0, -step}} {
			x, y := r.x+by.X*ex-by.Y*ey, r.y+by.X*ey+by.Y*ex
			if s := t.finderAt(fineFinder[:], x, y, ex, ey); s > best {
				best, r.x, r.y = s, x, y
			}
		}
	}
	return best
}

// Modules of a finder pattern and its separator along one side, from the middle: all of them to judge closely, the
// middles of edges and the corners of each ring to judge roughly.
var (
	fineFinder  = finderModules(1)
	roughFinder = finderModules(0)
)

// finderMark is a module of a finder pattern.
type finderMark struct {
	x, y float64
	dark bool
}

// finderModules lists the modules of the 9x9 ones that hold a finder pattern and its separator.
func finderModules(fine int) (out []finderMark) {
	for y := -4; y <= 4; y++ {
		for x := -4; x <= 4; x++ {
			d := max(abs(x), abs(y))
			if fine == 1 || x == 0 || y == 0 || abs(x) == abs(y) {
				out = append(out, finderMark{float64(x), float64(y), d == 3 || d <= 1})
			}
		}
	}
	return out
}

// finderAt is the correlation of the luminance around a place with a finder pattern.
func (t *tryer) finderAt(marks []finderMark, x, y, ex, ey float64) float64 {
	var sum, sq, dark float64
	k := 0
	for i := range marks {
		m := &marks[i]
		v := t.l.at(x+m.x*ex-m.y*ey, y+m.x*ey+m.y*ex)
		sum += v
		sq += v * v
		if m.dark {
			dark += v
			k++
		}
	}
	n := float64(len(marks))
	mean := sum / n
	variance := sq/n - mean*mean
	if variance < minVariance {
		return 0
	}
	p := float64(k) / n
	s := (p*mean - dark/n) / math.Sqrt(variance*p*(1-p))
	if t.invert {
		return -s
	}
	return s
}
