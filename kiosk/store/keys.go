package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// This file is about whom things are sealed to. Officers come and go; the set of readers has a number that counts up with it, and every
// key says for which set it was made. A key of an older set is written anew by whoever can open it: a desk with a signed-in officer.

// Rewrapped is the kind of the entry when all that an officer can open is sealed to the present readers: detail officer, keyset, keys.
const Rewrapped Kind = "keys.rewrapped"

// keyset is who reads.
type keyset struct {
	number int
	public []seal.Public
}

// readers are the officers who read, the recovery key, and those of the options.
func (s *Store) readers(ctx context.Context) (keyset, error) {
	var to keyset
	var err error
	// The number first: who comes in between is then left out of a key that says so.
	if to.number, err = s.keysetNumber(ctx, s.db); err != nil {
		return to, failed("keyset", err)
	}
	all, err := s.Officers(ctx)
	if err != nil {
		return to, err
	}
	to.public = append(officer.Recipients(all), s.opts.Recipients...)
	recovery, err := s.Recovery(ctx)
	if err != nil {
		return to, err
	}
	if recovery != (seal.Public{}) {
		to.public = append(to.public, recovery)
	}
	return to, nil
}

func (r *Reader) keysetNumber(ctx context.Context, q querier) (n int, err error) {
	err = q.QueryRowContext(ctx, "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'keyset'), 0)").Scan(&n)
	return n, err
}

// Keyset is the number of the present set of readers.
func (r *Reader) Keyset(ctx context.Context) (int, error) {
	n, err := r.keysetNumber(ctx, r.db)
	if err != nil {
		return 0, failed("keyset", err)
	}
	return n, nil
}

// nextKeyset makes every key of before one to be written anew.
func nextKeyset(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "INSERT INTO meta VALUES ('keyset', '1') ON CONFLICT DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)")
	return err
}

// Stale is how many filings have a key for readers of before.
func (r *Reader) Stale(ctx context.Context) (n int, err error) {
	now, err := r.keysetNumber(ctx, r.db)
	if err == nil {
		err = r.db.QueryRowContext(ctx, "SELECT count(*) FROM filing WHERE sealed = 1 AND keyset < ?", now).Scan(&n)
	}
	if err != nil {
		return 0, failed("keyset", err)
	}
	return n, nil
}

// Rewrap writes the keys of up to limit filings anew that were made for readers of before, of the filing numbered after on, and those of their
// decisions and pictures; with after zero the finder's keys come first. It gives where to go on; zero once there is nothing more. What the identity cannot open
// stays for another officer.
func (s *Store) Rewrap(ctx context.Context, id *seal.Identity, after int64, limit int) (next int64, err error) {
	to, err := s.readers(ctx)
	if err != nil || len(to.public) == 0 {
		return 0, err
	}
	if after == 0 {
		if err := s.rewrapFinder(ctx, id, to); err != nil {
			return 0, err
		}
	}
	old, err := s.stale(ctx, to.number, after, limit)
	if err != nil || len(old) == 0 {
		return 0, err
	}
	for i := range old {
		next = old[i].id
		if err := old[i].rewrap(id, to.public, s.opts.Log); err != nil {
			return 0, err
		}
	}
	release, err := s.acquire(ctx)
	if err != nil {
		return 0, err
	}
	defer release()
	return next, s.transact(ctx, func(conn *sql.Conn) error { return writeKeys(ctx, conn, old, to.number) })
}

// stale are keys to write anew: of a filing, and by number of its decisions and pictures.
type stale struct {
	id        int64
	reference string
	key       []byte
	words     map[int][]byte
	pictures  map[int][]byte
	shut      bool // for this officer, or damaged
}

