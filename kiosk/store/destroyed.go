package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// This file is what becomes of keys that were destroyed where they were copied to: the redo log and the backups of before. Two backups have to follow
// at once (BackupDue), with which the log of before goes (cutRedo). DestroyedStays later the backups of before go as well: by then there are as
// many newer ones as days, each compared with the one before it, and who kept a year of them for another reason has to copy them elsewhere. What a restore
// put aside has keys, too, and is no backup that anybody thins: it goes as late, with a backup, so that there is one of what came in its place.

// DestroyedStays is how long a backup stays that has the key of a filing that was destroyed, or of a picture that was removed, at most: the next one after
// it removes it. A picture, of which desks remove some every day, makes no backup due.
const DestroyedStays = 7 * 24 * time.Hour

// damagedForm is what the name of a directory looks like that a restore put aside (Rebuilt.aside).
var damagedForm = regexp.MustCompile(`^damaged-([0-9]{8}-[0-9]{6})(-[0-9]+)?$`)

// dropDamaged removes what restores put aside DestroyedStays ago. What the clock dates later than now stays until that day.
func (s *Store) dropDamaged() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	now := s.now()
	for _, e := range entries {
		m := damagedForm.FindStringSubmatch(e.Name())
		if m == nil || !e.IsDir() {
			continue
		}
		if at, wrong := time.ParseInLocation(backupTime, m[1], now.Location()); wrong != nil || now.Sub(at) < DestroyedStays {
			continue
		}
		if wrong := os.RemoveAll(filepath.Join(s.dir, e.Name())); wrong != nil {
			err = errors.Join(err, wrong)
			continue
		}
		s.opts.Log.Info("store.damaged-removed", "name", e.Name())
	}
	return err
}

// lastDestroyed is the newest entry of these kinds, which say that a key was destroyed, of those that are not after a time: its number, 0 for none, and time.
func (s *Store) lastDestroyed(ctx context.Context, until time.Time, kind Kind, or ...Kind) (seq int64, at time.Time, err error) {
	query, kinds := "SELECT seq, at FROM journal INDEXED BY journal_at WHERE at >= '' AND kind IN (?", []any{string(kind)}
	for _, k := range or {
		query, kinds = query+", ?", append(kinds, string(k))
	}
	rows, err := s.db.QueryContext(ctx, query+") ORDER BY seq DESC", kinds...)
	if err != nil {
		return 0, at, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&seq, &text); err != nil {
			return 0, at, err
		}
		if at, err = time.Parse(time.RFC3339Nano, text); err != nil {
			return 0, at, err
		}
		if !at.After(until) {
			return seq, at, nil
		}
	}
	return 0, time.Time{}, rows.Err()
}

// holdsDestroyed reports whether one of the newest backups, which alone are sure to stay, or the log since them has the key of a filing that
// was destroyed.
func (s *Store) holdsDestroyed(dir string) (bool, error) {
	seq, _, err := s.lastDestroyed(context.Background(), s.now(), Destroyed)
	if err != nil || seq == 0 {
		return false, err
	}
	all, err := s.ownBackups(dir)
	return err == nil && (len(all) < alwaysKept || all[alwaysKept-1].Entries < seq), err
}
