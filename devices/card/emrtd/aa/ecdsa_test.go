package aa_test

import (
	"crypto"
	"crypto/rand"
	"errors"
	"math/big"
	"slices"
	"testing"

	"motcua/devices/card/emrtd/aa"
	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/spki"
	"motcua/devices/card/tlv"
)

// ecdsaSigner is a key on some curve.
type ecdsaSigner struct {
	curve   *ec.Curve
	private *big.Int
	public  ec.Point
	size    int
}

func newECDSA(t *testing.T, c *ec.Curve) ecdsaSigner {
	t.Helper()
	private, public, err := c.GenerateKey(rand.Reader, c.Generator())
	if err != nil {
		t.Fatal(err)
	}
	return ecdsaSigner{c, private, public, (c.N.BitLen() + 7) / 8}
}

func (s ecdsaSigner) key() spki.Key { return spki.Key{EC: &spki.EC{Curve: s.curve, Point: s.public}} }

// sign is FIPS 186-5 §6.4.1.
func (s ecdsaSigner) sign(t *testing.T, hash crypto.Hash, challenge []byte) (r, v *big.Int) {
	t.Helper()
	k, point, err := s.curve.GenerateKey(rand.Reader, s.curve.Generator())
	if err != nil {
		t.Fatal(err)
	}
	e := new(big.Int).SetBytes(sum(hash, challenge))
	if excess := 8*hash.Size() - s.curve.N.BitLen(); excess > 0 {
		e.Rsh(e, uint(excess))
	}
	r = new(big.Int).Mod(point.X, s.curve.N)
	v = new(big.Int).Mul(r, s.private)
	v.Add(v, e).Mul(v, new(big.Int).ModInverse(k, s.curve.N)).Mod(v, s.curve.N)
	return r, v
}

func plain(size int, r, s *big.Int) []byte {
	return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
}

func integer(n *big.Int) []byte {
	return tlv.New(der.TagInteger, n.FillBytes(make([]byte, n.BitLen()/8+1)))
}

func encoded(members ...[]byte) []byte { return tlv.New(der.TagSequence, members...) }

// TestECDSA: AA-05, every curve with every hash in both forms, whatever DG14 says.
func TestECDSA(t *testing.T) {
	for id := 8; id <= 18; id++ {
		c, ok := ec.ByID(id)
		if !ok {
			t.Fatal(id)
		}
		t.Run(c.Name, func(t *testing.T) {
			signer := newECDSA(t, c)
			for i, hash := range hashes {
				r, s := signer.sign(t, hash, challenge)
				info := []*lds.ActiveAuthentication{nil, {Hash: hash}, {Hash: hashes[(i+1)%len(hashes)]}}[(id+i)%3]
				for kind, response := range map[string][]byte{
					"ECDSA plain": plain(signer.size, r, s), "ECDSA DER": encoded(integer(r), integer(s)),
				} {
					if result, err := aa.Verify(signer.key(), info, challenge, response); err != nil || result != (aa.Result{Hash: hash, Kind: kind}) {
						t.Errorf("%v %s: %+v, %v", hash, kind, result, err)
					}
				}
			}
		})
	}
}

// TestECDSABounds: AA-06, r and s of nothing or beyond the order. On these curves the order has room for s+n in plain
// form too, now and then (brainpoolP320r1) or always (secp521r1).
func TestECDSABounds(t *testing.T) {
	for _, id := range []int{12, 14, 18} {
		c, _ := ec.ByID(id)
		signer := newECDSA(t, c)
		r, s := signer.sign(t, crypto.SHA256, challenge)
		zero, n := new(big.Int), c.N
		plus := func(x *big.Int) *big.Int { return new(big.Int).Add(x, n) }
		for name, v := range map[string][2]*big.Int{
			"r zero": {zero, s}, "s zero": {r, zero}, "both zero": {zero, zero}, "r is n": {n, s}, "s is n": {r, n},
			"both n": {n, n}, "r+n": {plus(r), s}, "s+n": {r, plus(s)}, "s+2n": {r, plus(plus(s))}, "swapped": {s, r},
		} {
			responses := map[string][]byte{"DER": encoded(integer(v[0]), integer(v[1]))}
			if max(v[0].BitLen(), v[1].BitLen()) <= 8*signer.size {
				responses["plain"] = plain(signer.size, v[0], v[1])
			}
			for form, response := range responses {
				if result, err := aa.Verify(signer.key(), nil, challenge, response); !errors.Is(err, aa.ErrSignature) {
					t.Errorf("%s, %s, %s: %+v, %v", c.Name, name, form, result, err)
				}
			}
		}
	}
}

