package spki_test

import (
	"bytes"
	"errors"
	"math/big"
	"slices"
	"testing"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/dh"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/spki"
	"motcua/devices/card/tlv"
)

// Object identifiers, as they stand in a key.
const (
	ecPublicKey  = "1.2.840.10045.2.1"
	primeField   = "1.2.840.10045.1.1"
	binaryField  = "1.2.840.10045.1.2"
	x942         = "1.2.840.10046.2.1"
	pkcs3        = "1.2.840.113549.1.3.1"
	dsa          = "1.2.840.10040.4.1"
	rsa          = "1.2.840.113549.1.1.1"
	standardized = "0.4.0.127.0.7.1.2"
)

func sequence(items ...[]byte) []byte { return tlv.New(der.TagSequence, items...) }

func number(n *big.Int) []byte {
	return tlv.New(der.TagInteger, n.FillBytes(make([]byte, n.BitLen()/8+1)))
}

func small(n int64) []byte { return number(big.NewInt(n)) }

func octets(b []byte) []byte { return tlv.New(der.TagOctetString, b) }

func bits(b []byte) []byte { return tlv.New(der.TagBitString, []byte{0}, b) }

func oid(t testing.TB, dotted string) []byte {
	t.Helper()
	b, err := der.EncodeOID(dotted)
	if err != nil {
		t.Fatal(err)
	}
	return tlv.New(der.TagOID, b)
}

// info is a SubjectPublicKeyInfo. parameters nil: absent.
func info(t testing.TB, algorithm string, parameters, key []byte) []byte {
	return sequence(sequence(oid(t, algorithm), parameters), bits(key))
}

// spelled are ECParameters that a test can change before they are written.
type spelled struct {
	version, p, a, b, n *big.Int
	field               string
	generator           []byte
	cofactor            []byte // TLV, nil if absent
	seed                []byte
	extra               []byte
}

func spell(c *ec.Curve) *spelled {
	return &spelled{version: big.NewInt(1), p: c.P, a: c.A, b: c.B, n: c.N, field: primeField,
		generator: c.Encode(c.Generator()), cofactor: small(1)}
}

func (s *spelled) der(t testing.TB) []byte {
	size := (s.p.BitLen() + 7) / 8
	coefficient := func(n *big.Int) []byte { return octets(n.FillBytes(make([]byte, max(size, (n.BitLen()+7)/8)))) }
	return sequence(number(s.version), sequence(oid(t, s.field), number(s.p)),
		sequence(coefficient(s.a), coefficient(s.b), s.seed), octets(s.generator), number(s.n), s.cofactor, s.extra)
}

