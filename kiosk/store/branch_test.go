package store

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
)

// After a restore of an older backup, those that were made since belong to a journal that went on otherwise: they do not count as backups of this
// one. The log stays for two that do, and what is destroyed goes from those others, too.
func TestBackupsOfAnotherJournal(t *testing.T) {
	if testing.Short() {
		t.Skip("one thing after the other: nothing for the race detector")
	}
	dir, to := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "backups")
	now := time.Date(2026, time.November, 23, 8, 0, 0, 0, time.FixedZone("+07", 7*60*60))
	opts := Options{Station: "K1", Commune: "05200", Now: func() time.Time { return now }, Recipients: recipients()}
	var by []Signer
	opened := func() *Store {
		t.Helper()
		s, err := Open(dir, opts)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	files := func(s *Store, keys ...string) {
		t.Helper()
		for _, key := range keys {
			if _, err := s.File(t.Context(), filing.Draft{Key: key, Service: "tam-tru"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	saves := func(s *Store) Backup {
		t.Helper()
		b, err := s.Backup(t.Context(), to, DefaultKeep)
		if err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(0, 0, 1)
		return b
	}
	restores := func(from Backup) *Rebuilt {
		t.Helper()
		r, err := Rebuild(t.Context(), dir, from.Path, opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Finish(t.Context(), by...); err != nil {
			t.Fatal(err)
		}
		r.Close()
		return r
	}
	s := opened()
	by = signers(t, s)
	files(s, "a")
	list, err := s.List(t.Context(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Decide(t.Context(), list[0].Reference, desk.Decision{Action: desk.Withdraw, Officer: "an"}, by[0].Identity); err != nil {
		t.Fatal(err)
	}
	first := saves(s)
	for range 3 {
		files(s, now.String()+"1", now.String()+"2", now.String()+"3", now.String()+"4")
		saves(s)
	}
	s.Close()
	restores(first) // the only one that is sound, or somebody's mistake
	s = opened()
	files(s, "b", "c")
	if due, err := s.BackupDue(to, 48*time.Hour); err != nil || !due {
		t.Errorf("due: %v, %v", due, err)
	}
	last := saves(s)
	files(s, "d")
	s.Close()
	if err := os.RemoveAll(last.Path); err != nil {
		t.Fatal(err)
	}
	if r := restores(first); r.Lacking != "" {
		t.Errorf("with the last backup lost: %s", r.Lacking)
	}
	s = opened()
	for _, key := range []string{"a", "b", "c", "d"} {
		var n int
		if err := s.db.QueryRowContext(t.Context(), "SELECT count(*) FROM filing WHERE key = ?", key).Scan(&n); err != nil || n != 1 {
			t.Errorf("%s is there %d times, %v", key, n, err)
		}
	}
	if n, err := s.Destroy(t.Context(), []filing.Reference{list[0].Reference}, "Hết thời hạn", by...); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	for range 2 {
		now = now.Add(DestroyedStays)
		saves(s)
	}
	left, err := Backups(to)
	if err != nil || len(left) != 2 {
		t.Errorf("%d backups are left, %v", len(left), err)
	}
}
