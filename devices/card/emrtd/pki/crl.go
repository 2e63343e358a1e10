package pki

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"time"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/tlv"
)

// CRL is a list of revoked certificates, RFC 5280 §5.1.
type CRL struct {
	Raw, TBS   []byte
	Issuer     Name
	ThisUpdate time.Time
	NextUpdate time.Time // zero if it is not given
	revoked    map[string]time.Time

	algorithm      Algorithm
	algorithmErr   error
	sameAlgorithms bool // outside and inside of what is signed
	signature      []byte
}

const (
	maxCRL     = 1 << 20 // bytes
	maxRevoked = 4096
)

// ParseCRL reads one list in DER.
func ParseCRL(b []byte) (*CRL, error) {
	if len(b) > maxCRL {
		return nil, malformed(fmt.Sprintf("revocation list of %d bytes", len(b)), nil)
	}
	o, err := der.One(b)
	if err != nil {
		return nil, malformed("revocation list", err)
	}
	parts, err := der.Exactly(o, 3, 3)
	if err != nil {
		return nil, malformed("revocation list", err)
	}
	c := &CRL{Raw: o.Raw, TBS: parts[0].Raw, revoked: map[string]time.Time{}}
	if c.signature, err = der.BitString(parts[2]); err != nil {
		return nil, malformed("signature of a revocation list", err)
	}
	return c, c.readTBS(parts[0], parts[1])
}

// readTBS reads TBSCertList: version, signature, issuer, this update, next update, revoked certificates.
func (c *CRL) readTBS(o, outer tlv.Object) error {
	parts, err := der.Sequence(o)
	if err != nil {
		return malformed("revocation list", err)
	}
	if len(parts) > 0 && parts[0].Tag == der.TagInteger {
		parts = parts[1:]
	}
	if len(parts) < 3 {
		return malformed("revocation list", nil)
	}
	if c.algorithm, c.algorithmErr = parseAlgorithm(parts[0], 0); errors.Is(c.algorithmErr, ErrFormat) {
		return c.algorithmErr
	}
	c.sameAlgorithms = bytes.Equal(parts[0].Raw, outer.Raw)
	if c.Issuer, err = parseName(parts[1]); err != nil {
		return err
	}
	if c.ThisUpdate, err = der.Time(parts[2]); err != nil {
		return malformed("revocation list", err)
	}
	rest := parts[3:]
	if len(rest) > 0 && (rest[0].Tag == der.TagUTCTime || rest[0].Tag == der.TagGeneralTime) {
		if c.NextUpdate, err = der.Time(rest[0]); err != nil {
			return malformed("revocation list", err)
		}
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0].Tag != der.TagSequence {
		return nil
	}
	return c.readRevoked(rest[0])
}

func (c *CRL) readRevoked(o tlv.Object) error {
	members, err := der.Sequence(o)
	if err != nil || len(members) > maxRevoked {
		return malformed("revoked certificates", err)
	}
	for _, m := range members {
		parts, err := der.Sequence(m)
		if err != nil || len(parts) < 2 {
			return malformed("revoked certificate", err)
		}
		serial, err := der.Integer(parts[0])
		if err != nil {
			return malformed("revoked certificate", err)
		}
		if c.revoked[serial.String()], err = der.Time(parts[1]); err != nil {
			return malformed("revoked certificate", err)
		}
	}
	return nil
}

// Revoked says since when a serial number is revoked.
func (c *CRL) Revoked(serial *big.Int) (since time.Time, revoked bool) {
	since, revoked = c.revoked[serial.String()]
	return since, revoked
}

// Len is how many certificates it revokes.
func (c *CRL) Len() int { return len(c.revoked) }

// CheckSignatureFrom says whether the issuer's key signed the list.
func (c *CRL) CheckSignatureFrom(issuer *Certificate) error {
	switch {
	case !c.sameAlgorithms:
		return fmt.Errorf("%w: the algorithms inside and outside differ", ErrSignature)
	case c.algorithmErr != nil:
		return c.algorithmErr
	case issuer.KeyErr != nil:
		return keyError(issuer.KeyErr)
	case !c.Issuer.Equal(issuer.Subject):
		return fmt.Errorf("%w: another issuer", ErrSignature)
	case issuer.HasUsage && issuer.Usage&CRLSign == 0:
		return fmt.Errorf("%w: the issuer may not sign revocation lists", ErrSignature)
	}
	return c.algorithm.Verify(issuer.Key, c.TBS, c.signature)
}
