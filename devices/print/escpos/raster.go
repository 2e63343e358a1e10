package escpos

import (
	"fmt"
	"image"

	"motcua/devices/print"
)

// Bands. A raster is sent as GS v 0 commands of few rows: a small receive buffer holds one, and a job that breaks off
// owes the printer no more than the rest of one.
const (
	maxBandRows = 128
	// bandCost is what a band more must save, in bytes: its header (8) and a bit, since some printers halt for a
	// moment between two bit images.
	bandCost = 24
)

// bitmap is a drawn raster as the printer wants it: one bit a dot, black is 1, rows padded to bytes.
type bitmap struct {
	stride int // bytes a row
	rows   int
	bits   []byte
	first  []int // first byte of a row with ink, stride if none
	last   []int // one past the last byte with ink, 0 if none
}

func newBitmap(g *image.Gray) *bitmap {
	b := g.Bounds()
	m := &bitmap{stride: (b.Dx() + 7) / 8, rows: b.Dy()}
	m.bits = make([]byte, m.stride*m.rows)
	m.first, m.last = make([]int, m.rows), make([]int, m.rows)
	for y := range m.rows {
		m.first[y] = m.stride
		line := g.Pix[g.PixOffset(b.Min.X, b.Min.Y+y):][:b.Dx()]
		for x, v := range line {
			if v >= 128 {
				continue
			}
			m.bits[y*m.stride+x/8] |= 0x80 >> (x % 8)
			m.first[y] = min(m.first[y], x/8)
			m.last[y] = x/8 + 1
		}
	}
	return m
}

// band is rows [from, to) of a bitmap, bytes [left, right) of each; centred if both margins are the paper's.
type band struct {
	from, to, left, right int
}

func (e *composer) raster(g *image.Gray) error {
	if g.Bounds().Dx() > e.profile.Width {
		return fmt.Errorf("%w: raster of %d dots on paper of %d", ErrJob, g.Bounds().Dx(), e.profile.Width)
	}
	if g.Bounds().Dy() > maxRows {
		return fmt.Errorf("%w: raster of %d rows", ErrJob, g.Bounds().Dy())
	}
	m := newBitmap(g)
	for _, b := range e.bands(m) {
		e.alignTo(alignment(b))
		e.add(rasterCommand(m, b))
	}
	e.rows += m.rows
	return nil
}

func alignment(b band) byte {
	if b.left > 0 {
		return alignCentre
	}
	return alignLeft
}

// rasterCommand is GS v 0, m = 0 (one dot a bit).
func rasterCommand(m *bitmap, b band) []byte {
	w, h := b.right-b.left, b.to-b.from
	cmd := make([]byte, 0, 8+w*h)
	cmd = append(cmd, gs, 'v', '0', 0, byte(w), byte(w>>8), byte(h), byte(h>>8))
	for y := b.from; y < b.to; y++ {
		cmd = append(cmd, m.bits[y*m.stride+b.left:y*m.stride+b.right]...)
	}
	return cmd
}

// bands cuts a bitmap so that the fewest bytes travel: white right of the last ink of a band is not sent, nor, where
// the profile can centre, as much on the left. It is the shortest path over the rows, one step a band.
func (e *composer) bands(m *bitmap) []band {
	type step struct {
		cost int
		band band
	}
	best := make([]step, m.rows+1)
	for to := 1; to <= m.rows; to++ {
		first, last := m.stride, 0
		best[to].cost = -1
		for from := to - 1; from >= max(0, to-maxBandRows); from-- {
			first, last = min(first, m.first[from]), max(last, m.last[from])
			left, right := e.margins(m, first, last)
			cost := best[from].cost + bandCost + (right-left)*(to-from)
			if best[to].cost < 0 || cost < best[to].cost {
				best[to] = step{cost, band{from, to, left, right}}
			}
		}
	}
	var out []band
	for to := m.rows; to > 0; to = best[to].band.from {
		out = append(out, best[to].band)
	}
	reverse(out)
	return out
}

func reverse(b []band) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

// margins says which bytes of rows with ink in [first, last) must be sent. At least one: a raster of no width is an
// error to some printers.
func (e *composer) margins(m *bitmap, first, last int) (left, right int) {
	right = max(last, 1)
	if !e.profile.Align || last == 0 || m.stride*8 != e.profile.Width {
		return 0, right
	}
	side := min(first, m.stride-last)
	if m.stride-2*side < right {
		return side, m.stride - side
	}
	return 0, right
}

// qr draws the code or has it drawn, centred.
func (e *composer) qr(q print.QR) error {
	code, err := drawQR(q)
	if err != nil {
		return err
	}
	side := code.Bounds().Dx()
	if side > e.profile.Width {
		return fmt.Errorf("%w: QR code of %d dots on paper of %d", ErrJob, side, e.profile.Width)
	}
	if e.profile.QR == QRRaster {
		return e.raster(centred(code, e.profile.Width))
	}
	e.alignTo(alignCentre)
	e.add(nativeQR(q))
	e.rows += side
	return nil
}
