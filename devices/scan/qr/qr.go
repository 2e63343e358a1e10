// Package qr reads QR codes out of pictures, above all the one on the front of the citizen's card, held in front of a
// camera or a scanner's imager by hand: small modules, tilted, blurred, with glare on the lamination.
//
// Decode reads a picture's luminance plane, Open makes one of a PNG, JPEG or PGM file, and FileScanner is a scan.Scanner
// made of picture files. A Decoder keeps memory and tells how long to try; use one per camera.
//
// How it works, and why not with gozxing's reader, of which only the tables of versions and the parser of segments are
// used. That reader turns the picture into black and white first, and on a card's modules of two to three pixels that
// loses what is needed: the finder patterns' widths, and later the modules. So here nothing is ever black or white
// before the end.
//
//   - finder.go looks for finder patterns along rows, with edges placed between pixels, at several sizes of the local
//     threshold's window and of the picture; triple.go combines them; pair.go guesses a third from two.
//   - fit.go decides the size by timing and alignment patterns and moves the corners until all patterns fit best.
//   - grid.go samples the modules as gray values; equal.go takes out what the neighbours' blur put in, with taps that
//     are estimated from the code itself.
//   - codeword.go and rs.go correct errors, giving up the least trusted bytes first where that is needed.
//
// What must not happen is a wrong text. A code is handed on only when every Reed-Solomon block is corrected with check
// bytes to spare, the corrected code agrees with what the modules look like, and the text is UTF-8.
//
// What bounds the time of a hostile picture: at most 256 rings, 24 of them combined, a fixed number of triples tried per
// pass, and the budget, which is looked at between triples; one triple costs a few milliseconds at most.
package qr

import (
	"context"
	"time"

	"motcua/devices/scan"
)

// Luma is a picture's 8-bit luminance plane, 0 black to 255 white: row y begins at Pix[y*Stride]. Decoding only reads
// Pix, without copying it.
type Luma struct {
	Pix    []byte
	Stride int
	W, H   int
}

// Point is a place in a picture, in pixels; (0, 0) is the middle of the top left pixel.
type Point struct{ X, Y float64 }

// Result is a code that was read.
type Result struct {
	Text    string        // UTF-8 in NFC. A card's has no control characters; another code's may
	Corners [4]Point      // outer corners of the code as printed: its top left, top right, bottom right, bottom left
	Version int           // 1 to 40
	Took    time.Duration // also set when nothing was read
}

// DefaultBudget is the time for one picture: a frame of a camera is followed by another.
const DefaultBudget = 150 * time.Millisecond

// Decoder reads codes; the zero value is ready. It keeps memory between pictures, and when the time ended before all
// ways of looking were tried, the next picture begins with those that were left. Not for concurrent use.
type Decoder struct {
	Budget time.Duration // for one picture; 0: DefaultBudget

	next int // pass that the last picture's time ended at
	mem  scratch
}

// Decode reads a code with the default budget.
func Decode(ctx context.Context, l *Luma) (Result, error) { return new(Decoder).Decode(ctx, l) }

// Decode reads a code, any one if there are several. The error unwraps to scan.ErrNoCode when none could be read in the
// time, scan.ErrNotText when one was that holds no UTF-8 text, ErrFormat or ErrTooBig for an impossible plane, or is
// ctx's own.
func (d *Decoder) Decode(ctx context.Context, l *Luma) (Result, error) {
	start := time.Now()
	if err := l.check(); err != nil {
		return Result{}, err
	}
	budget := d.Budget
	if budget <= 0 {
		budget = DefaultBudget
	}
	t := d.tryer(ctx, start.Add(budget))
	r, ok, next := t.all(l, d.next)
	d.next = next
	r.Took = time.Since(start)
	switch {
	case ok:
		return r, nil
	case ctx.Err() != nil:
		return r, ctx.Err()
	case t.notText:
		return r, scan.ErrNotText
	}
	return r, scan.ErrNoCode
}

// Forget overwrites what is kept of the last picture.
func (d *Decoder) Forget() { d.mem.forget() }

// check refuses a plane whose numbers do not fit its pixels.
func (l *Luma) check() error {
	if l == nil {
		return ErrFormat
	}
	if err := checkSize(l.W, l.H); err != nil {
		return err
	}
	if l.Stride < l.W || l.Stride > len(l.Pix) || len(l.Pix)-l.W < (l.H-1)*l.Stride {
		return ErrFormat
	}
	return nil
}
