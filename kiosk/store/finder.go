package store

import (
	"context"
	"database/sql"

	"motcua/kiosk/filing"
)

// This file keeps what the desk looks for people by: a sealed row for each filing, made by the desk when it first opens the filing. The
// rows are a copy and no record: nothing is journaled of them, and they can be made anew.

// Listed is a filing for the desk's list of all filings.
type Listed struct {
	ID  int64  // in the order of filing
	Row []byte // sealed, nil: not made yet, or destroyed
	// Destroyed: its key is gone, it will never have a row.
	Destroyed bool
	Summary
}

// Listed gives filings numbered after a given one, in order, at most limit.
func (r *Reader) Listed(ctx context.Context, after int64, limit int) ([]Listed, error) {
	return r.listed(ctx, "f.id > ? ORDER BY f.id LIMIT ?", after, limit)
}

// ListedAs gives the filing of a reference as Listed does; none if there is none.
func (r *Reader) ListedAs(ctx context.Context, ref filing.Reference) ([]Listed, error) {
	return r.listed(ctx, "f.reference = ?", ref.String())
}

func (r *Reader) listed(ctx context.Context, where string, args ...any) ([]Listed, error) {
	query := "SELECT " + filingSummary + ", f.id, r.row, f.sealed = 2 FROM filing f LEFT JOIN finder r ON r.filing = f.id WHERE " + where
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, failed("list", err)
	}
	defer rows.Close()
	var all []Listed
	for rows.Next() {
		var l Listed
		if l.Summary, err = scanSummary(rows, &l.ID, &l.Row, &l.Destroyed); err != nil {
			return nil, failed("list", err)
		}
		all = append(all, l)
	}
	if err := rows.Err(); err != nil {
		return nil, failed("list", err)
	}
	return all, nil
}

// Unlisted gives filings numbered after a given one that have no row yet and can be opened, at most limit.
func (r *Reader) Unlisted(ctx context.Context, after int64, limit int) ([]Listed, error) {
	return r.listed(ctx, "f.id > ? AND r.filing IS NULL AND f.sealed <> 2 ORDER BY f.id LIMIT ?", after, limit)
}

// SetRows writes the sealed rows of filings, by their ID. What another desk wrote meanwhile stays.
func (s *Store) SetRows(ctx context.Context, rows map[int64][]byte) error {
	if len(rows) == 0 {
		return nil
	}
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error {
		for id, row := range rows {
			const set = "INSERT OR IGNORE INTO finder SELECT id, ? FROM filing WHERE id = ? AND sealed <> 2"
			if _, err := conn.ExecContext(ctx, set, row, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// Head is the number of the journal's last entry: while it stays, nothing changed.
func (r *Reader) Head(ctx context.Context) (seq int64, err error) {
	if err := r.db.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM journal").Scan(&seq); err != nil {
		return 0, failed("journal", err)
	}
	return seq, nil
}

// Changed gives the filings that entries of the journal after a given one are about, and the last entry's number; at most limit entries
// are read.
func (r *Reader) Changed(ctx context.Context, after int64, limit int) (refs []filing.Reference, last int64, err error) {
	rows, err := r.db.QueryContext(ctx, "SELECT seq, reference FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
	if err != nil {
		return nil, after, failed("journal", err)
	}
	defer rows.Close()
	seen := map[string]bool{"": true}
	for last = after; rows.Next(); {
		var text string
		if err := rows.Scan(&last, &text); err != nil {
			return nil, after, failed("journal", err)
		}
		if seen[text] {
			continue
		}
		seen[text] = true
		ref, err := filing.ParseReference(text)
		if err != nil {
			return nil, after, failed("journal", err)
		}
		refs = append(refs, ref)
	}
	if err := rows.Err(); err != nil {
		return nil, after, failed("journal", err)
	}
	return refs, last, nil
}
