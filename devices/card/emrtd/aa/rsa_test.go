package aa_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"errors"
	"math/big"
	"slices"
	"testing"

	"motcua/devices/card/emrtd/aa"
	"motcua/devices/card/emrtd/spki"
)

// signer is an RSA key that puts anything under a signature.
type signer struct {
	n, d *big.Int
	size int
}

func newSigner(t *testing.T, bits int) signer {
	t.Helper()
	one := big.NewInt(1)
	for {
		p, err := rand.Prime(rand.Reader, bits/2)
		if err != nil {
			t.Fatal(err)
		}
		q, err := rand.Prime(rand.Reader, bits-bits/2)
		if err != nil {
			t.Fatal(err)
		}
		n := new(big.Int).Mul(p, q)
		d := new(big.Int).ModInverse(big.NewInt(65537), new(big.Int).Mul(p.Sub(p, one), q.Sub(q, one)))
		if d != nil && n.BitLen() == bits {
			return signer{n, d, bits / 8}
		}
	}
}

func (s signer) key() spki.Key { return spki.Key{RSA: &spki.RSA{N: s.n, E: 65537}} }

func (s signer) sign(f []byte) *big.Int { return new(big.Int).Exp(new(big.Int).SetBytes(f), s.d, s.n) }

// bytes writes a signature in the size of the key, or as long as it is if that is longer.
func (s signer) bytes(x *big.Int) []byte {
	return x.FillBytes(make([]byte, max(s.size, (x.BitLen()+7)/8)))
}

// frame is a message representative in its parts. What it has room for is M1, all of the same byte.
type frame struct {
	header  byte
	hash    crypto.Hash
	trailer []byte
	digest  func(m1 []byte) []byte // nil: as it should be
}

func (s signer) frame(f frame, challenge []byte) []byte {
	m1 := bytes.Repeat([]byte{0xA5}, s.size-1-f.hash.Size()-len(f.trailer))
	digest := f.digest
	if digest == nil {
		digest = func(m1 []byte) []byte { return sum(f.hash, m1, challenge) }
	}
	return slices.Concat([]byte{f.header}, m1, digest(m1), f.trailer)
}

