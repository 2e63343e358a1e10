package office

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"

	"motcua/kiosk/config"
	"motcua/kiosk/identity"
	"motcua/kiosk/setting"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// unsteady is a store whose decisions cannot be read now and then.
type unsteady struct {
	*store.Store
	broken atomic.Bool
}

func (u *unsteady) Settings(ctx context.Context) ([]store.Setting, error) {
	if u.broken.Load() {
		return nil, errors.New("not now")
	}
	return u.Store.Settings(ctx)
}

// A kiosk is told of decisions as they come, of nothing that is as it was, and keeps what held while they cannot be read.
func TestWatch(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	opts := store.Options{Station: "K1", Commune: "05200"}
	head := store.Signer{ID: "an", Identity: storetest.SetOfficer(t, dir, opts)}
	s, err := store.Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db := &unsteady{Store: s}
	cfg, log := config.Default(), slog.New(slog.DiscardHandler)
	set := func(changes setting.Set) {
		t.Helper()
		if err := s.Set(t.Context(), changes, head); err != nil {
			t.Fatal(err)
		}
	}
	set(setting.Set{"service.tam-vang": setting.Off})
	held := Obey(t.Context(), db, cfg, log)
	if held.Config.Services.Off != "tam-vang" {
		t.Fatalf("%+v", held)
	}
	ctx, stop := context.WithCancel(t.Context())
	told, over := make(chan setting.Office, 9), make(chan struct{})
	go func() {
		defer close(over)
		Watch(ctx, db, cfg, held, log, func(o setting.Office) { told <- o })
	}()
	set(setting.Set{setting.Closed(identity.Date{Year: 2026, Month: 12, Day: 24}): "Họp"})
	if o := <-told; len(o.Closed) != 1 || o.Config.Services.Off != "tam-vang" {
		t.Errorf("%+v", o)
	}
	db.broken.Store(true)
	set(setting.Set{"service.tam-vang": ""})
	if o := Obey(t.Context(), db, cfg, log); o.Config != cfg || o.Closed != nil {
		t.Errorf("what cannot be read is not what the file says: %+v", o)
	}
	db.broken.Store(false)
	if o := <-told; o.Config.Services.Off != "" || len(o.Closed) != 1 {
		t.Errorf("%+v", o)
	}
	stop()
	<-over
	if len(told) != 0 {
		t.Errorf("told %d times more", len(told))
	}
	days, err := Calendar(cfg, held.Closed...)
	if err != nil || days == nil {
		t.Error(err)
	}
}
