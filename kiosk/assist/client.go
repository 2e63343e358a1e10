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
	first, err := r.prove(in, station, who, key)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	_ = conn.SetDeadline(time.Time{})
	newest(r.snaps, first)
	go r.follow(in)
	return r, nil
}

// prove says who is there and gives the first page.
func (r *remote) prove(in reader, station string, who officer.Account, key *seal.Identity) (session.Snapshot, error) {
	m, err := in.next()
	if err != nil || m.Station != station {
		return session.Snapshot{}, fault.New(fault.StationAbsent, errors.Join(errMessage, err))
	}
	answer := message{Officer: who.ID, Signature: key.Sign(signContext, signed(m.Challenge, station))}
	if err := write(r.conn, answer); err != nil {
		return session.Snapshot{}, fault.New(fault.StationAbsent, err)
	}
	m, err = in.next()
	switch {
	case err != nil:
		return session.Snapshot{}, fault.New(fault.StationAbsent, err)
	case m.Refused != "":
		return session.Snapshot{}, fault.Newf(m.Refused, "assist: %s refused", station)
	case m.Snapshot == nil:
		return session.Snapshot{}, fault.New(fault.StationAbsent, errMessage)
	}
	return *m.Snapshot, nil
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
