package pki_test

import (
	"bytes"
	"crypto"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/tlv"
)

// TestStagedUse goes the way of a reader: EF.SOD first, then one file after the other.
func TestStagedUse(t *testing.T) {
	w := newWorld(t)
	w.report() // issues it
	o, err := pki.Open(w.in.SOD)
	if err != nil {
		t.Fatal(err)
	}
	r := o.Check(w.trust, w.in.At, "")
	if s, bad := r.Failed(); bad || r.Verdict() != pki.Incomplete || r.Signer == nil || r.Issuer == nil {
		t.Errorf("%+v, %+v", s, r)
	}
	if want := w.authority.Raw; !bytes.Equal(r.Issuer.Raw, want) {
		t.Error("another issuer")
	}
	for n, file := range w.in.Groups {
		step := o.CheckGroup(n, file)
		if got, ok := step.GroupOf(); !ok || got != n || step.Outcome != pki.Passed {
			t.Errorf("%+v", step)
		}
		r.Steps = append(r.Steps, step)
	}
	if r.Verdict() != pki.Trusted {
		t.Errorf("%+v", r)
	}
	if _, ok := (pki.Step{Name: pki.StepSigner}).GroupOf(); ok {
		t.Error("the signer is no data group")
	}
	if (pki.Report{Steps: []pki.Step{o.CheckGroup(1, w.in.Groups[1])}}).Verdict() != pki.Incomplete {
		t.Error("a matching hash alone proves nothing")
	}
}

// TestNames has what issuers do with names.
func TestNames(t *testing.T) {
	name := func(country string, tag tlv.Tag, common []byte) []byte {
		set := func(oid string, tag tlv.Tag, value []byte) []byte {
			return pkitest.SetOf(pkitest.Sequence(pkitest.OID(oid), tlv.New(tag, value)))
		}
		return pkitest.Sequence(set("2.5.4.6", 0x13, []byte(country)), set("2.5.4.3", tag, common))
	}
	read := func(raw []byte) pki.Name {
		w := newWorld(t)
		w.authority.Spec.Subject = raw
		return w.parse(w.authority.Spec.Sign(w.authority.Key)).Subject
	}
	utf8 := read(name("vn", 0x0C, []byte("Cục  Cảnh sát")))
	bmp := read(name("VN", 0x1E,
		[]byte{0, 'C', 0x1E, 0xE5, 0, 'c', 0, ' ', 0, 'C', 0x1E, 0xA3, 0, 'n', 0, 'h', 0, ' ', 0, 's', 0, 0xE1, 0, 't'}))
	if !utf8.Equal(bmp) || utf8.Key() != bmp.Key() || utf8.Country() != "VN" || bmp.String() != "CN=Cục Cảnh sát,C=VN" {
		t.Errorf("%q and %q", utf8, bmp)
	}
	if latin := read(name("VN", 0x14, []byte{'C', 0xE1})); latin.String() != "CN=Cá,C=VN" || latin.Equal(utf8) {
		t.Errorf("%q", latin)
	}
	if empty := read(pkitest.Sequence()); empty.Country() != "" || empty.Equal(utf8) || empty.String() != "" {
		t.Errorf("%q", empty)
	}
	// A line break in a value cannot pretend to be another attribute.
	sly, plain := read(name("VN", 0x0C, []byte("A\n2.5.4.10=B"))), read(name("VN", 0x0C, []byte("A")))
	if sly.Equal(plain) || strings.Count(sly.Key(), "\n") != 2 {
		t.Errorf("%q", sly.Key())
	}
}

