package pki

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/tlv"
)

// Object identifiers of CMS, RFC 5652 §11 and §14.
const (
	oidSignedData    = "1.2.840.113549.1.7.2"
	oidContentType   = "1.2.840.113549.1.9.3"
	oidMessageDigest = "1.2.840.113549.1.9.4"
	oidSigningTime   = "1.2.840.113549.1.9.5"

	maxSigners      = 8
	maxCertificates = 8 // inside one signed object; a chip needs one, and a master list keeps its own in the content
)

// SignedData is a CMS signed-data object, RFC 5652 §5.
type SignedData struct {
	Version      int
	ContentType  string
	Content      []byte
	Certificates []*Certificate
	Signers      []Signer

	digests map[crypto.Hash]bool // digestAlgorithms; false for what is not understood is not kept
}

// Signer is one SignerInfo.
type Signer struct {
	Version      int
	Issuer       Name     // and Serial: who, in version 1
	Serial       *big.Int //
	KeyID        []byte   // who, in version 3
	SigningTime  time.Time
	Digest       crypto.Hash
	Algorithm    Algorithm
	algorithmErr error
	attributes   []byte // the members of signedAttrs, without tag; nil if there are none
	contentType  []string
	digestValue  [][]byte
	signature    []byte
}

// ParseSignedData reads ContentInfo with SignedData and nothing after it.
func ParseSignedData(b []byte) (*SignedData, error) {
	o, rest, err := tlv.Tolerant.Next(b)
	if err != nil {
		return nil, malformed("signed data", err)
	}
	if len(rest) > 0 {
		return nil, malformed(fmt.Sprintf("%d bytes after the signed data", len(rest)), nil)
	}
	inner, err := contentOf(o, oidSignedData)
	if err != nil {
		return nil, err
	}
	parts, err := der.Sequence(inner)
	if err != nil || len(parts) < 4 {
		return nil, malformed("signed data", err)
	}
	s := &SignedData{digests: map[crypto.Hash]bool{}}
	if s.Version, err = der.Small(parts[0]); err != nil {
		return nil, malformed("version of signed data", err)
	}
	if err := s.readDigests(parts[1]); err != nil {
		return nil, err
	}
	if err := s.readContent(parts[2]); err != nil {
		return nil, err
	}
	for _, p := range parts[3 : len(parts)-1] {
		if p.Tag == der.Context(0) {
			if err := s.readCertificates(p); err != nil {
				return nil, err
			}
		}
	}
	return s, s.readSigners(parts[len(parts)-1])
}

// contentOf reads ContentInfo: an object identifier and [0] with one object.
func contentOf(o tlv.Object, oid string) (tlv.Object, error) {
	parts, err := der.Exactly(o, 2, 2)
	if err != nil || parts[1].Tag != der.Context(0) {
		return tlv.Object{}, malformed("content info", err)
	}
	if is, err := der.OID(parts[0]); err != nil || is != oid {
		return tlv.Object{}, malformed("content type "+is, err)
	}
	content, err := der.One(parts[1].Value)
	if err != nil {
		return tlv.Object{}, malformed("content", err)
	}
	return content, nil
}

func (s *SignedData) readDigests(o tlv.Object) error {
	members, err := der.Members(o, der.TagSet)
	if err != nil {
		return malformed("digest algorithms", err)
	}
	for _, m := range members {
		h, err := parseHash(m)
		if errors.Is(err, ErrFormat) {
			return err
		}
		if err == nil {
			s.digests[h] = true
		}
	}
	return nil
}

func (s *SignedData) readContent(o tlv.Object) error {
	parts, err := der.Exactly(o, 2, 2)
	if err != nil || parts[1].Tag != der.Context(0) {
		return malformed("encapsulated content", err)
	}
	if s.ContentType, err = der.OID(parts[0]); err != nil {
		return malformed("content type", err)
	}
	octets, err := der.One(parts[1].Value)
	if err != nil || octets.Tag != der.TagOctetString {
		return malformed("encapsulated content", err)
	}
	s.Content = octets.Value
	return nil
}

func (s *SignedData) readCertificates(o tlv.Object) error {
	members, err := o.ChildrenIn(tlv.Tolerant)
	if err != nil || len(members) > maxCertificates {
		return malformed("certificates", err)
	}
	for _, m := range members {
		if m.Tag != der.TagSequence {
			continue // attribute certificates and other kinds
		}
		c, err := certificateOf(m)
		if err != nil {
			return err
		}
		s.Certificates = append(s.Certificates, c)
	}
	return nil
}

func (s *SignedData) readSigners(o tlv.Object) error {
	members, err := der.Members(o, der.TagSet)
	if err != nil {
		return malformed("signers", err)
	}
	if len(members) == 0 || len(members) > maxSigners {
		return malformed(fmt.Sprintf("%d signers", len(members)), nil)
	}
	for _, m := range members {
		signer, err := parseSigner(m)
		if err != nil {
			return err
		}
		s.Signers = append(s.Signers, signer)
	}
	return nil
}

