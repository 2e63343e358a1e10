package pkitest

import (
	"bytes"
	"crypto"
	"math/big"
	"time"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/tlv"
)

// SignedData is what goes into a CMS signed-data object.
type SignedData struct {
	Wrapper      string // content type around it; "" for signed data
	Version      int64
	Digests      [][]byte // digestAlgorithms; nil for those of the signers
	ContentType  string
	Content      []byte
	Certificates [][]byte
	Signers      []Signer
}

// Signer is what goes into a SignerInfo.
type Signer struct {
	Key     *Key
	Scheme  Scheme
	Digest  crypto.Hash // of the content; 0 for that of Scheme
	Version int64
	ID      []byte // issuer and serial number, or [0] key identifier

	DigestID   []byte    // nil for that of Digest
	Type       string    // content type in the attributes; "" for that of the content
	Message    []byte    // message digest in the attributes; nil for the right one
	SignedAt   time.Time // zero: no signing time
	LeaveOut   string    // object identifier of an attribute that is left out
	Extra      [][]byte  // further attributes, encoded
	Bare       bool      // no signed attributes, the signature is over the content
	Unsorted   bool      // the attributes are stored in an order that is not DER's
	SignStored bool      // and signed in that order
	Spoil      bool      // one bit of the signature is changed
}

// By names a signer by issuer and serial number.
func By(issuer []byte, serial *big.Int) []byte { return Sequence(issuer, Integer(serial)) }

// ByKey names a signer by key identifier.
func ByKey(id []byte) []byte { return tlv.New(der.Implicit(0), id) }

// Object identifiers of signed attributes.
const (
	TypeAttribute   = "1.2.840.113549.1.9.3"
	DigestAttribute = "1.2.840.113549.1.9.4"
	timeAttribute   = "1.2.840.113549.1.9.5"
	oidSignedData   = "1.2.840.113549.1.7.2"
	SecurityObject  = "2.23.136.1.1.1"
	CardSecurity    = "0.4.0.127.0.7.3.2.1"
	oidMasterList   = "2.23.136.1.1.2"
)

// Attribute is one attribute with one value.
func Attribute(oid string, value []byte) []byte {
	return Sequence(OID(oid), tlv.New(der.TagSet, value))
}

func (s Signer) digest() crypto.Hash {
	if s.Digest != 0 {
		return s.Digest
	}
	return s.Scheme.Hash
}

func (s Signer) digestID() []byte {
	if s.DigestID != nil {
		return s.DigestID
	}
	return HashID(s.digest())
}

// attributes are the signed attributes, in the order of DER.
func (s Signer) attributes(contentType string, content []byte) (out [][]byte) {
	add := func(oid string, value []byte) {
		if oid != s.LeaveOut {
			out = append(out, Attribute(oid, value))
		}
	}
	if s.Type != "" {
		contentType = s.Type
	}
	message := s.Message
	if message == nil {
		message = digest(s.digest(), content)
	}
	add(TypeAttribute, OID(contentType))
	add(DigestAttribute, Octets(message))
	if !s.SignedAt.IsZero() {
		add(timeAttribute, Time(s.SignedAt))
	}
	return append(out, s.Extra...)
}

func (s Signer) encode(contentType string, content []byte) []byte {
	attributes := s.attributes(contentType, content)
	sorted := SetOf(attributes...)
	stored := sorted
	if s.Unsorted {
		stored = tlv.New(der.TagSet, reversed(attributes)...)
		if bytes.Equal(stored, sorted) {
			stored = tlv.New(der.TagSet, attributes...)
		}
	}
	signed := sorted
	switch {
	case s.Bare:
		signed = content
	case s.SignStored:
		signed = stored
	}
	signature := s.Scheme.Sign(s.Key, signed)
	if s.Spoil {
		signature[len(signature)-1] ^= 1
	}
	fields := [][]byte{Number(s.Version), s.ID, s.digestID()}
	if !s.Bare {
		fields = append(fields, append([]byte{byte(der.Context(0))}, stored[1:]...)) // RFC 5652 §5.4
	}
	return Sequence(append(fields, s.Scheme.ID, Octets(signature))...)
}

func reversed(list [][]byte) (out [][]byte) {
	for i := len(list) - 1; i >= 0; i-- {
		out = append(out, list[i])
	}
	return out
}

// Encode makes the object.
func (d SignedData) Encode() []byte {
	digests := d.Digests
	var signers [][]byte
	for _, s := range d.Signers {
		signers = append(signers, s.encode(d.ContentType, d.Content))
		if d.Digests == nil {
			digests = append(digests, s.digestID())
		}
	}
	fields := [][]byte{Number(d.Version), SetOf(digests...), Sequence(OID(d.ContentType), Explicit(0, Octets(d.Content)))}
	if len(d.Certificates) > 0 {
		fields = append(fields, Explicit(0, d.Certificates...))
	}
	wrapper := d.Wrapper
	if wrapper == "" {
		wrapper = oidSignedData
	}
	return Sequence(OID(wrapper), Explicit(0, Sequence(append(fields, SetOf(signers...))...)))
}
