// Package photo decodes the portrait of an identity card for the screen. Decode reads the chip's bytes, which come from
// outside, within limits; Cover cuts the picture to a frame; Wipe leaves nothing of it in memory.
//
// Only JPEG is read. Cards may also carry JPEG 2000 (ICAO 9303-10 §4.7.2), which Go has no decoder for: such a photo is
// not shown, and the officer looks at the card itself.
package photo

import (
	"bytes"
	"image"
	"image/jpeg"

	"golang.org/x/image/draw"
)

// Limits of a portrait, because it is decoded while the screen waits. ICAO portraits have some 20 kB and 400 x 500
// pixels; the largest are 1200 x 1600.
const (
	MaxBytes = 1 << 20
	MaxSide  = 1600
)

// Decode gives the pixels of a JPEG; nil for anything else, and for what is too large.
func Decode(data []byte) *image.RGBA {
	if len(data) == 0 || len(data) > MaxBytes {
		return nil
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || size.Width <= 0 || size.Height <= 0 || size.Width > MaxSide || size.Height > MaxSide {
		return nil
	}
	decoded, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	pixels := image.NewRGBA(image.Rect(0, 0, size.Width, size.Height))
	draw.Draw(pixels, pixels.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
	return pixels
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
