package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// This file keeps the keys of what the desk looks for people by. They lie sealed to the officers like a filing. When somebody goes who could open
// them, what is written from then on has a new key; the ones of before stay for the rows that have them.
//
// To officers anybody can seal: who writes into the database would give the desk keys of their own, and read every name and number that it keeps under them
// from then on. So an officer signs for each new key in the journal, and the desk takes no other one.

// FinderSet is the kind of the entry about new keys: detail keys (digest of them as they are sealed), officers with the signature.
const FinderSet Kind = "finder.set"

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
	Entry   int64    // of the journal, about these keys; 0: of before it said so
}

// FinderKeys gives the keys, and makes one if there is none, or none that anybody can open who reads now; fault.SealShut if they are not sealed to this
// officer yet. Keys for which no officer signed are not used.
func (s *Store) FinderKeys(ctx context.Context, id *seal.Identity) (FinderKeys, error) {
	k, was, err := s.readFinderKey(ctx)
	if err != nil {
		return FinderKeys{}, err
	}
	if k == nil {
		return s.otherFinderKeys(ctx, id, was, nil)
	}
	content, err := seal.Open(k.Sealed, finderAbout, id)
	if errors.Is(err, seal.ErrShut) {
		if lost, err := s.lostFinderKey(ctx, k); err != nil {
			return FinderKeys{}, err
		} else if lost {
			return s.otherFinderKeys(ctx, id, was, nil)
		}
	}
	if err != nil {
		return FinderKeys{}, opened(err)
	}
	noted, err := s.notedFinderKey(ctx, k)
	if err != nil {
		return FinderKeys{}, err
	}
	if !noted {
		// Of before there were entries: its rows stay. Else somebody put it there.
		_, since, err := s.LastNote(ctx, FinderSet, time.Time{})
		if err != nil {
			return FinderKeys{}, err
		}
		if since {
			s.opts.Log.Warn("finder.keys-unsigned")
			clear(content)
			content = nil
		}
		return s.otherFinderKeys(ctx, id, was, content)
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

// otherFinderKeys is FinderKeys with a new key in front of those of before, in place of what was there.
func (s *Store) otherFinderKeys(ctx context.Context, id *seal.Identity, was string, before []byte) (FinderKeys, error) {
	if err := s.setFinderKey(ctx, id, was, before); err != nil {
		return FinderKeys{}, err
	}
	return s.FinderKeys(ctx, id)
}

// lostFinderKey reports whether nobody can open the keys any more who reads now.
func (s *Store) lostFinderKey(ctx context.Context, k *finderKey) (bool, error) {
	to, err := s.readers(ctx)
	if err != nil || len(to.public) == 0 {
		return false, err
	}
	now := readerDigests(to.public)
	return k.Readers != nil && !slices.ContainsFunc(k.Readers, func(r string) bool { return slices.Contains(now, r) }), nil
}

// notedFinderKey reports whether an entry speaks of these keys. Whether it is the last one, and signed, VerifyJournal says.
func (s *Store) notedFinderKey(ctx context.Context, k *finderKey) (bool, error) {
	var keys string
	err := s.db.QueryRowContext(ctx, "SELECT coalesce(json_extract(detail, '$.keys'), '') FROM journal WHERE seq = ? AND kind = ?", k.Entry, string(FinderSet)).Scan(&keys)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, failed("finder", err)
	}
	return keys == digest(k.Body), nil
}

// setFinderKey puts a new key in front of those of before, for which the officer signs, in place of what was there ("" for nothing); the rows that have other
// keys go. Where another desk came first it does nothing.
func (s *Store) setFinderKey(ctx context.Context, id *seal.Identity, was string, before []byte) error {
	to, err := s.readers(ctx)
	if err != nil {
		return err
	}
	made, err := sealFinderKey(before, to)
	if err != nil {
		return err
	}
	return s.put(ctx, func(conn *sql.Conn) error {
		var there string
		err := conn.QueryRowContext(ctx, "SELECT coalesce((SELECT value FROM meta WHERE name = 'finder'), '')").Scan(&there)
		if err != nil || there != was {
			return err
		}
		by, err := signerOf(ctx, conn, id)
		if err != nil {
			return err
		}
		if err := maySign(ctx, conn, 1, officer.ReadFilings, by); fault.CodeOf(err) == fault.SealWrong {
			return opened(seal.ErrShut) // who does not read has no use for it either
		} else if err != nil {
			return err
		}
		now := s.now().Round(0)
		detail := map[string]any{"keys": digest(made.Body)}
		if err := countersign(FinderSet, "", formatTime(now), detail, by); err != nil {
			return err
		}
		if made.Entry, err = s.record(ctx, conn, now, FinderSet, "", detail); err != nil {
			return err
		}
		text, err := json.Marshal(made)
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "INSERT INTO meta VALUES ('finder', ?) ON CONFLICT DO UPDATE SET value = excluded.value", string(text)); err != nil || len(before) > 0 {
			return err
		}
		_, err = conn.ExecContext(ctx, "DELETE FROM finder")
		return err
	})
}

