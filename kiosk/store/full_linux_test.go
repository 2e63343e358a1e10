package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// smallDisk is a file system of its own with room for so many kB; the test skips where it may not be mounted.
func smallDisk(t *testing.T, kB int) string {
	t.Helper()
	disk := t.TempDir()
	if err := syscall.Mount("none", disk, "tmpfs", 0, fmt.Sprintf("size=%dk,mode=0700", kB)); err != nil {
		t.Skipf("a small disk needs the right to mount (TestFullDatabase is the test without it): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return disk
}

// fill takes all the room that is left on the disk of dir and gives it back when the result is called.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	path := filepath.Join(dir, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 16; size > 0; size /= 2 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

// countFilings counts what is there and verifies that it hangs together.
func countFilings(t *testing.T, s *store.Store, want int) {
	t.Helper()
	list, err := s.List(t.Context(), store.Filter{})
	if err != nil || len(list) != want {
		t.Errorf("%d filings, not %d, %v", len(list), want, err)
	}
	if v, err := s.VerifyJournal(t.Context()); err != nil || v.Filings != want {
		t.Errorf("journal: %+v, %v", v, err)
	}
}

// The disk fills up by the filings themselves, at every point of a filing that needs room in turn.
func TestFullDiskByFiling(t *testing.T) {
	disk := smallDisk(t, 1500)
	dir := filepath.Join(disk, "data")
	s := open(t, dir, storetest.NewClock())
	filed := 0
	for ; ; filed++ {
		_, err := s.File(t.Context(), storetest.Draft(fmt.Sprint(filed)))
		if err == nil && filed < 1000 {
			continue
		}
		if fault.CodeOf(err) != fault.StoreFull {
			t.Fatalf("after %d: %v", filed, err)
		}
		break
	}
	countFilings(t, s, filed)
	if filed < 10 {
		t.Errorf("only %d filings on 1.5 MB", filed)
	}
}

// Something else fills the disk while the store is open: each amount of room left, from none up, ends in a filing that
// is there as a whole or not at all; and when there is room again, everything works.
func TestFullDiskBySomethingElse(t *testing.T) {
	dir := filepath.Join(smallDisk(t, 6000), "data")
	s := open(t, dir, storetest.NewClock())
	ref := file(t, s, "0").Reference
	filed, refused := 1, 0
	for pages := range 24 {
		free := fill(t, dir)
		if err := os.Truncate(filepath.Join(dir, "ballast"), sizeOf(t, dir)-int64(pages*4096)); err != nil {
			t.Fatal(err)
		}
		key := fmt.Sprint("tight", pages)
		_, err := s.File(t.Context(), storetest.Draft(key))
		switch fault.CodeOf(err) {
		case "":
			filed++
		case fault.StoreFull:
			refused++
		default:
			t.Fatalf("%d pages left: %v", pages, err)
		}
		countFilings(t, s, filed)
		if err := s.Printed(t.Context(), ref, store.OutcomePrinted); err != nil && fault.CodeOf(err) != fault.StoreFull {
			t.Errorf("%d pages left: Printed: %v", pages, err)
		}
		free()
		if err != nil {
			file(t, s, key)
			filed++
		}
		countFilings(t, s, filed)
	}
	if refused == 0 {
		t.Error("the disk was never full")
	}
	list, err := s.List(t.Context(), store.Filter{Limit: 1})
	if err != nil || list[0].Reference.Serial < filed {
		t.Errorf("%+v, %v", list, err)
	}
	t.Logf("%d refused; %d filings, the last has number %d", refused, filed, list[0].Reference.Serial)
}

func sizeOf(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// A kiosk that starts on a full disk says so, and works when there is room.
func TestOpenOnFullDisk(t *testing.T) {
	for _, before := range []string{"never opened", "closed before"} {
		disk := smallDisk(t, 1500)
		dir, clock := filepath.Join(disk, "data"), storetest.NewClock()
		filed := 0
		if before == "closed before" {
			s := open(t, dir, clock)
			file(t, s, "a")
			filed++
			closeStore(t, s)
		}
		free := fill(t, disk)
		s, err := store.Open(dir, store.Options{Station: "K1", Commune: "05200", Now: clock.Now, Recipients: storetest.Recipients()})
		if err == nil { // what was there sufficed for opening
			if _, err := s.File(t.Context(), storetest.Draft("b")); fault.CodeOf(err) != fault.StoreFull {
				t.Errorf("%s: File: %v", before, err)
			}
			closeStore(t, s)
		} else if fault.CodeOf(err) != fault.StoreFull {
			t.Errorf("%s: Open: %v", before, err)
		}
		free()
		s = open(t, dir, clock)
		gives(t, s, "b", fmt.Sprintf("K1-2311-%03d", filed+1))
		countFilings(t, s, filed+1)
	}
}

// TestUsable: the doctor learns who has the directory, and that there is no room, without changing anything.
func TestUsable(t *testing.T) {
	dir := filepath.Join(smallDisk(t, 6000), "data")
	s := open(t, dir, storetest.NewClock())
	if code := fault.CodeOf(store.Usable(dir)); code != fault.StoreLocked {
		t.Errorf("in use: %q", code)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.Usable(dir); err != nil {
		t.Errorf("free: %v", err)
	}
	free := fill(t, dir)
	if code := fault.CodeOf(store.Usable(dir)); code != fault.StoreFull {
		t.Errorf("full disk: %q", code)
	}
	free()
	if err := store.Usable(dir); err != nil {
		t.Errorf("room again: %v", err)
	}
}

// At the desk, too, a full disk leaves each act done or not: none of them is half there, and each can be done when there is room.
func TestFullDiskAtTheDesk(t *testing.T) {
	d := newDeskIn(t, filepath.Join(smallDisk(t, 6000), "data"))
	decide := func(a desk.Action) func() error {
		return func() error { _, err := d.decide("an", a); return err }
	}
	acts := []struct {
		kind store.Kind
		do   func() error
	}{
		{store.Printed, func() error { return d.s.Printed(t.Context(), d.ref, store.OutcomePrinted) }},
		{store.Taken, func() error { return d.s.Hold(t.Context(), d.ref, "an") }},
		{store.Decided, decide(desk.Receive)},
		{store.Undone, func() error { _, err := d.s.Undo(t.Context(), d.ref, 1, "an", d.keys["an"]); return err }},
		{store.Decided, decide(desk.Ask)},
		{store.OnPaper, func() error { return d.s.FormPrinted(t.Context(), d.ref, 2, "CT05") }},
		{store.Brought, func() error { return d.s.SayBrought(t.Context(), d.ref) }},
		{store.Decided, decide(desk.Supply)},
		{store.Released, func() error { return d.s.Release(t.Context(), d.ref, "an") }},
	}
	refused := 0
	for _, act := range acts {
		before, err := d.s.Journal(t.Context(), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for pages := 0; ; pages++ {
			free := fill(t, d.dir)
			if err := os.Truncate(filepath.Join(d.dir, "ballast"), sizeOf(t, d.dir)-int64(pages*4096)); err != nil {
				t.Fatal(err)
			}
			did := act.do()
			countFilings(t, d.s, 1) // and what the journal says is what is there
			free()
			after, err := d.s.Journal(t.Context(), int64(len(before)), 0)
			if err != nil {
				t.Fatal(err)
			}
			if did == nil {
				entries := 1
				if act.kind == store.Brought {
					entries = 2 // and the number for the counter
				}
				if len(after) != entries || after[0].Kind != act.kind {
					t.Errorf("%s: %d entries", act.kind, len(after))
				}
				break
			}
			refused++
			if fault.CodeOf(did) != fault.StoreFull || len(after) != 0 || pages > 100 {
				t.Fatalf("%s, %d pages left: %v, and %d entries", act.kind, pages, did, len(after))
			}
		}
	}
	if refused == 0 {
		t.Error("the disk was never full")
	}
	t.Logf("%d acts, refused %d times", len(acts), refused)
}
