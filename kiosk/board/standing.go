package board

import (
	"context"
	"errors"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
)

// This file is what another desk may have done to the officer's own standing, and what must not stay behind.

// account reads an account as it is now; false if there is none any more that is active.
func (b *Board) account(ctx context.Context, id string) (officer.Account, bool, error) {
	all, err := b.store.Officers(ctx)
	for _, a := range all {
		if a.ID == id {
			return a, a.Active, err
		}
	}
	return officer.Account{}, false, err
}

// errTurnedOut: a head locked the officer out, or gave them other keys or another role.
var errTurnedOut = errors.New("board: signed out by another desk")

// stands signs the officer out if they are not who signed in any more, and says so with fault.SealWrong: whatever was to be done next is not.
func (b *Board) stands(ctx context.Context) error {
	a, there, err := b.account(ctx, b.me.ID)
	if err != nil || there && a.Public == b.me.Public && a.Role == b.me.Role {
		return err
	}
	return errors.Join(b.lock(ctx), fault.New(fault.SealWrong, errTurnedOut))
}

// give gives a filing back that could not be opened, or it would stay this officer's, who sees nothing of it.
func (b *Board) give(ctx context.Context, ref filing.Reference, err error) error {
	return errors.Join(err, b.store.Release(ctx, ref, b.me.ID))
}

// turn is where a choice among n stands that was moved to at, past the ends.
func turn(at, n int) int { return (at%n + n) % n }
