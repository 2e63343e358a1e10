package printsim

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// readSize is how much is read at once; paceSteps how many reads a second a slow printer makes at least.
const (
	readSize  = 4096
	paceSteps = 50
)

// cable is what is between the printer and its host while it is plugged in.
type cable struct {
	wired sync.WaitGroup // its goroutines; they end when it is pulled
	out   chan struct{}  // closed when it is pulled
	pull  func()         // takes the host's end away
}

// Plug puts the cable in: the device file, or the port, is there again. No effect if it is in.
func (p *Printer) Plug() error {
	p.plug.Lock()
	defer p.plug.Unlock()
	switch {
	case p.ended:
		return ErrClosed
	case p.cable != nil:
		return nil
	}
	c := &cable{out: make(chan struct{})}
	start := p.plugTTY
	if p.opts.Listen != "" {
		start = p.plugTCP
	}
	if err := start(c); err != nil {
		return fmt.Errorf("printsim: %w", err)
	}
	p.cable = c
	return nil
}

// Unplug pulls the cable and waits until nobody is at it. The printer itself stays on: what it has it prints.
func (p *Printer) Unplug() {
	p.plug.Lock()
	defer p.plug.Unlock()
	p.unplug()
}

func (p *Printer) unplug() {
	if p.cable == nil {
		return
	}
	close(p.cable.out)
	p.cable.pull()
	p.cable.wired.Wait()
	p.cable = nil
}

// Close unplugs for good. Slips stay. Safe to call twice.
func (p *Printer) Close() error {
	p.plug.Lock()
	defer p.plug.Unlock()
	p.unplug()
	p.ended = true
	if p.stop != nil {
		p.stop()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.changed.Broadcast()
	return nil
}

func (p *Printer) linkPath() string {
	if p.opts.Path != "" {
		return p.opts.Path
	}
	return filepath.Join(p.opts.Dir, "printer")
}

// plugTTY makes a pseudo-terminal in raw mode. The host's end is held open here too: without any holder the kernel
// reports a hang-up to the printer's end.
func (p *Printer) plugTTY(c *cable) error {
	master, slave, err := openTTY()
	if err != nil {
		return err
	}
	path := p.linkPath()
	if err := errors.Join(makeRaw(slave), symlink(slave.Name(), path)); err != nil {
		return errors.Join(err, master.Close(), slave.Close())
	}
	c.pull = func() {
		_ = os.Remove(path)
		_ = slave.Close()
	}
	c.wired.Add(1)
	go func() {
		defer c.wired.Done()
		p.host(c, master)
	}()
	return nil
}

// symlink replaces what is at path.
func symlink(target, path string) error {
	next := fmt.Sprintf("%s.%d", path, os.Getpid())
	if err := os.Symlink(target, next); err != nil {
		return err
	}
	return os.Rename(next, path)
}

// plugTCP listens: at the address of before if it was plugged in before, so that the host finds it again.
func (p *Printer) plugTCP(c *cable) error {
	address := p.opts.Listen
	if again := p.Addr(); again != "" {
		address = again
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.addr = l.Addr().String()
	p.mu.Unlock()
	c.pull = func() { _ = l.Close() }
	c.wired.Add(1)
	go func() {
		defer c.wired.Done()
		p.accept(c, l)
	}()
	return nil
}

// accept serves one host at a time, as network printers do.
func (p *Printer) accept(c *cable, l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		p.host(c, conn)
	}
}

// line is the printer's end of a cable.
type line interface {
	io.ReadWriteCloser
	SetWriteDeadline(time.Time) error
}

// session is one host on the line.
type session struct {
	line line
	once sync.Once
	over chan struct{}
}

func (s *session) isOver() bool {
	select {
	case <-s.over:
		return true
	default:
		return false
	}
}

func (p *Printer) end(s *session) {
	s.once.Do(func() {
		close(s.over)
		_ = s.line.Close()
		p.wake()
	})
}

// host serves one host until it hangs up or the cable is pulled.
func (p *Printer) host(c *cable, l line) {
	s := &session{line: l, over: make(chan struct{})}
	p.mu.Lock()
	p.reply = nil // what was meant for another
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Add(2)
	for _, serve := range []func(*session){p.listen, p.speak} {
		go func() {
			defer both.Done()
			defer p.end(s)
			serve(s)
		}()
	}
	select {
	case <-s.over:
	case <-c.out:
	}
	p.end(s)
	both.Wait()
}

// listen takes bytes as fast as the printer does.
func (p *Printer) listen(s *session) {
	size, pause := p.pace()
	buf := make([]byte, size)
	for p.room(s) {
		n, err := s.line.Read(buf)
		if n > 0 {
			p.mu.Lock()
			p.take(buf[:n])
			p.mu.Unlock()
		}
		if err != nil || !sleep(s, pause*time.Duration(n)/time.Duration(size)) {
			return
		}
	}
}

// pace is how many bytes to read at once and how long that many take.
func (p *Printer) pace() (size int, pause time.Duration) {
	if p.opts.BytesPerSecond <= 0 {
		return readSize, 0
	}
	size = max(1, min(readSize, p.opts.BytesPerSecond/paceSteps))
	return size, time.Duration(size) * time.Second / time.Duration(p.opts.BytesPerSecond)
}

func sleep(s *session, d time.Duration) bool {
	if d <= 0 {
		return !s.isOver()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.over:
		return false
	}
}

// room waits until the buffer takes more; false if the session is over.
func (p *Printer) room(s *session) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.queued >= p.opts.Buffer && !s.isOver() {
		p.changed.Wait()
	}
	return !s.isOver()
}

// speakTimeout is how long an answer may wait for a host that does not read.
const speakTimeout = time.Second

// speak sends what is to be answered.
func (p *Printer) speak(s *session) {
	for {
		p.mu.Lock()
		for len(p.reply) == 0 && !s.isOver() {
			p.changed.Wait()
		}
		out := p.reply
		p.reply = nil
		p.mu.Unlock()
		if s.isOver() {
			return
		}
		_ = s.line.SetWriteDeadline(time.Now().Add(speakTimeout))
		if _, err := s.line.Write(out); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
	}
}
