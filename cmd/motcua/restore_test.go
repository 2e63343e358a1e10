package main

import (
	"log/slog"
	"path/filepath"
	"testing"

	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// TestRestoreAtTheDesk: what two officers asked for is done once nobody works on the data directory any more; what was filed after the backup follows
// from the redo log, and one officer alone changes nothing.
func TestRestoreAtTheDesk(t *testing.T) {
	cfg := config.Default()
	cfg.Data.Dir, cfg.Station.CommuneCode = filepath.Join(t.TempDir(), "data"), "05200"
	opts := store.Options{Station: cfg.Desk.Station, Commune: "05200", Now: storetest.NewClock().Now}
	an := storetest.SetOfficer(t, cfg.Data.Dir, opts)
	db, err := store.Open(cfg.Data.Dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	account, ky, err := officer.New("ky", "Lê Văn Kỹ", officer.Technician, seal.Secret{PIN: storetest.TestPIN}, storetest.NewClock().Now())
	if err == nil {
		err = db.ChangeOfficer(t.Context(), account, store.Signer{ID: "an", Identity: an})
	}
	if err != nil {
		t.Fatal(err)
	}
	file := func(key string) {
		t.Helper()
		if _, err := db.File(t.Context(), storetest.Draft(key)); err != nil {
			t.Fatal(err)
		}
	}
	file("a")
	backup, err := db.Backup(t.Context(), filepath.Join(cfg.Data.Dir, "backups"), store.DefaultKeep)
	if err != nil {
		t.Fatal(err)
	}
	file("b")
	b := &bureau{log: slog.New(slog.DiscardHandler)}
	b.closed.Store(true) // there is no window
	both := []store.Signer{{ID: "an", Identity: an}, {ID: "ky", Identity: ky}}
	if err := b.restore(t.Context(), cfg, restoring{backup.Path, both}); fault.CodeOf(err) != fault.StoreLocked {
		t.Errorf("while a kiosk works: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.restore(t.Context(), cfg, restoring{backup.Path, both[:1]}); fault.CodeOf(err) != fault.SealWrong || b.said.Key != "" {
		t.Errorf("by one: %v", err)
	}
	if err := b.restore(t.Context(), cfg, restoring{backup.Path, both}); err != nil || b.said.Key != "desk.notice.restored" || b.said.Args[0] != 2 {
		t.Errorf("%v, %+v", err, b.said)
	}
	if db, err = store.Open(cfg.Data.Dir, opts); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if v, err := db.VerifyJournal(t.Context()); err != nil || v.Filings != 2 {
		t.Errorf("%+v, %v", v, err)
	}
	if e, err := db.OfKinds(t.Context(), store.Recovered); err != nil || len(e) != 1 {
		t.Errorf("%d entries, %v", len(e), err)
	}
}
