package office

import (
	"context"
	"log/slog"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// Tag makes what a store makes tags with.
func Tag(salt []byte) func(number string) []byte {
	t, err := seal.NewTagger(salt)
	if err != nil {
		return nil // the store checks its salt
	}
	return t.Tag
}

// The officer of a demonstration. Whoever can read this program knows the PIN.
const (
	DemonstrationOfficer = "thu"
	DemonstrationPIN     = "20262045"
)

// Demonstrate adds the officer of a demonstration where there is none, so that there is somebody to seal to.
func Demonstrate(ctx context.Context, db *store.Store, log *slog.Logger) error {
	if ready, err := db.Ready(ctx); err != nil || ready {
		return err
	}
	a, _, err := officer.New(DemonstrationOfficer, "Cán bộ Thử", officer.Head, seal.Secret{PIN: DemonstrationPIN}, time.Now())
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	log.Warn("office.demonstration", "officer", DemonstrationOfficer, "pin", DemonstrationPIN)
	return db.SetOfficer(ctx, a, "demonstration")
}
