package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"motcua/kiosk/fault"
	"motcua/kiosk/seal"
)

// This file keeps the keys of what the desk looks for people by. They lie sealed to the officers like a filing. When somebody goes who could open
// them, what is written from then on has a new key; the ones of before stay for the rows that have them.

// FinderKeys are the keys of the rows that the desk looks for people by.
type FinderKeys struct {
	Keys   [][]byte // of 32 bytes, the newest first: new rows have it
	Keyset int      // of which readers they are, see Keyset
}

const (
	finderAbout    = "finder" // what the keys are bound to
	finderKeyBytes = 32
	maxFinderKeys  = 1000
)

// finderKey is how the keys lie in the table meta.
type finderKey struct {
	seal.Sealed
	Keyset  int
	Readers []string // digests of the public keys they are sealed to; nil: of before this was noted
}

// FinderKeys gives the keys, and makes one if there is none, or none that anybody can open who reads now; fault.SealShut if they are not sealed to this
// officer yet.
func (s *Store) FinderKeys(ctx context.Context, id *seal.Identity) (FinderKeys, error) {
	k, was, err := s.readFinderKey(ctx)
	if err == nil && k == nil {
		if err = s.newFinderKey(ctx); err == nil {
			k, _, err = s.readFinderKey(ctx)
		}
	}
	if err != nil {
		return FinderKeys{}, err
	}
	content, err := seal.Open(k.Sealed, finderAbout, id)
	if errors.Is(err, seal.ErrShut) {
		if again, err := s.replaceFinderKey(ctx, k, was); err != nil {
			return FinderKeys{}, err
		} else if again {
			return s.FinderKeys(ctx, id)
		}
	}
	if err != nil {
		return FinderKeys{}, opened(err)
	}
	if len(content) == 0 || len(content)%finderKeyBytes != 0 {
		return FinderKeys{}, fault.Newf(fault.StoreDamaged, "store: the finder's keys have %d bytes", len(content))
	}
	return FinderKeys{slices.Collect(slices.Chunk(content, finderKeyBytes)), k.Keyset}, nil
}

// FinderKeyset is for which readers the finder's keys are sealed now; zero if there are none.
func (s *Store) FinderKeyset(ctx context.Context) (int, error) {
	k, _, err := s.readFinderKey(ctx)
	if err != nil || k == nil {
		return 0, err
	}
	return k.Keyset, nil
}

// readFinderKey gives the keys as they lie there, also as text; nil if there are none.
func (s *Store) readFinderKey(ctx context.Context) (*finderKey, string, error) {
	var text string
	err := s.db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'finder'").Scan(&text)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, "", nil
	case err != nil:
		return nil, "", failed("finder", err)
	}
	k := &finderKey{}
	if json.Unmarshal([]byte(text), k) != nil {
		return nil, "", fault.Newf(fault.StoreDamaged, "store: the finder's keys cannot be read")
	}
	return k, text, nil
}

func (s *Store) newFinderKey(ctx context.Context) error {
	to, err := s.readers(ctx)
	if err != nil {
		return err
	}
	made, err := sealFinderKey(nil, to)
	if err != nil {
		return err
	}
	return s.writeFinderKey(ctx, "INSERT OR IGNORE INTO meta VALUES ('finder', ?)", made)
}

// replaceFinderKey puts a new key in the place of keys that nobody can open any more who reads now, and drops the rows that have those; done is false if
// somebody can.
func (s *Store) replaceFinderKey(ctx context.Context, k *finderKey, was string) (done bool, err error) {
	to, err := s.readers(ctx)
	if err != nil || len(to.public) == 0 {
		return false, err
	}
	now := readerDigests(to.public)
	if k.Readers == nil || slices.ContainsFunc(k.Readers, func(r string) bool { return slices.Contains(now, r) }) {
		return false, nil
	}
	made, err := sealFinderKey(nil, to)
	if err != nil {
		return false, err
	}
	text, err := json.Marshal(made)
	if err != nil {
		return false, fault.New(fault.Internal, err)
	}
	return true, s.put(ctx, func(conn *sql.Conn) error {
		set, err := conn.ExecContext(ctx, "UPDATE meta SET value = ? WHERE name = 'finder' AND value = ?", string(text), was)
		if err != nil {
			return err
		}
		if n, err := set.RowsAffected(); err != nil || n == 0 {
			return err // another desk came first
		}
		_, err = conn.ExecContext(ctx, "DELETE FROM finder")
		return err
	})
}

// sealFinderKey seals a new key in front of those of before.
func sealFinderKey(before []byte, to keyset) (finderKey, error) {
	key, err := seal.Secret32()
	if err != nil {
		return finderKey{}, fault.New(fault.Internal, err)
	}
	defer clear(key)
	all := slices.Concat(key, before[:min(len(before), (maxFinderKeys-1)*finderKeyBytes)])
	defer clear(all)
	made, err := seal.Seal(all, finderAbout, to.public)
	if err != nil {
		return finderKey{}, fault.New(fault.SealNobody, err)
	}
	return finderKey{made, to.number, readerDigests(to.public)}, nil
}

func readerDigests(to []seal.Public) []string {
	all := make([]string, len(to))
	for i, p := range to {
		sum := sha256.Sum256([]byte(p.Seal))
		all[i] = hex.EncodeToString(sum[:16])
	}
	return all
}

// rewrapFinder seals the finder's keys to the present readers, if id can open them; with a new one in front if somebody is no longer among them.
func (s *Store) rewrapFinder(ctx context.Context, id *seal.Identity, to keyset) error {
	k, was, err := s.readFinderKey(ctx)
	if err != nil || k == nil || k.Keyset >= to.number {
		return err
	}
	content, err := seal.Open(k.Sealed, finderAbout, id)
	if errors.Is(err, seal.ErrShut) {
		return nil
	}
	if err != nil {
		return opened(err)
	}
	defer clear(content)
	next := *k
	next.Keyset, next.Readers = to.number, readerDigests(to.public)
	if k.Readers == nil || slices.ContainsFunc(k.Readers, func(r string) bool { return !slices.Contains(next.Readers, r) }) {
		next, err = sealFinderKey(content, to)
	} else if next.Key, err = seal.Rewrap(k.Key, id, to.public); err != nil {
		err = opened(err)
	}
	if err != nil {
		return err
	}
	// Another desk may have come first, and rows may have its key by now.
	return s.writeFinderKey(ctx, "UPDATE meta SET value = ? WHERE name = 'finder' AND value = ?", next, was)
}

func (s *Store) writeFinderKey(ctx context.Context, set string, k finderKey, more ...any) error {
	text, err := json.Marshal(k)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, set, append([]any{string(text)}, more...)...)
		return err
	})
}
