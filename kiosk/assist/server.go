package assist

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/session"
)

// signContext keeps a signature from meaning anything elsewhere.
const signContext = "assist"

// Store is what a Server needs of the disk.
type Store interface {
	Officers(ctx context.Context) ([]officer.Account, error)
	Note(ctx context.Context, kind string, detail map[string]string) error
}

// Server gives desks access to the session of a kiosk. One desk at a time helps.
type Server struct {
	station string
	store   Store
	send    func(session.Event)
	log     *slog.Logger
	doors   map[string]Door // by purpose

	mu   sync.Mutex
	last *session.Snapshot
	to   chan session.Snapshot // of the desk that helps; nil for none
}

// NewServer makes a Server; send hands events to the kiosk.
func NewServer(station string, store Store, send func(session.Event), log *slog.Logger) *Server {
	return &Server{station: station, store: store, send: send, log: log}
}

// Show is told every page of the kiosk.
func (s *Server) Show(snap session.Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = &snap
	if s.to != nil {
		newest(s.to, snap)
	}
}

// Forget drops the page that it holds.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = nil
}

// socket is where the server of a station listens.
func socket(dir, station string) string { return filepath.Join(dir, "assist-"+station+".sock") }

// Serve listens in the data directory until ctx ends.
func (s *Server) Serve(ctx context.Context, dir string) error {
	path := socket(dir, s.station)
	// One left by a kiosk that was killed; the store's lock says that no other is there.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	const ownerOnly = 0o600
	if err := os.Chmod(path, ownerOnly); err != nil {
		return errors.Join(err, l.Close())
	}
	slots := make(chan struct{}, mostDesks)
	var desks sync.WaitGroup
	defer desks.Wait()
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		select {
		case slots <- struct{}{}:
		default: // nobody has so many desks: somebody wants to keep the others out
			_ = conn.Close()
			continue
		}
		desks.Go(func() {
			defer func() { <-slots }()
			if err := s.desk(ctx, conn); err != nil {
				s.log.Warn("assist.failed", "code", fault.CodeOf(err), "err", err)
			}
		})
	}
}

// mostDesks is how many connections there may be at once, those included that have not proven anything yet.
const mostDesks = 16

// proveTime is how long a desk may take to prove who is there.
const proveTime = 10 * time.Second

// desk serves one connection.
func (s *Server) desk(ctx context.Context, conn net.Conn) error {
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	in := newReader(conn, maxIntent)
	_ = conn.SetDeadline(time.Now().Add(proveTime))
	who, door, err := s.prove(ctx, conn, in)
	if err == nil && door.Serve != nil {
		return s.through(ctx, conn, door, who)
	}
	if err == nil {
		err = s.begin(ctx, who)
	}
	if err != nil {
		return errors.Join(err, write(conn, message{Refused: fault.CodeOf(err)}))
	}
	_ = conn.SetDeadline(time.Time{})
	defer s.end(context.WithoutCancel(ctx), who)
	over := make(chan struct{})
	go func() { // ends with the connection
		defer close(over)
		for {
			m, err := in.next()
			if err != nil {
				return
			}
			i, err := decodeIntent(m)
			if err != nil {
				return
			}
			s.send(i)
		}
	}()
	for {
		select {
		case <-over:
			return nil
		case snap := <-s.to:
			_ = conn.SetWriteDeadline(time.Now().Add(proveTime)) // a desk that stands still keeps no other one out
			if err := write(conn, message{Snapshot: &snap}); err != nil {
				return nil //nolint:nilerr // the desk is gone
			}
		}
	}
}

// prove finds out which officer is there, and which door they want; the zero Door is the session.
func (s *Server) prove(ctx context.Context, conn net.Conn, in reader) (officer.Account, Door, error) {
	challenge := make([]byte, 32)
	if _, err := rand.Read(challenge); err != nil {
		return officer.Account{}, Door{}, fault.New(fault.Internal, err)
	}
	if err := write(conn, message{Challenge: challenge, Station: s.station}); err != nil {
		return officer.Account{}, Door{}, fault.New(fault.Internal, err)
	}
	m, err := in.next()
	if err != nil {
		return officer.Account{}, Door{}, fault.New(fault.SealWrong, err)
	}
	door, right := Door{}, officer.Decide
	if m.Purpose != "" {
		known := false
		if door, known = s.doors[m.Purpose]; !known {
			return officer.Account{}, Door{}, fault.Newf(fault.Usage, "assist: there is no such door")
		}
		right = door.Right
	}
	all, err := s.store.Officers(ctx)
	if err != nil {
		return officer.Account{}, Door{}, err
	}
	for _, a := range all {
		if a.ID == m.Officer && a.Active && a.Role.May(right) && a.Public.Verified(contextOf(m.Purpose), signed(challenge, s.station), m.Signature) {
			return a, door, nil
		}
	}
	return officer.Account{}, Door{}, fault.Newf(fault.SealWrong, "assist: nobody who may do this signed")
}

// signed is what an officer signs.
func signed(challenge []byte, station string) []byte {
	return bytes.Join([][]byte{challenge, []byte(station)}, nil)
}

// begin makes a desk the one that helps.
func (s *Server) begin(ctx context.Context, who officer.Account) error {
	s.mu.Lock()
	if s.to != nil {
		s.mu.Unlock()
		return fault.Newf(fault.DeskHeld, "assist: another officer helps here")
	}
	s.to = make(chan session.Snapshot, 1)
	if s.last != nil {
		s.to <- *s.last
	}
	s.mu.Unlock()
	if err := s.store.Note(ctx, "assist.began", map[string]string{"officer": who.ID}); err != nil { // first: nobody helps of whom the journal does not know
		s.leave()
		return err
	}
	s.send(session.Helped{Officer: who.ID, Name: who.Name})
	s.log.Info("assist.began", "officer", who.ID)
	return nil
}

// leave makes room for another desk.
func (s *Server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = nil
}

func (s *Server) end(ctx context.Context, who officer.Account) {
	s.leave()
	s.send(session.Helped{})
	s.log.Info("assist.ended", "officer", who.ID)
	if err := s.store.Note(ctx, "assist.ended", map[string]string{"officer": who.ID}); err != nil {
		s.log.Error("journal.failed", "code", fault.CodeOf(err), "err", err)
	}
}
