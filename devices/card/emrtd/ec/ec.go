// Package ec does arithmetic on the elliptic curves that travel documents use: the brainpool curves, which Go's
// standard library lacks, and the NIST curves, under the ids that ICAO 9303-11 §9.5.1 gives them.
//
// Start with ByID (13 is brainpoolP256r1, the curve of Vietnam's citizen card), ByOID, or Match for parameters that a
// certificate spells out. Decode turns a card's bytes into a Point and refuses whatever is not on the curve; GenerateKey
// and Multiply are all that a key agreement needs, Verify checks ECDSA signatures.
//
// Why not a library of curves: PACE adds points and multiplies generators that no fixed-curve library knows, and
// certificates come with explicit parameters. Numbers are math/big at the border and Montgomery limbs inside, which is
// ten times faster. Multiplication is not constant in time: the secrets used here live for one card session, in a
// terminal that the attacker would have to share. Do not use this package for long-lived private keys.
package ec

import (
	"errors"
	"fmt"
	"io"
	"math/big"
	"sync"
)

// ErrPoint: the bytes are not an encoded point of the curve, or are the point at infinity where that is not allowed.
var ErrPoint = errors.New("ec: not a point of the curve")

const (
	uncompressed = 0x04 // first byte of a point, TR-03111 §3.2.1
	compressed   = 0x02 // the same, and 03 for an odd Y

	// extraBytes beyond the order's size make the bias of a reduced random number negligible (FIPS 186-4 §B.4.1).
	extraBytes = 8
)

// Curve is a short Weierstrass curve y² = x³ + ax + b over a prime field, of prime order. There is one Curve for each
// set of domain parameters; its numbers are not to be changed, and it may be used concurrently.
type Curve struct {
	ID         int    // standardized domain parameters id, 9303-11 table 6; 0 if none
	Name       string // "brainpoolP256r1", "secp256r1" …
	OID        string // its object identifier, in dots
	P, A, B, N *big.Int
	Gx, Gy     *big.Int
	Size       int // bytes of a coordinate

	field *field
	a     element
	comb  func() comb
}

// Point is a point in affine coordinates. The zero Point is the point at infinity.
type Point struct {
	X, Y *big.Int
}

// Infinity says whether p is the neutral element.
func (p Point) Infinity() bool { return p.X == nil }

// Equal compares two points.
func (p Point) Equal(q Point) bool {
	if p.Infinity() || q.Infinity() {
		return p.Infinity() == q.Infinity()
	}
	return p.X.Cmp(q.X) == 0 && p.Y.Cmp(q.Y) == 0
}

// curves makes all curves, once.
var curves = sync.OnceValue(func() []*Curve {
	var all []*Curve
	for _, d := range domains {
		all = append(all, d.curve())
	}
	return all
})

// find returns the first curve that fits.
func find(fits func(*Curve) bool) (*Curve, bool) {
	for _, c := range curves() {
		if fits(c) {
			return c, true
		}
	}
	return nil, false
}

// ByID returns the curve with a standardized domain parameters id (8 to 18).
func ByID(id int) (*Curve, bool) {
	return find(func(c *Curve) bool { return c.ID == id && id != 0 })
}

// ByOID returns the curve with an object identifier in dots.
func ByOID(dotted string) (*Curve, bool) {
	return find(func(c *Curve) bool { return c.OID == dotted })
}

// Parameters are domain parameters as a key spells them out (TR-03111 §5.1.1, RFC 3279 §2.3.5).
type Parameters struct {
	P, A, B, Gx, Gy, N *big.Int
	Cofactor           *big.Int // nil where it is left out
}

// Match returns the known curve whose parameters these are, all of them: with another generator or order the same
// equation would let anybody make keys for signatures that exist already.
func Match(p Parameters) (*Curve, bool) {
	for _, x := range []*big.Int{p.P, p.A, p.B, p.Gx, p.Gy, p.N} {
		if x == nil {
			return nil, false
		}
	}
	if p.Cofactor != nil && p.Cofactor.Cmp(big.NewInt(1)) != 0 {
		return nil, false
	}
	return find(func(c *Curve) bool {
		return c.P.Cmp(p.P) == 0 && c.A.Cmp(p.A) == 0 && c.B.Cmp(p.B) == 0 && c.Gx.Cmp(p.Gx) == 0 &&
			c.Gy.Cmp(p.Gy) == 0 && c.N.Cmp(p.N) == 0
	})
}

// KnownField says whether a known curve is over the field with this prime: parameters over it that Match does not know
// are an imitation rather than something new.
func KnownField(p *big.Int) bool {
	_, ok := find(func(c *Curve) bool { return c.P.Cmp(p) == 0 })
	return ok
}

