package trust_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/trust"
)

func germanList(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(cardtest.Shared(t), "vectors", "files", "DE_ML_2026-05-28-08-28-45.ml"))
	if err != nil {
		t.Skip("the master list is not there")
	}
	return raw
}

// TestGermanMasterList imports the real list, whole, and opens it again.
func TestGermanMasterList(t *testing.T) {
	const all = 588
	dir := t.TempDir()
	in := take(t, open(t, dir), germanList(t))
	if len(in.Added) != all || len(in.Left) != 0 {
		t.Errorf("%d added, left %v", len(in.Added), in.Left)
	}
	s := open(t, dir)
	if len(s.Entries()) != all || len(s.Faults()) != 0 {
		t.Fatalf("%d entries, faults %v", len(s.Entries()), s.Faults())
	}
	vietnam := 0
	for _, e := range s.Entries() {
		if e.Certificate.Subject.Country() == "VN" {
			vietnam++
		}
		if e.Vouched != in.Vouched || s.Vouched(e.Certificate) == "" {
			t.Fatalf("%+v", e)
		}
	}
	if vietnam != 1 {
		t.Errorf("%d certificates of Vietnam", vietnam)
	}
	if again := take(t, s, germanList(t)); again.Known != all || len(again.Added) != 0 {
		t.Errorf("again: %d known", again.Known)
	}
}

// TestShipped has the certificates that Motcua carries inside: each is self-signed and named by its fingerprint.
func TestShipped(t *testing.T) {
	shipped := os.DirFS(filepath.FromSlash("../../../../assets/trust"))
	s, err := trust.Open("", shipped)
	if err != nil {
		t.Fatal(err)
	}
	readme, err := fs.ReadFile(shipped, "README.md")
	if err != nil {
		t.Fatal(err)
	}
	entries := s.Entries()
	if len(entries) == 0 || entries[0].Certificate.Subject.Country() != "VN" {
		t.Fatalf("%d entries", len(entries))
	}
	for _, e := range entries {
		if err := e.Certificate.CheckSignatureFrom(e.Certificate); err != nil || e.Vouched != "built in" {
			t.Errorf("%s: %v", e.Certificate.Subject, err)
		}
		if !strings.Contains(string(readme), e.Fingerprint) {
			t.Errorf("the README does not name %s", e.Fingerprint)
		}
	}
}

func BenchmarkOpen588(b *testing.B) {
	dir := b.TempDir()
	take(b, open(b, dir), germanList(b))
	b.ResetTimer()
	for b.Loop() {
		if _, err := trust.Open(dir, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkImport588(b *testing.B) {
	raw := germanList(b)
	for b.Loop() {
		take(b, open(b, ""), raw)
	}
}

// FuzzOpen feeds trust.json: no file brings the program down, and what is taken is what its fingerprint says.
func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	take(f, open(f, dir), authority("VN", "A", keyA()).Raw)
	good, err := os.ReadFile(filepath.Join(dir, "trust.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"version":1,"entries":[null,{"kind":"csca"},` + // and one that is empty, with the fingerprint of nothing
		`{"kind":"crl","fingerprint":"E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"}]}`))
	path := filepath.Join(f.TempDir(), "trust.json")
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := trust.Open(filepath.Dir(path), nil)
		if err != nil {
			return
		}
		for _, e := range s.Entries() {
			if e.Certificate == nil && e.CRL == nil {
				t.Errorf("%+v", e)
			}
			if e.Certificate != nil && len(s.Issuers(e.Certificate.Subject)) == 0 && e.Kind == trust.KindCSCA {
				t.Error("an issuer that is not found")
			}
		}
	})
}

// FuzzImport feeds files of operators: whatever comes in is signed.
func FuzzImport(f *testing.F) {
	a := authority("VN", "A", keyA())
	list := a.MasterList(keyC(), scheme, a.Raw)
	f.Add(a.Raw)
	f.Add(toPEM(a.Raw))
	f.Add(list.Encode())
	f.Add(a.CRL().Sign(keyA()))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := open(t, "")
		in, err := s.Import(raw)
		if err != nil {
			if len(s.Entries()) > 0 {
				t.Error("an error, and something came in")
			}
			return
		}
		for _, e := range in.Added {
			if c := e.Certificate; in.List == nil && (c == nil || c.CheckSignatureFrom(c) != nil && len(s.Issuers(c.Issuer)) == 0) {
				t.Errorf("%s came in unsigned", e.Fingerprint)
			}
		}
	})
}
