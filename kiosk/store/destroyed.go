package store

import (
	"context"
	"time"
)

// This file is what becomes of keys that were destroyed where they were copied to: the redo log and the backups of before. Two backups have to follow
// at once (BackupDue), with which the log of before goes (cutRedo). DestroyedStays later the backups of before go as well: by then there are as
// many newer ones as days, each compared with the one before it, and who kept a year of them for another reason has to copy them elsewhere.

// DestroyedStays is how long a backup stays that has the key of a filing that was destroyed, at most: the next one after it removes it.
const DestroyedStays = 7 * 24 * time.Hour

// lastDestroyed is the number of the newest entry that says that a filing was destroyed, of those that are not after a time; 0 for none.
func (s *Store) lastDestroyed(ctx context.Context, until time.Time) (int64, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT seq, at FROM journal INDEXED BY journal_at WHERE at >= '' AND kind = ? ORDER BY seq DESC", string(Destroyed))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var text string
		if err := rows.Scan(&seq, &text); err != nil {
			return 0, err
		}
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return 0, err
		}
		if !at.After(until) {
			return seq, nil
		}
	}
	return 0, rows.Err()
}

// holdsDestroyed reports whether one of the newest backups, which alone are sure to stay, or the log since them has the key of a filing that
// was destroyed.
func (s *Store) holdsDestroyed(dir string) (bool, error) {
	seq, err := s.lastDestroyed(context.Background(), s.now())
	if err != nil || seq == 0 {
		return false, err
	}
	all, err := s.ownBackups(dir)
	return err == nil && (len(all) < alwaysKept || all[alwaysKept-1].Entries < seq), err
}
