package paper

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// atom is what a line is made of: letters of one style without a space in them, or a dotted gap.
type atom struct {
	text  string
	style style
	gap   float64 // width of the dots, mm
	space bool    // a space before it
	brk   bool    // a new line before it
	x     float64 // where it stands in its line, mm
	width float64
}

// set is a line of atoms.
type set struct {
	atoms []atom
	width float64
}

// Widths of the dots that stand for a missing value, mm.
const (
	gapShort = 8
	gapYear  = 12
	gapLong  = 40
)

// clean makes a text what can be set: composed (NFC), without what is not seen; a tab is a space.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(s)
}

// get is the value as it is to be printed, "" if it is missing.
func (p *press) get(v value, from map[string]string) string {
	if v.key == "" {
		return ""
	}
	s := from[v.key]
	if utf8.RuneCountInString(s) > MaxText {
		p.fail(fmt.Errorf("%w: %s", ErrTooLarge, v.key))
		return ""
	}
	s = strings.TrimSpace(clean(s))
	if s == "" {
		return ""
	}
	if v.filter == "upper" {
		return strings.ToUpper(s)
	}
	if v.filter == "" {
		return s
	}
	t, err := time.Parse("02/01/2006", s)
	if err != nil {
		p.fail(fmt.Errorf("%w: %s", ErrDate, v.key))
		return ""
	}
	return t.Format(map[string]string{"day": "02", "month": "01", "year": "2006"}[v.filter])
}

// compose makes atoms of a layout's text, which has been checked, with its values put in.
func (p *press) compose(text string, base style) []atom {
	spans, _ := parseText(text)
	var atoms []atom
	space := false
	for _, sp := range spans {
		st := sp.style | base
		if sp.value.key == "" {
			atoms, space = p.words(atoms, clean(sp.text), st, space, "")
			continue
		}
		s := p.get(sp.value, p.values.Text)
		if s != "" {
			atoms, space = p.words(atoms, s, st, space, sp.value.key)
			continue
		}
		gap := map[string]float64{"day": gapShort, "month": gapShort, "year": gapYear}[sp.value.filter]
		if gap == 0 {
			gap = gapLong
		}
		atoms, space = append(atoms, atom{gap: gap, space: space}), false
	}
	return atoms
}

// words appends the words of a text; it says whether it ends in a space. The key is for errors.
func (p *press) words(atoms []atom, s string, st style, space bool, key string) ([]atom, bool) {
	if !p.form.faces.has(st, s) {
		p.fail(fmt.Errorf("%w: %s", ErrLetter, key))
		return atoms, space
	}
	brk := false
	for len(s) > 0 {
		i := strings.IndexAny(s, " \n")
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			atoms = append(atoms, atom{text: s[:i], style: st, space: space, brk: brk})
			space, brk = false, false
		}
		if i < len(s) {
			space = true
			brk = brk || s[i] == '\n'
			i++
		}
		s = s[i:]
	}
	return atoms, space
}

// wrap breaks atoms into lines of the width; the first is shorter by indent. Atoms without a space between them stay
// together; what is wider than a line is broken between letters.
func (p *press) wrap(atoms []atom, width, indent float64) []set {
	lines := []set{{width: indent}}
	for i := 0; i < len(atoms); {
		j := i + 1
		for j < len(atoms) && !atoms[j].space && !atoms[j].brk {
			j++
		}
		group := atoms[i:j]
		i = j
		line := &lines[len(lines)-1]
		need := 0.0
		for k := range group {
			group[k].width = p.measure(group[k])
			need += group[k].width
		}
		gap := 0.0
		if len(line.atoms) > 0 && group[0].space {
			gap = p.spaceWidth(group[0].style)
		}
		if group[0].brk || line.width+gap+need > width && (len(line.atoms) > 0 || line.width > 0) {
			lines = append(lines, set{})
			line, gap = &lines[len(lines)-1], 0
		}
		line.width += gap
		if need <= width {
			for _, a := range group {
				line.put(a)
			}
			continue
		}
		lines = p.chop(lines, group, width)
	}
	return lines
}

func (s *set) put(a atom) {
	a.x = s.width
	s.width += a.width
	s.atoms = append(s.atoms, a)
}

// chop sets a word wider than the line, letter by letter.
func (p *press) chop(lines []set, group []atom, width float64) []set {
	for _, a := range group {
		part := atom{style: a.style, gap: min(a.gap, width), space: a.space}
		if a.gap > 0 {
			part.width = part.gap
			lines[len(lines)-1].put(part)
			continue
		}
		for _, r := range a.text {
			next := part
			next.text += string(r)
			next.width = p.measure(next)
			if line := &lines[len(lines)-1]; part.text != "" && line.width+next.width > width {
				line.put(part)
				lines = append(lines, set{})
				next = atom{text: string(r), style: a.style}
				next.width = p.measure(next)
			}
			part = next
		}
		lines[len(lines)-1].put(part)
	}
	return lines
}
