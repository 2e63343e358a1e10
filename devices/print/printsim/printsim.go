// Package printsim is a receipt printer in software, at the other end of a pseudo-terminal or a TCP socket: real bytes
// through a real device file, so that whatever drives a printer can be run against it unchanged.
//
// Start gives a running Printer; hand Path (or Addr) to the driver. It parses ESC/POS strictly (what it does not know
// is in ProtocolErrors), burns raster images and QR codes on to a strip of dots, answers DLE EOT, GS r and GS ( H, and
// at a cut writes the slip as a one-bit PNG. Paper, cover, cable and speed are at the command of the test or of the
// operator's panel.
//
// It behaves like a mechanism with a buffer: without paper or with the cover open, commands wait in the buffer, status
// questions are still answered, and when the buffer is full no more is taken from the line. With paper again it goes
// on where it stopped.
package printsim

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"sync"
)

// Defaults of Options.
const (
	defaultWidth  = 576
	defaultBuffer = 64 << 10
)

// ErrClosed: the printer was closed while it was waited for.
var ErrClosed = errors.New("printsim: closed")

// Options describe the printer. The zero value is an 80 mm printer on a pseudo-terminal of any name whose slips are
// kept in a temporary directory.
type Options struct {
	Width  int    // dots across; 576 if zero
	Dir    string // where slips go as slip-0001.png and so on; made if missing; a temporary directory if empty
	Path   string // symbolic link that names the pseudo-terminal, stable over Unplug and Plug; in Dir if empty
	Listen string // TCP address, "127.0.0.1:0"; if set, there is no pseudo-terminal

	BytesPerSecond int  // how fast bytes are taken; as fast as they come if zero
	Buffer         int  // bytes that wait while it cannot print; 64 KiB if zero
	Silent         bool // never answers, like a printer on two wires
}

// Printer is the running simulator. All methods may be called concurrently.
type Printer struct {
	opts Options

	plug  sync.Mutex  // one Plug, Unplug or Close at a time; guards cable and ended
	cable *cable      // nil when unplugged
	ended bool        // by Close
	stop  func() bool // unhooks from the context of Start

	mu      sync.Mutex // guards what follows
	changed *sync.Cond // paper, cover, slips, or the cable's end
	mech    mechanism
	parse   parser
	queue   []command // waiting for the mechanism
	queued  int       // bytes in queue
	reply   []byte    // to be sent
	bytes   int64
	broken  []string // protocol errors
	slips   []string
	closed  bool
	addr    string
}

// Start makes the printer, plugged in, with paper. It ends with ctx or by Close.
func Start(ctx context.Context, opts Options) (*Printer, error) {
	if opts.Width == 0 {
		opts.Width = defaultWidth
	}
	if opts.Buffer == 0 {
		opts.Buffer = defaultBuffer
	}
	if err := prepareDir(&opts); err != nil {
		return nil, fmt.Errorf("printsim: %w", err)
	}
	p := &Printer{opts: opts}
	p.changed = newCond(p)
	p.mech = newMechanism(opts.Width)
	p.parse.width = opts.Width
	if err := p.Plug(); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = p.Close() })
	p.plug.Lock()
	p.stop = stop
	p.plug.Unlock()
	return p, nil
}

func newCond(p *Printer) *sync.Cond { return sync.NewCond(&p.mu) }

func prepareDir(o *Options) (err error) {
	if o.Dir == "" {
		o.Dir, err = os.MkdirTemp("", "printsim-")
		return err
	}
	return os.MkdirAll(o.Dir, 0o700)
}

// Path is the device file to open; empty for a TCP printer.
func (p *Printer) Path() string {
	if p.opts.Listen != "" {
		return ""
	}
	return p.linkPath()
}

// Addr is the host and port to dial; empty for a printer on a pseudo-terminal.
func (p *Printer) Addr() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.addr
}

// SetPaper puts a roll in or takes it out. A new roll begins a new strip: the torso of a slip stays on the old one.
func (p *Printer) SetPaper(in bool) {
	p.change(func(m *mechanism) {
		if in && !m.paper {
			m.strip = nil
		}
		m.paper, m.left = in, endless
	})
}

// RunOutAfter lets the paper end when this many more rows have been printed; at once if none.
func (p *Printer) RunOutAfter(rows int) {
	p.change(func(m *mechanism) { m.left, m.paper = rows, m.paper && rows > 0 })
}

// SetPaperLow sets the near-end sensor.
func (p *Printer) SetPaperLow(low bool) { p.change(func(m *mechanism) { m.low = low }) }

// SetCover opens or closes the cover.
func (p *Printer) SetCover(open bool) { p.change(func(m *mechanism) { m.cover = open }) }

// SetOffline puts the printer into an error that stops it, like a cutter that is stuck.
func (p *Printer) SetOffline(off bool) { p.change(func(m *mechanism) { m.jammed = off }) }

func (p *Printer) change(f func(*mechanism)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.mech)
	p.work() // what has waited may go on
	p.changed.Broadcast()
}

// BytesReceived counts all bytes since Start.
func (p *Printer) BytesReceived() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bytes
}

// ProtocolErrors is what the printer did not understand, oldest first (the first hundred).
func (p *Printer) ProtocolErrors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.broken...)
}

// Slips are the files written so far, oldest first.
func (p *Printer) Slips() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.slips...)
}

// Strip is what has been printed since the last cut, nil if nothing.
func (p *Printer) Strip() *image.Gray {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mech.picture()
}

// WaitSlips waits until there are at least n slips and returns them all.
func (p *Printer) WaitSlips(ctx context.Context, n int) ([]string, error) {
	wake := context.AfterFunc(ctx, p.wake)
	defer wake()
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.slips) < n {
		switch {
		case ctx.Err() != nil:
			return nil, fmt.Errorf("printsim: %d of %d slips: %w", len(p.slips), n, ctx.Err())
		case p.closed:
			return nil, ErrClosed
		}
		p.changed.Wait()
	}
	return append([]string(nil), p.slips...), nil
}

func (p *Printer) wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed.Broadcast()
}
