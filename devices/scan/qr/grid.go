package qr

import "math"

// grid is a code's modules as they were sampled.
type grid struct {
	dim  int
	lum  []float64 // mean luminance in the middle of each module
	z    []float64 // lum less its surroundings' mean, over their deviation: about -1 dark, +1 light
	mark []int8    // what is known of each module beforehand: -1 dark, +1 light, 0 unknown
}

// spread of the nine places in a module that are averaged, in modules from the middle.
const spread = 0.27

// sample reads the modules under a placement.
func sample(f *fit) *grid {
	n := f.lay.dim
	g := &grid{dim: n, lum: make([]float64, n*n), z: make([]float64, n*n), mark: make([]int8, n*n)}
	for y := range n {
		for x := range n {
			g.lum[y*n+x] = f.module(float64(x)+0.5, float64(y)+0.5)
		}
	}
	if f.invert {
		for i, v := range g.lum {
			g.lum[i] = 255 - v
		}
	}
	for i, k := range f.lay.kind {
		switch k {
		case patDark:
			g.mark[i] = -1
		case patLight:
			g.mark[i] = 1
		}
	}
	g.normalise()
	return g
}

// module is the mean luminance around the middle of a module.
func (f *fit) module(u, v float64) float64 {
	var s float64
	for i := -1; i <= 1; i++ {
		for j := -1; j <= 1; j++ {
			x, y := f.h.apply(u+spread*float64(i), v+spread*float64(j))
			s += f.l.at(x, y)
		}
	}
	return s / 9
}

// around is the reach of the local mean and deviation, in modules each way.
const around = 5

// minDeviation keeps an even area from being blown up to noise.
const minDeviation = 2

// normalise takes the lighting out of lum, into z.
func (g *grid) normalise() {
	sq := make([]float64, len(g.lum))
	for i, v := range g.lum {
		sq[i] = v * v
	}
	mean := boxMean(g.lum, g.dim, around)
	msq := boxMean(sq, g.dim, around)
	for i, v := range g.lum {
		d := math.Sqrt(max(msq[i]-mean[i]*mean[i], 0))
		g.z[i] = (v - mean[i]) / max(d, minDeviation)
	}
}

// boxMean is the mean of the box of radius r around each of n*n values, as far as it is inside.
func boxMean(v []float64, n, r int) []float64 {
	sum := make([]float64, (n+1)*(n+1))
	for y := range n {
		run := 0.0
		for x := range n {
			run += v[y*n+x]
			sum[(y+1)*(n+1)+x+1] = sum[y*(n+1)+x+1] + run
		}
	}
	out := make([]float64, n*n)
	for y := range n {
		y0, y1 := max(y-r, 0), min(y+r+1, n)
		for x := range n {
			x0, x1 := max(x-r, 0), min(x+r+1, n)
			s := sum[y1*(n+1)+x1] - sum[y1*(n+1)+x0] - sum[y0*(n+1)+x1] + sum[y0*(n+1)+x0]
			out[y*n+x] = s / float64((x1-x0)*(y1-y0))
		}
	}
	return out
}
