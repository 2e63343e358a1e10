package escpos

import (
	"errors"
	"fmt"
	"image"

	"motcua/devices/print"
)

// ErrJob: the job asks for what no printer of this profile can do (too wide, a QR code too long).
var ErrJob = errors.New("escpos: job cannot be printed")

// Limits of a job, so that a mistake above cannot empty the roll.
const (
	maxRows   = 16_000 // 2 m of paper
	maxQRText = 1_000  // bytes; a version 40 code at level M holds 2331
)

// Single-byte controls and the first bytes of the command groups.
const (
	nul = 0x00
	dle = 0x10
	eot = 0x04
	esc = 0x1B
	gs  = 0x1D
)

// ESC a: where lines, native QR codes and, on some models, bit images stand.
const (
	alignLeft   = 0
	alignCentre = 1
)

func cmdInit() []byte        { return []byte{esc, '@'} }      // ESC @
func cmdAlign(n byte) []byte { return []byte{esc, 'a', n} }   // ESC a n
func cmdEOT(n byte) []byte   { return []byte{dle, eot, n} }   // DLE EOT n
func cmdSensor() []byte      { return []byte{gs, 'r', 1} }    // GS r 1
func cmdFeed(n byte) []byte  { return []byte{esc, 'd', n} }   // ESC d n
func cmdCut(m byte) []byte   { return []byte{gs, 'V', m, 0} } // GS V m 0: feed to the cutter, cut
func cmdProcess(id [4]byte) []byte { // GS ( H, function 48
	return append([]byte{gs, '(', 'H', 6, 0, 48, 48}, id[:]...)
}

// tearLines is how far a printer without a cutter feeds, in lines of 1/6 inch: past the tear bar.
const tearLines = 5

// composer turns a job into commands. Each unit is one command or a few that belong together: between units the
// printer may be asked for its status, within one it may not.
type composer struct {
	profile Profile
	units   [][]byte
	align   byte
	rows    int // dot rows that the job is high
}

// encode is the whole job. The first unit resets the printer, so that a job never depends on what was sent before.
func encode(p Profile, job print.Job) (*composer, error) {
	e := &composer{profile: p}
	e.add(cmdInit())
	for i, b := range job.Blocks {
		if err := e.block(b); err != nil {
			return nil, fmt.Errorf("block %d: %w", i, err)
		}
		if e.rows > maxRows {
			return nil, fmt.Errorf("%w: more than %d rows", ErrJob, maxRows)
		}
	}
	e.alignTo(alignLeft)
	if job.Cut {
		e.add(cut(p))
	}
	return e, nil
}

func cut(p Profile) []byte {
	switch p.Cut {
	case CutFull:
		return cmdCut(65)
	case CutPartial:
		return cmdCut(66)
	}
	return cmdFeed(tearLines)
}

func (e *composer) add(unit []byte) { e.units = append(e.units, unit) }

func (e *composer) alignTo(n byte) {
	if e.align != n {
		e.align = n
		e.add(cmdAlign(n))
	}
}

func (e *composer) block(b print.Block) error {
	switch {
	case b.Raster != nil:
		return e.raster(b.Raster)
	case b.QR != nil:
		return e.qr(*b.QR)
	case b.Feed < 0 || b.Feed > maxRows:
		return fmt.Errorf("%w: feed of %d rows", ErrJob, b.Feed)
	case b.Feed > 0:
		return e.raster(blank(b.Feed))
	}
	return nil
}

// blank is white paper to be fed. It goes as a raster one byte wide, not as ESC J: the unit of ESC J is one dot on
// some models and half a dot on others, a raster row is one dot on all.
func blank(rows int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 1, rows))
	for i := range g.Pix {
		g.Pix[i] = 0xFF
	}
	return g
}

// size of a job so far, for the tests and the log.
func (e *composer) size() int {
	n := 0
	for _, u := range e.units {
		n += len(u)
	}
	return n
}
