package qr

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
)

// cardText is a synthetic person's card.
const cardText = "099205001234|099123456|Nguyễn Thị Hường|01012005|Nữ|Thôn Đông, Xã Mai Châu, Phú Thọ|02022023"

// scene is a code as a camera sees it.
type scene struct {
	module  float64 // pixels
	turn    float64 // degrees
	tilt    float64 // how much nearer the right side is, as a share
	blur    float64 // standard deviation in pixels
	noise   float64 // standard deviation in levels
	dark    float64
	light   float64
	mirror  bool
	glareAt *Point // in modules: a saturated spot two modules wide
}

// modules encodes text; true is dark.
func modules(t testing.TB, text string) [][]bool {
	t.Helper()
	hints := map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_CHARACTER_SET: "UTF-8"}
	q, err := encoder.Encoder_encode(text, decoder.ErrorCorrectionLevel_M, hints)
	if err != nil {
		t.Fatal(err)
	}
	m := q.GetMatrix()
	out := make([][]bool, m.GetHeight())
	for y := range out {
		for x := range m.GetWidth() {
			out[y] = append(out[y], m.Get(x, y) == 1)
		}
	}
	return out
}

// render draws the scene into w*h pixels, each the mean of 4x4 places. It is a model of its own, with nothing of the
// decoder's geometry. corner gives where the code's plane is in pixels, for checking.
func (s scene) render(t testing.TB, text string, w, h int) (l *Luma, corner func(u, v float64) Point) {
	t.Helper()
	m := modules(t, text)
	n := float64(len(m))
	sin, cos := math.Sincos(s.turn * math.Pi / 180)
	// Plane to pixels: x = c + R·p·module / (1 - tilt·px/n), p from the code's middle.
	corner = func(u, v float64) Point {
		px, py := u-n/2, v-n/2
		if s.mirror {
			px = -px
		}
		k := s.module / (1 - s.tilt*px/n)
		return Point{float64(w)/2 + (cos*px-sin*py)*k, float64(h)/2 + (sin*px+cos*py)*k}
	}
	at := func(x, y float64) float64 { // the inverse
		dx, dy := (x-float64(w)/2)/s.module, (y-float64(h)/2)/s.module
		qx, qy := cos*dx+sin*dy, -sin*dx+cos*dy
		k := 1 / (1 + s.tilt*qx/n)
		px, py := qx*k, qy*k
		if s.mirror {
			px = -px
		}
		u, v := px+n/2, py+n/2
		if g := s.glareAt; g != nil && math.Hypot(u-g.X, v-g.Y) < 2 {
			return 255
		}
		if u < 0 || v < 0 || u >= n || v >= n || !m[int(v)][int(u)] {
			return s.light
		}
		return s.dark
	}
	f := make([]float64, w*h)
	for y := range h {
		for x := range w {
			sum := 0.0
			for i := range 16 {
				sum += at(float64(x)+float64(i%4)/4-0.375, float64(y)+float64(i/4)/4-0.375)
			}
			f[y*w+x] = sum / 16
		}
	}
	return finish(f, w, h, s.blur, s.noise), corner
}

// finish blurs, adds noise and rounds.
func finish(f []float64, w, h int, blur, noise float64) *Luma {
	f = gauss(gauss(f, w, h, 1, w, blur), h, w, w, 1, blur)
	r := rand.New(rand.NewPCG(1, 2))
	l := &Luma{Pix: make([]byte, w*h), Stride: w, W: w, H: h}
	for i, v := range f {
		l.Pix[i] = byte(max(0, min(255, math.Round(v+noise*r.NormFloat64()))))
	}
	return l
}

// gauss blurs lines of n values step apart, of which there are m, next apart.
func gauss(f []float64, n, m, step, next int, sigma float64) []float64 {
	if sigma == 0 {
		return f
	}
	reach := int(3*sigma) + 1
	out := make([]float64, len(f))
	for j := range m {
		for i := range n {
			var s, ws float64
			for k := max(0, i-reach); k <= min(n-1, i+reach); k++ {
				wt := math.Exp(-float64((k-i)*(k-i)) / (2 * sigma * sigma))
				s, ws = s+wt*f[j*next+k*step], ws+wt
			}
			out[j*next+i*step] = s / ws
		}
	}
	return out
}
