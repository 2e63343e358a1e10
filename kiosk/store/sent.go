package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/seal"
)

// SentOut is the kind of entry of a hand-over to the portal: detail target, digest, officer, officers with the signature.
const SentOut Kind = "filing.sent"

// Handover is that a filing left the building.
type Handover struct {
	Target  string    `json:"target"`  // kind of way: directory, http
	Digest  string    `json:"digest"`  // of what was handed over, sha256:…
	Officer string    `json:"officer"` // account of who signed it
	At      time.Time `json:"-"`       // the store's time
}

var (
	targetForm = regexp.MustCompile(`^[a-z]{1,20}$`)
	digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

	problemForm = regexp.MustCompile(`^[a-z-]{0,20}$`)
)

// Sent notes that a filing was handed over to the portal: in the journal, and on its last decision, which from then on cannot be taken
// back (desk.Case.CanUndo). It may be noted several times. fault.NotFound if there is no such filing, fault.SealWrong if by is not the key of an
// officer who may decide.
func (s *Store) Sent(ctx context.Context, ref filing.Reference, h Handover, by *seal.Identity) error {
	if !targetForm.MatchString(h.Target) || !digestForm.MatchString(h.Digest) {
		return fault.Newf(fault.Internal, "store: not a hand-over")
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		signer := Signer{h.Officer, by}
		if err := mayDecide(ctx, conn, signer); err != nil {
			return err
		}
		if _, _, err := loadCase(ctx, conn, ref); err != nil {
			return err
		}
		const mark = `UPDATE decision SET sent = 1 WHERE reference = ?1 AND number =
			(SELECT max(number) FROM decision WHERE reference = ?1 AND undone = '')`
		if _, err := conn.ExecContext(ctx, mark, ref.String()); err != nil {
			return err
		}
		now := s.now().Round(0)
		detail := map[string]any{"target": h.Target, "digest": h.Digest, "officer": h.Officer}
		if err := countersign(SentOut, ref.String(), formatTime(now), detail, signer); err != nil {
			return err
		}
		seq, err := s.record(ctx, conn, now, SentOut, ref.String(), detail)
		if err != nil {
			return err
		}
		const out = "INSERT INTO outbox (message_id, reference, journal, created) VALUES (?, ?, ?, ?)"
		_, err = conn.ExecContext(ctx, out, fmt.Sprintf("%s:%d", ref, seq), ref.String(), seq, formatTime(now))
		return err
	})
}

// lastOfKind is the last entry of a kind about a filing. Here and elsewhere the condition that a reference is not empty is what SQLite wants to see to use the
// index, which has only those; without it the journal is read from end to end.
const lastOfKind = "SELECT at, detail FROM journal WHERE reference = ? AND reference <> '' AND kind = ? ORDER BY seq DESC LIMIT 1"

// LastSent is the last hand-over of a filing; false if there was none.
func (r *Reader) LastSent(ctx context.Context, ref filing.Reference) (Handover, bool, error) {
	var h Handover
	var at, detail string
	err := r.db.QueryRowContext(ctx, lastOfKind, ref.String(), string(SentOut)).Scan(&at, &detail)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return h, false, nil
	case err != nil:
		return h, false, failed("sent", err)
	}
	if err := json.Unmarshal([]byte(detail), &h); err != nil {
		return h, false, fault.Newf(fault.StoreDamaged, "store: a hand-over cannot be read")
	}
	if h.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return h, false, failed("sent", err)
	}
	return h, true, nil
}
