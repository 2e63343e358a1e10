package board

import (
	"context"
	"errors"
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
	busy  atomic.Bool // chores are being done
	again atomic.Bool // something changed meanwhile

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
	s.again.Store(true)
	if s.busy.Swap(true) {
		return
	}
	st, opt, name := b.store, b.opt, b.serviceName
	opt.Go(func() {
		defer s.busy.Store(false)
		for s.again.Swap(false) && s.ctx.Err() == nil {
			// Keys first: only then does the finder's own open for who is new.
			err := errors.Join(s.rewrap(st), s.find(st, func(id string) string { return name(id, opt.Now()) }))
			if err != nil && s.ctx.Err() == nil {
				opt.Log.Warn("desk.chores", "code", fault.CodeOf(err), "err", err)
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
