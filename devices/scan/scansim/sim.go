// Package scansim is a scanner in software, for demonstrations and tests without a device.
//
// Start gives the far end of a pseudo-terminal: a device path that devices/scan/serial opens as it would a real one, and
// Send, Unplug and Plug to play the person at the counter. Direct is the same without a device, inside the process.
//
// Why a symbolic link: a pseudo-terminal that was closed cannot be opened again, and the next one has another number.
// The link stays at one path, as /dev/serial/by-id does for a real scanner that is pulled and put back.
package scansim

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/creack/pty"
)

// Errors of sending.
var (
	// ErrUnplugged: the simulated cable is out.
	ErrUnplugged = errors.New("scansim: unplugged")
	// ErrBusy: readings wait and nobody takes them.
	ErrBusy = errors.New("scansim: nobody reads")
)

const (
	// DefaultBaud paces what is sent when Options leaves it zero.
	DefaultBaud = 115200
	// bitsPerByte on the line: start, eight data, stop.
	bitsPerByte = 10
	// tick is the grain of pacing.
	tick = 5 * time.Millisecond
	// linkName of the device in its directory.
	linkName = "scanner"
)

// Options of a simulated scanner; the zero value is a usual one.
type Options struct {
	Baud int    // pace in bits a second; 0: DefaultBaud
	End  string // what Send puts after a text; "": CR, "none": nothing
	Dir  string // where the device's link is made; "": a new temporary directory, removed at Close
}

// Sim is a scanner at the far end of a pseudo-terminal. All methods may be called concurrently.
type Sim struct {
	o      Options
	path   string
	tmp    string // directory to remove, or ""
	stop   func() bool
	closed chan struct{}
	once   sync.Once

	sending sync.Mutex // one text at a time, so that two are not mixed

	mu     sync.Mutex
	master *os.File // nil: unplugged
	slave  *os.File // kept open, so that what is sent waits for the reader as in a real device's buffer
}

// Start makes the device and plugs it in. It ends with ctx or Close. Where there are no pseudo-terminals (Windows) the
// error is errors.ErrUnsupported.
func Start(ctx context.Context, o Options) (*Sim, error) {
	s := &Sim{o: o.withDefaults(), closed: make(chan struct{})}
	if s.o.Dir == "" {
		dir, err := os.MkdirTemp("", "scansim")
		if err != nil {
			return nil, fmt.Errorf("scansim: %w", err)
		}
		s.o.Dir, s.tmp = dir, dir
	}
	s.path = filepath.Join(s.o.Dir, linkName)
	if err := s.Plug(); err != nil {
		s.shut()
		return nil, err
	}
	s.stop = context.AfterFunc(ctx, s.shut)
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.Baud <= 0 {
		o.Baud = DefaultBaud
	}
	switch o.End {
	case "":
		o.End = "\r"
	case "none":
		o.End = ""
	}
	return o
}

// Path is the device to open; it stays the same through Unplug and Plug.
func (s *Sim) Path() string { return s.path }

// Plug puts the cable in: a new pseudo-terminal behind Path. Twice does nothing.
func (s *Sim) Plug() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
		return os.ErrClosed
	default:
	}
	if s.master != nil {
		return nil
	}
	master, slave, err := pty.Open()
	if err != nil {
		return fmt.Errorf("scansim: %w", err)
	}
	if master, err = pollable(master); err != nil {
		_ = slave.Close()
		return fmt.Errorf("scansim: %w", err)
	}
	if err = makeRaw(slave); err == nil {
		err = relink(slave.Name(), s.path)
	}
	if err != nil {
		_, _ = master.Close(), slave.Close()
		return fmt.Errorf("scansim: %w", err)
	}
	s.master, s.slave = master, slave
	return nil
}

// relink points link at target in one step, whatever was there.
func relink(target, link string) error {
	next := link + ".new"
	_ = os.Remove(next)
	if err := os.Symlink(target, next); err != nil {
		return err
	}
	return os.Rename(next, link)
}

// Unplug pulls the cable: the reader's line hangs up, what it did not read yet is lost. Twice does nothing.
func (s *Sim) Unplug() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.master == nil {
		return
	}
	_ = os.Remove(s.path)
	_, _ = s.master.Close(), s.slave.Close()
	s.master, s.slave = nil, nil
}

// Send scans text: the text and the line end of the options, at the pace of the baud rate. It returns when the last
// byte was given to the line, which is not yet when the reader has it.
func (s *Sim) Send(ctx context.Context, text string) error {
	return s.SendRaw(ctx, []byte(text+s.o.End))
}

// SendRaw sends bytes as they are, paced. ErrUnplugged when the cable is out or pulled meanwhile.
func (s *Sim) SendRaw(ctx context.Context, b []byte) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	chunk := max(1, int(time.Duration(s.o.Baud/bitsPerByte)*tick/time.Second))
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		n := min(chunk, len(b))
		if err := s.write(ctx, b[:n]); err != nil {
			return err
		}
		if b = b[n:]; len(b) == 0 {
			return nil
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// write gives one piece to the line; it waits when the line's buffer is full, until ctx ends or the cable is pulled.
func (s *Sim) write(ctx context.Context, b []byte) error {
	s.mu.Lock()
	master := s.master
	s.mu.Unlock()
	if master == nil {
		return ErrUnplugged
	}
	stop := context.AfterFunc(ctx, func() { _ = master.SetWriteDeadline(time.Unix(1, 0)) })
	defer func() {
		if !stop() {
			_ = master.SetWriteDeadline(time.Time{})
		}
	}()
	_, err := master.Write(b)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, os.ErrClosed):
		return ErrUnplugged
	}
	return fmt.Errorf("scansim: %w", err)
}

// Close pulls the cable for good and removes the device's path. Safe to call again, and after ctx ended.
func (s *Sim) Close() error {
	s.stop()
	s.shut()
	return nil
}

// shut is the end, once; a second caller waits for the first.
func (s *Sim) shut() {
	s.once.Do(func() {
		s.Unplug()
		s.mu.Lock()
		close(s.closed)
		s.mu.Unlock()
		s.Unplug() // a Plug that came between
		if s.tmp != "" {
			_ = os.RemoveAll(s.tmp)
		}
	})
}
