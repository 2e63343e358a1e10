package board

import (
	"context"
	"sync/atomic"

	"motcua/kiosk/fault"
	"motcua/kiosk/finder"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/steward"
)

// This file is what a desk does beside the officer's work, with the officer's key, while they are signed in: it makes all filings
// searchable, and writes keys anew for colleagues who came.

// shift is the time that an officer is signed in.
type shift struct {
	me    officer.Account
	key   *seal.Identity
	ctx   context.Context
	end   func()
	index atomic.Pointer[finder.Index]

	looking, writing errand // one does not wait for the other: a search must know what came while keys are written for an hour

	keyset int // for which everything was written that this officer opens; used by the chores alone
}

func newShift(me officer.Account, key *seal.Identity) *shift {
	s := &shift{me: me, key: key, keyset: -1}
	s.ctx, s.end = context.WithCancel(context.Background())
	return s
}

// finder is the index of all filings, nil until it is complete.
func (s *shift) finder() *finder.Index {
	if s == nil {
		return nil
	}
	if x := s.index.Load(); x != nil && x.Full() {
		return x
	}
	return nil
}

// chores starts the work beside, or lets what is under way go round once more.
func (s *shift) chores(b *Board) {
	st, opt, name := b.store, b.opt, b.serviceName
	try := func(do func() error) func() {
		return func() {
			if s.ctx.Err() != nil {
				return
			}
			if err := do(); err != nil && s.ctx.Err() == nil {
				opt.Log.Warn("desk.chores", "code", fault.CodeOf(err), "err", err)
			}
		}
	}
	look := try(func() error { return s.find(st, func(id string) string { return name(id, opt.Now()) }) })
	s.looking.run(opt.Go, look)
	s.writing.run(opt.Go, try(func() error { return s.rewrap(st) }))
}

// errand is work that is done once at a time, and once more if it was asked for meanwhile.
type errand struct{ busy, again atomic.Bool }

func (e *errand) run(beside func(func()), do func()) {
	if e.again.Store(true); e.busy.Swap(true) {
		return
	}
	beside(func() {
		for {
			for e.again.Swap(false) {
				do()
			}
			// Whoever asks between these two finds it busy.
			if e.busy.Store(false); !e.again.Load() || e.busy.Swap(true) {
				return
			}
		}
	})
}

// find opens the finder and brings it up to date. Whoever nobody has let read yet works without.
func (s *shift) find(st Store, service func(string) string) error {
	x := s.index.Load()
	if x == nil {
		var err error
		if x, err = finder.Open(s.ctx, st, s.key, service); fault.CodeOf(err) == fault.SealShut {
			return nil
		} else if err != nil {
			return err
		}
		s.index.Store(x)
	}
	return x.Update(s.ctx)
}

// rewrap writes all keys anew that are for readers of before, and that this officer can open.
func (s *shift) rewrap(st Store) error {
	now, err := st.Keyset(s.ctx)
	if err != nil || now == s.keyset {
		return err
	}
	if _, _, err := steward.WriteAnew(s.ctx, st, s.key, s.me.ID); err != nil {
		return err
	}
	s.keyset = now
	return nil
}
