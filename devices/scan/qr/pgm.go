package qr

import (
	"bufio"
	"fmt"
	"io"
)

// maxGray is PGM's largest sample, and the largest number its text forms may hold here besides the sides.
const maxGray = 65535

// openPGM reads a Netpbm graymap, plain (P2) or raw (P5), as its manual page pgm(5) has it: numbers apart by white
// space, comments from # to the end of the line, samples of two bytes, high one first, when the maximum is over 255.
func openPGM(br *bufio.Reader, raw bool) (*Luma, error) {
	_, _ = br.Discard(2) // the magic, already peeked
	var size [3]int      // width, height, maximum
	for i := range size {
		n, err := pgmNumber(br, MaxPixels)
		if err != nil {
			return nil, err
		}
		size[i] = n
	}
	w, h, most := size[0], size[1], size[2]
	if err := checkSize(w, h); err != nil {
		return nil, err
	}
	if most < 1 || most > maxGray {
		return nil, fmt.Errorf("%w: PGM maximum %d", ErrFormat, most)
	}
	sample := pgmPlain
	if raw && most > 255 {
		sample = pgmWide
	} else if raw {
		sample = pgmByte
	}
	// Grow row by row: a header may promise more than the file holds.
	l := &Luma{Stride: w, W: w, H: h}
	for range w * h {
		v, err := sample(br)
		if err != nil {
			return nil, err
		}
		l.Pix = append(l.Pix, byte(min(v, most)*255/most))
	}
	return l, nil
}

func pgmPlain(br *bufio.Reader) (int, error) { return pgmNumber(br, maxGray) }

func pgmByte(br *bufio.Reader) (int, error) {
	b, err := br.ReadByte()
	return int(b), pgmErr(err)
}

func pgmWide(br *bufio.Reader) (int, error) {
	hi, err := br.ReadByte()
	if err != nil {
		return 0, pgmErr(err)
	}
	lo, err := br.ReadByte()
	return int(hi)<<8 | int(lo), pgmErr(err)
}

// pgmNumber reads a decimal number up to most, and the one white space after it.
func pgmNumber(br *bufio.Reader, most int) (int, error) {
	n, digits := 0, 0
	for {
		c, err := br.ReadByte()
		switch {
		case err == io.EOF && digits > 0:
			return n, nil
		case err != nil:
			return 0, pgmErr(err)
		case c >= '0' && c <= '9':
			if n, digits = n*10+int(c-'0'), digits+1; n > most {
				return 0, fmt.Errorf("%w: PGM number too large", ErrTooBig)
			}
		case c == '#' && digits == 0:
			if err := skipLine(br); err != nil {
				return 0, err
			}
		case c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\v' && c != '\f':
			return 0, fmt.Errorf("%w: PGM has a stray byte", ErrFormat)
		case digits > 0:
			return n, nil
		}
	}
}

func skipLine(br *bufio.Reader) error {
	for {
		c, err := br.ReadByte()
		if err != nil {
			return pgmErr(err)
		}
		if c == '\n' || c == '\r' {
			return nil
		}
	}
}

// pgmErr makes the end of the file a damaged picture.
func pgmErr(err error) error {
	if err == io.EOF {
		return fmt.Errorf("%w: PGM ends early", ErrFormat)
	}
	return err
}
