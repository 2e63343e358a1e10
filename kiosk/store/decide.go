package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// Kinds of entries about the desk.
const (
	Taken    Kind = "filing.taken"    // detail officer
	Released Kind = "filing.released" // detail officer
	Decided  Kind = "filing.decided"  // detail action, officer, number, words (digest), status, due, moment (if the clock was behind the filing), signature
	Undone   Kind = "filing.undone"   // detail officer, number, status, due, signature
	OnPaper  Kind = "form.printed"    // detail number, form
	Brought  Kind = "filing.brought"  // the citizen says that what was lacking is here
)

// StaleHold is how long an officer can have a filing whose desk broke down, until another one may take it. Who works at a desk gives back what is open
// long before: at the next filing, and when signed out.
const StaleHold = 12 * time.Hour

// Hold gives a filing to an officer, who alone can decide on it until Release. fault.DeskHeld if another one has it.
func (s *Store) Hold(ctx context.Context, ref filing.Reference, by string) error {
	return s.put(ctx, func(conn *sql.Conn) error {
		holder, held, err := holderOf(ctx, conn, ref)
		if err != nil || holder == by {
			return err
		}
		now := s.now()
		if holder != "" && now.Sub(held) <= StaleHold {
			return fault.New(fault.DeskHeld, desk.ErrHeld)
		}
		if err := s.pass(ctx, conn, ref.String(), Released, holder, "", now); err != nil {
			return err
		}
		return s.pass(ctx, conn, ref.String(), Taken, by, by, now)
	})
}

// Release gives it back; only who has it does. What nobody has stays so.
func (s *Store) Release(ctx context.Context, ref filing.Reference, by string) error {
	return s.put(ctx, func(conn *sql.Conn) error {
		holder, _, err := holderOf(ctx, conn, ref)
		if err != nil || holder == "" {
			return err
		}
		if holder != by {
			return fault.New(fault.DeskHeld, desk.ErrHeld)
		}
		return s.pass(ctx, conn, ref.String(), Released, by, "", s.now())
	})
}

// holderOf is who has a filing, and since when.
func holderOf(ctx context.Context, conn *sql.Conn, ref filing.Reference) (holder string, held time.Time, err error) {
	var since string
	err = conn.QueryRowContext(ctx, "SELECT holder, held FROM filing WHERE reference = ?", ref.String()).Scan(&holder, &since)
	if errors.Is(err, sql.ErrNoRows) {
		return "", held, fault.Newf(fault.NotFound, "store: no filing has this number")
	}
	if err == nil {
		held, err = parseDue(since)
	}
	return holder, held, err
}

// pass writes who has a filing from now on, and that an officer took it or gave it back; of nobody nothing is said.
func (s *Store) pass(ctx context.Context, conn *sql.Conn, ref string, kind Kind, who, to string, now time.Time) error {
	if who == "" {
		return nil
	}
	if _, err := conn.ExecContext(ctx, "UPDATE filing SET holder = ?, held = ? WHERE reference = ?", to, formatTime(now), ref); err != nil {
		return err
	}
	_, err := s.record(ctx, conn, now, kind, ref, map[string]any{"officer": who})
	return err
}

