package printsim

import (
	"bytes"
	"image"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
)

// endless is a roll that does not end by itself.
const endless = -1

// maxStrip bounds a strip that is never cut: 5 m of paper.
const maxStrip = 40_000

// defaultLine is the line spacing after a reset, in dots.
const defaultLine = 30

// mechanism is head, roll and cutter. It knows nothing of bytes on a line.
type mechanism struct {
	width int
	strip [][]byte // rows since the last cut, one bit a dot, black is 1

	paper, low, cover, jammed bool
	left                      int // rows until the paper ends; endless if not counted

	line   int // dots that a line feed moves
	centre bool
	module int
	level  decoder.ErrorCorrectionLevel
	symbol []byte // stored for the next print of a QR code
}

func newMechanism(width int) mechanism {
	m := mechanism{width: width, paper: true, left: endless}
	m.reset()
	return m
}

// reset is ESC @.
func (m *mechanism) reset() {
	m.line, m.centre, m.symbol = defaultLine, false, nil
	m.module, m.level = 3, decoder.ErrorCorrectionLevel_L
}

// halted says that nothing can be printed now.
func (m *mechanism) halted() bool { return !m.paper || m.cover || m.jammed }

// burn prints one row; false if it could not.
func (m *mechanism) burn(row []byte) bool {
	if m.halted() {
		return false
	}
	if len(m.strip) < maxStrip {
		m.strip = append(m.strip, row)
	}
	if m.left > 0 {
		m.left--
	}
	if m.left == 0 {
		m.paper = false
	}
	return true
}

// row places bytes on the paper by the alignment in force; what does not fit is lost, as on paper.
func (m *mechanism) row(data []byte) []byte {
	out := make([]byte, (m.width+7)/8)
	shift := 0
	if m.centre {
		shift = max(0, (m.width-8*len(data)+1)/2)
	}
	for i, b := range data {
		for bit := range 8 {
			if x := shift + 8*i + bit; b&(0x80>>bit) != 0 && x < m.width {
				out[x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return out
}

// qrRows is the stored symbol as rows, nil if it cannot be a QR code. Unlike a bit image, its width is not in bytes.
func (m *mechanism) qrRows() [][]byte {
	code, err := encoder.Encoder_encodeWithoutHint(string(m.symbol), m.level)
	if err != nil {
		return nil
	}
	matrix := code.GetMatrix()
	side := matrix.GetWidth() * m.module
	shift := 0
	if m.centre {
		shift = (m.width - side + 1) / 2
	}
	if side+shift > m.width || shift < 0 {
		return nil
	}
	var rows [][]byte
	for y := range side {
		row := make([]byte, (m.width+7)/8)
		for x := range side {
			if matrix.Get(x/m.module, y/m.module) == 1 {
				row[(x+shift)/8] |= 0x80 >> ((x + shift) % 8)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// picture is the strip as an image, nil if it is empty.
func (m *mechanism) picture() *image.Gray {
	if len(m.strip) == 0 {
		return nil
	}
	g := image.NewGray(image.Rect(0, 0, m.width, len(m.strip)))
	for y, row := range m.strip {
		line := g.Pix[y*g.Stride:][:m.width]
		for x := range line {
			if row[x/8]&(0x80>>(x%8)) == 0 {
				line[x] = 0xFF
			}
		}
	}
	return g
}

// inked says whether anything on the strip is black.
func (m *mechanism) inked() bool {
	for _, row := range m.strip {
		if len(bytes.Trim(row, "\x00")) > 0 {
			return true
		}
	}
	return false
}
