package lds

import (
	"cmp"
	"crypto"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/emrtd/spki"
	"motcua/devices/card/tlv"
)

// ErrOffer: a chip offers a protocol with parameters that make no sense or that this program cannot use.
var ErrOffer = errors.New("lds: the chip's offer cannot be used")

// ChipKey is one way to do chip authentication: a public key of the chip and the protocol it is for (9303-11 §6.2).
type ChipKey struct {
	Protocol string // object identifier of id-CA, in dots
	Cipher   secmsg.Cipher
	ID       *big.Int // the key's identifier; nil if it has none
	Named    bool     // the chip has several keys: MSE:Set AT must name this one
	Inferred bool     // the chip does not say which protocol: it is the one with 3DES (9303-11 §9.2.6)
	Key      spki.Key // DH or EC
}

// Families of id-CA, the arc after OIDChipAuthentication.
const (
	familyDH   = 1
	familyECDH = 2

	chipAuthVersion = 1

	// maxChipKeys: chips have one, or one for each of two protocols. Whether a group of numbers is one takes long to find
	// out, and DG14 is read before it is known to be genuine.
	maxChipKeys = 4
)

// chipInfo is a ChipAuthenticationInfo.
type chipInfo struct {
	oid    string
	family int
	cipher secmsg.Cipher
	id     *big.Int
}

// ChipKeys pairs the public keys of DG14 with their protocols, the strongest first: the longest cipher, then the order
// in which they stand. An offer that cannot be used is left out; if no other is left, the error (ErrOffer) says why.
// Without any offer both results are nil.
func (s SecurityInfos) ChipKeys() ([]ChipKey, error) {
	if n := s.count(OIDPublicKeyDH, OIDPublicKeyECDH); n > maxChipKeys {
		return nil, fmt.Errorf("%w: %d keys for chip authentication", ErrOffer, n)
	}
	infos, faults := s.chipInfos()
	var keys []ChipKey
	for _, info := range s {
		if info.OID != OIDPublicKeyDH && info.OID != OIDPublicKeyECDH {
			continue
		}
		found, err := pairKey(info, infos)
		if err != nil {
			faults = append(faults, err)
		}
		keys = append(keys, found...)
	}
	several := s.count(OIDPublicKeyDH, OIDPublicKeyECDH) > 1
	for i := range keys {
		keys[i].Named = several && keys[i].ID != nil
	}
	if len(keys) == 0 {
		return nil, errors.Join(faults...)
	}
	slices.SortStableFunc(keys, func(a, b ChipKey) int { return cmp.Compare(b.Cipher, a.Cipher) })
	return keys, nil
}

func (s SecurityInfos) count(oids ...string) int {
	n := 0
	for _, info := range s {
		for _, oid := range oids {
			if info.OID == oid {
				n++
			}
		}
	}
	return n
}

// chipInfos reads the entries that name a protocol.
func (s SecurityInfos) chipInfos() (infos []chipInfo, faults []error) {
	for _, info := range s {
		rest, ok := strings.CutPrefix(info.OID, OIDChipAuthentication+".")
		if !ok {
			continue
		}
		c := chipInfo{oid: info.OID}
		var cipher int
		if n, err := fmt.Sscanf(rest, "%d.%d", &c.family, &cipher); err != nil || n != 2 ||
			rest != fmt.Sprintf("%d.%d", c.family, cipher) || c.family < familyDH || c.family > familyECDH ||
			cipher < 1 || cipher > int(secmsg.AES256) {
			faults = append(faults, fmt.Errorf("%w: chip authentication %s", ErrOffer, info.OID))
			continue
		}
		c.cipher = secmsg.Cipher(cipher) // the identifiers count from 1, in the order of the constants
		version, err := der.Small(info.Required)
		if err != nil || version != chipAuthVersion {
			faults = append(faults, fmt.Errorf("%w: chip authentication of another version", ErrOffer))
			continue
		}
		if c.id, err = info.keyID(); err != nil {
			faults = append(faults, fmt.Errorf("%w: %w", ErrOffer, err))
			continue
		}
		infos = append(infos, c)
	}
	return infos, faults
}

// keyID is the optional INTEGER of an entry, nil if it has none.
func (info SecurityInfo) keyID() (*big.Int, error) {
	if info.Optional == nil {
		return nil, nil
	}
	o, err := tlv.Tolerant.One(info.Optional)
	if err != nil {
		return nil, err
	}
	return der.Natural(o)
}

// pairKey finds the protocols of a public key: those with its identifier and its kind. A key that no entry speaks of is
// for the protocol with 3DES.
func pairKey(info SecurityInfo, infos []chipInfo) ([]ChipKey, error) {
	key, err := spki.Parse(info.Required)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOffer, err)
	}
	family := familyECDH
	if info.OID == OIDPublicKeyDH {
		family = familyDH
	}
	if family == familyECDH && key.EC == nil || family == familyDH && key.DH == nil {
		return nil, fmt.Errorf("%w: a key of another kind than it says", ErrOffer)
	}
	id, err := info.keyID()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOffer, err)
	}
	var keys []ChipKey
	spoken := false
	for _, c := range infos {
		same := c.id == nil && id == nil || c.id != nil && id != nil && c.id.Cmp(id) == 0
		spoken = spoken || same
		if same && c.family == family {
			keys = append(keys, ChipKey{Protocol: c.oid, Cipher: c.cipher, ID: id, Key: key})
		}
	}
	if !spoken {
		oid := fmt.Sprintf("%s.%d.%d", OIDChipAuthentication, family, secmsg.TripleDES)
		keys = append(keys, ChipKey{Protocol: oid, Cipher: secmsg.TripleDES, ID: id, Key: key, Inferred: true})
	}
	return keys, nil
}

// ActiveAuthentication says how the chip signs with an elliptic curve (9303-11 §9.2.8).
type ActiveAuthentication struct {
	Signature string // object identifier of the signature algorithm, in dots
	Hash      crypto.Hash
}

// plainECDSA are the signature algorithms that TR-03111 §5.2.1 defines, the last arc after its own.
const plainECDSA = "0.4.0.127.0.7.1.1.4.1."

// ActiveAuthentication reads the entry about active authentication: nil without one, ErrOffer for one that names no
// algorithm that can be meant.
func (s SecurityInfos) ActiveAuthentication() (*ActiveAuthentication, error) {
	for _, info := range s {
		if info.OID != OIDActiveAuth {
			continue
		}
		if version, err := der.Small(info.Required); err != nil || version != 1 {
			return nil, fmt.Errorf("%w: active authentication of another version", ErrOffer)
		}
		o, err := tlv.Tolerant.One(info.Optional)
		if err != nil {
			return nil, fmt.Errorf("%w: active authentication without an algorithm", ErrOffer)
		}
		oid, err := der.OID(o)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrOffer, err)
		}
		hash, ok := map[string]crypto.Hash{"1": crypto.SHA1, "2": crypto.SHA224, "3": crypto.SHA256, "4": crypto.SHA384,
			"5": crypto.SHA512}[strings.TrimPrefix(oid, plainECDSA)]
		if !ok || !strings.HasPrefix(oid, plainECDSA) {
			return nil, fmt.Errorf("%w: active authentication with %s", ErrOffer, oid)
		}
		return &ActiveAuthentication{oid, hash}, nil
	}
	return nil, nil
}
