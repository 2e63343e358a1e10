package paper

import "fmt"

const signSpace = 18.0 // mm left for a signature

// signs prints the places where people sign side by side, all on one page. What belongs together stands at one height:
// dates, offices, instructions, signatures.
func (p *press) signs(signs []Sign) {
	size := p.size
	if len(signs) > 2 {
		size = min(size, 11) // four columns of A4 hold no larger type
	}
	p.sized(size, func() {
		xs, widths := share(p.left, p.width, gutter, make([]float64, len(signs)))
		parts := make([][4][]row, len(signs))
		space := 0.0
		for i, s := range signs {
			parts[i] = p.sign(s, widths[i])
			own := s.Space
			if own == 0 {
				own = signSpace
			}
			space = max(space, own)
		}
		var heights [4]float64
		total := space
		for part := range heights {
			for i := range signs {
				heights[part] = max(heights[part], p.depth(parts[i][part]))
			}
			total += heights[part]
		}
		p.y += 2
		if p.room(total); total > p.bottom-p.y {
			p.fail(fmt.Errorf("%w: signatures", ErrTooLarge))
			return
		}
		for part, h := range heights {
			if part == 2 {
				p.y += space
			}
			top := p.y
			for i := range signs {
				p.y = top
				for _, r := range parts[i][part] {
					p.signRow(xs[i], widths[i], r, part < 3)
				}
			}
			p.y = top + h
		}
	})
	p.y += 2
}

// sign sets a column into its parts: date; office and instruction; name; lines to fill in.
func (p *press) sign(s Sign, width float64) [4][]row {
	var parts [4][]row
	text := func(part int, atoms []atom) {
		if len(atoms) == 0 {
			return
		}
		for _, line := range p.wrap(atoms, width, 0) {
			parts[part] = append(parts[part], row{set: line})
		}
	}
	if s.Dated || s.Date != "" {
		text(0, p.dateLine(s))
	}
	text(1, p.compose(s.Title, bold))
	text(1, p.compose(s.Note, italic))
	if v, _ := parseValue(s.Name); v.key != "" {
		atoms, _ := p.words(nil, p.get(v, p.values.Text), bold, false, v.key)
		text(2, atoms)
	}
	for _, c := range s.Lines {
		parts[3] = append(parts[3], p.cell(c, width)...)
	}
	return parts
}

// dateLine is "place, ngày … tháng … năm …", with dots for what the hand writes.
func (p *press) dateLine(s Sign) []atom {
	place, _ := parseValue(s.Place)
	date, _ := parseValue(s.Date)
	var atoms []atom
	space := false
	put := func(v value, gap float64) {
		if text := p.get(v, p.values.Text); text != "" {
			atoms, space = p.words(atoms, text, italic, space, v.key)
			return
		}
		atoms, space = append(atoms, atom{gap: gap, space: space}), false
	}
	put(place, gapYear)
	for _, part := range []struct {
		word   string
		filter string
		gap    float64
	}{{", ngày ", "day", gapShort * 0.8}, {" tháng ", "month", gapShort * 0.8}, {" năm ", "year", gapShort}} {
		atoms, space = p.words(atoms, part.word, italic, space, "")
		put(value{date.key, part.filter}, part.gap)
	}
	return atoms
}

func (p *press) depth(rows []row) float64 {
	h := 0.0
	for _, r := range rows {
		h += p.rowHeight(r)
	}
	return h
}

func (p *press) rowHeight(r row) float64 {
	if r.boxes != nil {
		return max(p.lineHeight(), boxSide+1.5)
	}
	return p.lineHeight()
}

func (p *press) signRow(x, width float64, r row, centred bool) {
	h := p.rowHeight(r)
	if centred {
		p.line(x, p.y, width, h, r.set, "centre")
	} else {
		p.row(x, width, h, r)
	}
	p.y += h
}
