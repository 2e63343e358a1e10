package desk

import (
	"fmt"
	"strings"

	"motcua/kiosk/board"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// view is the open filing.
func (d drawing) view(area parts.Rect) {
	d.Panel(area)
	v := d.snap.Open
	if v == nil {
		d.Icon("files", area.MidX(), area.MidY()-60, 96, d.Palette.Muted)
		t := d.muted()
		t.Align = parts.Middle
		d.Line(d.t("desk.nothing"), t, area.MidX(), area.MidY()+20)
		return
	}
	l := looks[v.Status]
	w := d.badge(l.icon, d.t("desk.status."+string(v.Status)), l.mood, area.Right()-20, area.Y+34)
	t := kind(sizeTitle, typeset.Bold, d.Palette.Ink)
	d.Line(d.clip(v.Title, t, area.W-60-w), t, area.X+20, area.Y+34) // the name stands whole in its row
	d.head(v, area.X+20, area.Y+72, area.W-40)
	y := d.band(v, parts.Rect{X: area.X, Y: area.Y + 100, W: area.W, H: 68})
	y += d.likes(v, parts.Rect{X: area.X, Y: y, W: area.W, H: 0})
	photo := parts.Rect{X: area.Right() - 190, Y: y + 14, W: 168, H: 216}
	if v.Photo != nil {
		if !d.screen.face.draw(d, photo) {
			d.Icon("id-card", photo.MidX(), photo.MidY(), 72, d.Palette.Muted)
		}
		d.Box(photo, parts.Shape{Edge: d.Palette.Edge, Width: 2, Radius: 4})
	}
	bottom := area.Bottom() - 150
	for _, f := range v.Facts {
		wide := area.W
		if v.Photo != nil && y < photo.Bottom() {
			wide = photo.X - area.X - 10
		}
		high := d.fact(f, parts.Rect{X: area.X, Y: y, W: wide, H: bottom - y})
		if y += high; y > bottom-40 {
			break
		}
		d.Rule(area.X, y, wide)
	}
	d.papers(v, parts.Rect{X: area.X + 20, Y: area.Bottom() - 140, W: area.W - 40, H: 126})
}

func (d drawing) head(v *board.View, x, y, room float32) {
	filed := d.t("desk.filed", v.Short, v.Filed.Format("15:04 02/01/2006"))
	if v.Ticket > 0 {
		filed = d.t("desk.filed-ticket", v.Short, v.Filed.Format("15:04 02/01/2006"), v.Ticket)
	}
	right := x + room
	x += d.LineIn(filed, d.muted(), x, y, room*0.6) + 24
	if v.Due.IsZero() {
		return
	}
	t, key := d.bold(), "desk.due"
	if v.Late {
		t.Color, key = d.Palette.Danger, "desk.due-late"
	}
	d.LineIn(d.t(key, longDay(v.Due), v.DaysLeft), t, x, y, right-x)
}

// band says how far the chip was proven; it gives the y below it.
func (d drawing) band(v *board.View, area parts.Rect) float32 {
	ground, ink, icon := d.Palette.Band, d.Palette.BandInk, "shield-check"
	word := d.t("verdict." + string(v.Verdict) + ".title")
	switch {
	case v.NoChip != "":
		ground, ink, icon, word = d.Palette.Warning, d.Palette.WarningInk, "shield-alert", d.t("desk.no-chip", d.t("fault."+v.NoChip+".title"))
	case v.Verdict != identity.Genuine && v.Verdict != identity.IssuerUnknown:
		ground, ink, icon = d.Palette.Warning, d.Palette.WarningInk, "shield-alert"
	}
	d.Fill(area, ground)
	d.Icon(icon, area.X+34, area.MidY(), 28, ink)
	var checks []string
	for _, c := range v.Checks {
		checks = append(checks, d.t("desk.check."+c.Name)+" "+d.t("desk.outcome."+string(c.Outcome)))
	}
	x, room := area.X+60, area.W-76
	if len(checks) == 0 {
		d.LineIn(word, kind(sizeBody, typeset.Bold, ink), x, area.MidY(), room)
		return area.Bottom()
	}
	d.LineIn(word, kind(sizeBody, typeset.Bold, ink), x, area.MidY()-14, room)
	d.LineIn(strings.Join(checks, " · "), kind(sizeSmall, typeset.Regular, ink), x, area.MidY()+15, room)
	return area.Bottom()
}

// likes warns of what was perhaps filed twice; it gives its height.
func (d drawing) likes(v *board.View, area parts.Rect) float32 {
	const high = 44
	for i, l := range v.Likes[:min(2, len(v.Likes))] {
		row := parts.Rect{X: area.X, Y: area.Y + high*float32(i), W: area.W, H: high}
		d.Fill(row, d.Palette.Warning)
		d.Icon("circle-alert", row.X+34, row.MidY(), 26, d.Palette.WarningInk)
		key := "desk.like"
		if l.Sure {
			key = "desk.same"
		}
		text := d.t(key, l.Short, l.Filed.Format("02/01/2006"), d.t("desk.status."+string(l.Status)), l.Name)
		t := kind(sizeBody, typeset.SemiBold, d.Palette.WarningInk)
		d.Line(d.clip(text, t, row.W-76), t, row.X+60, row.MidY())
	}
	return high * float32(min(2, len(v.Likes)))
}

// fact is a row of the form; it gives its height.
func (d drawing) fact(f board.Fact, area parts.Rect) float32 {
	const item, label, least = 56, 240, 45
	tag := float32(150)
	room := area.W - item - label - tag
	value := d.HeightOf(f.Value, d.body(), room)
	note := float32(0)
	noted := kind(sizeSmall, typeset.Regular, d.Palette.WarningInk)
	if f.Note != "" {
		note = d.HeightOf(f.Note, noted, room)
	}
	high := max(least, value+note+16)
	name := d.muted()
	name.Align = parts.Right
	if len(f.Item) <= 3 { // a number: an unnumbered line of the form has its label twice
		d.Line(f.Item, name, area.X+item-16, area.Y+high/2)
	}
	d.Paragraph(f.Label, d.muted(), parts.Rect{X: area.X + item, Y: area.Y + 2, W: label - 12, H: high - 4})
	top := area.Y + (high-value-note)/2
	d.Paragraph(f.Value, d.body(), parts.Rect{X: area.X + item + label, Y: top, W: room, H: value + 2})
	if f.Note != "" {
		d.Paragraph(f.Note, noted, parts.Rect{X: area.X + item + label, Y: top + value, W: room, H: note + 2})
	}
	s := sources[f.Source]
	d.badge(s.icon, d.t("desk.source."+string(f.Source)), s.mood, area.Right()-14, area.Y+high/2)
	return high
}

var sources = map[identity.Source]look{
	identity.FromChip: {"id-card", good}, identity.FromQR: {"scan-qr-code", good}, identity.FromMRZ: {"id-card", good},
	identity.FromTyped: {"users", plain}, identity.FromOfficer: {"users", good}, identity.FromComputed: {"info", careful},
}

func (d drawing) papers(v *board.View, area parts.Rect) {
	d.Rule(area.X-20, area.Y-8, area.W+40)
	d.Line(d.t("desk.papers"), kind(sizeKey, typeset.Bold, d.Palette.Ink), area.X, area.Y+14)
	n := len(v.Papers)
	if n == 0 {
		return
	}
	boxes := parts.Rect{X: area.X, Y: area.Y + 36, W: area.W, H: area.H - 40}.Columns(max(3, n), 12)
	for i, p := range v.Papers {
		box := boxes[i]
		d.Box(box, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Line, Width: 2, Radius: radius})
		d.Paragraph(p.Name, kind(sizeSmall, typeset.SemiBold, d.Palette.Ink), parts.Rect{X: box.X + 12, Y: box.Y + 4, W: box.W - 24, H: 44})
		l := map[string]look{filing.PaperMade: {"printer", plain}, filing.PaperBrought: {"check", good}, filing.PaperMissing: {"circle-alert", careful}}[p.State]
		word := d.t("desk.paper." + p.State)
		d.badge(l.icon, word, l.mood, box.X+12+d.Fonts.Width(word, typeset.SemiBold, sizeSmall)+48, box.Bottom()-20)
	}
}

