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

	// maxChipKeys is how many keys are looked at; chips have one or two. To check a large group takes a second.
	maxChipKeys = 8
)

// chipInfo is a ChipAuthenticationInfo. One of a protocol that does not exist is kept, with family 0: the chip does speak
// of the key, so nothing is to be inferred.
type chipInfo struct {
	oid    string
	family int
	cipher secmsg.Cipher
	id     *big.Int // of the key; nil if none is named
}

// ChipKeys pairs the public keys of DG14 with their protocols, the strongest first: the longest cipher, then the order
// in which they stand. An offer that cannot be used is left out; if no other is left, the error (ErrOffer) says why.
// Without any offer both results are nil.
func (s SecurityInfos) ChipKeys() ([]ChipKey, error) {
	infos, faults := s.chipInfos()
	var keys []ChipKey
	for _, info := range s.publicKeys() {
		found, err := pairKey(info, infos)
		if err != nil {
			faults = append(faults, err)
		}
		keys = append(keys, found...)
	}
	several := len(s.publicKeys()) > 1
	for i := range keys {
		keys[i].Named = several && keys[i].ID != nil
	}
	if len(keys) == 0 {
		return nil, errors.Join(faults...)
	}
	slices.SortStableFunc(keys, func(a, b ChipKey) int { return cmp.Compare(b.Cipher, a.Cipher) })
	return keys, nil
}

// publicKeys are the entries that hold one, at most maxChipKeys.
func (s SecurityInfos) publicKeys() (found SecurityInfos) {
	for _, info := range s {
		if (info.OID == OIDPublicKeyDH || info.OID == OIDPublicKeyECDH) && len(found) < maxChipKeys {
			found = append(found, info)
		}
	}
	return found
}

// chipInfos reads the entries that name a protocol.
func (s SecurityInfos) chipInfos() (infos []chipInfo, faults []error) {
	for _, info := range s {
		rest, ok := strings.CutPrefix(info.OID, OIDChipAuthentication+".")
		if !ok {
			continue
		}
		c := chipInfo{oid: info.OID}
		id, err := info.keyID()
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: %w", ErrOffer, err))
			continue
		}
		c.id = id
		if version, err := der.Small(info.Required); err != nil || version != chipAuthVersion {
			faults = append(faults, fmt.Errorf("%w: chip authentication of another version", ErrOffer))
		} else if c.family, c.cipher, ok = chipProtocol(rest); !ok {
			faults = append(faults, fmt.Errorf("%w: chip authentication %s", ErrOffer, info.OID))
		}
		infos = append(infos, c)
	}
	return infos, faults
}

// chipProtocol reads what follows id-CA: family and cipher. Both are zero, which no key has, unless it is a protocol.
func chipProtocol(rest string) (family int, cipher secmsg.Cipher, ok bool) {
	var number int
	if n, err := fmt.Sscanf(rest, "%d.%d", &family, &number); err != nil || n != 2 || rest != fmt.Sprintf("%d.%d", family, number) ||
		family < familyDH || family > familyECDH || number < 1 || number > int(secmsg.AES256) {
		return 0, 0, false
	}
	return family, secmsg.Cipher(number), true // the identifiers count from 1, in the order of the constants
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

// PublicKeys are the keys for chip authentication whatever the protocol: that is what EF.CardSecurity is read for, where
// the chip authentication mapping refers to them. Protocol and Cipher are left empty. As ChipKeys otherwise.
func (s SecurityInfos) PublicKeys() ([]ChipKey, error) {
	var keys []ChipKey
	var faults []error
	for _, info := range s.publicKeys() {
		if key, _, err := info.publicKey(); err == nil {
			keys = append(keys, key)
		} else {
			faults = append(faults, err)
		}
	}
	if len(keys) == 0 {
		return nil, errors.Join(faults...)
	}
	return keys, nil
}

// publicKey reads a ChipAuthenticationPublicKeyInfo: the key and its identifier.
func (info SecurityInfo) publicKey() (key ChipKey, family int, err error) {
	if key.Key, err = spki.Parse(info.Required); err != nil {
		return key, 0, fmt.Errorf("%w: %w", ErrOffer, err)
	}
	family = familyECDH
	if info.OID == OIDPublicKeyDH {
		family = familyDH
	}
	if family == familyECDH && key.Key.EC == nil || family == familyDH && key.Key.DH == nil {
		return key, 0, fmt.Errorf("%w: a key of another kind than it says", ErrOffer)
	}
	if key.ID, err = info.keyID(); err != nil {
		return key, 0, fmt.Errorf("%w: %w", ErrOffer, err)
	}
	return key, family, nil
}

// pairKey finds the protocols of a public key: those with its identifier and its kind; failing that, those of its kind
// where only one of the two has an identifier. A key that no entry speaks of is for the protocol with 3DES.
func pairKey(info SecurityInfo, infos []chipInfo) ([]ChipKey, error) {
	key, family, err := info.publicKey()
	if err != nil {
		return nil, err
	}
	var exact, loose []ChipKey
	spoken := false
	for _, c := range infos {
		same := c.id == nil && key.ID == nil || c.id != nil && key.ID != nil && c.id.Cmp(key.ID) == 0
		spoken = spoken || same
		if c.family != family {
			continue
		}
		key.Protocol, key.Cipher = c.oid, c.cipher
		if same {
			exact = append(exact, key)
		} else if c.id == nil || key.ID == nil {
			loose = append(loose, key)
		}
	}
	switch {
	case spoken && exact == nil:
		return nil, fmt.Errorf("%w: a key without a protocol that it is for", ErrOffer)
	case spoken:
		return exact, nil
	case loose != nil:
		return loose, nil
	}
	key.Protocol = fmt.Sprintf("%s.%d.%d", OIDChipAuthentication, family, secmsg.TripleDES)
	key.Cipher, key.Inferred = secmsg.TripleDES, true
	return []ChipKey{key}, nil
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
