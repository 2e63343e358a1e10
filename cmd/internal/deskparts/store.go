package deskparts

import (
	"context"
	"fmt"
	"time"

	"motcua/kiosk/board"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
	"motcua/kiosk/station"
	"motcua/kiosk/store"
)

// scarce is how little room on the disk somebody should look at, in bytes: a filing with its papers takes up to a few megabytes.
const scarce = 2 << 30

// verifiedDays is how many days a verified journal is called so.
const verifiedDays = 31

// Store is the data directory dir: its room, and when its journal was verified last. Its test reads all pages and all of the journal,
// holds against it whose signatures are believed, and notes that it did.
func Store(db *store.Store, dir string, now func() time.Time) board.Part {
	return board.Part{Name: "store", Look: func(ctx context.Context) board.Found { return lookAtStore(ctx, db, now()) },
		Test: func(ctx context.Context, by string, tell func(done, all int)) (board.Words, error) {
			if err := db.Sound(ctx); err != nil {
				return board.Words{}, err
			}
			v, err := db.VerifyJournalTelling(ctx, tell)
			if err != nil {
				return board.Words{}, err
			}
			if odd := v.Cut + v.Replaced; odd > 0 {
				return board.Words{Key: "desk.part.store.cut", Args: []any{odd}}, nil
			}
			unsaid, missing, err := station.Unsaid(dir, v.Trusted)
			if err != nil {
				return board.Words{}, err
			}
			if odd := len(unsaid) + len(missing); odd > 0 {
				return board.Words{Key: "desk.part.store.unsaid", Args: []any{odd}}, nil
			}
			detail := map[string]string{"officer": by, "entries": fmt.Sprint(v.Entries)}
			return board.Words{Key: "desk.part.store.sound", Args: []any{v.Entries}}, db.Note(ctx, string(store.JournalVerified), detail)
		}}
}

func lookAtStore(ctx context.Context, db *store.Store, now time.Time) board.Found {
	f := board.Found{State: health.Present}
	if free, ok := db.Room(); ok {
		f.Lines = append(f.Lines, board.Words{Key: "desk.part.store.room", Args: []any{free}})
		f.Care = free < scarce
	}
	e, verified, err := db.LastNote(ctx, store.JournalVerified, now.AddDate(0, 0, -verifiedDays))
	switch {
	case err != nil:
		f.State, f.Code = health.Failed, fault.CodeOf(err)
	case verified:
		f.Lines = append(f.Lines, board.Words{Key: "desk.part.store.verified", Args: []any{e.At}})
	default:
		f.Care = true
		f.Lines = append(f.Lines, board.Words{Key: "desk.part.store.unverified"})
	}
	return f
}

// waitsTooLong is how old a filing is that should be at the portal by now.
const waitsTooLong = 24 * time.Hour

// Portal is the way to the national portal, of one of the kinds of config: how many filings are not there yet.
func Portal(db *store.Store, kind string, now func() time.Time) board.Part {
	return board.Part{Name: "portal", Look: func(ctx context.Context) board.Found {
		f := board.Found{State: health.Present, Lines: []board.Words{{Key: "desk.part.portal." + kind}}}
		n, oldest, err := db.Unsent(ctx)
		switch {
		case err != nil:
			f.State, f.Code = health.Failed, fault.CodeOf(err)
		case n == 0:
			f.Lines = append(f.Lines, board.Words{Key: "desk.part.portal.clear"})
		default:
			f.Care = kind != config.PortalNone && now().Sub(oldest) > waitsTooLong
			f.Lines = append(f.Lines, board.Words{Key: "desk.part.portal.waiting", Args: []any{n, oldest}})
		}
		return f
	}}
}
