package ec

import (
	"fmt"
	"math/big"
)

// MapToPoint turns a field element into a point, the same each time and without a search: the point encoding of PACE's
// integrated mapping (9303-11 appendix B.2, affine coordinates). It holds for primes that leave 3 modulo 4, so not for
// secp224r1, and for curves whose a and b are not zero.
func (c *Curve) MapToPoint(t *big.Int) (Point, error) {
	if c.P.Bit(0) != 1 || c.P.Bit(1) != 1 || c.A.Sign() == 0 || !c.inField(t) || t.Sign() == 0 {
		return Point{}, fmt.Errorf("%w: no mapping onto %s", ErrPoint, c.Name)
	}
	mod := func(x *big.Int) *big.Int { return x.Mod(x, c.P) }
	mul := func(a, b *big.Int) *big.Int { return mod(new(big.Int).Mul(a, b)) }
	one := big.NewInt(1)
	alpha := mod(new(big.Int).Neg(mul(t, t))) // -t²
	sum := new(big.Int).Add(alpha, mul(alpha, alpha))
	if sum.ModInverse(mod(sum), c.P) == nil { // t = ±1, which a random number does not hit
		return Point{}, fmt.Errorf("%w: no point for this number", ErrPoint)
	}
	x2 := mul(mod(new(big.Int).Neg(c.B)), new(big.Int).ModInverse(c.A, c.P))
	x2 = mul(x2, mod(sum.Add(sum, one)))
	x3 := mul(alpha, x2)
	h2 := c.right(x2)
	u := mul(mul(mul(t, t), t), h2)
	// h2^(p-1-(p+1)/4): the inverse of a root of h2, if there is one.
	exponent := new(big.Int).Add(c.P, one)
	exponent.Rsh(exponent, 2)
	exponent.Sub(new(big.Int).Sub(c.P, one), exponent)
	root := new(big.Int).Exp(h2, exponent, c.P)
	p := Point{x3, mul(root, u)}
	if mul(mul(root, root), h2).Cmp(one) == 0 {
		p = Point{x2, mul(root, h2)}
	}
	if !c.OnCurve(p) {
		return Point{}, fmt.Errorf("%w: no point for this number on %s", ErrPoint, c.Name)
	}
	return p, nil
}
