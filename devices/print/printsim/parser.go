package printsim

import "fmt"

// maxData bounds one command's data: a band as high as a slip, 576 dots wide.
const maxData = 1 << 20

// Control bytes.
const (
	nul = 0x00
	ht  = 0x09
	lf  = 0x0A
	cr  = 0x0D
	dle = 0x10
	can = 0x18
	esc = 0x1B
	gs  = 0x1D
)

// kind is a command that does something here. All others that are known are read over.
type kind uint8

const (
	ignore kind = iota
	reset
	align
	lineSpacing
	defaultSpacing
	lineFeed
	feedDots
	feedLines
	raster
	cutPaper
	sensor
	realtime
	qrSymbol
	process
)

// command is one parsed command: its parameters (without the prefix) and data.
type command struct {
	kind   kind
	params []byte
	data   []byte
}

// shape is how long a command of fixed length is.
type shape struct {
	kind   kind
	params int
}

// shapes are the commands of fixed length, by their first two bytes.
func shapes(a, b byte) (shape, bool) {
	switch a {
	case dle:
		return dleShapes(b)
	case esc:
		return escShapes(b)
	case gs:
		return gsShapes(b)
	}
	return shape{}, false
}

func dleShapes(b byte) (shape, bool) {
	switch b {
	case 0x04: // DLE EOT n
		return shape{realtime, 1}, true
	case 0x05: // DLE ENQ n
		return shape{ignore, 1}, true
	case 0x14: // DLE DC4 fn m t
		return shape{ignore, 3}, true
	}
	return shape{}, false
}

func escShapes(b byte) (shape, bool) {
	switch b {
	case '@':
		return shape{reset, 0}, true
	case 'a':
		return shape{align, 1}, true
	case '2':
		return shape{defaultSpacing, 0}, true
	case '3':
		return shape{lineSpacing, 1}, true
	case 'J':
		return shape{feedDots, 1}, true
	case 'd':
		return shape{feedLines, 1}, true
	case '!', 'E', 'G', 'M', 'R', 't', '-', ' ', '{', 'V', '=':
		return shape{ignore, 1}, true
	case '$', '\\', 'c':
		return shape{ignore, 2}, true
	case 'p': // pulse to the cash drawer
		return shape{ignore, 3}, true
	}
	return shape{}, false
}

func gsShapes(b byte) (shape, bool) {
	switch b {
	case 'r':
		return shape{sensor, 1}, true
	case 'V':
		return shape{cutPaper, 1}, true // 65 and 66 have one more
	case 'v':
		return shape{raster, 6}, true // then the dots
	case '(':
		return shape{ignore, 3}, true // fn group, pL, pH; then that many bytes
	case '!', 'B', 'H', 'f', 'h', 'w', 'a', 'I', 'b':
		return shape{ignore, 1}, true
	case 'L', 'W', 'P':
		return shape{ignore, 2}, true
	}
	return shape{}, false
}

// parser cuts the stream into commands. It is fed in pieces of any size.
type parser struct {
	width int // of the paper, to refuse a raster that is wider
	buf   []byte
}

// next takes the first whole command off the buffer. more is false if it is not whole yet. A byte that begins nothing
// known is dropped with a complaint.
func (p *parser) next() (c command, complaint string, more bool) {
	if len(p.buf) == 0 {
		return c, "", false
	}
	switch b := p.buf[0]; b {
	case nul, ht, cr, can:
		p.buf = p.buf[1:]
		return c, "", true
	case lf:
		p.buf = p.buf[1:]
		return command{kind: lineFeed}, "", true
	case dle, esc, gs:
		return p.group()
	default:
		p.buf = p.buf[1:]
		return c, fmt.Sprintf("stray byte %#02x", b), true
	}
}

func (p *parser) group() (c command, complaint string, more bool) {
	if len(p.buf) < 2 {
		return c, "", false
	}
	s, ok := shapes(p.buf[0], p.buf[1])
	if !ok {
		complaint = fmt.Sprintf("unknown command %#02x %#02x", p.buf[0], p.buf[1])
		p.buf = p.buf[2:]
		return c, complaint, true
	}
	if len(p.buf) < 2+s.params {
		return c, "", false
	}
	c = command{kind: s.kind, params: clone(p.buf[2 : 2+s.params])}
	length, complaint := p.tail(&c)
	end := 2 + s.params + length
	if complaint != "" {
		p.buf = p.buf[2+s.params:]
		return command{}, complaint, true
	}
	if len(p.buf) < end {
		return c, "", false
	}
	c.data = clone(p.buf[2+s.params : end])
	p.buf = p.buf[end:]
	return p.known(c), "", true
}

// tail is how many bytes follow the fixed part.
func (p *parser) tail(c *command) (n int, complaint string) {
	prefix := p.buf[1]
	switch {
	case c.kind == raster:
		return p.rasterTail(c.params)
	case c.kind == cutPaper && (c.params[0] == 65 || c.params[0] == 66):
		return 1, ""
	case p.buf[0] == gs && prefix == '(':
		return int(c.params[1]) | int(c.params[2])<<8, ""
	}
	return 0, ""
}

func (p *parser) rasterTail(q []byte) (n int, complaint string) {
	w, h := int(q[2])|int(q[3])<<8, int(q[4])|int(q[5])<<8
	switch {
	case q[0] != '0' || q[1] > 3:
		return 0, fmt.Sprintf("GS v %#02x %d", q[0], q[1])
	case w == 0 || h == 0:
		return 0, "GS v 0 of no size"
	case w > (p.width+7)/8:
		return 0, fmt.Sprintf("GS v 0 of %d bytes on paper of %d dots", w, p.width)
	case w*h > maxData:
		return 0, fmt.Sprintf("GS v 0 of %d bytes", w*h)
	}
	return w * h, ""
}

// known tells the functions of GS ( apart.
func (p *parser) known(c command) command {
	if c.kind != ignore || len(c.params) != 3 {
		return c
	}
	switch {
	case c.params[0] == 'k' && len(c.data) >= 2 && c.data[0] == 49:
		c.kind = qrSymbol
	case c.params[0] == 'H' && len(c.data) == 6 && c.data[0] == 48:
		c.kind = process
	}
	return c
}

func clone(p []byte) []byte { return append([]byte(nil), p...) }
