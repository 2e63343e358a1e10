package main

import (
	"context"
	"log/slog"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/store"
)

// Times of the backups that a desk makes by itself.
const (
	firstLook = time.Minute // after the start: the first officer is not kept waiting
	nextLook  = 10 * time.Minute
)

// keepBackups makes a backup whenever one is due, until ctx ends. One that fails is said in the log and tried again at the next look; the
// ones of before stay.
func keepBackups(ctx context.Context, db *store.Store, dir string, every time.Duration, log *slog.Logger) {
	for wait := firstLook; ; wait = nextLook {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if due, err := db.BackupDue(dir, every); err != nil || !due {
			if err != nil {
				log.Warn("backup.failed", "code", fault.CodeOf(err), "err", err)
			}
			continue
		}
		b, err := db.Backup(ctx, dir, store.DefaultKeep)
		if err != nil {
			log.Error("backup.failed", "code", fault.CodeOf(err), "err", err)
			continue
		}
		log.Info("backup.made", "path", b.Path, "filings", b.Filings)
	}
}
