package store_test

import (
	"bytes"
	"testing"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// An officer who comes reads what was filed before, once a colleague's desk wrote the keys anew; one who goes does not read what they
// write from then on.
func TestRewrap(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	if _, err := d.decide("an", desk.Receive); err != nil {
		t.Fatal(err)
	}
	key, err := d.s.FinderKeys(ctx, d.keys["an"])
	if err != nil {
		t.Fatal(err)
	}
	chi, id := account(t, "chi", officer.Clerk)
	if err := d.s.SetOfficer(ctx, chi, "an"); err != nil {
		t.Fatal(err)
	}
	reads := func() error {
		if _, err := d.s.Read(ctx, d.ref.String(), id); err != nil {
			return err
		}
		if c, err := d.s.Case(ctx, d.ref, id); err != nil || len(c.History) == 0 {
			return err
		}
		k, err := d.s.FinderKeys(ctx, id)
		if err == nil && !bytes.Equal(k.Keys[0], key.Keys[0]) {
			t.Error("another finder's key")
		}
		return err
	}
	if err := reads(); fault.CodeOf(err) != fault.SealShut {
		t.Fatalf("a new officer reads before anybody let them: %v", err)
	}
	// By the new officer nothing can be written anew.
	if _, err := d.s.Rewrap(ctx, id, 0, 10); err != nil {
		t.Fatal(err)
	}
	if n, err := d.s.Stale(ctx); err != nil || n == 0 {
		t.Fatalf("%d keys are old, %v", n, err)
	}
	rewrapAll(t, d.s, d.keys["an"])
	if err := reads(); err != nil {
		t.Error(err)
	}
	chi.Active = false
	if err := d.s.SetOfficer(ctx, chi, "an"); err != nil {
		t.Fatal(err)
	}
	rewrapAll(t, d.s, d.keys["an"])
	if err := reads(); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("an officer who went reads on: %v", err)
	}
	if _, err := d.s.VerifyJournal(ctx); err != nil {
		t.Error(err)
	}
}

// rewrapAll writes keys anew two at a time.
func rewrapAll(t *testing.T, s *store.Store, id *seal.Identity) {
	t.Helper()
	for next, err := int64(0), error(nil); ; {
		if next, err = s.Rewrap(t.Context(), id, next, 2); err != nil {
			t.Fatal(err)
		}
		if next == 0 {
			break
		}
	}
	if n, err := s.Stale(t.Context()); err != nil || n != 0 {
		t.Errorf("%d keys are old, %v", n, err)
	}
}

// A key in which a bit fell over stays behind, and no other one for its sake.
func TestRewrapPastDamage(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	second, err := d.s.File(ctx, filing.Draft{Key: "second", Service: "tam-tru"})
	if err != nil {
		t.Fatal(err)
	}
	if err := tamper(t, d.dir, "UPDATE key SET key = zeroblob(length(key)) WHERE filing = (SELECT min(filing) FROM key)"); err != nil {
		t.Fatal(err)
	}
	chi, id := account(t, "chi", officer.Clerk)
	if err := d.s.SetOfficer(ctx, chi, "an"); err != nil {
		t.Fatal(err)
	}
	if next, err := d.s.Rewrap(ctx, d.keys["an"], 0, 9); err != nil || next == 0 {
		t.Fatal(next, err)
	}
	if _, err := d.s.Read(ctx, second.Reference.String(), id); err != nil {
		t.Error(err)
	}
	if n, err := d.s.Stale(ctx); err != nil || n != 1 {
		t.Errorf("%d are left, %v", n, err)
	}
}

// The rows of the finder are written once, and follow what changes.
func TestListed(t *testing.T) {
	s := open(t, newDir(t), storetest.NewClock())
	ctx := t.Context()
	var refs []filing.Reference
	for _, key := range []string{"a", "b", "c"} {
		f, err := s.File(ctx, filing.Draft{Key: key, Service: "tam-tru"})
		if err != nil {
			t.Fatal(err)
		}
		refs = append(refs, f.Reference)
	}
	todo, err := s.Unlisted(ctx, 0, 2)
	if err != nil || len(todo) != 2 || todo[1].Reference != refs[1] {
		t.Fatalf("%+v, %v", todo, err)
	}
	for _, row := range []string{"one", "two"} {
		if err := s.SetRows(ctx, map[int64][]byte{todo[0].ID: []byte(row), todo[1].ID: []byte(row)}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Listed(ctx, 0, 9)
	if err != nil || len(all) != 3 || string(all[0].Row) != "one" || all[2].Row != nil {
		t.Fatalf("%+v, %v", all, err)
	}
	head, err := s.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Hold(ctx, refs[1], "an"); err != nil {
		t.Fatal(err)
	}
	changed, last, err := s.Changed(ctx, head, 9)
	if err != nil || len(changed) != 1 || changed[0] != refs[1] || last != head+1 {
		t.Errorf("%v, %d, %v", changed, last, err)
	}
	if one, err := s.ListedAs(ctx, refs[1]); err != nil || len(one) != 1 || one[0].Holder != "an" || string(one[0].Row) != "one" {
		t.Errorf("%+v, %v", one, err)
	}
}

// Whoever is let in, and nobody is left who could give them the finder's keys, gets others: rows are a copy, and what is filed from then on can be found.
func TestFinderKeysOfNobody(t *testing.T) {
	s, err := store.Open(newDir(t), store.Options{Station: "K1", Commune: "05200"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := t.Context()
	an, anKey := account(t, "an", officer.Head)
	binh, binhKey := account(t, "binh", officer.Head)
	if err := s.SetOfficer(ctx, an, "setup"); err != nil {
		t.Fatal(err)
	}
	f := file(t, s, "a")
	if _, err := s.FinderKeys(ctx, anKey); err != nil {
		t.Fatal(err)
	}
	if err := s.SetRows(ctx, map[int64][]byte{1: []byte("a row")}); err != nil {
		t.Fatal(err)
	}
	if err := s.ChangeOfficer(ctx, binh, store.Signer{ID: "an", Identity: anKey}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.FinderKeys(ctx, binhKey); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("before anybody let them: %v", err)
	}
	an.Active = false
	if err := s.ChangeOfficer(ctx, an, store.Signer{ID: "binh", Identity: binhKey}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Rewrap(ctx, binhKey, 0, 9); err != nil {
		t.Fatal(err)
	}
	if k, err := s.FinderKeys(ctx, binhKey); err != nil || len(k.Keys) != 1 {
		t.Errorf("%d keys, %v", len(k.Keys), err)
	}
	if one, err := s.ListedAs(ctx, f.Reference); err != nil || len(one) != 1 || one[0].Row != nil {
		t.Errorf("a row that nobody reads: %+v, %v", one, err)
	}
}
