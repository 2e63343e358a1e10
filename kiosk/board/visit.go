package board

import (
	"context"

	"motcua/kiosk/assist"
	"motcua/kiosk/fault"
	"motcua/kiosk/session"
)

// This file is the officer in a citizen's session: at a kiosk, to help, or at the desk, for somebody without a card.

// visit is the session that the officer is in.
type visit struct {
	assist.Visit
	station string // "" for one at the desk
	page    session.Snapshot
}

// help takes over the session of the kiosk that wants an officer, or of the first there is. Whoever called is told that one came.
func (b *Board) help(ctx context.Context, station string) error {
	if b.opt.Dial == nil {
		return nil
	}
	if station == "" {
		if bells := b.bells(); len(bells) > 0 {
			station = bells[0].Station
		} else if len(b.stations) > 0 {
			station = b.stations[0].Name
		} else {
			return fault.Newf(fault.StationAbsent, "board: no kiosk has ever been here")
		}
	}
	v, err := b.opt.Dial(ctx, station, b.me, b.key)
	if err != nil {
		return err
	}
	if err := b.store.Came(ctx, station, b.me.ID); err != nil {
		v.Close()
		return err
	}
	return b.enter(ctx, &visit{Visit: v, station: station})
}

// newFiling begins a session at the desk.
func (b *Board) newFiling(ctx context.Context) error {
	if b.opt.Local == nil {
		return nil
	}
	// The visit lives as long as the officer is signed in.
	v, err := b.opt.Local(b.shift.ctx, b.me)
	if err != nil {
		return err
	}
	return b.enter(ctx, &visit{Visit: v})
}

// enter goes into a session; the filing that is open is given back.
func (b *Board) enter(ctx context.Context, v *visit) error {
	if err := b.leave(ctx); err != nil {
		v.Close()
		return err
	}
	b.visit = v
	return nil
}

// inVisit is what the officer does in a session.
func (b *Board) inVisit(ctx context.Context, i Intent) error {
	if b.follow(); b.visit == nil {
		if _, lock := i.(Lock); lock {
			return b.lock(ctx)
		}
		return b.refresh(ctx)
	}
	switch i := i.(type) {
	case Citizen:
		b.visit.Send(i.Intent)
	case Escape:
		b.endVisit()
		return b.refresh(ctx)
	case Lock:
		return b.lock(ctx)
	}
	return nil
}

// follow takes the newest page; a session that is over is left.
func (b *Board) follow() {
	for {
		select {
		case s, open := <-b.visit.Snapshots():
			if !open {
				b.visit, b.notice = nil, "desk.notice.visit-over"
				return
			}
			b.visit.page = s
			continue
		default:
		}
		return
	}
}

// endVisit hands the session back.
func (b *Board) endVisit() {
	if b.visit != nil {
		b.visit.Close()
		b.visit = nil
	}
}

// Visiting gives a channel that has news when the citizen's page changed, nil while the officer is in no session. Whoever takes from it gives it to Seen.
func (b *Board) Visiting() <-chan session.Snapshot {
	if b.visit == nil {
		return nil
	}
	return b.visit.Snapshots()
}

// Seen takes what came out of Visiting, and gives what is to be seen then.
func (b *Board) Seen(ctx context.Context, s session.Snapshot, open bool) Snapshot {
	switch {
	case b.visit == nil:
	case !open:
		b.visit, b.notice = nil, "desk.notice.visit-over"
	default:
		b.visit.page = s
	}
	return b.Snapshot(ctx)
}
