package desk

import (
	"fmt"
	"image/color"
	"strings"
	"unicode"

	"motcua/kiosk/board"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// Measures of the page of administration.
const (
	sectionsWide = 330
	entriesWide  = 700
	sectionHigh  = 64
	entryHigh    = 70
	deedHigh     = 56
	paneHead     = 66
)

// sectionIcons are the pictures of the sections.
var sectionIcons = map[string]string{"self": "id-card", "officers": "users", "keys": "key-round", "retention": "timer", "backup": "archive", "health": "shield-check",
	"services": "files", "hours": "calendar-clock", "trust": "file-signature", "voices": "volume-2"}

// admin is the page of administration.
func (d drawing) admin() {
	p := d.snap.Admin
	if p == nil {
		return
	}
	keys := [][2]string{{"0–9", "desk.hint.section"}, {arrows, "desk.hint.entry"}, {"Enter", "desk.hint.deed"}, {"F5", "desk.hint.reread"}, {"Esc", "desk.hint.leave"}}
	if d.snap.Ask != nil {
		keys = [][2]string{{arrows, "desk.hint.field"}, {"Enter", "desk.hint.next"}, {"Esc", "desk.hint.cancel"}}
	}
	d.keys(keys)
	body := parts.Rect{X: margin, Y: topHigh + gap, W: d.W - 2*margin, H: d.H - topHigh - hints - 2*gap}
	d.sections(p, parts.Rect{X: body.X, Y: body.Y, W: sectionsWide, H: body.H})
	entries := parts.Rect{X: body.X + sectionsWide + gap, Y: body.Y, W: entriesWide, H: body.H}
	d.entries(p, entries)
	about := parts.Rect{X: entries.Right() + gap, Y: body.Y, W: body.Right() - entries.Right() - gap, H: body.H}
	d.about(p, about)
	if d.snap.Ask != nil {
		d.ask(body)
	}
}

// sections are the column at the left.
func (d drawing) sections(p *board.Administration, area parts.Rect) {
	d.Panel(area)
	y := area.Y + 14
	for i, name := range p.Sections {
		row := parts.Rect{X: area.X + 12, Y: y, W: area.W - 24, H: sectionHigh}
		d.Touchable(fmt.Sprint("section.", i), row)
		ink := color.Color(d.Palette.Ink)
		if i == p.At {
			ink = d.Palette.OnPrimary
			d.Box(row, parts.Shape{Fill: d.Palette.Primary, Edge: d.Palette.Primary, Width: 2, Radius: radius})
		}
		w := d.cap(fmt.Sprint((i+1)%10), row.X+12, row.MidY(), ink, ink)
		icon := sectionIcons[name]
		if icon == "" {
			icon = "info"
		}
		d.Icon(icon, row.X+w+40, row.MidY(), 26, ink)
		d.LineIn(d.t("desk.admin."+name), kind(sizeKey, typeset.SemiBold, ink), row.X+w+64, row.MidY(), row.W-w-76)
		y += sectionHigh + 6
	}
}

// entries are the list of the section that is open.
func (d drawing) entries(p *board.Administration, area parts.Rect) {
	d.Panel(area)
	name := p.Sections[p.At]
	d.LineIn(d.t("desk.admin."+name), kind(sizeTitle, typeset.Bold, d.Palette.Ink), area.X+20, area.Y+paneHead/2, 420)
	if p.Above+p.Below > 0 {
		t := d.muted()
		t.Align = parts.Right
		d.Line(d.t("desk.admin.shown", p.Above+1, p.Above+len(p.Entries), p.Above+len(p.Entries)+p.Below), t, area.Right()-20, area.Y+paneHead/2)
	}
	y := area.Y + paneHead
	d.Rule(area.X, y, area.W)
	if len(p.Entries) == 0 {
		d.Paragraph(d.t("desk.admin."+name+".none"), d.muted(), parts.Rect{X: area.X + 20, Y: y + 16, W: area.W - 40, H: 120})
	}
	for i, e := range p.Entries {
		d.entry(i, e, i == p.Row, parts.Rect{X: area.X, Y: y, W: area.W, H: entryHigh})
		y += entryHigh
		d.Rule(area.X, y, area.W)
	}
	d.state(p, parts.Rect{X: area.X, Y: area.Bottom() - 104, W: area.W, H: 104})
}

func (d drawing) entry(i int, e board.Entry, on bool, area parts.Rect) {
	d.Touchable(fmt.Sprint("row.", i), area)
	if on {
		d.Fill(area.Inset(1, 1), selected)
		d.Fill(parts.Rect{X: area.X, Y: area.Y, W: 8, H: area.H}, d.Palette.Primary)
	}
	right := area.Right() - 16
	if e.Mood != "" {
		l := moods[e.Mood]
		right -= d.badge(l.icon, d.words(e.Mark), l.mood, right, area.MidY()) + 12
	}
	room, low := right-area.X-24, d.words(e.Text)
	if low == "" {
		d.Line(d.clip(d.words(e.Name), d.bold(), room), d.bold(), area.X+24, area.MidY())
		return
	}
	d.Line(d.clip(d.words(e.Name), d.bold(), room), d.bold(), area.X+24, area.Y+23)
	d.Line(d.clip(low, d.muted(), room), d.muted(), area.X+24, area.Y+49)
}

// state is what is being done beside, or what came of it.
func (d drawing) state(p *board.Administration, area parts.Rect) {
	icon, words, m := "timer", p.Doing, careful
	if words == nil {
		icon, words, m = "circle-check", p.Result, good
	}
	if words == nil {
		return
	}
	fill, edge, ink := m.colours(d.Palette)
	area = area.Inset(12, 8)
	d.Box(area, parts.Shape{Fill: fill, Edge: edge, Width: 2, Radius: radius})
	d.Icon(icon, area.X+28, area.MidY(), 26, ink)
	t := kind(sizeBody, typeset.SemiBold, ink)
	text := d.words(*words)
	if d.Fonts.Width(text, t.Weight, t.Size) <= area.W-76 {
		d.Line(text, t, area.X+56, area.MidY())
		return
	}
	t.Size = sizeSmall
	d.Paragraph(text, t, parts.Rect{X: area.X + 56, Y: area.Y + 6, W: area.W - 76, H: area.H - 10})
}

// about is what there is to say of the chosen entry, with the keys for what can be done at its foot.
func (d drawing) about(p *board.Administration, area parts.Rect) {
	d.Panel(area)
	a := p.About
	title := kind(sizeTitle, typeset.Bold, d.Palette.Ink)
	d.Line(d.clip(d.words(a.Title), title, area.W-40), title, area.X+20, area.Y+paneHead/2)
	d.Rule(area.X, area.Y+paneHead, area.W)
	foot := area.Bottom() - 14 - float32(len(a.Deeds))*(deedHigh+between)
	y := area.Y + paneHead + 14
	for _, l := range a.Lines {
		if y += d.remark(l, parts.Rect{X: area.X + 20, Y: y, W: area.W - 40, H: foot - y}); y >= foot {
			break
		}
	}
	for i, deed := range a.Deeds {
		d.deed(deed, i == 0, p.Doing != nil, parts.Rect{X: area.X + 16, Y: foot + between + float32(i)*(deedHigh+between), W: area.W - 32, H: deedHigh})
	}
}

// remark is a line of what there is to say; it gives the height it took.
func (d drawing) remark(l board.Remark, area parts.Rect) float32 {
	const label = 200
	t := d.body()
	if m := moods[l.Mood].mood; l.Mood != "" {
		_, _, t.Color = m.colours(d.Palette)
		t.Weight = typeset.SemiBold
	}
	room := area
	if l.Label != "" {
		d.LineIn(d.t(l.Label), d.muted(), area.X, area.Y+15, label-10)
		room.X, room.W = area.X+label, area.W-label
	}
	text := d.words(l.Words)
	high := d.HeightOf(text, t, room.W)
	if high > area.H {
		return area.H
	}
	room.H = high + 2
	d.Paragraph(text, t, room)
	return high + 12
}

// deed is the key of something that can be done.
func (d drawing) deed(x board.Deed, first, busy bool, area parts.Rect) {
	fill, edge, ink := color.Color(d.Palette.Surface), color.Color(d.Palette.Edge), color.Color(d.Palette.Ink)
	switch {
	case x.Off || busy:
		edge, ink = d.Palette.Line, d.Palette.Muted
	case x.Grim:
		edge, ink = d.Palette.Danger, d.Palette.Danger
	case first:
		fill, edge, ink = d.Palette.Primary, d.Palette.Primary, d.Palette.OnPrimary
	}
	if !x.Off && !busy {
		d.Touchable("act."+x.ID, area)
	}
	d.Box(area, parts.Shape{Fill: fill, Edge: edge, Width: 2, Radius: radius})
	w := d.cap(x.Key, area.X+14, area.MidY(), ink, ink)
	d.LineIn(d.t("desk.deed."+x.ID), kind(sizeKey, typeset.SemiBold, ink), area.X+w+30, area.MidY(), area.W-w-44)
}

// typedInAdmin is a letter on the page: a section, or a deed.
func (s *Screen) typedInAdmin(r rune) {
	if r >= '0' && r <= '9' { // 0 is the tenth
		s.opt.Intent(board.Section{At: (int(r-'0') + 9) % 10})
		return
	}
	key := strings.ToUpper(string(unicode.ToUpper(r)))
	if s.snap.Admin == nil {
		return
	}
	for _, x := range s.snap.Admin.About.Deeds {
		if x.Key == key {
			s.opt.Intent(board.Act{ID: x.ID})
		}
	}
}
