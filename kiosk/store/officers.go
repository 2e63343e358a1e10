package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// Kinds of entries about officers.
const (
	OfficerSet Kind = "officer.set"    // added or changed: detail of account, by; officers with signatures, or signs where there was none to sign
	SecretSet  Kind = "officer.secret" // another PIN or card under the same key: detail officer, pin, card (besides it), alone (a card in its place), officers
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
// What an officer had open who is locked out, or may not decide any more, is given back.
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
		detail := accountOf(a).detail()
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
		if err := s.setOfficer(ctx, conn, a, now, detail); err != nil || a.Active && a.Role.May(officer.Decide) {
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
		detail := accountOf(a).detail()
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
	detail := accountOf(a).detail()
	maps.Copy(detail, more)
	_, err = s.record(ctx, conn, now, OfficerSet, "", detail)
	return err
}

// account is what an entry says of one. Whoever could exchange the half of the keys that is sealed to would read what is filed from then on, so both are
// there: one as its digest, since it is longer than an entry. The name is there as a digest with that key, which is in no entry, so that nobody finds it by trying.
type account struct {
	Officer string       `json:"officer"`
	Role    officer.Role `json:"role"`
	Active  bool         `json:"active"`
	Verify  string       `json:"verify"` // key
	Seal    string       `json:"seal"`   // digest of the other key
	Name    string       `json:"name"`   // digest
}

func accountOf(a officer.Account) account {
	name, _ := json.Marshal([]string{a.ID, a.Name, a.Public.Seal}) // texts never fail
	return account{a.ID, a.Role, a.Active, a.Public.Verify, digest([]byte(a.Public.Seal)), digest(name)}
}

func (a account) detail() map[string]any {
	return map[string]any{"officer": a.Officer, "role": string(a.Role), "active": a.Active, "verify": a.Verify, "seal": a.Seal, "name": a.Name}
}

// sameKeys reports whether b has both keys of a, or the one that an entry of before had.
func (a account) sameKeys(b account) bool {
	return a.Verify == b.Verify && (a.Seal == b.Seal || a.Seal == "")
}

// half is the account as an entry of before had it: without the key that is sealed to, and without the name. From the first entry on that has both keys
// there is none like that (Verdict.both).
func (a account) half() account {
	a.Seal, a.Name = "", ""
	return a
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
		detail := map[string]any{"officer": by.ID, "pin": locked.PIN, "card": locked.Card, "alone": locked.Or != nil}
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
		account
		By       string
		Signs    bool
		Officers []signedName
	}
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	saved := v.rescued != nil && (*v.rescued == d.account || d.Seal == "" && *v.rescued == account{Officer: d.Officer, Verify: d.Verify})
	v.rescued = nil
	if v.both = v.both || d.Seal != ""; v.both && d.Seal == "" {
		return errNotSigned
	}
	old, known := v.people[d.Officer]
	switch least, right := fourEyes, officer.ChangeKeys; {
	case saved:
	case d.By == byRecovery:
		return errNotSigned
	case known && !old.sameKeys(d.account), len(d.Officers) > 0, v.signs && v.mayAdd():
		if !known || old.sameKeys(d.account) {
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
	v.people[d.Officer] = person{d.account, seal.Public{Verify: d.Verify}}
	return nil
}

// mayAdd reports whether somebody is there who may say who works here.
func (v *Verdict) mayAdd() bool {
	for _, p := range v.people {
		if p.Active && p.Role.May(officer.SetOfficers) {
			return true
		}
	}
	return false
}

// accounts compares the officers that are there with what was signed of them last, each of them.
func (v *Verdict) accounts(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, "SELECT id, name, role, public, active FROM officer ORDER BY id")
	if err != nil {
		return err
	}
	defer rows.Close()
	var wrong error
	bad := func(what, id string) {
		wrong = errors.Join(wrong, fault.Newf(fault.StoreDamaged, "store: journal: the account of %s %s", strings.ToValidUTF8(id, "?"), what))
	}
	there := map[string]bool{}
	for rows.Next() {
		var a officer.Account
		var public string
		if err := rows.Scan(&a.ID, &a.Name, &a.Role, &public, &a.Active); err != nil {
			return err
		}
		there[a.ID] = true
		unread := json.Unmarshal([]byte(public), &a.Public)
		is, want := accountOf(a), v.people[a.ID].account
		if want.Seal == "" {
			is = is.half()
		}
		if unread != nil || want != is {
			bad("is not as the journal says", a.ID)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(v.people)) {
		if !there[id] {
			bad("is gone", id)
		}
	}
	return wrong
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
	} else {
		v.left(r.reference)
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
