package paper

import (
	"fmt"
	"strconv"
)

const cellPad = 1.0 // between a table's lines and its text, mm

// grid is a table being printed.
type grid struct {
	*press
	table      *Table
	xs, widths []float64
	head       [][]set
}

// table prints a list with its head, which stands again on each page. A row stays on one page if a page can hold it.
func (p *press) table(b *Table) {
	rows := p.values.Rows[b.Rows]
	if len(rows) > MaxRows {
		p.fail(fmt.Errorf("%w: %s", ErrTooLarge, b.Rows))
		return
	}
	p.sized(b.Size, func() {
		g := &grid{press: p, table: b}
		var weights []float64
		for _, c := range b.Columns {
			weights = append(weights, c.Weight)
		}
		g.xs, g.widths = share(p.left, p.width, 0, weights)
		for i, c := range b.Columns {
			g.head = append(g.head, p.wrap(p.compose(c.Title, bold), g.widths[i]-2*cellPad, 0))
		}
		p.room(g.height(g.head) + p.lineHeight() + 2*cellPad)
		g.printHead()
		for n := range max(len(rows), b.Empty) {
			var values map[string]string
			if n < len(rows) {
				values = rows[n]
			}
			g.printRow(n, values)
			if p.err != nil {
				return
			}
		}
	})
	p.y += 2
}

func (g *grid) height(cells [][]set) float64 {
	deepest := 1
	for _, c := range cells {
		deepest = max(deepest, len(c))
	}
	return float64(deepest)*g.lineHeight() + 2*cellPad
}

func (g *grid) printHead() {
	g.level()
	top := g.y
	h := g.height(g.head)
	for i, sets := range g.head {
		g.y = top + (h-float64(len(sets))*g.lineHeight())/2
		for _, s := range sets {
			g.line(g.xs[i]+cellPad, g.y, g.widths[i]-2*cellPad, g.lineHeight(), s, "centre")
			g.y += g.lineHeight()
		}
	}
	g.y = top
	g.uprights(h)
	g.level()
}

// level draws a line over the whole width.
func (g *grid) level() { g.stroke(g.left, g.y, g.left+g.width, g.y) }

// uprights draws the lines between columns and goes down by h.
func (g *grid) uprights(h float64) {
	for _, x := range append(g.xs, g.left+g.width) {
		g.stroke(x, g.y, x, g.y+h)
	}
	g.y += h
}

func (g *grid) printRow(n int, values map[string]string) {
	var cells [][]set
	deepest := 1
	for i, c := range g.table.Columns {
		var atoms []atom
		if c.Number {
			atoms, _ = g.words(nil, strconv.Itoa(n+1), 0, false, "")
		} else if v, _ := parseValue(c.Key); v.key != "" {
			atoms, _ = g.words(nil, g.get(v, values), 0, false, v.key)
		}
		sets := g.wrap(atoms, g.widths[i]-2*cellPad, 0)
		cells = append(cells, sets)
		deepest = max(deepest, len(sets))
	}
	h := g.lineHeight()
	if whole := g.height(cells); g.y+whole > g.bottom && whole < g.bottom-marginTop-g.height(g.head) {
		g.turn()
	}
	g.uprights(cellPad)
	for line := range deepest {
		if g.y+h+cellPad > g.bottom {
			g.level()
			g.turn()
		}
		for i, sets := range cells {
			if line < len(sets) {
				g.line(g.xs[i]+cellPad, g.y, g.widths[i]-2*cellPad, h, sets[line], g.table.Columns[i].Align)
			}
		}
		g.uprights(h)
		if g.err != nil {
			return
		}
	}
	g.uprights(cellPad)
	g.level()
}

// turn goes on to the next page.
func (g *grid) turn() {
	g.newPage()
	g.printHead()
}
