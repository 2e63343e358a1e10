// Package spki reads public keys as certificates, DG14, DG15 and EF.CardSecurity have them: SubjectPublicKeyInfo
// (RFC 5280 §4.1.2.7) with RSA, elliptic-curve, Diffie-Hellman and DSA keys.
//
// Start with Parse. Domain parameters are taken by name, by the numbers that ICAO 9303-11 §9.5.1 gives them, or spelled
// out; spelled out they must be those of a known curve, with its generator and order.
package spki

import (
	"errors"
	"fmt"
	"math/big"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/dh"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/tlv"
)

// Errors of Parse.
var (
	ErrFormat = errors.New("spki: malformed public key")
	// ErrUnsupported: an algorithm or a curve that this program does not know. Nothing is wrong with the key.
	ErrUnsupported = errors.New("spki: public key of an unknown kind")
	// ErrParameters: domain parameters that are almost those of a known curve, with another generator, order or
	// coefficient. Whoever makes such a key can make it fit signatures of others (CVE-2020-0601).
	ErrParameters = errors.New("spki: domain parameters are those of no curve")
)

// Object identifiers of keys.
const (
	oidRSA      = "1.2.840.113549.1.1.1"
	oidRSAPSS   = "1.2.840.113549.1.1.10"
	oidEC       = "1.2.840.10045.2.1"
	oidPrime    = "1.2.840.10045.1.1"
	oidDHPublic = "1.2.840.10046.2.1"    // X9.42
	oidDHPKCS3  = "1.2.840.113549.1.3.1" // PKCS #3
	oidDSA      = "1.2.840.10040.4.1"
	oidStandard = "0.4.0.127.0.7.1.2" // standardizedDomainParameters, 9303-11 §9.5.1
)

// Limits, and the members of ECParameters.
const (
	maxRSABits    = 8192
	minRSABits    = 512 // specimens; whether it is enough is for the policy to say
	maxExponent   = 1 << 33
	minDSABits    = 512
	maxDSABits    = 4096
	minOrderBits  = 160 // FIPS 186-2 to 186-4 §4.2
	maxOrderBits  = 512 // twice what it has; longer ones only cost time
	ecParamFields = 6
)

// Key is a public key. Exactly one of RSA, EC, DH and DSA is set.
type Key struct {
	Algorithm  string // object identifier in dots
	Parameters []byte // TLV of the algorithm's parameters, nil if absent
	Raw        []byte // the whole structure
	Bits       []byte // contents of the bit string

	RSA *RSA
	EC  *EC
	DH  *DH
	DSA *DSA
}

// RSA is an RSA key.
type RSA struct {
	N *big.Int
	E int64
}

// EC is a point on a known curve.
type EC struct {
	Curve    *ec.Curve
	Point    ec.Point
	Explicit bool // the parameters were spelled out
}

// DH is a number in a group.
type DH struct {
	Group  *dh.Group
	Public *big.Int
}

// DSA is a DSA key (FIPS 186-4 §4).
type DSA struct {
	P, Q, G, Y *big.Int
}

