package pki_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/tlv"
)

// passes says whether signature and signed attributes hold, without the chain: what openssl cms -verify -no_signer_cert_verify says.
func passes(t *testing.T, file []byte) (o *pki.Object, good bool) {
	t.Helper()
	o, err := pki.Open(file)
	if err != nil {
		t.Logf("does not parse: %v", err)
		return nil, false
	}
	r := o.Check(pki.Nobody{}, timeOfSpecimens, "")
	for _, s := range r.Steps {
		if s.Name == pki.StepSignature {
			if s.Outcome != pki.Passed {
				t.Logf("signature: %s", s.Reason)
			}
			good = s.Outcome == pki.Passed
		}
	}
	if good && r.Verdict() == pki.Trusted {
		t.Error("trusted, and nobody is")
	}
	return o, good
}

var timeOfSpecimens = time.Date(2012, time.June, 1, 0, 0, 0, 0, time.UTC)

// TestSpecimens has the worked examples and the specimens that are public, verified as OpenSSL verifies them.
func TestSpecimens(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		file := v.In("file")
		if file == "" {
			file = v.In("sod")
		}
		want := strings.Contains(v.Out("openssl_cms_verify"), "successful")
		o, good := passes(t, v.File(t, file))
		if good != want {
			t.Errorf("signature good: %v, OpenSSL says %v", good, want)
		}
		if o == nil {
			return
		}
		checkSpecimenHashes(t, v, o)
		if subject, ok := strings.CutPrefix(strings.SplitN(v.Out("certs"), "\n", 2)[0], "subject="); ok && want {
			checkSpecimenSigner(t, o, subject)
		}
	}, "ef_sod", "ef_sod_negative", "sod_dg_hashes")
}

func checkSpecimenHashes(t *testing.T, v cardtest.Vector, o *pki.Object) {
	t.Helper()
	if listed, ok := v.Expected["dgs"].([]any); ok && len(listed) > 0 {
		for _, n := range listed {
			if o.Security.Hashes[int(n.(float64))] == nil {
				t.Errorf("no hash of data group %v", n)
			}
		}
		if len(o.Security.Hashes) != len(listed) {
			t.Errorf("%d hashes, %d expected", len(o.Security.Hashes), len(listed))
		}
	}
	if hashes, ok := v.Expected["dg_hashes"].(map[string]any); ok {
		for n, want := range hashes {
			number, _ := strconv.Atoi(n)
			if got := fmt.Sprintf("%X", o.Security.Hashes[number]); got != want {
				t.Errorf("hash of data group %s is %s", n, got)
			}
		}
	}
	matches, _ := v.Expected["dg_match"].(map[string]any)
	files, _ := v.Inputs["files"].(map[string]any)
	for n, want := range matches {
		number, _ := strconv.Atoi(n)
		raw := v.File(t, files[n].(string))
		if step := o.CheckGroup(number, raw); (step.Outcome == pki.Passed) != want {
			t.Errorf("data group %s: %+v", n, step)
		}
	}
}

// checkSpecimenSigner compares the signer's name with what OpenSSL prints.
func checkSpecimenSigner(t *testing.T, o *pki.Object, subject string) {
	t.Helper()
	r := o.Check(pki.Nobody{}, timeOfSpecimens, "")
	if r.Signer == nil {
		t.Fatal("no signer")
	}
	want := strings.Split(strings.ReplaceAll(subject, " = ", "="), ", ")
	got := strings.Split(r.Signer.Subject.String(), ",")
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("signer %q, OpenSSL prints %q", got, want)
	}
}

// TestChangedSpecimens has the causes: not only that they are refused.
func TestChangedSpecimens(t *testing.T) {
	want := map[string]wanted{
		"sod-pymrtd-4":  malformed, // a content type that is not signed data
		"sod-pymrtd-11": malformed, // content of another type
		"sod-pymrtd-12": malformed, // security object of version 2
		"sod-pymrtd-17": attributes,
	}
	seen := 0
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		if w, ok := want[v.Name]; ok {
			seen++
			w.compare(t, pki.Verify(pki.Input{SOD: v.File(t, v.In("file")), At: timeOfSpecimens}))
		}
	}, "ef_sod_negative")
	if seen < len(want) {
		t.Errorf("%d of %d seen", seen, len(want))
	}
}

