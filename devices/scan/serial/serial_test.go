package serial

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"motcua/devices/scan"
	"motcua/devices/scan/scansim"
)

// soon is how long a test waits for what must happen; loaded machines are slow.
const soon = 10 * time.Second

// rig is a scanner on a pseudo-terminal with its far end.
type rig struct {
	t      *testing.T
	ctx    context.Context
	sim    *scansim.Sim
	events <-chan scan.Event
	cancel context.CancelFunc
}

// newRig starts both and waits for the scanner to have the device open.
func newRig(t *testing.T, so scansim.Options, o Options) *rig {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	sim, err := scansim.Start(ctx, so)
	if errors.Is(err, errors.ErrUnsupported) {
		cancel()
		t.Skip("no pseudo-terminals here")
	}
	if err != nil {
		t.Fatal(err)
	}
	o.Path = sim.Path()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t, ctx, sim, s.Watch(ctx), cancel}
	t.Cleanup(r.close)
	r.want(scan.Connected, "", nil)
	return r
}

// close ends the scanner and requires that it ends.
func (r *rig) close() {
	r.cancel()
	late := time.After(soon)
	for {
		select {
		case _, ok := <-r.events:
			if !ok {
				_ = r.sim.Close()
				return
			}
		case <-late:
			r.t.Fatalf("Watch did not end within %v", soon)
		}
	}
}

// want takes the next event and compares.
func (r *rig) want(k scan.EventKind, text string, err error) {
	r.t.Helper()
	select {
	case e := <-r.events:
		if e.Kind != k || e.Text != text || !errors.Is(e.Err, err) || (err == nil) != (e.Err == nil) {
			r.t.Fatalf("got %v %q %v; want %v %q %v", e.Kind, e.Text, e.Err, k, text, err)
		}
	case <-time.After(soon):
		r.t.Fatalf("no event; want %v", k)
	}
}

// quiet requires that nothing is reported for d.
func (r *rig) quiet(d time.Duration) {
	r.t.Helper()
	select {
	case e := <-r.events:
		r.t.Fatalf("unexpected %v %q %v", e.Kind, e.Text, e.Err)
	case <-time.After(d):
	}
}

func (r *rig) raw(s string) {
	r.t.Helper()
	if err := r.sim.SendRaw(r.ctx, []byte(s)); err != nil {
		r.t.Fatal(err)
	}
}

func TestLineEnds(t *testing.T) {
	for _, end := range []string{"\r", "\n", "\r\n"} {
		r := newRig(t, scansim.Options{End: end}, Options{})
		if err := r.sim.Send(r.ctx, card); err != nil {
			t.Fatal(err)
		}
		r.want(scan.Read, card, nil)
	}
}

func TestSplitWrites(t *testing.T) {
	r := newRig(t, scansim.Options{}, Options{})
	r.raw("first\r")
	r.want(scan.Read, "first", nil)
	for _, b := range []byte(card) { // runes are cut too
		r.raw(string([]byte{b}))
	}
	time.Sleep(2 * readTimeout) // a stall in the middle of a line must not end it
	r.raw("!\r")
	r.want(scan.Read, card+"!", nil)
}

func TestNoLineEnd(t *testing.T) {
	r := newRig(t, scansim.Options{End: "none"}, Options{})
	r.raw(card)
	r.want(scan.Read, card, nil)
	r.raw("]Q1" + card[1:])
	r.want(scan.Read, card[1:], nil)
}

func TestGarbage(t *testing.T) {
	r := newRig(t, scansim.Options{}, Options{})
	r.raw("\xff\x00\xfe\r")
	r.want(scan.Rejected, "", scan.ErrNotText)
	r.raw(strings.Repeat("z", scan.MaxText+100) + "\r")
	r.want(scan.Rejected, "", scan.ErrTooLong)
	r.raw(card + "\r")
	r.want(scan.Read, card, nil)
}

func TestRepetition(t *testing.T) {
	r := newRig(t, scansim.Options{}, Options{Repeat: 600 * time.Millisecond})
	r.raw(card + "\r")
	r.want(scan.Read, card, nil)
	for range 3 { // each within the time of the one before, all together beyond it
		time.Sleep(250 * time.Millisecond)
		r.raw(card + "\r")
	}
	r.raw("other\r")
	r.want(scan.Read, "other", nil)
	r.raw(card + "\r")
	r.want(scan.Read, card, nil)
	r.quiet(700 * time.Millisecond)
	r.raw(card + "\r")
	r.want(scan.Read, card, nil)
}

// TestUnplug: the loss is said once, half a text is never handed on, and the scanner is found again.
func TestUnplug(t *testing.T) {
	r := newRig(t, scansim.Options{End: "none"}, Options{Repeat: -1})
	for range 3 {
		r.raw(card[:30]) // and the cable is pulled in the middle
		r.sim.Unplug()
		r.want(scan.Gone, "", scan.ErrGone)
		r.quiet(300 * time.Millisecond)
		if err := r.sim.Send(r.ctx, card); !errors.Is(err, scansim.ErrUnplugged) {
			t.Fatalf("sent while unplugged: %v", err)
		}
		if err := r.sim.Plug(); err != nil {
			t.Fatal(err)
		}
		r.want(scan.Connected, "", nil)
		r.raw(card + "\r")
		r.want(scan.Read, card, nil)
	}
}

// TestAbsent: a device that was never there is said to be gone, once, and found when it comes.
func TestAbsent(t *testing.T) {
	dir := t.TempDir()
	s, err := New(Options{Path: filepath.Join(dir, "scanner")})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r := &rig{t: t, ctx: ctx, cancel: cancel, events: s.Watch(ctx)}
	r.want(scan.Gone, "", os.ErrNotExist)
	r.sim, err = scansim.Start(ctx, scansim.Options{Dir: dir})
	if err != nil {
		t.Skip(err)
	}
	defer r.close()
	r.want(scan.Connected, "", nil)
}

// TestIdleCost: waiting, with and without the device, is no busy loop.
func TestIdleCost(t *testing.T) {
	r := newRig(t, scansim.Options{}, Options{})
	measure := func(what string) {
		before := cpuTime(t)
		r.quiet(time.Second)
		if used := cpuTime(t) - before; used > 100*time.Millisecond {
			t.Errorf("%s: %v of processor time in a second", what, used)
		}
	}
	measure("connected")
	r.sim.Unplug()
	r.want(scan.Gone, "", scan.ErrGone)
	measure("gone")
}

// TestEnds: the watcher's goroutine ends with its context, whatever it is doing.
func TestEnds(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 3 {
		r := newRig(t, scansim.Options{}, Options{})
		r.raw("a\rb\rc\r") // nobody takes them
		r.close()
	}
	for end := time.Now().Add(soon); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
		}
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []Options{{}, {Path: "x", DataBits: 9}, {Path: "x", StopBits: 3}, {Path: "x", Parity: 'Q'}, {Path: "x", Baud: -1}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
	s, err := New(Options{Path: "/dev/ttyACM0"})
	if err != nil || s.Name() != "/dev/ttyACM0" || s.cfg.Baud != DefaultBaud || s.cfg.ReadTimeout <= 0 {
		t.Errorf("defaults: %+v, %v", s, err)
	}
}
