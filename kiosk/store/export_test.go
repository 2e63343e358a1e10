package store

import (
	"context"
	"database/sql"

	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// FileAsBefore files a draft as the first program did, that sealed nothing.
func (s *Store) FileAsBefore(ctx context.Context, draft filing.Draft) (f filing.Filing, err error) {
	content, err := draft.Content()
	if err != nil {
		return f, err
	}
	f = filing.Filing{Draft: draft, Filed: s.now().Round(0), Status: filing.Filed}
	return f, s.put(ctx, func(conn *sql.Conn) error {
		day := identity.DateOf(f.Filed)
		serial, _, err := s.nextSerial(ctx, conn, formatDay(day))
		if err != nil {
			return err
		}
		if f.Reference, err = filing.NewReference(s.opts.Commune, s.opts.Station, day, serial); err != nil {
			return err
		}
		if err := setCounter(ctx, conn, s.opts.Station, formatDay(day), serial); err != nil {
			return err
		}
		const row = "INSERT INTO filing (reference, short, key, service, status, filed) VALUES (?, ?, ?, ?, ?, ?)"
		if _, err := conn.ExecContext(ctx, row, f.Reference.String(), f.Reference.Short(), f.Key, f.Service, string(f.Status), formatTime(f.Filed)); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "INSERT INTO content SELECT id, ? FROM filing WHERE reference = ?", content, f.Reference.String()); err != nil {
			return err
		}
		_, err = s.record(ctx, conn, f.Filed, Filed, f.Reference.String(), map[string]any{"content": digest(content)})
		return err
	})
}
