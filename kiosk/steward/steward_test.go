package steward

import (
	"errors"
	"path/filepath"
	"testing"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// TestOfficers: the first officer is a head and needs nobody; after that a head signs, and one always stays.
func TestOfficers(t *testing.T) {
	clock := storetest.NewClock()
	db, err := store.Open(filepath.Join(t.TempDir(), "data"), store.Options{Station: "K1", Commune: "05200", Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, nobody := t.Context(), store.Signer{}
	if err := Add(ctx, db, nobody, "an", "Bùi Văn An", officer.Clerk, storetest.TestPIN, clock.Now()); fault.CodeOf(err) != fault.Usage {
		t.Errorf("a clerk first: %v", err)
	}
	if err := Add(ctx, db, nobody, "an", "Bùi Văn An", officer.Head, "1234", clock.Now()); fault.CodeOf(err) != fault.Usage {
		t.Errorf("a short PIN: %v", err)
	}
	if err := Add(ctx, db, nobody, "an", "Bùi Văn An", officer.Head, storetest.TestPIN, clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := Add(ctx, db, nobody, "hoa", "Đinh Thị Hoa", officer.Head, storetest.TestPIN, clock.Now()); fault.CodeOf(err) != fault.SealWrong {
		t.Errorf("by nobody: %v", err)
	}
	all, err := db.Officers(ctx)
	if err != nil {
		t.Fatal(err)
	}
	key, err := all[0].SignIn(seal.Secret{PIN: storetest.TestPIN})
	if err != nil {
		t.Fatal(err)
	}
	an := store.Signer{ID: "an", Identity: key}
	for what, err := range map[string]error{"locked out": SetActive(ctx, db, an, "an", false), "a clerk": SetRole(ctx, db, an, "an", officer.Clerk)} {
		if !errors.Is(err, ErrLastHead) || fault.CodeOf(err) != fault.Usage {
			t.Errorf("the last head %s: %v", what, err)
		}
	}
	if err := SetActive(ctx, db, an, "ai", false); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("nobody: %v", err)
	}
	if err := Add(ctx, db, an, "ky", "Lê Văn Kỹ", officer.Technician, storetest.TestPIN, clock.Now()); err != nil {
		t.Error(err)
	}
	if err := SetRole(ctx, db, store.Signer{ID: "ky", Identity: key}, "an", officer.Clerk); fault.CodeOf(err) != fault.SealWrong {
		t.Errorf("by a technician: %v", err)
	}
	if err := SetRole(ctx, db, an, "ky", officer.Clerk); err != nil {
		t.Error(err)
	}
	if _, err := db.VerifyJournal(ctx); err != nil {
		t.Error(err)
	}
}

// Who comes before the first filing can look for people from then on: there is no filing whose key is to be written anew, but the finder's is.
func TestFinderForWhoCame(t *testing.T) {
	clock := storetest.NewClock()
	db, err := store.Open(filepath.Join(t.TempDir(), "data"), store.Options{Station: "K1", Commune: "05200", Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx := t.Context()
	keys := map[string]*seal.Identity{}
	for _, id := range []string{"an", "binh"} {
		a, key, err := officer.New(id, "Cán bộ "+id, officer.Head, seal.Secret{Card: []byte(id)}, clock.Now())
		if err == nil && id == "an" {
			err = db.SetOfficer(ctx, a, "setup")
		} else if err == nil {
			err = db.ChangeOfficer(ctx, a, store.Signer{ID: "an", Identity: keys["an"]})
		}
		if err != nil {
			t.Fatal(err)
		}
		keys[id] = key
		if id == "an" {
			if _, err := db.FinderKeys(ctx, key); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := db.FinderKeys(ctx, keys["binh"]); fault.CodeOf(err) != fault.SealShut {
		t.Fatalf("before anybody let them: %v", err)
	}
	if done, left, err := WriteAnew(ctx, db, keys["an"], "an"); done != 0 || left != 0 || err != nil {
		t.Errorf("%d done, %d left, %v", done, left, err)
	}
	if _, err := db.FinderKeys(ctx, keys["binh"]); err != nil {
		t.Error(err)
	}
}
