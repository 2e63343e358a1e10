package cardsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"math/big"
	"strings"

	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/tlv"
)

// privateKey derives a key from public labels: the same call gives the same card.
func privateKey(curve *ec.Curve, labels ...string) *big.Int { return scalar(curve.N, labels...) }

// scalar is a private key of a group of the order.
func scalar(order *big.Int, labels ...string) *big.Int {
	digest := sha512.Sum512([]byte("motcua cardsim/" + strings.Join(labels, "/")))
	one := big.NewInt(1)
	k := new(big.Int).SetBytes(digest[:])
	return k.Mod(k, new(big.Int).Sub(order, one)).Add(k, one)
}

func sha256Digest(message []byte) []byte {
	digest := sha256.Sum256(message)
	return digest[:]
}

// sign is ECDSA (FIPS 186-5 §6.4.1) with the nonce of RFC 6979, so that a profile has the same bytes each time. It is
// here because crypto/ecdsa does not know the brainpool curves.
func sign(curve *ec.Curve, private *big.Int, digest []byte) (r, s *big.Int) {
	e := leftmost(curve, digest)
	for nonces := newNonces(curve, private, e); ; {
		k := nonces.next()
		point := curve.Multiply(k, curve.Generator())
		r = new(big.Int).Mod(point.X, curve.N)
		s = new(big.Int).Mul(r, private)
		s.Add(s, e).Mul(s, new(big.Int).ModInverse(k, curve.N)).Mod(s, curve.N)
		if r.Sign() != 0 && s.Sign() != 0 {
			return r, s
		}
	}
}

// leftmost takes as many bits of a digest as the curve's order has (RFC 6979 §2.3.2).
func leftmost(curve *ec.Curve, bits []byte) *big.Int {
	n := new(big.Int).SetBytes(bits)
	if excess := 8*len(bits) - curve.N.BitLen(); excess > 0 {
		n.Rsh(n, uint(excess))
	}
	return n
}

// nonces is the generator of RFC 6979 §3.2, with HMAC-SHA-256.
type nonces struct {
	curve *ec.Curve
	size  int
	k, v  []byte
}

func newNonces(curve *ec.Curve, private, e *big.Int) *nonces {
	n := &nonces{curve: curve, size: (curve.N.BitLen() + 7) / 8, k: make([]byte, sha256.Size), v: make([]byte, sha256.Size)}
	for i := range n.v {
		n.v[i] = 1
	}
	seed := append(private.FillBytes(make([]byte, n.size)),
		new(big.Int).Mod(e, curve.N).FillBytes(make([]byte, n.size))...)
	n.mix(0, seed)
	n.mix(1, seed)
	return n
}

func (n *nonces) mac(parts ...[]byte) []byte {
	h := hmac.New(sha256.New, n.k)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func (n *nonces) mix(round byte, seed []byte) {
	n.k = n.mac(n.v, []byte{round}, seed)
	n.v = n.mac(n.v)
}

func (n *nonces) next() *big.Int {
	for {
		var bits []byte
		for len(bits) < n.size {
			n.v = n.mac(n.v)
			bits = append(bits, n.v...)
		}
		k := leftmost(n.curve, bits[:n.size])
		n.mix(0, nil)
		if k.Sign() > 0 && k.Cmp(n.curve.N) < 0 {
			return k
		}
	}
}

func derSignature(r, s *big.Int) []byte { return sequence(bigInteger(r), bigInteger(s)) }

// publicKeyInfo is a SubjectPublicKeyInfo (RFC 5480 §2). explicit spells the domain parameters out, which ICAO
// 9303-12 §4.1.6.1 prescribes for certificates; otherwise the curve is named.
func publicKeyInfo(curve *ec.Curve, point []byte, explicit bool) []byte {
	parameters := curveName(curve)
	if explicit {
		parameters = explicitParameters(curve)
	}
	return sequence(sequence(objectID(1, 2, 840, 10045, 2, 1), parameters), bitString(0, point))
}

// publicPoint is the encoded public key.
func publicPoint(curve *ec.Curve, private *big.Int) []byte {
	return curve.Encode(curve.Multiply(private, curve.Generator()))
}

// explicitParameters is ECParameters of TR-03111 §5.1.1.
func explicitParameters(curve *ec.Curve) []byte {
	coefficient := func(n *big.Int) []byte { return octets(n.FillBytes(make([]byte, curve.Size))) }
	return sequence(
		integer(1),
		sequence(objectID(1, 2, 840, 10045, 1, 1), bigInteger(curve.P)),
		sequence(coefficient(curve.A), coefficient(curve.B)),
		octets(curve.Encode(curve.Generator())),
		bigInteger(curve.N),
		integer(1),
	)
}

// Ids of the curves used here, table 6 of ICAO 9303-11.
const (
	idP256            = 12
	idBrainpoolP256r1 = 13
	idBrainpoolP384r1 = 16
)

// tagContext is a context-specific constructed tag, [n].
func tagContext(n int) tlv.Tag { return 0xA0 | tlv.Tag(n) }

// tagImplicit is a context-specific primitive tag, [n] IMPLICIT.
func tagImplicit(n int) tlv.Tag { return 0x80 | tlv.Tag(n) }
