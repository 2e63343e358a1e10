package pki

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
)

// Content types of what a document signer signs.
const (
	oidLDSSecurityObject = "2.23.136.1.1.1"      // in EF.SOD, 9303-10 §4.6.2
	oidCardSecurity      = "0.4.0.127.0.7.3.2.1" // in EF.CardSecurity, 9303-11 §9.2.12
)

// Object is a signed file of a chip: EF.SOD, or EF.CardSecurity.
type Object struct {
	Security lds.SecurityObject // of EF.SOD: the hashes
	Infos    []byte             // of EF.CardSecurity: the SecurityInfos
	Weak     string             // what in the signature is below today's measure, "" if nothing

	signed *SignedData
}

// Open reads EF.SOD: tag 77 around signed data, nothing before or after it. That it parses says nothing about the
// signature.
func Open(file []byte) (*Object, error) {
	o, rest, err := tlv.Tolerant.Next(file)
	if err != nil || o.Tag != lds.TagSOD || len(rest) > 0 {
		return nil, malformed(fmt.Sprintf("EF.SOD in tag %s with %d bytes after it", o.Tag, len(rest)), err)
	}
	signed, err := ParseSignedData(o.Value)
	if err != nil {
		return nil, err
	}
	if signed.ContentType != oidLDSSecurityObject {
		return nil, malformed("content type "+signed.ContentType, nil)
	}
	so, err := lds.ParseSecurityObject(signed.Content)
	if hash := (lds.HashError{}); errors.As(err, &hash) {
		return nil, unknownHash(hash.OID)
	}
	if err != nil {
		return nil, malformed("LDS security object", err)
	}
	return &Object{Security: so, signed: signed}, nil
}

// OpenCardSecurity reads EF.CardSecurity.
func OpenCardSecurity(file []byte) (*Object, error) {
	signed, err := ParseSignedData(file)
	if err != nil {
		return nil, err
	}
	if signed.ContentType != oidCardSecurity {
		return nil, malformed("content type "+signed.ContentType, nil)
	}
	return &Object{Infos: signed.Content, signed: signed}, nil
}

// Trust is whom the reader believes. Package trust keeps one on disk.
type Trust interface {
	// Issuers are the trusted certificates whose subject is the name.
	Issuers(name Name) []*Certificate
	// Signers are certificates of document signers that are known from elsewhere, for chips that leave theirs out.
	Signers() []*Certificate
	// Lists are the revocation lists of an issuer whose signatures were checked.
	Lists(issuer Name) []*CRL
}

// Nobody is a Trust that knows no one.
type Nobody struct{}

// Issuers implements Trust.
func (Nobody) Issuers(Name) []*Certificate { return nil }

// Signers implements Trust.
func (Nobody) Signers() []*Certificate { return nil }

// Lists implements Trust.
func (Nobody) Lists(Name) []*CRL { return nil }

// Check makes the checks that need EF.SOD alone: signature, signer, issuer. at is when the card was read, country the
// issuing state as DG1 has it (three letters, "D" for Germany), "" where it is not known. A nil trust is Nobody.
func (o *Object) Check(trust Trust, at time.Time, country string) Report {
	if trust == nil {
		trust = Nobody{}
	}
	r := Report{At: at}
	for i := range o.signed.Signers {
		o.checkSigner(&r, &o.signed.Signers[i], trust, at, country)
	}
	r.addVersionNote(o)
	return r
}

// checkSigner goes from the signature to whom it is believed of, as far as it comes.
func (o *Object) checkSigner(r *Report, s *Signer, trust Trust, at time.Time, country string) {
	c := o.certificate(s, trust)
	switch {
	case c == nil && len(o.signed.Certificates) > 0:
		r.add(StepSignature, Failed, CauseSignerOther, "the certificates in the file are not the signer's")
		return
	case c == nil:
		r.add(StepSignature, NotPossible, CauseSignerUnknown, "the signer's certificate is not in the file and not known here")
		return
	}
	if err := o.signed.verify(s, c); err != nil {
		r.fail(StepSignature, err)
		return
	}
	r.add(StepSignature, Passed, "", s.Algorithm.String())
	r.note(s.Algorithm.weak(), "the signature uses ")
	r.note(weakKey(c.Key), "the signer's key is ")
	r.noteProfile(c, s)
	r.noteVersions(o.signed, s)
	r.Signer = c
	if !r.checkTerm(c, s, at) {
		return
	}
	csca := r.checkIssuer(c, trust)
	if csca == nil {
		return
	}
	r.checkRevocation(c, csca, trust)
	r.checkCountry(csca, country)
}

