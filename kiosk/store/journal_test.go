package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"motcua/kiosk/fault"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// tamper runs SQL on the database of a closed store as somebody with the file would, and gives what came of it.
func tamper(t *testing.T, dir string, queries ...string) error {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "motcua.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range queries {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

// withFilings is a closed store with three filings: entry 1 created, 2 the station's key, 3 to 5 filed, 6 printed.
func withFilings(t *testing.T) (dir string) {
	t.Helper()
	dir = newDir(t)
	s := open(t, dir, storetest.NewClock())
	fileAll(t, s, "a", "b")
	f := file(t, s, "c")
	if err := s.Printed(t.Context(), f.Reference, store.OutcomePrinted); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	return dir
}

func TestJournalRefusesChanges(t *testing.T) {
	dir := withFilings(t)
	for _, q := range []string{
		"UPDATE journal SET detail = '{}' WHERE seq = 2",
		"DELETE FROM journal WHERE seq = 6",
		"DELETE FROM journal",
		"INSERT OR REPLACE INTO journal SELECT seq, at, station, kind, reference, '{}', prev_hash, hash, signature FROM journal WHERE seq = 6",
		"INSERT INTO journal SELECT 9, at, station, kind, reference, detail, prev_hash, hash, signature FROM journal WHERE seq = 6",
	} {
		if err := tamper(t, dir, q); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", q, err)
		}
	}
	verify(t, dir, "")
}

// verify verifies the journal; bad is what the error must say, nothing if it must be in order.
func verify(t *testing.T, dir, bad string) {
	t.Helper()
	r, err := store.OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	v, err := r.VerifyJournal(t.Context())
	switch {
	case bad == "" && (err != nil || v.Entries != 6 || v.Stations["K1"] == "" || v.Filings != 3):
		t.Errorf("%+v, %v", v, err)
	case bad != "" && (fault.CodeOf(err) != fault.StoreDamaged || !strings.Contains(err.Error(), bad)):
		t.Errorf("%v does not say %q", err, bad)
	}
}

func TestJournalShowsTampering(t *testing.T) {
	const open = "DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete; DROP TRIGGER journal_in_order"
	for query, bad := range map[string]string{
		"UPDATE journal SET at = '2026-01-01T00:00:00Z' WHERE seq = 3":                                         "entry 3: changed",
		"UPDATE journal SET station = 'K2' WHERE seq = 4":                                                      "entry 4: changed",
		"UPDATE journal SET kind = 'slip.failed' WHERE seq = 6":                                                "entry 6: changed",
		"UPDATE journal SET reference = '' WHERE seq = 6":                                                      "entry 6: changed",
		"UPDATE journal SET detail = '{}' WHERE seq = 1":                                                       "entry 1: changed",
		"UPDATE journal SET prev_hash = zeroblob(32) WHERE seq = 5":                                            "entry 5: does not follow",
		"UPDATE journal SET hash = zeroblob(32) WHERE seq = 5":                                                 "entry 5: changed",
		"PRAGMA foreign_keys = 0; DELETE FROM journal WHERE seq = 4":                                           "entry 4: missing",
		"PRAGMA foreign_keys = 0; DELETE FROM journal WHERE seq = 4; UPDATE journal SET seq = 4 WHERE seq = 5": "entry 4: does not follow",
		"UPDATE content SET body = body || x'00' WHERE filing = 2":                                             "entry 4: the filing's content changed",
		"UPDATE content SET body = (SELECT body FROM content WHERE filing = 1) WHERE filing = 2":               "entry 4: the filing's content changed",
		"PRAGMA foreign_keys = 0; DELETE FROM filing WHERE id = 1":                                             "entry 3: its filing is missing",
		"INSERT INTO filing (reference, short, key, service, status, filed) VALUES ('x', '', 'x', '', '', '')": "3 filings have entries, 4 are there",
		"UPDATE journal SET signature = zeroblob(64) WHERE seq = 4":                                            "entry 4: not signed by its station",
		"UPDATE journal SET signature = NULL WHERE seq = 6":                                                    "entry 6: not signed by its station",
		"DELETE FROM journal WHERE seq = 6":                                                                    "it ends at entry 5, and entry 6 was there",
	} {
		dir := withFilings(t)
		verify(t, dir, "")
		if err := tamper(t, dir, open, query); err != nil {
			t.Fatal(err)
		}
		verify(t, dir, bad)
	}
}

// The chain's own worked example, so that a later change of the canonical form is noticed: the hash of the first entry of
// a database whose random source gives zeros.
func TestJournalHashStaysTheSame(t *testing.T) {
	s, err := store.Open(newDir(t), store.Options{Station: "K1", Commune: "05200", Now: storetest.NewClock().Now, Rand: zeros{}, Recipients: storetest.Recipients()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	entries, err := s.Journal(t.Context(), 0, 1)
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	const want = "536e8020ba6ada585ebd0c1e5a2e422fd6c4ac2a50b65f3aa33dece1382b2a68" // computed apart, with Python's hashlib
	if got := fmt.Sprintf("%x", entries[0].Hash); got != want {
		t.Error(got)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// What a station saw is missed when the end is cut off, and stays known when the station begins again; without the marks a number and a
// hash on paper show it.
func TestJournalCutOff(t *testing.T) {
	dir := withFilings(t)
	r, err := store.OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := r.VerifyJournal(t.Context())
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	if err := tamper(t, dir, "DROP TRIGGER journal_no_delete", "DELETE FROM journal WHERE seq = 6"); err != nil {
		t.Fatal(err)
	}
	verify(t, dir, "entry 6 was there")
	if err := os.Remove(filepath.Join(dir, "mark-K1")); err != nil {
		t.Fatal(err)
	}
	r, err = store.OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if v, err := r.VerifyJournal(t.Context()); err != nil || v.Entries != 5 {
		t.Fatalf("%+v, %v", v, err)
	}
	if _, err := r.VerifyJournal(t.Context(), store.Anchor{Seq: int64(whole.Entries), Hash: whole.Head}); fault.CodeOf(err) != fault.StoreDamaged {
		t.Errorf("the paper shows nothing: %v", err)
	}

	dir = withFilings(t)
	if err := tamper(t, dir, "DROP TRIGGER journal_no_delete", "DELETE FROM journal WHERE seq = 6"); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir, storetest.NewClock())
	file(t, s, "d")
	if v, err := s.VerifyJournal(t.Context()); err != nil || v.Cut != 1 {
		t.Errorf("%+v, %v", v, err)
	}
}

// Who has the database and not the key cannot go on with the chain: a key in place of another is told.
func TestStationKeyReplaced(t *testing.T) {
	dir := withFilings(t)
	key := filepath.Join(dir, "key-K1")
	if is, err := os.Stat(key); err != nil || is.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", is, err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir, storetest.NewClock())
	file(t, s, "d")
	if v, err := s.VerifyJournal(t.Context()); err != nil || v.Replaced != 1 {
		t.Errorf("%+v, %v", v, err)
	}
	closeStore(t, s)
	if err := os.WriteFile(key, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(dir, store.Options{Station: "K1", Commune: "05200"}); fault.CodeOf(err) != fault.StoreDamaged {
		t.Errorf("a key that is none: %v", err)
	}
}
