package printsim

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func start(t *testing.T, o Options) *Printer {
	t.Helper()
	o.Dir = t.TempDir()
	p, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// bar is a raster of one byte's width, all black, and cut is GS V 66 0.
func bar(rows int) []byte {
	return append([]byte{gs, 'v', '0', 0, 1, 0, byte(rows), byte(rows >> 8)}, bytes.Repeat([]byte{0xFF}, rows)...)
}

func cut() []byte { return []byte{gs, 'V', 66, 0} }

func host(t *testing.T, p *Printer) *os.File {
	t.Helper()
	f, err := os.OpenFile(p.Path(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func send(t *testing.T, w io.Writer, parts ...[]byte) {
	t.Helper()
	if _, err := w.Write(bytes.Join(parts, nil)); err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, r interface {
	io.Reader
	SetReadDeadline(time.Time) error
}, want ...byte) {
	t.Helper()
	got := make([]byte, len(want))
	if err := r.SetReadDeadline(time.Now().Add(3 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("answer % x, %v; want % x", got, err, want)
	}
}

func eot(n byte) []byte { return []byte{dle, 4, n} }

func wait(t *testing.T, p *Printer, n int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	slips, err := p.WaitSlips(ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	return slips
}

func TestAnswers(t *testing.T) {
	p := start(t, Options{})
	f := host(t, p)
	send(t, f, eot(1), eot(2), eot(3), eot(4), []byte{gs, 'r', 1})
	expect(t, f, 0x12, 0x12, 0x12, 0x12, 0x00)
	p.SetPaperLow(true)
	send(t, f, eot(4), []byte{gs, 'r', 1})
	expect(t, f, 0x1E, 0x03)
	p.SetPaper(false)
	send(t, f, eot(1), eot(2), eot(4))
	expect(t, f, 0x1A, 0x32, 0x7E)
	p.SetPaper(true)
	p.SetCover(true)
	send(t, f, eot(1), eot(2))
	expect(t, f, 0x1A, 0x16)
	p.SetCover(false)
	send(t, f, []byte{gs, '(', 'H', 6, 0, 48, 48, '0', '0', '4', '2'})
	expect(t, f, 0x37, 0x22, '0', '0', '4', '2', 0)
}

// TestPaperEnds: what follows waits, the status is answered all the same, and with paper it goes on.
func TestPaperEnds(t *testing.T) {
	p := start(t, Options{})
	f := host(t, p)
	p.RunOutAfter(10)
	send(t, f, bar(25), cut(), []byte{gs, 'r', 1}, eot(4))
	expect(t, f, 0x72)
	if g := p.Strip(); g == nil || g.Bounds().Dy() != 10 {
		t.Fatalf("strip %v", g)
	}
	p.SetPaper(true)
	expect(t, f, 0x00)
	slips := wait(t, p, 1)
	if filepath.Base(slips[0]) != "slip-0001.png" {
		t.Errorf("slip %s", slips[0])
	}
	if c := p.ProtocolErrors(); len(c) > 0 {
		t.Error(c)
	}
}

func TestDoesNotUnderstand(t *testing.T) {
	p := start(t, Options{})
	f := host(t, p)
	send(t, f, []byte("A"), []byte{esc, 0x7F}, []byte{gs, 'v', '0', 0, 73, 0, 1, 0}, eot(1))
	expect(t, f, 0x12)
	if c := p.ProtocolErrors(); len(c) != 3 {
		t.Errorf("%d complaints: %q", len(c), c)
	}
}

func TestPlugKeepsThePath(t *testing.T) {
	p := start(t, Options{})
	f := host(t, p)
	send(t, f, bar(3))
	p.Unplug()
	if _, err := os.Stat(p.Path()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("path while unplugged: %v", err)
	}
	if _, err := f.Write([]byte{0}); err == nil {
		t.Error("the old device still takes bytes")
	}
	if err := p.Plug(); err != nil {
		t.Fatal(err)
	}
	f = host(t, p)
	send(t, f, bar(3), cut())
	wait(t, p, 1)
}

func TestTCPKeepsThePort(t *testing.T) {
	p := start(t, Options{Listen: "127.0.0.1:0"})
	addr := p.Addr()
	for n := 1; n <= 2; n++ {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		send(t, c, bar(3), cut(), eot(1))
		expect(t, c.(*net.TCPConn), 0x12)
		wait(t, p, n)
		p.Unplug()
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Error("still connected")
		}
		if err := p.Plug(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPace(t *testing.T) {
	const rate, size = 20_000, 6_000
	p := start(t, Options{BytesPerSecond: rate})
	f := host(t, p)
	began := time.Now()
	send(t, f, make([]byte, size), eot(1))
	expect(t, f, 0x12)
	if took := time.Since(began); took < size*time.Second/rate*8/10 {
		t.Errorf("%d bytes in %v", size, took)
	}
}

// TestFullBuffer: without paper the printer stops taking bytes, and goes on with paper.
func TestFullBuffer(t *testing.T) {
	p := start(t, Options{Buffer: 2000})
	f := host(t, p)
	p.SetPaper(false)
	done := make(chan error, 1)
	go func() {
		for range 40 {
			if _, err := f.Write(bar(1000)); err != nil {
				done <- err
				return
			}
		}
		_, err := f.Write(cut())
		done <- err
	}()
	select {
	case err := <-done:
		t.Fatalf("all was taken: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	p.SetPaper(true)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wait(t, p, 1)
}

func TestEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	p, err := Start(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := p.WaitSlips(context.Background(), 1); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if err := errors.Join(p.Close(), p.Close()); err != nil {
		t.Error(err)
	}
	if err := p.Plug(); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

// FuzzParser: any stream in any pieces gives the same commands and complaints, and ends.
func FuzzParser(f *testing.F) {
	f.Add(append(bar(3), cut()...), 5)
	f.Add([]byte{esc, '@', esc, 'a', 1, gs, '(', 'k', 5, 0, 49, 80, 48, 'A', 'B', gs, '(', 'k', 3, 0, 49, 81, 48, dle, 4, 1}, 9)
	f.Add([]byte{gs, 'v', '0', 3, 0xFF, 0xFF, 0xFF, 0xFF, lf, 'x', gs, '(', 'H', 6, 0, 48, 48, 1, 2, 3, 4, gs, 'r', 1}, 2)
	f.Fuzz(func(t *testing.T, data []byte, at int) {
		if len(data) > 4096 {
			return
		}
		at = min(max(at, 0), len(data))
		whole, parts := offPaper(), offPaper()
		whole.take(data)
		parts.take(data[:at])
		parts.take(data[at:])
		if !bytes.Equal(whole.reply, parts.reply) || len(whole.broken) != len(parts.broken) || len(whole.mech.strip) != len(parts.mech.strip) {
			t.Fatal("the cut matters")
		}
		if len(whole.parse.buf) > len(data) || len(whole.mech.strip) > maxStrip {
			t.Fatal("no bound")
		}
	})
}

// offPaper is a printer without a cable that saves nothing.
func offPaper() *Printer {
	p := &Printer{opts: Options{Width: 64, Dir: os.DevNull}}
	p.mech, p.parse.width = newMechanism(64), 64
	p.changed = newCond(p)
	return p
}
