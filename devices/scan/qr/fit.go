package qr

import "math"

// Steps of placing, in modules, and what a placement must reach. A placement is judged by its correlation: that of the
// pattern modules' luminance with what it should be, 1 when perfect, around 0 by chance.
const (
	minRough = 0.20 // for the triple as it is, at the first size
	minGuess = 0.30 // to go on from the parallelogram
	minFit   = 0.42 // to sample after refinement
	maxDims  = 5    // sizes tried for one triple

	minVariance = 4 // of luminance; less is an even area
)

// fit is a placement of a layout in a level.
type fit struct {
	l      *level
	lay    *layout
	unit   float64 // pixels per module, about
	q      quad    // places of the reference points of moduleHomography
	h      homography
	score  float64
	invert bool
}

// judge places the layout at q. It returns the correlation and keeps the placement when it is better than the last.
func (f *fit) judge(q *quad) bool {
	h, ok := moduleHomography(q, f.lay.dim)
	if !ok {
		return false
	}
	if s := f.correlation(f.lay.marks, &h); s > f.score {
		f.q, f.h, f.score = *q, h, s
		return true
	}
	return false
}

// correlation is that of the pattern modules under h. The weights of dark and of light marks have the same sum, so an
// offset drops out; a slope nearly does, because each pattern holds both.
func (f *fit) correlation(marks []mark, h *homography) float64 {
	var sum, sq, dot float64
	for i := range marks {
		m := &marks[i]
		v := f.l.at(h.apply(m.u, m.v))
		sum += v
		sq += v * v
		dot += m.sign * v
	}
	n := float64(len(marks))
	variance := sq/n - (sum/n)*(sum/n)
	if variance < minVariance {
		return 0
	}
	if f.invert {
		dot = -dot
	}
	return dot / math.Sqrt(variance)
}

// fourth looks for the fourth corner around p, the parallelogram's, which a tilted code does not have: reach modules
// each way, a module at a time, which an alignment pattern is wide enough for. It returns how well timing and alignment
// patterns fit at the best place, which becomes the placement.
func (f *fit) fourth(reach, step float64) float64 {
	ux, uy := f.q[1].X-f.q[0].X, f.q[1].Y-f.q[0].Y
	vx, vy := f.q[3].X-f.q[0].X, f.q[3].Y-f.q[0].Y
	per := step / float64(f.lay.dim-7)
	n, p, best := int(reach/step), f.q[2], -1.0
	for i := -n; i <= n; i++ {
		for j := -n; j <= n; j++ {
			a, b := float64(i)*per, float64(j)*per
			q := f.q
			q[2] = Point{p.X + a*ux + b*vx, p.Y + a*uy + b*vy}
			h, ok := moduleHomography(&q, f.lay.dim)
			if !ok {
				continue
			}
			if s := f.correlation(f.lay.guide, &h); s > best {
				best, f.q[2] = s, q[2]
			}
		}
	}
	return best
}

// climb moves the four points one coordinate at a time while that helps, with falling steps.
func (f *fit) climb(steps ...float64) {
	for _, s := range steps {
		d := s * f.unit
		for range 6 {
			if !f.climbOnce(d) {
				break
			}
		}
	}
}

func (f *fit) climbOnce(d float64) bool {
	better := false
	for i := range f.q {
		for _, by := range [4]Point{{d, 0}, {-d, 0}, {0, d}, {0, -d}} {
			q := f.q
			q[i].X += by.X
			q[i].Y += by.Y
			better = f.judge(&q) || better
		}
	}
	return better
}

// place finds the size and placement of the triple's code: the best of the sizes near the estimate, refined.
func (t *tryer) place(c triple) (fit, bool) {
	var best fit
	most := minGuess
	for i, dim := range nearDims(c.dim) {
		lay := t.layout(dim)
		if lay == nil {
			continue
		}
		f := fit{l: t.l, lay: lay, invert: t.invert}
		f.q = quad{{c.tl.x, c.tl.y}, {c.tr.x, c.tr.y}, {c.tr.x + c.bl.x - c.tl.x, c.tr.y + c.bl.y - c.tl.y}, {c.bl.x, c.bl.y}}
		f.unit = (math.Sqrt(dist2(c.tl, c.tr)) + math.Sqrt(dist2(c.tl, c.bl))) / 2 / float64(dim-7)
		if i == 0 {
			if f.judge(&f.q); f.score < minRough {
				return f, false
			}
		}
		if s := f.fourth(3+float64(dim)/32, 1); s > most {
			best, most = f, s
		}
	}
	if best.lay == nil {
		return best, false
	}
	best.score = 0
	best.judge(&best.q)
	best.climb(0.5, 0.25, 0.12, 0.06)
	return best, best.score >= minFit
}

// nearDims lists possible sides (21, 25, … 177) from the estimate outwards.
func nearDims(est float64) []int {
	first := int(math.Round((est-minDim)/4))*4 + minDim
	out := make([]int, 0, maxDims)
	side := 4
	if est < float64(first) {
		side = -4
	}
	for _, d := range [maxDims]int{0, side, -side, 2 * side, -2 * side} {
		if n := first + d; n >= minDim && n <= maxDim {
			out = append(out, n)
		}
	}
	return out
}
