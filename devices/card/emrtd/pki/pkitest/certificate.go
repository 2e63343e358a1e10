package pkitest

import (
	"math/big"
	"time"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/tlv"
)

// Certificate is what goes into an X.509 certificate.
type Certificate struct {
	Version         int // 1: the field is left out
	Serial          *big.Int
	Issuer, Subject []byte
	From, Until     time.Time
	Info            []byte // SubjectPublicKeyInfo
	Scheme          Scheme // of the issuer's signature
	Inside          []byte // algorithm inside what is signed; nil for that of Scheme
	Extensions      []Extension
	Change          func(tbs []byte) []byte // what happens to TBSCertificate before it is signed; nil: nothing
}

// Extension is one extension: an object identifier and what is in its octet string.
type Extension struct {
	OID      string
	Critical bool
	Value    []byte
}

func (e Extension) encode() []byte {
	if e.Critical {
		return Sequence(OID(e.OID), tlv.New(der.TagBoolean, []byte{0xFF}), Octets(e.Value))
	}
	return Sequence(OID(e.OID), Octets(e.Value))
}

// Object identifiers of the extensions that certificates here have.
const (
	KeyIDExtension          = "2.5.29.14"
	UsageExtension          = "2.5.29.15"
	PeriodExtension         = "2.5.29.16"
	BasicExtension          = "2.5.29.19"
	AuthorityExtension      = "2.5.29.35"
	PurposeExtension        = "2.5.29.37"
	masterListSigner        = "2.23.136.1.1.3"
	usageSign          byte = 0x80
	usageIssue         byte = 0x06
)

// Usage is the key usage with the bits of the first byte, digitalSignature in the highest.
func Usage(bits byte) Extension {
	return Extension{UsageExtension, true, tlv.New(der.TagBitString, []byte{0, bits})}
}

// Period is a private key usage period.
func Period(from, until time.Time) Extension {
	text := func(t time.Time) []byte { return []byte(t.UTC().Format("20060102150405Z")) }
	return Extension{PeriodExtension, false, Sequence(tlv.New(der.Implicit(0), text(from)), tlv.New(der.Implicit(1), text(until)))}
}

// Set replaces the extension with the same identifier, or adds it.
func (c *Certificate) Set(e Extension) {
	c.Remove(e.OID)
	c.Extensions = append(c.Extensions, e)
}

// Remove takes an extension away.
func (c *Certificate) Remove(oid string) {
	var rest []Extension
	for _, e := range c.Extensions {
		if e.OID != oid {
			rest = append(rest, e)
		}
	}
	c.Extensions = rest
}

// Sign makes the certificate.
func (c Certificate) Sign(issuer *Key) []byte {
	inside := c.Inside
	if inside == nil {
		inside = c.Scheme.ID
	}
	var fields [][]byte
	if c.Version > 1 {
		fields = append(fields, Explicit(0, Number(int64(c.Version-1))))
	}
	fields = append(fields, Integer(c.Serial), inside, c.Issuer, Sequence(Time(c.From), Time(c.Until)), c.Subject, c.Info)
	if len(c.Extensions) > 0 {
		var list [][]byte
		for _, e := range c.Extensions {
			list = append(list, e.encode())
		}
		fields = append(fields, Explicit(3, Sequence(list...)))
	}
	tbs := Sequence(fields...)
	if c.Change != nil {
		tbs = c.Change(tbs)
	}
	return Sequence(tbs, c.Scheme.ID, Bits(c.Scheme.Sign(issuer, tbs)))
}

// CRL is what goes into a revocation list.
type CRL struct {
	Issuer     []byte
	This, Next time.Time
	Revoked    []*big.Int
	Scheme     Scheme
	Inside     []byte
}

// Sign makes the list.
func (c CRL) Sign(issuer *Key) []byte {
	inside := c.Inside
	if inside == nil {
		inside = c.Scheme.ID
	}
	fields := [][]byte{Number(1), inside, c.Issuer, Time(c.This)}
	if !c.Next.IsZero() {
		fields = append(fields, Time(c.Next))
	}
	if len(c.Revoked) > 0 {
		var list [][]byte
		for _, serial := range c.Revoked {
			list = append(list, Sequence(Integer(serial), Time(c.This)))
		}
		fields = append(fields, Sequence(list...))
	}
	tbs := Sequence(fields...)
	return Sequence(tbs, c.Scheme.ID, Bits(c.Scheme.Sign(issuer, tbs)))
}
