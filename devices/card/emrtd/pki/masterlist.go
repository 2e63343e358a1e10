package pki

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"motcua/devices/card/emrtd/der"
)

// oidMasterList is the content type of a CSCA master list, 9303-12 §9.
const oidMasterList = "2.23.136.1.1.2"

// oidMasterListSigner is the extended key usage of whoever signs one, 9303-12 table 6.
const oidMasterListSigner = "2.23.136.1.1.3"

const (
	maxMasterList = 8 << 20 // bytes
	maxListed     = 4096
)

// MasterList is a list of CSCA certificates that one country vouches for, 9303-12 §9.
type MasterList struct {
	Certificates []*Certificate // those that parse, in the order of the list
	Faulty       int            // those that do not
	SignedAt     time.Time

	signed *SignedData
}

// ParseMasterList reads a master list. Nothing is verified yet.
func ParseMasterList(b []byte) (*MasterList, error) {
	if len(b) > maxMasterList {
		return nil, malformed(fmt.Sprintf("master list of %d bytes", len(b)), nil)
	}
	signed, err := ParseSignedData(b)
	if err != nil {
		return nil, err
	}
	if signed.ContentType != oidMasterList {
		return nil, malformed("content type "+signed.ContentType, nil)
	}
	o, err := der.One(signed.Content)
	if err != nil {
		return nil, malformed("master list", err)
	}
	parts, err := der.Exactly(o, 2, 2)
	if err != nil {
		return nil, malformed("master list", err)
	}
	listed, err := der.Members(parts[1], der.TagSet)
	if err != nil || len(listed) > maxListed {
		return nil, malformed("master list", err)
	}
	m := &MasterList{signed: signed, SignedAt: signed.Signers[0].SigningTime}
	for _, l := range listed {
		c, err := certificateOf(l)
		if err != nil {
			m.Faulty++
			continue
		}
		m.Certificates = append(m.Certificates, c)
	}
	return m, nil
}

// ErrListSigner: the certificate of a master list's signer is not in it, or is not for that.
var ErrListSigner = errors.New("pki: the master list's signer is not known")

// Verify checks the list's signature and finds who vouches for it: the signer's certificate, and the CSCA that issued
// that, among trusted ones or in the list itself. A list that vouches for itself is believed as far as whoever imports it
// believes that CSCA.
func (m *MasterList) Verify(trusted []*Certificate) (signer, csca *Certificate, err error) {
	for i := range m.signed.Signers {
		s := &m.signed.Signers[i]
		signer = nil
		for _, c := range m.signed.Certificates {
			if s.isOf(c) {
				signer = c
			}
		}
		if signer == nil {
			return nil, nil, ErrListSigner
		}
		if err := m.signed.verify(s, signer); err != nil {
			return nil, nil, err
		}
		if !mayIssueLists(signer) || !m.SignedAt.IsZero() && (m.SignedAt.Before(signer.NotBefore) || m.SignedAt.After(signer.NotAfter)) {
			return nil, nil, fmt.Errorf("%w: its certificate is not for master lists, or not of that day", ErrListSigner)
		}
		if csca = issuerAmong(signer, trusted); csca == nil {
			csca = issuerAmong(signer, m.Certificates)
		}
		if csca == nil {
			return nil, nil, ErrListSigner
		}
	}
	return signer, csca, nil
}

// mayIssueLists says whether a certificate is a master list signer's, 9303-12 §7.1.1. Without that, whoever signs
// documents of one country could name the authorities of all.
func mayIssueLists(c *Certificate) bool {
	return slices.Contains(c.Purposes, oidMasterListSigner) && (!c.HasUsage || c.Usage&DigitalSignature != 0)
}

// issuerAmong finds the certificate of an issuer whose key signed c.
func issuerAmong(c *Certificate, candidates []*Certificate) *Certificate {
	for _, i := range candidates {
		if i.Subject.Equal(c.Issuer) && i.MayIssue() && c.CheckSignatureFrom(i) == nil {
			return i
		}
	}
	return nil
}
