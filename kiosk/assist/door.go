package assist

import (
	"context"
	"errors"
	"net"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// This file is what else a desk may want of a kiosk than to help: others stand at the same socket, behind the same proof of who is there.

// Door is something that a desk can go on to when it has proven who is there.
type Door struct {
	Right officer.Right // that it takes
	// Serve talks to the desk, which keeps still until it is spoken to or knows what to say first; the connection is closed afterwards.
	Serve func(ctx context.Context, who officer.Account, conn net.Conn) error
}

// Also opens a door under a name. It is called before Serve.
func (s *Server) Also(purpose string, d Door) {
	if s.doors == nil {
		s.doors = map[string]Door{}
	}
	s.doors[purpose] = d
}

// contextOf is what a signature for a purpose means, and nothing else.
func contextOf(purpose string) string {
	if purpose == "" {
		return signContext
	}
	return signContext + "." + purpose
}

// through lets a desk through a door.
func (s *Server) through(ctx context.Context, conn net.Conn, d Door, who officer.Account) error {
	if err := write(conn, message{Welcome: true}); err != nil {
		return fault.New(fault.Internal, err)
	}
	_ = conn.SetDeadline(time.Time{})
	return d.Serve(ctx, who, conn)
}

// Knock goes through a door of a station in the data directory, and gives the connection. Errors as Dial.
func Knock(ctx context.Context, dir, station, purpose string, who officer.Account, key *seal.Identity) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", socket(dir, station))
	if err != nil {
		return nil, fault.New(fault.StationAbsent, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_ = conn.SetDeadline(time.Now().Add(proveTime))
	m, err := prove(conn, newReader(conn, maxIntent), station, purpose, who, key)
	if err == nil && !m.Welcome {
		err = fault.New(fault.StationAbsent, errMessage)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	_ = conn.SetDeadline(time.Time{})
	return conn, nil
}
