package store_test

import (
	"database/sql"
	"fmt"
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

// withFilings is a closed store with three filings: entry 1 created, 2 to 4 filed, 5 printed.
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
		"DELETE FROM journal WHERE seq = 5",
		"DELETE FROM journal",
		"INSERT OR REPLACE INTO journal SELECT seq, at, station, kind, reference, '{}', prev_hash, hash FROM journal WHERE seq = 5",
		"INSERT INTO journal SELECT 9, at, station, kind, reference, detail, prev_hash, hash FROM journal WHERE seq = 5",
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
	case bad == "" && (err != nil || v.Entries != 5 || v.Filings != 3):
		t.Errorf("%+v, %v", v, err)
	case bad != "" && (fault.CodeOf(err) != fault.StoreDamaged || !strings.Contains(err.Error(), bad)):
		t.Errorf("%v does not say %q", err, bad)
	}
}

func TestJournalShowsTampering(t *testing.T) {
	const open = "DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete; DROP TRIGGER journal_in_order"
	for query, bad := range map[string]string{
		"UPDATE journal SET at = '2026-01-01T00:00:00Z' WHERE seq = 2":                                         "entry 2: changed",
		"UPDATE journal SET station = 'K2' WHERE seq = 3":                                                      "entry 3: changed",
		"UPDATE journal SET kind = 'slip.failed' WHERE seq = 5":                                                "entry 5: changed",
		"UPDATE journal SET reference = '' WHERE seq = 5":                                                      "entry 5: changed",
		"UPDATE journal SET detail = '{}' WHERE seq = 1":                                                       "entry 1: changed",
		"UPDATE journal SET prev_hash = zeroblob(32) WHERE seq = 4":                                            "entry 4: does not follow",
		"UPDATE journal SET hash = zeroblob(32) WHERE seq = 4":                                                 "entry 4: changed",
		"PRAGMA foreign_keys = 0; DELETE FROM journal WHERE seq = 3":                                           "entry 3: missing",
		"PRAGMA foreign_keys = 0; DELETE FROM journal WHERE seq = 3; UPDATE journal SET seq = 3 WHERE seq = 4": "entry 3: does not follow",
		"UPDATE content SET body = body || x'00' WHERE filing = 2":                                             "entry 3: the filing's content changed",
		"UPDATE content SET body = (SELECT body FROM content WHERE filing = 1) WHERE filing = 2":               "entry 3: the filing's content changed",
		"PRAGMA foreign_keys = 0; DELETE FROM filing WHERE id = 1":                                             "entry 2: its filing is missing",
		"INSERT INTO filing (reference, short, key, service, status, filed) VALUES ('x', '', 'x', '', '', '')": "3 filings have entries, 4 are there",
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
	v, err := s.VerifyJournal(t.Context())
	const want = "536e8020ba6ada585ebd0c1e5a2e422fd6c4ac2a50b65f3aa33dece1382b2a68" // computed apart, with Python's hashlib
	if got := fmt.Sprintf("%x", v.Head); err != nil || got != want {
		t.Errorf("%s, %v", got, err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
