package desk

import (
	"fmt"
	"image/color"

	"motcua/kiosk/board"
	"motcua/kiosk/filing"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// rowHigh is the height of a filing in the list.
const rowHigh = 64

// list is the queue of filings.
func (d drawing) list(area parts.Rect) {
	d.Panel(area)
	d.heading(parts.Rect{X: area.X + 20, Y: area.Y + 12, W: area.W - 40, H: 44})
	y := area.Y + 68
	d.Rule(area.X, y, area.W)
	d.filters(parts.Rect{X: area.X + 14, Y: y + 10, W: area.W - 28, H: 44})
	y += 64
	d.Rule(area.X, y, area.W)
	number := d.numberWide()
	for i, r := range d.snap.Rows {
		d.row(i, r, number, parts.Rect{X: area.X, Y: y, W: area.W, H: rowHigh})
		y += rowHigh
		d.Rule(area.X, y, area.W)
	}
	switch {
	case len(d.snap.Rows) == 0:
		d.Paragraph(d.t("desk.empty"), d.muted(), parts.Rect{X: area.X + 20, Y: y + 10, W: area.W - 40, H: 60})
	case d.snap.More > 0:
		d.Line(d.t("desk.more", d.snap.More), d.muted(), area.X+20, y+26)
	}
	d.waiting(parts.Rect{X: area.X, Y: area.Bottom() - 66, W: area.W, H: 66})
}

// waiting says who waits to be called.
func (d drawing) waiting(area parts.Rect) {
	p := d.snap.People
	if p == nil {
		return
	}
	d.Touchable("key.people", area)
	d.Rule(area.X, area.Y, area.W)
	d.Icon("users", area.X+36, area.MidY(), 30, d.Palette.Muted)
	if p.Waiting == 0 {
		d.Line(d.t("desk.people.none"), d.muted(), area.X+70, area.MidY())
		return
	}
	d.Line(d.t("desk.people.waiting", p.Waiting), d.bold(), area.X+70, area.MidY()-14)
	d.Line(d.t("desk.people.longest", int(p.Longest.Minutes())), d.muted(), area.X+70, area.MidY()+15)
	d.cap("L", area.Right()-56, area.MidY(), d.Palette.Ink, d.Palette.Edge)
}

func (d drawing) find(area parts.Rect) {
	d.Touchable("key.find", area)
	edge := color.Color(d.Palette.Edge)
	if d.snap.Search {
		edge = d.Palette.Primary
	}
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: edge, Width: 2, Radius: radius})
	x := area.X + 10 + d.cap("/", area.X+10, area.MidY(), d.Palette.Ink, d.Palette.Edge) + 10
	word, t := d.snap.Query, d.bold()
	if word == "" {
		word, t = d.t("desk.find"), d.muted()
	}
	w := d.Line(d.tail(word, t, area.Right()-x-16), t, x, area.MidY())
	if d.snap.Search {
		if d.snap.Query == "" {
			w = 0
		}
		d.Fill(parts.Rect{X: x + w + 2, Y: area.Y + 10, W: 2, H: area.H - 20}, d.Palette.Primary)
	}
}

func (d drawing) filters(area parts.Rect) {
	x := area.X
	for _, f := range d.snap.Filters {
		if f.ID == board.FilterUnsent || f.ID == board.FilterAhead { // in the heading: they are no status
			continue
		}
		x += d.filter(f, x, area) + 6
	}
}

// heading is what the list is, what is to be done for the portal, if there is anything, and the search.
func (d drawing) heading(area parts.Rect) {
	tabs := map[string]board.Filter{}
	for _, f := range d.snap.Filters {
		if f.Count > 0 || f.On {
			tabs[f.ID] = f
		}
	}
	x, find := area.X, float32(270)
	if ahead, there := tabs[board.FilterAhead]; there { // in place of the word: there is no room for both
		x += d.filter(ahead, x, area) + 6
		find = 240
	} else {
		d.Line(d.t("desk.queue"), kind(sizeTitle, typeset.Bold, d.Palette.Ink), x, area.MidY())
		x += 102
	}
	if unsent, there := tabs[board.FilterUnsent]; there {
		d.filter(unsent, x, area)
	}
	d.find(parts.Rect{X: area.Right() - find, Y: area.Y, W: find, H: area.H})
}

