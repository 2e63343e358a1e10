package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// TestUnsent: what was handed over, has the portal's code, or is nothing for the portal does not wait.
func TestUnsent(t *testing.T) {
	d := newDesk(t)
	unsent := func(want int) time.Time {
		t.Helper()
		n, oldest, err := d.s.Unsent(t.Context())
		if err != nil || n != want {
			t.Errorf("%d filings wait, want %d; %v", n, want, err)
		}
		if list, err := d.s.ListUnsent(t.Context(), 100); err != nil || len(list) != n || n > 0 && !list[0].Filed.Equal(oldest) {
			t.Errorf("listed %+v; %v", list, err)
		}
		return oldest
	}
	before, _, err := d.s.Unsent(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first := unsent(before)
	refs := make([]filing.Reference, 3)
	for i := range refs {
		f, err := d.s.File(t.Context(), storetest.Draft(fmt.Sprint("unsent", i)))
		if err != nil {
			t.Fatal(err)
		}
		refs[i] = f.Reference
	}
	if oldest := unsent(before + 3); !oldest.Equal(first) || oldest.IsZero() {
		t.Errorf("the oldest is of %v, and was of %v", oldest, first)
	}
	h := store.Handover{Target: "http", Digest: "sha256:" + strings.Repeat("0", 64), Officer: "an"}
	if err := d.s.Sent(t.Context(), refs[0], h, d.keys["an"]); err != nil {
		t.Fatal(err)
	}
	unsent(before + 2)
	awaited := func(target string, since time.Duration, want ...filing.Reference) {
		t.Helper()
		list, err := d.s.Awaited(t.Context(), target, d.clock.Now().Add(-since), 100)
		if err != nil || len(list) != len(want) || len(want) > 0 && list[0].Reference != want[0] {
			t.Errorf("awaited %+v; %v", list, err)
		}
	}
	awaited("http", 24*time.Hour, refs[0])
	awaited("directory", 24*time.Hour)
	awaited("http", -48*time.Hour)
	if err := d.s.SetDossier(t.Context(), refs[1], "H15.50.05.13-261008-0975"); err != nil {
		t.Fatal(err)
	}
	unsent(before + 1)
	if _, err := d.s.Decide(t.Context(), refs[2], desk.Decision{Action: desk.Withdraw, Officer: "an"}, d.keys["an"]); err != nil {
		t.Fatal(err)
	}
	unsent(before)
}

// TestWorking: a program that has the directory as a station is seen while it has it.
func TestWorking(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	kiosk, err := store.Open(dir, store.Options{Station: "K1", Commune: "05200"})
	if err != nil {
		t.Fatal(err)
	}
	desk, err := store.Open(dir, store.Options{Station: "D1", Commune: "05200"})
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	for _, want := range []bool{true, false} {
		if got, err := desk.Working("K1"); err != nil || got != want {
			t.Errorf("%v, %v, want %v", got, err, want)
		}
		if err := kiosk.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := desk.Working("K9"); err != nil || got {
		t.Errorf("a station that never was: %v, %v", got, err)
	}
	// Asking leaves the directory free.
	if kiosk, err = store.Open(dir, store.Options{Station: "K1", Commune: "05200"}); err != nil {
		t.Fatal(err)
	}
	if err := kiosk.Close(); err != nil {
		t.Error(err)
	}
	if free, ok := desk.Room(); !ok || free == 0 {
		t.Errorf("%d bytes left, %v", free, ok)
	}
}

// TestVerifyTells: how far the verifying is, up to all of it; and LastNote finds the newest entry of a kind since a moment.
func TestVerifyTells(t *testing.T) {
	d := newDesk(t)
	if _, there, err := d.s.LastNote(t.Context(), store.JournalVerified, d.clock.Now().AddDate(0, -1, 0)); there || err != nil {
		t.Errorf("%v, %v", there, err)
	}
	for i := range 1200 {
		if err := d.s.Note(t.Context(), string(store.JournalVerified), map[string]string{"entries": fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	var told [][2]int
	v, err := d.s.VerifyJournalTelling(t.Context(), func(done, all int) { told = append(told, [2]int{done, all}) })
	if err != nil {
		t.Fatal(err)
	}
	if n := len(told); n < 3 || told[0][0] >= told[1][0] || told[n-1] != [2]int{v.Entries, v.Entries} {
		t.Errorf("told %v of %d", told, v.Entries)
	}
	d.clock.AddDays(3)
	if err := d.s.Note(t.Context(), string(store.JournalVerified), map[string]string{"entries": "last"}); err != nil {
		t.Fatal(err)
	}
	e, there, err := d.s.LastNote(t.Context(), store.JournalVerified, d.clock.Now().AddDate(0, 0, -1))
	if err != nil || !there || !e.At.Equal(d.clock.Now()) || string(e.Detail) != `{"entries":"last"}` {
		t.Errorf("%+v, %v, %v", e, there, err)
	}
	if _, there, err := d.s.LastNote(t.Context(), store.JournalVerified, d.clock.Now().Add(time.Second)); there || err != nil {
		t.Errorf("from the future: %v, %v", there, err)
	}
	if err := d.s.Sound(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestSoundFindsATornPage: a page that does not hang together is found.
func TestSoundFindsATornPage(t *testing.T) {
	d := newDesk(t)
	if err := d.s.Sound(t.Context()); err != nil {
		t.Fatal(err)
	}
	closeStore(t, d.s)
	path := filepath.Join(d.dir, "motcua.db")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	for at := 5 * page; at < len(data); at += page {
		copy(data[at:], "torn page")
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := store.OpenReadOnly(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Sound(t.Context()); fault.CodeOf(err) != fault.StoreDamaged {
		t.Errorf("a torn page: %v", err)
	}
}
