package paper

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"slices"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
)

// Distances in mm.
const (
	gutter   = 3.0 // between cells side by side
	boxSide  = 5.5 // a box for a digit
	tickSide = 3.6 // a box to tick
	after    = 1.0 // after a paragraph
	maxPixel = 4000
)

// block prints the block of that index.
func (p *press) block(i int) {
	b := &p.form.layout.Blocks[i]
	switch {
	case b.Nation != nil:
		p.nation(b.Nation)
	case b.Text != nil:
		p.paragraph(b.Text)
	case len(b.Line) > 0:
		p.cells(b.Line)
	case b.Checks != nil:
		p.checks(b.Checks)
	case b.Table != nil:
		p.table(b.Table)
	case b.Bars != nil:
		p.bars(b.Bars)
	case len(b.Signs) > 0:
		p.signs(b.Signs)
	case b.Photo != nil:
		p.photo(b.Photo)
	case b.Notes != nil:
		p.notes(b.Notes)
	case b.Rule != 0:
		p.room(2)
		p.stroke(p.left+(p.width-b.Rule)/2, p.y+1, p.left+(p.width+b.Rule)/2, p.y+1)
		p.y += 2
	case b.Space != 0:
		p.y += b.Space
	case b.Page:
		p.newPage()
	}
}

