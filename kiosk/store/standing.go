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

// Standing says where the filing of a number stands, to whoever has its slip. The errors are those of Get.
func (r *Reader) Standing(ctx context.Context, number string) (filing.Standing, error) {
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
	return s, nil
}

// SayBrought notes that a citizen came with what was lacking, for the desk to see: nothing is decided by it. fault.DeskMove if
// nothing was asked for.
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
		_, err = s.record(ctx, conn, now, Brought, ref.String(), map[string]any{})
		return err
	})
}
