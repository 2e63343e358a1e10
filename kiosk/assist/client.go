package assist

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/session"
)

// remote is a Visit at a kiosk.
type remote struct {
	conn  net.Conn
	snaps chan session.Snapshot
	once  sync.Once
	mu    sync.Mutex // one writes
}

// Dial takes over the session of a station in the data directory. fault.StationAbsent if no kiosk listens there, fault.DeskHeld if another
// officer helps, fault.SealWrong if the kiosk does not know the key.
func Dial(ctx context.Context, dir, station string, who officer.Account, key *seal.Identity) (Visit, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", socket(dir, station))
	if err != nil {
		return nil, fault.New(fault.StationAbsent, err)
	}
	r := &remote{conn: conn, snaps: make(chan session.Snapshot, 1)}
	in := newReader(conn, maxLine)
	_ = conn.SetDeadline(time.Now().Add(proveTime))
	m, err := prove(conn, in, station, "", who, key)
	if err == nil && m.Snapshot == nil {
		err = fault.New(fault.StationAbsent, errMessage)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	_ = conn.SetDeadline(time.Time{})
	newest(r.snaps, *m.Snapshot)
	go r.follow(in)
	return r, nil
}

// prove says who is there and what for, and gives what the kiosk says then.
func prove(conn net.Conn, in reader, station, purpose string, who officer.Account, key *seal.Identity) (message, error) {
	m, err := in.next()
	if err != nil || m.Station != station {
		return m, fault.New(fault.StationAbsent, errors.Join(errMessage, err))
	}
	answer := message{Officer: who.ID, Purpose: purpose, Signature: key.Sign(contextOf(purpose), signed(m.Challenge, station))}
	if err := write(conn, answer); err != nil {
		return m, fault.New(fault.StationAbsent, err)
	}
	switch m, err = in.next(); {
	case err != nil:
		return m, fault.New(fault.StationAbsent, err)
	case m.Refused != "":
		return m, fault.Newf(m.Refused, "assist: %s refused", station)
	}
	return m, nil
}

// follow passes pages on until the connection ends.
func (r *remote) follow(in reader) {
	defer close(r.snaps)
	for {
		m, err := in.next()
		if err != nil || m.Snapshot == nil {
			return
		}
		newest(r.snaps, *m.Snapshot)
	}
}

func (r *remote) Snapshots() <-chan session.Snapshot { return r.snaps }

func (r *remote) Send(i session.Intent) {
	m, err := encodeIntent(i)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.conn.SetWriteDeadline(time.Now().Add(proveTime))
	if write(r.conn, m) != nil {
		r.Close()
	}
}

func (r *remote) Close() { r.once.Do(func() { _ = r.conn.Close() }) }
