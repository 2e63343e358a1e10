package ec

import (
	"math/big"
	"math/bits"
)

// maxLimbs is what the largest prime here, of 521 bits, takes.
const maxLimbs = 9

// element is a field element in Montgomery form, little-endian limbs; limbs beyond the field's are zero. The zero
// element is 0.
type element [maxLimbs]uint64

// field is arithmetic modulo an odd prime, in place and without allocation.
type field struct {
	n       int     // limbs
	p       element // the prime
	inverse uint64  // -p⁻¹ mod 2⁶⁴
	one     element // 2^(64n) mod p, which is 1 in Montgomery form
	square  element // 2^(128n) mod p, which takes numbers there
	prime   *big.Int
}

func newField(p *big.Int) *field {
	const limb = 64
	f := &field{n: (p.BitLen() + limb - 1) / limb, prime: p}
	f.p = f.limbs(p)
	inverse := f.p[0] // correct to three bits, and twice as many with each step
	for range 5 {
		inverse *= 2 - f.p[0]*inverse
	}
	f.inverse = -inverse
	r := new(big.Int).Lsh(big.NewInt(1), uint(limb*f.n))
	f.one = f.limbs(new(big.Int).Mod(r, p))
	f.square = f.limbs(r.Mod(r.Mul(r, r), p))
	return f
}

// limbs cuts a number below 2^(64n).
func (f *field) limbs(x *big.Int) element {
	const size = 8
	var e element
	raw := x.FillBytes(make([]byte, size*f.n))
	for i := range f.n {
		for _, b := range raw[len(raw)-size*(i+1) : len(raw)-size*i] {
			e[i] = e[i]<<8 | uint64(b)
		}
	}
	return e
}

// enter brings a number below p into Montgomery form.
func (f *field) enter(x *big.Int) element {
	e := f.limbs(x)
	f.mul(&e, &e, &f.square)
	return e
}

// leave gives the number back.
func (f *field) leave(e *element) *big.Int {
	plain := element{1}
	f.mul(&plain, e, &plain)
	const size = 8
	raw := make([]byte, size*f.n)
	for i := range f.n {
		for j := range size {
			raw[len(raw)-1-size*i-j] = byte(plain[i] >> (8 * j))
		}
	}
	return new(big.Int).SetBytes(raw)
}

// mul sets z = x·y, by Montgomery's multiplication with the reduction in between (the CIOS order). z may be x or y.
func (f *field) mul(z, x, y *element) {
	if f.n == 4 {
		f.mul4(z, x, y)
		return
	}
	var t [maxLimbs + 1]uint64
	n := f.n
	a, b, p, s := x[:n], y[:n], f.p[:n], t[:n]
	for _, xi := range a {
		var carry uint64
		for j, yj := range b {
			carry, s[j] = mulAdd(xi, yj, s[j], carry)
		}
		top, over := bits.Add64(t[n], carry, 0)
		m := s[0] * f.inverse
		carry, _ = mulAdd(m, p[0], s[0], 0)
		for j := 1; j < n; j++ {
			carry, s[j-1] = mulAdd(m, p[j], s[j], carry)
		}
		var c uint64
		s[n-1], c = bits.Add64(top, carry, 0)
		t[n] = over + c
	}
	f.reduce(z, &t)
}

// mul4 is mul for 256 bits, the size of almost all keys, with everything in registers that fits there.
func (f *field) mul4(z, x, y *element) {
	y0, y1, y2, y3 := y[0], y[1], y[2], y[3]
	p0, p1, p2, p3 := f.p[0], f.p[1], f.p[2], f.p[3]
	var t0, t1, t2, t3, t4 uint64
	for i := range 4 {
		xi := x[i]
		var c, top, over uint64
		c, t0 = mulAdd(xi, y0, t0, 0)
		c, t1 = mulAdd(xi, y1, t1, c)
		c, t2 = mulAdd(xi, y2, t2, c)
		c, t3 = mulAdd(xi, y3, t3, c)
		top, over = bits.Add64(t4, c, 0)
		m := t0 * f.inverse
		c, _ = mulAdd(m, p0, t0, 0)
		c, t0 = mulAdd(m, p1, t1, c)
		c, t1 = mulAdd(m, p2, t2, c)
		c, t2 = mulAdd(m, p3, t3, c)
		t3, c = bits.Add64(top, c, 0)
		t4 = over + c
	}
	var b uint64
	var r0, r1, r2, r3 uint64
	r0, b = bits.Sub64(t0, p0, 0)
	r1, b = bits.Sub64(t1, p1, b)
	r2, b = bits.Sub64(t2, p2, b)
	r3, b = bits.Sub64(t3, p3, b)
	_, b = bits.Sub64(t4, 0, b)
	keep := -b // all ones if the subtraction went below zero
	z[0] = r0 ^ keep&(r0^t0)
	z[1] = r1 ^ keep&(r1^t1)
	z[2] = r2 ^ keep&(r2^t2)
	z[3] = r3 ^ keep&(r3^t3)
}

// mulAdd gives x·y + a + b in two words; that cannot overflow.
func mulAdd(x, y, a, b uint64) (high, low uint64) {
	high, low = bits.Mul64(x, y)
	var c uint64
	low, c = bits.Add64(low, a, 0)
	high += c
	low, c = bits.Add64(low, b, 0)
	return high + c, low
}

// reduce sets z = t mod p for t below 2p.
func (f *field) reduce(z *element, t *[maxLimbs + 1]uint64) {
	var r element
	var borrow uint64
	for i := range f.n {
		r[i], borrow = bits.Sub64(t[i], f.p[i], borrow)
	}
	_, borrow = bits.Sub64(t[f.n], 0, borrow)
	keep := -borrow
	for i := range f.n {
		z[i] = r[i] ^ keep&(r[i]^t[i])
	}
}

// add sets z = x + y.
func (f *field) add(z, x, y *element) {
	var t [maxLimbs + 1]uint64
	var carry uint64
	for i := range f.n {
		t[i], carry = bits.Add64(x[i], y[i], carry)
	}
	t[f.n] = carry
	f.reduce(z, &t)
}

// sub sets z = x - y.
func (f *field) sub(z, x, y *element) {
	var r element
	var borrow, carry uint64
	for i := range f.n {
		r[i], borrow = bits.Sub64(x[i], y[i], borrow)
	}
	back := -borrow
	for i := range f.n {
		z[i], carry = bits.Add64(r[i], back&f.p[i], carry)
	}
}

// isZero says whether x is 0.
func (x *element) isZero() bool { return *x == element{} }

// invert sets z = x⁻¹, 0 for 0. It goes through math/big, which is faster than raising to p-2 and is needed once for a
// whole multiplication.
func (f *field) invert(z, x *element) {
	if x.isZero() {
		*z = element{}
		return
	}
	*z = f.enter(new(big.Int).ModInverse(f.leave(x), f.prime))
}
