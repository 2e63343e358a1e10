package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"time"

	"motcua/kiosk/fault"
)

// This file is what the technician's page asks: none of it opens a filing.

// JournalVerified is that somebody verified the journal: detail officer, entries.
const JournalVerified Kind = "journal.verified"

// Room is how many bytes the disk of the data directory has left; false if it does not say.
func (r *Reader) Room() (free uint64, ok bool) { return freeSpace(r.dir) }

// Working reports whether a program has the data directory as this station now. A station writes how it is only when that changes; this
// tells one that has nothing new to say from one that is switched off. The lock is held for a moment to find out.
func (r *Reader) Working(station string) (bool, error) {
	err := free(filepath.Join(r.dir, lockName+station))
	if fault.CodeOf(err) == fault.StoreLocked {
		return true, nil
	}
	return false, err
}

// Sound asks SQLite whether the database's pages hang together: fault.StoreDamaged if not. It reads all of them.
func (r *Reader) Sound(ctx context.Context) error {
	conn, err := r.db.Conn(ctx)
	if err != nil {
		return failed("check", err)
	}
	defer conn.Close()
	return quickCheck(ctx, conn, "1")
}

// LastNote is the newest entry of a kind since a moment; false if there is none.
func (r *Reader) LastNote(ctx context.Context, kind Kind, since time.Time) (Entry, bool, error) {
	var e Entry
	var at, detail string
	const query = `SELECT seq, at, station, kind, reference, detail, hash FROM journal INDEXED BY journal_at WHERE at >= ? AND kind = ? ORDER BY at DESC LIMIT 1`
	// Times are compared as texts, whatever their offset: with a day to spare, and then exactly.
	err := r.db.QueryRowContext(ctx, query, textDay(since.AddDate(0, 0, -1)), string(kind)).Scan(&e.Seq, &at, &e.Station, &e.Kind, &e.Reference, &detail, &e.Hash)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return e, false, nil
	case err != nil:
		return e, false, failed("journal", err)
	}
	if e.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return e, false, failed("journal", err)
	}
	e.Detail = json.RawMessage(detail)
	return e, !e.At.Before(since), nil
}

// Unsent counts the filings that the portal does not have and should. oldest is when the first of them was filed, zero if there is none.
func (r *Reader) Unsent(ctx context.Context) (n int, oldest time.Time, err error) {
	var first string
	if err := r.db.QueryRowContext(ctx, countUnsent, string(SentOut)).Scan(&n, &first); err != nil {
		return 0, oldest, failed("unsent", err)
	}
	if first != "" {
		if oldest, err = time.Parse(time.RFC3339Nano, first); err != nil {
			return n, oldest, failed("unsent", err)
		}
	}
	return n, oldest, nil
}
