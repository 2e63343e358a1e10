package store_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// bare opens the store with nobody to seal to but its own officers.
func bare(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir, store.Options{Station: "K1", Commune: "05200", Now: storetest.NewClock().Now,
		Tag: func(salt []byte) func(string) []byte {
			return func(number string) []byte { return append(bytes.Clone(salt[:4]), number[:3]...) } // fast, and says what no tag may say
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func account(t *testing.T, id string, role officer.Role) (officer.Account, *seal.Identity) {
	t.Helper()
	a, identity, err := officer.New(id, "Bùi Văn An", role, seal.Secret{Card: []byte(id)}, time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return a, identity
}

// Without an officer nothing is filed; a technician is none; an officer and the recovery key open what comes after them.
func TestNobodyToSealTo(t *testing.T) {
	s := bare(t, newDir(t))
	if ready, err := s.Ready(t.Context()); ready || err != nil {
		t.Errorf("ready: %v, %v", ready, err)
	}
	if _, err := s.File(t.Context(), storetest.Draft("a")); fault.CodeOf(err) != fault.SealNobody {
		t.Fatalf("filed to nobody: %v", err)
	}
	tech, _ := account(t, "tech", officer.Technician)
	if err := s.SetOfficer(t.Context(), tech, "setup"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.File(t.Context(), storetest.Draft("a")); fault.CodeOf(err) != fault.SealNobody {
		t.Fatalf("filed to a technician: %v", err)
	}
	an, opens := account(t, "an", officer.Head)
	recovery, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetOfficer(t.Context(), an, "setup"); err != nil {
		t.Fatal(err)
	}
	binh, other := account(t, "binh", officer.Head)
	if err := s.ChangeOfficer(t.Context(), binh, store.Signer{ID: "an", Identity: opens}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetRecovery(t.Context(), recovery.Public(), store.Signer{ID: "an", Identity: opens}, store.Signer{ID: "binh", Identity: other}); err != nil {
		t.Fatal(err)
	}
	f := file(t, s, "a")
	if f.Reference.Serial != 1 {
		t.Errorf("the attempts took numbers: %s", f.Reference)
	}
	for _, id := range []*seal.Identity{opens, recovery} {
		if got, err := s.Read(t.Context(), f.Reference.String(), id); err != nil || got.Applicant.Name != f.Applicant.Name {
			t.Errorf("%v", err)
		}
	}
	all, err := s.Officers(t.Context())
	if err != nil || len(all) != 3 || all[0].ID != "an" || all[0].Public != an.Public {
		t.Fatalf("%+v, %v", all, err)
	}
	if got, err := all[0].SignIn(seal.Secret{Card: []byte("an")}); err != nil || got.Public() != opens.Public() {
		t.Errorf("sign in: %v", err)
	}
	an.Active = false
	if err := s.ChangeOfficer(t.Context(), an, store.Signer{ID: "binh", Identity: other}); err != nil {
		t.Fatal(err)
	}
	later := file(t, s, "b")
	if _, err := s.Read(t.Context(), later.Reference.String(), opens); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("who is locked out reads what comes later: %v", err)
	}
	an.ID = "An An"
	if err := s.ChangeOfficer(t.Context(), an, store.Signer{ID: "binh", Identity: other}); fault.CodeOf(err) != fault.Usage {
		t.Errorf("no account: %v", err)
	}
}

// With the disk in hand nothing of a person is found in any file, neither while the store runs nor afterwards.
func TestDiskSaysNothing(t *testing.T) {
	dir := newDir(t)
	s := open(t, dir, storetest.NewClock())
	d := storetest.Draft("a")
	if _, err := s.File(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	secrets := [][]byte{[]byte(d.Applicant.Name), []byte(d.Applicant.Number), []byte("Kbŭôr"), d.Photo.Data[:64], []byte("0900000000"), []byte("094-05-08"), []byte("1994-05")}
	for _, when := range []string{"running", "closed"} {
		if when == "closed" {
			closeStore(t, s)
		}
		files := 0
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			files++
			data, err := os.ReadFile(path)
			for i, secret := range secrets {
				if bytes.Contains(data, secret) {
					t.Errorf("%s: %s says the fact number %d", when, e.Name(), i)
				}
			}
			return err
		})
		if err != nil || files < 3 {
			t.Errorf("%d files looked at, %v", files, err)
		}
	}
}

// What an older program left open is sealed as soon as there is an officer, and written over; the journal holds.
func TestSealsWhatWasOpen(t *testing.T) {
	dir := newDir(t)
	s := open(t, dir, storetest.NewClock())
	d := storetest.Draft("a")
	f, err := s.FileAsBefore(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
	closeStore(t, s)
	s = bare(t, dir)
	if got, err := s.Read(t.Context(), f.Reference.String(), storetest.Officer()); err != nil || got.Applicant.Name != d.Applicant.Name {
		t.Errorf("what is open: %v", err)
	}
	closeStore(t, s)
	s, err = store.Open(dir, store.Options{Station: "K1", Commune: "05200", Now: storetest.NewClock().Now, Recipients: storetest.Recipients(),
		Tag: func([]byte) func(string) []byte { return func(who string) []byte { return []byte(who) } }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Read(t.Context(), f.Reference.String(), storetest.Officer())
	if err != nil || got.Applicant.Name != d.Applicant.Name {
		t.Errorf("sealed: %v", err)
	}
	if list, err := s.Mine(t.Context(), d.Applicant.Tagged(), f.Filed); err != nil || len(list) != 1 {
		t.Errorf("whose filing it is sees %d, %v", len(list), err)
	}
	if _, err := s.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
	closeStore(t, s)
	data, err := os.ReadFile(filepath.Join(dir, "motcua.db"))
	if err != nil || bytes.Contains(data, []byte("Kbŭôr")) {
		t.Errorf("the name is still on the disk, %v", err)
	}
}

// A kiosk and a desk that start at once after the first program seal each filing once.
func TestSealsOnce(t *testing.T) {
	dir := newDir(t)
	s := open(t, dir, storetest.NewClock())
	for i := range 40 {
		if _, err := s.FileAsBefore(t.Context(), storetest.Draft(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, s)
	var both sync.WaitGroup
	for _, station := range []string{"K1", "D1"} {
		both.Go(func() {
			s, err := store.Open(dir, store.Options{Station: station, Commune: "05200", Now: storetest.NewClock().Now, Recipients: storetest.Recipients()})
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { s.Close() })
		})
	}
	both.Wait()
	s = openAs(t, dir, "K2", storetest.NewClock())
	if _, err := s.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
}

// What somebody wrote in the place of what was filed is not sealed as if it had been: neither of a filing that never was open, nor of one that was.
func TestSealsNothingForged(t *testing.T) {
	d := storetest.Draft("a")
	d.Case = "somebody else's"
	forged, err := d.Content()
	if err != nil {
		t.Fatal(err)
	}
	for _, open := range []bool{false, true} {
		dir := newDir(t)
		s := openAs(t, dir, "K1", storetest.NewClock())
		if open {
			_, err = s.FileAsBefore(t.Context(), storetest.Draft("a"))
		} else {
			_, err = s.File(t.Context(), storetest.Draft("a"))
		}
		if err != nil {
			t.Fatal(err)
		}
		closeStore(t, s)
		if err := tamper(t, dir, fmt.Sprintf("UPDATE filing SET sealed = 0; DELETE FROM key; UPDATE content SET body = x'%x'", forged)); err != nil {
			t.Fatal(err)
		}
		s = openAs(t, dir, "K1", storetest.NewClock())
		if _, err := s.VerifyJournal(t.Context()); fault.CodeOf(err) != fault.StoreDamaged {
			t.Errorf("%t: %v", open, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	s := open(t, newDir(t), storetest.NewClock())
	for _, number := range []string{"", "K1-2311-001"} {
		if _, err := s.Read(t.Context(), number, storetest.Officer()); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%q: %v", number, err)
		}
	}
	if got := strings.Count(storetest.Officer().Public().Seal, "age1pq1"); got != 1 {
		t.Errorf("%d", got)
	}
}