func (s *Store) stale(ctx context.Context, keyset int, after int64, limit int) ([]stale, error) {
	const query = "SELECT id, reference, k.key FROM filing JOIN key k ON filing = id WHERE sealed = 1 AND keyset < ? AND id > ? ORDER BY id LIMIT ?"
	rows, err := s.db.QueryContext(ctx, query, keyset, after, limit)
	if err != nil {
		return nil, failed("keys", err)
	}
	defer rows.Close()
	var all []stale
	for rows.Next() {
		o := stale{words: map[int][]byte{}, pictures: map[int][]byte{}}
		if err := rows.Scan(&o.id, &o.reference, &o.key); err != nil {
			return nil, failed("keys", err)
		}
		all = append(all, o)
	}
	if err := rows.Err(); err != nil {
		return nil, failed("keys", err)
	}
	for _, o := range all {
		err := s.staleOf(ctx, o.words, "SELECT number, seal FROM decision WHERE reference = ? AND seal IS NOT NULL", o.reference)
		if err == nil {
			err = s.staleOf(ctx, o.pictures, "SELECT number, seal FROM picture WHERE reference = ? AND seal IS NOT NULL", o.reference)
		}
		if err != nil {
			return nil, failed("keys", err)
		}
	}
	return all, nil
}

func (s *Store) staleOf(ctx context.Context, keys map[int][]byte, query, reference string) error {
	rows, err := s.db.QueryContext(ctx, query, reference)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number int
		var key []byte
		if err := rows.Scan(&number, &key); err != nil {
			return err
		}
		keys[number] = key
	}
	return rows.Err()
}

// rewrap makes the new keys. One that is damaged stays as it is, for a backup to mend: the others must not wait for it.
func (o *stale) rewrap(id *seal.Identity, to []seal.Public, log *slog.Logger) error {
	var err error
	o.key, err = seal.Rewrap(o.key, id, to)
	for _, keys := range []map[int][]byte{o.words, o.pictures} {
		for number, key := range keys {
			if err == nil {
				keys[number], err = seal.Rewrap(key, id, to)
			}
		}
	}
	switch {
	case errors.Is(err, seal.ErrShut):
	case errors.Is(err, seal.ErrChanged):
		log.Warn("store.rewrap", "filing", o.id, "code", fault.StoreDamaged, "err", err)
	case err != nil:
		return fault.New(fault.Internal, err)
	}
	o.shut = err != nil
	return nil
}

func writeKeys(ctx context.Context, conn *sql.Conn, all []stale, keyset int) error {
	for _, o := range all {
		if o.shut {
			continue
		}
		// Another desk may have destroyed it, or come first.
		const mine = "UPDATE filing SET keyset = ?1 WHERE id = ?2 AND sealed = 1 AND keyset < ?1"
		done, err := conn.ExecContext(ctx, mine, keyset, o.id)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			if err != nil {
				return err
			}
			continue
		}
		if _, err := conn.ExecContext(ctx, "UPDATE key SET key = ? WHERE filing = ?", o.key, o.id); err != nil {
			return err
		}
		for table, keys := range map[string]map[int][]byte{"decision": o.words, "picture": o.pictures} {
			for number, key := range keys {
				set := "UPDATE " + table + " SET seal = ?1, keyset = ?2 WHERE reference = ?3 AND number = ?4 AND seal IS NOT NULL AND keyset < ?2"
				if _, err := conn.ExecContext(ctx, set, key, keyset, o.reference, number); err != nil {
					return err
				}
			}
		}
		// A decision or picture that was made meanwhile may be sealed to the readers of before.
		const least = `UPDATE filing SET keyset = min(?1, (SELECT coalesce(min(keyset), ?1) FROM decision d WHERE d.reference = filing.reference AND d.seal IS NOT NULL),
			(SELECT coalesce(min(keyset), ?1) FROM picture p WHERE p.reference = filing.reference AND p.seal IS NOT NULL)) WHERE id = ?2`
		if _, err := conn.ExecContext(ctx, least, keyset, o.id); err != nil {
			return err
		}
	}
	return nil
}

// NoteRewrapped journals that an officer's desk wrote keys anew.
func (s *Store) NoteRewrapped(ctx context.Context, by string, keys int) error {
	n, err := s.keysetNumber(ctx, s.db)
	if err != nil {
		return failed("keyset", err)
	}
	return s.Note(ctx, string(Rewrapped), map[string]string{"officer": by, "keyset": fmt.Sprint(n), "keys": fmt.Sprint(keys)})
}
