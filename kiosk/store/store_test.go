package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// open opens the store in dir; it is closed when the test ends.
func open(t *testing.T, dir string, clock *storetest.Clock) *store.Store {
	t.Helper()
	return openAs(t, dir, "K1", clock)
}

// openAs is open for another station.
func openAs(t *testing.T, dir, station string, clock *storetest.Clock) *store.Store {
	t.Helper()
	s, err := store.Open(dir, store.Options{Station: station, Commune: "05200", Now: clock.Now, Recipients: storetest.Recipients()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// newDir is a directory that does not exist yet.
func newDir(t *testing.T) string { return filepath.Join(t.TempDir(), "data") }

// file files a draft with the given key.
func file(t *testing.T, s *store.Store, key string) filing.Filing {
	t.Helper()
	f, err := s.File(t.Context(), storetest.Draft(key))
	if err != nil {
		t.Fatalf("File: %v", err)
	}
	return f
}

// closeStore closes and must succeed.
func closeStore(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestContract(t *testing.T) {
	storetest.Test(t, func(t *testing.T, clock *storetest.Clock) storetest.Store {
		return open(t, newDir(t), clock)
	})
}

func TestStaysAfterClose(t *testing.T) {
	dir, clock := newDir(t), storetest.NewClock()
	s := open(t, dir, clock)
	ref := file(t, s, "a").Reference
	closeStore(t, s)
	if err := s.Close(); err != nil {
		t.Errorf("a second Close: %v", err)
	}
	if _, err := s.File(t.Context(), storetest.Draft("b")); fault.CodeOf(err) != fault.StoreFailed {
		t.Errorf("File after Close: %v", err)
	}
	s = open(t, dir, clock)
	if f, err := s.Get(t.Context(), ref.Short()); err != nil || f.Key != "a" {
		t.Errorf("%q, %v", f.Key, err)
	}
	if f := file(t, s, "b"); f.Reference.Serial != 2 {
		t.Errorf("the next number is %s", f.Reference)
	}
	if again := file(t, s, "a"); again.Reference != ref {
		t.Errorf("the same key again is %s", again.Reference)
	}
}

func TestModes(t *testing.T) {
	dir := newDir(t)
	file(t, open(t, dir, storetest.NewClock()), "a")
	for name, want := range map[string]fs.FileMode{
		".": fs.ModeDir | 0o700, "motcua.db": 0o600, "motcua.db-wal": 0o600, "motcua.db-shm": 0o600, "numbers": 0o600, "lock-K1": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if info.Mode() != want {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
}

func TestClosesDirectoryToOthers(t *testing.T) {
	dir, clock := newDir(t), storetest.NewClock()
	closeStore(t, open(t, dir, clock))
	if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(filepath.Join(dir, "motcua.db"), 0o644)); err != nil {
		t.Fatal(err)
	}
	open(t, dir, clock)
	for _, path := range []string{dir, filepath.Join(dir, "motcua.db")} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is still open: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestRefusesSomebodysDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(filepath.Join(dir, "letter"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(dir, store.Options{Station: "K1", Commune: "05200", Recipients: storetest.Recipients()}); fault.CodeOf(err) != fault.StoreFailed {
		t.Fatalf("%v", err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("its mode is now %v, %v", info.Mode(), err)
	}
}

func TestRefusesOptions(t *testing.T) {
	for _, opts := range []store.Options{{}, {Station: "k1", Commune: "05200"}, {Station: "K1", Commune: "5200"}, {Station: "K1"}} {
		dir := newDir(t)
		if _, err := store.Open(dir, opts); fault.CodeOf(err) != fault.ConfigBad {
			t.Errorf("%+v: %v", opts, err)
		}
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%+v left a directory", opts)
		}
	}
}

func TestSecondInstance(t *testing.T) {
	dir, clock := newDir(t), storetest.NewClock()
	s := open(t, dir, clock)
	if _, err := store.Open(dir, store.Options{Station: "K1", Commune: "05200", Recipients: storetest.Recipients()}); fault.CodeOf(err) != fault.StoreLocked {
		t.Errorf("a second Open: %v", err)
	}
	file(t, s, "the first goes on")
	closeStore(t, s)
	open(t, dir, clock)
}

// TestTwoStations: a kiosk and a desk file on one directory at the same time. No number comes twice, the journal holds, and after a
// restart each goes on where it was.
func TestTwoStations(t *testing.T) {
	dir := newDir(t)
	clock := storetest.NewClock()
	both := func() []*store.Store {
		var all []*store.Store
		for _, station := range []string{"K1", "D1"} {
			s, err := store.Open(dir, store.Options{Station: station, Commune: "05200", Now: clock.Now, Recipients: storetest.Recipients()})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			all = append(all, s)
		}
		return all
	}
	const each = 40
	for round := range 2 {
		stores := both()
		var work sync.WaitGroup
		for at, s := range stores {
			work.Go(func() {
				for i := range each {
					f, err := s.File(t.Context(), storetest.Draft(fmt.Sprint(round, at, i)))
					if err != nil {
						t.Error(err)
						return
					}
					if want := round*each + i + 1; f.Reference.Serial != want {
						t.Errorf("%s, want serial %d", f.Reference.Short(), want)
					}
				}
			})
		}
		work.Wait()
		v, err := stores[0].VerifyJournal(t.Context())
		if err != nil || v.Filings != (round+1)*2*each {
			t.Errorf("%+v, %v", v, err)
		}
		for _, s := range stores {
			if detail := lastOf(t, s, store.Restored); detail != nil {
				t.Errorf("taken for a restore: %v", detail)
			}
			closeStore(t, s)
		}
	}
}

// Several processes may open a new directory in the same moment.
func TestOpenedTogether(t *testing.T) {
	dir := newDir(t)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	for i := range 6 {
		work.Go(func() {
			s, err := store.Open(dir, store.Options{Station: fmt.Sprint("K", i+1), Commune: "05200", Recipients: storetest.Recipients()})
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { s.Close() })
			if _, err := s.File(t.Context(), storetest.Draft(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	r, err := store.OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if v, err := r.VerifyJournal(t.Context()); err != nil || v.Filings != 6 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestOddDirectoryName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dữ liệu #1?mode=memory%20&x")
	clock := storetest.NewClock()
	s := open(t, dir, clock)
	file(t, s, "a")
	if _, err := os.Stat(filepath.Join(dir, "motcua.db-wal")); err != nil {
		t.Error(err)
	}
	closeStore(t, s)
	if list, err := open(t, dir, clock).List(t.Context(), store.Filter{}); err != nil || len(list) != 1 {
		t.Errorf("%d, %v", len(list), err)
	}
}

func TestReadOnly(t *testing.T) {
	dir, clock := newDir(t), storetest.NewClock()
	if _, err := store.OpenReadOnly(dir); !errors.Is(err, fs.ErrNotExist) || fault.CodeOf(err) != fault.StoreFailed {
		t.Errorf("nothing there: %v", err)
	}
	s := open(t, dir, clock)
	ref := file(t, s, "a").Reference
	r, err := store.OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if list, err := r.List(t.Context(), store.Filter{}); err != nil || len(list) != 1 {
		t.Errorf("beside the running store: %d, %v", len(list), err)
	}
	file(t, s, "b")
	if list, err := r.List(t.Context(), store.Filter{}); err != nil || len(list) != 2 {
		t.Errorf("what was filed meanwhile: %d, %v", len(list), err)
	}
	if f, err := r.Get(t.Context(), ref.String()); err != nil || f.Key != "a" {
		t.Errorf("%v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	file(t, s, "c")
	closeStore(t, s)
	alone, err := store.OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	if v, err := alone.VerifyJournal(t.Context()); err != nil || v.Filings != 3 {
		t.Errorf("without the store: %+v, %v", v, err)
	}
	closeStore(t, open(t, dir, clock)) // the reader does not keep the store out
}

func TestDamagedDatabase(t *testing.T) {
	for name, damage := range map[string]func([]byte){
		"no database":      func(b []byte) { copy(b, "this is a letter") },
		"a page of noise":  func(b []byte) { copy(b[4096:8192], make([]byte, 4096)) },
		"noise in the end": func(b []byte) { clear(b[len(b)-3*4096:]) },
	} {
		dir, clock := newDir(t), storetest.NewClock()
		s := open(t, dir, clock)
		for _, key := range []string{"a", "b", "c"} {
			file(t, s, key)
		}
		closeStore(t, s)
		path := filepath.Join(dir, "motcua.db")
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		damage(b)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(dir, store.Options{Station: "K1", Commune: "05200", Recipients: storetest.Recipients()}); fault.CodeOf(err) != fault.StoreDamaged {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The official code is noted, journaled, and kept over a restart; what is no code is refused.
func TestDossier(t *testing.T) {
	dir := newDir(t)
	s := open(t, dir, storetest.NewClock())
	f := file(t, s, "a")
	if f.Dossier != "" {
		t.Fatalf("a code that nobody gave: %q", f.Dossier)
	}
	if err := s.SetDossier(t.Context(), f.Reference, "h25.12.03-261125-0047"); err != nil {
		t.Fatal(err)
	}
	if err := s.SetDossier(t.Context(), f.Reference, "H25.12.03-261125-0048"); err != nil { // by nobody: what is there stays
		t.Fatal(err)
	}
	if err := s.SetDossier(t.Context(), f.Reference, "K1-2511-047"); !errors.Is(err, filing.ErrDossier) {
		t.Errorf("no code: %v", err)
	}
	other, err := filing.NewReference("05200", "K1", identity.Date{Year: 2026, Month: 11, Day: 23}, 999)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetDossier(t.Context(), other, "H25.12.03-261125-0047"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no such filing: %v", err)
	}
	got, err := s.Get(t.Context(), f.Reference.String())
	if err != nil || got.Dossier != "H25.12.03-261125-0047" {
		t.Errorf("%q, %v", got.Dossier, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
