// Package scan is the contract of whatever reads a printed code: a serial or USB scanner, a camera, a picture file.
//
// A Scanner says what it read, as text, and whether it is there at all. What the text means is decided elsewhere
// (kiosk/identity knows the card's QR code); a scanner only promises whole, valid texts.
package scan

import (
	"context"
	"errors"
)

// MaxText is the longest text a scanner hands on, in bytes; more is noise or an attack and is reported as ErrTooLong.
// A version 40 QR code holds 2,953 bytes.
const MaxText = 4096

// Errors that a scanner's failures unwrap to.
var (
	// ErrGone: the device was pulled, or its cable. The scanner keeps looking for it.
	ErrGone = errors.New("scan: scanner is gone")
	// ErrTooLong: a line without end. It was dropped.
	ErrTooLong = errors.New("scan: text too long")
	// ErrNotText: what came is not UTF-8 text, or a decoder had to guess (U+FFFD). It was dropped.
	ErrNotText = errors.New("scan: not a text")
	// ErrNoCode: the picture holds no code that can be read.
	ErrNoCode = errors.New("scan: no code found")
)

// EventKind says what a scanner reports.
type EventKind uint8

// What a scanner reports.
const (
	Read      EventKind = iota + 1 // Text was read
	Connected                      // the device is there (first, and after each ErrGone)
	Gone                           // it is not; Err says why; sent once per loss
	Rejected                       // something was read that cannot be handed on; Err says why
)

// String names the kind as logs have it.
func (k EventKind) String() string {
	switch k {
	case Read:
		return "read"
	case Connected:
		return "connected"
	case Gone:
		return "gone"
	case Rejected:
		return "rejected"
	}
	return "unknown"
}

// Event is one report of a scanner.
type Event struct {
	Kind EventKind
	Text string // of Read: valid UTF-8, NFC, without line ends and control characters
	Err  error  // of Gone and Rejected
}

// Scanner is a driver.
type Scanner interface {
	// Name says which device this is, for the log and the technician ("/dev/ttyACM0").
	Name() string
	// Watch sends reports until ctx ends, and closes the channel then. It never gives up on an absent device.
	Watch(ctx context.Context) <-chan Event
}
