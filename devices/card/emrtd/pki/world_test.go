package pki_test

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
)

// Keys are made once: only what they sign differs.
var (
	rootKey  = sync.OnceValue(func() *pkitest.Key { return pkitest.NewEC(curve("brainpoolP384r1"), pkitest.Spelled) })
	otherKey = sync.OnceValue(func() *pkitest.Key { return pkitest.NewEC(curve("brainpoolP384r1"), pkitest.Spelled) })
	ecKey    = sync.OnceValue(func() *pkitest.Key { return pkitest.NewEC(ec.P256(), pkitest.Named) })
	rsaKey   = sync.OnceValue(func() *pkitest.Key { return pkitest.NewRSA(2048, false) })
)

func curve(name string) *ec.Curve {
	for id := range 32 {
		if c, ok := ec.ByID(id); ok && c.Name == name {
			return c
		}
	}
	panic("no curve " + name)
}

// believed is a pki.Trust in memory.
type believed struct {
	issuers, signers []*pki.Certificate
	lists            []*pki.CRL
}

func (b *believed) Issuers(name pki.Name) (out []*pki.Certificate) {
	for _, c := range b.issuers {
		if c.Subject.Equal(name) {
			out = append(out, c)
		}
	}
	return out
}

func (b *believed) Signers() []*pki.Certificate { return b.signers }

func (b *believed) Lists(issuer pki.Name) (out []*pki.CRL) {
	for _, l := range b.lists {
		if l.Issuer.Equal(issuer) {
			out = append(out, l)
		}
	}
	return out
}

// world is one document on its way from the issuer to the reader.
type world struct {
	t         *testing.T
	authority *pkitest.Authority
	doc       *pkitest.Document
	trust     *believed
	in        pki.Input
	sign      func() []byte // how EF.SOD is made; nil for doc.SOD
}

// newWorld has an authority with spelled-out parameters, as Vietnam's has, and a document signer on P-256.
func newWorld(t *testing.T) *world {
	a := pkitest.NewAuthority("VN", "CSCA Test", rootKey(), pkitest.ECDSA(crypto.SHA384, false))
	w := &world{t: t, authority: a, doc: a.Document(ecKey(), pkitest.ECDSA(crypto.SHA256, false)), trust: &believed{}}
	w.in = pki.Input{At: pkitest.Read(), Country: "VNM", Trust: w.trust}
	w.in.Groups = maps.Clone(w.doc.Hashes.Groups)
	return w
}

// signWith makes the document anew with another key and algorithm.
func (w *world) signWith(key *pkitest.Key, scheme pkitest.Scheme) {
	w.doc = w.authority.Document(key, scheme)
}

// replaceAuthority makes authority and document anew.
func (w *world) replaceAuthority(country string, key *pkitest.Key, scheme pkitest.Scheme) {
	w.authority = pkitest.NewAuthority(country, "CSCA Test", key, scheme)
	w.doc = w.authority.Document(ecKey(), pkitest.ECDSA(crypto.SHA256, false))
}

// signer is the one SignerInfo.
func (w *world) signer() *pkitest.Signer { return &w.doc.Signed.Signers[0] }

// report issues the document and reads it.
func (w *world) report() pki.Report {
	if w.trust.issuers == nil {
		w.trust.issuers = []*pki.Certificate{w.parse(w.authority.Raw)}
	}
	if w.in.SOD == nil {
		sign := w.sign
		if sign == nil {
			sign = w.doc.SOD
		}
		w.in.SOD = sign()
	}
	return pki.Verify(w.in)
}

func (w *world) parse(raw []byte) *pki.Certificate {
	w.t.Helper()
	c, err := pki.ParseCertificate(raw)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// wanted is what a report must say. Empty fields are not compared.
type wanted struct {
	verdict pki.Verdict
	step    string    // of the first step that did not pass; "" for none
	cause   pki.Cause // its cause
	note    string    // a part of a note
}

func (want wanted) compare(t *testing.T, r pki.Report) {
	t.Helper()
	if got := r.Verdict(); got != want.verdict {
		t.Errorf("verdict %q in place of %q", got, want.verdict)
	}
	s, bad := r.Failed()
	if bad != (want.step != "") || s.Name != want.step || s.Cause != want.cause {
		t.Errorf("step %q with cause %q, wanted %q with %q", s.Name, s.Cause, want.step, want.cause)
	}
	if bad && s.Reason == "" {
		t.Error("no reason")
	}
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, want.note) }) && want.note != "" {
		t.Errorf("no note %q", want.note)
	}
	if t.Failed() {
		t.Logf("%+v", r)
	}
}

// scenario is one way in which a document differs from a good one.
type scenario struct {
	id, name string
	change   func(w *world)
	want     wanted
}

func runScenarios(t *testing.T, all []scenario) {
	for _, s := range all {
		t.Run(s.id+"/"+s.name, func(t *testing.T) {
			w := newWorld(t)
			s.change(w)
			s.want.compare(t, w.report())
		})
	}
}
