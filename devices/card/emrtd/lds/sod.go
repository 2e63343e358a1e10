package lds

import (
	"crypto"
	_ "crypto/sha1" // the hashes that EF.SOD may name, 9303-10 §4.6.2
	_ "crypto/sha256"
	_ "crypto/sha512"
	"fmt"

	"motcua/devices/card/tlv"
)

// Object identifiers on the way to the LDS security object (RFC 5652, 9303-10 §4.6.2.3).
const (
	oidSignedData        = "1.2.840.113549.1.7.2"
	oidLDSSecurityObject = "2.23.136.1.1.1"

	tagExplicit0 tlv.Tag = 0xA0

	maxDataGroup = 16
)

// SecurityObject is the signed list of hashes in EF.SOD. That it is signed is not checked here.
type SecurityObject struct {
	Version int // 0, or 1 where the LDS version is in it
	Hash    crypto.Hash
	Hashes  map[int][]byte // by data group number
	// LDSVersion is "0108" where the object says of which version the LDS is; "" where it does not.
	LDSVersion string
	Raw        []byte // the LDS security object as it was signed
}

// ParseSOD reads EF.SOD as far as the hash list: 77, CMS SignedData, encapsulated LDSSecurityObject.
func ParseSOD(file []byte) (SecurityObject, error) {
	children, err := outer("EF.SOD", file, TagSOD)
	if err != nil {
		return SecurityObject{}, err
	}
	if len(children) != 1 {
		return SecurityObject{}, malformed(fmt.Sprintf("EF.SOD with %d objects", len(children)), nil)
	}
	content, err := contentOf(children[0], oidSignedData)
	if err != nil {
		return SecurityObject{}, err
	}
	signed, err := sequence(content)
	if err != nil || len(signed) < 3 {
		return SecurityObject{}, malformed("signed data", err)
	}
	octets, err := contentOf(signed[2], oidLDSSecurityObject) // after version and digest algorithms
	if err != nil {
		return SecurityObject{}, err
	}
	if octets.Tag != tagOctets {
		return SecurityObject{}, malformed("security object in tag "+octets.Tag.String(), nil)
	}
	return ParseSecurityObject(octets.Value)
}

// contentOf reads ContentInfo or EncapsulatedContentInfo: an object identifier and [0] with one object.
func contentOf(o tlv.Object, oid string) (tlv.Object, error) {
	parts, err := sequence(o)
	if err != nil || len(parts) != 2 || parts[1].Tag != tagExplicit0 {
		return tlv.Object{}, malformed("content info", err)
	}
	is, err := parseOID(parts[0])
	if err != nil {
		return tlv.Object{}, err
	}
	if is != oid {
		return tlv.Object{}, malformed("content type "+is, nil)
	}
	content, err := tlv.Tolerant.One(parts[1].Value)
	if err != nil {
		return tlv.Object{}, malformed("content", err)
	}
	return content, nil
}

// ParseSecurityObject reads LDSSecurityObject, the content that EF.SOD signs (9303-10 §4.6.2.3).
func ParseSecurityObject(der []byte) (SecurityObject, error) {
	o, err := tlv.Tolerant.One(der)
	if err != nil {
		return SecurityObject{}, malformed("security object", err)
	}
	parts, err := sequence(o)
	if err != nil || len(parts) < 3 || parts[0].Tag != tagInteger || len(parts[0].Value) != 1 || parts[0].Value[0] > 1 {
		return SecurityObject{}, malformed("security object", err)
	}
	so := SecurityObject{Version: int(parts[0].Value[0]), Hashes: map[int][]byte{}, Raw: der}
	if so.Hash, err = parseHashAlgorithm(parts[1]); err != nil {
		return SecurityObject{}, err
	}
	entries, err := sequence(parts[2])
	if err != nil {
		return SecurityObject{}, malformed("hash list", err)
	}
	for _, e := range entries {
		if err := so.addHash(e); err != nil {
			return SecurityObject{}, err
		}
	}
	if len(parts) > 3 {
		if info, err := sequence(parts[3]); err == nil && len(info) > 0 {
			so.LDSVersion = string(info[0].Value)
		}
	}
	return so, nil
}

// addHash reads DataGroupHash: number and hash value. A second hash of the same data group is refused, because it
// would let the reader choose.
func (so *SecurityObject) addHash(o tlv.Object) error {
	parts, err := sequence(o)
	if err != nil || len(parts) != 2 || parts[0].Tag != tagInteger || len(parts[0].Value) != 1 || parts[1].Tag != tagOctets {
		return malformed("hash of a data group", err)
	}
	number := int(parts[0].Value[0])
	if _, twice := so.Hashes[number]; twice || number < 1 || number > maxDataGroup {
		return malformed(fmt.Sprintf("hash of data group %d", number), nil)
	}
	if len(parts[1].Value) != so.Hash.Size() {
		return malformed(fmt.Sprintf("%s of %d bytes", so.Hash, len(parts[1].Value)), nil)
	}
	so.Hashes[number] = parts[1].Value
	return nil
}

func parseHashAlgorithm(o tlv.Object) (crypto.Hash, error) {
	parts, err := sequence(o)
	if err != nil || len(parts) == 0 {
		return 0, malformed("hash algorithm", err)
	}
	oid, err := parseOID(parts[0])
	if err != nil {
		return 0, err
	}
	if h, ok := HashByOID(oid); ok {
		return h, nil
	}
	return 0, HashError{oid}
}

// HashError is a hash function that is not among those of 9303-10 §4.6.2.
type HashError struct {
	OID string // in dots
}

func (e HashError) Error() string { return "lds: hash algorithm " + e.OID }

// Unwrap makes it an ErrFormat.
func (e HashError) Unwrap() error { return ErrFormat }

// hashes are those of 9303-10 §4.6.2 by their object identifiers.
var hashes = map[string]crypto.Hash{
	"1.3.14.3.2.26": crypto.SHA1, "2.16.840.1.101.3.4.2.4": crypto.SHA224, "2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// HashByOID gives the hash function with an object identifier in dots.
func HashByOID(oid string) (crypto.Hash, bool) {
	h, ok := hashes[oid]
	return h, ok
}

// OIDOfHash is the object identifier of a hash function, "" for one that no document uses.
func OIDOfHash(hash crypto.Hash) string {
	for oid, h := range hashes {
		if h == hash {
			return oid
		}
	}
	return ""
}

// Matches compares a data group's file with its hash. listed is false if EF.SOD has no hash of it.
func (so SecurityObject) Matches(number int, file []byte) (match, listed bool) {
	want, listed := so.Hashes[number]
	if !listed {
		return false, false
	}
	h := so.Hash.New()
	h.Write(file)
	return string(h.Sum(nil)) == string(want), true
}
