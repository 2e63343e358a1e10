package store_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"motcua/kiosk/filing"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// copyDir is a backup as tar or cp makes one, of a store that is closed.
func copyDir(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// removed removes a directory with all its files.
func removed(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
}

// fileAll files one draft for each key and gives the numbers in short form.
func fileAll(t *testing.T, s *store.Store, keys ...string) []string {
	t.Helper()
	var shorts []string
	for _, key := range keys {
		shorts = append(shorts, file(t, s, key).Reference.Short())
	}
	return shorts
}

// gives checks the number of the next filing.
func gives(t *testing.T, s *store.Store, key, short string) filing.Filing {
	t.Helper()
	f := file(t, s, key)
	if got := f.Reference.Short(); got != short {
		t.Errorf("the number is %s, not %s", got, short)
	}
	return f
}

// lastOf is the detail of the last entry of the given kind, nil if there is none.
func lastOf(t *testing.T, s *store.Store, kind store.Kind) map[string]any {
	t.Helper()
	entries, err := s.Journal(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var detail map[string]any
	for _, e := range entries {
		if e.Kind == kind {
			detail = nil
			if err := json.Unmarshal(e.Detail, &detail); err != nil {
				t.Fatal(err)
			}
		}
	}
	return detail
}

func TestRestoredDatabaseOnly(t *testing.T) {
	dir, clock := newDir(t), storetest.NewClock()
	s := open(t, dir, clock)
	fileAll(t, s, "a", "b")
	closeStore(t, s)
	path := filepath.Join(dir, "motcua.db")
	backup, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, clock)
	fileAll(t, s, "c", "d", "e")
	clock.AddDays(1)
	fileAll(t, s, "f")
	closeStore(t, s)
	if err := os.WriteFile(path, backup, 0o600); err != nil {
		t.Fatal(err)
	}

	s = open(t, dir, clock)
	gives(t, s, "g", "K1-2411-002")
	if skipped := lastOf(t, s, store.Filed)["skipped"]; skipped != 1.0 {
		t.Errorf("the entry says %v skipped", skipped)
	}
	clock.AddDays(-1)
	gives(t, s, "h", "K1-2311-006")
	if skipped := lastOf(t, s, store.Filed)["skipped"]; skipped != 3.0 {
		t.Errorf("the entry says %v skipped", skipped)
	}
	if lastOf(t, s, store.Restored) != nil {
		t.Error("the file of numbers was there all the time, no gap was needed")
	}
	gives(t, s, "i", "K1-2311-007")
}

func TestRestoredDirectory(t *testing.T) {
	dir, backup, clock := newDir(t), newDir(t), storetest.NewClock()
	s := open(t, dir, clock)
	fileAll(t, s, "a", "b")
	closeStore(t, s)
	copyDir(t, dir, backup)
	s = open(t, dir, clock)
	fileAll(t, s, "c", "d", "e") // forgotten soon
	closeStore(t, s)

	for restore := 1; restore <= 3; restore++ {
		removed(t, dir)
		copyDir(t, backup, dir)
		s = open(t, dir, clock)
		gives(t, s, "again", "K1-2311-503")
		if d := lastOf(t, s, store.Restored); d["first"] != "2026-11-23" || d["gap"] != 500.0 || d["reason"] != "numbers copied" {
			t.Errorf("the journal says %v", d)
		}
		closeStore(t, s)
	}
	// Another copy, of what was restored once: 503 is known, and it may have been followed by others.
	second := newDir(t)
	copyDir(t, dir, second)
	s = open(t, second, clock)
	gives(t, s, "twice", "K1-2311-1004")
	clock.AddDays(1)
	gives(t, s, "next day", "K1-2411-1001")
	clock.AddDays(-2)
	gives(t, s, "the day before the backup", "K1-2211-001")
	clock.AddDays(2 + 366)
	gives(t, s, "a year later", "K1-2511-001")
	closeStore(t, s)
	s = open(t, second, clock)
	gives(t, s, "opened again", "K1-2511-002")
}

func TestMovedDirectoryIsNoRestore(t *testing.T) {
	dir, clock := newDir(t), storetest.NewClock()
	s := open(t, dir, clock)
	fileAll(t, s, "a")
	closeStore(t, s)
	moved := dir + "-elsewhere"
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	s = open(t, moved, clock)
	gives(t, s, "b", "K1-2311-002")
	if lastOf(t, s, store.Restored) != nil {
		t.Error("a renamed directory counts as restored")
	}
}

func TestNumbersLostOrDamaged(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"missing":   os.Remove,
		"empty":     func(path string) error { return os.Truncate(path, 0) },
		"cut short": func(path string) error { return os.Truncate(path, 20) },
		"other":     func(path string) error { return os.WriteFile(path, []byte("{}\n"), 0o600) },
	} {
		dir, clock := newDir(t), storetest.NewClock()
		s := open(t, dir, clock)
		fileAll(t, s, "a")
		closeStore(t, s)
		if err := spoil(filepath.Join(dir, "numbers")); err != nil {
			t.Fatal(err)
		}
		s = open(t, dir, clock)
		if got := file(t, s, "b").Reference.Short(); got != "K1-2311-502" {
			t.Errorf("%s: the number is %s", name, got)
		}
		if lastOf(t, s, store.Restored) == nil {
			t.Errorf("%s: the journal does not say so", name)
		}
		closeStore(t, s)
	}
}

