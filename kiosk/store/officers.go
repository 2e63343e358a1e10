package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// Kinds of entries about officers.
const (
	OfficerSet Kind = "officer.set"    // added or changed: detail officer, role, active, verify (key), by; officers with signatures if the key changed
	SecretSet  Kind = "officer.secret" // another PIN or card under the same key: detail officer, pin, card (besides it), alone (a card in its place), officers
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

// SetOfficer adds an account, or changes one but for its keys and secret (Renew, SetSecret). by is who did it: the id of an account, or "setup" for
// the first one. fault.Usage if the account cannot be, or its id is somebody else's.
func (s *Store) SetOfficer(ctx context.Context, a officer.Account, by string) error {
	if err := a.Check(); err != nil {
		return fault.New(fault.Usage, err)
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		var public string
		err := conn.QueryRowContext(ctx, "SELECT public FROM officer WHERE id = ?", a.ID).Scan(&public)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		var now seal.Public
		if err == nil && (json.Unmarshal([]byte(public), &now) != nil || now != a.Public) {
			return fault.Newf(fault.Usage, "store: another officer has this id")
		}
		return s.setOfficer(ctx, conn, a, s.now(), map[string]any{"by": by})
	})
}

// Renew gives an officer new keys: a has the account with them. Two officers sign, one of whom may change keys; what was sealed stays shut to
// the new keys until somebody writes it anew (Rewrap). fault.SealWrong for the officers, fault.NotFound if there is no such account.
func (s *Store) Renew(ctx context.Context, a officer.Account, by ...Signer) error {
	if err := a.Check(); err != nil {
		return fault.New(fault.Usage, err)
	}
	if err := s.mayTogether(ctx, officer.ChangeKeys, by); err != nil {
		return err
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		var there int
		if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM officer WHERE id = ?", a.ID).Scan(&there); err != nil {
			return err
		}
		if there == 0 {
			return fault.Newf(fault.NotFound, "store: there is no such officer")
		}
		now := s.now().Round(0)
		detail := accountDetail(a)
		detail["by"] = by[0].ID
		if err := countersign(OfficerSet, "", formatTime(now), detail, by...); err != nil {
			return err
		}
		return s.setOfficer(ctx, conn, a, now, detail)
	})
}

// setOfficer writes the account and its entry, with more in the detail.
func (s *Store) setOfficer(ctx context.Context, conn *sql.Conn, a officer.Account, now time.Time, more map[string]any) error {
	public, err := json.Marshal(a.Public)
	if err != nil {
		return err
	}
	locked, err := json.Marshal(a.Locked)
	if err != nil {
		return err
	}
	const set = `INSERT INTO officer VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
		name = excluded.name, role = excluded.role, public = excluded.public, locked = excluded.locked, active = excluded.active`
	if err := nextKeyset(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, set, a.ID, a.Name, string(a.Role), string(public), string(locked), a.Active, formatTime(a.Added)); err != nil {
		return err
	}
	detail := accountDetail(a)
	maps.Copy(detail, more)
	_, err = s.record(ctx, conn, now, OfficerSet, "", detail)
	return err
}

func accountDetail(a officer.Account) map[string]any {
	return map[string]any{"officer": a.ID, "role": string(a.Role), "active": a.Active, "verify": a.Public.Verify}
}

// SetSecret puts the keys of an officer under another PIN, or a card: locked are the same keys as by has. Nothing has to be written anew.
// fault.SealWrong if by is not the active officer of that id.
func (s *Store) SetSecret(ctx context.Context, locked seal.Locked, by Signer) error {
	text, err := json.Marshal(locked)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	all, err := s.Officers(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(a officer.Account) bool { return a.ID == by.ID && a.Active && a.Public == by.Identity.Public() }) {
		return fault.New(fault.SealWrong, seal.ErrWrong)
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		if _, err := conn.ExecContext(ctx, "UPDATE officer SET locked = ? WHERE id = ?", string(text), by.ID); err != nil {
			return err
		}
		now := s.now().Round(0)
		detail := map[string]any{"officer": by.ID, "pin": locked.PIN, "card": locked.Card, "alone": locked.Or != nil}
		if err := countersign(SecretSet, "", formatTime(now), detail, by); err != nil {
			return err
		}
		_, err := s.record(ctx, conn, now, SecretSet, "", detail)
		return err
	})
}

// officerSet notes an officer; keys in place of others want two signatures, or the recovery key's.
func (v *Verdict) officerSet(r row) error {
	var d struct {
		Officer, Verify, By string
		Role                officer.Role
		Active              bool
	}
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	saved := v.rescued != nil && *v.rescued == rescued{d.Officer, d.Verify}
	v.rescued = nil
	if old, ok := v.people[d.Officer]; ok && old.key.Verify != d.Verify && !saved {
		if _, err := v.together(r, fourEyes, officer.ChangeKeys); err != nil {
			return err
		}
	}
	if d.By == byRecovery && !saved {
		return errNotSigned
	}
	v.people[d.Officer] = person{seal.Public{Verify: d.Verify}, d.Role, d.Active}
	return nil
}

// secretSet verifies that an officer changed their own secret.
func (v *Verdict) secretSet(r row) error {
	var d struct{ Officer string }
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	names, err := v.together(r, 1, "")
	if err == nil && names[0] != d.Officer {
		err = errNotSigned
	}
	return err
}
