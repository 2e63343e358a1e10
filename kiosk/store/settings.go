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
	"motcua/kiosk/setting"
)

// This file is what a head decides for the whole office (kiosk/setting). Each decision is an entry that the head signs; what holds lies in the
// table besides, so that a kiosk reads it in no time, and VerifyJournal holds one against the other.

// SettingSet is the kind of the entry: detail officer, name, value ("" takes a decision back), was (digest of the value before, absent if there
// was none), officers with the signature.
const SettingSet Kind = "setting.set"

// Setting is a decision that holds.
type Setting struct {
	Name    setting.Name `json:"name"`
	Value   string       `json:"value"`
	Officer string       `json:"officer"` // id of who decided
	At      time.Time    `json:"at"`
}

// Settings lists the decisions that hold, by name.
func (r *Reader) Settings(ctx context.Context) ([]Setting, error) {
	rows, err := r.db.QueryContext(ctx, "SELECT name, value, officer, at FROM setting ORDER BY name")
	if err != nil {
		return nil, failed("settings", err)
	}
	defer rows.Close()
	var all []Setting
	for rows.Next() {
		var one Setting
		var at string
		if err := rows.Scan(&one.Name, &one.Value, &one.Officer, &at); err != nil {
			return nil, failed("settings", err)
		}
		if one.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return nil, fault.Newf(fault.StoreDamaged, "store: the time of a setting cannot be read")
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, failed("settings", err)
	}
	return all, nil
}

// SetOf is a list of decisions as kiosk/setting wants it.
func SetOf(all []Setting) setting.Set {
	set := setting.Set{}
	for _, one := range all {
		set[one.Name] = one.Value
	}
	return set
}

// Set keeps decisions of an officer who may decide them, all or none; an empty value takes one back, and what holds already is left as it is.
// fault.Usage for a name or value that cannot be, or too many of them; fault.SealWrong if the officer may not.
func (s *Store) Set(ctx context.Context, changes setting.Set, by Signer) error {
	for n, value := range changes {
		if err := setting.Check(n, value); err != nil {
			return fault.New(fault.Usage, err)
		}
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		now := s.now().Round(0)
		for _, n := range slices.Sorted(maps.Keys(changes)) {
			if err := maySign(ctx, conn, 1, n.Right(), by); err != nil {
				return err
			}
			if err := s.set(ctx, conn, now, n, changes[n], by); err != nil {
				return err
			}
		}
		var n int
		if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM setting").Scan(&n); err != nil {
			return err
		}
		if n > setting.MaxSet {
			return fault.Newf(fault.Usage, "store: %d settings are too many", n)
		}
		return nil
	})
}

func (s *Store) set(ctx context.Context, conn *sql.Conn, now time.Time, n setting.Name, value string, by Signer) error {
	was := sql.NullString{}
	err := conn.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = ?", string(n)).Scan(&was)
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return err
	case was.String == value: // no value is empty
		return nil
	case value == "":
		_, err = conn.ExecContext(ctx, "DELETE FROM setting WHERE name = ?", string(n))
	default:
		const put = `INSERT INTO setting VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, officer = excluded.officer, at = excluded.at`
		_, err = conn.ExecContext(ctx, put, string(n), value, by.ID, formatTime(now))
	}
	if err != nil {
		return err
	}
	detail := map[string]any{"officer": by.ID, "name": string(n), "value": value}
	if was.Valid {
		detail["was"] = digest([]byte(was.String))
	}
	if err := countersign(SettingSet, "", formatTime(now), detail, by); err != nil {
		return err
	}
	_, err = s.record(ctx, conn, now, SettingSet, "", detail)
	return err
}

// decision is a setting as the journal has it.
type decision struct{ value, officer, at string }

// settingSet verifies that whoever decided might, and notes what holds.
func (v *Verdict) settingSet(r row) error {
	var d struct{ Officer, Name, Value, Was string }
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	names, err := v.together(r, 1, setting.Name(d.Name).Right())
	if err != nil {
		return err
	}
	old, held := v.settings[d.Name]
	switch {
	case len(names) != 1 || names[0] != d.Officer:
		return errNotSigned
	case held != (d.Was != ""), held && digest([]byte(old.value)) != d.Was:
		return errors.New("the setting before it was another one")
	case d.Value == "":
		delete(v.settings, d.Name)
	default:
		v.settings[d.Name] = decision{d.Value, d.Officer, r.at}
	}
	return nil
}

// office compares what the journal says of settings with what is there.
func (v *Verdict) office(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, "SELECT name, value, officer, at FROM setting")
	if err != nil {
		return err
	}
	defer rows.Close()
	there := 0
	for ; rows.Next(); there++ {
		var name string
		var is decision
		if err := rows.Scan(&name, &is.value, &is.officer, &is.at); err != nil {
			return err
		}
		if v.settings[name] != is {
			return fault.Newf(fault.StoreDamaged, "store: journal: the setting %s is not what was decided", strings.ToValidUTF8(name, "?"))
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if there != len(v.settings) {
		return fault.Newf(fault.StoreDamaged, "store: journal: %d settings were decided, %d are there", len(v.settings), there)
	}
	return nil
}
