package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
)

// Kinds of entries about whose signatures on chips the office believes, which lies in a file beside the database.
const (
	TrustAdded   Kind = "trust.added"   // detail officer, fingerprint, kind (csca, signer, crl), vouched; officers with the signature
	TrustRemoved Kind = "trust.removed" // likewise
)

// NoteTrust journals that an officer added or removed an entry of what is trusted, named by its fingerprint, with the officer's signature.
// fault.SealWrong if the officer may not.
func (s *Store) NoteTrust(ctx context.Context, what Kind, fingerprint, kind, vouched string, by Signer) error {
	if what != TrustAdded && what != TrustRemoved {
		return fault.Newf(fault.Internal, "store: %.20q is nothing about trust", string(what))
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		if err := maySign(ctx, conn, 1, officer.SetTrust, by); err != nil {
			return err
		}
		now := s.now().Round(0)
		detail := map[string]any{"officer": by.ID, "fingerprint": fingerprint, "kind": kind, "vouched": vouched}
		if err := countersign(what, "", formatTime(now), detail, by); err != nil {
			return err
		}
		_, err := s.record(ctx, conn, now, what, "", detail)
		return err
	})
}

// trustSet verifies that whoever changed what is trusted might, and notes what is.
func (v *Verdict) trustSet(r row) error {
	var d struct{ Officer, Fingerprint string }
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	if v.Trusted[d.Fingerprint] = true; Kind(r.kind) == TrustRemoved {
		delete(v.Trusted, d.Fingerprint)
	}
	names, err := v.together(r, 1, officer.SetTrust)
	if err == nil && (len(names) != 1 || names[0] != d.Officer) {
		err = errNotSigned
	}
	return err
}