func TestDatabaseLost(t *testing.T) {
	dir, backup, clock := newDir(t), newDir(t), storetest.NewClock()
	s := open(t, dir, clock)
	fileAll(t, s, "a", "b")
	closeStore(t, s)
	copyDir(t, dir, backup)

	if err := os.Remove(filepath.Join(dir, "motcua.db")); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, clock)
	gives(t, s, "c", "K1-2311-003")
	closeStore(t, s)

	// Nothing but an old copy of the file of numbers: it is not known what came after it.
	if err := os.Remove(filepath.Join(backup, "motcua.db")); err != nil {
		t.Fatal(err)
	}
	s = open(t, backup, clock)
	gives(t, s, "d", "K1-2311-503")
}

func TestNumbersOfAnotherInstallation(t *testing.T) {
	one, other, clock := newDir(t), newDir(t), storetest.NewClock()
	a, b := open(t, one, clock), open(t, other, clock)
	fileAll(t, a, "a", "b")
	fileAll(t, b, "a")
	closeStore(t, a)
	closeStore(t, b)
	// The very file, moved, so that only the installation tells.
	if err := os.Rename(filepath.Join(one, "numbers"), filepath.Join(other, "numbers")); err != nil {
		t.Fatal(err)
	}
	b = open(t, other, clock)
	gives(t, b, "c", "K1-2311-503")
}

func TestRestoreWithClockSetBack(t *testing.T) {
	dir, copied, clock := newDir(t), newDir(t), storetest.NewClock()
	s := open(t, dir, clock)
	fileAll(t, s, "a")
	closeStore(t, s)
	copyDir(t, dir, copied)
	clock.AddDays(-2000) // the new machine's battery
	s = open(t, copied, clock)
	clock.AddDays(2000 + 90)
	if got := file(t, s, "b").Reference.Serial; got != 501 {
		t.Errorf("ninety days after the backup the first number is %d", got)
	}
}

// The clock stood ahead when the last filing that is known was made. What was forgotten came after it was put right, so on days before that one.
func TestRestoreAfterClockAhead(t *testing.T) {
	dir, copied, clock := newDir(t), newDir(t), storetest.NewClock()
	s := open(t, dir, clock)
	clock.AddDays(40)
	fileAll(t, s, "a")
	closeStore(t, s)
	copyDir(t, dir, copied)
	clock.AddDays(-40)
	s = open(t, dir, clock)
	given := fileAll(t, s, "b") // forgotten
	clock.AddDays(1)
	given = append(given, fileAll(t, s, "c")...)
	closeStore(t, s)

	s = open(t, copied, clock)
	gives(t, s, "d", "K1-2411-501")
	clock.AddDays(-1)
	gives(t, s, "e", "K1-2311-501")
	clock.AddDays(40)
	gives(t, s, "f", "K1-0201-502")
	for _, short := range given {
		if _, err := s.Get(t.Context(), short); err == nil {
			t.Errorf("%s was given again", short)
		}
	}
}

func TestStationsDoNotMeet(t *testing.T) {
	clock := storetest.NewClock()
	seen := map[string]bool{}
	for _, station := range []string{"K1", "K2", "K10"} {
		s, err := store.Open(newDir(t), store.Options{Station: station, Commune: "05200", Now: clock.Now, Recipients: storetest.Recipients()})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		ref := file(t, s, "a").Reference
		if seen[ref.String()] || seen[ref.Short()] {
			t.Errorf("%s is there twice", ref)
		}
		seen[ref.String()], seen[ref.Short()] = true, true
	}
}

// A station that gets another name, and its old one back, counts on where each name stopped; a commune's new code does
// not begin the day anew, because the short form does not show it.
func TestRenamedStationAndCommune(t *testing.T) {
	dir, clock := newDir(t), storetest.NewClock()
	for i, c := range []struct{ station, commune, short string }{
		{"K1", "05200", "K1-2311-001"}, {"K2", "05200", "K2-2311-001"}, {"K1", "05200", "K1-2311-002"}, {"K1", "05203", "K1-2311-003"},
	} {
		s, err := store.Open(dir, store.Options{Station: c.station, Commune: c.commune, Now: clock.Now, Recipients: storetest.Recipients()})
		if err != nil {
			t.Fatal(err)
		}
		gives(t, s, string(rune('a'+i)), c.short)
		closeStore(t, s)
	}
}

func TestCrashLeavesNothingInTheWay(t *testing.T) {
	dir, clock := newDir(t), storetest.NewClock()
	closeStore(t, open(t, dir, clock))
	temp := filepath.Join(dir, "numbers.tmp")
	if err := os.WriteFile(temp, []byte(`{"version":1,`), 0o600); err != nil {
		t.Fatal(err)
	}
	gives(t, open(t, dir, clock), "a", "K1-2311-001")
	if _, err := os.Stat(temp); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half-written file is still there: %v", err)
	}
}
