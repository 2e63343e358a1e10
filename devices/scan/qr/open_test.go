package qr

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"testing"
)

func gray(w, h int) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOpen(t *testing.T) {
	rgba := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	rgba.Set(0, 0, color.NRGBA{255, 0, 0, 255}) // red is 76 of 255
	rgba.Set(1, 0, color.NRGBA{0, 0, 0, 0})     // nothing, on white
	for name, c := range map[string]struct {
		in   string
		w, h int
		want []byte
	}{
		"png gray":     {string(asPNG(t, gray(3, 2))), 3, 2, []byte{0, 7, 14, 21, 28, 35}},
		"png colour":   {string(asPNG(t, rgba)), 2, 1, []byte{76, 255}},
		"pgm plain":    {"P2\n# a comment\n3 1 # another\n4\n0 2 4", 3, 1, []byte{0, 127, 255}},
		"pgm raw":      {"P5 2 1 255\n\x05\xff", 2, 1, []byte{5, 255}},
		"pgm 16 bit":   {"P5 2 1 65535\n\x80\x00\xff\xff", 2, 1, []byte{127, 255}},
		"pgm over max": {"P5 1 1 100\n\xff", 1, 1, []byte{255}},
	} {
		l, err := Open(bytes.NewReader([]byte(c.in)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if l.W != c.w || l.H != c.h || !bytes.Equal(l.Pix[:len(c.want)], c.want) {
			t.Errorf("%s: %dx%d %v; want %dx%d %v", name, l.W, l.H, l.Pix, c.w, c.h, c.want)
		}
	}
}

// TestJPEGPlane: the luminance is the file's own plane, not one made of colours.
func TestJPEGPlane(t *testing.T) {
	m := image.NewYCbCr(image.Rect(0, 0, 16, 16), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = 100
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = 255, 255
	}
	l, err := Open(bytes.NewReader(asJPEG(t, m)))
	if err != nil {
		t.Fatal(err)
	}
	sub := FromImage(m.SubImage(image.Rect(4, 4, 10, 9)))
	if sub.W != 6 || sub.H != 5 || &sub.Pix[0] != &m.Y[m.YOffset(4, 4)] || sub.check() != nil {
		t.Errorf("part of a picture: %dx%d", sub.W, sub.H)
	}
	if l.W != 16 || l.H != 16 || l.Pix[0] == 0 {
		t.Errorf("%dx%d, %d", l.W, l.H, l.Pix[0])
	}
}

func TestOpenRefuses(t *testing.T) {
	good := asPNG(t, gray(30, 30))
	huge := append([]byte(nil), good...)
	copy(huge[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // the header's sides: 65536 each; its checksum is wrong as well
	for name, c := range map[string]struct {
		in   []byte
		want error
	}{
		"empty":         {nil, ErrFormat},
		"one byte":      {[]byte("P"), ErrFormat},
		"text":          {[]byte("hello"), ErrFormat},
		"torn png":      {good[:len(good)-20], ErrFormat},
		"huge png":      {huge, ErrFormat},
		"torn jpeg":     {asJPEG(t, gray(30, 30))[:200], ErrFormat},
		"huge pgm":      {[]byte("P5 60000 60000 255\n"), ErrTooBig},
		"long number":   {[]byte("P5 99999999999999999999 1 255\n"), ErrTooBig},
		"empty pgm":     {[]byte("P5 0 0 255\n"), ErrFormat},
		"torn pgm":      {[]byte("P5 5000 5000 255\nabc"), ErrFormat},
		"no maximum":    {[]byte("P5 1 1 0\n\x00"), ErrFormat},
		"stray in pgm":  {[]byte("P2 1 1 255\nx"), ErrFormat},
		"comment alone": {[]byte("P2 # and no end"), ErrFormat},
	} {
		if l, err := Open(bytes.NewReader(c.in)); !errors.Is(err, c.want) || l != nil {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
	}
	long := io.MultiReader(bytes.NewReader([]byte("P2 7000 7000 255\n")), &endless{})
	if _, err := Open(long); !errors.Is(err, ErrTooBig) {
		t.Errorf("file without end: %v", err)
	}
}

// endless is white space for ever.
type endless struct{}

func (*endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// FuzzOpen: whatever the bytes, a plane that fits its pixels or an error.
func FuzzOpen(f *testing.F) {
	f.Add(asPNG(f, gray(9, 9)))
	f.Add(asJPEG(f, gray(9, 9)))
	f.Add([]byte("P2\n# c\n2 2 9\n1 2 3 4"))
	f.Add([]byte(fmt.Sprintf("P5 2 2 65535\n%08d", 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := Open(bytes.NewReader(b))
		if err == nil && l.check() != nil {
			t.Fatalf("%dx%d of stride %d with %d pixels", l.W, l.H, l.Stride, len(l.Pix))
		}
	})
}