// filter is a tab, its left edge at x; it gives its width.
func (d drawing) filter(f board.Filter, x float32, area parts.Rect) float32 {
	word := d.t("desk.filter."+f.ID) + fmt.Sprint(" ", f.Count)
	t := kind(sizeSmall, typeset.SemiBold, d.Palette.Ink)
	w := d.Fonts.Width(word, t.Weight, t.Size) + 20
	tab := parts.Rect{X: x, Y: area.Y, W: w, H: area.H}
	shape := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Line, Width: 2, Radius: radius}
	d.Touchable("filter."+f.ID, tab)
	if f.On {
		shape.Fill, shape.Edge, t.Color = d.Palette.Primary, d.Palette.Primary, d.Palette.OnPrimary
	}
	d.Box(tab, shape)
	t.Align = parts.Middle
	d.Line(word, t, tab.MidX(), tab.MidY())
	return w
}

// numberWide is the room for the numbers of the rows: more where a kiosk has a long name.
func (d drawing) numberWide() float32 {
	const usual, most = 126, 180
	wide := float32(usual)
	for _, r := range d.snap.Rows {
		wide = max(wide, d.Fonts.Width(r.Short, d.bold().Weight, sizeBody))
	}
	return min(wide, most)
}

func (d drawing) row(i int, r board.Row, number float32, area parts.Rect) {
	d.Touchable(fmt.Sprint("row.", i), area)
	if i == d.snap.At {
		d.Fill(area.Inset(1, 1), selected)
		d.Fill(parts.Rect{X: area.X, Y: area.Y, W: 8, H: area.H}, d.Palette.Primary)
	}
	when := r.Filed.Format("15:04")
	if y, m, day := r.Filed.Date(); y != d.snap.Now.Year() || m != d.snap.Now.Month() || day != d.snap.Now.Day() {
		when = r.Filed.Format("02/01")
	}
	up, low := area.Y+20, area.Y+45
	d.LineIn(r.Short, d.bold(), area.X+20, up, number)
	d.Line(when, d.muted(), area.X+20, low)
	left := area.Right() - 14 - d.badgeOf(r, area.Right()-14, area.MidY()) - 10
	left -= d.due(r, left, area.MidY())
	x := area.X + 20 + number + 10
	room := left - x
	d.Line(d.clip(r.Service, d.bold(), room), d.bold(), x, up)
	d.Line(d.clip(r.Name, d.muted(), room), d.muted(), x, low)
}

// due writes the date of a row, its right end at x, and gives the room it took.
func (d drawing) due(r board.Row, x, y float32) float32 {
	if r.Due.IsZero() || r.Status == filing.Supplement || r.Portal != "" && !r.Late { // no room for all of it
		return 0
	}
	t, word := d.body(), day(r.Due)
	if r.Late {
		t = kind(sizeBody, typeset.Bold, d.Palette.Danger)
	}
	if r.Today {
		word = d.t("desk.today")
	}
	t.Align = parts.Right
	return d.Line(word, t, x, y) + 10
}

// selected is the ground of the chosen row.
var selected = color.NRGBA{R: 0xE3, G: 0xEE, B: 0xF0, A: 0xFF}

// look is how a status looks.
type look struct {
	icon string
	mood mood
}

var looks = map[filing.Status]look{
	filing.Filed: {"circle", plain}, filing.Received: {"check", good}, filing.Supplement: {"file-pen", careful}, filing.Refused: {"x", bad},
	filing.Forwarded: {"arrow-right", plain}, filing.Stopped: {"square", bad}, filing.Withdrawn: {"rotate-ccw", plain},
	filing.Done: {"circle-check", good}, filing.Handed: {"hand", good},
}

// badgeOf gives the width of the mark of a row.
func (d drawing) badgeOf(r board.Row, x, y float32) float32 {
	switch {
	case r.Mine:
		return d.badge("eye", d.t("desk.open"), chosen, x, y)
	case r.Holder != "":
		return d.badge("user-x", r.Holder, plain, x, y)
	case r.Brought:
		return d.badge("hand", d.t("desk.brought"), good, x, y)
	case r.Portal != "":
		return d.badge("send", d.t("desk.portal.status."+r.Portal), careful, x, y)
	case r.Late:
		return d.badge("timer", d.t("desk.late"), bad, x, y)
	}
	l := looks[r.Status]
	return d.badge(l.icon, d.t("desk.status."+string(r.Status)), l.mood, x, y)
}
