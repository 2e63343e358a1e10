// Package pki is passive authentication: who signed the data of a chip, and whether that is somebody to be believed
// (ICAO 9303-11 §5.1, 9303-12).
//
// Start with Open for EF.SOD and Check with a Trust, or Verify for everything in one step. ParseCertificate, ParseCRL,
// ParseMasterList and ParseSignedData read what issuers publish (RFC 5280, RFC 5652, 9303-12 §8).
//
// Why not crypto/x509: of the 588 certificates of the German master list of May 2026 it reads 424. Issuers spell
// elliptic curves out, use curves that the standard library lacks, sign with RSASSA-PSS, leave out NULLs and write
// negative serial numbers. Everything here reads leniently what does no harm and is strict where a signature hangs on
// it: explicit curve parameters must be a known curve's, every signer must verify, and what is not understood is
// "unsupported", never "good".
//
// Results are evidence, not a yes: a Report lists each step with its outcome and cause.
package pki

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/spki"
	"motcua/devices/card/tlv"
)

// Errors of this package.
var (
	// ErrFormat: bytes that are not what they should be.
	ErrFormat = errors.New("pki: malformed")
	// ErrUnsupported: an algorithm or a key that this program does not know. Nothing is said about the signature.
	ErrUnsupported = errors.New("pki: algorithm not supported")
	// ErrForbidden: an algorithm that proves nothing any more (MD5).
	ErrForbidden = errors.New("pki: algorithm is not allowed")
	// ErrSignature: the signature is not that of this key over this text.
	ErrSignature = errors.New("pki: wrong signature")
)

func malformed(what string, err error) error {
	if err == nil {
		return fmt.Errorf("%w: %s", ErrFormat, what)
	}
	return fmt.Errorf("%w: %s: %w", ErrFormat, what, err)
}

const maxCertificate = 64 << 10 // bytes; the largest of a master list has 5 kB

// Certificate is an X.509 certificate (RFC 5280 §4.1) as far as 9303-12 §7.1 gives its fields a meaning.
type Certificate struct {
	Raw, TBS        []byte
	Version         int      // 1 or 3
	Serial          *big.Int // may be negative: one issuer's are
	Issuer, Subject Name
	NotBefore       time.Time
	NotAfter        time.Time
	Key             spki.Key
	KeyErr          error // why the key cannot be used; the certificate is good for nothing then, but it parses
	KeyID           []byte
	AuthorityKeyID  []byte
	CA              bool
	Usage           KeyUsage
	HasUsage        bool
	UsedFrom        time.Time // private key usage period; zero if not given
	UsedUntil       time.Time
	Purposes        []string // object identifiers of extended key usages
	Critical        []string // object identifiers of critical extensions that are not understood

	algorithm      Algorithm
	algorithmErr   error
	sameAlgorithms bool // outside and inside of what is signed
	signature      []byte
}

// KeyUsage is the bit string of RFC 5280 §4.2.1.3, bit 0 first.
type KeyUsage uint16

// The usages that 9303-12 §7.1.1 gives.
const (
	DigitalSignature KeyUsage = 1 << 0
	KeyCertSign      KeyUsage = 1 << 5
	CRLSign          KeyUsage = 1 << 6
)

// Fingerprint is the SHA-256 of the certificate, in hexadecimal capitals.
func (c *Certificate) Fingerprint() string { return fmt.Sprintf("%X", sha256.Sum256(c.Raw)) }

// Weak says what about the certificate's signature or key is below what 9303-12 §4.4 asks today, "" if nothing.
func (c *Certificate) Weak() string {
	if w := c.algorithm.weak(); w != "" {
		return w
	}
	return weakKey(c.Key)
}

// Explicit says whether the key's curve is spelled out.
func (c *Certificate) Explicit() bool { return c.Key.EC != nil && c.Key.EC.Explicit }

// Algorithm is what the certificate is signed with; ErrUnsupported or ErrForbidden if it cannot be used.
func (c *Certificate) Algorithm() (Algorithm, error) { return c.algorithm, c.algorithmErr }

// KeyName says what key the certificate has, for people: RSA 4096, brainpoolP384r1.
func (c *Certificate) KeyName() string {
	switch k := c.Key; {
	case k.RSA != nil:
		return fmt.Sprintf("RSA %d", k.RSA.N.BitLen())
	case k.EC != nil:
		return k.EC.Curve.Name
	}
	return c.Key.Algorithm
}

// SelfIssued says whether subject and issuer are one.
func (c *Certificate) SelfIssued() bool { return bytes.Equal(c.Subject.Raw, c.Issuer.Raw) }

