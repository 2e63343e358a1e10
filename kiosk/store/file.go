package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
)

// Bounds of a draft.
const (
	maxKey     = 128     // characters of Draft.Key
	maxContent = 8 << 20 // bytes; a portrait of 64 kB and the longest answers are below 1 MB
)

// File puts the draft on disk under a new number and returns when it is durable. The same Draft.Key is filed once: a
// repeat gives the first Filing back, whatever else is in the draft by then. After an error nothing of it is there,
// unless the error came from the commit itself; asking again with the same Key is right in either case. An error has a
// fault.Code: StoreFull, StoreDamaged, StoreFailed, SealNobody if there is no officer to seal to, or Internal for a draft without
// a Key.
func (s *Store) File(ctx context.Context, draft filing.Draft) (filing.Filing, error) {
	if draft.Key == "" || len(draft.Key) > maxKey {
		return filing.Filing{}, fault.Newf(fault.Internal, "store: a draft's key has 1 to %d characters", maxKey)
	}
	t := s.startTag(draft.Applicant.Tagged())
	content, err := s.seal(ctx, draft)
	if err != nil {
		return filing.Filing{}, err
	}
	content.tag = t.ready(ctx)
	release, err := s.acquire(ctx)
	if err != nil {
		return filing.Filing{}, err
	}
	defer release()
	first, err := scanFiling(s.conn.QueryRowContext(ctx, selectFiling+" WHERE key = ?", draft.Key))
	if err == nil {
		first.Draft = draft // what is there is sealed; who asks again has it
		t, err := s.TicketOf(ctx, first.Reference)
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			return filing.Filing{}, err
		}
		first.Ticket = t.Number
		return first, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return filing.Filing{}, s.failed("key", err)
	}
	f, err := s.fileNew(ctx, draft, content)
	if err == nil && t != nil && content.tag == nil {
		s.tagLater(f.Reference, t)
	}
	return f, err
}

// fileNew is the transaction of File.
func (s *Store) fileNew(ctx context.Context, draft filing.Draft, content sealed) (filing.Filing, error) {
	f := filing.Filing{Draft: draft, Filed: s.now().Round(0), Status: filing.Filed}
	err := s.transact(ctx, func(conn *sql.Conn) error {
		day := identity.DateOf(f.Filed)
		serial, skipped, err := s.nextSerial(ctx, conn, formatDay(day))
		if err != nil {
			return err
		}
		if f.Reference, err = filing.NewReference(s.opts.Commune, s.opts.Station, day, serial); err != nil {
			return fmt.Errorf("number %d: %w", serial, err)
		}
		if err := setCounter(ctx, conn, s.opts.Station, formatDay(day), serial); err != nil {
			return err
		}
		if err := s.insert(ctx, conn, f, content, skipped); err != nil {
			return err
		}
		if draft.Waits {
			t, err := s.takeTicket(ctx, conn, desk.Ticket{Reference: f.Reference.String(), Service: f.Service, Priority: desk.Priority(draft.Priority)}, f.Filed)
			if err != nil {
				return err
			}
			f.Ticket = t.Number
		}
		// Last, so that a draft that finds no room takes no number along.
		if err := s.marks.raise(s.opts.Station, formatDay(day), serial); err != nil {
			return fmt.Errorf("numbers: %w", err)
		}
		return nil
	})
	if err != nil {
		return filing.Filing{}, err
	}
	return f, nil
}

// nextSerial is the day's next number, and how many are skipped before it.
func (s *Store) nextSerial(ctx context.Context, conn *sql.Conn, day string) (serial, skipped int, err error) {
	const query = `SELECT coalesce(
		(SELECT last FROM counter WHERE station = ?1 AND day = ?2),
		(SELECT sum(gap) FROM restore WHERE ?2 BETWEEN first AND until),
		0)`
	var last int
	if err := conn.QueryRowContext(ctx, query, s.opts.Station, day).Scan(&last); err != nil {
		return 0, 0, err
	}
	serial = max(last, s.marks.of(s.opts.Station, day)) + 1
	return serial, serial - last - 1, nil
}

