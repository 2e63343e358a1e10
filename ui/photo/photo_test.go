package photo

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

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

func TestDecode(t *testing.T) {
	good := encoded(t, 300, 400)
	if m := Decode(good); m == nil || m.Bounds() != image.Rect(0, 0, 300, 400) || m.RGBAAt(10, 10) == (color.RGBA{}) {
		t.Error("a good one was not decoded")
	}
	for name, data := range map[string][]byte{"empty": nil, "jp2": []byte("\x00\x00\x00\x0cjP  "), "cut": good[:400],
		"long": make([]byte, MaxBytes+1), "wide": encoded(t, MaxSide+1, 1), "high": encoded(t, 1, MaxSide+1)} {
		if Decode(data) != nil {
			t.Errorf("%s: was decoded", name)
		}
	}
}

func TestCoverAndWipe(t *testing.T) {
	pixels := Decode(encoded(t, 300, 400))
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

func FuzzDecode(f *testing.F) {
	f.Add(encoded(f, 40, 50))
	f.Add([]byte("\xff\xd8\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m := Decode(data); m != nil && (m.Bounds().Dx() > MaxSide || m.Bounds().Dy() > MaxSide) {
			t.Fatal("too large")
		}
	})
}
