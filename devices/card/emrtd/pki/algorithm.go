package pki

import (
	"bytes"
	"crypto"
	"fmt"
	"math/big"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/spki"
	"motcua/devices/card/tlv"
)

// kind is a family of signatures.
type kind uint8

const (
	pkcs1      kind = iota + 1 // RSASSA-PKCS1-v1_5, RFC 8017 §8.2
	pss                        // RSASSA-PSS, RFC 8017 §8.1
	ecdsa                      // DER SEQUENCE of r and s, or r || s
	ecdsaPlain                 // r || s, TR-03111 §5.2.1
	dsaDER                     // DER SEQUENCE of r and s
)

// Algorithm is a signature algorithm with its parameters.
type Algorithm struct {
	OID  string
	Hash crypto.Hash

	kind kind
	mask crypto.Hash // of MGF1
	salt int
}

const (
	oidPSS          = "1.2.840.113549.1.1.10"
	oidMGF1         = "1.2.840.113549.1.1.8"
	oidECDSASpecify = "1.2.840.10045.4.3"
	defaultSalt     = 20 // RFC 8017 appendix A.2.3
	maxSalt         = 512
)

// known are the algorithms whose identifier says everything; a zero hash is that of the CMS signer's digest algorithm.
var known = map[string]struct {
	kind kind
	hash crypto.Hash
}{
	"1.2.840.113549.1.1.1":  {pkcs1, 0},
	"1.2.840.113549.1.1.5":  {pkcs1, crypto.SHA1},
	"1.3.14.3.2.29":         {pkcs1, crypto.SHA1},
	"1.2.840.113549.1.1.14": {pkcs1, crypto.SHA224},
	"1.2.840.113549.1.1.11": {pkcs1, crypto.SHA256},
	"1.2.840.113549.1.1.12": {pkcs1, crypto.SHA384},
	"1.2.840.113549.1.1.13": {pkcs1, crypto.SHA512},

	"1.2.840.10045.2.1":   {ecdsa, 0},
	"1.2.840.10045.4.1":   {ecdsa, crypto.SHA1},
	"1.2.840.10045.4.3.1": {ecdsa, crypto.SHA224},
	"1.2.840.10045.4.3.2": {ecdsa, crypto.SHA256},
	"1.2.840.10045.4.3.3": {ecdsa, crypto.SHA384},
	"1.2.840.10045.4.3.4": {ecdsa, crypto.SHA512},

	"0.4.0.127.0.7.1.1.4.1.1": {ecdsaPlain, crypto.SHA1},
	"0.4.0.127.0.7.1.1.4.1.2": {ecdsaPlain, crypto.SHA224},
	"0.4.0.127.0.7.1.1.4.1.3": {ecdsaPlain, crypto.SHA256},
	"0.4.0.127.0.7.1.1.4.1.4": {ecdsaPlain, crypto.SHA384},
	"0.4.0.127.0.7.1.1.4.1.5": {ecdsaPlain, crypto.SHA512},

	"1.2.840.10040.4.1":      {dsaDER, 0},
	"1.2.840.10040.4.3":      {dsaDER, crypto.SHA1},
	"2.16.840.1.101.3.4.3.1": {dsaDER, crypto.SHA224},
	"2.16.840.1.101.3.4.3.2": {dsaDER, crypto.SHA256},
}

// forbidden are algorithms with MD2, MD4 and MD5.
var forbidden = map[string]bool{"1.2.840.113549.1.1.2": true, "1.2.840.113549.1.1.3": true, "1.2.840.113549.1.1.4": true,
	"1.2.840.113549.2.2": true, "1.2.840.113549.2.4": true, "1.2.840.113549.2.5": true}

// parseAlgorithm reads an AlgorithmIdentifier. digest is the hash that a CMS signer names beside it; 0 in a certificate.
func parseAlgorithm(o tlv.Object, digest crypto.Hash) (Algorithm, error) {
	parts, err := der.Exactly(o, 1, 2)
	if err != nil {
		return Algorithm{}, malformed("signature algorithm", err)
	}
	oid, err := der.OID(parts[0])
	if err != nil {
		return Algorithm{}, malformed("signature algorithm", err)
	}
	a := Algorithm{OID: oid}
	switch k, ok := known[oid]; {
	case forbidden[oid]:
		return a, fmt.Errorf("%w: %s", ErrForbidden, oid)
	case ok:
		a.kind, a.Hash = k.kind, k.hash
		if a.Hash == 0 {
			a.Hash = digest
		}
		if a.Hash == 0 {
			return a, fmt.Errorf("%w: %s without a hash", ErrUnsupported, oid)
		}
		return a, nil
	case oid == oidPSS:
		err = a.readPSS(parts[1:])
		return a, err
	case oid == oidECDSASpecify && len(parts) == 2:
		a.kind = ecdsa
		a.Hash, err = parseHash(parts[1])
		return a, err
	}
	return a, fmt.Errorf("%w: %s", ErrUnsupported, oid)
}