func TestStates(t *testing.T) {
	for state, want := range map[string]string{
		"VNM": "VN", "D": "DE", "D<<": "DE", "deu": "DE", "GBR": "GB", "GBD": "GB", "EUE": "EU", "UNO": "UN", "RKS": "KS",
		"USA": "US", "XOM": "XO", "NAM": "NA", "UTO": "", "": "", "VN": "", "ZZZ": "", "AF ": "", "NMV": "",
	} {
		if got := pki.Alpha2(state); got != want {
			t.Errorf("%q gives %q, not %q", state, got, want)
		}
	}
	// Each state of the German list is one that a document can have.
	codes := map[string]bool{}
	for a := 'A'; a <= 'Z'; a++ {
		codes[pki.Alpha2(string(a))] = true
		for b := 'A'; b <= 'Z'; b++ {
			for c := 'A'; c <= 'Z'; c++ {
				codes[pki.Alpha2(string([]rune{a, b, c}))] = true
			}
		}
	}
	if len(codes) != 249+1+4+1 { // ISO 3166-1, nothing, EU UN XO XP, KS
		t.Errorf("%d codes", len(codes))
	}
	list, err := pki.ParseMasterList(germanList(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list.Certificates {
		if !codes[c.Subject.Country()] {
			t.Errorf("no state has the code %q", c.Subject.Country())
		}
	}
}

// TestRevocationLists has what the store's tests do not.
func TestRevocationLists(t *testing.T) {
	w := newWorld(t)
	root := w.parse(w.authority.Raw)
	spec := w.authority.CRL(big.NewInt(3), big.NewInt(-78), new(big.Int).Lsh(big.NewInt(1), 150))
	l, err := pki.ParseCRL(spec.Sign(w.authority.Key))
	if err != nil {
		t.Fatal(err)
	}
	if l.Len() != 3 || !l.NextUpdate.Equal(spec.Next) || !l.ThisUpdate.Equal(spec.This) || l.CheckSignatureFrom(root) != nil {
		t.Errorf("%+v", l)
	}
	for _, serial := range spec.Revoked {
		if since, ok := l.Revoked(serial); !ok || !since.Equal(spec.This) {
			t.Errorf("%d is not revoked", serial)
		}
	}
	if _, ok := l.Revoked(big.NewInt(4)); ok {
		t.Error("4 is revoked")
	}
	usage := w.authority.Spec
	usage.Set(pkitest.Usage(0x04)) // may sign certificates, not lists
	if err := l.CheckSignatureFrom(w.parse(usage.Sign(w.authority.Key))); !errors.Is(err, pki.ErrSignature) {
		t.Errorf("%v", err)
	}
	other := pkitest.NewAuthority("VN", "CSCA Other", rootKey(), w.authority.Scheme)
	if err := l.CheckSignatureFrom(w.parse(other.Raw)); !errors.Is(err, pki.ErrSignature) {
		t.Errorf("%v", err)
	}
	outside := spec // the algorithm inside is right, the one outside is not
	outside.Inside, outside.Scheme.ID = spec.Scheme.ID, pkitest.ECDSA(crypto.SHA256, false).ID
	if l, err := pki.ParseCRL(outside.Sign(w.authority.Key)); err != nil || !errors.Is(l.CheckSignatureFrom(root), pki.ErrSignature) {
		t.Errorf("%v", err)
	}
	spec.Next = time.Time{}
	if l, err := pki.ParseCRL(spec.Sign(w.authority.Key)); err != nil || !l.NextUpdate.IsZero() {
		t.Errorf("%v", err)
	}
}

// TestLongMasterList: lists grow, and go past a megabyte.
func TestLongMasterList(t *testing.T) {
	w := newWorld(t)
	certificates := [][]byte{w.authority.Raw}
	spec := w.authority.Spec
	spec.Set(pkitest.Extension{OID: "2.5.29.17", Value: pkitest.Octets(make([]byte, 3000))})
	for n := range 500 {
		spec.Serial = big.NewInt(int64(1000 + n))
		certificates = append(certificates, spec.Sign(w.authority.Key))
	}
	list := w.authority.MasterList(ecKey(), pkitest.ECDSA(crypto.SHA256, false), certificates...)
	raw := list.Encode()
	parsed, err := pki.ParseMasterList(raw)
	if err != nil {
		t.Fatalf("%d bytes: %v", len(raw), err)
	}
	if _, _, err := parsed.Verify(nil); err != nil || len(parsed.Certificates) != 501 || len(raw) < 3<<19 {
		t.Errorf("%d certificates in %d bytes, %v", len(parsed.Certificates), len(raw), err)
	}
}

// TestLimits: what is too much is refused before it costs anything.
func TestLimits(t *testing.T) {
	malformed := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, pki.ErrFormat) {
			t.Errorf("%s: %v", what, err)
		}
	}
	w := newWorld(t)
	_, err := pki.ParseCertificate(make([]byte, 65<<10))
	malformed("large certificate", err)
	_, err = pki.ParseCRL(make([]byte, 2<<20))
	malformed("large revocation list", err)
	_, err = pki.ParseMasterList(make([]byte, 9<<20))
	malformed("large master list", err)
	w.doc.Signed.Signers = slices.Repeat(w.doc.Signed.Signers, 9)
	_, err = pki.Open(w.doc.SOD())
	malformed("nine signers", err)
	w = newWorld(t)
	w.doc.Signed.Certificates = slices.Repeat([][]byte{w.authority.Raw}, 9)
	_, err = pki.Open(w.doc.SOD())
	malformed("nine certificates", err)
	_, err = pki.Open(nil)
	malformed("nothing", err)
	// Every cut of a good file is refused, and none brings the program down.
	w = newWorld(t)
	good := w.doc.SOD()
	for n := range good {
		if _, err := pki.Open(good[:n]); !errors.Is(err, pki.ErrFormat) {
			t.Fatalf("%d bytes of %d: %v", n, len(good), err)
		}
	}
}
