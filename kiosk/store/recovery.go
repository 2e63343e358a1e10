package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// This file is the recovery key, which opens what is sealed when all officers have lost their secrets. Its secret half is on two sheets of paper (seal.Split)
// and on no disk.

// Kinds of entries about the recovery key.
const (
	RecoverySet  Kind = "recovery.set"  // detail verify, seal (digest of the other key), officers with their signatures
	RecoveryUsed Kind = "recovery.used" // let an officer in, who follows in the next entry: detail of account, signature by the recovery key
)

// byRecovery is who sets the officer whom the recovery key lets in.
const byRecovery = "recovery"

// Recovery is the public half of the recovery key; zero if there is none.
func (r *Reader) Recovery(ctx context.Context) (seal.Public, error) { return readRecovery(ctx, r.db) }

func readRecovery(ctx context.Context, q querier) (seal.Public, error) {
	var text string
	var p seal.Public
	err := q.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'recovery'").Scan(&text)
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

// SetRecovery sets the public half of the recovery key, in place of the one of before. Two officers sign, one of whom may change keys
// (fault.SealWrong). What was sealed before is sealed to it once somebody writes the keys anew (Rewrap).
func (s *Store) SetRecovery(ctx context.Context, p seal.Public, by ...Signer) error {
	if err := p.Check(); err != nil {
		return fault.New(fault.Usage, err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		if err := mayTogether(ctx, conn, officer.ChangeKeys, by); err != nil {
			return err
		}
		if err := nextKeyset(ctx, conn); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "INSERT INTO meta VALUES ('recovery', ?) ON CONFLICT DO UPDATE SET value = excluded.value", string(text)); err != nil {
			return err
		}
		now := s.now().Round(0)
		detail := map[string]any{"verify": p.Verify, "seal": digest([]byte(p.Seal))}
		if err := countersign(RecoverySet, "", formatTime(now), detail, by...); err != nil {
			return err
		}
		_, err := s.record(ctx, conn, now, RecoverySet, "", detail)
		return err
	})
}

// Recover lets an officer in with the recovery key: a new one, or one who lost the secret, with new keys. No officer signs, since none may be
// left; whoever has both sheets does. Rewrap with the same key has to follow, so that the officer reads what is there. fault.SealWrong if the key
// is not the recovery key of this office.
func (s *Store) Recover(ctx context.Context, a officer.Account, key *seal.Identity) error {
	if err := a.Check(); err != nil {
		return fault.New(fault.Usage, err)
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		ours, err := readRecovery(ctx, conn) // here: it may be replaced meanwhile, and the signature of the old one would spoil the journal
		if err != nil {
			return err
		}
		if ours == (seal.Public{}) || key.Public() != ours {
			return fault.Newf(fault.SealWrong, "store: this is not the recovery key of this office")
		}
		now := s.now().Round(0)
		one := accountOf(a)
		detail := one.detail()
		detail["signature"] = base64.StdEncoding.EncodeToString(key.Sign("journal", one.rescueMessage(formatTime(now))))
		if _, err := s.record(ctx, conn, now, RecoveryUsed, "", detail); err != nil {
			return err
		}
		return s.setOfficer(ctx, conn, a, now, map[string]any{"by": byRecovery})
	})
}

// rescueMessage is what the recovery key signs of an account that it lets in.
func (a account) rescueMessage(at string) []byte {
	text, _ := json.Marshal([]any{RecoveryUsed, at, a}) // texts never fail
	return text
}

// rescue is the recovery key as the journal knows it.
type rescue struct {
	Verify string
	Seal   string // digest
}

// recoverySet notes the recovery key.
func (v *Verdict) recoverySet(r row) error {
	var d rescue
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	if v.both && d.Seal == "" {
		return errNotSigned
	}
	v.rescue = d
	_, err := v.together(r, fourEyes, officer.ChangeKeys)
	return err
}

// recoveryUsed verifies that whoever let an officer in had the recovery key.
func (v *Verdict) recoveryUsed(r row) error {
	var d struct {
		account
		Signature string
	}
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	signature, err := base64.StdEncoding.DecodeString(d.Signature)
	message := d.rescueMessage(r.at)
	if d.Seal == "" && !v.both { // as it was signed once
		message, _ = json.Marshal([]string{string(RecoveryUsed), r.at, d.Officer, d.Verify}) // texts never fail
	}
	if err != nil || !(seal.Public{Verify: v.rescue.Verify}).Verified("journal", message, signature) {
		return errors.New("not signed with the recovery key")
	}
	v.rescued = &d.account
	return nil
}

// rescueKey compares the recovery key that is there with what was signed of it last.
func (v *Verdict) rescueKey(ctx context.Context, tx *sql.Tx) error {
	p, err := readRecovery(ctx, tx)
	if err != nil {
		return err
	}
	there := rescue{}
	if p != (seal.Public{}) {
		there = rescue{p.Verify, digest([]byte(p.Seal))}
		if v.rescue.Seal == "" { // an entry of before
			there.Seal = ""
		}
	}
	if there != v.rescue {
		return fault.Newf(fault.StoreDamaged, "store: journal: the recovery key is not what was set")
	}
	return nil
}
