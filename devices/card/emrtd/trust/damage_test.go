package trust_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"motcua/devices/card/emrtd/trust"
)

// change opens trust.json of a store with two entries and lets a test damage it.
func change(t *testing.T, damage func(entries []map[string]any) []map[string]any) *trust.Store {
	t.Helper()
	dir := t.TempDir()
	take(t, open(t, dir), toPEM(authority("VN", "A", keyA()).Raw, authority("VN", "B", keyB()).Raw))
	path := filepath.Join(dir, "trust.json")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Version int              `json:"version"`
		Entries []map[string]any `json:"entries"`
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	f.Entries = damage(f.Entries)
	if raw, err = json.Marshal(f); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	return open(t, dir)
}

func TestDamagedEntry(t *testing.T) {
	for name, damage := range map[string]func(e map[string]any){
		"bytes changed":       func(e map[string]any) { e["raw"] = strings.Replace(e["raw"].(string), "A", "B", 1) },
		"fingerprint changed": func(e map[string]any) { e["fingerprint"] = strings.Repeat("0", 64) },
		"kind changed":        func(e map[string]any) { e["kind"] = "crl" },
		"said built in":       func(e map[string]any) { delete(e, "added"); e["vouched"] = "built in" },
		"kind unknown":        func(e map[string]any) { e["kind"] = "friend" },
	} {
		t.Run(name, func(t *testing.T) {
			s := change(t, func(entries []map[string]any) []map[string]any { damage(entries[0]); return entries })
			if len(s.Entries()) != 1 || len(s.Faults()) != 1 {
				t.Errorf("%d entries, faults %v", len(s.Entries()), s.Faults())
			}
		})
	}
	t.Run("null", func(t *testing.T) {
		s := change(t, func(entries []map[string]any) []map[string]any { return append(entries, nil) })
		if len(s.Entries()) != 2 || len(s.Faults()) != 1 {
			t.Errorf("%d entries, faults %v", len(s.Entries()), s.Faults())
		}
	})
	t.Run("twice", func(t *testing.T) {
		s := change(t, func(entries []map[string]any) []map[string]any { return append(entries, entries[0]) })
		if len(s.Entries()) != 2 {
			t.Errorf("%d entries", len(s.Entries()))
		}
	})
}

func TestDamagedFile(t *testing.T) {
	for name, raw := range map[string]string{
		"empty": "", "cut": `{"version":1,"entries":[`, "text": "trust me", "of the future": `{"version":2}`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "trust.json"), []byte(raw), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := trust.Open(dir, nil); err == nil {
				t.Error("opened")
			}
		})
	}
}

// A power cut in the middle of writing leaves the old file, and at most a temporary one that is not looked at.
func TestPowerCut(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	take(t, s, authority("VN", "A", keyA()).Raw)
	if err := os.WriteFile(filepath.Join(dir, "trust.json.123"), []byte(`{"version":1,"ent`), 0o644); err != nil {
		t.Fatal(err)
	}
	if s := open(t, dir); len(s.Entries()) != 1 || len(s.Faults()) != 0 {
		t.Errorf("%d entries", len(s.Entries()))
	}
	take(t, s, authority("VN", "B", keyB()).Raw)
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 2 {
		t.Errorf("%v", left)
	}
}

// A store that cannot be written stays as it was: what is gone after a restart must not be believed before it.
func TestDiskFull(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := open(t, dir)
	a, b := authority("VN", "A", keyA()), authority("VN", "B", keyB())
	take(t, s, a.Raw)
	// The folder becomes a file, so that nothing can be written into it, not even by root.
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Import(b.Raw); err == nil || errors.Is(err, trust.ErrNotImported) {
		t.Errorf("import: %v", err)
	}
	if _, err := s.Remove(parse(t, a.Raw).Fingerprint()); err == nil {
		t.Error("removed")
	}
	if c := parse(t, a.Raw); len(s.Entries()) != 1 || len(s.Issuers(c.Subject)) != 1 || len(s.Issuers(parse(t, b.Raw).Subject)) != 0 {
		t.Errorf("%d entries", len(s.Entries()))
	}
}
