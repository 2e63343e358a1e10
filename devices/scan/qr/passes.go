package qr

import (
	"context"
	"slices"
	"time"
)

const (
	// basePixels is the largest level at which looking begins: a camera's 1280x720 frame is looked at as it is, a
	// 12-megapixel photograph at a quarter of its width first.
	basePixels = 1_300_000
	// scanPixels is the largest level looked at at all. A code in a larger picture shows at the next smaller one.
	scanPixels = 16_000_000
	// minSide of a level: a code of 21 modules of 1.5 pixels and its margin need about that.
	minSide = 36
	// maxLevels holds MaxPixels halved down to minSide.
	maxLevels = 11
	// firstPasses are made on every picture before those that are taken up where the last picture's time ended.
	firstPasses = 2
)

// pass is one way to look for codes.
type pass struct {
	level  int  // from the base level: 1 is half as large, -1 twice
	radius int  // of the box whose mean is the local threshold; about two modules and a half find best
	step   int  // rows
	most   int  // triples tried
	invert bool // light on dark
	pairs  bool // guess the third finder pattern
}

// passes, the cheap and likely first. Most frames end with the first two.
var passes = [...]pass{
	{level: 0, radius: 9, step: 3, most: 6},
	{level: 0, radius: 5, step: 2, most: 12},
	{level: 1, radius: 9, step: 2, most: 12},
	{level: 0, radius: 7, step: 1, most: 24},
	{level: 2, radius: 9, step: 1, most: 12},
	{level: -1, radius: 9, step: 3, most: 12},
	{level: 0, radius: 4, step: 1, most: 24},
	{level: 0, radius: 3, step: 1, most: 24},
	{level: 0, radius: 9, step: 3, most: 6, invert: true},
	{level: 1, radius: 9, step: 2, most: 6, invert: true},
	{level: 0, radius: 12, step: 1, most: 12},
	{level: 3, radius: 9, step: 1, most: 6},
	{level: -1, radius: 5, step: 2, most: 12},
	{level: -2, radius: 9, step: 3, most: 12},
	{level: -2, radius: 5, step: 2, most: 12},
	{level: 0, radius: 7, step: 2, most: 8, pairs: true},
	{level: 0, radius: 4, step: 1, most: 8, pairs: true},
	{level: 1, radius: 7, step: 1, most: 8, pairs: true},
}

// scratch is memory that a decoder uses again: a frame needs 4 MB of sums.
type scratch struct {
	pix     [maxLevels][]byte
	sum     [maxLevels][]uint32
	field   *field
	layouts map[int]*layout
	finder  finder
}

// sized is buf at length n, made anew when it is too short.
func sized[T byte | uint32](buf *[]T, n int) []T {
	if cap(*buf) < n {
		*buf = make([]T, n)
	}
	*buf = (*buf)[:n]
	return *buf
}

// forget overwrites what was kept of pictures.
func (m *scratch) forget() {
	for i := range m.pix {
		clear(m.pix[i][:cap(m.pix[i])])
		clear(m.sum[i][:cap(m.sum[i])])
	}
}

// tryer begins on a picture.
func (d *Decoder) tryer(ctx context.Context, deadline time.Time) *tryer {
	if d.mem.field == nil {
		d.mem.field, d.mem.layouts = newField(), map[int]*layout{}
	}
	return &tryer{ctx: ctx, deadline: deadline, field: d.mem.field, layouts: d.mem.layouts, mem: &d.mem}
}

// all makes the passes until one reads a code or the time is over. from is the pass that the last picture's time ended
// at, next the one that this picture's did, 0 when all were made.
func (t *tryer) all(p *Luma, from int) (r Result, ok bool, next int) {
	base := 0
	for w, h := p.W, p.H; w*h > basePixels; w, h = w/2, h/2 {
		base++
	}
	from = max(from, firstPasses)
	for i := range passes {
		k := i
		if i >= firstPasses {
			k = firstPasses + (i-firstPasses+from-firstPasses)%(len(passes)-firstPasses)
		}
		if t.late() {
			return r, false, k
		}
		if r, ok := t.pass(p, base, passes[k]); ok {
			return r, true, 0
		}
	}
	return r, false, 0
}

// pass looks once.
func (t *tryer) pass(p *Luma, base int, ps pass) (Result, bool) {
	if t.l = t.level(p, base+ps.level); t.l == nil || t.l.w*t.l.h > scanPixels {
		return Result{}, false
	}
	t.invert = ps.invert
	f := &t.mem.finder
	f.l, f.r, f.sign = t.l, ps.radius, 1
	if ps.invert {
		f.sign = -1
	}
	rings := f.scan(ps.step)
	var cs []triple
	if ps.pairs {
		cs = t.pairs(rings, ps.most)
	} else {
		cs = triples(rings, ps.most)
	}
	for _, c := range cs {
		if t.late() {
			break
		}
		if r, ok := t.code(c); ok {
			return r, true
		}
	}
	return Result{}, false
}

// level is the picture halved i times, made when first asked for; nil when there is no such level.
func (t *tryer) level(p *Luma, i int) *level {
	if i < 0 || i >= maxLevels {
		return nil
	}
	if t.levels[i] != nil {
		return t.levels[i]
	}
	pix, stride, w, h := p.Pix, p.Stride, p.W, p.H
	for k := 1; k <= i; k++ {
		next := t.half[k]
		if next == nil {
			next = sized(&t.mem.pix[k], (w/2)*(h/2))
			halve(next, pix, stride, w, h)
			t.half[k] = next
		}
		pix, stride, w, h = next, w/2, w/2, h/2
		if min(w, h) < minSide {
			return nil
		}
	}
	sum := sized(&t.mem.sum[i], (w+1)*(h+1))
	t.levels[i] = newLevel(sum, pix, stride, w, h, float64(int(1)<<i))
	return t.levels[i]
}

// scan looks along every step-th row, from the middle of the first step, and returns the rings, the most seen first.
func (f *finder) scan(step int) []ring {
	f.row = slices.Grow(f.row[:0], f.l.w)[:f.l.w]
	f.rings, f.checks = f.rings[:0], 0
	for y := step / 2; y < f.l.h && f.checks < maxChecks; y += step {
		f.scanRow(y)
	}
	slices.SortFunc(f.rings, byHits)
	return f.rings
}
