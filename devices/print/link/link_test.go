package link

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"motcua/devices/print"
)

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestAddresses(t *testing.T) {
	for _, a := range []string{"serial:/dev/ttyS1?baud=115200", "serial:/dev/ttyUSB0", "usb:/dev/usb/lp0", "tcp://host:9100", "file:/path"} {
		l, err := Open(a)
		if err != nil || l.String() != a {
			t.Errorf("%s: %v", a, err)
		}
	}
	for _, a := range []string{"", "usb:", "/dev/usb/lp0", "http://x", "tcp://host", "tcp://host:1/x", "tcp:host:1", "serial:?baud=1",
		"serial:/dev/ttyS0?baud=fast", "serial:/dev/ttyS0?baud=-1", "serial:/dev/ttyS0?speed=9600"} {
		if _, err := Open(a); !errors.Is(err, ErrAddress) {
			t.Errorf("%q: %v", a, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, a := range []string{"serial:/dev/ttyS1?baud=115200", "tcp://[::1]:9100", "file:./x/", "usb:\x00"} {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, a string) {
		l, err := Open(a)
		if (l == nil) == (err == nil) || err != nil && !errors.Is(err, ErrAddress) {
			t.Fatalf("%q: %v, %v", a, l, err)
		}
	})
}

// hang is the longest that anything here may take; only a fault takes it.
const hang = 20 * time.Second

// lines opens each kind of link to a far end, which the test holds.
func lines(t *testing.T, test func(t *testing.T, l Link, far io.ReadWriteCloser)) {
	for _, scheme := range []string{"serial", "usb"} {
		t.Run(scheme, func(t *testing.T) {
			master, slave, err := pty.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer slave.Close()
			l, err := Open("serial:" + slave.Name())
			if err != nil {
				t.Fatal(err)
			}
			if scheme == "usb" { // a plain file cannot make a terminal raw: the serial link does it first
				if _, err := l.Read(within(t, time.Millisecond), make([]byte, 1)); !errors.Is(err, ErrTimeout) {
					t.Fatal(err)
				}
				defer l.Close()
				l, _ = Open("usb:" + slave.Name())
			}
			defer l.Close()
			test(t, l, hangup{master, slave})
		})
	}
	t.Run("tcp", func(t *testing.T) {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer ln.Close()
		l, _ := Open("tcp://" + ln.Addr().String())
		defer l.Close()
		if _, err := l.Write(within(t, hang), nil); err != nil {
			t.Fatal(err)
		}
		far, err := ln.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_ = ln.Close() // once it is gone, nobody answers
		test(t, l, far)
	})
}

// hangup pulls the cable: both ends of the terminal go.
type hangup struct {
	*os.File
	slave *os.File
}

func (h hangup) Close() error { return errors.Join(h.slave.Close(), h.File.Close()) }

func TestBothWays(t *testing.T) {
	lines(t, func(t *testing.T, l Link, far io.ReadWriteCloser) {
		defer far.Close()
		ctx := within(t, hang)
		sent := []byte{0, 3, 4, 10, 13, 0x11, 0x13, 0x1B, 0xFF} // what a terminal would eat
		if n, err := l.Write(ctx, sent); n != len(sent) || err != nil {
			t.Fatal(n, err)
		}
		got := make([]byte, len(sent))
		if _, err := io.ReadFull(far, got); err != nil || !bytes.Equal(got, sent) {
			t.Fatalf("% x, %v", got, err)
		}
		if _, err := far.Write([]byte{0x12}); err != nil {
			t.Fatal(err)
		}
		if n, err := l.Read(ctx, got); n != 1 || err != nil || got[0] != 0x12 {
			t.Fatalf("% x, %v", got[:n], err)
		}
	})
}

func TestTimeIsKept(t *testing.T) {
	lines(t, func(t *testing.T, l Link, far io.ReadWriteCloser) {
		defer far.Close()
		start := time.Now()
		if _, err := l.Read(within(t, 50*time.Millisecond), make([]byte, 1)); !errors.Is(err, ErrTimeout) {
			t.Errorf("read: %v", err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(50*time.Millisecond, cancel)
		if _, err := l.Read(ctx, make([]byte, 1)); !errors.Is(err, ErrTimeout) {
			t.Errorf("cancelled: %v", err)
		}
		big := make([]byte, 32<<20) // more than any buffer on the way: nobody reads
		if n, err := l.Write(within(t, 100*time.Millisecond), big); !errors.Is(err, ErrTimeout) || n >= len(big) {
			t.Errorf("write: %d, %v", n, err)
		}
		if took := time.Since(start); took > hang {
			t.Errorf("took %v", took)
		}
	})
}

func TestGone(t *testing.T) {
	lines(t, func(t *testing.T, l Link, far io.ReadWriteCloser) {
		ctx := within(t, hang)
		if _, err := l.Write(ctx, []byte{0}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(far, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		closed := make(chan struct{})
		time.AfterFunc(30*time.Millisecond, func() {
			defer close(closed)
			_ = far.Close()
		})
		usb, limit := strings.HasPrefix(l.String(), "usb:"), hang
		if usb {
			limit = 300 * time.Millisecond // an empty read is no end there, and lasts as long as it may
		}
		_, err := l.Read(within(t, limit), make([]byte, 1))
		<-closed
		silent := usb && errors.Is(err, ErrTimeout)
		if !silent && !errors.Is(err, print.ErrGone) {
			t.Errorf("read: %v", err)
		}
		if _, err := l.Write(ctx, []byte{0}); !errors.Is(err, print.ErrGone) {
			t.Errorf("write: %v", err)
		}
	})
}

func TestCloseEndsAWait(t *testing.T) {
	lines(t, func(t *testing.T, l Link, far io.ReadWriteCloser) {
		defer far.Close()
		if _, err := l.Write(within(t, hang), []byte{0}); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(30*time.Millisecond, func() { _ = l.Close() })
		if _, err := l.Read(context.Background(), make([]byte, 1)); !errors.Is(err, print.ErrGone) {
			t.Error(err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestPlainFileIsNoPrinter: without deadlines a device could hang us.
func TestPlainFileIsNoPrinter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lp0")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l, _ := Open("usb:" + path)
	if _, err := l.Write(within(t, hang), []byte{0}); !errors.Is(err, print.ErrGone) {
		t.Error(err)
	}
}

func TestFileIsWholeOrNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slip.bin")
	l, _ := Open("file:" + path)
	ctx := within(t, hang)
	write := func(s string) {
		if _, err := l.Write(ctx, []byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	write("torn")
	l.Drop()
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a torn job left a file: %v", err)
	}
	write("who")
	write("le")
	if err := l.EndJob(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); string(got) != "whole" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := l.Read(ctx, make([]byte, 1)); !errors.Is(err, ErrOneWay) || l.HasBackChannel() {
		t.Error(err)
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Errorf("%d files", len(files))
	}
}