// ParseCertificate reads one certificate in DER.
func ParseCertificate(b []byte) (*Certificate, error) {
	if len(b) > maxCertificate {
		return nil, malformed(fmt.Sprintf("certificate of %d bytes", len(b)), nil)
	}
	o, err := der.One(b)
	if err != nil {
		return nil, malformed("certificate", err)
	}
	return certificateOf(o)
}

func certificateOf(o tlv.Object) (*Certificate, error) {
	parts, err := der.Exactly(o, 3, 3)
	if err != nil {
		return nil, malformed("certificate", err)
	}
	c := &Certificate{Raw: o.Raw, TBS: parts[0].Raw, Version: 1}
	if c.signature, err = der.BitString(parts[2]); err != nil {
		return nil, malformed("signature of a certificate", err)
	}
	if err := c.readTBS(parts[0], parts[1]); err != nil {
		return nil, err
	}
	return c, nil
}

// readTBS reads TBSCertificate: [0] version, serial, signature, issuer, validity, subject, key, [1], [2], [3] extensions.
func (c *Certificate) readTBS(o, outer tlv.Object) error {
	parts, err := der.Sequence(o)
	if err != nil {
		return malformed("certificate", err)
	}
	if len(parts) > 0 && parts[0].Tag == der.Context(0) {
		version, err := der.One(parts[0].Value)
		if err != nil {
			return malformed("version", err)
		}
		n, err := der.Small(version)
		if err != nil {
			return malformed("version", err)
		}
		c.Version, parts = n+1, parts[1:]
	}
	const fixed = 6
	if len(parts) < fixed {
		return malformed(fmt.Sprintf("certificate of %d fields", len(parts)), nil)
	}
	if c.Serial, err = der.Integer(parts[0]); err != nil {
		return malformed("serial number", err)
	}
	if c.Issuer, err = parseName(parts[2]); err != nil {
		return err
	}
	if c.Subject, err = parseName(parts[4]); err != nil {
		return err
	}
	if c.NotBefore, c.NotAfter, err = validity(parts[3]); err != nil {
		return err
	}
	if c.Key, err = signatureKey(parts[5]); errors.Is(err, spki.ErrFormat) && c.Key.Algorithm == "" {
		return malformed("public key", err)
	}
	c.KeyErr = err
	c.algorithm, c.algorithmErr = parseAlgorithm(parts[1], 0)
	if errors.Is(c.algorithmErr, ErrFormat) {
		return c.algorithmErr
	}
	c.sameAlgorithms = bytes.Equal(parts[1].Raw, outer.Raw)
	return c.readExtensions(parts[fixed:])
}

// signatureKey reads a key that can verify signatures. Others are not looked at: a group of Diffie-Hellman takes seconds
// to examine, and a chip may send any.
func signatureKey(o tlv.Object) (spki.Key, error) {
	parts, err := der.Exactly(o, 2, 2)
	if err != nil {
		return spki.Key{}, fmt.Errorf("%w: %w", spki.ErrFormat, err)
	}
	algorithm, err := der.Exactly(parts[0], 1, 2)
	if err != nil {
		return spki.Key{}, fmt.Errorf("%w: %w", spki.ErrFormat, err)
	}
	switch oid, err := der.OID(algorithm[0]); oid {
	case "1.2.840.113549.1.1.1", oidPSS, "1.2.840.10045.2.1", "1.2.840.10040.4.1":
		return spki.Parse(o)
	default:
		if err != nil {
			return spki.Key{}, fmt.Errorf("%w: %w", spki.ErrFormat, err)
		}
		return spki.Key{Algorithm: oid, Raw: o.Raw}, fmt.Errorf("%w: %s", spki.ErrUnsupported, oid)
	}
}

func validity(o tlv.Object) (from, until time.Time, err error) {
	parts, err := der.Exactly(o, 2, 2)
	if err != nil {
		return from, until, malformed("validity", err)
	}
	if from, err = der.Time(parts[0]); err != nil {
		return from, until, malformed("validity", err)
	}
	if until, err = der.Time(parts[1]); err != nil {
		return from, until, malformed("validity", err)
	}
	return from, until, nil
}

// CheckSignatureFrom says whether the issuer's key signed the certificate: nil, ErrSignature, ErrUnsupported or
// ErrForbidden. An algorithm inside what is signed that differs from the one outside is ErrSignature.
func (c *Certificate) CheckSignatureFrom(issuer *Certificate) error {
	if err := c.readyToCheck(); err != nil {
		return err
	}
	if issuer.KeyErr != nil {
		return keyError(issuer.KeyErr)
	}
	return c.algorithm.Verify(issuer.Key, c.TBS, c.signature)
}

// readyToCheck says what makes a signature worthless whoever's it is.
func (c *Certificate) readyToCheck() error {
	if !c.sameAlgorithms {
		return fmt.Errorf("%w: the algorithms inside and outside differ", ErrSignature)
	}
	return c.algorithmErr
}

