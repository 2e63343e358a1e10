package qr

// quad is four places in a level: where the code's reference points are.
type quad [4]Point

// homography maps a code's plane, in modules from its top left corner, to pixels:
// x = (h0·u + h1·v + h2) / (h6·u + h7·v + 1), y likewise with h3 to h5.
type homography [8]float64

func (h *homography) apply(u, v float64) (x, y float64) {
	w := h[6]*u + h[7]*v + 1
	return (h[0]*u + h[1]*v + h[2]) / w, (h[3]*u + h[4]*v + h[5]) / w
}

// squareTo is the homography of the unit square onto q: (0,0), (1,0), (1,1), (0,1) in this order (Heckbert's closed
// form).
func squareTo(q *quad) (h homography, ok bool) {
	dx1, dy1 := q[1].X-q[2].X, q[1].Y-q[2].Y
	dx2, dy2 := q[3].X-q[2].X, q[3].Y-q[2].Y
	sx, sy := q[0].X-q[1].X+q[2].X-q[3].X, q[0].Y-q[1].Y+q[2].Y-q[3].Y
	det := dx1*dy2 - dx2*dy1
	if det > -1e-9 && det < 1e-9 {
		return h, false
	}
	g := (sx*dy2 - dx2*sy) / det
	k := (dx1*sy - sx*dy1) / det
	return homography{
		q[1].X - q[0].X + g*q[1].X, q[3].X - q[0].X + k*q[3].X, q[0].X,
		q[1].Y - q[0].Y + g*q[1].Y, q[3].Y - q[0].Y + k*q[3].Y, q[0].Y,
		g, k,
	}, true
}

// moduleHomography maps modules of a code dim wide to pixels, given the pixels of its four reference points: the middles
// of the three finder patterns and of the same square's fourth corner, (dim-3.5, dim-3.5). Order as in squareTo.
func moduleHomography(q *quad, dim int) (homography, bool) {
	h, ok := squareTo(q)
	if !ok {
		return h, false
	}
	// Compose with (u, v) -> ((u-3.5)/s, (v-3.5)/s).
	const m = 3.5
	s := float64(dim) - 2*m
	a, b := h[0]/s, h[1]/s
	d, e := h[3]/s, h[4]/s
	g, k := h[6]/s, h[7]/s
	c := h[2] - m*(a+b)
	f := h[5] - m*(d+e)
	w := 1 - m*(g+k)
	if w < 1e-6 {
		return h, false
	}
	return homography{a / w, b / w, c / w, d / w, e / w, f / w, g / w, k / w}, true
}
