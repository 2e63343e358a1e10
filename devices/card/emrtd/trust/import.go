package trust

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"

	"motcua/devices/card/emrtd/pki"
)

// Imported is what came of a file.
type Imported struct {
	Added   []*Entry
	Known   int              // entries that were there already
	Left    []string         // what was not taken, and why
	Vouched string           // who vouches for what was added
	List    *pki.MasterList  // of a master list
	CSCA    *pki.Certificate // of a master list: the one its signer was issued by
}

// Import takes a file: a master list, one or more certificates (in PEM if they are more), or a revocation list.
// ErrNotImported if nothing of it can be taken. On every error the store is as it was.
func (s *Store) Import(raw []byte) (Imported, error) {
	const most = 16 << 20 // bytes; a master list has 0.9 MB
	if len(raw) > most {
		return Imported{}, fmt.Errorf("%w: %d bytes", ErrNotImported, len(raw))
	}
	before := s.entries
	in, err := s.importBlocks(raw)
	if err == nil {
		err = s.save()
	}
	if err != nil {
		s.fill(before)
		return Imported{}, err
	}
	return in, nil
}

// importBlocks takes what can be taken.
func (s *Store) importBlocks(raw []byte) (in Imported, err error) {
	switch blocks := pemBlocks(raw); {
	case len(blocks) > 0:
		for _, b := range blocks {
			err = errors.Join(err, s.importDER(&in, b))
		}
	default:
		err = s.importDER(&in, raw)
	}
	if len(in.Added) == 0 && in.Known == 0 {
		return Imported{}, fmt.Errorf("%w: %w", ErrNotImported, err)
	}
	if err != nil {
		in.Left = append(in.Left, err.Error())
	}
	return in, nil
}

func pemBlocks(raw []byte) (out [][]byte) {
	for {
		var b *pem.Block
		if b, raw = pem.Decode(raw); b == nil {
			return out
		}
		out = append(out, b.Bytes)
	}
}

// importDER decides by what parses: the three kinds cannot be mistaken for each other.
func (s *Store) importDER(in *Imported, raw []byte) error {
	if list, err := pki.ParseMasterList(raw); err == nil {
		return s.importList(in, list)
	}
	if c, err := pki.ParseCertificate(raw); err == nil {
		return s.importCertificate(in, c)
	}
	l, err := pki.ParseCRL(raw)
	if err != nil {
		return fmt.Errorf("%w: neither master list nor certificate nor revocation list", ErrNotImported)
	}
	return s.importCRL(in, l)
}

// importList takes every certificate of a master list whose signature holds. Its signer is believed by the CSCA that
// issued its certificate: one that is trusted already, else the one in the list, which is for the operator to look at.
func (s *Store) importList(in *Imported, list *pki.MasterList) error {
	var trusted []*pki.Certificate
	for _, e := range s.entries {
		if e.Kind == KindCSCA {
			trusted = append(trusted, e.Certificate)
		}
	}
	signer, csca, err := list.Verify(trusted)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotImported, err)
	}
	in.List, in.CSCA = list, csca
	in.Vouched = fmt.Sprintf("master list of %s, signed by %s, issued by %s (%s)", list.SignedAt.Format(time.DateOnly),
		signer.Subject, csca.Subject, csca.Fingerprint())
	if list.Faulty > 0 {
		in.Left = append(in.Left, fmt.Sprintf("%d certificates of the list cannot be read", list.Faulty))
	}
	for _, c := range list.Certificates {
		if !c.MayIssue() {
			in.Left = append(in.Left, c.Subject.String()+" is not the certificate of an issuer")
			continue
		}
		s.add(in, &Entry{Kind: KindCSCA, Raw: c.Raw, Certificate: c, Vouched: in.Vouched})
	}
	return nil
}

// importCertificate takes a certificate that an operator vouches for: a CSCA's that is self-signed, a link to one that is
// trusted, or a document signer's that a trusted one issued.
func (s *Store) importCertificate(in *Imported, c *pki.Certificate) error {
	e := &Entry{Kind: KindCSCA, Raw: c.Raw, Certificate: c, Vouched: "operator"}
	if !c.HasUsage || !c.MayIssue() {
		e.Kind = KindSigner
	}
	err := c.CheckSignatureFrom(c)
	switch {
	case err == nil && c.MayIssue():
		e.Kind = KindCSCA
	case err == nil:
		return fmt.Errorf("%w: self-signed, and not the certificate of an issuer", ErrNotImported)
	case !s.issued(c):
		return fmt.Errorf("%w: neither self-signed nor signed by one that is trusted: %w", ErrNotImported, err)
	}
	in.Vouched = e.Vouched
	s.add(in, e)
	return nil
}

// issued says whether a trusted authority signed a certificate.
func (s *Store) issued(c *pki.Certificate) bool {
	return slices.ContainsFunc(s.Issuers(c.Issuer), func(i *pki.Certificate) bool {
		return c.CheckSignatureFrom(i) == nil
	})
}

// importCRL takes a revocation list that a trusted issuer signed. Older ones of the same issuer stay: what was revoked once stays so.
func (s *Store) importCRL(in *Imported, l *pki.CRL) error {
	err := error(ErrNotFound)
	for _, i := range s.Issuers(l.Issuer) {
		if err = l.CheckSignatureFrom(i); err == nil {
			in.Vouched = i.Subject.String()
			s.add(in, &Entry{Kind: KindCRL, Raw: l.Raw, CRL: l, Vouched: in.Vouched})
			return nil
		}
	}
	return fmt.Errorf("%w: no trusted issuer signed this revocation list: %w", ErrNotImported, err)
}

// add puts one entry, with its own copy of the bytes.
func (s *Store) add(in *Imported, e *Entry) {
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	e.Raw, e.Fingerprint, e.Added = bytes.Clone(e.Raw), fingerprint(e.Raw), now().UTC()
	if !s.put(e) {
		in.Known++
		return
	}
	in.Added = append(in.Added, e)
}
