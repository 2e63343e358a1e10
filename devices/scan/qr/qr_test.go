package qr

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"golang.org/x/text/unicode/norm"

	"motcua/devices/scan"
)

// patient is the budget of tests that are not about time: the machine may be busy.
const patient = 20 * time.Second

func decode(l *Luma) (Result, error) {
	d := Decoder{Budget: patient}
	return d.Decode(context.Background(), l)
}

func TestScenes(t *testing.T) {
	easy := scene{module: 4, dark: 40, light: 210, blur: 0.6, noise: 2}
	with := func(change func(*scene)) scene {
		s := easy
		change(&s)
		return s
	}
	for name, s := range map[string]scene{
		"easy":           easy,
		"small modules":  with(func(s *scene) { s.module, s.turn = 2.1, 10 }),
		"turned":         with(func(s *scene) { s.turn = 137 }),
		"diagonal":       with(func(s *scene) { s.turn = 45 }),
		"tilted":         with(func(s *scene) { s.tilt, s.turn = 0.25, 20 }),
		"blurred":        with(func(s *scene) { s.blur, s.module = 1.3, 3 }),
		"noisy":          with(func(s *scene) { s.noise = 22 }),
		"pale":           with(func(s *scene) { s.dark, s.light = 100, 125 }),
		"from behind":    with(func(s *scene) { s.mirror, s.turn = true, 30 }),
		"light on dark":  with(func(s *scene) { s.dark, s.light = 210, 40 }),
		"large modules":  with(func(s *scene) { s.module = 9 }),
		"finder in part": with(func(s *scene) { s.glareAt = &Point{1.5, 1.5} }),
	} {
		t.Run(name, func(t *testing.T) {
			l, corner := s.render(t, cardText, 420, 420)
			r, err := decode(l)
			if err != nil {
				t.Fatal(err)
			}
			if r.Text != cardText {
				t.Fatalf("read %q", r.Text)
			}
			n := float64(4*r.Version + 17)
			for i, c := range [4]Point{{0, 0}, {n, 0}, {n, n}, {0, n}} {
				if want := corner(c.X, c.Y); math.Hypot(want.X-r.Corners[i].X, want.Y-r.Corners[i].Y) > s.module {
					t.Errorf("corner %d at %v, is at %v", i, r.Corners[i], want)
				}
			}
			if r.Took <= 0 {
				t.Error("took no time")
			}
		})
	}
}

func TestVersions(t *testing.T) {
	for _, n := range []int{5, 60, 300, 900} {
		text := strings.Repeat("Đặng 0123456789 ", n/16+1)[:n]
		text = strings.ToValidUTF8(text, "")
		l, _ := scene{module: 4, dark: 30, light: 220, turn: 8, blur: 0.5}.render(t, text, 640, 640)
		if r, err := decode(l); err != nil || r.Text != text {
			t.Errorf("%d bytes: %q, %v", n, r.Text, err)
		}
	}
}

func TestTexts(t *testing.T) {
	s := scene{module: 4, dark: 30, light: 220}
	l, _ := s.render(t, norm.NFD.String(cardText), 480, 480)
	if r, err := decode(l); err != nil || r.Text != cardText {
		t.Errorf("decomposed: %q, %v", r.Text, err)
	}
	l, _ = s.render(t, "Nguy\ufffdn", 300, 300)
	if r, err := decode(l); !errors.Is(err, scan.ErrNotText) || r.Text != "" {
		t.Errorf("U+FFFD: %q, %v", r.Text, err)
	}
}

func TestNoCode(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	flat := &Luma{Pix: make([]byte, 640*480), Stride: 640, W: 640, H: 480}
	noisy := &Luma{Pix: make([]byte, 640*480), Stride: 640, W: 640, H: 480}
	for i := range noisy.Pix {
		noisy.Pix[i] = byte(r.IntN(256))
	}
	for name, l := range map[string]*Luma{"flat": flat, "noise": noisy, "tiny": {Pix: []byte{1}, Stride: 1, W: 1, H: 1}} {
		if r, err := decode(l); !errors.Is(err, scan.ErrNoCode) {
			t.Errorf("%s: %q, %v", name, r.Text, err)
		}
	}
}

