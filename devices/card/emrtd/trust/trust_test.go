package trust_test

import (
	"bytes"
	"crypto"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/emrtd/trust"
)

var (
	keyA   = sync.OnceValue(func() *pkitest.Key { return pkitest.NewEC(ec.BrainpoolP256r1(), pkitest.Spelled) })
	keyB   = sync.OnceValue(func() *pkitest.Key { return pkitest.NewEC(ec.P256(), pkitest.Named) })
	keyC   = sync.OnceValue(func() *pkitest.Key { return pkitest.NewEC(ec.P256(), pkitest.Named) })
	scheme = pkitest.ECDSA(crypto.SHA256, false)
)

func authority(country, name string, key *pkitest.Key) *pkitest.Authority {
	return pkitest.NewAuthority(country, name, key, scheme)
}

func open(t testing.TB, dir string) *trust.Store {
	t.Helper()
	s, err := trust.Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Now = func() time.Time { return time.Date(2026, time.May, 4, 3, 2, 1, 0, time.UTC) }
	return s
}

func take(t testing.TB, s *trust.Store, raw []byte) trust.Imported {
	t.Helper()
	in, err := s.Import(raw)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// refuse wants an import to fail and to change nothing.
func refuse(t *testing.T, s *trust.Store, raw []byte) {
	t.Helper()
	before := len(s.Entries())
	if in, err := s.Import(raw); !errors.Is(err, trust.ErrNotImported) || len(in.Added) != 0 || len(s.Entries()) != before {
		t.Errorf("%+v, %v, %d entries after %d", in, err, len(s.Entries()), before)
	}
}

func parse(t testing.TB, raw []byte) *pki.Certificate {
	t.Helper()
	c, err := pki.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func toPEM(blocks ...[]byte) (out []byte) {
	for _, b := range blocks {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b})...)
	}
	return append([]byte("Certificates of our country\n\n"), out...)
}

func TestSingleCertificate(t *testing.T) {
	dir := t.TempDir()
	a, b := authority("VN", "A", keyA()), authority("VN", "B", keyB())
	s := open(t, dir)
	in := take(t, s, a.Raw)
	if len(in.Added) != 1 || in.Known != 0 || in.Vouched != "operator" || in.List != nil {
		t.Errorf("%+v", in)
	}
	if again := take(t, s, toPEM(a.Raw, b.Raw)); len(again.Added) != 1 || again.Known != 1 {
		t.Errorf("in PEM: %+v", again)
	}
	for name, s := range map[string]*trust.Store{"same": s, "opened again": open(t, dir)} {
		entries := s.Entries()
		if len(entries) != 2 || len(s.Faults()) != 0 {
			t.Fatalf("%s: %d entries, faults %v", name, len(entries), s.Faults())
		}
		e, c := entries[0], parse(t, a.Raw)
		if e.Kind != trust.KindCSCA || e.Fingerprint != c.Fingerprint() || e.Vouched != "operator" ||
			!e.Added.Equal(time.Date(2026, time.May, 4, 3, 2, 1, 0, time.UTC)) || s.Vouched(c) != "operator" {
			t.Errorf("%s: %+v", name, e)
		}
		if found := s.Issuers(c.Subject); len(found) != 1 || found[0].Fingerprint() != c.Fingerprint() {
			t.Errorf("%s: %d issuers", name, len(found))
		}
	}
}

func TestCertificatesThatAreRefused(t *testing.T) {
	a, b := authority("VN", "A", keyA()), authority("VN", "B", keyB())
	signer := a.Signer(keyC())
	forged := a.Spec
	forged.Subject = pkitest.Name("VN", "Someone")
	selfSigner := a.Spec
	selfSigner.Set(pkitest.Usage(0x80))
	spoiled := bytes.Clone(a.Raw)
	spoiled[len(spoiled)-1] ^= 1
	for name, raw := range map[string][]byte{
		"nothing":                        nil,
		"text":                           []byte("not a certificate"),
		"signature changed":              spoiled,
		"another's name":                 forged.Sign(keyB()),
		"self-signed and not an issuer":  selfSigner.Sign(keyA()),
		"signer of an unknown authority": signer.Sign(keyA()),
		"list of an unknown authority":   a.CRL().Sign(keyA()),
		"forged parameters":              pkitest.NewAuthority("VN", "A", pkitest.Forge(keyA()), scheme).Raw,
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir())
			take(t, s, b.Raw)
			refuse(t, s, raw)
		})
	}
}

