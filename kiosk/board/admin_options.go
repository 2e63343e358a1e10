package board

import (
	"context"
	"time"

	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/steward"
	"motcua/kiosk/store"
)

// adminStore is what the page of administration needs of the disk, and the chores with keys.
type adminStore interface {
	steward.Recovered
	Keyset(ctx context.Context) (int, error)
	steward.Officers
	Renew(ctx context.Context, a officer.Account, by ...store.Signer) error
	SetSecret(ctx context.Context, locked seal.Locked, by store.Signer) error
	Recovery(ctx context.Context) (seal.Public, error)
	SetRecovery(ctx context.Context, p seal.Public, by ...store.Signer) error
	OfKinds(ctx context.Context, kinds ...store.Kind) ([]store.Entry, error)
	Expired(ctx context.Context, now time.Time, until func(store.Ended) time.Time, limit int) ([]store.Ended, error)
	Destroy(ctx context.Context, refs []filing.Reference, reason string, by ...store.Signer) (int, error)
	Backup(ctx context.Context, dir string, keep store.Keep) (store.Backup, error)
}

// Steward is what the page of administration needs besides the Store.
type Steward struct {
	// Sheets brings the two sheets of a new recovery key to paper; officers are the ids of who made it. Nil: there is no printer.
	Sheets func(ctx context.Context, key *seal.Identity, officers []string) error
	// Backups is the directory of the backups; "": there are none.
	Backups string
	// Health are the parts that the section of that name shows.
	Health []Part
	// Said is what the desk says before anything else was done at it.
	Said Words
	// Restore makes the database again from the backup in a directory, which two officers answer for: the desk ends and is
	// begun anew then. Nil: it is done with
	// motcuactl, by the command that is shown.
	Restore func(path string, by []store.Signer)
}
