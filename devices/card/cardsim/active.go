package cardsim

import (
	"crypto"
	_ "crypto/sha1" // the hashes that a chip may sign with
	_ "crypto/sha256"
	_ "crypto/sha512"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/tlv"
)

// ActiveOptions is the key of active authentication (ICAO 9303-11 §6.1), how the chip signs with it and what DG14 says
// of that. The zero value is the cards as they were seen: secp256r1 by name, SHA-256, r || s.
type ActiveOptions struct {
	Curve    int         // domain parameters id, 8 to 18; 0: 12, secp256r1
	Explicit bool        // DG15 spells the domain parameters out
	DER      bool        // signatures are a SEQUENCE of r and s in place of r || s
	RSA      int         // bits of the modulus of an RSA key, 1024 to 4096, whole bytes; 0: an elliptic curve
	Hash     crypto.Hash // SHA-1 or of the SHA-2 family; 0: SHA-256
	Implicit bool        // RSA with SHA-1: trailer BC in place of 33CC
	Smaller  bool        // RSA: of s and n-s the smaller, as ISO/IEC 9796-2 has it

	NoInfo   bool        // DG14 does not speak of active authentication; nor does it ever with RSA
	InfoHash crypto.Hash // DG14 names this hash although the chip signs with Hash; 0: Hash
	BadInfo  bool        // DG14 names an algorithm that does not exist
}

// ActiveLie is what a chip does wrong in active authentication.
type ActiveLie uint8

// The lies.
const (
	ActiveHonest    ActiveLie = iota
	ActiveWrong               // the last bit of the signature is another
	ActiveReplay              // the signature is over another challenge
	ActiveTrailer             // RSA: the trailer is 3FCC, right otherwise
	ActiveTrailerFF           // RSA: the trailer is FFCC
	ActiveHeader              // RSA: the header is 4A, as if nothing were left to recover
	ActiveZero                // the signature, or r, is zero
	ActiveZeroS               // ECDSA: s is zero
	ActiveTooLarge            // s, or an RSA signature, plus the order or modulus; where that has no room, these alone
	ActiveCutZeros            // leading zero bytes are cut: of an RSA signature, and of r and s alike
	ActiveEmpty               // 9000 and no signature
	ActiveRefused             // 6985
)

// ActiveKey is a private key of active authentication with its ways.
type ActiveKey struct {
	ActiveOptions
	curve   *ec.Curve
	private *big.Int // of ECDSA
	rsa     *rsaKey
}

// newActiveKey derives a person's key.
func newActiveKey(o ActiveOptions, label string) (*ActiveKey, error) {
	if o.Hash == 0 {
		o.Hash = crypto.SHA256
	}
	if o.InfoHash == 0 {
		o.InfoHash = o.Hash
	}
	if o.Curve == 0 {
		o.Curve = idP256
	}
	if hashNumber(o.Hash) == 0 || hashNumber(o.InfoHash) == 0 {
		return nil, fmt.Errorf("cardsim: active authentication with %v", o.Hash)
	}
	key := &ActiveKey{ActiveOptions: o}
	if o.RSA != 0 {
		if o.RSA < minRSABits || o.RSA > maxRSABits || o.RSA%8 != 0 {
			return nil, fmt.Errorf("cardsim: RSA of %d bits", o.RSA)
		}
		key.rsa = newRSAKey(o.RSA, "active authentication", label)
		return key, nil
	}
	var known bool
	if key.curve, known = ec.ByID(o.Curve); !known {
		return nil, fmt.Errorf("cardsim: no curve %d", o.Curve)
	}
	key.private = privateKey(key.curve, "active authentication", label)
	return key, nil
}

// other is the key of a copy, of the same kind.
func (k *ActiveKey) other() *ActiveKey {
	other := *k
	if k.rsa != nil {
		other.rsa = &rsaKey{k.rsa.n, new(big.Int).Add(k.rsa.d, big.NewInt(2))}
	} else {
		other.private = new(big.Int).Add(k.private, big.NewInt(1))
	}
	return &other
}

