package store

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"motcua/kiosk/fault"
)

// Kind says what an entry of the journal is about; it stays the same for ever.
type Kind string

// The kinds that the store itself writes; Note writes others.
const (
	Created     Kind = "store.created"  // a new database: detail instance
	Restored    Kind = "store.restored" // detail reason, first, until, gap
	Filed       Kind = "filing.filed"   // detail content (digest), service, due (promised then), skipped (numbers before it that nobody got)
	Printed     Kind = "slip.printed"   // detail print, counted from 1
	PrintFailed Kind = "slip.failed"    // detail outcome, a fault code
	DossierSet  Kind = "filing.dossier" // detail dossier, the official code; officers with the signature, none if a program noted it
	ClockBack   Kind = "clock.back"     // the clock was set back: detail behind, the seconds by which the entry before is later
)

// Entry is one entry of the journal.
type Entry struct {
	Seq       int64           `json:"seq"` // from 1, without a hole
	At        time.Time       `json:"at"`
	Station   string          `json:"station"`
	Kind      Kind            `json:"kind"`
	Reference string          `json:"reference,omitempty"` // full form
	Detail    json.RawMessage `json:"detail"`              // an object, nothing personal
	Hash      []byte          `json:"hash"`
}

// row is an entry as it is stored; the hash covers these very bytes.
type row struct {
	seq                                  int64
	at, station, kind, reference, detail string
	prev, hash, signature                []byte
}

// hashEntry is SHA-256 over what an entry says and the hash before it (32 zero bytes for the first). Each text has its length
// before it, eight bytes, most significant first, so that no two entries give the same bytes; the name in front keeps
// the hash from meaning anything elsewhere.
func hashEntry(r row) []byte {
	h := sha256.New()
	part := func(b []byte) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		h.Write(b)
	}
	part([]byte("motcua journal 1"))
	part(r.prev)
	part(binary.BigEndian.AppendUint64(nil, uint64(r.seq)))
	for _, text := range []string{r.at, r.station, r.kind, r.reference, r.detail} {
		part([]byte(text))
	}
	return h.Sum(nil)
}

// Bounds of what may be noted.
const (
	maxKind   = 40      // characters
	maxDetail = 4 << 10 // bytes of JSON
)

// kindForm is what a Kind looks like.
var kindForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$`)

// Note writes an entry of another kind ("session.ended") with what is worth knowing about it, and nothing personal.
func (s *Store) Note(ctx context.Context, kind string, detail map[string]string) error {
	if len(kind) > maxKind || !kindForm.MatchString(kind) {
		return fault.Newf(fault.Internal, "store: %d characters are no kind of entry", len(kind))
	}
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error {
		facts := make(map[string]any, len(detail))
		for k, v := range detail {
			facts[k] = v
		}
		_, err := s.record(ctx, conn, s.now(), Kind(kind), "", facts)
		return err
	})
}

// jitter is by how much an entry may be earlier than the one before without anybody having set the clock: a station notes the time
// before it waits for the database.
const jitter = time.Minute

// record appends an entry within the caller's transaction and gives its sequence number. If the clock was set back since the entry before, an
// entry that says so goes first: the times of a journal are what the clock said, its order is what happened.
func (s *Store) record(ctx context.Context, conn *sql.Conn, at time.Time, kind Kind, reference string,
	detail map[string]any) (int64, error) {
	last, err := lastTime(ctx, conn)
	if err != nil {
		return 0, err
	}
	if err := s.clockBack(ctx, conn, at, last); err != nil {
		return 0, err
	}
	return s.append(ctx, conn, at, kind, reference, detail)
}

// clockBack appends that the clock was set back, if it was since the last entry.
func (s *Store) clockBack(ctx context.Context, conn *sql.Conn, at, last time.Time) error {
	behind := last.Sub(at)
	if behind <= jitter {
		return nil
	}
	_, err := s.append(ctx, conn, at, ClockBack, "", map[string]any{"behind": int64(behind / time.Second)})
	return err
}

// lastTime is when the last entry was made, the zero time if there is none.
func lastTime(ctx context.Context, conn *sql.Conn) (time.Time, error) {
	var text string
	err := conn.QueryRowContext(ctx, "SELECT at FROM journal ORDER BY seq DESC LIMIT 1").Scan(&text)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, fault.Newf(fault.StoreDamaged, "store: journal: the time of the last entry cannot be read")
	}
	return at, nil
}

// append is record without a look at the clock.
func (s *Store) append(ctx context.Context, conn *sql.Conn, at time.Time, kind Kind, reference string,
	detail map[string]any) (int64, error) {
	text, err := json.Marshal(detail) // keys in order
	if err != nil {
		return 0, err
	}
	if len(text) > maxDetail {
		return 0, fmt.Errorf("journal: the detail of %s has %d bytes", kind, len(text))
	}
	r := row{at: formatTime(at), station: s.opts.Station, kind: string(kind), reference: reference, detail: string(text)}
	if r.seq, r.prev, err = journalHead(ctx, conn); err != nil {
		return 0, err
	}
	r.seq++
	r.hash = hashEntry(r)
	if s.own != nil {
		r.signature = ed25519.Sign(s.own, entryMessage(r.hash))
	}
	const insert = `INSERT INTO journal (seq, at, station, kind, reference, detail, prev_hash, hash, signature)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	if _, err = conn.ExecContext(ctx, insert, r.seq, r.at, r.station, r.kind, r.reference, r.detail, r.prev, r.hash, r.signature); err != nil {
		return 0, err
	}
	s.marking = &mark{r.seq, r.hash, r.signature}
	return r.seq, nil
}

// journalHead is the last entry's number and hash; 0 and zero bytes for an empty journal.
func journalHead(ctx context.Context, conn *sql.Conn) (seq int64, hash []byte, err error) {
	err = conn.QueryRowContext(ctx, "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").Scan(&seq, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, make([]byte, sha256.Size), nil
	}
	return seq, hash, err
}

// formatTime is an instant as it is stored: with the offset of the place, which the law's days are counted in.
func formatTime(t time.Time) string { return t.Format(time.RFC3339Nano) }
