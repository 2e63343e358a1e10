package cardsim

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// Size of a portrait in pixels and of its file in bytes: what cards are assumed to hold.
const (
	portraitWidth, portraitHeight = 480, 640
	portraitMaxBytes              = 18000
	bestQuality, worstQuality     = 92, 20
	grainStrength                 = 6 // of 255: without some grain a drawing compresses too well
)

// portrait2000 is the portrait of the first persona as JPEG 2000: opj_compress of OpenJPEG 2.5.0 made it, at 1/40 of the
// pixels' size, because Go has no encoder.
//
//go:embed portrait.jp2
var portrait2000 string

// photo is the picture that the options want in DG2.
func (o ProfileOptions) photo(p Persona) ([]byte, error) {
	switch {
	case o.Photo != nil:
		return o.Photo, nil
	case o.JPEG2000 && o.PhotoBytes != 0:
		return nil, errors.New("cardsim: a JPEG 2000 is as large as it is")
	case o.JPEG2000:
		return []byte(portrait2000), nil
	}
	return portrait(p, o.PhotoBytes)
}

// portrait draws a face, different for each persona and the same each time, as a JPEG with a JFIF header. size is how
// many bytes it shall have, 0 for as many as it takes.
func portrait(p Persona, size int) ([]byte, error) {
	d := newDrawing(p)
	d.person()
	d.finish()
	if size == 0 {
		return d.encode(portraitMaxBytes)
	}
	file, err := d.encode(size - commentOverhead)
	if err != nil {
		return nil, err
	}
	if size-len(file) > maxComment {
		return nil, fmt.Errorf("cardsim: portrait of %d bytes cannot be made as large as %d", len(file), size)
	}
	return withComment(file, size-len(file)), nil
}

// A COM segment: its size without text, and the largest there can be.
const (
	commentOverhead = 4
	maxComment      = 0xFFFF
)

// withComment makes a JPEG n bytes longer by a comment of zeros behind the JFIF header.
func withComment(file []byte, n int) []byte {
	const marker = 2
	length := n - marker // as the segment counts itself
	comment := append([]byte{0xFF, 0xFE, byte(length >> 8), byte(length)}, make([]byte, n-commentOverhead)...)
	at := marker + len(jfifHeader())
	return bytes.Join([][]byte{file[:at], comment, file[at:]}, nil)
}

// encode finds the best quality that is not too large, by bisection: encoding is what takes time here.
func (d *drawing) encode(limit int) ([]byte, error) {
	var best []byte
	for low, high := worstQuality, bestQuality; low <= high; {
		quality := (low + high) / 2
		var out bytes.Buffer
		if err := jpeg.Encode(&out, d.image, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("cardsim: portrait: %w", err)
		}
		if out.Len()+len(jfifHeader()) > limit {
			high = quality - 1
			continue
		}
		best, low = out.Bytes(), quality+1
	}
	if best == nil {
		return nil, fmt.Errorf("cardsim: portrait stays over %d bytes", limit)
	}
	return withJFIF(best), nil
}

// jfifHeader is an APP0 segment of 300 dpi, which cards have and image/jpeg does not write.
func jfifHeader() []byte {
	return []byte{0xFF, 0xE0, 0x00, 0x10, 'J', 'F', 'I', 'F', 0, 1, 1, 1, 0x01, 0x2C, 0x01, 0x2C, 0, 0}
}

// withJFIF puts the header after the start of image marker.
func withJFIF(file []byte) []byte {
	const startOfImage = 2
	return bytes.Join([][]byte{file[:startOfImage], jfifHeader(), file[startOfImage:]}, nil)
}

// drawing is a portrait under way.
type drawing struct {
	persona              Persona
	dice                 *rand.Rand
	image                *image.RGBA
	skin, hair, clothing color.RGBA
}

func newDrawing(p Persona) *drawing {
	d := &drawing{
		persona: p,
		dice:    rand.New(rand.NewChaCha8(sha256.Sum256([]byte("portrait " + p.Number)))),
		image:   image.NewRGBA(image.Rect(0, 0, portraitWidth, portraitHeight)),
	}
	d.skin = d.pick(color.RGBA{238, 202, 172, 255}, color.RGBA{224, 182, 148, 255}, color.RGBA{207, 162, 128, 255})
	d.hair = d.pick(color.RGBA{28, 24, 22, 255}, color.RGBA{46, 33, 27, 255})
	if p.Birth.Year() < 1960 {
		d.hair = color.RGBA{202, 202, 204, 255}
	}
	d.clothing = d.pick(color.RGBA{40, 60, 110, 255}, color.RGBA{120, 32, 52, 255}, color.RGBA{52, 90, 70, 255})
	return d
}

