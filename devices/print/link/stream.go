package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"motcua/devices/print"
)

// conn is an open device: *os.File on a pollable device and net.Conn both are one.
type conn interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// dialer opens the device anew.
type dialer func(ctx context.Context) (conn, error)

// stream is a Link over a device that carries bytes both ways.
type stream struct {
	address string
	dial    dialer

	mu     sync.Mutex // guards what follows; never held while a device is waited for
	open   conn
	closed bool
}

var _ Link = (*stream)(nil)

func newStream(address string, dial dialer) *stream { return &stream{address: address, dial: dial} }

func (s *stream) String() string               { return s.address }
func (s *stream) HasBackChannel() bool         { return true }
func (s *stream) EndJob(context.Context) error { return nil }

func (s *stream) Write(ctx context.Context, p []byte) (int, error) {
	c, err := s.conn(ctx)
	if err != nil {
		return 0, err
	}
	stop := bound(ctx, c.SetWriteDeadline)
	defer stop()
	n, err := c.Write(p)
	return n, s.judge(c, err)
}

func (s *stream) Read(ctx context.Context, p []byte) (int, error) {
	c, err := s.conn(ctx)
	if err != nil {
		return 0, err
	}
	stop := bound(ctx, c.SetReadDeadline)
	defer stop()
	n, err := c.Read(p)
	if n > 0 {
		return n, nil
	}
	switch {
	case err == nil:
		err = io.EOF // an empty read from a terminal is a hang-up
	case errors.Is(err, syscall.EINVAL):
		return 0, fmt.Errorf("%w: %w", ErrOneWay, err) // usblp's word for a printer without a way back
	}
	return 0, s.judge(c, err)
}

// bound makes ctx end a wait: by deadline and by cancellation. The returned function takes the bound off again.
func bound(ctx context.Context, set func(time.Time) error) (stop func()) {
	deadline, _ := ctx.Deadline()
	_ = set(deadline) // the zero time is "none"; a device that cannot have deadlines was refused when opened
	cancelled := make(chan struct{})
	unhook := context.AfterFunc(ctx, func() {
		defer close(cancelled)
		_ = set(time.Unix(1, 0)) // any time that has passed
	})
	return func() {
		if !unhook() {
			<-cancelled
		}
	}
}

// conn gives the open device, opening it if need be.
func (s *stream) conn(ctx context.Context) (conn, error) {
	s.mu.Lock()
	open, closed := s.open, s.closed
	s.mu.Unlock()
	switch {
	case closed:
		return nil, fmt.Errorf("%w: link closed", print.ErrGone)
	case open != nil:
		return open, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("%w: %w", ErrTimeout, ctx.Err())
	}
	c, err := s.dial(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", print.ErrGone, err)
	}
	return s.keep(c)
}

// keep stores a device just opened, unless the link was closed or opened by another meanwhile.
func (s *stream) keep(c conn) (conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = c.Close()
		return nil, fmt.Errorf("%w: link closed", print.ErrGone)
	}
	if s.open != nil {
		_ = c.Close()
		return s.open, nil
	}
	s.open = c
	return c, nil
}

// judge turns a device's error into the package's. All but a timeout mean that the device is lost.
func (s *stream) judge(c conn, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("%w: %w", ErrTimeout, err)
	}
	s.forget(c, true)
	return fmt.Errorf("%w: %w", print.ErrGone, err)
}

// discarder is a device that can throw away what waits in it to be sent.
type discarder interface{ discard() }

// forget closes c, at once if discard, else when it has sent what it took.
func (s *stream) forget(c conn, discard bool) {
	s.mu.Lock()
	mine := s.open == c
	if mine {
		s.open = nil
	}
	s.mu.Unlock()
	if !mine {
		return
	}
	if d, ok := c.(discarder); ok && discard {
		d.discard()
	}
	_ = c.Close()
}

func (s *stream) Drop() { s.let(true) }

func (s *stream) let(discard bool) {
	s.mu.Lock()
	c := s.open
	s.mu.Unlock()
	if c != nil {
		s.forget(c, discard)
	}
}

func (s *stream) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.let(false)
	return nil
}