// nation prints the head of NĐ 30/2020/NĐ-CP, Phụ lục I: the authority at the left, the country at the right; alone, the
// country stands in the middle.
func (p *press) nation(b *Nation) {
	leftWidth := 0.0
	if len(b.Left) > 0 {
		leftWidth = p.width * 0.42
	}
	top, low := p.y, p.y
	p.sized(12, func() {
		for _, s := range b.Left {
			p.lines(p.left, leftWidth, p.wrap(p.compose(s, 0), leftWidth, 0), "centre")
		}
		low, p.y = p.y, top
		x, width := p.left+leftWidth, p.width-leftWidth
		p.lines(x, width, p.wrap(p.compose("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold), width, 0), "centre")
		p.size = 13
		motto := p.wrap(p.compose("Độc lập - Tự do - Hạnh phúc", bold), width, 0)
		p.lines(x, width, motto, "centre")
		x += (width - motto[0].width) / 2
		p.stroke(x, p.y+0.3, x+motto[0].width, p.y+0.3)
	})
	p.y = max(p.y, low) + 3
}

func (p *press) paragraph(b *Paragraph) {
	p.sized(b.Size, func() {
		sets := p.wrap(p.compose(b.Text, 0), p.width, b.Indent)
		if b.Caption {
			p.room(float64(len(sets)+2)*p.lineHeight() + after)
		}
		p.lines(p.left, p.width, sets, b.Align)
	})
	p.y += after
}

// row is one line of a cell.
type row struct {
	set    set
	dots   bool // dots from its end to the right edge
	boxes  []string
	indent float64 // of the boxes
}

// cells prints labels with their values side by side. They go down together, line by line, so that a long one runs on to
// the next page.
func (p *press) cells(cells []Cell) {
	var weights []float64
	for _, c := range cells {
		weights = append(weights, c.Weight)
	}
	xs, widths := share(p.left, p.width, gutter, weights)
	var columns [][]row
	deepest := 0
	for i, c := range cells {
		rows := p.cell(c, widths[i])
		columns = append(columns, rows)
		deepest = max(deepest, len(rows))
	}
	for n := range deepest {
		h := p.lineHeight()
		for _, rows := range columns {
			if n < len(rows) && rows[n].boxes != nil {
				h = max(h, boxSide+1.5)
			}
		}
		p.room(h)
		for i, rows := range columns {
			if n < len(rows) {
				p.row(xs[i], widths[i], h, rows[n])
			}
		}
		p.y += h
	}
}

// share divides a width by weights; a weight of 0 counts as 1.
func share(left, width, gap float64, weights []float64) (xs, widths []float64) {
	total := 0.0
	for i, w := range weights {
		if w == 0 {
			weights[i] = 1
		}
		total += weights[i]
	}
	free := width - gap*float64(len(weights)-1)
	for _, w := range weights {
		xs = append(xs, left)
		widths = append(widths, free*w/total)
		left += free*w/total + gap
	}
	return xs, widths
}

// cell sets label and value into lines.
func (p *press) cell(c Cell, width float64) []row {
	v, _ := parseValue(c.Key)
	atoms := p.compose(c.Label, 0)
	value := p.get(v, p.values.Text)
	if c.Boxes > 0 {
		return p.boxes(c, atoms, value, width)
	}
	if value != "" {
		atoms, _ = p.words(atoms, value, 0, len(atoms) > 0, v.key)
	}
	tail := p.compose(c.Tail, 0)
	if len(tail) > 0 && value == "" {
		label := p.wrap(slices.Clone(atoms), width, 0)
		free := width - label[len(label)-1].width - 2
		for _, a := range tail {
			free -= p.measure(a) + p.spaceWidth(0)
		}
		atoms = append(atoms, atom{gap: max(free, gapShort), space: true})
	}
	if len(tail) > 0 {
		tail[0].space = true
	}
	var rows []row
	for _, s := range p.wrap(append(atoms, tail...), width, 0) {
		rows = append(rows, row{set: s})
	}
	dotted := c.Key != "" || c.Lines > 0
	rows[len(rows)-1].dots = dotted && len(tail) == 0
	for dotted && len(rows) < c.Lines {
		rows = append(rows, row{dots: true})
	}
	return rows
}

// boxes sets a label and boxes with a character each, below the label if both do not fit.
func (p *press) boxes(c Cell, label []atom, value string, width float64) []row {
	if utf8.RuneCountInString(value) > c.Boxes {
		p.fail(fmt.Errorf("%w: %s", ErrBoxes, c.Key))
		return nil
	}
	if !p.form.faces.has(0, value) {
		p.fail(fmt.Errorf("%w: %s", ErrLetter, c.Key))
		return nil
	}
	digits := make([]string, c.Boxes)
	for i, r := range []rune(value) {
		digits[i] = string(r)
	}
	var rows []row
	for _, s := range p.wrap(label, width, 0) {
		rows = append(rows, row{set: s})
	}
	need := min(float64(c.Boxes)*boxSide, width)
	last := &rows[len(rows)-1]
	if last.set.width+2+need > width {
		rows = append(rows, row{})
		last = &rows[len(rows)-1]
	} else if last.set.width > 0 {
		last.indent = last.set.width + 2
	}
	last.boxes = digits
	return rows
}

func (p *press) row(x, width, height float64, r row) {
	p.line(x, p.y, width, height, r.set, "")
	foot := p.foot(p.y, height)
	if r.dots {
		from := r.set.width
		if from > 0 {
			from++
		}
		p.dots(x+from, x+width, foot)
	}
	side := min(boxSide, width/float64(max(1, len(r.boxes))))
	for i, digit := range r.boxes {
		left := x + r.indent + float64(i)*side
		p.box(left, p.y+(height-boxSide)/2, side, boxSide)
		if digit != "" {
			a := atom{text: digit}
			p.letters(left+(side-p.measure(a))/2, foot, a)
		}
	}
}

// checks prints boxes to tick. They are drawn, because typefaces differ in what they have for them.
func (p *press) checks(b *Checks) {
	if b.Label != "" {
		p.lines(p.left, p.width, p.wrap(p.compose(b.Label, 0), p.width, 0), "")
	}
	columns := max(1, b.Columns)
	for items := range slices.Chunk(b.Items, columns) {
		xs, widths := share(p.left, p.width, gutter, make([]float64, columns))
		var texts [][]set
		deepest := 1
		for i, item := range items {
			sets := p.wrap(p.compose(item.Label, 0), widths[i]-tickSide-2, 0)
			texts = append(texts, sets)
			deepest = max(deepest, len(sets))
		}
		h := p.lineHeight()
		p.room(float64(deepest) * h)
		for i, item := range items {
			p.tick(xs[i], p.y+(h-tickSide)/2, p.values.Checked[item.Key])
			for n, s := range texts[i] {
				p.line(xs[i]+tickSide+2, p.y+float64(n)*h, widths[i], h, s, "")
			}
		}
		p.y += float64(deepest) * h
	}
}

func (p *press) tick(x, y float64, on bool) {
	p.box(x, y, tickSide, tickSide)
	if on {
		p.stroke(x, y, x+tickSide, y+tickSide)
		p.stroke(x, y+tickSide, x+tickSide, y)
	}
}

// photo prints the portrait, as large as its frame lets it be, or the empty frame.
func (p *press) photo(b *Photo) {
	p.room(b.Height)
	p.box(p.left, p.y, b.Width, b.Height)
	if img := p.values.Photo; img != nil {
		size := img.Bounds().Size()
		if size.X < 1 || size.Y < 1 || size.X > maxPixel || size.Y > maxPixel {
			p.fail(fmt.Errorf("%w: photo", ErrTooLarge))
			return
		}
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 90}); err != nil {
			p.fail(fmt.Errorf("paper: photo: %w", err))
			return
		}
		options := fpdf.ImageOptions{ImageType: "JPG"}
		p.pdf.RegisterImageOptionsReader("photo", options, &buf)
		scale := min(b.Width/float64(size.X), b.Height/float64(size.Y))
		w, h := float64(size.X)*scale, float64(size.Y)*scale
		p.pdf.ImageOptions("photo", p.left+(b.Width-w)/2, p.y+(b.Height-h)/2, w, h, false, options, 0, "")
	} else if b.Caption != "" {
		p.sized(10, func() {
			h := p.lineHeight()
			sets := p.wrap(p.compose(b.Caption, italic), b.Width-2, 0)
			top := p.y + (b.Height-float64(len(sets))*h)/2
			for n, s := range sets {
				p.line(p.left+1, top+float64(n)*h, b.Width-2, h, s, "centre")
			}
		})
	}
	p.y += b.Height + after
}

// notes prints the small print under a short line.
func (p *press) notes(b *Notes) {
	p.sized(10, func() {
		p.room(3 * p.lineHeight())
		p.stroke(p.left, p.y+1, p.left+50, p.y+1)
		p.y += 2
		if b.Title != "" {
			p.lines(p.left, p.width, p.wrap(p.compose(b.Title, bold|italic), p.width, 0), "")
		}
		for _, s := range b.Items {
			p.lines(p.left, p.width, p.wrap(p.compose(s, 0), p.width, 0), "")
		}
	})
}
