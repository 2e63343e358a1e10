// Package aa checks active authentication: the chip's signature over the terminal's challenge, with the key of DG15
// (ICAO 9303-11 §6.1).
//
// Verify is all there is: RSA signatures with message recovery as ISO/IEC 9796-2 scheme 1 has them, with every trailer
// that 9303-11 allows, and ECDSA, plain or in DER. It needs no chip, so that a signature that was kept can be checked
// again.
package aa

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" // the hashes that a signature may be over
	_ "crypto/sha256"
	_ "crypto/sha512"
	"errors"
	"fmt"
	"math/big"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/spki"
)

// Errors of Verify.
var (
	// ErrSignature: it is not the signature of this key over this challenge: no chip with the private key made it.
	ErrSignature = errors.New("aa: wrong signature")
	// ErrUnsupported: a key of a kind that active authentication does not know.
	ErrUnsupported = errors.New("aa: key of another kind")
)

// Result says how a good signature was made.
type Result struct {
	Hash crypto.Hash
	Kind string // "RSA ISO 9796-2", "ECDSA plain" or "ECDSA DER"
}

// Verify checks a chip's response to a challenge. info is what DG14 says of the signature, nil if nothing; RSA
// signatures say it themselves. The error is ErrSignature or ErrUnsupported.
func Verify(key spki.Key, info *lds.ActiveAuthentication, challenge, response []byte) (Result, error) {
	switch {
	case key.RSA != nil:
		return verifyRSA(key.RSA, challenge, response)
	case key.EC != nil:
		return verifyECDSA(key.EC, info, challenge, response)
	}
	return Result{}, fmt.Errorf("%w: %s", ErrUnsupported, key.Algorithm)
}

// The message representative of ISO/IEC 9796-2 scheme 1, partial recovery: header 6A, M1, hash, trailer.
const (
	headerPartial   = 0x6A
	trailerImplicit = 0xBC // SHA-1
	trailerExplicit = 0xCC // preceded by the hash's number
)

// trailers are the numbers of ISO/IEC 10118-3 that 9303-11 §6.1.2.2 allows.
var trailers = map[byte]crypto.Hash{
	0x33: crypto.SHA1, 0x34: crypto.SHA256, 0x35: crypto.SHA512, 0x36: crypto.SHA384, 0x38: crypto.SHA224,
}

// Trailer gives the hash and the trailer's length from the end of a message representative; ErrSignature for a trailer
// that is not allowed.
func Trailer(f []byte) (hash crypto.Hash, size int, err error) {
	n := len(f)
	switch {
	case n > 0 && f[n-1] == trailerImplicit:
		return crypto.SHA1, 1, nil
	case n > 1 && f[n-1] == trailerExplicit:
		if hash, ok := trailers[f[n-2]]; ok {
			return hash, 2, nil
		}
	}
	return 0, 0, fmt.Errorf("%w: trailer", ErrSignature)
}

func verifyRSA(key *spki.RSA, challenge, response []byte) (Result, error) {
	size := (key.N.BitLen() + 7) / 8
	s := new(big.Int).SetBytes(response) // leading zeros that were cut do not change the number
	if len(response) > size || s.Sign() == 0 || s.Cmp(key.N) >= 0 {
		return Result{}, fmt.Errorf("%w: %d bytes for a key of %d", ErrSignature, len(response), size)
	}
	m := new(big.Int).Exp(s, big.NewInt(key.E), key.N)
	// ISO/IEC 9796-2 has signers take the smaller of s and n-s; then the representative is n minus the result.
	for _, candidate := range []*big.Int{m, new(big.Int).Sub(key.N, m)} {
		if r, err := recovered(candidate.FillBytes(make([]byte, size)), challenge); err == nil {
			return r, nil
		}
	}
	return Result{}, ErrSignature
}

// recovered checks a message representative: the hash over the recovered part and the challenge.
func recovered(f, challenge []byte) (Result, error) {
	hash, trailer, err := Trailer(f)
	if err != nil {
		return Result{}, err
	}
	end := len(f) - trailer - hash.Size()
	if f[0] != headerPartial || end < 1 {
		return Result{}, fmt.Errorf("%w: header", ErrSignature)
	}
	h := hash.New()
	h.Write(f[1:end])
	h.Write(challenge)
	if !bytes.Equal(h.Sum(nil), f[end:end+hash.Size()]) {
		return Result{}, fmt.Errorf("%w: digest", ErrSignature)
	}
	return Result{hash, "RSA ISO 9796-2"}, nil
}

// verifyECDSA tries the hash that DG14 names, else the others: chips were seen whose DG14 is silent or mistaken.
func verifyECDSA(key *spki.EC, info *lds.ActiveAuthentication, challenge, response []byte) (Result, error) {
	var hashes []crypto.Hash
	if info != nil {
		hashes = append(hashes, info.Hash)
	}
	hashes = append(hashes, crypto.SHA256, crypto.SHA1, crypto.SHA224, crypto.SHA384, crypto.SHA512)
	for _, form := range signatures(key.Curve, response) {
		for _, hash := range hashes {
			h := hash.New()
			h.Write(challenge)
			if key.Curve.Verify(h.Sum(nil), form.r, form.s, key.Point) {
				return Result{hash, form.kind}, nil
			}
		}
	}
	return Result{}, ErrSignature
}

// signature is a response read in one way.
type signature struct {
	r, s *big.Int
	kind string
}

// signatures reads a response in each way that makes sense: r || s of equal length (TR-03111 §5.2.1), or SEQUENCE of two
// numbers (§5.2.2).
func signatures(curve *ec.Curve, response []byte) []signature {
	var out []signature
	order := (curve.N.BitLen() + 7) / 8
	if half := len(response) / 2; len(response)%2 == 0 && half > 0 && half <= order {
		out = append(out, signature{new(big.Int).SetBytes(response[:half]), new(big.Int).SetBytes(response[half:]), "ECDSA plain"})
	}
	o, err := der.One(response)
	if err != nil {
		return out
	}
	parts, err := der.Exactly(o, 2, 2)
	if err != nil {
		return out
	}
	r, errR := der.Natural(parts[0])
	s, errS := der.Natural(parts[1])
	if errR != nil || errS != nil {
		return out
	}
	return append(out, signature{r, s, "ECDSA DER"})
}
