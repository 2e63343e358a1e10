package steward

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// Fingerprint names a key for people, as it stands on both of its sheets and in no secret: ABCD-EF01.
func Fingerprint(p seal.Public) string {
	sum := sha256.Sum256([]byte("motcua fingerprint " + p.Seal + " " + p.Verify))
	return fmt.Sprintf("%X-%X", sum[:2], sum[2:4])
}

// Recovered is what letting somebody in with the recovery key needs of the disk.
type Recovered interface {
	Keys
	Recover(ctx context.Context, a officer.Account, key *seal.Identity) error
}

// Recover lets a head in with the two sheets of the recovery key, under a new PIN, and writes anew what the key opens. It gives how many filings those
// were, and how many are left. fault.SealWrong if the sheets are not of one key, or not of this office's; fault.Usage for an account or a PIN that cannot be.
func Recover(ctx context.Context, db Recovered, one, two seal.Sheet, id, name, pin string, now time.Time) (done, left int, err error) {
	key, err := seal.Join(one, two)
	if err != nil {
		return 0, 0, fault.Newf(fault.SealWrong, "a sheet is mistyped, or they are not of one key: %w", err)
	}
	a, err := account(id, name, officer.Head, pin, now)
	if err != nil {
		return 0, 0, err
	}
	if err := db.Recover(ctx, a, key); err != nil {
		return 0, 0, err
	}
	return WriteAnew(ctx, db, key, "recovery")
}
