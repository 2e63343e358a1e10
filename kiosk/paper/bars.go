package paper

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Measures of bars, mm.
const (
	barHigh   = 3.2
	barGap    = 1.6  // between rows
	barLabel  = 0.34 // of the width is for the names
	barNumber = 16.0 // at the end of a bar
	maxBars   = 2    // side by side in a row, told apart by how dark they are
	barInk    = 0.15 // mm: their outline, which a pale one needs on paper
)

// barShades are the fills of the bars of a row, red, green, blue.
var barShades = [maxBars][3]int{{11, 79, 92}, {191, 217, 220}}

// bars prints a row of bars for each row of values, as long as their numbers are to the greatest of all, which reaches the margin.
func (p *press) bars(b *Bars) {
	rows := p.values.Rows[b.Rows]
	if len(rows) > MaxRows {
		p.fail(fmt.Errorf("%w: %s", ErrTooLarge, b.Rows))
		return
	}
	p.sized(b.Size, func() {
		most := 1
		for _, row := range rows {
			for _, v := range b.Values {
				most = max(most, amount(row[v.Key]))
			}
		}
		var list []barRow
		whole := p.lineHeight() + barGap
		for _, row := range rows {
			one := p.barRow(b, row)
			list, whole = append(list, one), whole+one.high+barGap
		}
		if first := p.lineHeight() + barGap; p.err == nil && len(list) > 0 {
			// A chart stays on one page if a page can hold it.
			if whole > p.bottom-marginTop {
				whole = first + list[0].high
			}
			p.room(whole)
		}
		p.legend(b)
		for _, one := range list {
			if p.printBars(b, one, most); p.err != nil {
				return
			}
		}
	})
	p.y += 2
}

// legend says which shade is what.
func (p *press) legend(b *Bars) {
	x, h := p.left+p.width*barLabel, p.lineHeight()
	for i, v := range b.Values {
		p.bar(x, p.y+(h-barHigh)/2, barHigh*2, i)
		x += barHigh*2 + 1.5
		line := p.wrap(p.compose(v.Title, 0), p.width, 0)[0]
		p.line(x, p.y, line.width, h, line, "left")
		x += line.width + 6
	}
	p.y += h + barGap
}

// barRow is a row that is laid out.
type barRow struct {
	names []set
	texts []string // of the numbers
	high  float64
}

func (p *press) barRow(b *Bars, row map[string]string) barRow {
	label, _ := p.words(nil, p.get(value{key: b.Label}, row), 0, false, b.Label)
	r := barRow{names: p.wrap(label, p.width*barLabel-2, 0)}
	r.high = max(float64(len(r.names))*p.lineHeight(), float64(len(b.Values))*barHigh)
	for _, v := range b.Values {
		r.texts = append(r.texts, p.get(value{key: v.Key}, row))
	}
	if r.high > p.bottom-marginTop {
		p.fail(fmt.Errorf("%w: %s", ErrTooLarge, b.Label))
	}
	return r
}

func (p *press) printBars(b *Bars, r barRow, most int) {
	p.room(r.high)
	h, width := p.lineHeight(), p.width*barLabel
	for i, s := range r.names {
		p.line(p.left, p.y+(r.high-float64(len(r.names))*h)/2+float64(i)*h, width-2, h, s, "right")
	}
	y := p.y + (r.high-float64(len(b.Values))*barHigh)/2
	for i, text := range r.texts {
		long := (p.width - width - barNumber) * float64(amount(text)) / float64(most)
		p.bar(p.left+width, y, long, i)
		if atoms, _ := p.words(nil, text, 0, false, b.Values[i].Key); len(atoms) > 0 {
			line := p.wrap(atoms, barNumber-1, 0)[0]
			p.line(p.left+width+long+1, y+(barHigh-h)/2, line.width, h, line, "left")
		}
		y += barHigh
	}
	p.y += r.high + barGap
}

func (p *press) bar(x, y, long float64, shade int) {
	if p.err != nil || long <= 0 {
		return
	}
	s := barShades[shade]
	p.pdf.SetFillColor(s[0], s[1], s[2])
	p.pdf.SetLineWidth(barInk)
	p.pdf.Rect(x, y, long, barHigh-0.4, "FD")
	p.pdf.SetLineWidth(hair)
}

// maxCount bounds the numbers of bars: nobody counts further, and a longer text is no number.
const maxCount = 9

// amount is the number that a value writes, dots between thousands; 0 for anything else.
func amount(s string) int {
	s = strings.ReplaceAll(strings.TrimSpace(s), ".", "")
	if utf8.RuneCountInString(s) > maxCount {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return max(0, n)
}