func sum(hash crypto.Hash, parts ...[]byte) []byte {
	h := hash.New()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

var challenge = []byte{0x99, 1, 2, 3, 4, 5, 6, 7}

// TestRepresentatives signs message representatives that are right, and others that are wrong in one place.
func TestRepresentatives(t *testing.T) {
	s := newSigner(t, 768)
	sha256 := []byte{0x34, 0xCC}
	for name, v := range map[string]struct {
		frame
		good bool
	}{
		"right":                         {frame{0x6A, crypto.SHA256, sha256, nil}, true},
		"SHA-1 by BC":                   {frame{0x6A, crypto.SHA1, []byte{0xBC}, nil}, true},
		"SHA-1 by 33CC":                 {frame{0x6A, crypto.SHA1, []byte{0x33, 0xCC}, nil}, true},
		"SHA-512, six bytes of M1 less": {frame{0x6A, crypto.SHA512, []byte{0x35, 0xCC}, nil}, true},
		"SHA-256 by BC":                 {frame{0x6A, crypto.SHA256, []byte{0xBC}, nil}, false},
		"SHA-256 by 35CC":               {frame{0x6A, crypto.SHA256, []byte{0x35, 0xCC}, nil}, false},
		"trailer 3FCC":                  {frame{0x6A, crypto.SHA256, []byte{0x3F, 0xCC}, nil}, false},
		"trailer FFCC":                  {frame{0x6A, crypto.SHA256, []byte{0xFF, 0xCC}, nil}, false},
		"RIPEMD-160":                    {frame{0x6A, crypto.SHA1, []byte{0x31, 0xCC}, nil}, false},
		"no trailer":                    {frame{0x6A, crypto.SHA256, nil, nil}, false},
		"challenge left out": {frame{0x6A, crypto.SHA256, sha256, func(m1 []byte) []byte {
			return sum(crypto.SHA256, m1)
		}}, false},
		"M1 left out": {frame{0x6A, crypto.SHA256, sha256, func([]byte) []byte {
			return sum(crypto.SHA256, challenge)
		}}, false},
		"challenge before M1": {frame{0x6A, crypto.SHA256, sha256, func(m1 []byte) []byte {
			return sum(crypto.SHA256, challenge, m1)
		}}, false},
		"header in the digest": {frame{0x6A, crypto.SHA256, sha256, func(m1 []byte) []byte {
			return sum(crypto.SHA256, []byte{0x6A}, m1, challenge)
		}}, false},
		"digest of zeros": {frame{0x6A, crypto.SHA256, sha256, func([]byte) []byte { return make([]byte, 32) }}, false},
	} {
		t.Run(name, func(t *testing.T) {
			signature := s.sign(s.frame(v.frame, challenge))
			// n-s is as good, or as bad, as s.
			for _, x := range []*big.Int{signature, new(big.Int).Sub(s.n, signature)} {
				result, err := aa.Verify(s.key(), nil, challenge, s.bytes(x))
				if v.good && (err != nil || result.Hash != v.hash) || !v.good && !errors.Is(err, aa.ErrSignature) {
					t.Errorf("%+v, %v", result, err)
				}
			}
		})
	}
}

// TestHeaders: of all first bytes that the modulus has room for, 6A alone will do. The padding of ISO/IEC 9796-2 (6B BB
// … BA) is not for 9303-11, whose M1 fills all the room.
func TestHeaders(t *testing.T) {
	s := newSigner(t, 512)
	for header := range 0x80 {
		f := s.frame(frame{byte(header), crypto.SHA1, []byte{0xBC}, nil}, challenge)
		if _, err := aa.Verify(s.key(), nil, challenge, s.bytes(s.sign(f))); (err == nil) != (header == 0x6A) {
			t.Errorf("%02X: %v", header, err)
		}
	}
}

// TestRSABounds: AA-06 and AA-07 for RSA.
func TestRSABounds(t *testing.T) {
	s := newSigner(t, 512)
	f := frame{0x6A, crypto.SHA1, []byte{0xBC}, nil}
	signature := s.sign(s.frame(f, challenge))
	for name, x := range map[string]*big.Int{
		"zero": new(big.Int), "one": big.NewInt(1), "n": s.n, "n-1": new(big.Int).Sub(s.n, big.NewInt(1)),
		"s+n": new(big.Int).Add(signature, s.n), "s+2n": new(big.Int).Add(signature, new(big.Int).Lsh(s.n, 1)),
	} {
		if result, err := aa.Verify(s.key(), nil, challenge, s.bytes(x)); !errors.Is(err, aa.ErrSignature) {
			t.Errorf("%s: %+v, %v", name, result, err)
		}
	}
	for at := byte(0); ; at++ { // until a signature has a leading zero byte
		challenge := []byte{0x99, 1, 2, 3, 4, 5, 6, at}
		if signature = s.sign(s.frame(f, challenge)); signature.BitLen() > 8*(s.size-1) {
			if at == 0xFF {
				s, at = newSigner(t, 512), 0
			}
			continue
		}
		for name, response := range map[string][]byte{"whole": s.bytes(signature), "cut": signature.Bytes()} {
			if _, err := aa.Verify(s.key(), nil, challenge, response); err != nil {
				t.Errorf("leading zero, %s: %v", name, err)
			}
		}
		if _, err := aa.Verify(s.key(), nil, challenge, append([]byte{0}, s.bytes(signature)...)); !errors.Is(err, aa.ErrSignature) {
			t.Errorf("a byte more than the modulus has: %v", err)
		}
		return
	}
}

// TestNoRoom: a digest that is longer than the modulus is no reason to fall.
func TestNoRoom(t *testing.T) {
	s := newSigner(t, 512)
	f := slices.Concat([]byte{0x6A}, make([]byte, s.size-3), []byte{0x35, 0xCC})
	if _, err := aa.Verify(s.key(), nil, challenge, s.bytes(s.sign(f))); !errors.Is(err, aa.ErrSignature) {
		t.Errorf("%v", err)
	}
}
