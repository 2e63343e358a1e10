package deskparts

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"motcua/kiosk/board"
	"motcua/kiosk/health"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// TestHealth: a fresh office lacks backups, a second person and a recovery key; with them it is well, until the backup grows old or the clock is set back.
func TestHealth(t *testing.T) {
	db, clock, dir := open(t)
	backups := filepath.Join(dir, "backups")
	const every = 24 * time.Hour
	look := func(name string) board.Found {
		t.Helper()
		parts := Health(db, dir, backups, every, clock.Now)
		at := slices.IndexFunc(parts, func(p board.Part) bool { return p.Name == name })
		return parts[at].Look(t.Context())
	}
	expect := func(name string, care bool, keys ...string) {
		t.Helper()
		f := look(name)
		var got []string
		for _, w := range f.Lines {
			got = append(got, w.Key)
		}
		for i := range keys {
			keys[i] = "desk.part." + name + "." + keys[i]
		}
		if f.State != health.Present || f.Care != care || !slices.Equal(got, keys) {
			t.Errorf("%s: care %v, %v; want %v, %v", name, f.Care, got, care, keys)
		}
	}
	expect("backup", true, "none")
	expect("clock", false, "now")
	expect("keys", true, "officers", "no-recovery", "alone")

	all, err := db.Officers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	an, err := all[0].SignIn(seal.Secret{PIN: storetest.TestPIN})
	if err != nil {
		t.Fatal(err)
	}
	a, id, err := officer.New("ky", "Lê Văn Kỹ", officer.Technician, seal.Secret{PIN: storetest.TestPIN}, clock.Now())
	if err == nil {
		err = db.ChangeOfficer(t.Context(), a, store.Signer{ID: "an", Identity: an})
	}
	recovery, wrong := seal.New()
	if err != nil || wrong != nil {
		t.Fatal(err, wrong)
	}
	if err := db.SetRecovery(t.Context(), recovery.Public(), store.Signer{ID: "an", Identity: an}, store.Signer{ID: "ky", Identity: id}); err != nil {
		t.Fatal(err)
	}
	expect("keys", false, "officers")
	if _, err := db.Backup(t.Context(), backups, store.DefaultKeep); err != nil {
		t.Fatal(err)
	}
	expect("backup", false, "last", "count")
	now := clock.Now()
	clock.AddDays(1)
	expect("backup", false, "last", "count", "due")
	clock.AddDays(2)
	expect("backup", true, "last", "count", "old")
	clock.Set(now.Add(-time.Hour))
	expect("clock", true, "now", "behind")
	clock.Set(now.UTC())
	expect("clock", true, "now", "zone")
}
