package store

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
)

// This file ends the time of filings. A filing is destroyed by deleting the keys of what it says of people; what is left is noise, a number
// and what happened when. The journal's digests are of the noise, so it verifies as before, and it says who ended the filing and why.
//
// The redo log and the backups of before are cleaned by the backups that follow (destroyed.go). What was copied elsewhere is not reached from here, nor a
// damaged database that a restore left beside the new one; who has such a copy and an officer's PIN reads it.

// Destroyed is the kind of the entry that says that a filing's keys are gone: detail reason, officers with their signatures.
const Destroyed Kind = "filing.destroyed"

// Ended is a filing that nothing follows any more.
type Ended struct {
	Reference filing.Reference
	Service   string
	Filed     time.Time
	Ended     time.Time // the last decision, desk.Case.Moment
}

// Expired gives filings whose time is over, the oldest first, at most limit (all if not positive). until says until when one is kept by law; the
// zero Time is for ever. Only ended filings have a time.
func (r *Reader) Expired(ctx context.Context, now time.Time, until func(Ended) time.Time, limit int) ([]Ended, error) {
	const query = `SELECT f.reference, f.service, f.filed, f.status,
			coalesce((SELECT group_concat(at, ' ') FROM decision d WHERE d.reference = f.reference AND undone = ''), '')
		FROM filing f WHERE sealed = 1 AND status NOT IN ('filed', 'received', 'supplement', 'done') ORDER BY id`
	rows, err := r.db.QueryContext(ctx, query)
	if err != nil {
		return nil, failed("expired", err)
	}
	defer rows.Close()
	var list []Ended
	for rows.Next() && (limit <= 0 || len(list) < limit) {
		e, err := scanEnded(rows)
		if err != nil {
			return nil, failed("expired", err)
		}
		if last := until(e); !e.Ended.IsZero() && !last.IsZero() && now.After(last) {
			list = append(list, e)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, failed("expired", err)
	}
	return list, nil
}

func scanEnded(row scanner) (Ended, error) {
	var e Ended
	var ref, filed, ended string
	var status filing.Status
	if err := row.Scan(&ref, &e.Service, &filed, &status, &ended); err != nil {
		return e, err
	}
	var wrong error
	e.Reference, wrong = filing.ParseReference(ref)
	var err error
	e.Filed, err = time.Parse(time.RFC3339Nano, filed)
	wrong = errors.Join(wrong, err)
	for text := range strings.FieldsSeq(ended) {
		at, err := time.Parse(time.RFC3339Nano, text)
		if wrong = errors.Join(wrong, err); status.Ended() && at.After(e.Ended) {
			e.Ended = at
		}
	}
	if !e.Ended.IsZero() && e.Ended.Before(e.Filed) {
		e.Ended = e.Filed
	}
	if wrong != nil {
		return e, fault.New(fault.StoreDamaged, wrong)
	}
	return e, nil
}

// Bounds of a reason, in characters.
const minReason, maxReason = 5, 300

// numbers is what a reason must not have: it stands in the open for ever, and would name somebody.
var numbers = regexp.MustCompile(`[0-9]([ .-]?[0-9]){7}`)

// CheckReason reports whether a text can be the reason for which filings are destroyed: short, and without anybody's number. It
// stands in the journal, in the open; names are for whoever writes it to leave out.
func CheckReason(reason string) error {
	n := utf8.RuneCountInString(strings.TrimSpace(reason))
	if n < minReason || n > maxReason || !utf8.ValidString(reason) {
		return fault.Newf(fault.Usage, "store: a reason has %d to %d characters", minReason, maxReason)
	}
	if numbers.MatchString(reason) {
		return fault.Newf(fault.Usage, "store: the reason stands in the journal for ever: no number of a person in it")
	}
	return nil
}

// Destroy makes noise of filings that ended, for a reason that two officers sign, one of whom may end the time of filings: their keys and
// those of the words of their decisions and of the pictures of their papers, the tag and the finder's row are deleted, one transaction a filing. It gives how many were
// destroyed; one that is destroyed already counts for nothing. The errors are fault.SealWrong for the officers, fault.NotFound, and fault.DeskMove for a filing
// that has not ended, or so lately that it can be taken back. fault.StoreLocked says that all were destroyed and another program still reads
// an older state, so that SQLite's log has what was deleted: Scrub again.
func (s *Store) Destroy(ctx context.Context, refs []filing.Reference, reason string, by ...Signer) (int, error) {
	if err := CheckReason(reason); err != nil {
		return 0, err
	}
	count := 0
	for _, ref := range refs {
		var gone bool
		err := s.put(ctx, func(conn *sql.Conn) (err error) {
			gone, err = s.destroy(ctx, conn, ref, reason, by)
			return err
		})
		if err != nil {
			return count, errors.Join(err, s.Scrub(ctx))
		}
		if gone {
			count++
		}
	}
	return count, s.Scrub(ctx)
}

func (s *Store) destroy(ctx context.Context, conn *sql.Conn, ref filing.Reference, reason string, by []Signer) (bool, error) {
	if err := mayTogether(ctx, conn, officer.EndRetention, by); err != nil {
		return false, err
	}
	c, _, err := loadCase(ctx, conn, ref)
	if err != nil {
		return false, err
	}
	now := s.now().Round(0)
	if !c.Status.Ended() || len(c.History) == 0 || now.Sub(c.History[len(c.History)-1].At) <= desk.UndoWithin {
		return false, fault.Newf(fault.DeskMove, "store: %s has not ended, or can still be taken back", ref)
	}
	const set = "UPDATE filing SET sealed = ?1, tag = NULL, holder = '', held = '' WHERE reference = ?2 AND sealed = ?3"
	done, err := conn.ExecContext(ctx, set, contentDestroyed, ref.String(), contentSealed)
	if err != nil {
		return false, err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	for _, del := range []string{
		"DELETE FROM key WHERE filing = (SELECT id FROM filing WHERE reference = ?)",
		"DELETE FROM finder WHERE filing = (SELECT id FROM filing WHERE reference = ?)",
		"UPDATE decision SET seal = NULL WHERE reference = ?",
		"UPDATE picture SET seal = NULL WHERE reference = ?",
	} {
		if _, err := conn.ExecContext(ctx, del, ref.String()); err != nil {
			return false, err
		}
	}
	detail := map[string]any{"reason": strings.TrimSpace(reason)}
	if err := countersign(Destroyed, ref.String(), formatTime(now), detail, by...); err != nil {
		return false, err
	}
	_, err = s.record(ctx, conn, now, Destroyed, ref.String(), detail)
	return true, err
}

// Scrub writes SQLite's log into the database and empties it, so that what was deleted is in no file. fault.StoreLocked if another
// program reads an older state all the while.
func (s *Store) Scrub(ctx context.Context) error {
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	var busy, pages, done int
	if err := s.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &done); err != nil {
		return s.failed("checkpoint", err)
	}
	if busy != 0 {
		return fault.Newf(fault.StoreLocked, "store: another program reads; the log still has what was deleted")
	}
	return nil
}