// hashNumber is the last arc of the ECDSA plain signature algorithm with the hash (TR-03111 §5.2.1), 0 for none.
func hashNumber(h crypto.Hash) int {
	return map[crypto.Hash]int{crypto.SHA1: 1, crypto.SHA224: 2, crypto.SHA256: 3, crypto.SHA384: 4, crypto.SHA512: 5}[h]
}

// info is the ActiveAuthenticationInfo of DG14, 9303-11 §9.2.8, nil where DG14 says nothing.
func (k *ActiveKey) info() []byte {
	const none = 9 // no such algorithm
	if k.NoInfo || k.rsa != nil && !k.BadInfo {
		return nil
	}
	algorithm := hashNumber(k.InfoHash)
	if k.BadInfo {
		algorithm = none
	}
	return sequence(objectID(2, 23, 136, 1, 1, 5), integer(1), objectID(0, 4, 0, 127, 0, 7, 1, 1, 4, 1, algorithm))
}

// publicKeyInfo is what DG15 holds.
func (k *ActiveKey) publicKeyInfo() []byte {
	if k.rsa != nil {
		return k.rsa.publicKeyInfo()
	}
	return publicKeyInfo(k.curve, publicPoint(k.curve, k.private), k.Explicit)
}

func dataGroup15(key *ActiveKey) []byte { return tlv.New(tagDG15, key.publicKeyInfo()) }

// sign answers a challenge.
func (k *ActiveKey) sign(random io.Reader, challenge []byte, lie ActiveLie) ([]byte, error) {
	if lie == ActiveReplay {
		challenge = append([]byte(nil), challenge...)
		challenge[0] ^= 1
	}
	var signature []byte
	var err error
	if k.rsa != nil {
		signature, err = k.signRSA(random, challenge, lie)
	} else {
		signature = k.signECDSA(challenge, lie)
	}
	if err != nil {
		return nil, err
	}
	switch lie {
	case ActiveWrong:
		signature[len(signature)-1] ^= 1
	case ActiveEmpty:
		signature = nil
	}
	return signature, nil
}

func (k *ActiveKey) signECDSA(challenge []byte, lie ActiveLie) []byte {
	h := k.Hash.New()
	h.Write(challenge)
	r, s := sign(k.curve, k.private, h.Sum(nil))
	size := (k.curve.N.BitLen() + 7) / 8
	switch lie {
	case ActiveZero:
		r.SetInt64(0)
	case ActiveZeroS:
		s.SetInt64(0)
	case ActiveTooLarge:
		s = tooLarge(s, k.curve.N, size)
	case ActiveCutZeros: // r || s stays readable only if both are cut to one length
		size = max(len(r.Bytes()), len(s.Bytes()))
	}
	if k.DER {
		return derSignature(r, s)
	}
	return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
}

// tooLarge is a number that has the same remainder as s and is not below the modulus, if one fits; else the modulus.
func tooLarge(s, modulus *big.Int, size int) *big.Int {
	if sum := new(big.Int).Add(s, modulus); sum.BitLen() <= 8*size {
		return sum
	}
	return modulus
}

// internalAuthenticate is active authentication, 9303-11 §6.1.
func (c *Card) internalAuthenticate(command apdu.Command) apdu.Response {
	switch {
	case c.session == nil || !c.application:
		return refusal(apdu.SecurityStatus)
	case len(command.Data) != aaChallenge || command.Ne == 0:
		return refusal(apdu.WrongLength)
	case c.profile.ActiveKey == nil:
		return refusal(apdu.WrongINS)
	case c.options.Active == ActiveRefused:
		return refusal(apdu.ConditionsOfUse)
	}
	key := c.profile.ActiveKey
	if c.options.Clone {
		key = key.other()
	}
	signature, err := key.sign(c.options.Random, command.Data, c.options.Active)
	if err != nil {
		return refusal(apdu.NoDiagnosis)
	}
	return success(signature)
}

// curveName is the object identifier of a curve.
func curveName(curve *ec.Curve) []byte {
	var arcs []int
	for _, part := range strings.Split(curve.OID, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			panic("cardsim: curve without a name: " + curve.Name) // package ec's table is a constant
		}
		arcs = append(arcs, n)
	}
	return objectID(arcs...)
}
