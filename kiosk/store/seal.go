package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/seal"
)

// Kinds of entries about keys.
const (
	Resealed Kind = "filing.sealed" // one of before was sealed: detail content, the digest that holds now
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
	tag    []byte
	keyset int // whom it is sealed to
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
	to, err := s.readers(ctx)
	if err != nil {
		return sealed{}, err
	}
	return sealTo(content, draft.Key, to)
}

func sealTo(content []byte, key string, to keyset) (sealed, error) {
	if len(to.public) == 0 {
		return sealed{}, fault.New(fault.SealNobody, seal.ErrNobody)
	}
	body, err := seal.Seal(content, key, to.public)
	if err != nil {
		return sealed{}, fault.New(fault.Internal, err)
	}
	return sealed{Sealed: body, keyset: to.number}, nil
}

// Ready reports whether there is somebody to seal to: without an officer nothing can be filed.
func (s *Store) Ready(ctx context.Context) (bool, error) {
	to, err := s.readers(ctx)
	return len(to.public) > 0, err
}

// Read gives the filing of a number whole, opened with an officer's identity. The errors are those of Get, fault.SealShut if it
// is sealed to others, and fault.SealDestroyed if its time is over.
func (r *Reader) Read(ctx context.Context, number string, id *seal.Identity) (filing.Filing, error) {
	column, value, err := lookup(number)
	if err != nil {
		return filing.Filing{}, fault.New(fault.NotFound, err)
	}
	var lies int
	var c seal.Sealed
	query := "SELECT " + filingColumns + ", body, k.key, sealed FROM filing f JOIN content c ON c.filing = f.id LEFT JOIN key k ON k.filing = f.id WHERE " +
		column + " = ? ORDER BY f.id DESC LIMIT 1"
	f, err := scanFiling(r.db.QueryRowContext(ctx, query, value), &c.Body, &c.Key, &lies)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return filing.Filing{}, fault.Newf(fault.NotFound, "store: no filing has this number")
	case err != nil:
		return filing.Filing{}, failed("read", err)
	}
	content := c.Body
	switch lies {
	case contentOpen:
	case contentDestroyed:
		return filing.Filing{}, errDestroyed()
	default:
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

// ReadOut is the kind of the entry when an officer had a filing shown without taking it: detail officer.
const ReadOut Kind = "filing.read"

// NoteRead journals that an officer has a filing shown. At the desk this is Taken: nobody sees a filing there without having it.
func (s *Store) NoteRead(ctx context.Context, ref filing.Reference, by string) error {
	return s.put(ctx, func(conn *sql.Conn) error {
		_, err := s.record(ctx, conn, s.now(), ReadOut, ref.String(), map[string]any{"officer": by})
		return err
	})
}

// errDestroyed is what is left to say of a filing whose time is over.
func errDestroyed() error {
	return fault.Newf(fault.SealDestroyed, "store: the time of this filing is over, its key was destroyed")
}

// opened gives an error of package seal its code.
func opened(err error) error {
	if errors.Is(err, seal.ErrShut) {
		return fault.New(fault.SealShut, err)
	}
	return fault.New(fault.StoreDamaged, err)
}

// sealOld seals what was filed before there was a seal, as soon as there is somebody to seal to. What stood open is written over. What is not what was
// filed stays as it is, for VerifyJournal to find: sealed, it would look as if it were.
func (s *Store) sealOld(ctx context.Context) error {
	to, err := s.readers(ctx)
	if err != nil || len(to.public) == 0 {
		return err
	}
	var id int64
	for count := 0; ; {
		var ref, key string
		var content []byte
		// The number stands in the query because only so SQLite takes the index that has these alone.
		err := s.conn.QueryRowContext(ctx, "SELECT id, reference, f.key, body FROM filing f JOIN content ON filing = id WHERE sealed = 0 AND id > ? ORDER BY id LIMIT 1", id).Scan(&id, &ref, &key, &content)
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
		if ok, err := s.wasFiled(ctx, ref, content); err != nil {
			return failed("seal", err)
		} else if !ok {
			s.opts.Log.Warn("store.not-sealed", "reference", ref)
			continue
		}
		count++
		var draft filing.Draft
		if err := json.Unmarshal(content, &draft); err != nil {
			return fault.Newf(fault.StoreDamaged, "store: the content of a filing cannot be read")
		}
		made, err := sealTo(content, key, to)
		if err != nil {
			return err
		}
		if who := draft.Applicant.Tagged(); s.tag != nil && who != "" {
			made.tag = s.tag(who)
		}
		err = s.transact(ctx, func(conn *sql.Conn) error {
			const set = "UPDATE filing SET sealed = ?, tag = ?, keyset = ? WHERE id = ? AND sealed = 0"
			done, err := conn.ExecContext(ctx, set, contentSealed, made.tag, made.keyset, id)
			if err != nil {
				return err
			}
			if n, err := done.RowsAffected(); err != nil || n == 0 {
				return err // another station came first
			}
			if err := putContent(ctx, conn, ref, made); err != nil {
				return err
			}
			_, err = s.record(ctx, conn, s.now(), Resealed, ref, map[string]any{"content": digest(made.Body)})
			return err
		})
		if err != nil {
			return err
		}
	}
}

// wasFiled reports whether the journal says of an open content that it was filed.
func (s *Store) wasFiled(ctx context.Context, ref string, content []byte) (bool, error) {
	var filed string
	const query = "SELECT coalesce(json_extract(detail, '$.content'), '') FROM journal WHERE reference = ? AND reference <> '' AND kind = ?"
	err := s.conn.QueryRowContext(ctx, query, ref, string(Filed)).Scan(&filed)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return filed == digest(content), err
}