func (d *drawing) pick(choices ...color.RGBA) color.RGBA { return choices[d.dice.IntN(len(choices))] }

// vary gives about n, within a tenth.
func (d *drawing) vary(n float64) float64 { return n * (0.95 + 0.1*d.dice.Float64()) }

// person draws from back to front: background, long hair, shoulders, neck, ears, hair, face.
func (d *drawing) person() {
	const middle, eyeLine = portraitWidth / 2, 290
	d.background(d.pick(color.RGBA{214, 226, 240, 255}, color.RGBA{226, 232, 236, 255}, color.RGBA{205, 219, 233, 255}))
	wide, tall := d.vary(112), d.vary(148)
	if d.persona.Sex == Female {
		d.ellipse(middle, 330, wide+34, 200, d.hair)
	}
	shade := darker(d.skin)
	d.ellipse(middle, 680, d.vary(220), 180, d.clothing)
	d.ellipse(middle, 510, 46, 70, shade)
	for _, side := range []float64{-1, 1} {
		d.ellipse(middle+side*wide, eyeLine+20, 18, 36, shade)
	}
	d.ellipse(middle, eyeLine-30, wide+8, tall, d.hair)
	d.ellipse(middle, eyeLine+26, wide, tall-10, d.skin)
	d.face(middle, eyeLine, shade)
}

func (d *drawing) face(middle, eyeLine float64, shade color.RGBA) {
	white, iris := color.RGBA{250, 250, 250, 255}, color.RGBA{58, 40, 30, 255}
	apart := d.vary(49)
	for _, side := range []float64{-1, 1} {
		eye := middle + side*apart
		d.ellipse(eye, eyeLine-30, 30, 5, d.hair)
		d.ellipse(eye, eyeLine, 22, 12, white)
		d.ellipse(eye, eyeLine, 10, 11, iris)
		d.ellipse(eye, eyeLine, 5, 6, color.RGBA{10, 10, 10, 255})
	}
	d.ellipse(middle, eyeLine+46, 14, 20, shade)
	d.ellipse(middle, eyeLine+92, d.vary(42), 10, color.RGBA{160, 82, 80, 255})
}

func darker(c color.RGBA) color.RGBA {
	dim := func(v uint8) uint8 { return uint8(int(v) * 82 / 100) }
	return color.RGBA{dim(c.R), dim(c.G), dim(c.B), c.A}
}

func (d *drawing) background(c color.RGBA) {
	for i := 0; i < len(d.image.Pix); i += 4 {
		copy(d.image.Pix[i:], []byte{c.R, c.G, c.B, c.A})
	}
}

// ellipse fills one; its rim is softened over about two pixels.
func (d *drawing) ellipse(cx, cy, rx, ry float64, c color.RGBA) {
	const soft = 2
	for y := max(0, int(cy-ry-soft)); y < min(portraitHeight, int(cy+ry+soft)); y++ {
		for x := max(0, int(cx-rx-soft)); x < min(portraitWidth, int(cx+rx+soft)); x++ {
			from := math.Hypot((float64(x)-cx)/rx, (float64(y)-cy)/ry)
			cover := min(1, max(0, (1-from)*min(rx, ry)/soft+0.5))
			d.blend(x, y, c, cover)
		}
	}
}

func (d *drawing) blend(x, y int, c color.RGBA, cover float64) {
	pixel := d.image.Pix[d.image.PixOffset(x, y):]
	for i, v := range [...]uint8{c.R, c.G, c.B} {
		pixel[i] = uint8(math.Round(float64(pixel[i])*(1-cover) + float64(v)*cover))
	}
}

// finish adds grain, smoothed over two rows so that it looks like film, and the words that say what this is.
func (d *drawing) finish() {
	above := make([]int, portraitWidth)
	for y := range portraitHeight {
		last := 0
		for x := range portraitWidth {
			last = (last + above[x] + d.dice.IntN(2*grainStrength+1) - grainStrength) / 2
			above[x] = last
			pixel := d.image.Pix[d.image.PixOffset(x, y):]
			for i := range 3 {
				pixel[i] = uint8(min(255, max(0, int(pixel[i])+last)))
			}
		}
	}
	label := font.Drawer{
		Dst: d.image, Src: image.NewUniform(color.RGBA{96, 104, 112, 255}), Face: basicfont.Face7x13,
		Dot: fixed.P(8, portraitHeight-8),
	}
	label.DrawString("SYNTHETIC SPECIMEN")
}
