package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/tarm/serial"
)

// openDevice opens a character device non-blocking and read-write, on the runtime's poller.
func openDevice(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	// A file that cannot have deadlines (a plain file, a directory) could hang us: it is no printer.
	if err := f.SetDeadline(time.Time{}); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: no printer device: %w", path, err)
	}
	return f, nil
}

// usbPort is a device of usblp. Its driver hands through the empty packets with which some printers say "nothing to
// tell": an empty read is not the end, as it is on a terminal. A printer that was pulled gives ENODEV.
type usbPort struct{ *os.File }

// emptyPause is how long to leave a printer alone after an empty packet.
const emptyPause = 20 * time.Millisecond

// Read ends with the deadline or with Close, like that of the file.
func (u usbPort) Read(p []byte) (int, error) {
	for {
		n, err := u.File.Read(p)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		time.Sleep(emptyPause)
	}
}

func usbDialer(path string) dialer {
	return func(context.Context) (conn, error) {
		f, err := openDevice(path)
		if err != nil {
			return nil, err
		}
		return usbPort{f}, nil
	}
}

// port is a serial line opened twice. The first opening, by tarm/serial, sets speed and raw mode and keeps them; all
// bytes pass through the second one, which is non-blocking: tarm's own Read and Write cannot be bounded in time, and
// its Read gives the same answer for "nothing yet" and "cable pulled".
type port struct {
	*os.File
	line *serial.Port
}

// discard spares Close the wait for a dead cable to take the rest, which can be half a minute.
func (p *port) discard() { _ = p.line.Flush() }

func (p *port) Close() error {
	err := p.File.Close()
	_ = p.line.Close()
	return err
}

func serialDialer(path string, baud int) dialer {
	return func(context.Context) (conn, error) {
		line, err := serial.OpenPort(&serial.Config{Name: path, Baud: baud})
		if err != nil {
			return nil, err
		}
		f, err := openDevice(path)
		if err != nil {
			_ = line.Close()
			return nil, err
		}
		return &port{File: f, line: line}, nil
	}
}