// TestExplicitParameters: spelled out, a curve must be a known one in all its numbers. What differs in one of them is an
// imitation (CVE-2020-0601: with a signer's public key as the generator, 1 is its private key); a curve over another
// field is only unknown.
func TestExplicitParameters(t *testing.T) {
	c := ec.BrainpoolP256r1()
	plus := func(n *big.Int, d int64) *big.Int { return new(big.Int).Add(n, big.NewInt(d)) }
	other := c.Multiply(big.NewInt(2), c.Generator())
	compressed := func(p ec.Point) []byte {
		return append([]byte{2 | byte(p.Y.Bit(0))}, p.X.FillBytes(make([]byte, c.Size))...)
	}
	for name, v := range map[string]struct {
		change func(*spelled)
		want   error
	}{
		"as they are":                 {func(*spelled) {}, nil},
		"without cofactor":            {func(s *spelled) { s.cofactor = nil }, nil},
		"with a seed":                 {func(s *spelled) { s.seed = bits([]byte("seed of the curve.. ")) }, nil},
		"generator compressed":        {func(s *spelled) { s.generator = compressed(c.Generator()) }, nil},
		"version 2":                   {func(s *spelled) { s.version = big.NewInt(2) }, nil},
		"other generator":             {func(s *spelled) { s.generator = c.Encode(other) }, spki.ErrParameters},
		"other generator, compressed": {func(s *spelled) { s.generator = compressed(other) }, spki.ErrParameters},
		"generator negated":           {func(s *spelled) { s.generator = c.Encode(c.Negate(c.Generator())) }, spki.ErrParameters},
		"generator negated, compressed": {func(s *spelled) {
			s.generator = compressed(c.Negate(c.Generator()))
		}, spki.ErrParameters},
		"generator without a root": {func(s *spelled) { s.generator = slices.Concat([]byte{2}, make([]byte, c.Size-1), []byte{4}) }, spki.ErrParameters},
		"generator at infinity":    {func(s *spelled) { s.generator = []byte{0} }, spki.ErrFormat},
		"no generator":             {func(s *spelled) { s.generator = nil }, spki.ErrFormat},
		"other order":              {func(s *spelled) { s.n = plus(c.N, 2) }, spki.ErrParameters},
		"other a":                  {func(s *spelled) { s.a = plus(c.A, 1) }, spki.ErrParameters},
		"a plus p":                 {func(s *spelled) { s.a = new(big.Int).Add(c.A, c.P) }, spki.ErrParameters},
		"other b":                  {func(s *spelled) { s.b = plus(c.B, -1) }, spki.ErrParameters},
		"cofactor 2":               {func(s *spelled) { s.cofactor = small(2) }, spki.ErrParameters},
		"other field":              {func(s *spelled) { s.p = plus(c.P, 2) }, spki.ErrUnsupported},
		"other field, compressed":  {func(s *spelled) { s.p, s.generator = plus(c.P, 2), compressed(other) }, spki.ErrUnsupported},
		"field of two":             {func(s *spelled) { s.p, s.generator = big.NewInt(2), []byte{2, 1} }, spki.ErrUnsupported},
		"field of one":             {func(s *spelled) { s.p, s.generator = big.NewInt(1), []byte{3, 1} }, spki.ErrUnsupported},
		"field of none":            {func(s *spelled) { s.p, s.generator = new(big.Int), []byte{4} }, spki.ErrUnsupported},
		"binary field":             {func(s *spelled) { s.field = binaryField }, spki.ErrUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			s := spell(c)
			v.change(s)
			k, err := parse(info(t, ecPublicKey, s.der(t), c.Encode(other)))
			if !errors.Is(err, v.want) {
				t.Fatalf("%v, want %v", err, v.want)
			}
			if v.want == nil && (k.EC.Curve != c || !k.EC.Explicit) {
				t.Errorf("%+v", k.EC)
			}
			for _, e := range []error{spki.ErrFormat, spki.ErrUnsupported, spki.ErrParameters} {
				if e != v.want && errors.Is(err, e) {
					t.Errorf("%v is also %v", err, e)
				}
			}
		})
	}
}

// made is a key that no tool makes, with the error that it is to give.
type made struct {
	name string
	der  []byte
	want error
}

func madeKeys(t testing.TB) []made {
	return slices.Concat(madeCurveKeys(t), madeNumberKeys(t), madeStandardized(t), madeOther(t))
}

