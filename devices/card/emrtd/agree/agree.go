// Package agree is the key agreement under PACE and chip authentication, the same over an elliptic curve and over a
// group of numbers (ICAO 9303-11 §9.5 and §9.6).
//
// Start with ByID for standardized domain parameters or Of for a chip's public key. Everything that a Group decodes is in
// the group: a caller needs to check only what its protocol demands beyond that.
package agree

import (
	"errors"
	"fmt"
	"io"
	"math/big"

	"motcua/devices/card/emrtd/dh"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/spki"
	"motcua/devices/card/tlv"
)

// ErrElement: bytes that are no element of the group, or the neutral one where that gives a secret away.
var ErrElement = errors.New("agree: not a public key of the group")

// Tags of a public key in the data object 7F49, 9303-11 §9.4.
const (
	tagNumber tlv.Tag = 0x84
	tagPoint  tlv.Tag = 0x86
)

// Element of a group: a point or a number, whichever the group has.
type Element struct {
	point  ec.Point
	number *big.Int
}

// Group is a set of domain parameters.
type Group interface {
	// Name is for logs.
	Name() string
	// Generator is the one of the domain parameters.
	Generator() Element
	// Generate draws a private key and applies it to base.
	Generate(random io.Reader, base Element) (private *big.Int, public Element, err error)
	// Apply is private times (to the power of) an element; ErrElement if the result is neutral.
	Apply(private *big.Int, e Element) (Element, error)
	// Decode reads and validates a public key.
	Decode(b []byte) (Element, error)
	// Encode writes a public key as commands carry it.
	Encode(e Element) []byte
	// Secret writes an agreed element as key derivation takes it: the x coordinate, or the number, with leading zeros.
	Secret(e Element) []byte
	// Same compares two elements as a protocol must: points by their x coordinate alone.
	Same(a, b Element) bool
	// Order is the order of the group.
	Order() *big.Int
	// Prime is that of the field.
	Prime() *big.Int
	// Tag is that of a public key inside 7F49.
	Tag() tlv.Tag
	// MapGeneric is PACE's generic mapping of a nonce: nonce applied to the generator, combined with h.
	MapGeneric(nonce *big.Int, h Element) (Element, error)
	// MapIntegrated is PACE's integrated mapping of a pseudo-random number below the prime.
	MapIntegrated(x *big.Int) (Element, error)
}

// ByID gives the standardized domain parameters of 9303-11 table 6: 0 to 2 and 8 to 18.
func ByID(id int) (Group, bool) {
	if c, ok := ec.ByID(id); ok {
		return curve{c}, true
	}
	if g, ok := dh.ByID(id); ok {
		return numbers{g}, true
	}
	return nil, false
}

// Of gives the group of a public key, and the key as its element; false for a key that is for something else.
func Of(k spki.Key) (Group, Element, bool) {
	switch {
	case k.EC != nil:
		return curve{k.EC.Curve}, Element{point: k.EC.Point}, true
	case k.DH != nil:
		return numbers{k.DH.Group}, Element{number: k.DH.Public}, true
	}
	return nil, Element{}, false
}

// curve is a Group of points.
type curve struct{ *ec.Curve }

func (c curve) Name() string { return c.Curve.Name }

func (c curve) Generator() Element { return Element{point: c.Curve.Generator()} }

func (c curve) Generate(random io.Reader, base Element) (*big.Int, Element, error) {
	private, public, err := c.GenerateKey(random, base.point)
	return private, Element{point: public}, err
}

func (c curve) Apply(private *big.Int, e Element) (Element, error) {
	p := c.Multiply(private, e.point)
	if p.Infinity() {
		return Element{}, fmt.Errorf("%w: the point at infinity", ErrElement)
	}
	return Element{point: p}, nil
}

func (c curve) Decode(b []byte) (Element, error) {
	p, err := c.Curve.Decode(b)
	if err != nil {
		return Element{}, fmt.Errorf("%w: %w", ErrElement, err)
	}
	return Element{point: p}, nil
}

func (c curve) Encode(e Element) []byte { return c.Curve.Encode(e.point) }
func (c curve) Secret(e Element) []byte { return c.EncodeX(e.point) }
func (c curve) Same(a, b Element) bool  { return a.point.X.Cmp(b.point.X) == 0 }
func (c curve) Order() *big.Int         { return c.N }
func (c curve) Prime() *big.Int         { return c.P }
func (c curve) Tag() tlv.Tag            { return tagPoint }

// MapGeneric is G' = s·G + H, 9303-11 §4.4.3.3.1.
func (c curve) MapGeneric(nonce *big.Int, h Element) (Element, error) {
	p := c.Add(c.Multiply(nonce, c.Curve.Generator()), h.point)
	if p.Infinity() {
		return Element{}, fmt.Errorf("%w: mapped to infinity", ErrElement)
	}
	return Element{point: p}, nil
}

// MapIntegrated is the point encoding of 9303-11 appendix B.2.
func (c curve) MapIntegrated(x *big.Int) (Element, error) {
	p, err := c.MapToPoint(x)
	if err != nil {
		return Element{}, fmt.Errorf("%w: %w", ErrElement, err)
	}
	return Element{point: p}, nil
}

// numbers is a Group of numbers modulo a prime.
type numbers struct{ *dh.Group }

func (n numbers) Name() string { return fmt.Sprintf("DH %d/%d", n.P.BitLen(), n.Q.BitLen()) }

func (n numbers) Generator() Element { return Element{number: n.G} }

func (n numbers) Generate(random io.Reader, base Element) (*big.Int, Element, error) {
	private, public, err := n.GenerateKey(random, base.number)
	return private, Element{number: public}, err
}

func (n numbers) Apply(private *big.Int, e Element) (Element, error) {
	return n.proper(n.Shared(private, e.number))
}

// proper refuses what is no generator of anything.
func (n numbers) proper(x *big.Int) (Element, error) {
	if x.Cmp(big.NewInt(1)) <= 0 {
		return Element{}, fmt.Errorf("%w: the number %d", ErrElement, x)
	}
	return Element{number: x}, nil
}

func (n numbers) Decode(b []byte) (Element, error) {
	y, err := n.Group.Decode(b)
	if err != nil {
		return Element{}, fmt.Errorf("%w: %w", ErrElement, err)
	}
	return Element{number: y}, nil
}

func (n numbers) Encode(e Element) []byte { return n.Group.Encode(e.number) }
func (n numbers) Secret(e Element) []byte { return n.Group.Encode(e.number) }
func (n numbers) Same(a, b Element) bool  { return a.number.Cmp(b.number) == 0 }
func (n numbers) Order() *big.Int         { return n.Q }
func (n numbers) Prime() *big.Int         { return n.P }
func (n numbers) Tag() tlv.Tag            { return tagNumber }

// MapGeneric is g' = g^s · h, 9303-11 §4.4.3.3.1.
func (n numbers) MapGeneric(nonce *big.Int, h Element) (Element, error) {
	x := new(big.Int).Exp(n.G, nonce, n.P)
	return n.proper(x.Mul(x, h.number).Mod(x, n.P))
}

// MapIntegrated is x^((p-1)/q), 9303-11 §4.4.3.3.2.
func (n numbers) MapIntegrated(x *big.Int) (Element, error) {
	cofactor := new(big.Int).Sub(n.P, big.NewInt(1))
	cofactor.Div(cofactor, n.Q)
	return n.proper(new(big.Int).Exp(x, cofactor, n.P))
}
