package photo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"

	"golang.org/x/image/draw"
)

// startOfJPEG is the start of image marker and the first byte of the next one, ITU-T T.81 §B.1.1.
const startOfJPEG = "\xFF\xD8\xFF"

// decodeJPEG reads baseline and progressive JPEG: grey, YCbCr, RGB, CMYK.
func decodeJPEG(outer context.Context, data []byte, limits Limits) (*image.RGBA, error) {
	size, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if err := limits.fit(size.Width, size.Height); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(outer, limits.Time)
	defer cancel()
	decoded, err := jpeg.Decode(&timedReader{ctx, bytes.NewReader(data)})
	if err != nil {
		if over(ctx) {
			return nil, whyOver(outer)
		}
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	defer wipeDecoded(decoded)
	pixels := image.NewRGBA(image.Rect(0, 0, size.Width, size.Height))
	draw.Draw(pixels, pixels.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
	return pixels, nil
}

// timedReader fails once the time is over. It gives little at a time, because a progressive JPEG can have the whole
// picture gone through again for every dozen bytes.
type timedReader struct {
	ctx  context.Context
	data io.Reader
}

func (r *timedReader) Read(p []byte) (int, error) {
	if over(r.ctx) {
		return 0, context.DeadlineExceeded
	}
	const little = 256
	return r.data.Read(p[:min(len(p), little)])
}

// wipeDecoded clears what jpeg.Decode gave, in all the kinds it gives.
func wipeDecoded(decoded image.Image) {
	switch m := decoded.(type) {
	case *image.Gray:
		clear(m.Pix)
	case *image.CMYK:
		clear(m.Pix)
	case *image.RGBA:
		clear(m.Pix)
	case *image.YCbCr:
		clear(m.Y)
		clear(m.Cb)
		clear(m.Cr)
	}
}