func TestLinkCertificate(t *testing.T) {
	old, next := authority("VN", "CSCA", keyA()), authority("VN", "CSCA", keyB())
	link := next.Spec // the new key, signed with the old one (9303-12 §4.1.1)
	link.Scheme = scheme
	raw := link.Sign(keyA())
	s := open(t, t.TempDir())
	refuse(t, s, raw)
	take(t, s, old.Raw)
	if in := take(t, s, raw); len(in.Added) != 1 || in.Added[0].Kind != trust.KindCSCA {
		t.Errorf("%+v", in)
	}
	d := next.Document(keyC(), scheme)
	r := pki.Verify(pki.Input{SOD: d.SOD(), Groups: d.Hashes.Groups, Trust: s, At: pkitest.Read(), Country: "VNM"})
	if r.Verdict() != pki.Trusted {
		t.Errorf("%+v", r)
	}
}

func TestDocumentSigner(t *testing.T) {
	a := authority("VN", "A", keyA())
	s := open(t, t.TempDir())
	take(t, s, a.Raw)
	d := a.Document(keyC(), scheme)
	d.NoSigner = true
	in := pki.Input{SOD: d.SOD(), Groups: d.Hashes.Groups, Trust: s, At: pkitest.Read(), Country: "VNM"}
	if r := pki.Verify(in); r.Verdict() != pki.Incomplete {
		t.Errorf("without it: %+v", r)
	}
	if got := take(t, s, d.Signer.Sign(keyA())); got.Added[0].Kind != trust.KindSigner {
		t.Errorf("%+v", got)
	}
	if r := pki.Verify(in); r.Verdict() != pki.Trusted {
		t.Errorf("with it: %+v", r)
	}
	if len(s.Issuers(parse(t, d.Signer.Sign(keyA())).Subject)) != 0 {
		t.Error("a document signer became an issuer")
	}
}

func TestRevocationList(t *testing.T) {
	dir := t.TempDir()
	a := authority("VN", "A", keyA())
	s := open(t, dir)
	take(t, s, a.Raw)
	d := a.Document(keyC(), scheme)
	in := pki.Input{SOD: d.SOD(), Groups: d.Hashes.Groups, Trust: s, At: pkitest.Read(), Country: "VNM"}
	list := a.CRL(big.NewInt(5), d.Signer.Serial)
	list.Inside = pkitest.ECDSA(crypto.SHA384, false).ID
	refuse(t, s, list.Sign(keyA())) // the algorithms differ
	list.Inside = nil
	refuse(t, s, list.Sign(keyB())) // another key
	if got := take(t, s, list.Sign(keyA())); got.Added[0].Kind != trust.KindCRL || !strings.Contains(got.Vouched, "CN=A") {
		t.Errorf("%+v", got)
	}
	take(t, s, a.CRL().Sign(keyA())) // a newer one without entries
	for _, s := range []*trust.Store{s, open(t, dir)} {
		in.Trust = s
		if step, _ := pki.Verify(in).Failed(); step.Cause != pki.CauseRevoked {
			t.Errorf("%+v", step)
		}
	}
}

func TestMasterList(t *testing.T) {
	de, fr, vn := authority("DE", "csca", keyA()), authority("FR", "csca", keyB()), authority("VN", "csca", keyC())
	list := de.MasterList(keyC(), scheme, de.Raw, fr.Raw, vn.Raw)
	s := open(t, t.TempDir())
	in := take(t, s, list.Encode())
	want := "master list of 2025-03-01, signed by CN=Document signer,O=Synthetic test documents,C=VN, issued by CN=csca"
	if len(in.Added) != 3 || !strings.HasPrefix(in.Vouched, want) || !strings.Contains(in.Vouched, parse(t, de.Raw).Fingerprint()) ||
		in.CSCA.Fingerprint() != parse(t, de.Raw).Fingerprint() {
		t.Errorf("%+v", in)
	}
	if s.Vouched(parse(t, fr.Raw)) != in.Vouched {
		t.Error("nobody vouches for France")
	}
	if again := take(t, s, list.Encode()); len(again.Added) != 0 || again.Known != 3 {
		t.Errorf("again: %+v", again)
	}
}

