package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"motcua/kiosk/fault"
)

// StationState is how a station says it is.
type StationState struct {
	Name   string          `json:"name"`
	At     time.Time       `json:"at"`
	Wanted time.Time       `json:"wanted,omitzero"` // since when somebody there wants an officer
	State  json.RawMessage `json:"state"`           // nothing personal
}

// Kinds of entries about stations.
const (
	OfficerWanted Kind = "officer.wanted" // somebody at the kiosk asks for help
	OfficerCame   Kind = "officer.came"   // detail officer, station
)

// maxState bounds what a station says of itself, in bytes.
const maxState = 16 << 10

// SetState writes how this station is. It is called when something changed; it is no record, and not journaled.
func (s *Store) SetState(ctx context.Context, state any) error {
	text, err := json.Marshal(state)
	if err != nil || len(text) > maxState {
		return fault.Newf(fault.Internal, "store: a state of %d bytes cannot be kept", len(text))
	}
	const set = "INSERT INTO station VALUES (?1, ?2, '', ?3) ON CONFLICT DO UPDATE SET at = ?2, state = ?3"
	return s.put(ctx, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, set, s.opts.Station, formatTime(s.now()), string(text))
		return err
	})
}

// Want notes that somebody at this station asks for an officer; who asks again has asked since the first time.
func (s *Store) Want(ctx context.Context) error {
	const set = `INSERT INTO station VALUES (?1, ?2, ?2, '{}') ON CONFLICT DO UPDATE SET wanted = ?2 WHERE wanted = ''`
	return s.put(ctx, func(conn *sql.Conn) error {
		now := s.now()
		if _, err := conn.ExecContext(ctx, set, s.opts.Station, formatTime(now)); err != nil {
			return err
		}
		_, err := s.record(ctx, conn, now, OfficerWanted, "", map[string]any{})
		return err
	})
}

// Came notes that an officer goes to a station that wanted one. It does nothing if another one was faster.
func (s *Store) Came(ctx context.Context, station, by string) error {
	return s.put(ctx, func(conn *sql.Conn) error {
		done, err := conn.ExecContext(ctx, "UPDATE station SET wanted = '' WHERE name = ? AND wanted <> ''", station)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return err
		}
		_, err = s.record(ctx, conn, s.now(), OfficerCame, "", map[string]any{"officer": by, "station": station})
		return err
	})
}

// put is a transaction of its own.
func (s *Store) put(ctx context.Context, do func(*sql.Conn) error) error {
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, do)
}

// Stations lists how the stations of this directory are, by name.
func (r *Reader) Stations(ctx context.Context) ([]StationState, error) {
	rows, err := r.db.QueryContext(ctx, "SELECT name, at, wanted, state FROM station ORDER BY name")
	if err != nil {
		return nil, failed("stations", err)
	}
	defer rows.Close()
	var all []StationState
	for rows.Next() {
		var st StationState
		var at, wanted, state string
		if err := rows.Scan(&st.Name, &at, &wanted, &state); err != nil {
			return nil, failed("stations", err)
		}
		if st.At, err = parseDue(at); err != nil {
			return nil, failed("stations", err)
		}
		if st.Wanted, err = parseDue(wanted); err != nil {
			return nil, failed("stations", err)
		}
		st.State = json.RawMessage(state)
		all = append(all, st)
	}
	if err := rows.Err(); err != nil {
		return nil, failed("stations", err)
	}
	return all, nil
}
