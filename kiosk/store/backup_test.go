package store_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"motcua/kiosk/fault"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

func backup(t *testing.T, s *store.Store, dir string) store.Backup {
	t.Helper()
	b, err := s.Backup(t.Context(), dir, store.DefaultKeep)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// A backup is made while two stations file, and holds one moment of them.
func TestBackupWhileFiling(t *testing.T) {
	dir, to, clock := newDir(t), filepath.Join(t.TempDir(), "backups"), storetest.NewClock()
	s := open(t, dir, clock)
	d, err := store.Open(dir, store.Options{Station: "D1", Commune: "05200", Now: clock.Now, Recipients: storetest.Recipients()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	stop := make(chan struct{})
	var all sync.WaitGroup
	for i, one := range []*store.Store{s, d} {
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := one.File(t.Context(), storetest.Draft(fmt.Sprint(i, "-", n))); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	var last store.Backup
	for i := range 4 {
		b := backup(t, d, to)
		if b.Filings < last.Filings || b.Entries <= last.Entries || b.Compared != (i > 0) {
			t.Errorf("%+v after %+v", b.Manifest, last.Manifest)
		}
		last = b
		clock.AddDays(1)
	}
	close(stop)
	all.Wait()
	list, err := store.Backups(to)
	if err != nil || len(list) != 4 || list[0].Path != last.Path {
		t.Errorf("%d backups, %v", len(list), err)
	}
	if _, err := s.Check(t.Context(), to); err != nil {
		t.Error(err)
	}
	if lastOf(t, s, store.Saved) == nil {
		t.Error("the journal does not say so")
	}
}

// Eighty days of a backup a day leave what the rule says, and the redo log does not grow for ever.
func TestBackupThins(t *testing.T) {
	dir, to, clock := newDir(t), filepath.Join(t.TempDir(), "backups"), storetest.NewClock()
	s := open(t, dir, clock)
	keep := store.Keep{Days: 3, Weeks: 3, Months: 4}
	for range 80 {
		clock.AddDays(1)
		if _, err := s.Backup(t.Context(), to, keep); err != nil {
			t.Fatal(err)
		}
	}
	list, err := store.Backups(to)
	if err != nil {
		t.Fatal(err)
	}
	var days []string
	for _, b := range list {
		days = append(days, b.At.Format("01-02"))
	}
	// 11 February 2027 is a Thursday; Sundays are the 7th and 31 January.
	if got, want := fmt.Sprint(days), "[02-11 02-10 02-09 02-07 01-31 12-31 11-30]"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	segments, err := filepath.Glob(filepath.Join(dir, "redo", "*.redo"))
	if err != nil || len(segments) > 3 {
		t.Errorf("%d segments, %v", len(segments), err)
	}
}

func TestBackupDue(t *testing.T) {
	dir, to, clock := newDir(t), filepath.Join(t.TempDir(), "backups"), storetest.NewClock()
	s := open(t, dir, clock)
	due := func(want bool) {
		t.Helper()
		if got, err := s.BackupDue(to, 24*60*60*1e9); err != nil || got != want {
			t.Errorf("due: %v, %v", got, err)
		}
	}
	due(true)
	backup(t, s, to)
	due(false)
	fileAll(t, s, "a", "b")
	due(false)
	clock.AddDays(1)
	due(true)
	backup(t, s, to)
	due(false)
	fileAll(t, s, "c", "d")
	segments, err := filepath.Glob(filepath.Join(dir, "redo", "*.redo"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range segments {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	fileAll(t, s, "e")
	due(true) // the log does not lead there any more
}

// A backup of a damaged database does not come to be, and those of before stay.
func TestBackupRefusesDamage(t *testing.T) {
	dir, to, clock := newDir(t), filepath.Join(t.TempDir(), "backups"), storetest.NewClock()
	s := open(t, dir, clock)
	fileAll(t, s, "a", "b", "c")
	good := backup(t, s, to)
	clock.AddDays(1)
	closeStore(t, s)
	// The keys of a filing: no index has them, and the journal does not speak of them.
	db, err := sql.Open("sqlite", filepath.Join(dir, "motcua.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "UPDATE key SET key = zeroblob(length(key)) WHERE filing = 2"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	s = open(t, dir, clock)
	if _, err := s.Backup(t.Context(), to, store.DefaultKeep); fault.CodeOf(err) != fault.StoreDamaged {
		t.Errorf("a damaged database: %v", err)
	}
	list, err := os.ReadDir(to)
	if err != nil || len(list) != 2 {
		t.Errorf("%v, %v", list, err)
	}
	if err := good.Check(t.Context()); err != nil {
		t.Error(err)
	}
	// And a backup that is damaged says so.
	copied := filepath.Join(good.Path, "motcua.db")
	text, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)-100] ^= 1
	if err := os.WriteFile(copied, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := good.Check(t.Context()); fault.CodeOf(err) != fault.StoreDamaged {
		t.Errorf("a damaged backup: %v", err)
	}
}

// A backup that rots where it lies does not stop the next one: it is held against the one before, and nothing is blamed on the database.
func TestBackupPastRot(t *testing.T) {
	dir, to, clock := newDir(t), filepath.Join(t.TempDir(), "backups"), storetest.NewClock()
	s := open(t, dir, clock)
	fileAll(t, s, "a", "b")
	backup(t, s, to)
	clock.AddDays(1)
	fileAll(t, s, "c")
	rotten := backup(t, s, to)
	clock.AddDays(1)
	fileAll(t, s, "d")
	if err := tamper(t, rotten.Path, "UPDATE key SET key = zeroblob(length(key)) WHERE filing = 2"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Check(t.Context(), to); err != nil {
		t.Errorf("the database is blamed: %v", err)
	}
	if next := backup(t, s, to); !next.Compared {
		t.Error("it was held against nothing")
	}
	closeStore(t, s)
	if err := tamper(t, dir, "UPDATE key SET key = zeroblob(length(key)) WHERE filing = 3"); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, dir, clock).Check(t.Context(), to); fault.CodeOf(err) != fault.StoreDamaged {
		t.Errorf("damage of the database itself: %v", err)
	}
}

// Nothing in the redo log or a backup says who filed.
func TestBackupTellsNobody(t *testing.T) {
	dir, to := newDir(t), filepath.Join(t.TempDir(), "backups")
	s := open(t, dir, storetest.NewClock())
	fileAll(t, s, "a", "b")
	backup(t, s, to)
	person := storetest.Draft("a")
	files := 0
	for _, root := range []string{filepath.Join(dir, "redo"), to} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			for _, secret := range []string{string(person.Applicant.Number), person.Applicant.Name, "0900000000", "K1-2311"} {
				if found := bytes.Contains(text, []byte(secret)); found != (secret == "K1-2311") && filepath.Ext(path) != ".json" && len(text) > 1000 {
					t.Errorf("%s: %q is there: %v", path, secret, found)
				}
			}
			files++
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 4 {
		t.Errorf("only %d files", files)
	}
}

// Backups stand in the order in which they were made, also two of one second, and after the clock was set back: the last of them is not thinned away.
func TestBackupOrder(t *testing.T) {
	dir, to, clock := newDir(t), filepath.Join(t.TempDir(), "backups"), storetest.NewClock()
	s := open(t, dir, clock)
	var made []string
	for i, days := range []int{0, 0, -400, 0, 1} {
		clock.AddDays(days)
		if _, err := s.File(t.Context(), storetest.Draft(fmt.Sprint("order", i))); err != nil {
			t.Fatal(err)
		}
		made = append(made, backup(t, s, to).Path)
		list, err := store.Backups(to)
		if err != nil || list[0].Path != made[i] || list[0].Filings != i+1 || i > 0 && (list[1].Path != made[i-1] || !list[0].Compared) {
			t.Fatalf("after %v: %+v, %v", made, list, err)
		}
	}
}
