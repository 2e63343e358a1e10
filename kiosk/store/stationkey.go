package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"motcua/kiosk/fault"
)

// This file signs the journal. Each station has a key of its own beside the database; its public half stands in the journal (station.key),
// and every entry of the station from there on is signed. Who has only the database cannot make entries, nor make the chain anew.
//
// A chain that is cut off at its end is still a chain. So every station keeps a mark beside the database of the last entry that it saw on disk
// (seq, hash, signature). The mark is written after the commit and not synced: after a power cut it may be older than the journal, and a journal
// that is older than a mark was cut. Who takes the end away together with all marks is found by the number and hash on a sheet of paper
// (the sheet that ends a day) or at the hub: VerifyJournal takes such an anchor.

// StationKey is the kind of the entry that names a station's key: detail verify, replaces (the key before, if it was lost).
const StationKey Kind = "station.key"

// JournalCut is the kind of the entry that says that entries are gone which the station saw on disk: detail seq and hash of the last of them.
const JournalCut Kind = "journal.cut"

// Names in the data directory.
const (
	keyName  = "key-"  // and the station
	markName = "mark-" // and the station
)

// entryContext keeps the signature of an entry from meaning anything elsewhere.
const entryContext = "motcua journal entry 1"

func entryMessage(hash []byte) []byte { return append([]byte(entryContext+"\x00"), hash...) }

// openKey reads this station's key, or makes one, and sees to it that the journal names it.
func (s *Store) openKey(ctx context.Context) error {
	key, err := s.stationKey()
	if err != nil {
		return err
	}
	err = s.transact(ctx, func(conn *sql.Conn) error { return s.nameKey(ctx, conn, key) })
	s.own = key
	if err != nil {
		return err
	}
	return s.noteCut(ctx)
}

// stationKey reads this station's key, or makes one.
func (s *Store) stationKey() (ed25519.PrivateKey, error) {
	path := filepath.Join(s.dir, keyName+s.opts.Station)
	seed, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if seed, err = s.newKey(path); err != nil {
			return nil, failed("station key", err)
		}
	} else if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// nameKey signs from here on with a key, which the journal names, unless it does already. It is the first entry that is signed with it: that the
// clock was set back comes after, and this one has the time of the entry before.
func (s *Store) nameKey(ctx context.Context, conn *sql.Conn, key ed25519.PrivateKey) error {
	public := base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	old, err := lastKey(ctx, conn, s.opts.Station)
	if err != nil {
		return err
	}
	if s.own = key; old == public {
		return nil
	}
	detail := map[string]any{"verify": public}
	if old != "" {
		detail["replaces"] = old
		s.opts.Log.Warn("station.key-replaced")
	}
	now := s.now()
	last, err := lastTime(ctx, conn)
	if err != nil {
		return err
	}
	at := now
	if last.After(at) {
		at = last
	}
	if _, err := s.append(ctx, conn, at, StationKey, "", detail); err != nil {
		return err
	}
	return s.clockBack(ctx, conn, now, at)
}

// noteCut journals that entries are gone which this station saw on disk: the database came from a backup, or somebody cut it.
func (s *Store) noteCut(ctx context.Context) error {
	marks, err := readMarkFiles(s.dir)
	if err != nil {
		return failed("mark", err)
	}
	m, ok := marks[s.opts.Station]
	if !ok {
		return nil
	}
	var hash []byte
	err = s.conn.QueryRowContext(ctx, "SELECT hash FROM journal WHERE seq = ?", m.Seq).Scan(&hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return failed("mark", err)
	}
	if bytes.Equal(hash, m.Hash) {
		return nil
	}
	s.opts.Log.Warn("journal.cut", "seq", m.Seq)
	return s.transact(ctx, func(conn *sql.Conn) error {
		_, err := s.record(ctx, conn, s.now(), JournalCut, "", map[string]any{"seq": m.Seq, "hash": hex.EncodeToString(m.Hash)})
		return err
	})
}