// parseHash reads the AlgorithmIdentifier of a hash.
func parseHash(o tlv.Object) (crypto.Hash, error) {
	parts, err := der.Exactly(o, 1, 2)
	if err != nil {
		return 0, malformed("hash algorithm", err)
	}
	oid, err := der.OID(parts[0])
	if err != nil {
		return 0, malformed("hash algorithm", err)
	}
	if h, ok := lds.HashByOID(oid); ok {
		return h, nil
	}
	return 0, unknownHash(oid)
}

func unknownHash(oid string) error {
	if forbidden[oid] {
		return fmt.Errorf("%w: %s", ErrForbidden, oid)
	}
	return fmt.Errorf("%w: hash %s", ErrUnsupported, oid)
}

// readPSS reads RSASSA-PSS-params (RFC 8017 appendix A.2.3): [0] hash, [1] mask generation, [2] salt length, [3] trailer,
// each with a default. All missing means SHA-1 and 20 bytes.
func (a *Algorithm) readPSS(parameters []tlv.Object) error {
	a.kind, a.Hash, a.mask, a.salt = pss, crypto.SHA1, crypto.SHA1, defaultSalt
	if len(parameters) == 0 || parameters[0].Tag == der.TagNull {
		return nil
	}
	members, err := der.Sequence(parameters[0])
	if err != nil {
		return malformed("PSS parameters", err)
	}
	for _, m := range members {
		inner, err := der.One(m.Value)
		if err != nil {
			return malformed("PSS parameters", err)
		}
		switch m.Tag {
		case der.Context(0):
			a.Hash, err = parseHash(inner)
		case der.Context(1):
			a.mask, err = parseMask(inner)
		case der.Context(2):
			err = a.readSalt(inner)
		case der.Context(3):
			if n, bad := der.Small(inner); bad != nil || n != 1 {
				err = fmt.Errorf("%w: PSS trailer", ErrUnsupported)
			}
		default:
			err = malformed("PSS parameters", nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *Algorithm) readSalt(o tlv.Object) error {
	n, err := der.Natural(o)
	if err != nil || n.Cmp(big.NewInt(maxSalt)) > 0 {
		return malformed("PSS salt", err)
	}
	a.salt = int(n.Int64())
	return nil
}

func parseMask(o tlv.Object) (crypto.Hash, error) {
	parts, err := der.Exactly(o, 2, 2)
	if err != nil {
		return 0, malformed("PSS mask", err)
	}
	if oid, err := der.OID(parts[0]); err != nil || oid != oidMGF1 {
		return 0, fmt.Errorf("%w: mask %s", ErrUnsupported, oid)
	}
	return parseHash(parts[1])
}

// String names the algorithm for people.
func (a Algorithm) String() string {
	names := map[kind]string{pkcs1: "RSA PKCS#1 v1.5", pss: "RSASSA-PSS", ecdsa: "ECDSA", ecdsaPlain: "ECDSA (plain)", dsaDER: "DSA"}
	if a.kind == 0 {
		return a.OID
	}
	return names[a.kind] + " with " + a.Hash.String()
}

// weak says what is below today's measure, 9303-12 §4.4.
func (a Algorithm) weak() string {
	switch {
	case a.kind == dsaDER:
		return "DSA"
	case a.Hash == crypto.SHA1:
		return "SHA-1"
	}
	return ""
}

func weakKey(k spki.Key) string {
	const fewestRSA, fewestEC = 2048, 224
	switch {
	case k.RSA != nil && k.RSA.N.BitLen() < fewestRSA:
		return fmt.Sprintf("RSA with %d bits", k.RSA.N.BitLen())
	case k.EC != nil && k.EC.Curve.P.BitLen() < fewestEC:
		return k.EC.Curve.Name
	case k.DSA != nil:
		return "DSA"
	}
	return ""
}

// Verify checks a signature over a message: nil, ErrSignature, or ErrUnsupported for a key of another kind.
func (a Algorithm) Verify(key spki.Key, message, signature []byte) error {
	h := a.Hash.New()
	h.Write(message)
	digest := h.Sum(nil)
	good := false
	switch {
	case a.kind == pkcs1 && key.RSA != nil:
		good = verifyPKCS1(key.RSA, a.Hash, digest, signature)
	case a.kind == pss && key.RSA != nil:
		good = a.verifyPSS(key.RSA, digest, signature)
	case (a.kind == ecdsa || a.kind == ecdsaPlain) && key.EC != nil:
		good = a.verifyECDSA(key.EC, digest, signature)
	case a.kind == dsaDER && key.DSA != nil:
		good = verifyDSA(key.DSA, digest, signature)
	default:
		return fmt.Errorf("%w: %s with a key of kind %s", ErrUnsupported, a, key.Algorithm)
	}
	if !good {
		return ErrSignature
	}
	return nil
}

// verifyECDSA takes the form that the algorithm has, and for the ordinary one the plain form too, which some issuers use
// under its name. The size of the digest need not be that of the curve: it is cut to the order, as the standard says.
func (a Algorithm) verifyECDSA(key *spki.EC, digest, signature []byte) bool {
	if a.kind == ecdsa {
		if r, s, ok := twoNumbers(signature); ok {
			return key.Curve.Verify(digest, r, s, key.Point)
		}
	}
	half := len(signature) / 2
	if half == 0 || len(signature)%2 != 0 || half > (key.Curve.N.BitLen()+7)/8 {
		return false
	}
	return key.Curve.Verify(digest, new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:]), key.Point)
}

// twoNumbers reads SEQUENCE { r, s }.
func twoNumbers(signature []byte) (r, s *big.Int, ok bool) {
	o, err := tlv.Tolerant.One(signature)
	if err != nil {
		return nil, nil, false
	}
	parts, err := der.Exactly(o, 2, 2)
	if err != nil {
		return nil, nil, false
	}
	r, errR := der.Natural(parts[0])
	s, errS := der.Natural(parts[1])
	return r, s, errR == nil && errS == nil
}

// verifyDSA is FIPS 186-4 §4.7. Old documents are signed with DSA; crypto/dsa is deprecated, and this is all of it that
// is needed.
func verifyDSA(key *spki.DSA, digest, signature []byte) bool {
	r, s, ok := twoNumbers(signature)
	if !ok || r.Sign() == 0 || s.Sign() == 0 || r.Cmp(key.Q) >= 0 || s.Cmp(key.Q) >= 0 {
		return false
	}
	w := new(big.Int).ModInverse(s, key.Q)
	if w == nil {
		return false
	}
	z := new(big.Int).SetBytes(digest)
	if excess := 8*len(digest) - key.Q.BitLen(); excess > 0 {
		z.Rsh(z, uint(excess))
	}
	u1 := z.Mul(z, w).Mod(z, key.Q)
	u2 := w.Mul(w, r).Mod(w, key.Q)
	v := new(big.Int).Exp(key.G, u1, key.P)
	v.Mul(v, new(big.Int).Exp(key.Y, u2, key.P)).Mod(v, key.P).Mod(v, key.Q)
	return v.Cmp(r) == 0
}

// open raises an RSA signature to the public exponent; nil if it is no number below the modulus.
func open(key *spki.RSA, signature []byte) []byte {
	size := (key.N.BitLen() + 7) / 8
	s := new(big.Int).SetBytes(signature)
	if len(signature) > size || s.Cmp(key.N) >= 0 {
		return nil
	}
	return s.Exp(s, big.NewInt(key.E), key.N).FillBytes(make([]byte, size))
}

// verifyPKCS1 compares with the one encoding that a digest has (RFC 8017 §9.2), and with the one without NULL, which the
// same section has verifiers take.
func verifyPKCS1(key *spki.RSA, hash crypto.Hash, digest, signature []byte) bool {
	oid, err := der.EncodeOID(lds.OIDOfHash(hash))
	opened := open(key, signature)
	if err != nil || opened == nil {
		return false
	}
	for _, parameters := range [][]byte{tlv.New(der.TagNull), nil} {
		info := tlv.New(der.TagSequence, tlv.New(der.TagSequence, tlv.New(der.TagOID, oid), parameters), tlv.New(der.TagOctetString, digest))
		const overhead, fewestFill = 3, 8
		fill := len(opened) - overhead - len(info)
		if fill < fewestFill {
			continue
		}
		want := append([]byte{0, 1}, bytes.Repeat([]byte{0xFF}, fill)...)
		want = append(append(want, 0), info...)
		if bytes.Equal(want, opened) {
			return true
		}
	}
	return false
}

// verifyPSS is EMSA-PSS-VERIFY, RFC 8017 §9.1.2, with the salt length that the parameters give.
func (a Algorithm) verifyPSS(key *spki.RSA, digest, signature []byte) bool {
	const trailer = 0xBC
	encoded := open(key, signature)
	bits := key.N.BitLen() - 1
	size := (bits + 7) / 8
	if encoded == nil || len(encoded) > size && encoded[0] != 0 {
		return false
	}
	encoded = encoded[len(encoded)-size:]
	masked := size - len(digest) - 1
	if masked < a.salt+1 || encoded[size-1] != trailer {
		return false
	}
	db, h := bytes.Clone(encoded[:masked]), encoded[masked:size-1]
	unused := byte(0xFF) << (8 - (8*size - bits))
	if 8*size == bits {
		unused = 0
	}
	if db[0]&unused != 0 {
		return false
	}
	for i, m := range mgf1(a.mask, h, masked) {
		db[i] ^= m
	}
	db[0] &^= unused
	ps := masked - a.salt - 1
	if len(bytes.Trim(db[:ps], "\x00")) > 0 || db[ps] != 1 {
		return false
	}
	again := a.Hash.New()
	again.Write(make([]byte, 8))
	again.Write(digest)
	again.Write(db[ps+1:])
	return bytes.Equal(again.Sum(nil), h)
}

// mgf1 is the mask generation function of RFC 8017 appendix B.2.1.
func mgf1(hash crypto.Hash, seed []byte, size int) []byte {
	var out []byte
	for counter := 0; len(out) < size; counter++ {
		h := hash.New()
		h.Write(seed)
		h.Write([]byte{byte(counter >> 24), byte(counter >> 16), byte(counter >> 8), byte(counter)})
		out = h.Sum(out)
	}
	return out[:size]
}
