package main

import (
	"context"
	"time"

	"motcua/cmd/internal/office"
	"motcua/kiosk/board"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/store"
)

// restoring is a backup that two officers want back, who signed for it at the desk.
type restoring struct {
	path string
	by   []store.Signer
}

// restore makes the database again once the desk has let go of it. A kiosk that still works on the data directory is fault.StoreLocked, and all stays as
// it was.
func (b *bureau) restore(ctx context.Context, cfg config.Config, r restoring) error {
	dir, err := config.Expand(cfg.Data.Dir)
	if err != nil {
		return fault.New(fault.ConfigBad, err)
	}
	b.show(board.Snapshot{Page: board.SignIn, Office: office.Place(cfg), Now: time.Now(), SignIn: &board.Door{}, Notice: "desk.doing.restore"})
	x, err := store.Rebuild(ctx, dir, r.path, store.Options{Station: cfg.Desk.Station, Commune: cfg.Station.CommuneCode, Log: b.log})
	if err != nil {
		return err
	}
	defer x.Close()
	said := board.Words{Key: "desk.notice.restored", Args: []any{x.Verdict.Filings, x.Replayed}}
	if x.Lacking != "" {
		said.Key = "desk.notice.restored.lacking"
	}
	if err := x.Finish(ctx, r.by...); err != nil {
		return err
	}
	b.said = said
	return nil
}
