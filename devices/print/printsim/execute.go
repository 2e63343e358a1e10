package printsim

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// maxComplaints bounds the list of protocol errors.
const maxComplaints = 100

// take is what came in over the line. Status questions are answered at once, all else waits its turn. Called with mu.
func (p *Printer) take(b []byte) {
	p.bytes += int64(len(b))
	p.parse.buf = append(p.parse.buf, b...)
	for {
		c, complaint, more := p.parse.next()
		if complaint != "" {
			p.complain(complaint)
		}
		if !more {
			break
		}
		p.enqueue(c)
		p.work() // at once: an answer to a question is of the moment when it was asked
	}
}

func (p *Printer) complain(text string) {
	if len(p.broken) < maxComplaints {
		p.broken = append(p.broken, text)
	}
}

func (p *Printer) enqueue(c command) {
	switch c.kind {
	case ignore:
	case realtime:
		p.answer(p.realtime(c.params[0])...)
	default:
		p.queue = append(p.queue, c)
		p.queued += len(c.data)
	}
}

// work executes what waits, as far as the mechanism can. Called with mu.
func (p *Printer) work() {
	for len(p.queue) > 0 && !p.mech.halted() {
		c := &p.queue[0]
		size := len(c.data)
		done := p.execute(c)
		if done {
			p.queue = p.queue[1:]
			p.queued -= size
			continue
		}
		p.queued -= size - len(c.data)
	}
}

// execute does one command. A raster in which the paper ends is left with the rows that are still to print: not done.
func (p *Printer) execute(c *command) (done bool) {
	m := &p.mech
	switch c.kind {
	case reset:
		m.reset()
	case align:
		m.centre = c.params[0]%48 == 1
	case lineSpacing:
		m.line = int(c.params[0])
	case defaultSpacing:
		m.line = defaultLine
	case lineFeed:
		p.feed(m.line)
	case feedDots:
		p.feed(int(c.params[0]))
	case feedLines:
		p.feed(m.line * int(c.params[0]))
	case raster:
		return m.raster(c)
	case cutPaper:
		p.cut(c)
	case sensor:
		p.answer(m.sensor())
	case qrSymbol:
		p.symbol(c.data[1], c.data[2:])
	case process:
		p.answer(append([]byte{0x37, 0x22}, append(clone(c.data[2:6]), 0)...)...)
	}
	return true
}

// raster burns GS v 0 row by row and keeps what is left in the command. Doubled modes are printed doubled.
func (m *mechanism) raster(c *command) (done bool) {
	w := int(c.params[2]) | int(c.params[3])<<8
	wide, high := c.params[1]&1 != 0, c.params[1]&2 != 0
	for len(c.data) >= w {
		line := c.data[:w]
		if wide {
			line = double(line)
		}
		if !m.burn(m.row(line)) {
			return false
		}
		if high {
			m.burn(m.row(line))
		}
		c.data = c.data[w:]
	}
	return true
}

// double widens each dot to two.
func double(line []byte) []byte {
	out := make([]byte, 2*len(line))
	for i := range 16 * len(line) {
		if line[i/16]&(0x80>>(i/2%8)) != 0 {
			out[i/8] |= 0x80 >> (i % 8)
		}
	}
	return out
}

func (p *Printer) feed(rows int) {
	for range rows {
		p.mech.burn(p.mech.row(nil))
	}
}

// cut writes the slip, if there is anything on the strip, and begins a new one.
func (p *Printer) cut(c *command) {
	if len(c.data) == 1 {
		p.feed(int(c.data[0]))
	}
	if p.mech.inked() {
		p.save()
	}
	p.mech.strip = nil
}

func (p *Printer) save() {
	path := filepath.Join(p.opts.Dir, fmt.Sprintf("slip-%04d.png", len(p.slips)+1))
	if err := writePNG(path, p.mech.picture()); err != nil {
		p.complain("slip not written: " + err.Error())
		return
	}
	p.slips = append(p.slips, path)
	p.changed.Broadcast()
}

// writePNG writes a one-bit picture, whole or not at all.
func writePNG(path string, g *image.Gray) error {
	bw := image.NewPaletted(g.Bounds(), color.Palette{color.White, color.Black})
	for i, v := range g.Pix {
		if v < 128 {
			bw.Pix[i] = 1
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".slip-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing is left of it after the rename
	if err := png.Encode(f, bw); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Functions of GS ( k for a QR code.
const (
	qrSize  = 67
	qrLevel = 69
	qrStore = 80
	qrPrint = 81
)

// symbol is one function of GS ( k. A print takes one row at a time only in the sense that paper may end in it: the
// rest of the code is then lost, as it is on paper.
func (p *Printer) symbol(fn byte, q []byte) {
	m := &p.mech
	switch {
	case fn == qrSize && len(q) == 1 && q[0] >= 1 && q[0] <= 16:
		m.module = int(q[0])
	case fn == qrLevel && len(q) == 1 && q[0] >= 48 && q[0] <= 51:
		m.level = levels(q[0] - 48)
	case fn == qrStore && len(q) > 1:
		m.symbol = clone(q[1:])
	case fn == qrPrint:
		p.printSymbol()
	case fn == 65: // model: 2 is the only one drawn here
	default:
		p.complain(fmt.Sprintf("GS ( k function %d", fn))
	}
}

func (p *Printer) printSymbol() {
	rows := p.mech.qrRows()
	if rows == nil {
		p.complain("GS ( k: no QR code to print")
	}
	for _, row := range rows {
		p.mech.burn(row)
	}
}

// levels is L, M, Q, H in GS ( k's order.
func levels(n byte) decoder.ErrorCorrectionLevel {
	return [...]decoder.ErrorCorrectionLevel{
		decoder.ErrorCorrectionLevel_L, decoder.ErrorCorrectionLevel_M,
		decoder.ErrorCorrectionLevel_Q, decoder.ErrorCorrectionLevel_H,
	}[n]
}

// answer sends bytes to whoever is on the line.
func (p *Printer) answer(b ...byte) {
	if p.opts.Silent || len(p.reply) > maxData {
		return
	}
	p.reply = append(p.reply, b...)
	p.changed.Broadcast()
}

// realtime is the answer to DLE EOT n.
func (p *Printer) realtime(n byte) []byte {
	m := &p.mech
	const fixed = 0x12
	switch n {
	case 1:
		return []byte{fixed | when(m.halted(), 0x08)}
	case 2:
		return []byte{fixed | when(m.cover, 0x04) | when(!m.paper, 0x20) | when(m.jammed, 0x40)}
	case 3:
		return []byte{fixed | when(m.jammed, 0x08)}
	case 4:
		return []byte{fixed | when(m.low, 0x0C) | when(!m.paper, 0x60)}
	}
	p.complain(fmt.Sprintf("DLE EOT %d", n))
	return nil
}

// sensor is the answer to GS r 1.
func (m *mechanism) sensor() byte { return when(m.low, 0x03) | when(!m.paper, 0x0C) }

func when(c bool, bits byte) byte {
	if c {
		return bits
	}
	return 0
}
