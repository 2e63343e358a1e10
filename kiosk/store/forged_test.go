package store

import (
	"context"
	"database/sql"
	"testing"

	"motcua/kiosk/fault"
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
