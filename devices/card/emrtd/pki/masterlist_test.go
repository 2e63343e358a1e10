package pki_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/pki"
)

// germanList is the German master list of May 2026.
func germanList(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(cardtest.Shared(t), "vectors", "files", "DE_ML_2026-05-28-08-28-45.ml"))
	if err != nil {
		t.Skip("the master list is not there")
	}
	return raw
}

func TestGermanMasterList(t *testing.T) {
	list, err := pki.ParseMasterList(germanList(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Certificates) != 588 || list.Faulty != 0 {
		t.Errorf("%d of 588 certificates, %d faulty", len(list.Certificates), list.Faulty)
	}
	signer, csca, err := list.Verify(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("signed by %s of %s on %s", signer.Subject, csca.Subject, list.SignedAt)
	standard, keys, self, link := 0, 0, 0, 0
	countries := map[string]bool{}
	for _, c := range list.Certificates {
		if std, err := x509.ParseCertificate(c.Raw); err == nil {
			standard++
			compareStandard(t, std, c)
		}
		if c.KeyErr == nil {
			keys++
		}
		countries[c.Subject.Country()] = true
		if !c.MayIssue() {
			t.Errorf("%s may not issue", c.Subject)
		}
		if c.CheckSignatureFrom(c) == nil {
			self++
			continue
		}
		if slices.ContainsFunc(list.Certificates, func(i *pki.Certificate) bool {
			return i.Subject.Equal(c.Issuer) && c.CheckSignatureFrom(i) == nil
		}) {
			link++
		}
	}
	t.Logf("standard library %d, self-signed %d, signed by another of the list %d", standard, self, link)
	// What is left are 14 link certificates: the predecessor of 12 is not on the list, that of 2 has another name there.
	const all, selfSigned, linked, states = 588, 375, 199, 112
	if keys != all || self != selfSigned || link != linked || len(countries) != states {
		t.Errorf("%d keys, %d self-signed, %d signed by another of the list, %d countries", keys, self, link, len(countries))
	}
}

// compareStandard: where the standard library parses a certificate and can check its signature, it says the same.
func compareStandard(t *testing.T, std *x509.Certificate, c *pki.Certificate) {
	t.Helper()
	if std.SerialNumber.Cmp(c.Serial) != 0 || !std.NotBefore.Equal(c.NotBefore) || !std.NotAfter.Equal(c.NotAfter) ||
		!bytes.Equal(std.RawTBSCertificate, c.TBS) || !bytes.Equal(std.SubjectKeyId, c.KeyID) ||
		!bytes.Equal(std.AuthorityKeyId, c.AuthorityKeyID) || std.IsCA != c.CA || std.KeyUsage != 0 && int(std.KeyUsage&0xFF) != int(c.Usage) {
		t.Errorf("%s: %+v is not %+v", c.Subject, c, std)
	}
	got := c.CheckSignatureFrom(c)
	switch err := std.CheckSignature(std.SignatureAlgorithm, std.RawTBSCertificate, std.Signature); {
	case err == nil && got != nil:
		t.Errorf("%s: good for the standard library, here %v", c.Subject, got)
	case errors.Is(err, rsa.ErrVerification) && !errors.Is(got, pki.ErrSignature):
		t.Errorf("%s: wrong for the standard library, here %v", c.Subject, got)
	}
}

// PA-28: a list whose signature is wrong vouches for nothing.
func TestForgedMasterList(t *testing.T) {
	raw := germanList(t)
	for name, at := range map[string]int{"certificate": 100_000, "the signature": len(raw) - 5} {
		bad := append([]byte(nil), raw...)
		bad[at] ^= 1
		list, err := pki.ParseMasterList(bad)
		if err != nil {
			continue
		}
		if _, _, err := list.Verify(nil); err == nil {
			t.Errorf("%s was changed, and the list is believed", name)
		}
	}
}
