package photo

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// testFile reads a file of testdata; testdata/make made them all out of portrait.png.
func testFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func reference(t testing.TB, name string) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(testFile(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// difference is the mean distance of the colours of two pictures, in steps of 256.
func difference(t testing.TB, got *image.RGBA, want image.Image) float64 {
	t.Helper()
	if got.Bounds() != want.Bounds() {
		t.Fatalf("bounds %v, want %v", got.Bounds(), want.Bounds())
	}
	sum, n := 0, 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			g, w := got.RGBAAt(x, y), color.RGBAModel.Convert(want.At(x, y)).(color.RGBA)
			if g.A != 0xFF {
				t.Fatalf("%d,%d is not opaque", x, y)
			}
			for _, d := range [...]int{int(g.R) - int(w.R), int(g.G) - int(w.G), int(g.B) - int(w.B)} {
				sum, n = sum+max(d, -d), n+1
			}
		}
	}
	return float64(sum) / float64(n)
}

// compiled is the module that the tests share, because it takes some tenths of a second to make.
var compiled = sync.OnceValue(func() *loaded {
	l := &loaded{ready: make(chan struct{})}
	l.compile()
	return l
})

func newDecoder(limits Limits) *Decoder {
	return &Decoder{Limits: limits, jpeg2000: machine{loaded: compiled()}}
}

func encoded(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = 0xC0
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, m, nil); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestPictures compares with the picture that the files were made of.
func TestPictures(t *testing.T) {
	d := newDecoder(Limits{})
	for _, c := range []struct {
		file, reference string
		within          float64 // mean difference; 0: the same pixels
	}{
		{"lossless.jp2", "portrait.png", 0}, {"lossless.j2k", "portrait.png", 0}, {"lossy.jp2", "portrait.png", 6},
		{"gray.jp2", "gray.png", 0}, {"gray-lossy.j2k", "gray.png", 3}, {"gray-16.jp2", "gray.png", 1},
		{"alpha.jp2", "portrait.png", 4}, {"tiles.jp2", "portrait.png", 5}, {"layers.jp2", "portrait.png", 5},
		{"offset.jp2", "portrait.png", 5}, {"ycc-420.j2k", "portrait.png", 5},
		{"baseline.jpg", "portrait.png", 5}, {"progressive.jpg", "portrait.png", 5}, {"cmyk.jpg", "portrait.png", 5},
		{"gray.jpg", "gray.png", 4},
	} {
		t.Run(c.file, func(t *testing.T) {
			got, err := d.Decode(context.Background(), testFile(t, c.file))
			if err != nil {
				t.Fatal(err)
			}
			if is := difference(t, got, reference(t, c.reference)); is > c.within {
				t.Errorf("differs by %.2f, want %.0f at most", is, c.within)
			}
		})
	}
}

// TestFormatsAndSizes: what is none, and what is too large, without decoding it.
func TestFormatsAndSizes(t *testing.T) {
	d := newDecoder(Limits{})
	good := encoded(t, 300, 400)
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty": {nil, ErrFormat}, "text": {[]byte("GIF89a"), ErrFormat}, "cut": {good[:400], ErrFormat},
		"only the beginning of a JP2": {[]byte(startOfJP2), ErrFormat}, "only markers": {[]byte(startOfCodestream), ErrFormat},
		"long": {append([]byte(startOfJP2), make([]byte, MaxBytes)...), ErrTooLarge},
		"wide": {encoded(t, MaxSide+1, 1), ErrTooLarge}, "high": {encoded(t, 1, MaxSide+1), ErrTooLarge},
	} {
		if m, err := d.Decode(context.Background(), c.data); m != nil || !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if m, err := d.Decode(context.Background(), encoded(t, MaxSide, 1)); err != nil || m.Bounds().Dx() != MaxSide {
		t.Errorf("at the limit: %v", err)
	}
}

// TestTime: a decoder without time, and a caller who has gone.
func TestTime(t *testing.T) {
	hurried := newDecoder(Limits{Time: time.Nanosecond})
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for _, file := range []string{"baseline.jpg", "progressive.jpg", "lossless.jp2"} {
		if m, err := hurried.Decode(context.Background(), testFile(t, file)); m != nil || !errors.Is(err, ErrTimeout) {
			t.Errorf("%s without time: %v", file, err)
		}
		if m, err := hurried.Decode(gone, testFile(t, file)); m != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s for nobody: %v", file, err)
		}
	}
}

// TestJPEGThatRepeatsItself: a progressive JPEG that goes through the whole picture again for every 16 bytes, 65,000
// times, is given up.
func TestJPEGThatRepeatsItself(t *testing.T) {
	const side = "\x06\x40" // 1600
	frame := "\xFF\xC2\x00\x0B\x08" + side + side + "\x01\x01\x11\x00"
	// One code, a single 0, which says that 16384 blocks and as many as the next 14 bits say have no more coefficients.
	table := "\xFF\xC4\x00\x14\x10\x01" + strings.Repeat("\x00", 15) + "\xE0"
	scan := "\xFF\xDA\x00\x08\x01\x01\x00\x01\x3F\x00" + "\x7F\xFE\xFF\x00\xFF\x00" // 2 x 32767 blocks
	head := "\xFF\xD8" + frame + table
	const end = "\xFF\xD9"
	decode := func(scans int, limit time.Duration) error {
		_, err := (&Decoder{Limits: Limits{Time: limit}}).Decode(context.Background(), []byte(head+strings.Repeat(scan, scans)+end))
		return err
	}
	if err := decode(3, time.Minute); err != nil {
		t.Fatalf("three scans: %v", err)
	}
	if err := decode((MaxBytes-len(head)-len(end))/len(scan), 20*time.Millisecond); !errors.Is(err, ErrTimeout) {
		t.Errorf("65,000 scans: %v", err)
	}
}

func TestCoverAndWipe(t *testing.T) {
	pixels, err := new(Decoder).Decode(context.Background(), encoded(t, 300, 400))
	if err != nil || pixels.RGBAAt(10, 10) == (color.RGBA{}) {
		t.Fatal(err)
	}
	for _, c := range []struct {
		w, h float32
		want image.Rectangle
	}{{449, 599, image.Rect(0, 0, 300, 400)}, {100, 100, image.Rect(0, 50, 300, 350)}, {100, 400, image.Rect(100, 0, 200, 400)}} {
		got := Cover(pixels, c.w, c.h).Bounds()
		if abs(got.Dx()-c.want.Dx()) > 1 || abs(got.Dy()-c.want.Dy()) > 1 || abs(got.Min.X-c.want.Min.X) > 1 {
			t.Errorf("%vx%v: %v, want %v", c.w, c.h, got, c.want)
		}
	}
	Wipe(pixels)
	for _, b := range pixels.Pix {
		if b != 0 {
			t.Fatal("something is left")
		}
	}
}

func abs(n int) int { return max(n, -n) }