// certificate finds the signer's.
func (o *Object) certificate(s *Signer, trust Trust) *Certificate {
	for _, list := range [][]*Certificate{o.signed.Certificates, trust.Signers()} {
		for _, c := range list {
			if s.isOf(c) {
				return c
			}
		}
	}
	return nil
}

// CheckGroup compares a data group's file with its hash in EF.SOD.
func (o *Object) CheckGroup(number int, file []byte) Step {
	return o.checkHash(number, func() []byte {
		h := o.Security.Hash.New()
		h.Write(file)
		return h.Sum(nil)
	})
}

// CheckHash is CheckGroup for a group of which only the hash is there.
func (o *Object) CheckHash(number int, hash []byte) Step {
	return o.checkHash(number, func() []byte { return hash })
}

func (o *Object) checkHash(number int, hash func() []byte) Step {
	step := Step{Name: groupStep(number), Outcome: Passed}
	want, listed := o.Security.Hashes[number]
	switch {
	case !listed:
		step.Outcome, step.Cause, step.Reason = Failed, CauseNotListed, "EF.SOD has no hash of it"
	case string(hash()) != string(want):
		step.Outcome, step.Cause, step.Reason = Failed, CauseHash, "it differs from its hash in EF.SOD"
	}
	return step
}

// Keys reads the public keys for chip authentication from EF.CardSecurity.
func (o *Object) Keys() ([]lds.ChipKey, error) {
	infos, err := lds.ParseCardAccess(o.Infos)
	if err != nil {
		return nil, err
	}
	return infos.PublicKeys()
}

// noteProfile notes what 9303-10 §4.6.2.2 and 9303-12 §7.1.1 want of a signer, and what some issuers do without. None of it
// weakens the signature.
func (r *Report) noteProfile(c *Certificate, s *Signer) {
	if !c.HasUsage {
		r.note("the signer's certificate has no key usage", "")
	}
	if len(c.AuthorityKeyID) == 0 {
		r.note("the signer's certificate does not name its issuer's key", "")
	}
	if c.Version != 3 {
		r.note(fmt.Sprint(c.Version), "the signer's certificate is of version ")
	}
	if byKey := s.KeyID != nil; byKey != (s.Version == 3) {
		r.note(fmt.Sprint(s.Version), "the signer is named in a way that is not that of version ")
	}
	if s.attributes == nil {
		r.note("there are no signed attributes", "")
	}
	for _, oid := range c.Critical {
		r.note(oid, "the signer's certificate has a critical extension that is not understood: ")
	}
}

// noteVersions notes version numbers that RFC 5652 §5.1 and §5.3 do not know. What follows them is read as it stands.
func (r *Report) noteVersions(d *SignedData, s *Signer) {
	if d.Version != 1 && (d.Version < 3 || d.Version > 5) {
		r.note(fmt.Sprint(d.Version), "the signed data are of an unknown version: ")
	}
	if s.Version != 1 && s.Version != 3 {
		r.note(fmt.Sprint(s.Version), "the signer's information is of an unknown version: ")
	}
}

// checkTerm: the signer may sign documents, and did while it was valid. A signer whose certificate has ended since is
// good: documents outlive it.
func (r *Report) checkTerm(c *Certificate, s *Signer, at time.Time) bool {
	switch {
	case c.HasUsage && c.Usage&DigitalSignature == 0:
		r.add(StepSigner, Failed, CauseSignerUsage, "the signer's certificate is not for signing")
		return false
	case at.Before(c.NotBefore):
		r.add(StepSigner, Failed, CauseSignerTerm, "the signer's certificate is not valid yet")
		return false
	case !s.SigningTime.IsZero() && (s.SigningTime.Before(c.NotBefore) || s.SigningTime.After(c.NotAfter)):
		r.add(StepSigner, Failed, CauseSignerTerm, "it was signed while the signer's certificate was not valid")
		return false
	}
	if at.After(c.NotAfter) {
		r.Notes = append(r.Notes, "the signer's certificate has ended since")
	}
	r.add(StepSigner, Passed, "", "")
	return true
}

