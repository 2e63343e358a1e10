package scansim

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"motcua/devices/scan"
)

const soon = 10 * time.Second

func next(t *testing.T, c <-chan scan.Event) scan.Event {
	t.Helper()
	select {
	case e, ok := <-c:
		if !ok {
			t.Fatal("channel closed")
		}
		return e
	case <-time.After(soon):
		t.Fatal("no event")
	}
	return scan.Event{}
}

func TestDirect(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d := NewDirect("simulator")
	if err := d.Send("before anybody looks"); err != nil {
		t.Fatal(err)
	}
	c := d.Watch(ctx)
	if e := next(t, c); e.Kind != scan.Connected {
		t.Fatalf("first %v", e)
	}
	if e := next(t, c); e.Kind != scan.Read || e.Text != "before anybody looks" {
		t.Fatalf("then %v", e)
	}
	if err := d.Send("a\x00b"); err != nil {
		t.Fatal(err)
	}
	if e := next(t, c); e.Kind != scan.Rejected || !errors.Is(e.Err, scan.ErrNotText) {
		t.Fatalf("control character: %v", e)
	}
	d.Unplug()
	d.Unplug()
	if e := next(t, c); e.Kind != scan.Gone || !errors.Is(e.Err, scan.ErrGone) {
		t.Fatalf("unplugged: %v", e)
	}
	if err := d.Send("x"); !errors.Is(err, ErrUnplugged) {
		t.Fatalf("sent while unplugged: %v", err)
	}
	d.Plug()
	if e := next(t, c); e.Kind != scan.Connected {
		t.Fatalf("plugged: %v", e)
	}
	cancel()
	select {
	case e, ok := <-c:
		if ok {
			t.Fatalf("after the end: %v", e)
		}
	case <-time.After(soon):
		t.Fatal("Watch did not end")
	}
}

func TestDirectBusy(t *testing.T) {
	d := NewDirect("simulator")
	for range maxQueue {
		if err := d.Send("x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Send("x"); !errors.Is(err, ErrBusy) {
		t.Errorf("queue without end: %v", err)
	}
	d.Unplug()
	d.Plug()
	if err := d.Send("x"); err != nil {
		t.Errorf("pulling did not empty the queue: %v", err)
	}
}

func start(t *testing.T, o Options) *Sim {
	t.Helper()
	s, err := Start(t.Context(), o)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("no pseudo-terminals here")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestRawBytes: the line changes nothing, not even before a reader has set it.
func TestRawBytes(t *testing.T) {
	s := start(t, Options{})
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	if err := s.SendRaw(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got := make([]byte, len(all))
	if _, err := io.ReadFull(f, got); err != nil {
		t.Fatal(err)
	}
	if string(got) != string(all) {
		t.Errorf("sent 0 to 255, got %v", got)
	}
}

func TestPace(t *testing.T) {
	s := start(t, Options{Baud: 9600})
	begin := time.Now()
	if err := s.SendRaw(t.Context(), make([]byte, 192)); err != nil { // 0.2 s at 960 bytes a second
		t.Fatal(err)
	}
	if took := time.Since(begin); took < 150*time.Millisecond {
		t.Errorf("192 bytes at 9600 bit/s took %v", took)
	}
}

// TestNobodyReads: sending ends with its context when the line's buffer is full, and when the cable is pulled.
func TestNobodyReads(t *testing.T) {
	s := start(t, Options{Baud: 100_000_000})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := s.SendRaw(ctx, make([]byte, 1<<20)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("full line: %v", err)
	}
	stop := time.AfterFunc(100*time.Millisecond, s.Unplug)
	defer stop.Stop()
	if err := s.SendRaw(t.Context(), make([]byte, 1<<20)); !errors.Is(err, ErrUnplugged) {
		t.Errorf("pulled: %v", err)
	}
}

func TestClose(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Start(ctx, Options{})
	if err != nil {
		t.Skip(err)
	}
	path := s.Path()
	cancel()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal("closed twice:", err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the device's path is still there: %v", err)
	}
	if err := s.Plug(); err == nil {
		t.Error("plugged in after the end")
	}
	if err := s.Send(context.Background(), "x"); !errors.Is(err, ErrUnplugged) {
		t.Errorf("sent after the end: %v", err)
	}
}
