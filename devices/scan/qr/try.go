package qr

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"golang.org/x/text/unicode/norm"

	"motcua/devices/scan"
)

// tryer holds what the attempts at one picture share.
type tryer struct {
	ctx      context.Context
	deadline time.Time
	field    *field
	layouts  map[int]*layout
	l        *level // the present one
	invert   bool
	mem      *scratch
	levels   [maxLevels]*level
	half     [maxLevels][]byte
	notText  bool // a code was read that holds no UTF-8
}

// late says whether the time is over.
func (t *tryer) late() bool {
	return t.ctx.Err() != nil || time.Now().After(t.deadline)
}

// layout returns the layout of a size, made once.
func (t *tryer) layout(dim int) *layout {
	lay, ok := t.layouts[dim]
	if !ok {
		lay, _ = newLayout(dim) // nil for a size that no version has
		t.layouts[dim] = lay
	}
	return lay
}

// code tries to read a code at a triple.
func (t *tryer) code(c triple) (Result, bool) {
	f, ok := t.place(c)
	if !ok {
		return Result{}, false
	}
	g := sample(&f)
	if r, ok := t.decode(&f, g.z, false); ok {
		return r, true
	}
	e := newEqualiser(g)
	for i := range rounds {
		if !e.round() {
			break
		}
		if i == 0 || t.late() {
			continue
		}
		if r, ok := t.decode(&f, e.soft, true); ok {
			return r, true
		}
	}
	return Result{}, false
}

// decode reads the text from soft module values.
func (t *tryer) decode(f *fit, soft []float64, erase bool) (Result, bool) {
	for _, fm := range f.lay.readFormats(soft) {
		c := f.lay.read(soft, fm)
		data, ok := c.correct(t.field, blocks(f.lay.version, fm.level), erase)
		if !ok {
			continue
		}
		text, err := text(data, f.lay.version, fm.level)
		if err != nil {
			t.notText = true
			continue
		}
		return t.result(f, fm, text), true
	}
	return Result{}, false
}

// text reads the corrected bytes as UTF-8 (cards say so nowhere, and a guess would garble a damaged text as a whole)
// and composes it. The library's parser of segments is outside code fed with outside bytes, so a panic of it, though
// none is known, becomes a text that cannot be read.
func text(data []byte, v *decoder.Version, level decoder.ErrorCorrectionLevel) (s string, err error) {
	defer func() {
		if recover() != nil {
			s, err = "", scan.ErrNotText
		}
	}()
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: "UTF-8"}
	r, err := decoder.DecodedBitStreamParser_Decode(data, v, level, hints)
	if err != nil {
		return "", fmt.Errorf("%w: %w", scan.ErrNotText, err)
	}
	s = norm.NFC.String(r.GetText())
	if s == "" || strings.ContainsRune(s, '\uFFFD') {
		return "", scan.ErrNotText
	}
	return s, nil
}

// result gives the reading with its place in the picture.
func (t *tryer) result(f *fit, fm format, text string) Result {
	r := Result{Text: text, Version: f.lay.version.GetVersionNumber()}
	n := float64(f.lay.dim)
	for i, c := range [4]Point{{0, 0}, {n, 0}, {n, n}, {0, n}} {
		if fm.mirror {
			c.X, c.Y = c.Y, c.X
		}
		x, y := f.h.apply(c.X, c.Y)
		s := f.l.scale
		r.Corners[i] = Point{(x+0.5)*s - 0.5, (y+0.5)*s - 0.5}
	}
	return r
}