// Parse reads a SubjectPublicKeyInfo.
func Parse(o tlv.Object) (Key, error) {
	parts, err := der.Exactly(o, 2, 2)
	if err != nil {
		return Key{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	k := Key{Raw: o.Raw}
	if k.Bits, err = der.BitString(parts[1]); err != nil {
		return Key{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	algorithm, err := der.Exactly(parts[0], 1, 2)
	if err != nil {
		return Key{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if k.Algorithm, err = der.OID(algorithm[0]); err != nil {
		return Key{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	var parameters tlv.Object
	if len(algorithm) == 2 {
		parameters = algorithm[1]
		k.Parameters = parameters.Raw
	}
	return k, k.interpret(parameters)
}

func (k *Key) interpret(parameters tlv.Object) (err error) {
	switch k.Algorithm {
	case oidRSA, oidRSAPSS:
		k.RSA, err = parseRSA(k.Bits)
	case oidEC:
		k.EC, err = parseEC(parameters, k.Bits)
	case oidDHPublic:
		k.DH, err = parseDH(parameters, k.Bits, true)
	case oidDHPKCS3:
		k.DH, err = parseDH(parameters, k.Bits, false)
	case oidDSA:
		k.DSA, err = parseDSA(parameters, k.Bits)
	case oidStandard:
		err = k.standardized(parameters)
	default:
		err = fmt.Errorf("%w: %s", ErrUnsupported, k.Algorithm)
	}
	return err
}

func parseRSA(bits []byte) (*RSA, error) {
	numbers, err := naturals(bits, 2)
	if err != nil {
		return nil, err
	}
	n, e := numbers[0], numbers[1]
	if n.BitLen() < minRSABits || n.BitLen() > maxRSABits || n.Bit(0) == 0 || e.Cmp(big.NewInt(maxExponent)) > 0 ||
		e.Cmp(big.NewInt(1)) <= 0 {
		return nil, fmt.Errorf("%w: RSA of %d bits with an exponent of %d", ErrFormat, n.BitLen(), e.BitLen())
	}
	return &RSA{n, e.Int64()}, nil
}

// naturals reads a SEQUENCE of count numbers.
func naturals(b []byte, count int) ([]*big.Int, error) {
	o, err := der.One(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return naturalsOf(o, count)
}

// naturalsOf reads the first count numbers of a SEQUENCE.
func naturalsOf(o tlv.Object, count int) ([]*big.Int, error) {
	members, err := der.Sequence(o)
	if err != nil || len(members) < count {
		return nil, fmt.Errorf("%w: %d numbers wanted", ErrFormat, count)
	}
	var out []*big.Int
	for _, m := range members[:count] {
		n, err := der.Natural(m)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		out = append(out, n)
	}
	return out, nil
}

func parseEC(parameters tlv.Object, bits []byte) (*EC, error) {
	curve, explicit, err := curveOf(parameters)
	if err != nil {
		return nil, err
	}
	point, err := curve.DecodePoint(bits)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return &EC{curve, point, explicit}, nil
}

// curveOf reads EcpkParameters (RFC 3279 §2.3.5, TR-03111 §5.1): a name, or everything spelled out.
func curveOf(o tlv.Object) (curve *ec.Curve, explicit bool, err error) {
	if o.Tag == der.TagOID {
		name, err := der.OID(o)
		if err != nil {
			return nil, false, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		if curve, ok := ec.ByOID(name); ok {
			return curve, false, nil
		}
		return nil, false, fmt.Errorf("%w: curve %s", ErrUnsupported, name)
	}
	p, err := explicitParameters(o)
	if err != nil {
		return nil, true, err
	}
	if curve, ok := ec.Match(p); ok {
		return curve, true, nil
	}
	if ec.KnownField(p.P) {
		return nil, true, ErrParameters
	}
	return nil, true, fmt.Errorf("%w: explicit curve over %d bits", ErrUnsupported, p.P.BitLen())
}

// explicitParameters reads ECParameters of TR-03111 §5.1.1: version, field, coefficients, generator, order, cofactor.
func explicitParameters(o tlv.Object) (p ec.Parameters, err error) {
	parts, err := der.Sequence(o)
	if err != nil || len(parts) < ecParamFields-1 {
		return p, fmt.Errorf("%w: elliptic curve parameters", ErrFormat)
	}
	field, err := der.Exactly(parts[1], 2, 2)
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	kind, err := der.OID(field[0])
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if kind != oidPrime {
		return p, fmt.Errorf("%w: field %s", ErrUnsupported, kind)
	}
	coefficients, err := der.Sequence(parts[2])
	if err != nil || len(coefficients) < 2 {
		return p, fmt.Errorf("%w: coefficients", ErrFormat)
	}
	if p.P, err = der.Natural(field[1]); err != nil {
		return p, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if p.N, err = der.Natural(parts[4]); err != nil {
		return p, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	p.A, p.B = new(big.Int).SetBytes(coefficients[0].Value), new(big.Int).SetBytes(coefficients[1].Value)
	if len(parts) >= ecParamFields && parts[5].Tag == der.TagInteger {
		if p.Cofactor, err = der.Natural(parts[5]); err != nil {
			return p, fmt.Errorf("%w: %w", ErrFormat, err)
		}
	}
	return p, generator(&p, parts[3].Value)
}

// generator fills in the base point, which may be compressed. Roots are taken in the fields of known curves only: what
// is said to be the prime of another may be anything, and the curve is of no use anyhow.
func generator(p *ec.Parameters, raw []byte) error {
	size := (p.P.BitLen() + 7) / 8
	switch {
	case len(raw) == 1+2*size:
		p.Gx, p.Gy = new(big.Int).SetBytes(raw[1:1+size]), new(big.Int).SetBytes(raw[1+size:])
	case len(raw) == 1+size && !ec.KnownField(p.P):
		return fmt.Errorf("%w: explicit curve over %d bits", ErrUnsupported, p.P.BitLen())
	case len(raw) == 1+size:
		p.Gx = new(big.Int).SetBytes(raw[1:])
		right := new(big.Int).Exp(p.Gx, big.NewInt(3), p.P)
		right.Add(right, new(big.Int).Mul(p.A, p.Gx)).Add(right, p.B).Mod(right, p.P)
		if p.Gy = new(big.Int).ModSqrt(right, p.P); p.Gy == nil {
			return ErrParameters
		}
		if p.Gy.Bit(0) != uint(raw[0]&1) {
			p.Gy.Sub(p.P, p.Gy)
		}
	default:
		return fmt.Errorf("%w: generator of %d bytes", ErrFormat, len(raw))
	}
	return nil
}

// parseDH reads p, g and, where the kind of key has it, the order q as the third number: in PKCS #3 that place is for the
// length of private keys.
func parseDH(parameters tlv.Object, bits []byte, withOrder bool) (*DH, error) {
	group, err := parseGroup(parameters, withOrder)
	if err != nil {
		return nil, err
	}
	o, err := der.One(bits)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	y, err := der.Natural(o)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if err := group.Validate(y); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return &DH{group, y}, nil
}

func parseGroup(parameters tlv.Object, withOrder bool) (*dh.Group, error) {
	p, g, q, err := groupNumbers(parameters, withOrder)
	if err != nil {
		return nil, err
	}
	return groupOf(p, g, q)
}

// groupNumbers reads prime, generator and order; the order is nil where there is none.
func groupNumbers(parameters tlv.Object, withOrder bool) (p, g, q *big.Int, err error) {
	members, err := der.Sequence(parameters)
	if err != nil || len(members) < 2 {
		return nil, nil, nil, fmt.Errorf("%w: Diffie-Hellman parameters", ErrFormat)
	}
	numbers, err := naturalsOf(parameters, 2)
	if err != nil {
		return nil, nil, nil, err
	}
	if withOrder && len(members) > 2 && members[2].Tag == der.TagInteger {
		if q, err = der.Natural(members[2]); err != nil {
			return nil, nil, nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
	}
	return numbers[0], numbers[1], q, nil
}

// groupOf finds the group of a prime, a generator and an order. Without an order (nil) only a standardized group will
// do: in another one nobody could tell whether a public key gives the private one away.
func groupOf(p, g, q *big.Int) (*dh.Group, error) {
	known, ok := dh.Match(p, g)
	switch {
	case ok && q != nil && q.Cmp(known.Q) != 0:
		return nil, ErrParameters
	case ok:
		return known, nil
	case q == nil:
		return nil, fmt.Errorf("%w: group without an order", ErrUnsupported)
	}
	group, err := dh.New(p, g, q)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return group, nil
}

func parseDSA(parameters tlv.Object, contents []byte) (*DSA, error) {
	numbers, err := naturalsOf(parameters, 3)
	if err != nil {
		return nil, err
	}
	o, err := der.One(contents)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	y, err := der.Natural(o)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	k := &DSA{numbers[0], numbers[1], numbers[2], y}
	bits := k.P.BitLen()
	if bits > maxDSABits || bits < minDSABits || k.P.Bit(0) == 0 || k.Q.BitLen() >= bits || k.Q.BitLen() < minOrderBits || k.Q.BitLen() > maxOrderBits {
		return nil, fmt.Errorf("%w: DSA of %d bits with an order of %d", ErrFormat, bits, k.Q.BitLen())
	}
	// Signatures of a key 1, or over a generator 1, fit every message.
	for _, x := range []*big.Int{k.G, k.Y} {
		if one := big.NewInt(1); x.Cmp(one) <= 0 || x.Cmp(k.P) >= 0 || new(big.Int).Exp(x, k.Q, k.P).Cmp(one) != 0 {
			return nil, fmt.Errorf("%w: DSA key outside its group", ErrFormat)
		}
	}
	return k, nil
}

// standardized reads a key whose algorithm is the number of its domain parameters (9303-11 §9.5.1 and TR-03110-3 §D.3).
func (k *Key) standardized(parameters tlv.Object) error {
	id, err := der.Small(parameters)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if curve, ok := ec.ByID(id); ok {
		point, err := curve.Decode(k.Bits)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrFormat, err)
		}
		k.EC = &EC{Curve: curve, Point: point}
		return nil
	}
	group, ok := dh.ByID(id)
	if !ok {
		return fmt.Errorf("%w: standardized domain parameters %d", ErrUnsupported, id)
	}
	o, err := der.One(k.Bits)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	y, err := der.Natural(o)
	if err != nil || group.Validate(y) != nil {
		return fmt.Errorf("%w: not in group %d", ErrFormat, id)
	}
	k.DH = &DH{group, y}
	return nil
}
