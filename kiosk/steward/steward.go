// Package steward is what those do who answer for an office: its officers, their keys, the recovery key, and the time of what was filed.
//
// The desk's page of administration and motcuactl do it by these functions, so that both hold to the same rules. Who acts is signed in already: an
// officer.Account for what one does alone, store.Signers for what takes two.
package steward

import (
	"context"
	"errors"
	"slices"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// Officers is what the functions about officers need of the disk; kiosk/store has it.
type Officers interface {
	Officers(ctx context.Context) ([]officer.Account, error)
	SetOfficer(ctx context.Context, a officer.Account, by string) error
	ChangeOfficer(ctx context.Context, a officer.Account, by store.Signer) error
}

// setup is who adds the first officer.
const setup = "setup"

// ErrLastHead: without its last head nobody could add officers any more.
var ErrLastHead = errors.New("steward: this is the last head: add another first")

// Add adds an officer under a PIN. Whoever adds the first one, who is a head, needs no account: by is the zero Signer. fault.SealWrong if by may
// not, fault.Usage for an account or a PIN that cannot be, or an id that somebody has.
func Add(ctx context.Context, db Officers, by store.Signer, id, name string, role officer.Role, pin string, now time.Time) error {
	if err := MayAdd(ctx, db, by, role); err != nil {
		return err
	}
	a, err := account(id, name, role, pin, now)
	if err != nil {
		return err
	}
	if by == (store.Signer{}) {
		return db.SetOfficer(ctx, a, setup)
	}
	return db.ChangeOfficer(ctx, a, by)
}

// MayAdd reports whether by may add an officer of a role, before anybody is asked for a PIN; the errors are those of Add.
func MayAdd(ctx context.Context, db Officers, by store.Signer, role officer.Role) error {
	all, err := db.Officers(ctx)
	switch {
	case err != nil:
		return err
	case len(all) == 0 && role != officer.Head:
		return fault.Newf(fault.Usage, "the first officer is a head")
	case len(all) > 0:
		return maySet(all, by)
	}
	return nil
}

// account is a new one.
func account(id, name string, role officer.Role, pin string, now time.Time) (officer.Account, error) {
	if err := seal.CheckPIN(pin); err != nil {
		return officer.Account{}, fault.New(fault.Usage, err)
	}
	a, _, err := officer.New(id, name, role, seal.Secret{PIN: pin}, now)
	if err != nil {
		return a, fault.New(fault.Usage, err)
	}
	return a, nil
}

func maySet(all []officer.Account, by store.Signer) error {
	if !slices.ContainsFunc(all, func(a officer.Account) bool { return a.ID == by.ID && a.Active && a.Role.May(officer.SetOfficers) }) {
		return fault.Newf(fault.SealWrong, "%s may not do this with officers", by.ID)
	}
	return nil
}

// SetActive locks an officer out, or lets one in again. fault.SealWrong if by may not, fault.NotFound, and fault.Usage with ErrLastHead.
func SetActive(ctx context.Context, db Officers, by store.Signer, id string, active bool) error {
	return change(ctx, db, by, id, func(a *officer.Account) { a.Active = active })
}

// SetRole gives an officer another role. The errors are those of SetActive.
func SetRole(ctx context.Context, db Officers, by store.Signer, id string, role officer.Role) error {
	return change(ctx, db, by, id, func(a *officer.Account) { a.Role = role })
}

// change changes an account so that a head is left.
func change(ctx context.Context, db Officers, by store.Signer, id string, do func(*officer.Account)) error {
	all, err := db.Officers(ctx)
	if err != nil {
		return err
	}
	if err := maySet(all, by); err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(a officer.Account) bool { return a.ID == id })
	if at < 0 {
		return fault.Newf(fault.NotFound, "there is no officer %s", id)
	}
	do(&all[at])
	if !slices.ContainsFunc(all, func(a officer.Account) bool { return a.Active && a.Role == officer.Head }) {
		return fault.New(fault.Usage, ErrLastHead)
	}
	return db.ChangeOfficer(ctx, all[at], by)
}

// Renewed is an account with new keys under a new PIN, for store.Store.Renew: when the keys were seen, or the secret is lost.
func Renewed(old officer.Account, pin string, now time.Time) (officer.Account, error) {
	a, err := account(old.ID, old.Name, old.Role, pin, now)
	a.Active, a.Added = old.Active, old.Added
	return a, err
}

// Keys is what WriteAnew needs of the disk.
type Keys interface {
	Stale(ctx context.Context) (int, error)
	Rewrap(ctx context.Context, id *seal.Identity, after int64, limit int) (int64, error)
	NoteRewrapped(ctx context.Context, by string, keys int) error
	Scrub(ctx context.Context) error
}

// atOnce is how many filings get new keys in one transaction: a kiosk waits no longer than for that.
const atOnce = 20

// WriteAnew writes all keys anew that were made for readers of before and that id can open, notes it as done by somebody, and drops the old ones from
// SQLite's log unless another program reads them just then. left is how many nobody can open with id: another officer has to sign in for those.
func WriteAnew(ctx context.Context, db Keys, id *seal.Identity, by string) (done, left int, err error) {
	before, err := db.Stale(ctx)
	if err != nil {
		return 0, 0, err
	}
	// Also with no filing to do: the finder's keys have to be for who came.
	for next := int64(0); ; {
		if next, err = db.Rewrap(ctx, id, next, atOnce); err != nil {
			return 0, 0, err
		}
		if next == 0 {
			break
		}
	}
	if left, err = db.Stale(ctx); err != nil || left >= before {
		return 0, left, err
	}
	if err := db.NoteRewrapped(ctx, by, before-left); err != nil {
		return before - left, left, err
	}
	if err := db.Scrub(ctx); err != nil && fault.CodeOf(err) != fault.StoreLocked {
		return before - left, left, err
	}
	return before - left, left, nil
}
