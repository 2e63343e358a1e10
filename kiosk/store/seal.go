package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// Kinds of entries about keys.
const (
	Resealed  Kind = "filing.sealed"    // one of before was sealed: detail content, the digest that holds now
	Destroyed Kind = "filing.destroyed" // its key is gone, its content noise: detail by, reason
)

// How a filing's content lies there, column sealed.
const (
	contentOpen      = 0
	contentSealed    = 1
	contentDestroyed = 2
)

// sealed is a draft as it is written.
type sealed struct {
	seal.Sealed
	tag []byte
}

// seal seals a draft to everybody who reads. The draft's key is bound to it.
func (s *Store) seal(ctx context.Context, draft filing.Draft) (sealed, error) {
	content, err := draft.Content()
	if err != nil {
		return sealed{}, fault.New(fault.Internal, fmt.Errorf("store: content: %w", err))
	}
	defer clear(content)
	if len(content) > maxContent {
		return sealed{}, fault.Newf(fault.Internal, "store: the content has %d bytes", len(content))
	}
	to, err := s.recipients(ctx)
	if err != nil {
		return sealed{}, err
	}
	return s.sealTo(content, draft.Key, string(draft.Applicant.Number), to)
}

func (s *Store) sealTo(content []byte, key, number string, to []seal.Public) (sealed, error) {
	if len(to) == 0 {
		return sealed{}, fault.New(fault.SealNobody, seal.ErrNobody)
	}
	body, err := seal.Seal(content, key, to)
	if err != nil {
		return sealed{}, fault.New(fault.Internal, err)
	}
	out := sealed{Sealed: body}
	if s.tag != nil && number != "" {
		out.tag = s.tag(number)
	}
	return out, nil
}

// recipients are the officers who read, the recovery key, and those of the options.
func (s *Store) recipients(ctx context.Context) ([]seal.Public, error) {
	all, err := s.Officers(ctx)
	if err != nil {
		return nil, err
	}
	to := append(officer.Recipients(all), s.opts.Recipients...)
	recovery, err := s.Recovery(ctx)
	if err != nil {
		return nil, err
	}
	if recovery != (seal.Public{}) {
		to = append(to, recovery)
	}
	return to, nil
}

// Ready reports whether there is somebody to seal to: without an officer nothing can be filed.
func (s *Store) Ready(ctx context.Context) (bool, error) {
	to, err := s.recipients(ctx)
	return len(to) > 0, err
}

// openTags makes what makes tags, with the salt of this installation.
func (s *Store) openTags(ctx context.Context) error {
	if s.opts.Tag == nil {
		return nil
	}
	fresh, err := seal.Salt()
	if err != nil {
		return failed("salt", err)
	}
	// Whichever station comes first makes it.
	err = s.transact(ctx, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, "INSERT OR IGNORE INTO meta VALUES ('salt', ?)", hex.EncodeToString(fresh))
		return err
	})
	if err != nil {
		return err
	}
	var text string
	if err := s.conn.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'salt'").Scan(&text); err != nil {
		return failed("salt", err)
	}
	salt, err := hex.DecodeString(text)
	if err != nil || len(salt) != seal.SaltLen {
		return fault.Newf(fault.StoreDamaged, "store: the salt cannot be read")
	}
	s.tag = s.opts.Tag(salt)
	return nil
}

// Read gives the filing of a number whole, opened with an officer's identity. The errors are those of Get, and fault.SealShut if it
// is sealed to others or its key was destroyed.
func (r *Reader) Read(ctx context.Context, number string, id *seal.Identity) (filing.Filing, error) {
	column, value, err := lookup(number)
	if err != nil {
		return filing.Filing{}, fault.New(fault.NotFound, err)
	}
	var lies int
	var c seal.Sealed
	query := "SELECT " + filingColumns + ", content, seal, sealed FROM filing WHERE " + column + " = ? ORDER BY id DESC LIMIT 1"
	f, err := scanFiling(r.db.QueryRowContext(ctx, query, value), &c.Body, &c.Key, &lies)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return filing.Filing{}, fault.Newf(fault.NotFound, "store: no filing has this number")
	case err != nil:
		return filing.Filing{}, failed("read", err)
	}
	content := c.Body
	if lies != contentOpen {
		if content, err = seal.Open(c, f.Key, id); err != nil {
			return filing.Filing{}, opened(err)
		}
		defer clear(content)
	}
	if err := json.Unmarshal(content, &f.Draft); err != nil {
		// The decoder's own words may hold what it read.
		return filing.Filing{}, fault.Newf(fault.StoreDamaged, "store: the content of a filing cannot be read")
	}
	return f, nil
}

// opened gives an error of package seal its code.
func opened(err error) error {
	if errors.Is(err, seal.ErrShut) {
		return fault.New(fault.SealShut, err)
	}
	return fault.New(fault.StoreDamaged, err)
}

// sealOld seals what was filed before there was a seal, as soon as there is somebody to seal to. What stood open is written over.
func (s *Store) sealOld(ctx context.Context) error {
	to, err := s.recipients(ctx)
	if err != nil || len(to) == 0 {
		return err
	}
	for count := 0; ; count++ {
		var id int64
		var ref, key string
		var content []byte
		// The number stands in the query because only so SQLite takes the index that has these alone.
		err := s.conn.QueryRowContext(ctx, "SELECT id, reference, key, content FROM filing WHERE sealed = 0 LIMIT 1").Scan(&id, &ref, &key, &content)
		if errors.Is(err, sql.ErrNoRows) {
			if count == 0 {
				return nil
			}
			if _, err := s.conn.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
				return s.failed("checkpoint", err)
			}
			return nil
		}
		if err != nil {
			return failed("seal", err)
		}
		var draft filing.Draft
		if err := json.Unmarshal(content, &draft); err != nil {
			return fault.Newf(fault.StoreDamaged, "store: the content of a filing cannot be read")
		}
		made, err := s.sealTo(content, key, string(draft.Applicant.Number), to)
		if err != nil {
			return err
		}
		err = s.transact(ctx, func(conn *sql.Conn) error {
			const set = "UPDATE filing SET content = ?, seal = ?, sealed = ?, tag = ? WHERE id = ?"
			if _, err := conn.ExecContext(ctx, set, made.Body, made.Key, contentSealed, made.tag, id); err != nil {
				return err
			}
			_, err := s.record(ctx, conn, s.now(), Resealed, ref, map[string]any{"content": digest(made.Body)})
			return err
		})
		if err != nil {
			return err
		}
	}
}
