package qr

import (
	"cmp"
	"math"
	"slices"
)

// Bounds of the search for finder patterns. A frame full of rings must not take longer than another.
const (
	maxRings  = 256    // kept while looking; when full, the weaker half goes
	maxChecks = 60_000 // rows' matches looked at more closely
)

// ring is a place that looks like a finder pattern (ISO/IEC 18004 §6.3.3: dark 7x7, light 5x5, dark 3x3 modules).
type ring struct {
	x, y   float64 // centre
	ux, uy float64 // a seventh of its width along the row and along the column, pixels
	hits   float64 // how many rows found it
}

// finder looks for rings on a level at one radius of the box that is the local threshold.
type finder struct {
	l      *level
	r      int     // box radius
	sign   float64 // 1: dark on light, -1: inverted
	rings  []ring
	checks int
	row    []int32
	edges  []float64
}

// byHits puts the ring seen by more rows first.
func byHits(a, b ring) int { return cmp.Compare(b.hits, a.hits) }

// scanRow finds the places where row y crosses the local threshold, between pixels, and tests each five runs that begin
// with a dark one.
func (f *finder) scanRow(y int) {
	f.l.diffRow(f.row, y, f.r)
	f.edges = f.edges[:0]
	dark := int32(-1) // sign of what a dark module is in row
	if f.sign < 0 {
		dark = 1
	}
	firstDark := 0 // index parity of edges that begin a dark run
	prev := f.row[0]
	for x := 1; x < len(f.row); x++ {
		d := f.row[x]
		if (d < 0) != (prev < 0) {
			if len(f.edges) == 0 && (d < 0) != (dark < 0) {
				firstDark = 1
			}
			f.edges = append(f.edges, float64(x-1)+float64(prev)/(float64(prev)-float64(d)))
		}
		prev = d
	}
	for i := firstDark; i+5 < len(f.edges); i += 2 {
		if u, ok := finderRatio((*[6]float64)(f.edges[i:])); ok {
			f.check((f.edges[i+2]+f.edges[i+3])/2, float64(y), u)
		}
	}
}

// finderRatio says whether six edges are 1:1:3:1:1 apart and gives a seventh of the whole. Ink that has spread or a
// threshold beside the middle shifts edges of the two kinds against each other, but not edges of one kind: so the sums
// of a dark and a light run are held to the ratio closely, single runs loosely.
func finderRatio(e *[6]float64) (u float64, ok bool) {
	u = (e[5] - e[0]) / 7
	if u < 0.9 {
		return 0, false
	}
	tight := 0.32*2*u + 0.35
	wide := 0.26*4*u + 0.35
	if math.Abs(e[2]-e[0]-2*u) > tight || math.Abs(e[5]-e[3]-2*u) > tight ||
		math.Abs(e[3]-e[1]-4*u) > wide || math.Abs(e[4]-e[2]-4*u) > wide {
		return 0, false
	}
	lo, hi := 0.3*u, 1.9*u
	for _, i := range [4]int{0, 1, 3, 4} {
		if r := e[i+1] - e[i]; r < lo || r > hi {
			return 0, false
		}
	}
	c := e[3] - e[2]
	return u, c > 1.8*u && c < 4.4*u
}

// check looks at a row's match along the column and then along the row again through the centre found.
func (f *finder) check(x, y, u float64) {
	if f.checks++; f.checks > maxChecks {
		return
	}
	cy, uy, ok := f.cross(x, y, u, true)
	if !ok || uy < 0.55*u || uy > 1.8*u {
		return
	}
	cx, ux, ok := f.cross(x, cy, u, false)
	if !ok || math.Abs(cx-x) > u {
		return
	}
	f.add(ring{x: cx, y: cy, ux: ux, uy: uy, hits: 1})
}

// cross walks from (x, y), which is dark, both ways along the column or row and tests the six edges around.
func (f *finder) cross(x, y, u float64, vertical bool) (mid, unit float64, ok bool) {
	px, py := int(x+0.5), int(y+0.5)
	var e [6]float64
	most := int(7*u) + 2
	if !f.walk(px, py, -1, vertical, most, &e) || !f.walk(px, py, 1, vertical, most, &e) {
		return 0, 0, false
	}
	unit, ok = finderRatio(&e)
	return (e[2] + e[3]) / 2, unit, ok
}

// walk goes from the centre in one direction until three edges were crossed, at most that many pixels, and writes them
// to their half of e.
func (f *finder) walk(px, py, dir int, vertical bool, most int, e *[6]float64) bool {
	slot, pos, limit := 3, px, f.l.w
	if vertical {
		pos, limit = py, f.l.h
	}
	if dir < 0 {
		slot = 2
	}
	prev := 0.0
	for i := 0; i <= most; i++ {
		if pos < 0 || pos >= limit {
			return false
		}
		if vertical {
			py = pos
		} else {
			px = pos
		}
		d := f.sign * f.l.diff(px, py, f.r)
		if i == 0 && d >= 0 {
			return false
		}
		if i > 0 && (d < 0) != (prev < 0) {
			e[slot] = float64(pos) - float64(dir)*d/(d-prev)
			if slot == 0 || slot == 5 {
				return true
			}
			slot += dir
		}
		prev = d
		pos += dir
	}
	return false
}

// add joins the ring with one already known at its place, or keeps it.
func (f *finder) add(n ring) {
	for i := range f.rings {
		k := &f.rings[i]
		near := (k.ux + k.uy) * 0.75
		if math.Abs(k.x-n.x) < near && math.Abs(k.y-n.y) < near && n.ux < 1.5*k.ux && k.ux < 1.5*n.ux {
			w := 1 / (k.hits + 1)
			k.x, k.y = k.x+(n.x-k.x)*w, k.y+(n.y-k.y)*w
			k.ux, k.uy = k.ux+(n.ux-k.ux)*w, k.uy+(n.uy-k.uy)*w
			k.hits++
			return
		}
	}
	if len(f.rings) == maxRings {
		slices.SortFunc(f.rings, byHits)
		f.rings = f.rings[:maxRings/2]
	}
	f.rings = append(f.rings, n)
}
