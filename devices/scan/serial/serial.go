// Package serial reads a scanner that sends text over a serial line: RS-232, or USB in its COM-port mode (CDC-ACM),
// which is the mode to set a kiosk's scanner to, because a keyboard-mode scanner types into whatever has the focus and
// cannot send Vietnamese.
//
// New makes a scan.Scanner from Options; Watch it. The device may be absent, come, go and come back: Watch says so and
// goes on looking. Framer, which cuts the bytes into readings, is usable alone.
//
// Why a read timeout is always set: without it the operating system's read cannot be ended, and closing the port would
// wait for it for ever. Why an empty read is timed: tarm/serial gives io.EOF both when nothing came and when the cable
// was pulled; the second answers at once, and for ever.
package serial

import (
	"context"
	"fmt"
	"hash/maphash"
	"time"

	tarm "github.com/tarm/serial"

	"motcua/devices/scan"
)

const (
	// readTimeout is the shortest that termios can do (VTIME is in tenths of a second); it is also the resolution of
	// the silence between readings and the longest that Watch takes to end.
	readTimeout = 100 * time.Millisecond
	// hangUps is how many empty reads in a row must come back at once before the device counts as gone.
	hangUps = 3
	// firstRetry and lastRetry bound the growing pause between attempts to open an absent device.
	firstRetry, lastRetry = 50 * time.Millisecond, time.Second
	// bufSize holds any one reading.
	bufSize = 1024
)

// Defaults for what Options leaves zero.
const (
	DefaultBaud   = 9600
	DefaultGap    = 80 * time.Millisecond
	DefaultRepeat = 1500 * time.Millisecond
)

// Parity is the parity bit of a character.
type Parity byte

// The parities.
const (
	ParityNone Parity = 'N'
	ParityOdd  Parity = 'O'
	ParityEven Parity = 'E'
)

// Options say where the scanner is and how it is set. Only Path is needed.
type Options struct {
	Path string // "/dev/serial/by-id/…", "/dev/ttyACM0", "COM3"

	Baud     int    // bits a second; 0: DefaultBaud. USB scanners ignore it
	DataBits int    // 7 or 8; 0: 8
	Parity   Parity // 0: none
	StopBits int    // 1 or 2; 0: 1

	Prefix, Suffix string // what the scanner puts around a text, other than line ends and the AIM identifier

	// Gap is the silence that ends a text when the scanner sends no line end, rounded up to 0.1 s; 0: DefaultGap,
	// negative: only line ends do.
	Gap time.Duration
	// Repeat is the time in which the same text again is not reported again (a scanner in presentation mode repeats
	// while the card lies there); it starts anew with each repetition. 0: DefaultRepeat, negative: report all.
	Repeat time.Duration
}

// Scanner is a serial scanner.
type Scanner struct {
	o    Options
	cfg  tarm.Config
	seed maphash.Seed
	now  func() time.Time
}

var _ scan.Scanner = (*Scanner)(nil)

// New checks the options. The device need not be there yet.
func New(o Options) (*Scanner, error) {
	o = o.withDefaults()
	switch {
	case o.Path == "":
		return nil, fmt.Errorf("serial: no device path")
	case o.Baud < 0:
		return nil, fmt.Errorf("serial: baud rate %d", o.Baud)
	case o.DataBits != 7 && o.DataBits != 8:
		return nil, fmt.Errorf("serial: %d data bits; 7 or 8 are possible", o.DataBits)
	case o.StopBits != 1 && o.StopBits != 2:
		return nil, fmt.Errorf("serial: %d stop bits; 1 or 2 are possible", o.StopBits)
	case o.Parity != ParityNone && o.Parity != ParityOdd && o.Parity != ParityEven:
		return nil, fmt.Errorf("serial: unknown parity %q", rune(o.Parity))
	}
	return &Scanner{o: o, seed: maphash.MakeSeed(), now: time.Now, cfg: tarm.Config{
		Name: o.Path, Baud: o.Baud, ReadTimeout: readTimeout,
		Size: byte(o.DataBits), Parity: tarm.Parity(o.Parity), StopBits: tarm.StopBits(o.StopBits),
	}}, nil
}

func (o Options) withDefaults() Options {
	if o.Baud == 0 {
		o.Baud = DefaultBaud
	}
	if o.DataBits == 0 {
		o.DataBits = 8
	}
	if o.Parity == 0 {
		o.Parity = ParityNone
	}
	if o.StopBits == 0 {
		o.StopBits = 1
	}
	if o.Gap == 0 {
		o.Gap = DefaultGap
	}
	if o.Repeat == 0 {
		o.Repeat = DefaultRepeat
	}
	return o
}

// Name is the device's path.
func (s *Scanner) Name() string { return s.o.Path }

// Watch opens the device, reads it and reports until ctx ends; the channel is closed at most about 0.1 s later. When
// the device is not there at the start that is reported as one scan.Gone. Watch once at a time: two readers of one line
// would each get a part of it.
func (s *Scanner) Watch(ctx context.Context) <-chan scan.Event {
	out := make(chan scan.Event)
	go func() {
		defer close(out)
		w := watch{Scanner: s, ctx: ctx, out: out, framer: Framer{Prefix: s.o.Prefix, Suffix: s.o.Suffix, Gap: s.o.Gap}}
		w.run()
	}()
	return out
}
