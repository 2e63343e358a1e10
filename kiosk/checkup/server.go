package checkup

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/session"
)

// How long things may take.
const (
	waitTime    = 15 * time.Minute // for a citizen to leave
	testTime    = 90 * time.Second // a test, with somebody's hands
	listTime    = 10 * time.Second
	requestTime = 10 * time.Second // for the desk to say what it wants
)

// Server tries the parts of one kiosk, one at a time.
type Server struct {
	bench Bench
	opts  Options

	mu      sync.Mutex
	seen    seen
	changed chan struct{} // closed when the page is another
	busy    bool
}

// Options are what a Server needs besides the Bench.
type Options struct {
	Send func(session.Event) // hands events to the kiosk
	// Note writes into the journal.
	Note func(ctx context.Context, kind string, detail map[string]string) error
	Log  *slog.Logger
}

// NewServer makes a Server.
func NewServer(bench Bench, opts Options) *Server {
	return &Server{bench: bench, opts: opts, changed: make(chan struct{})}
}

// Show is told every page of the kiosk. Only which one it is, and the page of tests itself, is kept.
func (s *Server) Show(snap session.Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = seen{snap.Test, snap.Helper != "" || snap.Page != session.PageWelcome && snap.Page != session.PageTest}
	close(s.changed)
	s.changed = make(chan struct{})
}

// seen is what the kiosk's screen shows.
type seen struct {
	test  *session.Test // nil unless it is that page
	taken bool          // somebody is in a session
}

// tests reports whether the screen says that a part is tested.
func (s seen) tests(part Part) bool { return s.test != nil && s.test.Part == string(part) }

// Serve answers one desk, of which the caller knows who is there, and returns when that is done. An error is for the log.
func (s *Server) Serve(ctx context.Context, who officer.Account, conn net.Conn) error {
	in := newLines(conn, maxRequest)
	_ = conn.SetReadDeadline(time.Now().Add(requestTime))
	r, err := in.request()
	if err != nil {
		return fault.New(fault.Usage, err)
	}
	_ = conn.SetReadDeadline(time.Time{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // ends with the connection, at the latest when the caller closes it
		_, _ = io.Copy(io.Discard, io.LimitReader(conn, maxRequest))
		cancel()
	}()
	answer, err := s.answer(ctx, who, r, func(p Progress) { _ = write(conn, message{Progress: &p}) })
	if err != nil {
		s.opts.Log.Warn("checkup.failed", "part", r.Part, "do", r.Do, "code", fault.CodeOf(err), "err", err)
		return write(conn, message{Failed: fault.CodeOf(err)})
	}
	return write(conn, message{Answer: &answer})
}

// answer does what a desk wants.
func (s *Server) answer(ctx context.Context, who officer.Account, r Request, tell func(Progress)) (Answer, error) {
	if r.Do == List {
		ctx, cancel := context.WithTimeout(ctx, listTime)
		defer cancel()
		options, err := s.bench.Options(ctx, r.Part)
		return Answer{Options: options[:min(len(options), maxOptions)]}, err
	}
	if !who.Role.May(officer.SetDevices) {
		return Answer{}, fault.Newf(fault.SealWrong, "checkup: %s may look, and no more", who.Role)
	}
	if !s.take() {
		return Answer{}, fault.Newf(fault.DeskHeld, "checkup: somebody else tests this kiosk")
	}
	defer s.give()
	answer, err := s.atKiosk(ctx, who, r, tell)
	outcome := "done"
	if err != nil {
		outcome = string(fault.CodeOf(err))
	}
	noted := s.opts.Note(context.WithoutCancel(ctx), "part."+string(r.Do), map[string]string{"officer": who.ID, "part": string(r.Part), "outcome": outcome})
	if noted != nil {
		s.opts.Log.Error("journal.failed", "code", fault.CodeOf(noted), "err", noted)
	}
	return answer, err
}

func (s *Server) take() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy {
		return false
	}
	s.busy = true
	return true
}

func (s *Server) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = false
}

// errStopped is why a test ended before its end.
var errStopped = errors.New("checkup: ended at the kiosk")

// atKiosk does what needs the kiosk for itself.
func (s *Server) atKiosk(ctx context.Context, who officer.Account, r Request, tell func(Progress)) (Answer, error) {
	s.opts.Send(session.Tested{Name: who.Name, Part: string(r.Part)})
	defer s.opts.Send(session.Tested{})
	if err := s.waitForKiosk(ctx, r.Part, tell); err != nil {
		return Answer{}, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel()
	watching.Go(func() {
		if s.until(ctx, func(now seen) bool { return !now.tests(r.Part) }) {
			stop(errStopped)
		}
	})
	answer, err := s.do(ctx, r, tell)
	if err != nil && errors.Is(context.Cause(ctx), errStopped) {
		err = fault.New(fault.TestStopped, errStopped)
	}
	return answer, err
}

func (s *Server) do(ctx context.Context, r Request, tell func(Progress)) (Answer, error) {
	switch {
	case r.Do == Choose:
		now, err := s.bench.Choose(ctx, r.Part, r.Name)
		return Answer{Now: now}, err
	case r.Part == Screen:
		return s.touches(ctx, tell)
	}
	return s.bench.Try(ctx, r.Part, tell)
}

// waitForKiosk waits until nobody is in a session.
func (s *Server) waitForKiosk(ctx context.Context, part Part, tell func(Progress)) error {
	ctx, cancel := context.WithTimeout(ctx, waitTime)
	defer cancel()
	told := false
	ok := s.until(ctx, func(now seen) bool {
		if now.taken && !told {
			tell(Progress{Stage: Waiting})
			told = true
		}
		return now.tests(part)
	})
	if !ok {
		return fault.New(fault.TestStopped, ctx.Err())
	}
	return nil
}

// until waits for a page, and reports whether it came.
func (s *Server) until(ctx context.Context, is func(seen) bool) bool {
	for {
		s.mu.Lock()
		now, changed := s.seen, s.changed
		s.mu.Unlock()
		if is(now) {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// touches waits until all marks on the screen were touched.
func (s *Server) touches(ctx context.Context, tell func(Progress)) (Answer, error) {
	began, last := time.Now(), -1
	whole := s.until(ctx, func(now seen) bool {
		if !now.tests(Screen) {
			return false
		}
		n, t := 0, now.test
		for _, is := range t.Touched {
			if is {
				n++
			}
		}
		if n != last {
			last = n
			tell(Progress{Stage: Hands, Done: n, All: len(t.Touched)})
		}
		return len(t.Touched) > 0 && !slices.Contains(t.Touched, false)
	})
	if !whole {
		return Answer{}, fault.Newf(fault.TestSilent, "checkup: %d marks were touched", max(0, last))
	}
	return Answer{Screen: &ScreenSaid{Marks: last, Took: time.Since(began)}}, nil
}
