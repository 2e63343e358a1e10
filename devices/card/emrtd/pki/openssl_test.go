package pki_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"motcua/devices/card/emrtd/pki"
)

// opensslChain is an authority and an EF.SOD that the openssl command made: "openssl req -x509", "x509 -req" and
// "cms -sign -econtent_type 2.23.136.1.1.1", with 77 put around. "openssl cms -verify" takes them all, but for those with
// explicit parameters, of which it takes the signature and refuses the chain.
type opensslChain struct {
	name      string
	authority *pki.Certificate
	sod       []byte
}

func opensslChains(t testing.TB) (out []opensslChain) {
	t.Helper()
	names, err := filepath.Glob("testdata/openssl/*.sod")
	if err != nil || len(names) < 14 {
		t.Fatalf("%d chains, %v", len(names), err)
	}
	for _, name := range names {
		base := strings.TrimSuffix(name, ".sod")
		sod, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(base + ".der")
		if err != nil {
			t.Fatal(err)
		}
		c, err := pki.ParseCertificate(raw)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, opensslChain{filepath.Base(base), c, sod})
	}
	return out
}

// input is the document with the data groups that all chains are over.
func (c opensslChain) input() pki.Input {
	return pki.Input{SOD: c.sod, Groups: map[int][]byte{1: []byte("data group 1"), 2: []byte("data group 2")},
		Trust: &believed{issuers: []*pki.Certificate{c.authority}}, At: c.authority.NotBefore.AddDate(0, 1, 0), Country: "VNM"}
}

func TestOpenSSLChains(t *testing.T) {
	chains := opensslChains(t)
	for i, c := range chains {
		t.Run(c.name, func(t *testing.T) {
			if err := c.authority.CheckSignatureFrom(c.authority); err != nil {
				t.Fatal(err)
			}
			r := pki.Verify(c.input())
			trusted.compare(t, r)
			// Each algorithm that is weak is named, and none that is not.
			old := strings.Contains(c.name, "sha1") || strings.HasPrefix(c.name, "dsa") || strings.HasSuffix(c.name, "bits")
			if (len(r.Notes) > 0) != old {
				t.Errorf("notes %q", r.Notes)
			}
			in := c.input()
			in.Trust = &believed{issuers: []*pki.Certificate{chains[(i+1)%len(chains)].authority}}
			wanted{pki.IssuerUnknown, pki.StepIssuer, pki.CauseIssuerUnknown, ""}.compare(t, pki.Verify(in))
		})
	}
}

// TestDamagedChains changes each byte of EF.SOD: it is never trusted with another content than what was signed, and a
// change in the hash list, the attributes' digest or the signature is never trusted.
func TestDamagedChains(t *testing.T) {
	for _, c := range opensslChains(t) {
		if c.name != "ec-p384-p256" && c.name != "rsa-pss-sha256" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			good, err := pki.Open(c.sod)
			if err != nil {
				t.Fatal(err)
			}
			signed := string(good.Security.Raw)
			content := indexOf(c.sod, good.Security.Raw)
			stillTrusted := 0
			for at := range c.sod {
				in := c.input()
				in.SOD = append([]byte(nil), c.sod...)
				in.SOD[at] ^= 1
				if pki.Verify(in).Verdict() != pki.Trusted {
					continue
				}
				stillTrusted++
				o, err := pki.Open(in.SOD)
				if err != nil || string(o.Security.Raw) != signed || at >= content && at < content+len(signed) {
					t.Errorf("trusted with byte %d changed", at)
				}
			}
			// Versions, the set of digest algorithms beside the one that is used, and the signer's certificate in
			// places that a signature of its issuer does not cover: a handful, and no more.
			if most := 20; stillTrusted > most {
				t.Errorf("%d bytes do not matter", stillTrusted)
			}
		})
	}
}