// giveBack releases all that an officer has.
func (s *Store) giveBack(ctx context.Context, conn *sql.Conn, who string, now time.Time) error {
	rows, err := conn.QueryContext(ctx, "SELECT reference FROM filing WHERE holder = ? ORDER BY id", who)
	if err != nil {
		return err
	}
	defer rows.Close()
	var refs []string
	for rows.Next() {
		var ref string
		if err := rows.Scan(&ref); err != nil {
			return err
		}
		refs = append(refs, ref)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, ref := range refs {
		if err := s.pass(ctx, conn, ref, Released, who, "", now); err != nil {
			return err
		}
	}
	return nil
}

// words are what of a decision may name people.
type words struct {
	Reason  string       `json:"reason,omitempty"`
	Items   []string     `json:"items,omitempty"`
	To      string       `json:"to,omitempty"`
	Confirm desk.Confirm `json:"confirm,omitempty"`
	Due     time.Time    `json:"due,omitzero"`
}

// Decide puts a decision on disk: with its journal entry, signed by the officer, and what the filing is now, or not at all. The time
// is the store's, or the last date of the filing if that is later (desk.Case.Moment): a filing made while the clock stood ahead is decided all the
// same. The table and the journal have what the clock said, the entry also the moment if it is another one. An error is fault.DeskMove, wrapping one of package desk, or fault.DeskHeld.
func (s *Store) Decide(ctx context.Context, ref filing.Reference, d desk.Decision, by *seal.Identity) (desk.Case, error) {
	text, err := json.Marshal(words{d.Reason, d.Items, d.To, d.Confirm, d.Due})
	if err != nil {
		return desk.Case{}, fault.New(fault.Internal, err)
	}
	to, err := s.readers(ctx)
	if err != nil {
		return desk.Case{}, err
	}
	release, err := s.acquire(ctx)
	if err != nil {
		return desk.Case{}, err
	}
	defer release()
	var after desk.Case
	err = s.transact(ctx, func(conn *sql.Conn) error {
		if err := mayDecide(ctx, conn, Signer{d.Officer, by}); err != nil {
			return err
		}
		before, number, err := loadCase(ctx, conn, ref)
		if err != nil {
			return err
		}
		d.At = s.now().Round(0)
		if after, err = before.Apply(d); err != nil {
			return decided(err)
		}
		d = after.History[len(after.History)-1]
		if d.Clock.IsZero() {
			d.Clock = d.At
		}
		made, err := seal.Seal(text, wordsOf(ref, number), to.public)
		if err != nil {
			return fault.New(fault.SealNobody, err)
		}
		return s.insertDecision(ctx, conn, ref, number, d, before, after, sealed{Sealed: made, keyset: to.number}, by)
	})
	return after, err
}

// mayDecide wants the key of an officer who may decide.
func mayDecide(ctx context.Context, q querier, by Signer) error {
	return maySign(ctx, q, 1, officer.Decide, by)
}

// wordsOf is what a decision's words are bound to.
func wordsOf(ref filing.Reference, number int) string { return fmt.Sprint(ref.String(), "#", number) }

// decided gives an error of package desk its code.
func decided(err error) error {
	if errors.Is(err, desk.ErrHeld) {
		return fault.New(fault.DeskHeld, err)
	}
	return fault.New(fault.DeskMove, err)
}

func (s *Store) insertDecision(ctx context.Context, conn *sql.Conn, ref filing.Reference, number int, d desk.Decision,
	before, after desk.Case, made sealed, by *seal.Identity) error {
	const insert = `INSERT INTO decision (reference, number, action, officer, at, before, due, printed, sent, words, seal, keyset)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	_, err := conn.ExecContext(ctx, insert, ref.String(), number, string(d.Action), d.Officer, formatTime(d.Clock), string(before.Status),
		formatDue(before.Due), d.Printed, d.Sent, made.Body, made.Key, made.keyset)
	if err != nil {
		return err
	}
	if err := setCase(ctx, conn, ref, after); err != nil {
		return err
	}
	// An officer who came after the key was made is found by the filing's number.
	if _, err := conn.ExecContext(ctx, "UPDATE filing SET keyset = min(keyset, ?) WHERE reference = ?", made.keyset, ref.String()); err != nil {
		return err
	}
	detail := signed{Action: d.Action, Officer: d.Officer, Number: number, Words: digest(made.Body),
		Status: after.Status, Due: formatDue(after.Due)}
	if !d.At.Equal(d.Clock) {
		detail.Moment = formatTime(d.At)
	}
	return s.sign(ctx, conn, d.Clock, Decided, ref, detail, by)
}

func setCase(ctx context.Context, conn *sql.Conn, ref filing.Reference, c desk.Case) error {
	_, err := conn.ExecContext(ctx, "UPDATE filing SET status = ?, due = ?, brought = '' WHERE reference = ?", string(c.Status), formatDue(c.Due), ref.String())
	return err
}

// signed is the detail of an entry that an officer signs.
type signed struct {
	Action    desk.Action
	Officer   string
	Number    int
	Words     string // digest
	Status    filing.Status
	Due       string // of the filing, from then on
	Moment    string // of the decision, if the clock said another one
	Signature []byte
}

// message is what is signed: with the entry's kind, reference and time, so that it means nothing elsewhere.
func (x signed) message(kind, reference, at string) []byte {
	all := []any{kind, reference, at, x.Action, x.Officer, x.Number, x.Words, x.Status, x.Due}
	if x.Moment != "" {
		all = append(all, x.Moment)
	}
	text, _ := json.Marshal(all) // strings and a number never fail
	return text
}

// sign records an entry with an officer's signature, and a row for the hub.
func (s *Store) sign(ctx context.Context, conn *sql.Conn, at time.Time, kind Kind, ref filing.Reference, x signed, by *seal.Identity) error {
	x.Signature = by.Sign("journal", x.message(string(kind), ref.String(), formatTime(at)))
	detail := map[string]any{"officer": x.Officer, "number": x.Number, "status": string(x.Status), "due": x.Due, "signature": base64.StdEncoding.EncodeToString(x.Signature)}
	if x.Action != "" {
		detail["action"], detail["words"] = string(x.Action), x.Words
	}
	if x.Moment != "" {
		detail["moment"] = x.Moment
	}
	seq, err := s.record(ctx, conn, at, kind, ref.String(), detail)
	if err != nil {
		return err
	}
	const out = "INSERT INTO outbox (message_id, reference, journal, created) VALUES (?, ?, ?, ?)"
	_, err = conn.ExecContext(ctx, out, fmt.Sprintf("%s:%d", ref, seq), ref.String(), seq, formatTime(at))
	return err
}

// Undo takes an officer's last decision on a filing back, which has to be the one of that number (desk.Case.Last): who asks again without knowing
// what came of the first time takes no other one back. fault.DeskMove if it is not, or cannot be taken back any more, and fault.SealDestroyed.
func (s *Store) Undo(ctx context.Context, ref filing.Reference, number int, who string, by *seal.Identity) (desk.Case, error) {
	release, err := s.acquire(ctx)
	if err != nil {
		return desk.Case{}, err
	}
	defer release()
	var after desk.Case
	err = s.transact(ctx, func(conn *sql.Conn) error {
		if err := mayDecide(ctx, conn, Signer{who, by}); err != nil {
			return err
		}
		c, _, err := loadCase(ctx, conn, ref)
		if err != nil {
			return err
		}
		var lies int
		if err := conn.QueryRowContext(ctx, "SELECT sealed FROM filing WHERE reference = ?", ref.String()).Scan(&lies); err != nil {
			return err
		}
		now := s.now().Round(0)
		switch {
		case lies == contentDestroyed: // the clock stood ahead then
			return errDestroyed()
		case c.Last != number:
			return fault.New(fault.DeskMove, desk.ErrOther)
		case !c.CanUndo(who, now):
			return fault.New(fault.DeskMove, desk.ErrUndo)
		}
		const mark = "UPDATE decision SET undone = ? WHERE reference = ? AND number = ? RETURNING before, due"
		var status, due string
		if err := conn.QueryRowContext(ctx, mark, formatTime(now), ref.String(), number).Scan(&status, &due); err != nil {
			return err
		}
		if c.Due, err = parseDue(due); err != nil {
			return err
		}
		c.Status = filing.Status(status)
		if err := setCase(ctx, conn, ref, c); err != nil {
			return err
		}
		if after, _, err = loadCase(ctx, conn, ref); err != nil {
			return err
		}
		if err := bringBack(ctx, conn, ref, after); err != nil {
			return err
		}
		return s.sign(ctx, conn, now, Undone, ref, signed{Officer: who, Number: number, Status: c.Status, Due: due}, by)
	})
	return after, err
}

// bringBack restores that the citizen said, after the last decision that holds, that what was lacking is here: the decision that was taken back had
// answered it.
func bringBack(ctx context.Context, conn *sql.Conn, ref filing.Reference, c desk.Case) error {
	if c.Status != filing.Supplement {
		return nil
	}
	const again = `UPDATE filing SET brought = coalesce((SELECT at FROM journal WHERE reference = ?1 AND reference <> '' AND kind = ?2 AND seq >
			(SELECT max(seq) FROM journal WHERE reference = ?1 AND reference <> '' AND kind = ?3 AND json_extract(detail, '$.number') = ?4)
		ORDER BY seq DESC LIMIT 1), '') WHERE reference = ?1`
	_, err := conn.ExecContext(ctx, again, ref.String(), string(Brought), string(Decided), c.Last)
	return err
}

// FormPrinted notes that the form of a decision left the printer: it cannot be taken back any more.
func (s *Store) FormPrinted(ctx context.Context, ref filing.Reference, number int, form string) error {
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error {
		done, err := conn.ExecContext(ctx, "UPDATE decision SET printed = printed + 1 WHERE reference = ? AND number = ?", ref.String(), number)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(fault.Newf(fault.NotFound, "store: no such decision"), err)
		}
		_, err = s.record(ctx, conn, s.now(), OnPaper, ref.String(), map[string]any{"number": number, "form": form})
		return err
	})
}

// querier is a connection or a pool.
type querier interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}

// loadCase reads where a filing stands, without the words of its decisions, and the number of the next decision.
func loadCase(ctx context.Context, q querier, ref filing.Reference) (desk.Case, int, error) {
	var c desk.Case
	var filed, due string
	err := q.QueryRowContext(ctx, "SELECT status, filed, due, holder FROM filing WHERE reference = ?", ref.String()).Scan(&c.Status, &filed, &due, &c.Holder)
	if errors.Is(err, sql.ErrNoRows) {
		return c, 0, fault.Newf(fault.NotFound, "store: no filing has this number")
	}
	if err != nil {
		return c, 0, err
	}
	var wrong error
	if c.Filed, err = time.Parse(time.RFC3339Nano, filed); err != nil {
		wrong = err
	}
	if c.Due, err = parseDue(due); err != nil {
		wrong = err
	}
	if wrong != nil {
		return c, 0, wrong
	}
	rows, err := q.QueryContext(ctx, "SELECT number, action, officer, at, printed > 0, sent > 0, undone FROM decision WHERE reference = ? ORDER BY number", ref.String())
	if err != nil {
		return c, 0, err
	}
	defer rows.Close()
	next := 1
	for rows.Next() {
		var d desk.Decision
		var number int
		var at, undone string
		if err := rows.Scan(&number, &d.Action, &d.Officer, &at, &d.Printed, &d.Sent, &undone); err != nil {
			return c, 0, err
		}
		if d.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return c, 0, err
		}
		if undone == "" { // what was decided in between had the same ones before it, since only the last is taken back
			c.History, c.Last = append(c.History, c.Dated(d)), number
		}
		next = number + 1
	}
	return c, next, rows.Err()
}

// Case is where a filing stands, with the words of its decisions for who can open them; id may be nil. Besides the errors of Get it has
// fault.SealShut and fault.SealDestroyed, where words cannot be opened; what stands in the open is given all the same.
func (r *Reader) Case(ctx context.Context, ref filing.Reference, id *seal.Identity) (desk.Case, error) {
	tx, err := r.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one moment: the words belong to these decisions
	if err != nil {
		return desk.Case{}, failed("case", err)
	}
	defer tx.Rollback()
	c, _, err := loadCase(ctx, tx, ref)
	if err != nil {
		return c, failed("case", err)
	}
	if id == nil {
		return c, nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT number, words, seal FROM decision WHERE reference = ? AND undone = '' ORDER BY number", ref.String())
	if err != nil {
		return c, failed("case", err)
	}
	defer rows.Close()
	for i := 0; rows.Next() && i < len(c.History); i++ {
		var number int
		var sealed seal.Sealed
		if err := rows.Scan(&number, &sealed.Body, &sealed.Key); err != nil {
			return c, failed("case", err)
		}
		if len(sealed.Key) == 0 {
			return c, errDestroyed()
		}
		text, err := seal.Open(sealed, wordsOf(ref, number), id)
		if err != nil {
			return c, opened(err)
		}
		var w words
		if err := json.Unmarshal(text, &w); err != nil {
			return c, fault.Newf(fault.StoreDamaged, "store: the words of a decision cannot be read")
		}
		d := &c.History[i]
		d.Reason, d.Items, d.To, d.Confirm, d.Due = w.Reason, w.Items, w.To, w.Confirm, w.Due
	}
	if err := rows.Err(); err != nil {
		return c, failed("case", err)
	}
	return c, nil
}

func formatDue(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return formatTime(t)
}

func parseDue(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339Nano, text)
}