// TestVietnam has the facts of the certificate of Vietnam's passports.
func TestVietnam(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		c, err := pki.ParseCertificate(v.File(t, v.In("file")))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Subject.String(); got != v.Out("subject") {
			t.Errorf("subject %s", got)
		}
		if got := hex.EncodeToString(c.Serial.Bytes()); got != v.Out("serial") {
			t.Errorf("serial number %s", got)
		}
		a, err := c.Algorithm()
		if err != nil || a.String() != "ECDSA with SHA-512" || a.Hash != crypto.SHA512 {
			t.Errorf("algorithm %s, %v", a, err)
		}
		if c.KeyErr != nil || !c.Explicit() || c.Key.EC.Curve.Name != "brainpoolP512r1" {
			t.Errorf("key %v on %v", c.KeyErr, c.Key.EC)
		}
		if err := c.CheckSignatureFrom(c); err != nil {
			t.Errorf("self-signed: %v", err)
		}
		if c.Subject.Country() != "VN" || !c.SelfIssued() || !c.CA || !c.MayIssue() || c.Weak() != "" {
			t.Errorf("%+v", c)
		}
		if c.NotBefore.Format(time.DateOnly) != "2022-06-29" || c.NotAfter.Format(time.DateOnly) != "2037-10-01" {
			t.Errorf("term %s to %s", c.NotBefore, c.NotAfter)
		}
	}, "csca_cert")
}

// TestCardSecurity reads the specimen of EF.CardSecurity. Its signature is over the content itself, and holds; its key is not written as 9303-11 §9.2.5 wants.
func TestCardSecurity(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		raw := v.File(t, v.In("file"))
		o, err := pki.OpenCardSecurity(raw)
		if err != nil {
			t.Fatal(err)
		}
		r := o.Check(nil, time.Date(2016, time.March, 20, 0, 0, 0, 0, time.UTC), "")
		if s, _ := r.Failed(); s.Cause != pki.CauseIssuerUnknown || r.Signer.Subject.String() != "CN=DS-1,C=UT" {
			t.Errorf("%+v", r)
		}
		if infos, err := lds.ParseCardAccess(o.Infos); err != nil || len(infos) != 4 {
			t.Errorf("%d security infos, %v", len(infos), err)
		}
		if _, err := o.Keys(); !errors.Is(err, lds.ErrOffer) {
			t.Error(err)
		}
		o.Infos[len(o.Infos)-1] ^= 1 // shares memory with raw
		if o, err := pki.OpenCardSecurity(raw); err == nil {
			if r := o.Check(nil, timeOfSpecimens, ""); r.Verdict() != pki.Forged {
				t.Errorf("changed, and %s", r.Verdict())
			}
		}
	}, "ef_cardsecurity")
}

// TestCardSecurityChain has an EF.CardSecurity with a key that can be used, and faults in it (PACE-17).
func TestCardSecurityChain(t *testing.T) {
	chip := pkitest.NewEC(ec.BrainpoolP256r1(), pkitest.Named)
	infos := pkitest.SetOf(
		pkitest.Sequence(pkitest.OID("0.4.0.127.0.7.2.2.3.2.2"), pkitest.Number(1)),
		pkitest.Sequence(pkitest.OID("0.4.0.127.0.7.2.2.1.2"), chip.Info))
	for name, c := range map[string]struct {
		change func(w *world)
		want   wanted
	}{
		"good":            {func(*world) {}, wanted{verdict: pki.Incomplete}}, // there is no DG1 in it
		"nobody trusted":  {func(w *world) { w.in.Trust = nil }, wanted{pki.Incomplete, pki.StepIssuer, pki.CauseIssuerUnknown, ""}},
		"signature wrong": {func(w *world) { w.signer().Spoil = true }, signature},
		"signed by an impostor": {func(w *world) { w.doc.Authority = &pkitest.Authority{Key: otherKey()} },
			wanted{pki.Forged, pki.StepIssuer, pki.CauseIssuer, ""}},
		"of another country": {func(w *world) { w.in.Country = "LAO" }, wanted{pki.Forged, pki.StepCountry, pki.CauseCountry, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.trust.issuers = []*pki.Certificate{w.parse(w.authority.Raw)}
			w.doc.Signed.ContentType, w.doc.Signed.Content = pkitest.CardSecurity, infos
			c.change(w)
			w.doc.Signed.Certificates = [][]byte{w.doc.Signer.Sign(w.doc.Authority.Key)}
			r, keys, err := pki.CheckCardSecurity(w.doc.Signed.Encode(), w.in.Trust, w.in.At, w.in.Country)
			if err != nil || len(keys) != 1 || !bytes.Equal(keys[0].Key.Raw, chip.Info) {
				t.Fatalf("%d keys, %v", len(keys), err)
			}
			c.want.compare(t, r)
			if _, err := pki.Open(tlv.New(0x77, w.doc.Signed.Encode())); !errors.Is(err, pki.ErrFormat) {
				t.Errorf("taken for EF.SOD: %v", err)
			}
		})
	}
}

// TestOddCertificates has certificates of the German master list that the standard library does not parse.
func TestOddCertificates(t *testing.T) {
	names, err := filepath.Glob("testdata/odd/*.der")
	if err != nil || len(names) < 5 {
		t.Fatalf("%d certificates, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".der"), func(t *testing.T) {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := x509.ParseCertificate(raw); err == nil {
				t.Error("the standard library parses it")
			}
			c, err := pki.ParseCertificate(raw)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.CheckSignatureFrom(c); err != nil || c.KeyErr != nil || !c.MayIssue() {
				t.Errorf("%v, %v", err, c.KeyErr)
			}
		})
	}
}
