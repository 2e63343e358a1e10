package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"testing"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// forge appends an entry as somebody does who has the database and no key.
func forge(ctx context.Context, conn *sql.Conn, station string, kind Kind, reference, detail string) error {
	seq, prev, err := journalHead(ctx, conn)
	if err != nil {
		return err
	}
	at, err := lastTime(ctx, conn)
	if err != nil {
		return err
	}
	r := row{seq: seq + 1, at: formatTime(at), station: station, kind: string(kind), reference: reference, detail: detail, prev: prev}
	const insert = "INSERT INTO journal (seq, at, station, kind, reference, detail, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
	_, err = conn.ExecContext(ctx, insert, r.seq, r.at, r.station, r.kind, r.reference, r.detail, r.prev, hashEntry(r))
	return err
}

// A station that nobody has heard of makes no entries, and no filing, without a key: from the first key on none does that had none before.
func TestUnknownStation(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	ctx := t.Context()
	const ref = "05200.Z9.261123.0001"
	made, err := seal.Seal([]byte(`{"Service":"tam-tru"}`), "z", recipients())
	if err != nil {
		t.Fatal(err)
	}
	err = s.put(ctx, func(conn *sql.Conn) error {
		const row = "INSERT INTO filing (reference, short, key, service, status, filed, sealed) VALUES (?, 'Z9-2311-001', 'z', 'tam-tru', 'filed', '2026-11-23T08:00:00+07:00', 1)"
		if _, err := conn.ExecContext(ctx, row, ref); err != nil {
			return err
		}
		if err := putContent(ctx, conn, ref, sealed{Sealed: made}); err != nil {
			return err
		}
		return forge(ctx, conn, "Z9", Filed, ref, `{"content":"`+digest(made.Body)+`"}`)
	})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := s.VerifyJournal(ctx); fault.CodeOf(err) != fault.StoreDamaged {
		t.Errorf("%d filings, by %v, %v", v.Filings, v.Stations, err)
	}
}

// Who writes into the database does not choose under which key the desk keeps the names and numbers that it looks for people by: neither with keys of
// their own nor with those of before, and never unseen.
func TestFinderKeysForged(t *testing.T) {
	if testing.Short() {
		t.Skip("one thing after the other: nothing for the race detector")
	}
	s := openInternal(t, t.TempDir(), 0)
	ctx := t.Context()
	by := signers(t, s)
	get := func(id *seal.Identity) [][]byte {
		t.Helper()
		k, err := s.FinderKeys(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		return k.Keys
	}
	is := func() (text string) {
		t.Helper()
		if err := s.db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'finder'").Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	put := func(text string) {
		t.Helper()
		err := s.put(ctx, func(conn *sql.Conn) error {
			_, err := conn.ExecContext(ctx, "UPDATE meta SET value = ? WHERE name = 'finder'", text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	verify := func(want fault.Code) {
		t.Helper()
		if _, err := s.VerifyJournal(ctx); fault.CodeOf(err) != want {
			t.Errorf("%v", err)
		}
	}
	honest := get(by[0].Identity)[0]
	before := is()
	verify("")
	own := bytes.Repeat([]byte{7}, finderKeyBytes)
	to, err := s.readers(ctx)
	if err != nil {
		t.Fatal(err)
	}
	made, err := seal.Seal(own, finderAbout, to.public)
	if err != nil {
		t.Fatal(err)
	}
	var k finderKey
	if err := json.Unmarshal([]byte(before), &k); err != nil {
		t.Fatal(err)
	}
	k.Sealed = made
	text, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	put(string(text))
	verify(fault.StoreDamaged)
	if keys := get(by[1].Identity); len(keys) != 1 || bytes.Equal(keys[0], own) || bytes.Equal(keys[0], honest) {
		t.Errorf("keys of their own: %d", len(keys))
	}
	verify("")
	put(before)
	verify(fault.StoreDamaged)
}

// The recovery key lets whoever it lets in look for people, and makes no keys: an officer does, since somebody went.
func TestFinderKeysRecovered(t *testing.T) {
	if testing.Short() {
		t.Skip("one thing after the other: nothing for the race detector")
	}
	s := openInternal(t, t.TempDir(), 0)
	ctx := t.Context()
	by := signers(t, s)
	if _, err := s.FinderKeys(ctx, mine()); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("by nobody of here: %v", err)
	}
	key, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetRecovery(ctx, key.Public(), by...); err != nil {
		t.Fatal(err)
	}
	have := func(id *seal.Identity, want int) {
		t.Helper()
		if k, err := s.FinderKeys(ctx, id); err != nil || len(k.Keys) != want {
			t.Errorf("%d keys, %v", len(k.Keys), err)
		}
		if _, err := s.VerifyJournal(ctx); err != nil {
			t.Error(err)
		}
	}
	have(by[0].Identity, 1)
	all, err := s.Officers(ctx)
	if err != nil {
		t.Fatal(err)
	}
	all[1].Active = false
	if err := s.ChangeOfficer(ctx, all[1], by[0]); err != nil {
		t.Fatal(err)
	}
	dung, id, err := officer.New("dung", "dung", officer.Head, seal.Secret{Card: []byte("dung")}, s.now())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Recover(ctx, dung, key); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		by   *seal.Identity
		want int
	}{{key, 1}, {id, 2}, {id, 2}} {
		if _, err := s.Rewrap(ctx, one.by, 0, 9); err != nil {
			t.Fatal(err)
		}
		have(id, one.want)
	}
}