func madeCurveKeys(t testing.TB) []made {
	c := ec.BrainpoolP256r1()
	point := c.Encode(c.Generator())
	off := bytes.Clone(point)
	off[len(off)-1] ^= 1
	hybrid := bytes.Clone(point)
	hybrid[0] = 6 | byte(c.Gy.Bit(0))
	name := oid(t, c.OID)
	return []made{
		{"brainpoolP256r1", info(t, ecPublicKey, name, point), nil},
		{"point off the curve", info(t, ecPublicKey, name, off), spki.ErrFormat},
		{"hybrid point", info(t, ecPublicKey, name, hybrid), spki.ErrFormat},
		{"point at infinity", info(t, ecPublicKey, name, []byte{0}), spki.ErrFormat},
		{"no point", info(t, ecPublicKey, name, nil), spki.ErrFormat},
		{"no parameters", info(t, ecPublicKey, nil, point), spki.ErrFormat},
		{"NULL as parameters", info(t, ecPublicKey, tlv.New(der.TagNull), point), spki.ErrFormat},
		{"curve of another field", info(t, ecPublicKey, oid(t, "1.3.132.0.1"), point), spki.ErrUnsupported},
		{"parameters cut short", info(t, ecPublicKey, sequence(small(1), sequence()), point), spki.ErrFormat},
		{"field without a prime", info(t, ecPublicKey, sequence(small(1), sequence(oid(t, primeField)), sequence(), octets(nil), small(1)), point), spki.ErrFormat},
		{"field without a name", info(t, ecPublicKey, sequence(small(1), sequence(small(1), small(7)), sequence(octets(nil), octets(nil)), octets(nil), small(1)), point), spki.ErrFormat},
		{"one coefficient", info(t, ecPublicKey, sequence(small(1), sequence(oid(t, primeField), small(7)), sequence(octets(nil)), octets(nil), small(1)), point), spki.ErrFormat},
	}
}

func madeNumberKeys(t testing.TB) []made {
	known, _ := dh.ByID(0)
	p, q, g := known.P, known.Q, known.G
	one := big.NewInt(1)
	y := number(new(big.Int).Exp(g, big.NewInt(0x990), p))
	group := func(numbers ...*big.Int) []byte {
		var all [][]byte
		for _, n := range numbers {
			all = append(all, number(n))
		}
		return sequence(all...)
	}
	validation := sequence(bits(make([]byte, 20)), small(105))
	minus := new(big.Int).Sub(p, one)
	squared := new(big.Int).Exp(g, big.NewInt(2), p)
	return []made{
		{"group 0", info(t, x942, group(p, g, q), y), nil},
		{"group 0 with validation", info(t, x942, sequence(number(p), number(g), number(q), validation), y), nil},
		{"group 0 without order", info(t, x942, group(p, g), y), nil},
		{"group 0 by PKCS 3", info(t, pkcs3, group(p, g, big.NewInt(160)), y), nil},
		{"group 0 with another order", info(t, x942, group(p, g, new(big.Int).Add(q, one)), y), spki.ErrParameters},
		{"other generator of the same group", info(t, x942, group(p, squared, q), y), nil},
		{"generator of order two", info(t, x942, group(p, minus, q), y), spki.ErrUnsupported},
		{"other generator without order", info(t, x942, group(p, squared), y), spki.ErrUnsupported},
		{"other generator by PKCS 3", info(t, pkcs3, group(p, squared, q), y), spki.ErrUnsupported},
		{"prime that is none", info(t, x942, group(new(big.Int).Add(p, big.NewInt(2)), g, q), y), spki.ErrUnsupported},
		{"public key 1", info(t, x942, group(p, g, q), small(1)), spki.ErrFormat},
		{"public key p-1", info(t, x942, group(p, g, q), number(minus)), spki.ErrFormat},
		{"public key outside the subgroup", info(t, x942, group(p, g, q), small(2)), spki.ErrFormat},
		{"public key in a bit string only", info(t, x942, group(p, g, q), []byte{1, 2, 3}), spki.ErrFormat},
		{"prime only", info(t, x942, group(p), y), spki.ErrFormat},
		{"DSA", info(t, dsa, group(p, q, g), y), nil},
		{"DSA with the generator 1", info(t, dsa, group(p, q, one), y), spki.ErrFormat},
		{"DSA with the key 1", info(t, dsa, group(p, q, g), small(1)), spki.ErrFormat},
		{"DSA with a key outside the subgroup", info(t, dsa, group(p, q, g), small(2)), spki.ErrFormat},
		{"DSA with a key above p", info(t, dsa, group(p, q, g), number(new(big.Int).Add(p, one))), spki.ErrFormat},
		{"DSA with a short order", info(t, dsa, group(p, big.NewInt(7), g), y), spki.ErrFormat},
		{"DSA with inherited parameters", info(t, dsa, nil, y), spki.ErrFormat},
	}
}

