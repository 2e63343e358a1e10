package ec

import "math/big"

// jacobian is the point (X/Z², Y/Z³) in Montgomery form; Z = 0 is the point at infinity. One inversion at the end of a
// multiplication takes the place of one in each step.
type jacobian struct {
	x, y, z element
}

// affine is a finite point.
type affine struct {
	x, y element
}

func (c *Curve) lift(p Point) jacobian {
	if p.Infinity() {
		return jacobian{}
	}
	return jacobian{c.field.enter(p.X), c.field.enter(p.Y), c.field.one}
}

func (c *Curve) lower(j *jacobian) Point {
	if j.z.isZero() {
		return Point{}
	}
	a := c.normalize(j)
	return Point{c.field.leave(&a.x), c.field.leave(&a.y)}
}

// normalize gives the affine coordinates of a finite point.
func (c *Curve) normalize(j *jacobian) affine {
	var inverse, square element
	f := c.field
	f.invert(&inverse, &j.z)
	f.mul(&square, &inverse, &inverse)
	f.mul(&inverse, &inverse, &square)
	var a affine
	f.mul(&a.x, &j.x, &square)
	f.mul(&a.y, &j.y, &inverse)
	return a
}

// double sets r = 2p. r may be p. The formulas hold for every a; "dbl-2007-bl" in the Explicit-Formulas Database.
func (c *Curve) double(r, p *jacobian) {
	f := c.field
	var xx, yy, yyyy, zz, s, m, t element
	f.mul(&xx, &p.x, &p.x)
	f.mul(&yy, &p.y, &p.y)
	f.mul(&yyyy, &yy, &yy)
	f.mul(&zz, &p.z, &p.z)
	f.mul(&s, &p.x, &yy) // S = 4·X·YY
	f.add(&s, &s, &s)
	f.add(&s, &s, &s)
	f.add(&m, &xx, &xx) // M = 3·XX + a·ZZ²
	f.add(&m, &m, &xx)
	f.mul(&t, &zz, &zz)
	f.mul(&t, &t, &c.a)
	f.add(&m, &m, &t)
	f.mul(&r.z, &p.y, &p.z) // Z = 2·Y·Z; Y is not needed any more
	f.add(&r.z, &r.z, &r.z)
	f.mul(&r.x, &m, &m) // X = M² - 2S
	f.sub(&r.x, &r.x, &s)
	f.sub(&r.x, &r.x, &s)
	f.add(&yyyy, &yyyy, &yyyy) // Y = M·(S - X) - 8·YYYY
	f.add(&yyyy, &yyyy, &yyyy)
	f.add(&yyyy, &yyyy, &yyyy)
	f.sub(&s, &s, &r.x)
	f.mul(&r.y, &m, &s)
	f.sub(&r.y, &r.y, &yyyy)
}

// add sets r = p + q; equal points, opposite points and infinity included. r may be p or q.
func (c *Curve) add(r, p, q *jacobian) {
	switch {
	case p.z.isZero():
		*r = *q
		return
	case q.z.isZero():
		*r = *p
		return
	}
	f := c.field
	var pzz, qzz, u1, u2, s1, s2 element
	f.mul(&pzz, &p.z, &p.z)
	f.mul(&qzz, &q.z, &q.z)
	f.mul(&u1, &p.x, &qzz)
	f.mul(&u2, &q.x, &pzz)
	f.mul(&s1, &q.z, &qzz)
	f.mul(&s1, &s1, &p.y)
	f.mul(&s2, &p.z, &pzz)
	f.mul(&s2, &s2, &q.y)
	var z element
	f.mul(&z, &p.z, &q.z)
	c.chord(r, p, &u1, &s1, &u2, &s2, &z)
}

// addAffine is add for a point with Z = 1, which takes a third fewer multiplications.
func (c *Curve) addAffine(r, p *jacobian, q *affine) {
	f := c.field
	if p.z.isZero() {
		*r = jacobian{q.x, q.y, f.one}
		return
	}
	var zz, u2, s2 element
	f.mul(&zz, &p.z, &p.z)
	f.mul(&u2, &q.x, &zz)
	f.mul(&s2, &p.z, &zz)
	f.mul(&s2, &s2, &q.y)
	u1, s1, z := p.x, p.y, p.z
	c.chord(r, p, &u1, &s1, &u2, &s2, &z)
}

