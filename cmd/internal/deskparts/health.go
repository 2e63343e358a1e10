package deskparts

import (
	"context"
	"time"

	"motcua/kiosk/board"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// Health are the parts of the section of health: the store in dir, its backups, the clock, and who could open the office again.
func Health(db *store.Store, dir, backups string, every time.Duration, now func() time.Time) []board.Part {
	look := func(name string, do func(ctx context.Context) (board.Found, error)) board.Part {
		return board.Part{Name: name, Look: func(ctx context.Context) board.Found {
			f, err := do(ctx)
			if f.State = health.Present; err != nil {
				f.State, f.Code = health.Failed, fault.CodeOf(err)
			}
			return f
		}}
	}
	return []board.Part{Store(db, dir, now),
		look("backup", func(context.Context) (board.Found, error) { return lookAtBackups(db, backups, every, now()) }),
		look("clock", func(ctx context.Context) (board.Found, error) { return lookAtClock(ctx, db, now()) }),
		look("keys", func(ctx context.Context) (board.Found, error) { return lookAtKeys(ctx, db) })}
}

// lookAtBackups says how old the newest backup is, and on which disk.
func lookAtBackups(db *store.Store, dir string, every time.Duration, now time.Time) (board.Found, error) {
	all, err := store.Backups(dir)
	if err != nil {
		return board.Found{}, err
	}
	if len(all) == 0 {
		return board.Found{Care: true, Lines: []board.Words{{Key: "desk.part.backup.none"}}}, nil
	}
	f := board.Found{Lines: []board.Words{{Key: "desk.part.backup.last", Args: []any{all[0].At}}, {Key: "desk.part.backup.count", Args: []any{len(all)}}}}
	if now.Sub(all[0].At) > 2*every {
		f.Care = true
		f.Lines = append(f.Lines, board.Words{Key: "desk.part.backup.old"})
	}
	due, err := db.BackupDue(dir, every)
	if due && !f.Care {
		f.Lines = append(f.Lines, board.Words{Key: "desk.part.backup.due"})
	}
	return f, err
}

// clockSlack is how far the clock may be behind what was written last: two machines' clocks are never the same.
const clockSlack = 2 * time.Minute

// lookAtClock compares the clock with the last entry of the journal: one that was set back is behind it.
func lookAtClock(ctx context.Context, db *store.Store, now time.Time) (board.Found, error) {
	f := board.Found{Lines: []board.Words{{Key: "desk.part.clock.now", Args: []any{now}}}}
	head, err := db.Head(ctx)
	if err != nil || head == 0 {
		return f, err
	}
	last, err := db.Journal(ctx, head-1, 1)
	if err != nil || len(last) == 0 {
		return f, err
	}
	if last[0].At.After(now.Add(clockSlack)) {
		f.Care = true
		f.Lines = append(f.Lines, board.Words{Key: "desk.part.clock.behind", Args: []any{last[0].At}})
	}
	if _, offset := now.Zone(); offset != vietnamOffset {
		f.Care = true
		f.Lines = append(f.Lines, board.Words{Key: "desk.part.clock.zone"})
	}
	return f, nil
}

// vietnamOffset is Vietnam's time, in seconds east of UTC.
const vietnamOffset = 7 * 60 * 60

// lookAtKeys says who could open the office's files if somebody were gone: a second head, or the recovery key.
func lookAtKeys(ctx context.Context, db *store.Store) (board.Found, error) {
	all, err := db.Officers(ctx)
	if err != nil {
		return board.Found{}, err
	}
	heads, active := 0, 0
	for _, a := range all {
		if a.Active {
			active++
			if a.Role == officer.Head {
				heads++
			}
		}
	}
	f := board.Found{Lines: []board.Words{{Key: "desk.part.keys.officers", Args: []any{active, heads}}}}
	recovery, err := db.Recovery(ctx)
	if err != nil {
		return f, err
	}
	if recovery == (seal.Public{}) {
		f.Care = true
		f.Lines = append(f.Lines, board.Words{Key: "desk.part.keys.no-recovery"})
	}
	if active < 2 {
		f.Care = true
		f.Lines = append(f.Lines, board.Words{Key: "desk.part.keys.alone"})
	}
	stale, err := db.Stale(ctx)
	if stale > 0 {
		f.Care = true
		f.Lines = append(f.Lines, board.Words{Key: "desk.part.keys.stale", Args: []any{stale}})
	}
	return f, err
}