// readKey reads a key's seed; a file that is none is an error and stays: whoever finds it decides.
func readKey(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fault.Newf(fault.StoreDamaged, "store: the station's key cannot be read")
	}
	return seed, nil
}

// newKey makes a key and puts it on disk, durably, before anything is signed with it.
func (s *Store) newKey(path string) ([]byte, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := s.opts.Rand.Read(seed); err != nil {
		return nil, err
	}
	text := base64.StdEncoding.EncodeToString(seed) + "\n"
	return seed, writeDurably(path, []byte(text))
}

// writeDurably puts a file in its place: all of it, or nothing.
func writeDurably(path string, text []byte) error {
	temp := path + ".tmp"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, privateFile)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// selectKey is for lastKey. It says StationKey in words: only so does SQLite see that the index of these entries will do.
const selectKey = "SELECT detail FROM journal WHERE kind = 'station.key' AND station = ? ORDER BY seq DESC LIMIT 1"

// lastKey is the key that the journal names for a station, "" for none.
func lastKey(ctx context.Context, q querier, station string) (string, error) {
	var detail string
	err := q.QueryRowContext(ctx, selectKey, station).Scan(&detail)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var named struct{ Verify string }
	if err := json.Unmarshal([]byte(detail), &named); err != nil {
		return "", fault.Newf(fault.StoreDamaged, "store: the entry of the station's key cannot be read")
	}
	return named.Verify, nil
}

// mark is the last entry that a station saw on disk.
type mark struct {
	Seq       int64  `json:"seq"`
	Hash      []byte `json:"hash"`
	Signature []byte `json:"signature"` // of the entry
}

// setMark writes the mark after a commit. That it cannot be written is no reason to call the commit failed.
func (s *Store) setMark(m mark) {
	text, err := json.Marshal(m)
	if err == nil {
		err = s.writeMark(append(text, '\n'))
	}
	if err != nil {
		s.opts.Log.Warn("mark.failed", "err", err)
	}
}

// markBytes is how long the file of a mark is: each is written over the one before, in one call.
const markBytes = 256

func (s *Store) writeMark(text []byte) error {
	if len(text) > markBytes {
		return fmt.Errorf("a mark of %d bytes", len(text))
	}
	if s.markFile == nil {
		f, err := os.OpenFile(filepath.Join(s.dir, markName+s.opts.Station), os.O_WRONLY|os.O_CREATE, privateFile)
		if err != nil {
			return err
		}
		s.markFile = f
	}
	block := make([]byte, markBytes)
	copy(block, text)
	for i := len(text); i < markBytes; i++ {
		block[i] = ' '
	}
	_, err := s.markFile.WriteAt(block, 0)
	return err
}

// readMarkFiles reads the marks of all stations in a directory; one that is torn counts for nothing.
func readMarkFiles(dir string) (map[string]mark, error) {
	names, err := filepath.Glob(filepath.Join(dir, markName+"*"))
	if err != nil {
		return nil, err
	}
	marks := map[string]mark{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var m mark
		if len(text) <= markBytes && json.Unmarshal(text, &m) == nil && m.Seq > 0 && len(m.Hash) == sha256.Size {
			marks[strings.TrimPrefix(filepath.Base(name), markName)] = m
		}
	}
	return marks, nil
}

// unmetMarks are the marks of stations, by name, that the journal does not have.
func unmetMarks(ctx context.Context, q querier, dir string) (map[string]mark, error) {
	marks, err := readMarkFiles(dir)
	if err != nil {
		return nil, err
	}
	for station, m := range marks {
		var hash []byte
		err := q.QueryRowContext(ctx, "SELECT hash FROM journal WHERE seq = ?", m.Seq).Scan(&hash)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		if bytes.Equal(hash, m.Hash) {
			delete(marks, station)
		}
	}
	return marks, nil
}

// lastSeen is the number of the last entry of marks, 0 for none.
func lastSeen(marks map[string]mark) (last int64) {
	for _, m := range marks {
		last = max(last, m.Seq)
	}
	return last
}
