package ec

import "math/big"

// jacobian holds a point as (X/Z², Y/Z³); Z = 0 is the point at infinity. One inversion at the end of a
// multiplication instead of one in each step makes PACE's five multiplications take milliseconds.
type jacobian struct {
	x, y, z *big.Int
}

func (c *Curve) lift(p Point) jacobian {
	if p.Infinity() {
		return jacobian{big.NewInt(1), big.NewInt(1), new(big.Int)}
	}
	return jacobian{new(big.Int).Set(p.X), new(big.Int).Set(p.Y), big.NewInt(1)}
}

func (c *Curve) lower(j jacobian) Point {
	if j.z.Sign() == 0 {
		return Point{}
	}
	inverse := new(big.Int).ModInverse(j.z, c.P)
	square := c.mul(inverse, inverse)
	return Point{c.mul(j.x, square), c.mul(j.y, c.mul(square, inverse))}
}

func (c *Curve) mul(a, b *big.Int) *big.Int {
	r := new(big.Int).Mul(a, b)
	return r.Mod(r, c.P)
}

func (c *Curve) sub(a, b *big.Int) *big.Int {
	r := new(big.Int).Sub(a, b)
	return r.Mod(r, c.P)
}

func (c *Curve) times(k int64, a *big.Int) *big.Int {
	return c.mul(big.NewInt(k), a)
}

// Add returns p + q; equal points, opposite points and infinity included.
func (c *Curve) Add(p, q Point) Point {
	return c.lower(c.add(c.lift(p), c.lift(q)))
}

// Negate returns -p.
func (c *Curve) Negate(p Point) Point {
	if p.Infinity() {
		return p
	}
	return Point{new(big.Int).Set(p.X), c.sub(new(big.Int), p.Y)}
}

// window is how many bits of a scalar Multiply takes at a time.
const window = 4

// Multiply returns k·p for k ≥ 0.
func (c *Curve) Multiply(k *big.Int, p Point) Point {
	var multiples [1 << window]jacobian
	multiples[0] = c.lift(Point{})
	term := c.lift(p)
	for i := 1; i < len(multiples); i++ {
		multiples[i] = c.add(multiples[i-1], term)
	}
	sum := c.lift(Point{})
	for at := (k.BitLen() - 1) / window * window; at >= 0; at -= window {
		digit := 0
		for bit := window - 1; bit >= 0; bit-- {
			sum = c.double(sum)
			digit = digit<<1 | int(k.Bit(at+bit))
		}
		sum = c.add(sum, multiples[digit])
	}
	return c.lower(sum)
}

// double follows the "dbl-2007-bl" idea for a general a: S = 4XY², M = 3X² + aZ⁴.
func (c *Curve) double(p jacobian) jacobian {
	if p.z.Sign() == 0 || p.y.Sign() == 0 {
		return c.lift(Point{})
	}
	yy := c.mul(p.y, p.y)
	s := c.times(4, c.mul(p.x, yy))
	zz := c.mul(p.z, p.z)
	m := c.times(3, c.mul(p.x, p.x))
	m.Add(m, c.mul(c.A, c.mul(zz, zz)))
	x := c.sub(c.mul(m, m), c.times(2, s))
	y := c.sub(c.mul(m, c.sub(s, x)), c.times(8, c.mul(yy, yy)))
	return jacobian{x, y, c.times(2, c.mul(p.y, p.z))}
}

func (c *Curve) add(p, q jacobian) jacobian {
	if p.z.Sign() == 0 {
		return q
	}
	if q.z.Sign() == 0 {
		return p
	}
	pzz, qzz := c.mul(p.z, p.z), c.mul(q.z, q.z)
	u1, u2 := c.mul(p.x, qzz), c.mul(q.x, pzz)
	s1, s2 := c.mul(p.y, c.mul(qzz, q.z)), c.mul(q.y, c.mul(pzz, p.z))
	h, r := c.sub(u2, u1), c.sub(s2, s1)
	if h.Sign() == 0 {
		if r.Sign() == 0 {
			return c.double(p)
		}
		return c.lift(Point{})
	}
	hh := c.mul(h, h)
	hhh, v := c.mul(h, hh), c.mul(u1, hh)
	x := c.sub(c.sub(c.mul(r, r), hhh), c.times(2, v))
	y := c.sub(c.mul(r, c.sub(v, x)), c.mul(s1, hhh))
	return jacobian{x, y, c.mul(h, c.mul(p.z, q.z))}
}