// TestECDSAForms: what is read and what is refused beside the two forms that TR-03111 §5.2 has.
func TestECDSAForms(t *testing.T) {
	c := ec.BrainpoolP256r1()
	signer := newECDSA(t, c)
	r, s := signer.sign(t, crypto.SHA256, challenge)
	for r.Bit(255) == 0 || s.Bit(255) == 0 { // so that both need a zero byte in DER
		r, s = signer.sign(t, crypto.SHA256, challenge)
	}
	bare := func(n *big.Int) []byte { return tlv.New(der.TagInteger, n.Bytes()) }
	for name, v := range map[string]struct {
		response []byte
		good     bool
	}{
		"plain":                 {plain(32, r, s), true},
		"DER":                   {encoded(integer(r), integer(s)), true},
		"DER without the sign":  {encoded(bare(r), bare(s)), true},
		"DER with zeros behind": {append(encoded(integer(r), integer(s)), 0, 0), true},
		"DER with bytes behind": {append(encoded(integer(r), integer(s)), 1), false},
		"DER of three":          {encoded(integer(r), integer(s), integer(s)), false},
		"DER of one":            {encoded(integer(r)), false},
		"DER of none":           {encoded(), false},
		"DER of strings":        {encoded(tlv.New(der.TagOctetString, r.Bytes()), tlv.New(der.TagOctetString, s.Bytes())), false},
		"DER of empty numbers":  {encoded(tlv.New(der.TagInteger), tlv.New(der.TagInteger)), false},
		"DER in a set":          {tlv.New(der.TagSet, integer(r), integer(s)), false},
		"DER cut short":         {encoded(integer(r), integer(s))[:60], false},
		"a byte each too much":  {plain(33, r, s), false},
		"one byte":              {[]byte{1}, false},
		"two bytes":             {[]byte{1, 1}, false},
		"two zero bytes":        {[]byte{0, 0}, false},
		"r alone":               {r.Bytes(), false},
		"little endian":         {slices.Concat(reversed(r.Bytes()), reversed(s.Bytes())), false},
		"uncompressed point":    {c.Encode(signer.public), false},
		"plain and a zero byte": {append(plain(32, r, s), 0), false},
	} {
		if _, err := aa.Verify(signer.key(), nil, challenge, v.response); (err == nil) != v.good || err != nil && !errors.Is(err, aa.ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func reversed(b []byte) []byte {
	b = slices.Clone(b)
	slices.Reverse(b)
	return b
}

// TestECDSAZerosCut: AA-07. On secp521r1 every second number begins with a zero byte. Cut from both, r and s can still be
// told apart; cut from one they cannot, and the signature is refused.
func TestECDSAZerosCut(t *testing.T) {
	c, _ := ec.ByID(18)
	signer := newECDSA(t, c)
	both, one := false, false
	for !both || !one {
		r, s := signer.sign(t, crypto.SHA512, challenge)
		_, err := aa.Verify(signer.key(), nil, challenge, append(r.Bytes(), s.Bytes()...))
		switch a, b := len(r.Bytes()), len(s.Bytes()); {
		case a == b && a == signer.size-1:
			if both = true; err != nil {
				t.Errorf("both cut: %v", err)
			}
		case a != b:
			if one = true; !errors.Is(err, aa.ErrSignature) {
				t.Errorf("%d and %d bytes: %v", a, b, err)
			}
		}
	}
}