// chord is the common part of both additions: the two points on one denominator, and the product of their Z.
func (c *Curve) chord(r, p *jacobian, u1, s1, u2, s2, z *element) {
	f := c.field
	var h, t element
	f.sub(&h, u2, u1)
	f.sub(&t, s2, s1)
	if h.isZero() {
		if t.isZero() {
			c.double(r, p)
		} else {
			*r = jacobian{}
		}
		return
	}
	var hh, hhh, v element
	f.mul(&hh, &h, &h)
	f.mul(&hhh, &h, &hh)
	f.mul(&v, u1, &hh)
	f.mul(&r.z, z, &h)
	f.mul(&r.x, &t, &t)
	f.sub(&r.x, &r.x, &hhh)
	f.sub(&r.x, &r.x, &v)
	f.sub(&r.x, &r.x, &v)
	f.sub(&v, &v, &r.x)
	f.mul(&v, &v, &t)
	f.mul(&hhh, &hhh, s1)
	f.sub(&r.y, &v, &hhh)
}

// window is how many bits of a scalar are taken at a time.
const window = 4

// digit is the i-th window of k.
func digit(k *big.Int, i int) int {
	d := 0
	for bit := window - 1; bit >= 0; bit-- {
		d = d<<1 | int(k.Bit(i*window+bit))
	}
	return d
}

// multiply sets r = k·p.
func (c *Curve) multiply(r *jacobian, k *big.Int, p *jacobian) {
	var multiples [1 << window]jacobian
	for i := 1; i < len(multiples); i++ {
		c.add(&multiples[i], &multiples[i-1], p)
	}
	*r = jacobian{}
	for i := (k.BitLen()+window-1)/window - 1; i >= 0; i-- {
		for range window {
			c.double(r, r)
		}
		c.add(r, r, &multiples[digit(k, i)])
	}
}

// comb holds, for each window of a scalar, the generator times every value of that window in its place.
type comb [][1<<window - 1]affine

// newComb computes the table of a curve; it is kept, because every key and every signature needs it.
func (c *Curve) newComb() comb {
	table := make(comb, (c.N.BitLen()+window-1)/window)
	base := c.lift(c.Generator())
	for i := range table {
		sum := base
		for j := range table[i] {
			table[i][j] = c.normalize(&sum)
			c.add(&sum, &sum, &base)
		}
		base = sum // 16 times what it was
	}
	return table
}

// multiplyGenerator sets r = k·G for k below the order's size in bits.
func (c *Curve) multiplyGenerator(r *jacobian, k *big.Int) {
	*r = jacobian{}
	for i, row := range c.comb() {
		if d := digit(k, i); d > 0 {
			c.addAffine(r, r, &row[d-1])
		}
	}
}

// Multiply returns k·p for k ≥ 0.
func (c *Curve) Multiply(k *big.Int, p Point) Point {
	var r jacobian
	if k.BitLen() <= c.N.BitLen() && p.Equal(c.Generator()) {
		c.multiplyGenerator(&r, k)
	} else {
		base := c.lift(p)
		c.multiply(&r, k, &base)
	}
	return c.lower(&r)
}

// Add returns p + q; equal points, opposite points and infinity included.
func (c *Curve) Add(p, q Point) Point {
	a, b := c.lift(p), c.lift(q)
	c.add(&a, &a, &b)
	return c.lower(&a)
}

// Negate returns -p.
func (c *Curve) Negate(p Point) Point {
	if p.Infinity() || p.Y.Sign() == 0 {
		return p
	}
	return Point{new(big.Int).Set(p.X), new(big.Int).Sub(c.P, p.Y)}
}

// Verify reports whether r, s is an ECDSA signature of a digest under a public key (FIPS 186-4 §6.4, TR-03111 §4.2.1).
// A digest longer than the order is cut to its leftmost bits; r and s outside [1, N-1] and a key that is not on the
// curve verify nothing.
func (c *Curve) Verify(digest []byte, r, s *big.Int, public Point) bool {
	if !c.inOrder(r) || !c.inOrder(s) || !c.OnCurve(public) {
		return false
	}
	inverse := new(big.Int).ModInverse(s, c.N)
	u1 := c.truncate(digest)
	u1.Mul(u1, inverse).Mod(u1, c.N)
	u2 := inverse.Mul(r, inverse)
	u2.Mod(u2, c.N)
	var sum, term jacobian
	key := c.lift(public)
	c.multiplyGenerator(&sum, u1)
	c.multiply(&term, u2, &key)
	c.add(&sum, &sum, &term)
	p := c.lower(&sum)
	return !p.Infinity() && p.X.Mod(p.X, c.N).Cmp(r) == 0
}

func (c *Curve) inOrder(x *big.Int) bool { return x != nil && x.Sign() > 0 && x.Cmp(c.N) < 0 }

// truncate is the number that ECDSA signs: the leftmost bits of the digest, as many as the order has.
func (c *Curve) truncate(digest []byte) *big.Int {
	e := new(big.Int).SetBytes(digest)
	if excess := 8*len(digest) - c.N.BitLen(); excess > 0 {
		e.Rsh(e, uint(excess))
	}
	return e
}
