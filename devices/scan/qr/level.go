package qr

// level is one size of the picture: the picture itself or a smaller copy, with its summed area table, from which the
// mean of any box costs four reads.
type level struct {
	pix          []byte
	stride, w, h int
	scale        float64  // picture pixels per pixel of this level
	sum          []uint32 // (w+1)*(h+1); wraps round in large pictures, differences of boxes do not
}

// newLevel wraps pixels and sums them into sum, (w+1)*(h+1) long.
func newLevel(sum []uint32, pix []byte, stride, w, h int, scale float64) *level {
	l := &level{pix: pix, stride: stride, w: w, h: h, scale: scale, sum: sum}
	clear(sum[:w+1])
	for y := range h {
		row := pix[y*stride:][:w]
		above := l.sum[y*(w+1):][: w+1 : w+1]
		here := l.sum[(y+1)*(w+1):][: w+1 : w+1]
		run := uint32(0)
		here[0] = 0
		for x, p := range row {
			run += uint32(p)
			here[x+1] = above[x+1] + run
		}
	}
	return l
}

// halve writes the picture at half the size into half, (w/2)*(h/2) long, each pixel the mean of four.
func halve(half, pix []byte, stride, w, h int) {
	hw, hh := w/2, h/2
	for y := range hh {
		a := pix[2*y*stride:][: 2*hw : 2*hw]
		b := pix[(2*y+1)*stride:][: 2*hw : 2*hw]
		dst := half[y*hw:][:hw:hw]
		for x := range dst {
			i := 2 * x
			dst[x] = byte((uint(a[i]) + uint(a[i+1]) + uint(b[i]) + uint(b[i+1]) + 2) / 4)
		}
	}
}

// at is the luminance at a place between pixels (bilinear); outside, that of the nearest edge.
func (l *level) at(x, y float64) float64 {
	if x >= 0 && y >= 0 {
		if xi, yi := int(x), int(y); xi < l.w-1 && yi < l.h-1 && xi >= 0 && yi >= 0 {
			fx, fy := x-float64(xi), y-float64(yi)
			p := l.pix[yi*l.stride+xi:]
			q := l.pix[(yi+1)*l.stride+xi:]
			a, c := float64(p[0]), float64(q[0])
			top := a + (float64(p[1])-a)*fx
			return top + (c+(float64(q[1])-c)*fx-top)*fy
		}
	}
	return l.edge(x, y)
}

// edge is at where the cell is not wholly inside.
func (l *level) edge(x, y float64) float64 {
	x0, fx := clampCell(x, l.w)
	y0, fy := clampCell(y, l.h)
	i := y0*l.stride + x0
	dx, dy := 1, l.stride
	if x0+1 >= l.w {
		dx = 0
	}
	if y0+1 >= l.h {
		dy = 0
	}
	a, b := float64(l.pix[i]), float64(l.pix[i+dx])
	c, d := float64(l.pix[i+dy]), float64(l.pix[i+dy+dx])
	top := a + (b-a)*fx
	return top + (c+(d-c)*fx-top)*fy
}

// clampCell splits a coordinate into a cell inside [0, n) and the part beyond it. NaN counts as 0.
func clampCell(v float64, n int) (cell int, frac float64) {
	if !(v > 0) {
		return 0, 0
	}
	if v >= float64(n-1) {
		return n - 1, 0
	}
	cell = int(v)
	return cell, v - float64(cell)
}

// diff is a pixel less the mean of the box of radius r around it.
func (l *level) diff(x, y, r int) float64 {
	x0, x1 := max(x-r, 0), min(x+r+1, l.w)
	r0, r1 := max(y-r, 0), min(y+r+1, l.h)
	y0, y1 := r0*(l.w+1), r1*(l.w+1)
	s := l.sum[y1+x1] - l.sum[y1+x0] - l.sum[y0+x1] + l.sum[y0+x0]
	return float64(l.pix[y*l.stride+x]) - float64(s)/float64((x1-x0)*(r1-r0))
}

// diffRow writes diff of a whole row, times the box's area, into dst, which is as long as the row.
func (l *level) diffRow(dst []int32, y, r int) {
	r0, r1 := max(y-r, 0), min(y+r+1, l.h)
	top, bot := l.sum[r0*(l.w+1):][:l.w+1], l.sum[r1*(l.w+1):][:l.w+1]
	row := l.pix[y*l.stride:][:l.w]
	edge := func(from, to int) {
		for x := from; x < to; x++ {
			a, b := max(x-r, 0), min(x+r+1, l.w)
			dst[x] = int32(row[x])*int32((b-a)*(r1-r0)) - int32(bot[b]-bot[a]-top[b]+top[a])
		}
	}
	if l.w <= 2*r+1 {
		edge(0, l.w)
		return
	}
	edge(0, r)
	n := l.w - 2*r - 1 // places with a whole box
	area := int32((2*r + 1) * (r1 - r0))
	out, in := dst[r:][:n], row[r:][:n]
	ta, tb, ba, bb := top[:n], top[2*r+1:][:n], bot[:n], bot[2*r+1:][:n]
	for i := range out {
		out[i] = int32(in[i])*area - int32(bb[i]-ba[i]-tb[i]+ta[i])
	}
	edge(r+n, l.w)
}