// PA-28: a master list whose signature does not hold, or is not that of a master list signer, brings nothing in.
func TestMasterListsThatAreRefused(t *testing.T) {
	de, fr := authority("DE", "csca", keyA()), authority("FR", "csca", keyB())
	good := func() pkitest.SignedData { return de.MasterList(keyC(), scheme, de.Raw, fr.Raw) }
	for name, change := range map[string]func(d *pkitest.SignedData){
		"signature changed":           func(d *pkitest.SignedData) { d.Signers[0].Spoil = true },
		"signed with another key":     func(d *pkitest.SignedData) { d.Signers[0].Key = keyB() },
		"content of another list":     func(d *pkitest.SignedData) { d.Signers[0].Message = make([]byte, 32) },
		"certificate left out":        func(d *pkitest.SignedData) { d.Certificates = nil },
		"no signer":                   func(d *pkitest.SignedData) { d.Signers = nil },
		"second signer spoiled":       func(d *pkitest.SignedData) { d.Signers = append(d.Signers, d.Signers[0]); d.Signers[1].Spoil = true },
		"another content type":        func(d *pkitest.SignedData) { d.ContentType = pkitest.SecurityObject },
		"signed after the term":       func(d *pkitest.SignedData) { d.Signers[0].SignedAt = time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC) },
		"signed by a document signer": func(d *pkitest.SignedData) { *d = de.MasterListBy(de.Signer(keyC()), keyC(), scheme, de.Raw, fr.Raw) },
		"signer issued by a document signer": func(d *pkitest.SignedData) {
			spec := de.Signer(keyC())
			impostor := &pkitest.Authority{Key: keyC(), Scheme: scheme, Spec: spec, Raw: spec.Sign(keyA())}
			*d = impostor.MasterList(keyB(), scheme, de.Raw, fr.Raw, impostor.Raw)
		},
		"authority not on the list": func(d *pkitest.SignedData) { *d = de.MasterList(keyC(), scheme, fr.Raw) },
	} {
		t.Run("PA-28/"+name, func(t *testing.T) {
			d := good()
			change(&d)
			dir := t.TempDir()
			refuse(t, open(t, dir), d.Encode())
			if left := open(t, dir).Entries(); len(left) != 0 {
				t.Errorf("%d entries", len(left))
			}
		})
	}
	t.Run("authority trusted already", func(t *testing.T) {
		s := open(t, t.TempDir())
		take(t, s, de.Raw)
		list := de.MasterList(keyC(), scheme, fr.Raw)
		if in := take(t, s, list.Encode()); len(in.Added) != 1 || in.CSCA.Subject.Country() != "DE" {
			t.Errorf("%+v", in)
		}
	})
}

// A list may have entries that nobody can read, and entries that are no issuers'; the others come in.
func TestMasterListWithFaultyEntry(t *testing.T) {
	de := authority("DE", "csca", keyA())
	list := de.MasterList(keyC(), scheme, de.Raw, pkitest.Sequence(pkitest.Number(1)), de.Signer(keyB()).Sign(keyA()))
	in := take(t, open(t, t.TempDir()), list.Encode())
	if len(in.Added) != 1 || len(in.Left) != 2 {
		t.Errorf("%+v", in)
	}
}

func TestRemove(t *testing.T) {
	dir := t.TempDir()
	a, b := authority("VN", "A", keyA()), authority("VN", "B", keyB())
	s := open(t, dir)
	take(t, s, toPEM(a.Raw, b.Raw))
	first := parse(t, a.Raw)
	for _, prefix := range []string{"", "XX", strings.Repeat("0", 64)} {
		if _, err := s.Remove(prefix); !errors.Is(err, trust.ErrNotFound) {
			t.Errorf("%q: %v", prefix, err)
		}
	}
	fingerprint := first.Fingerprint()
	spoken := strings.ToLower(fingerprint[:2] + ":" + fingerprint[2:4] + ":" + fingerprint[4:12])
	if e, err := s.Remove(spoken); err != nil || e.Fingerprint != fingerprint {
		t.Fatalf("%v, %v", e, err)
	}
	for _, s := range []*trust.Store{s, open(t, dir)} {
		if len(s.Entries()) != 1 || len(s.Issuers(first.Subject)) != 0 || s.Vouched(first) != "" {
			t.Errorf("%d entries", len(s.Entries()))
		}
	}
}

func TestBuiltIn(t *testing.T) {
	a, b := authority("VN", "A", keyA()), authority("VN", "B", keyB())
	built := fstest.MapFS{"a.der": {Data: a.Raw}, "README.md": {Data: []byte("text")}}
	dir := t.TempDir()
	s, err := trust.Open(dir, built)
	if err != nil {
		t.Fatal(err)
	}
	take(t, s, b.Raw)
	if s.Vouched(parse(t, a.Raw)) != "built in" || len(s.Entries()) != 2 {
		t.Errorf("%d entries", len(s.Entries()))
	}
	if _, err := s.Remove(parse(t, a.Raw).Fingerprint()); !errors.Is(err, trust.ErrNotFound) {
		t.Errorf("removed: %v", err)
	}
	if plain := open(t, dir); len(plain.Entries()) != 1 {
		t.Errorf("%d entries in the file", len(plain.Entries()))
	}
	if _, err := trust.Open("", fstest.MapFS{"a.der": {Data: []byte("no certificate")}}); err == nil {
		t.Error("a built-in file that is none is taken")
	}
}
