package serial

import (
	"bytes"
	"time"

	"motcua/devices/scan"
	"motcua/devices/scan/internal/plain"
)

// stallGaps is how many gaps an unfinished line may be silent, on a scanner known to end its lines, before what came
// of it is dropped as torn.
const stallGaps = 10

// aimQR begins the AIM symbology identifier of a QR code (ISO/IEC 15424: "]Q" and one modifier, 0 to 6), which many
// scanners are set to send before the text. No text of a card begins like this.
var aimQR = []byte("]Q")

// Frame is one reading: a text, or the reason why what came is not one.
type Frame struct {
	Text string
	Err  error // scan.ErrNotText or scan.ErrTooLong; Text is empty then
}

// Framer cuts a scanner's bytes into readings. It is a pure value: no clock, no device; the zero Framer is ready.
//
// A reading ends with CR, LF, both, or, for scanners set to send no terminator, with a silence of Gap. Once a
// terminator was seen the silence no longer ends a reading, so that a stalled cable cannot pass half a text for a whole
// one: such a half is dropped after ten gaps and reported as scan.ErrNotText. Not for concurrent use.
type Framer struct {
	Prefix, Suffix string        // what the scanner is set to put around the text, taken off when there
	Gap            time.Duration // silence that ends a reading; 0: only terminators do

	buf      []byte
	skipping bool          // too long: drop everything up to the next end
	lined    bool          // a terminator was seen
	silent   time.Duration // since the last byte
}

// Push takes the next bytes and returns the readings they complete, in order.
func (f *Framer) Push(p []byte) []Frame {
	var out []Frame
	f.silent = 0
	for len(p) > 0 {
		i := bytes.IndexAny(p, "\r\n")
		if i < 0 {
			return f.grow(out, p)
		}
		out = f.grow(out, p[:i])
		out = f.end(out)
		f.lined = true
		p = p[i+1:]
	}
	return out
}

// Idle says that nothing came for another d. It returns the reading that the silence ends, if any.
func (f *Framer) Idle(d time.Duration) []Frame {
	if f.Gap <= 0 || (len(f.buf) == 0 && !f.skipping) {
		return nil
	}
	f.silent += d
	if !f.lined && f.silent >= f.Gap {
		return f.end(nil)
	}
	if f.lined && f.silent >= stallGaps*f.Gap {
		reported := f.skipping
		f.drop()
		if !reported {
			return []Frame{{Err: scan.ErrNotText}}
		}
	}
	return nil
}

// Reset drops what is unfinished and what was learned: the device is another one now.
func (f *Framer) Reset() {
	f.drop()
	f.lined = false
}

// grow adds p to the line and gives up on the line when it is too long.
func (f *Framer) grow(out []Frame, p []byte) []Frame {
	if f.skipping {
		return out
	}
	if len(f.buf)+len(p) > scan.MaxText+len(f.Prefix)+len(f.Suffix)+len(aimQR)+1 {
		f.drop()
		f.skipping = true
		return append(out, Frame{Err: scan.ErrTooLong})
	}
	f.buf = append(f.buf, p...)
	return out
}

// end completes the line: empty ones (the LF of a CRLF) are nothing.
func (f *Framer) end(out []Frame) []Frame {
	if line := f.strip(f.buf); len(line) > 0 {
		s, err := plain.Text(line)
		out = append(out, Frame{Text: s, Err: err})
	}
	f.drop()
	return out
}

// strip takes off the AIM identifier, prefix and suffix.
func (f *Framer) strip(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte(f.Prefix))
	b = bytes.TrimSuffix(b, []byte(f.Suffix))
	if n := len(aimQR) + 1; len(b) >= n && bytes.HasPrefix(b, aimQR) && b[n-1] >= '0' && b[n-1] <= '6' {
		b = b[n:]
	}
	return b
}

// drop forgets the line; it holds a person's data, so the bytes go as well.
func (f *Framer) drop() {
	clear(f.buf[:cap(f.buf)])
	f.buf, f.skipping, f.silent = f.buf[:0], false, 0
}
