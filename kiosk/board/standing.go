package board

import (
	"context"
	"errors"
	"slices"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
)

// This file is what another desk may have done to the officer's own standing, and what must not stay behind.

// readAccounts reads who works here. Whoever was chosen at the door stays so, wherever they stand in the list now.
func (b *Board) readAccounts(ctx context.Context) error {
	all, err := b.store.Officers(ctx)
	if err != nil {
		return err
	}
	chosen := ""
	if b.at < len(b.accounts) {
		chosen = b.accounts[b.at].ID
	}
	b.accounts = slices.DeleteFunc(all, func(a officer.Account) bool { return !a.Active })
	if at := slices.IndexFunc(b.accounts, func(a officer.Account) bool { return a.ID == chosen }); at >= 0 {
		b.at = at
		return nil
	}
	b.at = min(b.at, max(0, len(b.accounts)-1))
	b.clearPIN() // it was typed for somebody else
	return nil
}

// heed reads the accounts anew before anything is done, if something happened since: another desk may have locked the officer out, who then is, wherever
// they are. While the disk cannot be read nothing is known of that, and Lock still has to work: then whoever is in stays in.
func (b *Board) heed(ctx context.Context) error {
	head, err := b.store.Head(ctx)
	if err != nil || head == b.heeded {
		return nil
	}
	if err := b.readAccounts(ctx); err != nil {
		return nil
	}
	b.heeded = head
	if b.key == nil {
		return nil
	}
	a, there := colleague(b.accounts, b.me.ID)
	return b.stays(ctx, a, there)
}

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
	if err != nil {
		return err
	}
	return b.stays(ctx, a, there)
}

// stays is stands for an account that was read.
func (b *Board) stays(ctx context.Context, a officer.Account, there bool) error {
	if there && a.Public == b.me.Public && a.Role == b.me.Role {
		b.me = a // their name or secret may be another one
		return nil
	}
	return errors.Join(b.lock(ctx), fault.New(fault.SealWrong, errTurnedOut))
}

// give gives a filing back that could not be opened, or it would stay this officer's, who sees nothing of it.
func (b *Board) give(ctx context.Context, ref filing.Reference, err error) error {
	return errors.Join(err, b.store.Release(ctx, ref, b.me.ID))
}

// turn is where a choice among n stands that was moved to at, past the ends.
func turn(at, n int) int { return (at%n + n) % n }