// parseSigner reads SignerInfo: version, who, digest, [0] signed attributes, signature algorithm, signature.
func parseSigner(o tlv.Object) (s Signer, err error) {
	parts, err := der.Sequence(o)
	if err != nil || len(parts) < 5 {
		return s, malformed("signer", err)
	}
	if s.Version, err = der.Small(parts[0]); err != nil {
		return s, malformed("version of a signer", err)
	}
	if err := s.readWho(parts[1]); err != nil {
		return s, err
	}
	if s.Digest, err = parseHash(parts[2]); err != nil {
		if errors.Is(err, ErrFormat) {
			return s, err
		}
		s.algorithmErr = err
	}
	rest := parts[3:]
	if rest[0].Tag == der.Context(0) {
		if err := s.readAttributes(rest[0]); err != nil {
			return s, err
		}
		rest = rest[1:]
	}
	if len(rest) < 2 || rest[1].Tag != der.TagOctetString {
		return s, malformed("signature of a signer", nil)
	}
	algorithm, err := parseAlgorithm(rest[0], s.Digest)
	if errors.Is(err, ErrFormat) {
		return s, err
	}
	if s.algorithmErr == nil {
		s.algorithmErr = err
	}
	s.Algorithm, s.signature = algorithm, rest[1].Value
	return s, nil
}

func (s *Signer) readWho(o tlv.Object) error {
	if o.Tag == der.Implicit(0) {
		s.KeyID = o.Value
		return nil
	}
	parts, err := der.Exactly(o, 2, 2)
	if err != nil {
		return malformed("signer's name", err)
	}
	if s.Issuer, err = parseName(parts[0]); err != nil {
		return err
	}
	s.Serial, err = der.Integer(parts[1])
	if err != nil {
		return malformed("signer's serial number", err)
	}
	return nil
}

func (s *Signer) readAttributes(o tlv.Object) error {
	s.attributes = o.Value
	members, err := o.ChildrenIn(tlv.Tolerant)
	if err != nil {
		return malformed("signed attributes", err)
	}
	for _, m := range members {
		parts, err := der.Exactly(m, 2, 2)
		if err != nil {
			return malformed("signed attribute", err)
		}
		oid, err := der.OID(parts[0])
		if err != nil {
			return malformed("signed attribute", err)
		}
		values, err := der.Members(parts[1], der.TagSet)
		if err != nil {
			return malformed("signed attribute", err)
		}
		for _, v := range values {
			s.readAttribute(oid, v)
		}
	}
	return nil
}

func (s *Signer) readAttribute(oid string, value tlv.Object) {
	switch oid {
	case oidContentType:
		is, err := der.OID(value)
		if err != nil {
			is = ""
		}
		s.contentType = append(s.contentType, is)
	case oidMessageDigest:
		s.digestValue = append(s.digestValue, value.Value)
	case oidSigningTime:
		if t, err := der.Time(value); err == nil {
			s.SigningTime = t
		}
	}
}

// isOf says whether a certificate is the signer's.
func (s *Signer) isOf(c *Certificate) bool {
	if s.KeyID != nil {
		return bytes.Equal(s.KeyID, c.KeyID)
	}
	return s.Serial.Cmp(c.Serial) == 0 && s.Issuer.Equal(c.Issuer)
}

// ErrAttributes: the signed attributes do not speak of this content.
var ErrAttributes = errors.New("pki: signed attributes do not fit the content")

// verify checks one signer's signature with its certificate: the attributes against the content, then the signature
// over the attributes (RFC 5652 §5.4 and §5.6).
func (s *SignedData) verify(signer *Signer, c *Certificate) error {
	switch {
	case signer.algorithmErr != nil:
		return signer.algorithmErr
	case c.KeyErr != nil:
		return keyError(c.KeyErr)
	case !s.digests[signer.Digest]:
		return fmt.Errorf("%w: the digest algorithm is not on the list", ErrAttributes)
	}
	if signer.attributes == nil {
		// RFC 5652 §5.3 wants them for every content type but plain data. There are specimens without; what is signed
		// cannot be mistaken, since neither a hash list nor SecurityInfos with a key can be read as attributes.
		return signer.Algorithm.Verify(c.Key, s.Content, signer.signature)
	}
	h := signer.Digest.New()
	h.Write(s.Content)
	if len(signer.digestValue) != 1 || !bytes.Equal(signer.digestValue[0], h.Sum(nil)) {
		return fmt.Errorf("%w: message digest", ErrAttributes)
	}
	if len(signer.contentType) != 1 || signer.contentType[0] != s.ContentType {
		return fmt.Errorf("%w: content type", ErrAttributes)
	}
	var err error
	for _, members := range [][]byte{signer.attributes, sortedSet(signer.attributes)} {
		if err = signer.Algorithm.Verify(c.Key, tlv.New(der.TagSet, members), signer.signature); err == nil {
			return nil
		}
	}
	return err
}

// sortedSet puts the members of a SET OF into the order of DER, which the signature is over even where the sender
// stored them in another one.
func sortedSet(members []byte) []byte {
	objects, err := tlv.Tolerant.Parse(members)
	if err != nil {
		return members
	}
	slices.SortStableFunc(objects, func(a, b tlv.Object) int { return bytes.Compare(a.Raw, b.Raw) })
	var out []byte
	for _, o := range objects {
		out = append(out, o.Raw...)
	}
	return out
}
