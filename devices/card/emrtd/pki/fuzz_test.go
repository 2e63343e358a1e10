package pki_test

import (
	"crypto"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
)

// seeds are the files of testdata that a pattern names.
func seeds(f *testing.F, patterns ...string) {
	f.Helper()
	for _, p := range patterns {
		names, err := filepath.Glob(filepath.Join("testdata", p))
		if err != nil || len(names) == 0 {
			f.Fatalf("%s: %d files, %v", p, len(names), err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(raw)
		}
	}
}

func someAuthority() *pkitest.Authority {
	return pkitest.NewAuthority("VN", "CSCA Test", rootKey(), pkitest.ECDSA(crypto.SHA384, false))
}

// known says whether an error is one that a caller can tell apart.
func known(err error) bool {
	return errors.Is(err, pki.ErrFormat) || errors.Is(err, pki.ErrUnsupported) || errors.Is(err, pki.ErrForbidden)
}

func FuzzCertificate(f *testing.F) {
	seeds(f, "odd/*.der", "files/*.der")
	a := someAuthority()
	f.Add(a.Raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := pki.ParseCertificate(raw)
		if err != nil {
			if !known(err) {
				t.Error(err)
			}
			return
		}
		_ = c.CheckSignatureFrom(c)
		_, _ = c.Weak(), c.Subject.String()+c.Issuer.Key()+c.Fingerprint()
		again, err := pki.ParseCertificate(c.Raw)
		if err != nil || again.Fingerprint() != c.Fingerprint() {
			t.Errorf("not the same when read again: %v", err)
		}
	})
}

// FuzzSOD: nothing that the fuzzer makes is trusted but what was signed.
func FuzzSOD(f *testing.F) {
	seeds(f, "files/*sod*.bin", "files/*ef011D.bin", "openssl/*.sod")
	chains := opensslChains(f)
	all, signed := &believed{}, map[string]bool{}
	for _, c := range chains {
		o, err := pki.Open(c.sod)
		if err != nil {
			f.Fatal(err)
		}
		all.issuers, signed[string(o.Security.Raw)] = append(all.issuers, c.authority), true
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := pki.Open(raw); err != nil && !known(err) {
			t.Error(err)
		}
		in := chains[0].input()
		in.SOD, in.Trust = raw, all
		if pki.Verify(in).Verdict() != pki.Trusted {
			return
		}
		if o, err := pki.Open(raw); err != nil || !signed[string(o.Security.Raw)] {
			t.Errorf("trusted, and not what was signed: %v", err)
		}
	})
}

func FuzzCardSecurity(f *testing.F) {
	seeds(f, "files/efcardsecurity.dump")
	f.Fuzz(func(t *testing.T, raw []byte) {
		if r, _, err := pki.CheckCardSecurity(raw, nil, pkitest.Read(), ""); err == nil && r.Verdict() == pki.Trusted {
			t.Error("trusted by nobody")
		}
	})
}

func FuzzCRL(f *testing.F) {
	a := someAuthority()
	f.Add(a.CRL().Sign(a.Key))
	f.Add(a.CRL(big.NewInt(3), big.NewInt(-4)).Sign(a.Key))
	root, err := pki.ParseCertificate(a.Raw)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := pki.ParseCRL(raw)
		if err != nil {
			if !known(err) {
				t.Error(err)
			}
			return
		}
		_ = l.CheckSignatureFrom(root)
		l.Revoked(root.Serial)
	})
}

func FuzzMasterList(f *testing.F) {
	a := someAuthority()
	list := a.MasterList(ecKey(), pkitest.ECDSA(crypto.SHA256, false), a.Raw)
	f.Add(list.Encode())
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := pki.ParseMasterList(raw)
		if err != nil {
			if !known(err) {
				t.Error(err)
			}
			return
		}
		if signer, csca, err := l.Verify(nil); err == nil && (signer == nil || csca == nil) {
			t.Error("good, and signed by nobody")
		}
	})
}

func BenchmarkParseCertificate(b *testing.B) {
	raw, err := os.ReadFile("testdata/files/csca_vn_2022.der")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := pki.ParseCertificate(raw); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify is a document as Vietnam might sign it: a CSCA on brainpoolP512r1 or P-384, three data groups of together 20 kB.
func BenchmarkVerify(b *testing.B) {
	for name, key := range map[string]*pkitest.Key{
		"P-256 under brainpoolP512r1": pkitest.NewEC(curve("brainpoolP512r1"), pkitest.Spelled),
		"P-256 under P-384":           pkitest.NewEC(curve("secp384r1"), pkitest.Named),
	} {
		b.Run(name, func(b *testing.B) {
			a := pkitest.NewAuthority("VN", "CSCA Test", key, pkitest.ECDSA(crypto.SHA512, false))
			d := a.Document(ecKey(), pkitest.ECDSA(crypto.SHA256, false))
			d.Hashes.Groups[2] = make([]byte, 20<<10)
			root, err := pki.ParseCertificate(a.Raw)
			if err != nil {
				b.Fatal(err)
			}
			in := pki.Input{SOD: d.SOD(), Groups: d.Hashes.Groups, Trust: &believed{issuers: []*pki.Certificate{root}},
				At: pkitest.Read(), Country: "VNM"}
			for b.Loop() {
				if r := pki.Verify(in); r.Verdict() != pki.Trusted {
					b.Fatalf("%+v", r)
				}
			}
		})
	}
}
