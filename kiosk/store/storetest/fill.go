package storetest

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/store"
)

// perDay is how many filings a day has in Fill.
const perDay = 300

// Fill makes a data directory of a commune that has worked for long: n filings of station K1 in commune 05200, the last of them on the
// day before NewClock's, each printed, with contents of size bytes. No content can be opened; all have their entries, so the journal
// verifies. It writes rows and not filings, because 200,000 of those would take an hour; the redo log knows nothing of it.
func Fill(t testing.TB, dir string, n, size int) {
	t.Helper()
	clock := NewClock()
	s, err := store.Open(dir, store.Options{Station: "K1", Commune: "05200", Now: clock.Now, Recipients: Recipients()})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := s.Journal(context.Background(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "motcua.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	f := filler{tx: tx, seq: int64(len(entries)), size: size, made: map[string]*sql.Stmt{}}
	f.hash = entries[len(entries)-1].Hash
	text, err := os.ReadFile(filepath.Join(dir, "key-K1"))
	if err != nil {
		t.Fatal(err)
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	f.key = ed25519.NewKeyFromSeed(seed)
	first := clock.Now().AddDate(0, 0, -(n+perDay-1)/perDay)
	for i := 0; i < n && f.err == nil; i++ {
		f.one(first.AddDate(0, 0, i/perDay).Add(time.Duration(i%perDay)*time.Minute), i%perDay+1)
	}
	if f.err == nil {
		f.err = tx.Commit()
	}
	if f.err != nil {
		t.Fatal(f.err)
	}
}

// filler writes filings.
type filler struct {
	tx   *sql.Tx
	seq  int64
	id   int64
	hash []byte
	key  ed25519.PrivateKey // of the station
	size int
	made map[string]*sql.Stmt
	err  error
}

func (f *filler) exec(query string, args ...any) {
	if f.err == nil && f.made[query] == nil {
		f.made[query], f.err = f.tx.Prepare(query)
	}
	if f.err == nil {
		_, f.err = f.made[query].Exec(args...)
	}
}

func (f *filler) one(at time.Time, serial int) {
	day := identity.DateOf(at)
	ref, err := filing.NewReference("05200", "K1", day, serial)
	if err != nil {
		f.err = err
		return
	}
	content := make([]byte, f.size)
	copy(content, ref.String()) // no two are the same
	sum := sha256.Sum256(content)
	when := at.Format(time.RFC3339Nano)
	f.id++
	f.exec(`INSERT INTO filing (id, reference, short, key, service, status, filed, sealed, prints, channel, chip, kase) VALUES (?, ?, ?, ?, 'tam-tru', 'filed', ?, 1, 1, 'kiosk', 'read', '')`,
		f.id, ref.String(), ref.Short(), "fill "+ref.String(), when)
	f.exec("INSERT INTO content VALUES (?, ?)", f.id, content)
	f.exec("INSERT INTO key VALUES (?, ?)", f.id, sum[:])
	f.entry(when, "filing.filed", ref.String(), `{"content":"sha256:`+hex.EncodeToString(sum[:])+`"}`)
	f.exec("INSERT INTO outbox (message_id, reference, journal, created) VALUES (?, ?, ?, ?)", fmt.Sprintf("%s:%d", ref, f.seq), ref.String(), f.seq, when)
	f.entry(when, "slip.printed", ref.String(), `{"print":1}`)
	f.exec("INSERT INTO counter VALUES ('K1', ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last", at.Format(time.DateOnly), serial)
}

// entry appends to the journal, hashed as package store says that it is.
func (f *filler) entry(at, kind, reference, detail string) {
	h := sha256.New()
	part := func(b []byte) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		h.Write(b)
	}
	f.seq++
	part([]byte("motcua journal 1"))
	part(f.hash)
	part(binary.BigEndian.AppendUint64(nil, uint64(f.seq)))
	for _, text := range []string{at, "K1", kind, reference, detail} {
		part([]byte(text))
	}
	prev := f.hash
	f.hash = h.Sum(nil)
	signature := ed25519.Sign(f.key, append([]byte("motcua journal entry 1\x00"), f.hash...))
	f.exec("INSERT INTO journal (seq, at, station, kind, reference, detail, prev_hash, hash, signature) VALUES (?, ?, 'K1', ?, ?, ?, ?, ?, ?)",
		f.seq, at, kind, reference, detail, prev, f.hash, signature)
}
