package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/report"
)

// Rated is a citizen's rating: detail stars.
const Rated Kind = "filing.rated"

// Rate notes how many stars, 1 to 5, the citizen gives who filed; a second time replaces the first. fault.NotFound if there is no such
// filing, fault.Usage for another number of stars.
func (s *Store) Rate(ctx context.Context, ref filing.Reference, stars int) error {
	if stars < 1 || stars > 5 {
		return fault.Newf(fault.Usage, "store: a rating is 1 to 5 stars, not %d", stars)
	}
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error {
		now := s.now().Round(time.Second)
		done, err := conn.ExecContext(ctx, "UPDATE filing SET rating = ?, rated = ? WHERE reference = ?", stars, formatTime(now), ref.String())
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(fault.Newf(fault.NotFound, "store: no filing has this number"), err)
		}
		_, err = s.record(ctx, conn, now, Rated, ref.String(), map[string]any{"stars": stars})
		return err
	})
}

// recordsQuery gives the filings that matter to a period, each with its decisions in one text, from indices only: the
// rows of a year are many. Times are compared as texts with a day to spare on each side, whatever their
// offset; ?1 and ?2 are such days. What has no end now, or was decided on since, may have had none when the period began.
const recordsQuery = `SELECT reference, filed, service, status, due, coalesce(channel, ''), coalesce(chip, ''), coalesce(kase, ''),
		coalesce(rating, 0), coalesce(rated, ''),
		(SELECT group_concat(concat_ws(char(31), d.action, d.officer, d.at, d.before, d.due), char(30) ORDER BY d.number)
			FROM decision d WHERE d.reference = f.reference AND d.undone = '')
	FROM filing f INDEXED BY filing_figures
	WHERE filed < ?2 AND (filed >= ?1 OR status IN ('filed', 'received', 'supplement')
		OR reference IN (SELECT reference FROM decision WHERE at >= ?1))
	ORDER BY filed, reference`

// What stands between the fields of a decision, and between decisions: no field can have them.
const fieldMark, stepMark = "\x1f", "\x1e"

// Records gives what the figures of [from, to) need, by the time of filing: all that were filed in it or had no end when it
// began, and some more. It opens nothing.
func (r *Reader) Records(ctx context.Context, from, to time.Time) ([]report.Record, error) {
	rows, err := r.db.QueryContext(ctx, recordsQuery, textDay(from.AddDate(0, 0, -1)), textDay(to.AddDate(0, 0, 2)))
	if err != nil {
		return nil, failed("records", err)
	}
	defer rows.Close()
	var list []report.Record
	words := interned{}
	for rows.Next() {
		one, err := scanRecord(rows, words)
		if err != nil {
			return nil, failed("records", err)
		}
		list = append(list, one)
	}
	if err := rows.Err(); err != nil {
		return nil, failed("records", err)
	}
	return list, nil
}

// textDay is the head of a time as it is stored.
func textDay(t time.Time) string { return t.Format(time.DateOnly) }

// interned keeps each word once: there are few, in a great many rows.
type interned map[string]string

func (w interned) of(b []byte) string {
	s, ok := w[string(b)]
	if !ok {
		s = string(b)
		w[s] = s
	}
	return s
}

// scanRecord reads one row of recordsQuery.
func scanRecord(rows *sql.Rows, words interned) (report.Record, error) {
	var r report.Record
	var reference, filed, service, status, due, channel, chip, kase, rated, steps sql.RawBytes
	if err := rows.Scan(&reference, &filed, &service, &status, &due, &channel, &chip, &kase, &r.Stars, &rated, &steps); err != nil {
		return r, err
	}
	r.Service, r.Channel, r.Chip, r.Case = words.of(service), filing.Channel(words.of(channel)), words.of(chip), words.of(kase)
	var wrong [5]error
	r.Reference, wrong[0] = filing.ParseReference(string(reference))
	r.Filed, wrong[1] = time.Parse(time.RFC3339Nano, string(filed))
	r.Due, wrong[2] = parseDue(string(due))
	r.Rated, wrong[3] = parseDue(string(rated))
	wrong[4] = readSteps(&r, string(steps), filing.Status(words.of(status)), words)
	if err := errors.Join(wrong[:]...); err != nil {
		return r, fault.New(fault.StoreDamaged, err)
	}
	return r, nil
}

// readSteps reads the decisions of a filing that is now of this status and r.Due. A decision says what held before it, which is
// what the one before led to.
func readSteps(r *report.Record, text string, now filing.Status, words interned) error {
	if text == "" {
		return nil
	}
	r.Steps = make([]report.Step, strings.Count(text, stepMark)+1)
	due := r.Due
	for i := range r.Steps {
		var one string
		one, text, _ = strings.Cut(text, stepMark)
		var f [5]string
		for j := range f {
			f[j], one, _ = strings.Cut(one, fieldMark)
		}
		at, err := time.Parse(time.RFC3339Nano, f[2])
		before, err2 := parseDue(f[4])
		if err != nil || err2 != nil {
			return errors.Join(err, err2)
		}
		last := r.Filed
		if i > 0 {
			last = r.Steps[i-1].At
		}
		if at.Before(last) {
			at = last // desk.Case.Moment
		}
		r.Steps[i] = report.Step{At: at, Action: desk.Action(words.of([]byte(f[0]))), Officer: words.of([]byte(f[1]))}
		if i == 0 {
			r.Due = before
		} else {
			r.Steps[i-1].Status, r.Steps[i-1].Due = filing.Status(words.of([]byte(f[3]))), before
		}
	}
	last := &r.Steps[len(r.Steps)-1]
	last.Status, last.Due = now, due
	return nil
}

// DayLog reads from the journal what happened in [from, to) that no filing's record says.
func (r *Reader) DayLog(ctx context.Context, from, to time.Time) (report.DayLog, error) {
	log := report.DayLog{Failed: map[string]int{}, Forms: map[string]int{}}
	const query = "SELECT at, kind, detail FROM journal WHERE at >= ?1 AND at < ?2 AND kind IN (?3, ?4, ?5)"
	rows, err := r.db.QueryContext(ctx, query, textDay(from.AddDate(0, 0, -1)), textDay(to.AddDate(0, 0, 2)), string(Printed), string(PrintFailed), string(OnPaper))
	if err != nil {
		return log, failed("day", err)
	}
	defer rows.Close()
	for rows.Next() {
		var at, kind, text string
		if err := rows.Scan(&at, &kind, &text); err != nil {
			return log, failed("day", err)
		}
		when, err := time.Parse(time.RFC3339Nano, at)
		if err != nil {
			return log, failed("day", err)
		}
		if when.Before(from) || !when.Before(to) {
			continue
		}
		var detail struct{ Outcome, Form string }
		if err := json.Unmarshal([]byte(text), &detail); err != nil {
			return log, fault.Newf(fault.StoreDamaged, "store: the detail of an entry cannot be read")
		}
		switch Kind(kind) {
		case Printed:
			log.Slips++
		case PrintFailed:
			log.Failed[detail.Outcome]++
		case OnPaper:
			log.Forms[detail.Form]++
		}
	}
	if err := rows.Err(); err != nil {
		return log, failed("day", err)
	}
	return log, nil
}