func TestBadPlanes(t *testing.T) {
	p := make([]byte, 100)
	for _, l := range []*Luma{nil, {}, {p, 10, 11, 5}, {p, 10, 10, 11}, {p, 9, 10, 10}, {p, -1, 10, 10}, {p, 101, 1, 1}, {p, 1, -1, 1}, {p, 10, 1 << 40, 1 << 40}} {
		if _, err := decode(l); !errors.Is(err, ErrFormat) && !errors.Is(err, ErrTooBig) {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

// TestHostile: pictures full of what looks like finder patterns end within the budget.
func TestHostile(t *testing.T) {
	const w, h, budget = 1280, 720, 100 * time.Millisecond
	l := &Luma{Pix: make([]byte, w*h), Stride: w, W: w, H: h}
	for y := range h {
		for x := range w {
			m := 2 + (x/160+y/90)%3 // modules of 2, 3 and 4 pixels
			d := max(abs(x/m%9-4), abs(y/m%9-4))
			l.Pix[y*w+x] = 230
			if d == 3 || d <= 1 {
				l.Pix[y*w+x] = 20
			}
		}
	}
	d := Decoder{Budget: budget}
	for range 3 { // later pictures begin where the last one's time ended
		start := time.Now()
		if r, err := d.Decode(t.Context(), l); !errors.Is(err, scan.ErrNoCode) {
			t.Fatalf("%q, %v", r.Text, err)
		}
		if took := time.Since(start); took > 10*budget {
			t.Errorf("took %v of %v", took, budget)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Decode(ctx, l); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
}

// TestDamage: with more and more modules turned over, either the right text comes or none.
func TestDamage(t *testing.T) {
	clean, _ := scene{module: 3, dark: 30, light: 220}.render(t, cardText, 200, 200)
	read := 0
	const frames, least = 20, 5 // from whole to beyond repair
	for n := range frames {
		r := rand.New(rand.NewPCG(uint64(n), 9))
		l := &Luma{Pix: append([]byte(nil), clean.Pix...), Stride: 200, W: 200, H: 200}
		for range 5 * n {
			x, y := 40+r.IntN(120), 40+r.IntN(120)
			for i := range 9 {
				l.Pix[(y+i/3)*200+x+i%3] ^= 0xff
			}
		}
		res, err := decode(l)
		if err == nil && res.Text != cardText {
			t.Fatalf("%d modules turned: wrong text", 5*n)
		}
		if err == nil {
			read++
		}
	}
	if read < least {
		t.Errorf("only %d of %d were read", read, frames)
	}
}

func TestForget(t *testing.T) {
	l, _ := scene{module: 9, dark: 30, light: 220}.render(t, cardText, 420, 420)
	var d Decoder
	if _, err := d.Decode(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	d.Forget()
	for i := range d.mem.pix {
		for _, p := range d.mem.pix[i][:cap(d.mem.pix[i])] {
			if p != 0 {
				t.Fatal("a smaller picture is still in memory")
			}
		}
		for _, p := range d.mem.sum[i][:cap(d.mem.sum[i])] {
			if p != 0 {
				t.Fatal("sums are still in memory")
			}
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	for name, s := range map[string]scene{
		"easy": {module: 4, turn: 7, dark: 40, light: 210, blur: 0.6, noise: 2},
		"hard": {module: 2.1, turn: 20, tilt: 0.1, dark: 60, light: 170, blur: 0.8, noise: 6},
	} {
		l, _ := s.render(b, cardText, 1280, 720)
		b.Run(name, func(b *testing.B) {
			var d Decoder
			for b.Loop() {
				if _, err := d.Decode(b.Context(), l); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzDecode: no plane of pixels panics or passes a text that is none.
func FuzzDecode(f *testing.F) {
	l, _ := scene{module: 2, dark: 30, light: 220}.render(f, "09920500", 50, 50)
	f.Add(l.Pix, uint16(50))
	f.Add(make([]byte, 4000), uint16(63))
	f.Add([]byte{0, 255, 0, 255, 255, 255, 0}, uint16(1))
	f.Fuzz(func(t *testing.T, pix []byte, width uint16) {
		w := int(width)%200 + 1
		if len(pix) > 4096 || len(pix) < w {
			return
		}
		d := Decoder{Budget: patient} // what is reached must not depend on the clock
		r, err := d.Decode(t.Context(), &Luma{Pix: pix, Stride: w, W: w, H: len(pix) / w})
		if (err == nil) != (r.Text != "") || strings.ContainsRune(r.Text, '\uFFFD') {
			t.Fatalf("%q, %v", r.Text, err)
		}
	})
}

// FuzzSegments: no corrected bytes, which a hostile code's maker chooses, panic or pass a text that is none.
func FuzzSegments(f *testing.F) {
	f.Add([]byte{0x40, 0x56, 0x86, 0x56, 0xc6, 0xc6, 0xf0, 0xec}, uint8(0))
	f.Add([]byte{0x10, 0x20, 0x0c, 0x56, 0x61, 0x80}, uint8(6))
	f.Add([]byte{0x71, 0xa4, 0x02, 0xff, 0xff}, uint8(39))
	f.Add([]byte{0xd1, 0x01, 0x12, 0x34}, uint8(20))
	f.Fuzz(func(t *testing.T, b []byte, version uint8) {
		v, err := decoder.Version_GetVersionForNumber(int(version)%40 + 1)
		if err != nil {
			t.Fatal(err)
		}
		s, err := text(b, v, decoder.ErrorCorrectionLevel_M)
		if (err == nil) != (s != "") || strings.ContainsRune(s, '\uFFFD') || !norm.NFC.IsNormalString(s) {
			t.Fatalf("%q, %v", s, err)
		}
	})
}
