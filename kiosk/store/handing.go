package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
)

// NotSentOut is the kind of entry of a hand-over to the portal that failed: detail target, code, problem, officer.
const NotSentOut Kind = "filing.unsent"

// Attempt is a hand-over that failed. It says nothing of what the portal wrote about people.
type Attempt struct {
	Target  string     `json:"target"`            // kind of way, as of a Handover
	Code    fault.Code `json:"code"`              // what became of it
	Problem string     `json:"problem,omitempty"` // why the portal refused, one word of its description
	Officer string     `json:"officer"`
	At      time.Time  `json:"-"` // the store's time
}

// NotSent notes that a hand-over failed, so that colleagues see it who open the filing later. fault.NotFound if there is no such filing.
func (s *Store) NotSent(ctx context.Context, ref filing.Reference, a Attempt) error {
	if !targetForm.MatchString(a.Target) || !problemForm.MatchString(a.Problem) {
		return fault.Newf(fault.Internal, "store: not a hand-over")
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		if _, _, err := loadCase(ctx, conn, ref); err != nil {
			return err
		}
		_, err := s.record(ctx, conn, s.now(), NotSentOut, ref.String(), map[string]any{"target": a.Target, "code": string(a.Code), "problem": a.Problem, "officer": a.Officer})
		return err
	})
}

// Handing is how far a filing's way to the portal has come: nil for what was not, Failed also once it was handed over since.
type Handing struct {
	Sent   *Handover
	Failed *Attempt
}

// Handing reads it from the journal.
func (r *Reader) Handing(ctx context.Context, ref filing.Reference) (Handing, error) {
	var h Handing
	sent, there, err := r.LastSent(ctx, ref)
	if err != nil {
		return h, err
	}
	if there {
		h.Sent = &sent
	}
	var a Attempt
	var at, detail string
	err = r.db.QueryRowContext(ctx, lastOfKind, ref.String(), string(NotSentOut)).Scan(&at, &detail)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return h, nil
	case err != nil:
		return h, failed("handing", err)
	}
	if err := json.Unmarshal([]byte(detail), &a); err != nil {
		return h, fault.Newf(fault.StoreDamaged, "store: a hand-over cannot be read")
	}
	if a.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return h, failed("handing", err)
	}
	if !there || a.At.After(sent.At) {
		h.Failed = &a
	}
	return h, nil
}

// unsent is what the portal does not have: neither handed over nor typed there (then it has the portal's code), nor come from there. What
// was refused or withdrawn is nothing for the portal, and what was destroyed cannot be sent. Its parameter is SentOut.
const unsent = `f.dossier = '' AND f.sealed <> 2 AND f.status NOT IN ('refused', 'withdrawn') AND coalesce(f.channel, '') <> 'portal'
	AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.reference = f.reference AND j.reference <> '' AND j.kind = ?)`

const (
	listUnsent  = "SELECT " + filingSummary + " FROM filing f WHERE " + unsent + " ORDER BY id LIMIT ?"
	countUnsent = "SELECT count(*), coalesce(min(f.filed), '') FROM filing f WHERE " + unsent
)

// ListUnsent gives the oldest of the filings that Unsent counts, that one first, limit at the most.
func (r *Reader) ListUnsent(ctx context.Context, limit int) ([]Summary, error) {
	rows, err := r.db.QueryContext(ctx, listUnsent, string(SentOut), limit)
	return gather("unsent", rows, err, summaryOf)
}

const awaited = "SELECT " + filingColumns + ` FROM filing f
	WHERE f.sealed <> 2 AND (f.status IN ('filed', 'received', 'supplement', 'done') OR f.dossier = '' AND f.status NOT IN ('refused', 'withdrawn'))
	AND f.reference IN (SELECT j.reference FROM journal j INDEXED BY journal_at WHERE j.at >= ? AND j.kind = ? AND json_extract(j.detail, '$.target') = ?)
	ORDER BY f.id DESC LIMIT ?`

// Awaited gives the filings, without their content, handed over since a moment in a way that answers (target), of which something is still to be
// heard: to which something may still happen, or which have no official code. The newest first, limit at the most.
func (r *Reader) Awaited(ctx context.Context, target string, since time.Time, limit int) ([]filing.Filing, error) {
	rows, err := r.db.QueryContext(ctx, awaited, textDay(since), string(SentOut), target, limit)
	return gather("awaited", rows, err, filingOf)
}
