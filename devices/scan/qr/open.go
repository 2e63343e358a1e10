package qr

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
)

// Limits of a picture file. More is refused before memory is spent on it.
const (
	MaxFileBytes = 64 << 20
	MaxPixels    = 50_000_000
)

// Errors of opening a picture.
var (
	// ErrFormat: not a PNG, JPEG or PGM picture, or a damaged one.
	ErrFormat = errors.New("qr: not a picture that can be read")
	// ErrTooBig: over MaxFileBytes or MaxPixels.
	ErrTooBig = errors.New("qr: picture is too big")
)

// maxHeader is how far into a file its size must have been stated; a JPEG may carry long metadata before it.
const maxHeader = 1 << 20

// OpenFile reads the picture file at path.
func OpenFile(path string) (*Luma, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Open(f)
}

// Open reads a picture: PNG, JPEG (the luminance plane as it is in the file), or PGM (P2 and P5, 8 and 16 bit). The
// format is told by the first bytes. Errors unwrap to ErrFormat, ErrTooBig or the reader's own.
func Open(r io.Reader) (*Luma, error) {
	lim := &io.LimitedReader{R: r, N: MaxFileBytes + 1}
	br := bufio.NewReaderSize(lim, maxHeader)
	head, err := br.Peek(2)
	if err != nil && len(head) < 2 {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	l, err := open(br, string(head))
	if lim.N <= 0 {
		return nil, ErrTooBig
	}
	return l, err
}

// open picks the format by its first two bytes.
func open(br *bufio.Reader, magic string) (*Luma, error) {
	switch magic {
	case "\x89P":
		return openImage(br, png.DecodeConfig, png.Decode)
	case "\xff\xd8":
		return openImage(br, jpeg.DecodeConfig, jpeg.Decode)
	case "P2", "P5":
		return openPGM(br, magic == "P5")
	}
	return nil, ErrFormat
}

// openImage decodes with one of Go's decoders after its stated size was checked on the bytes peeked.
func openImage(br *bufio.Reader, config func(io.Reader) (image.Config, error), decode func(io.Reader) (image.Image, error)) (*Luma, error) {
	head, err := br.Peek(maxHeader)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	c, err := config(bytes.NewReader(head))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if err := checkSize(c.Width, c.Height); err != nil {
		return nil, err
	}
	m, err := decode(br)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return FromImage(m), nil
}

// checkSize refuses empty and huge pictures.
func checkSize(w, h int) error {
	if w <= 0 || h <= 0 {
		return ErrFormat
	}
	if w > MaxPixels || h > MaxPixels/w {
		return ErrTooBig
	}
	return nil
}

// FromImage is the luminance of m: the plane itself, not a copy, when m has one (image.YCbCr, image.Gray). What is
// transparent is taken as lying on white.
func FromImage(m image.Image) *Luma {
	b := m.Bounds()
	switch m := m.(type) {
	case *image.YCbCr:
		return &Luma{Pix: m.Y[m.YOffset(b.Min.X, b.Min.Y):], Stride: m.YStride, W: b.Dx(), H: b.Dy()}
	case *image.Gray:
		return &Luma{Pix: m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], Stride: m.Stride, W: b.Dx(), H: b.Dy()}
	}
	l := &Luma{Pix: make([]byte, b.Dx()*b.Dy()), Stride: b.Dx(), W: b.Dx(), H: b.Dy()}
	for y := range l.H {
		lumaRow(l.Pix[y*l.W:][:l.W], m, b.Min.X, b.Min.Y+y)
	}
	return l
}

// Weights of red, green and blue in luminance (ITU-R BT.601), in 1/65536.
const wr, wg, wb = 19595, 38470, 7471

// lumaRow writes the luminance of one row of m, beginning at (x0, y).
func lumaRow(dst []byte, m image.Image, x0, y int) {
	at, ok := m.(image.RGBA64Image)
	for i := range dst {
		var r, g, b, a uint32
		if ok {
			c := at.RGBA64At(x0+i, y)
			r, g, b, a = uint32(c.R), uint32(c.G), uint32(c.B), uint32(c.A)
		} else {
			r, g, b, a = m.At(x0+i, y).RGBA()
		}
		lum := (uint64(r)*wr + uint64(g)*wg + uint64(b)*wb) >> 16 // alpha-premultiplied, 16 bit
		dst[i] = byte((lum + uint64(0xffff-a)) >> 8)
	}
}