// checkIssuer finds the CSCA that issued the signer's certificate. Nobody of that name is another thing than somebody of
// that name who did not sign. Authorities keep their name when they change their key, so a certificate of that name with
// another key identifier than the one that is asked for says nothing, unless its key is the right one all the same.
func (r *Report) checkIssuer(c *Certificate, trust Trust) *Certificate {
	if err := c.readyToCheck(); err != nil {
		r.fail(StepIssuer, err)
		return nil
	}
	var last error
	for _, csca := range trust.Issuers(c.Issuer) {
		err := c.CheckSignatureFrom(csca)
		switch {
		case err == nil:
			err = csca.fitsTo(c)
		case !c.names(csca):
			continue
		}
		if err == nil {
			r.believe(c, csca)
			return csca
		}
		if last == nil || errors.Is(err, errTerm) || errors.Is(err, ErrUnsupported) && !errors.Is(last, errTerm) {
			last = err
		}
	}
	switch {
	case last == nil:
		r.add(StepIssuer, NotPossible, CauseIssuerUnknown, "no trusted certificate of "+c.Issuer.String())
	case errors.Is(last, errTerm):
		r.add(StepIssuer, Failed, CauseSignerTerm, "the signer's certificate begins outside its issuer's term")
	default:
		r.fail(StepIssuer, last)
	}
	return nil
}

var errTerm = errors.New("pki: outside the issuer's term")

// believe records who issued the signer's certificate, and what about it is not as it should be.
func (r *Report) believe(c, csca *Certificate) {
	r.Issuer = csca
	r.add(StepIssuer, Passed, "", csca.Subject.String())
	r.note(c.Weak(), "the signer's certificate uses ")
	if !c.names(csca) {
		r.note("the signer's certificate names another key of its issuer", "")
	}
	if !csca.UsedUntil.IsZero() && c.NotBefore.After(csca.UsedUntil) {
		r.note("the signer's certificate was issued after its issuer's key should have rested", "")
	}
	if r.At.After(csca.NotAfter) {
		r.note("the issuer's certificate has ended since", "")
	}
}

func (r *Report) checkRevocation(c, csca *Certificate, trust Trust) {
	lists := trust.Lists(csca.Subject)
	for _, l := range lists {
		if since, revoked := l.Revoked(c.Serial); revoked {
			r.add(StepRevocation, Failed, CauseRevoked, "the signer's certificate was revoked on "+since.Format(time.DateOnly))
			return
		}
	}
	if len(lists) == 0 {
		return
	}
	r.add(StepRevocation, Passed, "", fmt.Sprintf("%d lists", len(lists)))
	newest := slices.MaxFunc(lists, func(a, b *CRL) int { return a.ThisUpdate.Compare(b.ThisUpdate) })
	if !newest.NextUpdate.IsZero() && r.At.After(newest.NextUpdate) {
		r.note(newest.NextUpdate.Format(time.DateOnly), "the issuer's newest revocation list should have been replaced on ")
	}
}

// checkCountry: the state that issued the document is the state of the CSCA (9303-12 §5).
func (r *Report) checkCountry(csca *Certificate, country string) {
	want := Alpha2(country)
	switch is := csca.Subject.Country(); {
	case country == "":
	case want == "":
		r.add(StepCountry, NotPossible, CauseUnsupported, "issuing state without a code of two letters")
	case is != want:
		r.add(StepCountry, Failed, CauseCountry, fmt.Sprintf("the issuer is of %s, the document of %s", is, want))
	default:
		r.add(StepCountry, Passed, "", is)
	}
}

// groupStep is the name of a data group's step.
func groupStep(number int) string { return fmt.Sprintf("DG%d", number) }

// GroupOf is the number of the data group that a step is about.
func (s Step) GroupOf() (number int, ok bool) {
	if !strings.HasPrefix(s.Name, "DG") {
		return 0, false
	}
	_, err := fmt.Sscanf(s.Name, "DG%d", &number)
	return number, err == nil
}

// CheckCardSecurity opens EF.CardSecurity, checks who signed it, and gives the chip's keys in it. The keys are worth what
// the Report is.
func CheckCardSecurity(file []byte, trust Trust, at time.Time, country string) (Report, []lds.ChipKey, error) {
	o, err := OpenCardSecurity(file)
	if err != nil {
		return Report{}, nil, err
	}
	keys, err := o.Keys()
	if err != nil {
		return Report{}, nil, err
	}
	return o.Check(trust, at, country), keys, nil
}
