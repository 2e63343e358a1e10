package escpos

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"

	"motcua/devices/print"
)

// maxModule is the largest module that GS ( k takes, in dots.
const maxModule = 16

// drawQR is the code without a quiet zone, level M.
func drawQR(q print.QR) (*image.Gray, error) {
	switch {
	case q.Module < 1 || q.Module > maxModule:
		return nil, fmt.Errorf("%w: QR module of %d dots", ErrJob, q.Module)
	case q.Text == "" || len(q.Text) > maxQRText:
		return nil, fmt.Errorf("%w: QR text of %d bytes", ErrJob, len(q.Text))
	}
	code, err := encoder.Encoder_encodeWithoutHint(q.Text, decoder.ErrorCorrectionLevel_M)
	if err != nil {
		return nil, fmt.Errorf("%w: QR code of %d bytes", ErrJob, len(q.Text)) // err would quote the text
	}
	m := code.GetMatrix()
	g := white(m.GetWidth()*q.Module, m.GetHeight()*q.Module)
	for y := range m.GetHeight() {
		for x := range m.GetWidth() {
			if m.Get(x, y) == 1 {
				dot := image.Rect(x, y, x+1, y+1)
				dot.Min, dot.Max = dot.Min.Mul(q.Module), dot.Max.Mul(q.Module)
				draw.Draw(g, dot, image.NewUniform(color.Black), image.Point{}, draw.Src)
			}
		}
	}
	return g, nil
}

func white(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = 0xFF
	}
	return g
}

// centred puts a drawing in the middle of the paper, an odd dot to the left, as printers do with native codes.
func centred(g *image.Gray, width int) *image.Gray {
	out := white(width, g.Bounds().Dy())
	at := image.Pt((width-g.Bounds().Dx()+1)/2, 0)
	draw.Draw(out, g.Bounds().Add(at), g, image.Point{}, draw.Src)
	return out
}

// Functions of GS ( k for a QR code (cn = 49).
const (
	qrModel = 65 // fn 165
	qrSize  = 67 // fn 167
	qrLevel = 69 // fn 169
	qrStore = 80 // fn 180
	qrPrint = 81 // fn 181

	qrModel2 = 50
	qrLevelM = 49
)

// nativeQR lets the printer draw: model 2, module size, level M, store, print.
func nativeQR(q print.QR) []byte {
	out := symbol(qrModel, qrModel2, 0)
	out = append(out, symbol(qrSize, byte(q.Module))...)
	out = append(out, symbol(qrLevel, qrLevelM)...)
	out = append(out, symbol(qrStore, append([]byte{48}, q.Text...)...)...)
	return append(out, symbol(qrPrint, 48)...)
}

// symbol is GS ( k pL pH cn fn parameters.
func symbol(fn byte, params ...byte) []byte {
	n := len(params) + 2
	return append([]byte{gs, '(', 'k', byte(n), byte(n >> 8), 49, fn}, params...)
}
