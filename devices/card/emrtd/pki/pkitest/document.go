package pkitest

import (
	"crypto"
	"maps"
	"math/big"
	"slices"
	"time"

	"motcua/devices/card/tlv"
)

// Authority is a country's root of trust.
type Authority struct {
	Key    *Key
	Scheme Scheme
	Spec   Certificate // what Raw was made of
	Raw    []byte
}

// Terms of what is issued here.
func day(year int) time.Time { return time.Date(year, time.March, 1, 0, 0, 0, 0, time.UTC) }

// Read is the day on which documents of this package are read.
func Read() time.Time { return day(2026) }

// NewAuthority makes a self-signed CSCA (9303-12 §7.1.1) that begins in 2022.
func NewAuthority(country, common string, key *Key, scheme Scheme) *Authority {
	a := &Authority{Key: key, Scheme: scheme}
	name := Name(country, common)
	a.Spec = Certificate{Version: 3, Serial: big.NewInt(1), Issuer: name, Subject: name, From: day(2022), Until: day(2037),
		Info: key.Info, Scheme: scheme}
	a.Spec.Set(Usage(usageIssue))
	a.Spec.Set(Extension{BasicExtension, true, Sequence(tlv.New(1, []byte{0xFF}), Number(0))})
	a.Spec.Set(Extension{KeyIDExtension, false, Octets(key.ID())})
	a.Spec.Set(Extension{AuthorityExtension, false, Sequence(tlv.New(0x80, key.ID()))})
	a.Sign()
	return a
}

// Sign makes Raw anew after Spec was changed.
func (a *Authority) Sign() { a.Raw = a.Spec.Sign(a.Key) }

// Signer is what a document signer's certificate of this authority is made of.
func (a *Authority) Signer(key *Key) Certificate {
	c := Certificate{Version: 3, Serial: big.NewInt(0x99001), Issuer: a.Spec.Subject, Subject: Name("VN", "Document signer"),
		From: day(2023), Until: day(2034), Info: key.Info, Scheme: a.Scheme}
	c.Set(Usage(usageSign))
	c.Set(Extension{KeyIDExtension, false, Octets(key.ID())})
	c.Set(Extension{AuthorityExtension, false, Sequence(tlv.New(0x80, a.Key.ID()))})
	return c
}

// CRL is what a revocation list of this authority is made of.
func (a *Authority) CRL(revoked ...*big.Int) CRL {
	return CRL{Issuer: a.Spec.Subject, This: day(2025), Next: day(2026).AddDate(0, 3, 0), Revoked: revoked, Scheme: a.Scheme}
}

// MasterList is what a list of certificates, signed by a signer of this authority, is made of (9303-12 §9).
func (a *Authority) MasterList(key *Key, scheme Scheme, certificates ...[]byte) SignedData {
	signer := a.Signer(key)
	signer.Set(Extension{PurposeExtension, true, Sequence(OID(masterListSigner))})
	return a.MasterListBy(signer, key, scheme, certificates...)
}

// MasterListBy is MasterList with a signer's certificate of one's own.
func (a *Authority) MasterListBy(signer Certificate, key *Key, scheme Scheme, certificates ...[]byte) SignedData {
	return SignedData{Version: 3, ContentType: oidMasterList, Content: Sequence(Number(0), SetOf(certificates...)),
		Certificates: [][]byte{signer.Sign(a.Key), a.Raw},
		Signers:      []Signer{{Key: key, Scheme: scheme, Version: 3, ID: ByKey(key.ID()), SignedAt: day(2025)}}}
}

// Hashes is what an LDS security object is made of, 9303-10 §4.6.2.3.
type Hashes struct {
	Version    int64
	Hash       crypto.Hash
	HashID     []byte // nil for that of Hash
	Groups     map[int][]byte
	LDSVersion string // "" leaves it out
}

// Encode makes the object.
func (h Hashes) Encode() []byte {
	var list [][]byte
	for _, n := range slices.Sorted(maps.Keys(h.Groups)) {
		list = append(list, Sequence(Number(int64(n)), Octets(digest(h.Hash, h.Groups[n]))))
	}
	id := h.HashID
	if id == nil {
		id = HashID(h.Hash)
	}
	fields := [][]byte{Number(h.Version), id, Sequence(list...)}
	if h.LDSVersion != "" {
		fields = append(fields, Sequence(tlv.New(0x13, []byte(h.LDSVersion)), tlv.New(0x13, []byte("040000"))))
	}
	return Sequence(fields...)
}

// Document is a chip's signed data before it is signed.
type Document struct {
	Authority *Authority
	Signer    Certificate
	Key       *Key
	Hashes    Hashes
	Signed    SignedData // Content and Certificates are filled in by SOD where they are nil
	Tag       tlv.Tag    // 0 for that of EF.SOD
	NoSigner  bool       // the signer's certificate is left out
}

// Document makes a document of which SOD is good: three data groups, signed with a key of its own.
func (a *Authority) Document(key *Key, scheme Scheme) *Document {
	d := &Document{Authority: a, Key: key, Signer: a.Signer(key)}
	d.Hashes = Hashes{Hash: scheme.Hash, Groups: map[int][]byte{
		1: []byte("data group 1"), 2: []byte("data group 2"), 13: []byte("data group 13")}}
	d.Signed = SignedData{Version: 3, ContentType: SecurityObject, Signers: []Signer{{
		Key: key, Scheme: scheme, Version: 1, ID: By(d.Signer.Issuer, d.Signer.Serial), SignedAt: day(2024)}}}
	return d
}

// SOD signs everything.
func (d *Document) SOD() []byte {
	const tagSOD = 0x77
	signed := d.Signed
	if signed.Content == nil {
		signed.Content = d.Hashes.Encode()
	}
	if signed.Certificates == nil && !d.NoSigner {
		signed.Certificates = [][]byte{d.Signer.Sign(d.Authority.Key)}
	}
	tag := d.Tag
	if tag == 0 {
		tag = tagSOD
	}
	return tlv.New(tag, signed.Encode())
}
