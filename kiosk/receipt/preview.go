package receipt

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
)

// encodeQR is a code's modules, level M, without a quiet zone.
func encodeQR(text string) (*encoder.ByteMatrix, error) {
	code, err := encoder.Encoder_encodeWithoutHint(text, decoder.ErrorCorrectionLevel_M)
	if err != nil {
		return nil, fmt.Errorf("%w: QR text of %d bytes", ErrLayout, len(text)) // err would quote the text
	}
	return code.GetMatrix(), nil
}

// Picture is the whole document as it comes out of the printer, the QR code drawn.
func (d Document) Picture() (*image.Gray, error) {
	var parts []*image.Gray
	height := 0
	for _, b := range d.Blocks {
		g, err := b.picture(d.Width)
		if err != nil {
			return nil, err
		}
		parts = append(parts, g)
		height += g.Bounds().Dy()
	}
	out := whitePaper(d.Width, height)
	y := 0
	for _, g := range parts {
		draw.Draw(out, g.Bounds().Add(image.Pt(0, y)), g, image.Point{}, draw.Src)
		y += g.Bounds().Dy()
	}
	return out, nil
}

func (b Block) picture(width int) (*image.Gray, error) {
	switch {
	case b.Image != nil:
		return b.Image, nil
	case b.QR != "":
		return qrPicture(b.QR, b.Module, width)
	}
	return whitePaper(width, b.Feed), nil
}

// qrPicture is the code in the middle of the paper, an odd dot on the left.
func qrPicture(text string, module, width int) (*image.Gray, error) {
	code, err := encodeQR(text)
	if err != nil {
		return nil, err
	}
	g := whitePaper(width, code.GetHeight()*module)
	left := (width - code.GetWidth()*module + 1) / 2
	for y := range g.Bounds().Dy() {
		for x := range code.GetWidth() * module {
			if code.Get(x/module, y/module) == 1 {
				g.SetGray(left+x, y, black)
			}
		}
	}
	return g, nil
}

// PNG writes Picture as a one-bit PNG.
func (d Document) PNG(w io.Writer) error {
	g, err := d.Picture()
	if err != nil {
		return err
	}
	bw := image.NewPaletted(g.Bounds(), color.Palette{color.White, color.Black})
	for i, v := range g.Pix {
		if v < 128 {
			bw.Pix[i] = 1
		}
	}
	best := png.Encoder{CompressionLevel: png.BestCompression}
	return best.Encode(w, bw)
}
