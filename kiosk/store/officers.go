package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// Kinds of entries about officers.
const (
	OfficerSet  Kind = "officer.set"  // added or changed: detail officer, role, active, verify (key), by
	RecoverySet Kind = "recovery.set" // detail by
)

// Officers lists the accounts by id.
func (r *Reader) Officers(ctx context.Context) ([]officer.Account, error) {
	rows, err := r.db.QueryContext(ctx, "SELECT id, name, role, public, locked, active, added FROM officer ORDER BY id")
	if err != nil {
		return nil, failed("officers", err)
	}
	defer rows.Close()
	var all []officer.Account
	for rows.Next() {
		var a officer.Account
		var public, locked, added string
		if err := rows.Scan(&a.ID, &a.Name, &a.Role, &public, &locked, &a.Active, &added); err != nil {
			return nil, failed("officers", err)
		}
		wrong := errors.Join(json.Unmarshal([]byte(public), &a.Public), json.Unmarshal([]byte(locked), &a.Locked))
		if a.Added, err = time.Parse(time.RFC3339Nano, added); err != nil || wrong != nil || a.Check() != nil {
			return nil, fault.Newf(fault.StoreDamaged, "store: an officer's account cannot be read")
		}
		all = append(all, a)
	}
	if err := rows.Err(); err != nil {
		return nil, failed("officers", err)
	}
	return all, nil
}

// SetOfficer adds an account or replaces it. by is who did it: the id of an account, or "setup" for the first one.
func (s *Store) SetOfficer(ctx context.Context, a officer.Account, by string) error {
	if err := a.Check(); err != nil {
		return fault.New(fault.Usage, err)
	}
	public, err := json.Marshal(a.Public)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	locked, err := json.Marshal(a.Locked)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error {
		const set = `INSERT INTO officer VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
			name = excluded.name, role = excluded.role, public = excluded.public, locked = excluded.locked, active = excluded.active`
		if err := nextKeyset(ctx, conn); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, set, a.ID, a.Name, string(a.Role), string(public), string(locked), a.Active, formatTime(a.Added)); err != nil {
			return err
		}
		_, err := s.record(ctx, conn, s.now(), OfficerSet, "", map[string]any{"officer": a.ID, "role": string(a.Role), "active": a.Active, "verify": a.Public.Verify, "by": by})
		return err
	})
}

// Recovery is the public half of the recovery key; zero if there is none.
func (r *Reader) Recovery(ctx context.Context) (seal.Public, error) {
	var text string
	var p seal.Public
	err := r.db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'recovery'").Scan(&text)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return p, nil
	case err != nil:
		return p, failed("recovery", err)
	}
	if json.Unmarshal([]byte(text), &p) != nil || p.Check() != nil {
		return seal.Public{}, fault.Newf(fault.StoreDamaged, "store: the recovery key cannot be read")
	}
	return p, nil
}

// SetRecovery sets the public half of the recovery key. What was sealed before stays sealed to the one of before.
func (s *Store) SetRecovery(ctx context.Context, p seal.Public, by string) error {
	if err := p.Check(); err != nil {
		return fault.New(fault.Usage, err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error {
		if err := nextKeyset(ctx, conn); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "INSERT INTO meta VALUES ('recovery', ?) ON CONFLICT DO UPDATE SET value = excluded.value", string(text)); err != nil {
			return err
		}
		_, err := s.record(ctx, conn, s.now(), RecoverySet, "", map[string]any{"by": by})
		return err
	})
}
