// Package print is the contract of a receipt printer: a strip of paper, black or white dots, a cutter.
//
// A Job is a list of Blocks. Text arrives here already drawn (Vietnamese is always right as a bitmap); a QR code
// arrives as its text, so that a printer which draws codes itself can. Three outcomes are told apart everywhere: yes,
// no and unknown, because many printers cannot say whether they have paper.
package print

import (
	"context"
	"errors"
	"image"
)

// Errors that a printer's failures unwrap to.
var (
	// ErrPaperOut: no paper. Nothing of the job may be relied on.
	ErrPaperOut = errors.New("print: out of paper")
	// ErrCoverOpen: the cover is open.
	ErrCoverOpen = errors.New("print: cover is open")
	// ErrOffline: the printer is there and takes nothing (error, feed key held, cutter jammed).
	ErrOffline = errors.New("print: printer is offline")
	// ErrGone: no printer at the other end: unplugged, switched off, never there.
	ErrGone = errors.New("print: printer is gone")
	// ErrUnsure: the bytes were sent and the printer did not confirm the end of the job within the time. The slip
	// may or may not be on paper: a person has to look.
	ErrUnsure = errors.New("print: not confirmed by the printer")
)

// Tri is an answer that may be missing.
type Tri uint8

// The three answers.
const (
	Unknown Tri = iota
	Yes
	No
)

// String is the answer as JSON and logs have it.
func (t Tri) String() string {
	switch t {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return "unknown"
}

// MarshalText makes a Tri "yes", "no" or "unknown" in JSON.
func (t Tri) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Status is what a printer says of itself.
type Status struct {
	Online      Tri `json:"online"`       // it takes data
	Paper       Tri `json:"paper"`        // there is paper
	PaperLow    Tri `json:"paper_low"`    // the near-end sensor sees the end coming
	CoverClosed Tri `json:"cover_closed"` // the cover is shut
	Failed      Tri `json:"failed"`       // cutter jam or another error that needs a person
}

// Err is the reason why a printer in this state cannot print, nil if nothing is known against it.
func (s Status) Err() error {
	switch {
	case s.CoverClosed == No:
		return ErrCoverOpen
	case s.Paper == No:
		return ErrPaperOut
	case s.Failed == Yes, s.Online == No:
		return ErrOffline
	}
	return nil
}

// Block is one piece of a job, printed below the one before. Exactly one field is set.
type Block struct {
	Raster *image.Gray // drawn dots, at most the paper's width; a pixel under 128 is black
	QR     *QR         // a QR code, centred
	Feed   int         // blank dot rows
}

// QR is a code to be printed: byte mode, error correction M.
type QR struct {
	Text   string
	Module int // dots per module, 1 to 16
}

// Job is one slip.
type Job struct {
	Blocks []Block
	Cut    bool
}

// Printer is a driver. Its methods may be called concurrently; jobs are printed one after another.
type Printer interface {
	// Name says which device this is, for the log and the technician.
	Name() string
	// WidthDots is how many dots fit across the paper (576 on 80 mm paper at 203 dpi, 384 on 58 mm).
	WidthDots() int
	// Print sends the job and returns when the printer has confirmed its end or cannot be asked. An error unwraps
	// to one of the package's; after any but ErrUnsure the job is not (wholly) on paper.
	Print(ctx context.Context, job Job) error
	// Status asks the printer. A printer that cannot be asked answers Unknown, not an error; ErrGone if it is not there.
	Status(ctx context.Context) (Status, error)
	// Close lets the device go. Safe to call twice.
	Close() error
}
