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

// Standing says where the filing of a number stands on a day, to whoever has its slip. The errors are those of Get.
func (r *Reader) Standing(ctx context.Context, number string, day time.Time) (filing.Standing, error) {
	f, err := r.Get(ctx, number)
	if err != nil {
		return filing.Standing{}, err
	}
	c, _, err := loadCase(ctx, r.db, f.Reference)
	if err != nil {
		return filing.Standing{}, failed("standing", err)
	}
	s := filing.Standing{Reference: f.Reference, Service: f.Service, Status: c.Status, Filed: f.Filed, Changed: f.Filed, Due: c.Due, Dossier: f.Dossier}
	for _, d := range c.History {
		s.Changed = d.At
		if d.Action == desk.Receive && s.Received.IsZero() {
			s.Received = d.At
		}
	}
	var brought string
	if err := r.db.QueryRowContext(ctx, "SELECT brought FROM filing WHERE reference = ?", f.Reference.String()).Scan(&brought); err != nil {
		return s, failed("standing", err)
	}
	if s.Brought, err = parseDue(brought); err != nil {
		return s, failed("standing", err)
	}
	t, err := openTicket(ctx, r.db, f.Reference, day)
	if err != nil {
		return s, failed("standing", err)
	}
	s.Ticket = t.Number
	return s, nil
}

// openTicket is the ticket of a filing with which somebody waits on a day; the zero Ticket if nobody does.
func openTicket(ctx context.Context, q querier, ref filing.Reference, day time.Time) (desk.Ticket, error) {
	l, err := readLine(ctx, q, day.Format(dayText))
	if err != nil {
		return desk.Ticket{}, err
	}
	for _, t := range l.Tickets {
		if t.Reference == ref.String() && t.State != desk.Served && t.State != desk.Gone {
			return t, nil
		}
	}
	return desk.Ticket{}, nil
}

// Join gives somebody who comes back with a slip a number for the counter; the one they have, if they wait already.
func (s *Store) Join(ctx context.Context, ref filing.Reference) error {
	return s.put(ctx, func(conn *sql.Conn) error { return s.join(ctx, conn, ref, s.now().Round(0)) })
}

func (s *Store) join(ctx context.Context, conn *sql.Conn, ref filing.Reference, now time.Time) error {
	t, err := openTicket(ctx, conn, ref, now)
	if err != nil || t.Number != 0 {
		return err
	}
	var service string
	if err := conn.QueryRowContext(ctx, "SELECT service FROM filing WHERE reference = ?", ref.String()).Scan(&service); err != nil {
		return err
	}
	_, err = s.takeTicket(ctx, conn, desk.Ticket{Reference: ref.String(), Service: service}, now)
	return err
}

// SayBrought notes that a citizen came with what was lacking, for the desk to see, and gives them a number for the counter: nothing is
// decided by it. fault.DeskMove if nothing was asked for.
func (s *Store) SayBrought(ctx context.Context, ref filing.Reference) error {
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error {
		now := s.now().Round(time.Second)
		const set = "UPDATE filing SET brought = ? WHERE reference = ? AND status = ?"
		done, err := conn.ExecContext(ctx, set, formatTime(now), ref.String(), string(filing.Supplement))
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(fault.New(fault.DeskMove, desk.ErrMove), err)
		}
		if _, err := s.record(ctx, conn, now, Brought, ref.String(), map[string]any{}); err != nil {
			return err
		}
		return s.join(ctx, conn, ref, now)
	})
}
