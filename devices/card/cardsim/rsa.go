package cardsim

import (
	"crypto"
	"crypto/sha256"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"strings"

	"motcua/devices/card/tlv"
)

// Sizes of RSA keys in bits, and their exponent.
const (
	minRSABits  = 1024
	maxRSABits  = 4096
	rsaExponent = 65537
)

// rsaKey is an RSA private key. crypto/rsa makes none from a label, and does not sign as ISO/IEC 9796-2 has it.
type rsaKey struct {
	n, d *big.Int
}

// newRSAKey derives a key of the size from public labels: the same call gives the same key.
func newRSAKey(bits int, labels ...string) *rsaKey {
	seed := fmt.Sprintf("motcua cardsim/rsa/%d/%s", bits, strings.Join(labels, "/"))
	source := rand.NewChaCha8(sha256.Sum256([]byte(seed)))
	one, e := big.NewInt(1), big.NewInt(rsaExponent)
	for {
		p, q := prime(source, bits/2), prime(source, bits-bits/2)
		n := new(big.Int).Mul(p, q)
		order := new(big.Int).Mul(p.Sub(p, one), q.Sub(q, one))
		if d := new(big.Int).ModInverse(e, order); d != nil && n.BitLen() == bits {
			return &rsaKey{n, d}
		}
	}
}

// prime is the first one after a number that the source gives, whose two top bits are set, so that a product of two is
// as long as it should be.
func prime(source *rand.ChaCha8, bits int) *big.Int {
	const rounds = 20
	raw := make([]byte, (bits+7)/8)
	_, _ = source.Read(raw) // never fails
	p := new(big.Int).SetBytes(raw)
	p.Rsh(p, uint(8*len(raw)-bits))
	for _, bit := range []int{bits - 1, bits - 2, 0} {
		p.SetBit(p, bit, 1)
	}
	for !p.ProbablyPrime(rounds) {
		p.Add(p, big.NewInt(2))
	}
	return p
}

// publicKeyInfo is the SubjectPublicKeyInfo of RFC 3279 §2.3.1.
func (k *rsaKey) publicKeyInfo() []byte {
	numbers := sequence(bigInteger(k.n), integer(rsaExponent))
	null := tlv.New(tagNull)
	return sequence(sequence(objectID(1, 2, 840, 113549, 1, 1, 1), null), bitString(0, numbers))
}

// The message representative of ISO/IEC 9796-2 scheme 1 with partial recovery, as 9303-11 §6.1.2 and its appendix F
// have it: header, random M1, hash over M1 and the challenge, trailer.
const (
	headerPartial   = 0x6A
	headerTotal     = 0x4A
	trailerImplicit = 0xBC
	trailerExplicit = 0xCC
)

// trailer says which hash it is (ISO/IEC 10118-3), or lies.
func (k *ActiveKey) trailer(lie ActiveLie) []byte {
	const unknown, none = 0x3F, 0xFF
	numbers := map[crypto.Hash]byte{
		crypto.SHA1: 0x33, crypto.SHA256: 0x34, crypto.SHA512: 0x35, crypto.SHA384: 0x36, crypto.SHA224: 0x38,
	}
	switch {
	case lie == ActiveTrailer:
		return []byte{unknown, trailerExplicit}
	case lie == ActiveTrailerFF:
		return []byte{none, trailerExplicit}
	case k.Implicit && k.Hash == crypto.SHA1:
		return []byte{trailerImplicit}
	}
	return []byte{numbers[k.Hash], trailerExplicit}
}

func (k *ActiveKey) signRSA(random io.Reader, challenge []byte, lie ActiveLie) ([]byte, error) {
	size := k.RSA / 8
	trailer := k.trailer(lie)
	f := make([]byte, size-k.Hash.Size()-len(trailer))
	if _, err := io.ReadFull(random, f[1:]); err != nil {
		return nil, fmt.Errorf("cardsim: random: %w", err)
	}
	f[0] = headerPartial
	if lie == ActiveHeader {
		f[0] = headerTotal
	}
	h := k.Hash.New()
	h.Write(f[1:])
	h.Write(challenge)
	f = append(h.Sum(f), trailer...)
	s := new(big.Int).Exp(new(big.Int).SetBytes(f), k.rsa.d, k.rsa.n)
	if other := new(big.Int).Sub(k.rsa.n, s); k.Smaller && other.Cmp(s) < 0 {
		s = other
	}
	switch lie {
	case ActiveZero:
		s.SetInt64(0)
	case ActiveTooLarge:
		s = tooLarge(s, k.rsa.n, size)
	case ActiveCutZeros:
		return s.Bytes(), nil
	}
	return s.FillBytes(make([]byte, size)), nil
}