// BrainpoolP256r1 is id 13.
func BrainpoolP256r1() *Curve { return mustByID(13) }

// P256 is id 12, secp256r1.
func P256() *Curve { return mustByID(12) }

func mustByID(id int) *Curve {
	c, ok := ByID(id)
	if !ok {
		panic(fmt.Sprintf("ec: no curve %d", id)) // ids here are constants of this file
	}
	return c
}

func (d domain) curve() *Curve {
	c := &Curve{ID: d.id, Name: d.name, OID: d.oid, P: number(d.p), A: number(d.a), B: number(d.b),
		N: number(d.n), Gx: number(d.gx), Gy: number(d.gy)}
	c.Size = (c.P.BitLen() + 7) / 8
	c.field = newField(c.P)
	c.a = c.field.enter(c.A)
	c.comb = sync.OnceValue(c.newComb)
	return c
}

func number(hex string) *big.Int {
	n, ok := new(big.Int).SetString(hex, 16)
	if !ok {
		panic("ec: table of domain parameters") // the table is a constant
	}
	return n
}

// Generator is the base point of the domain parameters.
func (c *Curve) Generator() Point { return Point{c.Gx, c.Gy} }

// OnCurve says whether p is a finite point of the curve with coordinates below the field's prime. The curves here have
// prime order, so that is also membership in the group.
func (c *Curve) OnCurve(p Point) bool {
	if p.Infinity() || !c.inField(p.X) || !c.inField(p.Y) {
		return false
	}
	left := new(big.Int).Mul(p.Y, p.Y)
	return left.Mod(left, c.P).Cmp(c.right(p.X)) == 0
}

func (c *Curve) inField(x *big.Int) bool { return x != nil && x.Sign() >= 0 && x.Cmp(c.P) < 0 }

// Decode reads an uncompressed point, 04 || X || Y (TR-03111 §3.2.1), and checks that it is on the curve.
func (c *Curve) Decode(b []byte) (Point, error) {
	if len(b) != 1+2*c.Size || b[0] != uncompressed {
		return Point{}, fmt.Errorf("%w: %d bytes", ErrPoint, len(b))
	}
	p := Point{new(big.Int).SetBytes(b[1 : 1+c.Size]), new(big.Int).SetBytes(b[1+c.Size:])}
	if !c.OnCurve(p) {
		return Point{}, ErrPoint
	}
	return p, nil
}

// DecodePoint reads a point as certificates have it: uncompressed, or compressed as 02 || X or 03 || X (X9.62 §4.3.6).
// Points of a protocol are for Decode, which takes one form only.
func (c *Curve) DecodePoint(b []byte) (Point, error) {
	if len(b) != 1+c.Size || b[0]&^1 != compressed {
		return c.Decode(b)
	}
	x := new(big.Int).SetBytes(b[1:])
	if !c.inField(x) {
		return Point{}, ErrPoint
	}
	y := new(big.Int).ModSqrt(c.right(x), c.P)
	if y == nil {
		return Point{}, ErrPoint
	}
	if y.Bit(0) != uint(b[0]&1) {
		y.Sub(c.P, y)
	}
	p := Point{x, y}
	if !c.OnCurve(p) { // the root 0 has no odd twin
		return Point{}, ErrPoint
	}
	return p, nil
}

// right is the right side of the curve's equation, x³ + ax + b mod P.
func (c *Curve) right(x *big.Int) *big.Int {
	r := new(big.Int).Mul(x, x)
	return r.Add(r, c.A).Mul(r, x).Add(r, c.B).Mod(r, c.P)
}

// Encode writes a finite point as 04 || X || Y, each coordinate with all its leading zero bytes.
func (c *Curve) Encode(p Point) []byte {
	out := make([]byte, 1+2*c.Size)
	out[0] = uncompressed
	p.X.FillBytes(out[1 : 1+c.Size])
	p.Y.FillBytes(out[1+c.Size:])
	return out
}

// EncodeX writes the x coordinate in Size bytes. This is the shared secret of an ECDH (TR-03111 §3.1.3 FE2OS); its
// leading zero bytes belong to it.
func (c *Curve) EncodeX(p Point) []byte { return p.X.FillBytes(make([]byte, c.Size)) }

// GenerateKey draws a private key from [1, N-1] and multiplies base with it.
func (c *Curve) GenerateKey(random io.Reader, base Point) (private *big.Int, public Point, err error) {
	raw := make([]byte, (c.N.BitLen()+7)/8+extraBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return nil, Point{}, fmt.Errorf("ec: random: %w", err)
	}
	one := big.NewInt(1)
	private = new(big.Int).SetBytes(raw)
	private.Mod(private, new(big.Int).Sub(c.N, one)).Add(private, one)
	return private, c.Multiply(private, base), nil
}
