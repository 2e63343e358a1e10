// Package link is the wire to a printer: bytes there and, where the wire has it, bytes back.
//
// Start with Open, which takes the address as configuration has it:
//
//	serial:/dev/ttyS1?baud=115200   a serial port or a USB adapter that shows as one
//	usb:/dev/usb/lp0                a printer on the kernel's usblp driver
//	tcp://host:9100                 a printer on the network ("raw", "JetDirect")
//	file:/path                      every job into a file of its own; nothing comes back
//
// Why one small interface: what a driver needs from a wire is the same for all, and everything that can hang is here.
// No call outlives its context, whatever the device does: devices are opened non-blocking and the runtime's poller
// keeps the deadlines, so a dead printer costs time and never a stuck goroutine.
//
// A link opens its device when it is first needed and again after it was lost, so a cable may return at any time.
package link

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// Errors of this package, besides print.ErrGone.
var (
	// ErrAddress: the address cannot be understood.
	ErrAddress = errors.New("link: bad address")
	// ErrTimeout: the context ended before the bytes were taken or came. The device itself is still there.
	ErrTimeout = errors.New("link: no answer in time")
	// ErrOneWay: nothing can be read from this link.
	ErrOneWay = errors.New("link: has no back channel")
)

// Link is the wire. One caller at a time may write and one may read; Drop and Close may be called beside them and
// end what they wait for.
type Link interface {
	// String is the address, for logs and technicians.
	String() string
	// Write sends all of p. How many bytes were taken is given with an error too: a driver must know in which command
	// it was cut off. ErrTimeout when ctx ended first, print.ErrGone when there is no device.
	Write(ctx context.Context, p []byte) (int, error)
	// Read waits for at least one byte. ErrTimeout, print.ErrGone or ErrOneWay otherwise.
	Read(ctx context.Context, p []byte) (int, error)
	// HasBackChannel says whether Read can ever give anything.
	HasBackChannel() bool
	// EndJob marks that the bytes written since the last EndJob are one whole job. Only a file cares.
	EndJob(ctx context.Context) error
	// Drop lets the device go, and with it a begun job; the next Write opens anew.
	Drop()
	// Close is Drop for good. Safe to call twice.
	Close() error
}

// defaultBaud is what receipt printers with a serial port are set to nowadays.
const defaultBaud = 115200

// Open makes the link for an address of the forms in the package comment. It does not touch the device.
func Open(address string) (Link, error) {
	scheme, rest, ok := strings.Cut(address, ":")
	if !ok || rest == "" {
		return nil, fmt.Errorf("%w: %q has no scheme", ErrAddress, address)
	}
	switch scheme {
	case "serial":
		return openSerial(address, rest)
	case "usb":
		return newStream(address, usbDialer(rest)), nil
	case "tcp":
		return openTCP(address)
	case "file":
		return newFile(address, rest), nil
	}
	return nil, fmt.Errorf("%w: unknown scheme %q", ErrAddress, scheme)
}

func openSerial(address, rest string) (Link, error) {
	path, query, _ := strings.Cut(rest, "?")
	values, err := url.ParseQuery(query)
	if err != nil || path == "" {
		return nil, fmt.Errorf("%w: %q", ErrAddress, address)
	}
	baud := defaultBaud
	for key, value := range values {
		if key != "baud" {
			return nil, fmt.Errorf("%w: unknown option %q", ErrAddress, key)
		}
		if baud, err = strconv.Atoi(value[0]); err != nil || baud <= 0 {
			return nil, fmt.Errorf("%w: baud %q", ErrAddress, value[0])
		}
	}
	return newStream(address, serialDialer(path, baud)), nil
}

func openTCP(address string) (Link, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Port() == "" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("%w: %q is not tcp://host:port", ErrAddress, address)
	}
	return newStream(address, tcpDialer(u.Host)), nil
}
