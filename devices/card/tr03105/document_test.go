package tr03105_test

import (
	"crypto"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/tlv"
)

// Keys are made once: only what they sign differs.
var (
	rootKey = sync.OnceValue(func() *pkitest.Key { return pkitest.NewEC(ec.BrainpoolP256r1(), pkitest.Spelled) })
	ecKey   = sync.OnceValue(func() *pkitest.Key { return pkitest.NewEC(ec.P256(), pkitest.Named) })
	rsaKey  = sync.OnceValue(func() *pkitest.Key { return pkitest.NewRSA(2048, false) })
	dsaKey  = sync.OnceValue(pkitest.NewDSA)
)

// trusted is a pki.Trust in memory.
type trusted struct {
	issuers, signers []*pki.Certificate
	lists            []*pki.CRL
}

func (b *trusted) Issuers(name pki.Name) []*pki.Certificate {
	return slices.DeleteFunc(slices.Clone(b.issuers), func(c *pki.Certificate) bool { return !c.Subject.Equal(name) })
}

func (b *trusted) Signers() []*pki.Certificate { return b.signers }

func (b *trusted) Lists(issuer pki.Name) []*pki.CRL {
	return slices.DeleteFunc(slices.Clone(b.lists), func(l *pki.CRL) bool { return !l.Issuer.Equal(issuer) })
}

// document is one on its way from the issuer to the reader.
type document struct {
	*pkitest.Document
	t         *testing.T
	authority *pkitest.Authority
	trust     *trusted
	groups    map[int][]byte
	change    func(sod []byte) []byte // what happens to EF.SOD after it is signed; nil: nothing
}

func newDocument(t *testing.T) *document {
	d := &document{t: t, trust: &trusted{}}
	d.issue(rootKey(), pkitest.ECDSA(crypto.SHA256, false))
	return d
}

// issue makes authority and document anew.
func (d *document) issue(key *pkitest.Key, scheme pkitest.Scheme) {
	d.authority = pkitest.NewAuthority("VN", "CSCA Test", key, scheme)
	d.sign(ecKey(), pkitest.ECDSA(crypto.SHA256, false))
}

// sign makes the document anew with another key and algorithm.
func (d *document) sign(key *pkitest.Key, scheme pkitest.Scheme) {
	d.Document = d.authority.Document(key, scheme)
	d.groups = maps.Clone(d.Hashes.Groups)
}

func (d *document) signer() *pkitest.Signer { return &d.Signed.Signers[0] }

func (d *document) parse(raw []byte) *pki.Certificate {
	d.t.Helper()
	c, err := pki.ParseCertificate(raw)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// report issues the document and reads it.
func (d *document) report() pki.Report {
	d.trust.issuers = []*pki.Certificate{d.parse(d.authority.Raw)}
	sod := d.SOD()
	if d.change != nil {
		sod = d.change(sod)
	}
	return pki.Verify(pki.Input{SOD: sod, Groups: d.groups, Trust: d.trust, At: pkitest.Read(), Country: "VNM"})
}

// verdict is what a report must say: the verdict, the step that did not pass with its cause, a part of a note.
type verdict struct {
	is    pki.Verdict
	step  string
	cause pki.Cause
	note  string
}

var (
	good       = verdict{is: pki.Trusted}
	signature  = verdict{pki.Forged, pki.StepSignature, pki.CauseSignature, ""}
	attributes = verdict{pki.Forged, pki.StepSignature, pki.CauseAttributes, ""}
	forbidden  = verdict{pki.Forged, pki.StepSignature, pki.CauseForbidden, ""}
	malformed  = verdict{pki.Forged, pki.StepStructure, pki.CauseMalformed, ""}
	otherIssue = verdict{pki.Forged, pki.StepIssuer, pki.CauseIssuer, ""}
)

func noted(note string) verdict { return verdict{is: pki.Trusted, note: note} }

func (want verdict) compare(t *testing.T, r pki.Report) {
	t.Helper()
	s, bad := r.Failed()
	if r.Verdict() != want.is || bad != (want.step != "") || s.Name != want.step || s.Cause != want.cause {
		t.Errorf("%q in step %q by %q (%s), want %+v", r.Verdict(), s.Name, s.Cause, s.Reason, want)
	}
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, want.note) }) && want.note != "" {
		t.Errorf("no note %q in %q", want.note, r.Notes)
	}
}

// documented checks a document that differs from a good one.
func documented(id string, want verdict, change func(d *document)) check {
	return check{id, func(t *testing.T) {
		d := newDocument(t)
		change(d)
		want.compare(t, d.report())
	}}
}

// edited takes or changes the object at a path of member numbers, or gives it up for nil; lengths fit again.
func edited(t *testing.T, raw []byte, change func(o tlv.Object) []byte, path ...int) []byte {
	t.Helper()
	objects, err := tlv.Parse(raw)
	if err != nil || path[0] >= len(objects) {
		t.Fatalf("no object %v, %v", path, err)
	}
	var out []byte
	for i, o := range objects {
		switch {
		case i != path[0]:
			out = append(out, o.Raw...)
		case len(path) == 1:
			out = append(out, change(o)...)
		default:
			out = append(out, tlv.New(o.Tag, edited(t, o.Value, change, path[1:]...))...)
		}
	}
	return out
}

func nothing(tlv.Object) []byte { return nil }

func replaced(by []byte) func(tlv.Object) []byte { return func(tlv.Object) []byte { return by } }

// at changes EF.SOD after it was signed, at a path.
func at(change func(o tlv.Object) []byte, path ...int) func(*document) {
	return func(d *document) {
		d.change = func(sod []byte) []byte { return edited(d.t, sod, change, path...) }
	}
}

// inCertificate changes the signer's certificate before it is signed, at a field.
func inCertificate(change func(o tlv.Object) []byte, field int) func(*document) {
	return func(d *document) {
		d.Signer.Change = func(tbs []byte) []byte { return edited(d.t, tbs, change, 0, field) }
	}
}

// inHashes changes the LDS security object before it is signed, at a path.
func inHashes(change func(o tlv.Object) []byte, path ...int) func(*document) {
	return func(d *document) { d.Signed.Content = edited(d.t, d.Hashes.Encode(), change, path...) }
}