// MayIssue says whether a certificate is that of an issuer. Old ones do not say what they are for, and the basic constraints
// of eight on the German list say that they are no authority's, so it is the key usage that counts.
func (c *Certificate) MayIssue() bool { return !c.HasUsage || c.Usage&KeyCertSign != 0 }

// fitsTo says whether c, whose key signed another certificate, might do so then.
func (c *Certificate) fitsTo(issued *Certificate) error {
	switch {
	case !c.MayIssue():
		return fmt.Errorf("%w: the issuer may not issue certificates", ErrSignature)
	case issued.NotBefore.Before(c.NotBefore) || issued.NotBefore.After(c.NotAfter):
		return errTerm
	}
	return nil
}

// names says whether an issuer's key can be the one that c says it was signed with.
func (c *Certificate) names(issuer *Certificate) bool {
	return len(c.AuthorityKeyID) == 0 || len(issuer.KeyID) == 0 || bytes.Equal(c.AuthorityKeyID, issuer.KeyID)
}

// keyError says what a key that cannot be used means: an imitation of a curve, and a point that is not on its curve, prove
// that something is wrong; an unknown curve proves nothing.
func keyError(err error) error {
	switch {
	case errors.Is(err, spki.ErrParameters):
		return fmt.Errorf("%w: %w", ErrSignature, err)
	case errors.Is(err, spki.ErrUnsupported):
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return malformed("public key", err)
}

// readExtensions reads the extensions that mean something here.
func (c *Certificate) readExtensions(rest []tlv.Object) error {
	o, ok := tlv.Find(rest, der.Context(3))
	if !ok {
		return nil
	}
	list, err := der.One(o.Value)
	if err != nil {
		return malformed("extensions", err)
	}
	extensions, err := der.Sequence(list)
	if err != nil {
		return malformed("extensions", err)
	}
	for _, e := range extensions {
		if err := c.readExtension(e); err != nil {
			return err
		}
	}
	return nil
}

// readExtension reads one. What an extension says that is not understood is passed over: it can only take rights away,
// and those that matter are checked where they matter.
func (c *Certificate) readExtension(o tlv.Object) error {
	parts, err := der.Exactly(o, 2, 3)
	if err != nil {
		return malformed("extension", err)
	}
	oid, err := der.OID(parts[0])
	if err != nil {
		return malformed("extension", err)
	}
	value := parts[len(parts)-1]
	inner, err := der.One(value.Value)
	if err != nil || value.Tag != der.TagOctetString {
		return nil
	}
	switch oid {
	case "2.5.29.14":
		c.KeyID = inner.Value
	case "2.5.29.35":
		if members, err := der.Sequence(inner); err == nil {
			if id, ok := tlv.Find(members, der.Implicit(0)); ok {
				c.AuthorityKeyID = id.Value
			}
		}
	case "2.5.29.15":
		c.Usage, c.HasUsage = keyUsage(inner), true
	case "2.5.29.19":
		if members, err := der.Sequence(inner); err == nil && len(members) > 0 {
			c.CA = isTrue(members[0])
		}
	case "2.5.29.16":
		c.usagePeriod(inner)
	case "2.5.29.37":
		c.Purposes = purposes(inner)
	default:
		if len(parts) == 3 && isTrue(parts[1]) && !strings.HasPrefix(oid, "2.5.29.") {
			c.Critical = append(c.Critical, oid)
		}
	}
	return nil
}

// isTrue takes every BOOLEAN but zero, as BER does.
func isTrue(o tlv.Object) bool {
	return o.Tag == der.TagBoolean && len(o.Value) == 1 && o.Value[0] != 0
}

// purposes reads ExtKeyUsageSyntax, RFC 5280 §4.2.1.12.
func purposes(o tlv.Object) (out []string) {
	members, err := der.Sequence(o)
	if err != nil {
		return nil
	}
	for _, m := range members {
		if oid, err := der.OID(m); err == nil {
			out = append(out, oid)
		}
	}
	return out
}

func keyUsage(o tlv.Object) (u KeyUsage) {
	if o.Tag != der.TagBitString || len(o.Value) < 2 {
		return 0
	}
	for i := range 8 {
		if o.Value[1]&(0x80>>i) != 0 {
			u |= 1 << i
		}
	}
	return u
}

func (c *Certificate) usagePeriod(o tlv.Object) {
	members, err := der.Sequence(o)
	if err != nil {
		return
	}
	for _, m := range members {
		at, err := der.Time(tlv.Object{Tag: der.TagGeneralTime, Value: m.Value})
		switch {
		case err != nil:
		case m.Tag == der.Implicit(0):
			c.UsedFrom = at
		case m.Tag == der.Implicit(1):
			c.UsedUntil = at
		}
	}
}