// insert writes the filing with its journal entry and its outbox row.
func (s *Store) insert(ctx context.Context, conn *sql.Conn, f filing.Filing, content sealed, skipped int) error {
	ref := f.Reference.String()
	const row = `INSERT INTO filing (reference, short, key, service, status, filed, due, sealed, tag, keyset, channel, chip, kase)
		VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)`
	facts := f.Facts()
	_, err := conn.ExecContext(ctx, row, ref, f.Reference.Short(), f.Key, f.Service, string(f.Status),
		formatTime(f.Filed), formatDue(f.Due), content.tag, content.keyset, string(facts.Channel), facts.Chip, facts.Case)
	if err != nil {
		return err
	}
	if err := putContent(ctx, conn, ref, content); err != nil {
		return err
	}
	detail := map[string]any{"content": digest(content.Body), "service": f.Service}
	if !f.Due.IsZero() {
		detail["due"] = formatDue(f.Due)
	}
	if skipped > 0 {
		detail["skipped"] = skipped
	}
	seq, err := s.record(ctx, conn, f.Filed, Filed, ref, detail)
	if err != nil {
		return err
	}
	const out = "INSERT INTO outbox (message_id, reference, journal, created) VALUES (?, ?, ?, ?)"
	_, err = conn.ExecContext(ctx, out, fmt.Sprintf("%s:%d", ref, seq), ref, seq, formatTime(f.Filed))
	return err
}

// putContent writes what is sealed of a filing, or writes it anew.
func putContent(ctx context.Context, conn *sql.Conn, ref string, content sealed) error {
	for _, put := range []struct {
		query string
		value []byte
	}{{"INSERT OR REPLACE INTO content SELECT id, ? FROM filing WHERE reference = ?", content.Body},
		{"INSERT OR REPLACE INTO key SELECT id, ? FROM filing WHERE reference = ?", content.Key}} {
		if _, err := conn.ExecContext(ctx, put.query, put.value, ref); err != nil {
			return err
		}
	}
	return nil
}

// digest names content in the journal.
func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// OutcomePrinted is the outcome of a slip that came out.
const OutcomePrinted = "printed"

// outcomeForm is what an outcome looks like: OutcomePrinted or a fault code.
var outcomeForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// Printed notes how a slip of the filing fared: OutcomePrinted, which counts it, or a fault code. fault.NotFound if
// there is no such filing.
func (s *Store) Printed(ctx context.Context, ref filing.Reference, outcome string) error {
	if len(outcome) > maxKind || !outcomeForm.MatchString(outcome) {
		return fault.Newf(fault.Internal, "store: %d characters are no outcome of a slip", len(outcome))
	}
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error {
		return s.notePrint(ctx, conn, s.now(), ref.String(), outcome)
	})
}

// notePrint is the transaction of Printed.
func (s *Store) notePrint(ctx context.Context, conn *sql.Conn, at time.Time, ref, outcome string) error {
	more := 0
	kind, detail := PrintFailed, map[string]any{"outcome": outcome}
	if outcome == OutcomePrinted {
		more = 1
	}
	var prints int
	const count = "UPDATE filing SET prints = prints + ? WHERE reference = ? RETURNING prints"
	err := conn.QueryRowContext(ctx, count, more, ref).Scan(&prints)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Newf(fault.NotFound, "store: no filing has this number")
	}
	if err != nil {
		return err
	}
	if more > 0 {
		kind, detail = Printed, map[string]any{"print": prints}
	}
	_, err = s.record(ctx, conn, at, kind, ref, detail)
	return err
}

// SetDossier notes the official code that the national portal gave a filing, or another in place of one that was wrong. by is the officer who
// does it; nobody signs where a program notes the portal's answer, and then a code that is there stays. fault.NotFound if there is no such filing; filing.ErrDossier if it is no code;
// fault.SealWrong if by is no officer who may decide.
func (s *Store) SetDossier(ctx context.Context, ref filing.Reference, code filing.Dossier, by ...Signer) error {
	code, err := filing.ParseDossier(string(code))
	if err != nil {
		return fault.New(fault.Usage, err)
	}
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error {
		now := s.now().Round(0)
		detail := map[string]any{"dossier": string(code)}
		if len(by) > 0 {
			if err := maySign(ctx, conn, 1, officer.Decide, by...); err != nil {
				return err
			}
			if err := countersign(DossierSet, ref.String(), formatTime(now), detail, by...); err != nil {
				return err
			}
		}
		var was string
		switch err := conn.QueryRowContext(ctx, "SELECT dossier FROM filing WHERE reference = ?", ref.String()).Scan(&was); {
		case errors.Is(err, sql.ErrNoRows):
			return fault.Newf(fault.NotFound, "store: no filing has this number")
		case err != nil:
			return err
		case was != "" && len(by) == 0:
			return nil
		}
		if _, err := conn.ExecContext(ctx, "UPDATE filing SET dossier = ? WHERE reference = ?", string(code), ref.String()); err != nil {
			return err
		}
		_, err := s.record(ctx, conn, now, DossierSet, ref.String(), detail)
		return err
	})
}
