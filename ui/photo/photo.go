// Package photo decodes the portrait of an identity card for the screen. A Decoder reads the chip's bytes, which come
// from outside, within limits; Cover cuts the picture to a frame; Wipe leaves nothing of it in memory.
//
// Cards carry JPEG or JPEG 2000 (ICAO 9303-10 §4.7.2). For JPEG there is Go's own decoder. For JPEG 2000 there is no
// well-kept one in Go, and one written for this program alone would be read by nobody else; OpenJPEG is kept by many,
// but it is C, and its history of memory faults is long. So OpenJPEG runs as WebAssembly, in a machine written in Go
// (wazero): it reaches its own memory and nothing else, that memory has a limit, and the time is limited by a question
// that the compiler put into every loop. A fault in it is an error here and a portrait that is not shown. No C
// compiler is needed, and it is the same on every system; where wazero has no compiler (it has for amd64 and arm64),
// pictures take some seconds. packaging/openjpeg makes the module again.
//
// The package knows nothing of the screen: motcuactl can use it as well.
package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"time"
)

// Why a portrait is not shown. Errors of Decode unwrap to one of these, or to the reason the context ended for.
var (
	ErrFormat   = errors.New("photo: not a picture that can be decoded")
	ErrTooLarge = errors.New("photo: larger than allowed")
	ErrTimeout  = errors.New("photo: takes longer than allowed")
)

// Limits of a portrait. Zero fields stand for the constants below.
type Limits struct {
	Bytes int           // of the file
	Side  int           // width and height, pixels each
	Time  time.Duration // for one picture
}

// What Limits are if nothing is said. ICAO portraits have some 20 kB and 480 x 640 pixels; the largest are 1200 x 1600.
const (
	MaxBytes = 1 << 20
	MaxSide  = 1600
	MaxTime  = 2 * time.Second
)

func (l Limits) orDefault() Limits {
	if l.Bytes <= 0 {
		l.Bytes = MaxBytes
	}
	if l.Side <= 0 {
		l.Side = MaxSide
	}
	if l.Time <= 0 {
		l.Time = MaxTime
	}
	return l
}

// fit says whether a picture of this size is one, and not too large.
func (l Limits) fit(width, height int) error {
	switch {
	case width <= 0 || height <= 0:
		return fmt.Errorf("%w: %d x %d pixels", ErrFormat, width, height)
	case width > l.Side || height > l.Side:
		return fmt.Errorf("%w: %d x %d pixels", ErrTooLarge, width, height)
	}
	return nil
}

// Decoder decodes portraits. The zero value is ready; it may be used by several goroutines at the same time. What JPEG
// 2000 needs is made at the first such picture, which then takes some tenths of a second longer, and stays until Close.
type Decoder struct {
	Limits Limits

	jpeg2000 machine
}

// Decode gives the pixels of a JPEG or of a JPEG 2000 (a JP2 file or a bare codestream), told apart by their first bytes,
// because what cards say of the type has been wrong. All pixels are opaque; metadata and profiles are ignored. The
// picture is the caller's: Wipe it. Errors: ErrFormat, ErrTooLarge, ErrTimeout, or that of the context.
func (d *Decoder) Decode(ctx context.Context, data []byte) (*image.RGBA, error) {
	limits := d.Limits.orDefault()
	if len(data) > limits.Bytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(data))
	}
	switch {
	case bytes.HasPrefix(data, []byte(startOfJPEG)):
		return decodeJPEG(ctx, data, limits)
	case bytes.HasPrefix(data, []byte(startOfJP2)), bytes.HasPrefix(data, []byte(startOfCodestream)):
		return d.jpeg2000.decode(ctx, data, limits)
	}
	return nil, fmt.Errorf("%w: neither JPEG nor JPEG 2000", ErrFormat)
}

// Close gives back what JPEG 2000 took. Decode may be called again.
func (d *Decoder) Close() error { return d.jpeg2000.close() }

// over says whether there is no time left. The clock is asked as well, because while a module runs, the timer that
// would end the context may have to wait.
func over(ctx context.Context) bool {
	deadline, limited := ctx.Deadline()
	return ctx.Err() != nil || limited && !time.Now().Before(deadline)
}

// whyOver is the error for a decoding that ended because there was no time left. outer is the caller's context.
func whyOver(outer context.Context) error {
	if err := outer.Err(); err != nil {
		return fmt.Errorf("photo: %w", err)
	}
	return ErrTimeout
}

// Cover cuts the middle of a picture to the shape of w by h. The result shares the pixels.
func Cover(pixels *image.RGBA, w, h float32) image.Image {
	b := pixels.Bounds()
	cut := b
	if wide := int(float32(b.Dy()) * w / h); wide < b.Dx() {
		cut.Min.X += (b.Dx() - wide) / 2
		cut.Max.X = cut.Min.X + wide
	} else if high := int(float32(b.Dx()) * h / w); high < b.Dy() {
		cut.Min.Y += (b.Dy() - high) / 2
		cut.Max.Y = cut.Min.Y + high
	}
	return pixels.SubImage(cut)
}

// Wipe makes every pixel nothing.
func Wipe(pixels *image.RGBA) { clear(pixels.Pix) }
