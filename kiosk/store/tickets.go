package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
)

// The kinds of entries about the queue; detail number, state, counter.
const (
	TicketTaken  Kind = "ticket.taken"
	TicketMoved  Kind = "ticket.moved"
	TicketRanked Kind = "ticket.ranked" // detail number, priority
)

const ticketColumns = "number, reference, service, priority, state, counter, calls, taken, called, last, began, ended"

// Line is the queue of today.
func (r *Reader) Line(ctx context.Context, day time.Time) (*desk.Line, error) {
	l, err := readLine(ctx, r.db, day.Format(dayText))
	if err != nil {
		return nil, failed("queue", err)
	}
	return l, nil
}

// Tickets are the tickets of the days from one to the one before another, in order.
func (r *Reader) Tickets(ctx context.Context, from, to time.Time) ([]desk.Ticket, error) {
	all, err := readTickets(ctx, r.db, "day >= ? AND day < ? ORDER BY day, number", from.Format(dayText), to.Format(dayText))
	if err != nil {
		return nil, failed("queue", err)
	}
	return all, nil
}

const ticketOf = "reference = ? AND reference <> '' ORDER BY day DESC, number DESC LIMIT 1"

// TicketOf is the ticket that belongs to a filing; fault.NotFound if it has none.
func (r *Reader) TicketOf(ctx context.Context, ref filing.Reference) (desk.Ticket, error) {
	all, err := readTickets(ctx, r.db, ticketOf, ref.String())
	switch {
	case err != nil:
		return desk.Ticket{}, failed("queue", err)
	case len(all) == 0:
		return desk.Ticket{}, fault.Newf(fault.NotFound, "store: no ticket belongs to this filing")
	}
	return all[0], nil
}

func readLine(ctx context.Context, q querier, day string) (*desk.Line, error) {
	all, err := readTickets(ctx, q, "day = ? ORDER BY number", day)
	return desk.NewLine(all), err
}

func readTickets(ctx context.Context, q querier, where string, args ...any) ([]desk.Ticket, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+ticketColumns+" FROM ticket WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []desk.Ticket
	for rows.Next() {
		var t desk.Ticket
		var at [5]string
		if err := rows.Scan(&t.Number, &t.Reference, &t.Service, &t.Priority, &t.State, &t.Counter, &t.Calls, &at[0], &at[1], &at[2], &at[3], &at[4]); err != nil {
			return nil, err
		}
		for i, into := range []*time.Time{&t.Taken, &t.Called, &t.Last, &t.Began, &t.Ended} {
			if *into, err = parseDue(at[i]); err != nil {
				return nil, err
			}
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

// TakeTicket gives the next number of today to somebody who wants the counter; t says what for, and with what priority.
func (s *Store) TakeTicket(ctx context.Context, t desk.Ticket) (desk.Ticket, error) {
	release, err := s.acquire(ctx)
	if err != nil {
		return t, err
	}
	defer release()
	err = s.transact(ctx, func(conn *sql.Conn) error {
		t, err = s.takeTicket(ctx, conn, t, s.now().Round(0))
		return err
	})
	return t, err
}

func (s *Store) takeTicket(ctx context.Context, conn *sql.Conn, t desk.Ticket, now time.Time) (desk.Ticket, error) {
	day := now.Format(dayText)
	var last int
	if err := conn.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) FROM ticket WHERE day = ?", day).Scan(&last); err != nil {
		return t, err
	}
	t.Number, t.State, t.Taken = last+1, desk.Waiting, now
	if err := putTicket(ctx, conn, day, t); err != nil {
		return t, err
	}
	_, err := s.record(ctx, conn, now, TicketTaken, t.Reference, map[string]any{"number": t.Number})
	return t, err
}

func putTicket(ctx context.Context, conn *sql.Conn, day string, t desk.Ticket) error {
	const put = "INSERT OR REPLACE INTO ticket (day, " + ticketColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	_, err := conn.ExecContext(ctx, put, day, t.Number, t.Reference, t.Service, string(t.Priority), string(t.State), t.Counter, t.Calls,
		formatDue(t.Taken), formatDue(t.Called), formatDue(t.Last), formatDue(t.Began), formatDue(t.Ended))
	return err
}

// Queue changes the queue of today: do is a method of desk.Line. Two counters never call one number. The error is fault.DeskQueue,
// wrapping one of package desk.
func (s *Store) Queue(ctx context.Context, by string, do func(l *desk.Line, now time.Time) (desk.Ticket, error)) (desk.Ticket, error) {
	release, err := s.acquire(ctx)
	if err != nil {
		return desk.Ticket{}, err
	}
	defer release()
	var t desk.Ticket
	err = s.transact(ctx, func(conn *sql.Conn) error {
		now := s.now().Round(0)
		l, err := readLine(ctx, conn, now.Format(dayText))
		if err != nil {
			return err
		}
		if t, err = do(l, now); err != nil {
			return queued(err)
		}
		if err := putTicket(ctx, conn, now.Format(dayText), t); err != nil {
			return err
		}
		kind, detail := TicketMoved, map[string]any{"number": t.Number, "state": string(t.State), "counter": t.Counter, "officer": by}
		if t.State == desk.Waiting {
			kind, detail = TicketRanked, map[string]any{"number": t.Number, "priority": string(t.Priority), "officer": by}
		}
		_, err = s.record(ctx, conn, now, kind, t.Reference, detail)
		return err
	})
	return t, err
}

func queued(err error) error {
	if errors.Is(err, desk.ErrNobody) || errors.Is(err, desk.ErrTicket) || errors.Is(err, desk.ErrState) {
		return fault.New(fault.DeskQueue, err)
	}
	return err
}