// guide is for the officer who does not know this law by heart.
func (d drawing) guide(v *board.View, area parts.Rect) {
	d.Panel(area)
	d.Line(d.t("desk.guide"), kind(sizeKey, typeset.Bold, d.Palette.Ink), area.X+18, area.Y+28)
	var lines []string
	for i, step := range v.Guide {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, step))
	}
	lines = append(lines, v.Law...)
	y := area.Y + 52
	for i, line := range lines {
		t := kind(sizeSmall, typeset.Regular, d.Palette.Ink)
		if i >= len(v.Guide) {
			t.Color = d.Palette.Muted
		}
		high := d.HeightOf(line, t, area.W-36)
		if y+high > area.Bottom()-8 {
			break
		}
		t.Top = true
		d.Paragraph(line, t, parts.Rect{X: area.X + 18, Y: y, W: area.W - 36, H: high + 2})
		y += high + 6
	}
}

func (d drawing) history(v *board.View, area parts.Rect) {
	d.Panel(area)
	d.Line(d.t("desk.history"), kind(sizeKey, typeset.Bold, d.Palette.Ink), area.X+18, area.Y+28)
	y := area.Y + 62
	room := area.H - 60
	if v.CanUndo {
		room -= 40
	}
	for _, e := range v.History[max(0, len(v.History)-max(1, int(room/30))):] {
		d.Line(e.At.Format("02/01 15:04"), d.muted(), area.X+18, y)
		d.LineIn(strings.TrimSuffix(d.t("desk.event."+e.Text)+" · "+e.Who, " · "), d.body(), area.X+140, y, area.W-158)
		y += 30
	}
	if v.CanUndo {
		w := d.cap("Ctrl+Z", area.X+18, y+6, d.Palette.Ink, d.Palette.Edge)
		d.LineIn(d.t("desk.undo"), d.muted(), area.X+30+w, y+6, area.W-60-w)
		d.Touchable("key.undo", parts.Rect{X: area.X, Y: y - 12, W: area.W, H: 40})
	}
}