func madeStandardized(t testing.TB) []made {
	c := ec.BrainpoolP256r1()
	point := c.Encode(c.Generator())
	compressed := append([]byte{2 | byte(c.Gy.Bit(0))}, point[1:1+c.Size]...)
	g2, _ := dh.ByID(2)
	return []made{
		{"domain 13", info(t, standardized, small(13), point), nil},
		{"domain 13, compressed", info(t, standardized, small(13), compressed), spki.ErrFormat},
		{"domain 2", info(t, standardized, small(2), number(g2.G)), nil},
		{"domain 2, outside the group", info(t, standardized, small(2), small(2)), spki.ErrFormat},
		{"domain 3, reserved", info(t, standardized, small(3), point), spki.ErrUnsupported},
		{"domain 32", info(t, standardized, small(32), point), spki.ErrUnsupported},
		{"domain 269", info(t, standardized, small(256+13), point), spki.ErrFormat},
		{"no domain", info(t, standardized, nil, point), spki.ErrFormat},
	}
}

func madeOther(t testing.TB) []made {
	null := tlv.New(der.TagNull)
	modulus := func(bitsLong uint) *big.Int {
		n := new(big.Int).Lsh(big.NewInt(1), bitsLong-1)
		return n.SetBit(n, 0, 1)
	}
	key := func(n, e *big.Int) []byte { return info(t, rsa, null, sequence(number(n), number(e))) }
	good := sequence(number(modulus(1024)), small(65537))
	return []made{
		{"RSA without NULL", info(t, rsa, nil, good), nil},
		{"RSA of 8192 bits", key(modulus(8192), big.NewInt(3)), nil},
		{"RSA of 8193 bits", key(modulus(8193), big.NewInt(3)), spki.ErrFormat},
		{"RSA of 511 bits", key(modulus(511), big.NewInt(3)), spki.ErrFormat},
		{"RSA with an even modulus", key(new(big.Int).Lsh(modulus(1024), 1), big.NewInt(3)), spki.ErrFormat},
		{"RSA with the exponent 1", key(modulus(1024), big.NewInt(1)), spki.ErrFormat},
		{"RSA with the exponent 0", key(modulus(1024), new(big.Int)), spki.ErrFormat},
		{"RSA with a long exponent", key(modulus(1024), modulus(40)), spki.ErrFormat},
		{"RSA with one number", info(t, rsa, null, sequence(small(3))), spki.ErrFormat},
		{"modulus that forgets its sign", info(t, rsa, null, sequence(tlv.New(der.TagInteger, modulus(1024).Bytes()), small(3))), nil},
		{"no sequence", small(1), spki.ErrFormat},
		{"three members", sequence(sequence(oid(t, rsa), null), bits(good), null), spki.ErrFormat},
		{"bits that are not whole bytes", sequence(sequence(oid(t, rsa), null), tlv.New(der.TagBitString, []byte{4}, good)), spki.ErrFormat},
		{"algorithm without a name", sequence(sequence(null), bits(good)), spki.ErrFormat},
		{"algorithm with two parameters", sequence(sequence(oid(t, rsa), null, null), bits(good)), spki.ErrFormat},
		{"X25519", info(t, "1.3.101.110", nil, make([]byte, 32)), spki.ErrUnsupported},
	}
}

func TestMadeKeys(t *testing.T) {
	for _, v := range madeKeys(t) {
		t.Run(v.name, func(t *testing.T) {
			k, err := parse(v.der)
			if !errors.Is(err, v.want) || (kinds(k) == 1) != (v.want == nil) {
				t.Errorf("%v, want %v; %s", err, v.want, describe(k))
			}
		})
	}
}