// signerOf is the officer whose keys these are; nobody has the recovery key.
func signerOf(ctx context.Context, q querier, id *seal.Identity) (Signer, error) {
	all, err := readOfficers(ctx, q)
	if err != nil {
		return Signer{}, err
	}
	public := id.Public()
	for _, a := range all {
		if a.Public == public {
			return Signer{a.ID, id}, nil
		}
	}
	return Signer{Identity: id}, nil
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
	return finderKey{Sealed: made, Keyset: to.number, Readers: readerDigests(to.public)}, nil
}

func readerDigests(to []seal.Public) []string {
	all := make([]string, len(to))
	for i, p := range to {
		sum := sha256.Sum256([]byte(p.Seal))
		all[i] = hex.EncodeToString(sum[:16])
	}
	return all
}

// rewrapFinder seals the finder's keys to the present readers, if id can open them; with a new one in front if somebody is no longer among them. The recovery
// key, which signs for nothing of this, makes none: an officer does at the next sign-in.
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
	next, now := *k, readerDigests(to.public)
	if k.Readers == nil || slices.ContainsFunc(k.Readers, func(r string) bool { return !slices.Contains(now, r) }) {
		by, err := signerOf(ctx, s.db, id)
		if err != nil {
			return err
		}
		if by.ID != "" {
			noted, err := s.notedFinderKey(ctx, k)
			if err != nil || !noted { // FinderKeys sees to it
				return err
			}
			return s.setFinderKey(ctx, id, was, content)
		}
		if k.Readers != nil {
			next.Readers = append(slices.Clone(k.Readers), now...)
		}
	} else {
		next.Keyset, next.Readers = to.number, now
	}
	if next.Key, err = seal.Rewrap(k.Key, id, to.public); err != nil {
		return opened(err)
	}
	text, err := json.Marshal(next)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	return s.put(ctx, func(conn *sql.Conn) error { // another desk may have come first, and rows may have its key by now
		_, err := conn.ExecContext(ctx, "UPDATE meta SET value = ? WHERE name = 'finder' AND value = ?", string(text), was)
		return err
	})
}

// finderSet notes which keys the desk looks for people by, and that an officer signed for them.
func (v *Verdict) finderSet(r row) error {
	var d struct{ Keys string }
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	v.finder = d.Keys
	_, err := v.together(r, 1, officer.ReadFilings)
	return err
}

// finderKeys compares the keys that are there with what was signed of them last; in journals of before nothing was.
func (v *Verdict) finderKeys(ctx context.Context, tx *sql.Tx) error {
	if v.finder == "" {
		return nil
	}
	var text string
	if err := tx.QueryRowContext(ctx, "SELECT coalesce((SELECT value FROM meta WHERE name = 'finder'), '')").Scan(&text); err != nil {
		return err
	}
	var k finderKey
	if json.Unmarshal([]byte(text), &k) != nil || digest(k.Body) != v.finder {
		return fault.Newf(fault.StoreDamaged, "store: journal: the finder's keys are not what was set")
	}
	return nil
}
