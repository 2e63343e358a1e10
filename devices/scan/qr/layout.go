package qr

import (
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// layout is what is fixed in a code of one version (ISO/IEC 18004 §6.3, §7.7): which modules are patterns and which
// carry the codewords' bits, in order.
type layout struct {
	version *decoder.Version
	dim     int
	kind    []int8    // dim*dim: patDark, patLight, reserved (format and version information) or free
	bits    []int32   // index of the module of each codeword bit, first codeword's high bit first
	marks   []mark    // pattern modules worth looking at to find the place of the code
	guide   []mark    // of these, timing and alignment patterns
	formatA [15]int32 // modules of the format information beside the top left finder, bit 14 first
	formatB [15]int32 // its second copy
}

// Kinds of modules.
const (
	free int8 = iota
	patDark
	patLight
	reserved
)

// mark is a module whose colour is known, with its weight in judging a placement.
type mark struct {
	u, v float64 // middle
	sign float64 // -weight dark, +weight light
}

// newLayout lays out the code dim modules wide.
func newLayout(dim int) (*layout, error) {
	v, err := decoder.Version_GetProvisionalVersionForDimension(dim)
	if err != nil {
		return nil, err
	}
	l := &layout{version: v, dim: dim, kind: make([]int8, dim*dim)}
	l.finderPattern(0, 0)
	l.finderPattern(dim-7, 0)
	l.finderPattern(0, dim-7)
	l.alignment(v.GetAlignmentPatternCenters())
	for i := 8; i < dim-8; i++ {
		l.set(i, 6, i%2 == 0)
		l.set(6, i, i%2 == 0)
	}
	l.formatModules()
	if v.GetVersionNumber() >= 7 {
		for i := range 18 {
			l.kind[(i/3)*dim+dim-11+i%3] = reserved
			l.kind[(dim-11+i%3)*dim+i/3] = reserved
		}
	}
	l.walk()
	l.chooseMarks()
	return l, nil
}

// set makes a module a pattern's.
func (l *layout) set(x, y int, dark bool) {
	k := patLight
	if dark {
		k = patDark
	}
	l.kind[y*l.dim+x] = k
}

// finderPattern draws a finder pattern at its top left module, with its separator.
func (l *layout) finderPattern(x0, y0 int) {
	for y := -1; y <= 7; y++ {
		for x := -1; x <= 7; x++ {
			if x0+x < 0 || y0+y < 0 || x0+x >= l.dim || y0+y >= l.dim {
				continue
			}
			d := max(abs(x-3), abs(y-3))
			l.set(x0+x, y0+y, d == 3 || d <= 1)
		}
	}
}

// alignment draws the alignment patterns at all pairs of centres but the three under finder patterns.
func (l *layout) alignment(centres []int) {
	last := len(centres) - 1
	for i, cy := range centres {
		for j, cx := range centres {
			if i == 0 && (j == 0 || j == last) || i == last && j == 0 {
				continue
			}
			for y := -2; y <= 2; y++ {
				for x := -2; x <= 2; x++ {
					l.set(cx+x, cy+y, max(abs(x), abs(y)) != 1)
				}
			}
		}
	}
}

// formatModules lists both copies of the format information and the module that is always dark.
func (l *layout) formatModules() {
	n := l.dim
	for i := range 15 { // bit 14-i
		var ax, ay int
		switch {
		case i < 6:
			ax, ay = i, 8
		case i == 6:
			ax, ay = 7, 8
		case i == 7:
			ax, ay = 8, 8
		case i == 8:
			ax, ay = 8, 7
		default:
			ax, ay = 8, 14-i
		}
		bx, by := 8, n-1-i
		if i >= 7 {
			bx, by = n-15+i, 8
		}
		l.formatA[i], l.formatB[i] = int32(ay*n+ax), int32(by*n+bx)
		l.kind[ay*n+ax], l.kind[by*n+bx] = reserved, reserved
	}
	l.set(8, n-8, true)
}

// walk lists the free modules in the order of the codewords' bits: two columns at a time from the right, up and down by
// turns, leaving out the timing column.
func (l *layout) walk() {
	n, up := l.dim, true
	l.bits = make([]int32, 0, n*n)
	for right := n - 1; right > 0; right -= 2 {
		if right == 6 {
			right--
		}
		for i := range n {
			y := i
			if up {
				y = n - 1 - i
			}
			for _, x := range [2]int{right, right - 1} {
				if l.kind[y*n+x] == free {
					l.bits = append(l.bits, int32(y*n+x))
				}
			}
		}
		up = !up
	}
}

// Weights of marks. The few modules of timing and alignment decide the size and the fourth corner, the many of the
// finders hold the rest.
const (
	weightFinder    = 1.0
	weightTiming    = 1.5
	weightAlignment = 2.0
)

// chooseMarks lists the pattern modules: all as marks, those of timing and alignment as guide.
func (l *layout) chooseMarks() {
	far := l.dim - 8
	for y := range l.dim {
		for x := range l.dim {
			k := l.kind[y*l.dim+x]
			if k != patDark && k != patLight {
				continue
			}
			m := mark{float64(x) + 0.5, float64(y) + 0.5, weightAlignment}
			finder := x < 8 && y < 8 || x >= far && y < 8 || x < 8 && y >= far
			if finder {
				m.sign = weightFinder
			} else if x == 6 || y == 6 {
				m.sign = weightTiming
			}
			if k == patDark {
				m.sign = -m.sign
			}
			l.marks = append(l.marks, m)
			if !finder {
				l.guide = append(l.guide, m)
			}
		}
	}
	balance(l.marks)
	balance(l.guide)
}

// balance scales the weights of light and of dark marks to a half each, so that an even area scores nothing.
func balance(ms []mark) {
	var dark, light float64
	for _, m := range ms {
		if m.sign < 0 {
			dark -= m.sign
		} else {
			light += m.sign
		}
	}
	for i := range ms {
		if m := &ms[i]; m.sign < 0 {
			m.sign /= 2 * dark
		} else {
			m.sign /= 2 * light
		}
	}
}

func abs(x int) int { return max(x, -x) }
