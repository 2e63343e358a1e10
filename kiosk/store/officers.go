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
	OfficerSet Kind = "officer.set"    // added or changed: detail officer, role, active, verify (key), by; officers with signatures, or signs where there was none to sign
	SecretSet  Kind = "officer.secret" // another PIN or card under the same key: detail officer, pin, card, officers
)

// Officers lists the accounts by id.
func (r *Reader) Officers(ctx context.Context) ([]officer.Account, error) {
	return readOfficers(ctx, r.db)
}

func readOfficers(ctx context.Context, q querier) ([]officer.Account, error) {
	rows, err := q.QueryContext(ctx, "SELECT id, name, role, public, locked, active, added FROM officer ORDER BY id")
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

// SetOfficer adds an account, or changes one but for its keys and secret (Renew, SetSecret), while there is nobody yet who may: by says who sets the
// office up, "setup". fault.SealWrong if there is somebody (ChangeOfficer); fault.Usage if the account cannot be, or its id is somebody else's.
func (s *Store) SetOfficer(ctx context.Context, a officer.Account, by string) error {
	return s.changeOfficer(ctx, a, func(_ *sql.Conn, all []officer.Account, _ string, detail map[string]any) error {
		if mayAdd(all, "") > 0 {
			return fault.Newf(fault.SealWrong, "store: an officer who may has to sign for %s", a.ID)
		}
		detail["by"], detail["signs"] = by, true
		return nil
	})
}

// ChangeOfficer is SetOfficer signed by an officer who may. fault.SealWrong if by may not, fault.Usage also if it would leave nobody who may.
// What an officer who is locked out had open is given back.
func (s *Store) ChangeOfficer(ctx context.Context, a officer.Account, by Signer) error {
	return s.changeOfficer(ctx, a, func(conn *sql.Conn, _ []officer.Account, at string, detail map[string]any) error {
		if err := maySign(ctx, conn, 1, officer.SetOfficers, by); err != nil {
			return err
		}
		detail["by"] = by.ID
		return countersign(OfficerSet, "", at, detail, by)
	})
}

// changeOfficer is the transaction of both; allow completes the detail of the entry.
func (s *Store) changeOfficer(ctx context.Context, a officer.Account, allow func(conn *sql.Conn, all []officer.Account, at string, detail map[string]any) error) error {
	if err := a.Check(); err != nil {
		return fault.New(fault.Usage, err)
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		all, err := readOfficers(ctx, conn)
		if err != nil {
			return err
		}
		now := s.now().Round(0)
		detail := accountDetail(a)
		if err := allow(conn, all, formatTime(now), detail); err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(old officer.Account) bool { return old.ID == a.ID }); i >= 0 {
			if all[i].Public != a.Public {
				return fault.Newf(fault.Usage, "store: another officer has this id")
			}
			a.Locked = all[i].Locked // another desk may have changed the secret meanwhile
		}
		if others := mayAdd(all, a.ID); others == 0 && mayAdd(all, "") > 0 && mayAdd([]officer.Account{a}, "") == 0 {
			return fault.Newf(fault.Usage, "store: %s is the last one who may say who works here", a.ID)
		}
		if err := s.setOfficer(ctx, conn, a, now, detail); err != nil || a.Active {
			return err
		}
		return s.giveBack(ctx, conn, a.ID, now)
	})
}

// mayAdd counts the officers who may say who works here, but for one.
func mayAdd(all []officer.Account, but string) (n int) {
	for _, a := range all {
		if a.ID != but && a.Active && a.Role.May(officer.SetOfficers) {
			n++
		}
	}
	return n
}

// Renew gives an officer new keys: a has the account with them. Two officers sign, one of whom may change keys; what was sealed stays shut to
// the new keys until somebody writes it anew (Rewrap). fault.SealWrong for the officers, fault.NotFound if there is no such account.
func (s *Store) Renew(ctx context.Context, a officer.Account, by ...Signer) error {
	if err := a.Check(); err != nil {
		return fault.New(fault.Usage, err)
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		if err := mayTogether(ctx, conn, officer.ChangeKeys, by); err != nil {
			return err
		}
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
	return s.put(ctx, func(conn *sql.Conn) error {
		all, err := readOfficers(ctx, conn)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(a officer.Account) bool { return a.ID == by.ID && a.Active && a.Public == by.Identity.Public() }) {
			return fault.New(fault.SealWrong, seal.ErrWrong)
		}
		if _, err := conn.ExecContext(ctx, "UPDATE officer SET locked = ? WHERE id = ?", string(text), by.ID); err != nil {
			return err
		}
		now := s.now().Round(0)
		detail := map[string]any{"officer": by.ID, "pin": locked.PIN, "card": locked.Card}
		if err := countersign(SecretSet, "", formatTime(now), detail, by); err != nil {
			return err
		}
		_, err = s.record(ctx, conn, now, SecretSet, "", detail)
		return err
	})
}

// officerSet notes an officer. Keys in place of others want two signatures, or the recovery key's; else one who may signs, once there is one.
func (v *Verdict) officerSet(r row) error {
	var d struct {
		Officer, Verify, By string
		Role                officer.Role
		Active, Signs       bool
		Officers            []signedName
	}
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	saved := v.rescued != nil && *v.rescued == rescued{d.Officer, d.Verify}
	v.rescued = nil
	old, known := v.people[d.Officer]
	switch least, right := fourEyes, officer.ChangeKeys; {
	case saved:
	case d.By == byRecovery:
		return errNotSigned
	case known && old.key.Verify != d.Verify, len(d.Officers) > 0, v.signs && v.mayAdd():
		if !known || old.key.Verify == d.Verify {
			least, right = 1, officer.SetOfficers
		}
		names, err := v.together(r, least, right)
		if err == nil && !slices.Contains(names, d.By) {
			err = errNotSigned
		}
		if err != nil {
			return err
		}
		v.signs = true
	}
	v.signs = v.signs || d.Signs
	v.people[d.Officer] = person{seal.Public{Verify: d.Verify}, d.Role, d.Active}
	return nil
}

// mayAdd reports whether somebody is there who may say who works here.
func (v *Verdict) mayAdd() bool {
	for _, p := range v.people {
		if p.active && p.role.May(officer.SetOfficers) {
			return true
		}
	}
	return false
}

// handedOver verifies a hand-over, which its officer signed, and noted an official code, which an officer signed unless a program noted it.
func (v *Verdict) handedOver(r row) error {
	var d struct {
		Officer, Dossier string
		Officers         []signedName
	}
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	if Kind(r.kind) == DossierSet {
		v.dossiers[r.reference] = d.Dossier
	}
	if len(d.Officers) == 0 && (!v.signs || Kind(r.kind) == DossierSet) {
		return nil
	}
	v.signs = true
	names, err := v.together(r, 1, officer.Decide)
	if err == nil && Kind(r.kind) == SentOut && !slices.Contains(names, d.Officer) {
		err = errNotSigned
	}
	return err
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
