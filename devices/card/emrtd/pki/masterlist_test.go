package pki_test

import (
	"crypto/x509"
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
		if _, err := x509.ParseCertificate(c.Raw); err == nil {
			standard++
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
