package paper

import (
	"fmt"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
)

// Measures of a page in mm: A4 with the margins of NĐ 30/2020/NĐ-CP, Phụ lục I.
const (
	a4Short, a4Long = 210.0, 297.0
	marginTop       = 20.0
	marginBottom    = 20.0
	marginLeft      = 30.0
	marginRight     = 15.0

	point   = 25.4 / 72
	leading = 1.3  // of the size of type
	hair    = 0.2  // mm: lines of tables and boxes
	small   = 0.65 // size of raised letters
)

const family = "serif"

// press prints one form: the place on the page goes down from block to block.
type press struct {
	pdf    *fpdf.Fpdf
	form   *Form
	values Values

	left, width float64 // of the column that is being printed
	y           float64
	bottom      float64
	size        float64 // of type, points
	set         font
	loaded      [4]bool
	err         error
}

// font is what the PDF library is set to.
type font struct {
	name string
	size float64
}

func newPress(f *Form, v Values) *press {
	orientation, wide, high := "P", a4Short, a4Long
	if f.layout.Landscape {
		orientation, wide, high = "L", a4Long, a4Short
	}
	p := &press{pdf: fpdf.New(orientation, "mm", "A4", ""), form: f, values: v, left: marginLeft,
		width: wide - marginLeft - marginRight, bottom: high - marginBottom, size: f.layout.Size}
	p.pdf.SetAutoPageBreak(false, 0)
	p.pdf.SetMargins(0, 0, 0)
	p.describe()
	p.newPage()
	return p
}

// fail keeps the first error.
func (p *press) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *press) newPage() {
	n := p.pdf.PageCount() + 1
	if n > MaxPages {
		p.fail(fmt.Errorf("%w: over %d pages", ErrTooLarge, MaxPages))
	}
	p.y = marginTop
	if p.err != nil {
		return
	}
	p.pdf.AddPage()
	p.set = font{}
	p.pdf.SetLineWidth(hair)
	if n > 1 {
		number := atom{text: strconv.Itoa(n)}
		number.width = p.measure(number)
		p.letters(p.left+(p.width-number.width)/2, marginTop/2+2, number)
	}
}

// room begins a new page unless so much of this one is left.
func (p *press) room(height float64) {
	if p.y+height > p.bottom+0.01 && p.y > marginTop {
		p.newPage()
	}
}

func (p *press) lineHeight() float64 { return p.size * point * leading }

// use sets the face and size of a style.
func (p *press) use(s style) {
	size := p.size
	if s&raised != 0 {
		size *= small
	}
	face := p.form.faces.of(s)
	want := font{face.name, size}
	if p.set == want {
		return
	}
	if i := s & (bold | italic); !p.loaded[i] {
		p.pdf.AddUTF8FontFromBytes(family, face.name, face.data)
		p.loaded[i] = true
	}
	p.pdf.SetFont(family, face.name, size)
	p.set = want
}

func (p *press) measure(a atom) float64 {
	if a.gap > 0 {
		return a.gap
	}
	p.use(a.style)
	return p.pdf.GetStringWidth(a.text)
}

func (p *press) spaceWidth(s style) float64 {
	p.use(s)
	return p.pdf.GetStringWidth(" ")
}

// letters prints an atom with its foot at y.
func (p *press) letters(x, y float64, a atom) {
	if p.err != nil {
		return
	}
	if a.gap > 0 {
		p.dots(x, x+a.gap, y)
		return
	}
	p.use(a.style)
	if a.style&raised != 0 {
		y -= p.size * point * 0.35
	}
	p.pdf.Text(x, y, a.text)
}

// dots draws a dotted line: drawn, not typed, so that copied text has none.
func (p *press) dots(x1, x2, y float64) {
	if p.err != nil || x2-x1 < 1 {
		return
	}
	p.pdf.SetLineWidth(0.3)
	p.pdf.SetLineCapStyle("round")
	p.pdf.SetDashPattern([]float64{0.01, 1.2}, 0)
	p.pdf.Line(x1, y, x2, y)
	p.pdf.SetDashPattern(nil, 0)
	p.pdf.SetLineCapStyle("butt")
	p.pdf.SetLineWidth(hair)
}

func (p *press) stroke(x1, y1, x2, y2 float64) {
	if p.err == nil {
		p.pdf.Line(x1, y1, x2, y2)
	}
}

func (p *press) box(x, y, w, h float64) {
	if p.err == nil {
		p.pdf.Rect(x, y, w, h, "D")
	}
}

// foot is where letters stand in a line that begins at y.
func (p *press) foot(y, height float64) float64 {
	return y + height/2 + p.size*point*0.32
}

// aligns is how much of the free width goes to the left of a line.
var aligns = map[string]float64{"": 0, "left": 0, "centre": 0.5, "right": 1}

// line prints a line at the place, atoms of one style in one go so that they can be found as one text.
func (p *press) line(x, y, width, height float64, s set, align string) {
	x += (width - s.width) * aligns[align]
	foot := p.foot(y, height)
	for i := 0; i < len(s.atoms); {
		run := s.atoms[i]
		i++
		for ; i < len(s.atoms) && run.gap == 0 && s.atoms[i].gap == 0 && s.atoms[i].style == run.style; i++ {
			if s.atoms[i].space {
				run.text += " "
			}
			run.text += s.atoms[i].text
		}
		p.letters(x+run.x, foot, run)
	}
}

// lines prints lines from the top of y down, over pages.
func (p *press) lines(x, width float64, sets []set, align string) {
	h := p.lineHeight()
	for _, s := range sets {
		p.room(h)
		p.line(x, p.y, width, h, s, align)
		p.y += h
	}
}

// sized does something in another size of type; 0 leaves it.
func (p *press) sized(points float64, do func()) {
	before := p.size
	if points != 0 {
		p.size = points
	}
	do()
	p.size = before
}
