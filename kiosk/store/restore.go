package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// RestoreGap is how many numbers each day leaves out after the data directory came back from a backup or a copy, once
// more for each time: more than a kiosk gives in a day.
const RestoreGap = 500

// restoreYears is how long a restore has that effect, counted from the day it was noticed.
const restoreYears = 1

// firstDay is the first day that a number can have.
const firstDay = "2000-01-01"

// dayText is the layout of days in the database and in numbers.
const dayText = "2006-01-02"

// openNumbers reads the file numbers, finds out whether it can be believed, and draws the consequence if not.
func (s *Store) openNumbers(ctx context.Context) error {
	m, itself, err := readMarks(s.dir)
	damaged := errors.Is(err, errNumbersDamaged)
	if err != nil && !damaged && !errors.Is(err, fs.ErrNotExist) {
		return failed("numbers", err)
	}
	known, err := lastKnownDay(ctx, s.conn)
	if err != nil {
		return failed("numbers", err)
	}
	switch {
	case m == nil && !damaged && known == "": // a new directory
		return s.renewNumbers(ctx, serials{})
	case m == nil && !damaged:
		return s.restored(ctx, "numbers missing", nil, known)
	case m == nil:
		return s.restored(ctx, "numbers damaged", nil, known)
	case !itself && (known != "" || m.Last.lastDay() != ""):
		return s.restored(ctx, "numbers copied", m.Last, known)
	case m.Instance != s.instance && known != "":
		return s.restored(ctx, "numbers of another installation", m.Last, known)
	case m.Instance != s.instance || !itself: // a new database where an older one was: its numbers stay given
		return s.renewNumbers(ctx, m.Last)
	}
	s.marks = m
	return nil
}

// openInstance reads the installation's random identifier and gives a new database one.
func (s *Store) openInstance(ctx context.Context) error {
	const query = "SELECT value FROM meta WHERE name = 'instance'"
	err := s.conn.QueryRowContext(ctx, query).Scan(&s.instance)
	if err == nil {
		return nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return failed("instance", err)
	}
	if s.instance, err = random(s.opts.Rand); err != nil {
		return failed("instance", err)
	}
	return s.transact(ctx, func(conn *sql.Conn) error {
		var other string
		if err := conn.QueryRowContext(ctx, query).Scan(&other); err == nil { // another station was faster
			s.instance = other
			return nil
		}
		if _, err := conn.ExecContext(ctx, "INSERT INTO meta VALUES ('instance', ?)", s.instance); err != nil {
			return err
		}
		_, err := s.record(ctx, conn, s.now(), Created, "", map[string]any{"instance": s.instance})
		return err
	})
}

// lastKnownDay is the day of the last filing in the database, "" if there is none.
func lastKnownDay(ctx context.Context, conn *sql.Conn) (string, error) {
	var text string
	err := conn.QueryRowContext(ctx, "SELECT reference FROM filing ORDER BY id DESC LIMIT 1").Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	ref, err := filing.ParseReference(text)
	if err != nil {
		return "", fmt.Errorf("last filing: %w", err)
	}
	return formatDay(ref.Day), nil
}

func formatDay(d identity.Date) string { return d.Time().Format(dayText) }

// restored makes every day from the last known one, or every day if that is yet to come, leave out RestoreGap numbers, and writes numbers anew. A
// crash in between does it once more, which only makes the gap larger.
func (s *Store) restored(ctx context.Context, reason string, marked serials, known string) error {
	now := s.now()
	today := now.Format(dayText)
	first := known
	if first == "" {
		first = marked.lastDay()
	}
	if first == "" {
		first = today
	}
	last := max(first, today)
	if first > today { // the clock stood ahead, or stands behind: what was forgotten may have any day
		first = firstDay
	}
	until, err := yearsAfter(last)
	if err != nil {
		return failed("restore", err)
	}
	detail := map[string]any{"reason": reason, "first": first, "until": until, "gap": RestoreGap}
	err = s.transact(ctx, func(conn *sql.Conn) error {
		if err := mergeCounters(ctx, conn, marked); err != nil {
			return err
		}
		const move = "UPDATE counter SET last = last + ? WHERE day BETWEEN ? AND ?"
		if _, err := conn.ExecContext(ctx, move, RestoreGap, first, until); err != nil {
			return err
		}
		const note = "INSERT INTO restore (at, first, until, gap) VALUES (?, ?, ?, ?)"
		if _, err := conn.ExecContext(ctx, note, formatTime(now), first, until, RestoreGap); err != nil {
			return err
		}
		_, err := s.record(ctx, conn, now, Restored, "", detail)
		return err
	})
	if err != nil {
		return err
	}
	s.opts.Log.Warn("store.restored", "reason", reason, "first", first, "gap", RestoreGap)
	counted, err := readCounters(ctx, s.conn)
	if err != nil {
		return failed("numbers", err)
	}
	return s.renewNumbers(ctx, counted)
}

// yearsAfter is the day restoreYears after day.
func yearsAfter(day string) (string, error) {
	t, err := time.Parse(dayText, day)
	return t.AddDate(restoreYears, 0, 0).Format(dayText), err
}

// renewNumbers writes the file numbers for this installation.
func (s *Store) renewNumbers(ctx context.Context, last serials) error {
	s.marks = &marks{dir: s.dir, numbersFile: numbersFile{Instance: s.instance}}
	return s.transact(ctx, func(*sql.Conn) error { return s.marks.replace(last) })
}

// mergeCounters raises the counters to what marked says.
func mergeCounters(ctx context.Context, conn *sql.Conn, marked serials) error {
	for station, days := range marked {
		for day, last := range days {
			if err := setCounter(ctx, conn, station, day, last); err != nil {
				return err
			}
		}
	}
	return nil
}

// setCounter raises one counter.
func setCounter(ctx context.Context, conn *sql.Conn, station, day string, last int) error {
	const query = `INSERT INTO counter VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET last = max(last, excluded.last)`
	_, err := conn.ExecContext(ctx, query, station, day, last)
	return err
}

// readCounters reads the counters of the latest days.
func readCounters(ctx context.Context, conn *sql.Conn) (serials, error) {
	rows, err := conn.QueryContext(ctx, "SELECT station, day, last FROM counter ORDER BY day")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	n := serials{}
	for rows.Next() {
		var station, day string
		var last int
		if err := rows.Scan(&station, &day, &last); err != nil {
			return nil, err
		}
		if n[station] == nil {
			n[station] = map[string]int{}
		}
		n[station][day] = last
	}
	return n, rows.Err()
}
