package desk

import (
	"slices"
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
	switch d.screen.reading.way {
	case wayGuide:
		d.handbook(v, parts.Rect{X: area.X, Y: y, W: area.W, H: area.Bottom() - y})
		return
	case wayPapers:
		d.pictured(v, parts.Rect{X: area.X, Y: y, W: area.W, H: area.Bottom() - y})
		return
	case wayFace:
		d.faceLarge(v, parts.Rect{X: area.X, Y: y, W: area.W, H: area.Bottom() - y})
		return
	}
	y += d.likes(v, parts.Rect{X: area.X, Y: y, W: area.W, H: 0})
	y += d.unlike(v, parts.Rect{X: area.X, Y: y, W: area.W, H: 0})
	photo := parts.Rect{X: area.Right() - 190, Y: y + 14, W: 168, H: 216}
	if v.Photo != nil {
		if !d.screen.face.draw(d, photo) {
			d.Icon("id-card", photo.MidX(), photo.MidY(), 72, d.Palette.Muted)
		}
		d.Box(photo, parts.Shape{Edge: d.Palette.Edge, Width: 2, Radius: 4})
		d.Touchable("look.face", photo)
		d.Box(parts.Rect{X: photo.Right() - 42, Y: photo.Bottom() - 35, W: 36, H: 30}, parts.Shape{Fill: d.Palette.Surface, Radius: 7})
		d.cap("A", photo.Right()-42, photo.Bottom()-20, d.Palette.Ink, d.Palette.Ink)
	}
	_, rows := d.paperGrid(v, area.W-40)
	strip := papersHigh + float32(rows-1)*(paperHigh+paperGap)
	d.facts(v, parts.Rect{X: area.X, Y: y, W: area.W, H: area.Bottom() - strip - 10 - y}, photo)
	d.papers(v, parts.Rect{X: area.X + 20, Y: area.Bottom() - strip, W: area.W - 40, H: strip - 14})
}

// Measures of the strip of papers below the form: with one row of them, of a row, and between two.
const (
	papersHigh = 140
	paperHigh  = 86
	paperGap   = 10
)

// paperGrid is how many papers stand beside each other, and in how many rows: as few as leave each room for its name, beside its picture.
func (d drawing) paperGrid(v *board.View, wide float32) (columns, rows int) {
	const usual, most = 3, 4
	n := len(v.Papers)
	for rows = max(1, (n+most-1)/most); ; rows++ {
		columns = max(usual, (n+rows-1)/rows)
		room := (wide-12*float32(columns-1))/float32(columns) - 24
		if columns == usual || !slices.ContainsFunc(v.Papers, func(p filing.Paper) bool { return !d.named(v, p.Name, room) }) {
			return columns, rows
		}
	}
}

// named reports whether the name of a paper has room in two lines.
func (d drawing) named(v *board.View, name string, room float32) bool {
	if _, count := picturesOf(v, name); count > 0 {
		room -= 56
	}
	lines := d.Fonts.Wrap(name, typeset.SemiBold, 16, room)
	return len(lines) <= 2 && strings.Join(lines, " ") == name
}

func (d drawing) head(v *board.View, x, y, room float32) {
	at := v.Filed.Format("15:04 02/01/2006")
	if v.Filed.Year() == d.snap.Now.Year() {
		at = v.Filed.Format("15:04 02/01")
	}
	filed := d.t("desk.filed", v.Short, at)
	if v.Ticket > 0 {
		filed = d.t("desk.filed-ticket", v.Short, at, v.Ticket)
	}
	right := x + room
	x += d.LineIn(filed, d.muted(), x, y, room*0.54) + 16
	if v.Due.IsZero() {
		return
	}
	t := d.bold()
	if v.Late {
		t.Color = d.Palette.Danger
	}
	d.LineIn(d.term(v), t, x, y, right-x)
}

// term says until when the office has time: how many days are left only where they run, the hour on the day on which it counts.
func (d drawing) term(v *board.View) string {
	switch {
	case v.Late:
		return d.t("desk.due-late", d.longDay(v.Due))
	case v.Status == filing.Supplement:
		return d.t("desk.due-rests", d.longDay(v.Due))
	case v.Status != filing.Filed && v.Status != filing.Received:
		return d.t("desk.due-was", d.longDay(v.Due))
	case day(v.Due) == day(d.snap.Now) && v.DaysLeft == 0:
		return d.t("desk.due-today", v.Due.Format("15:04"))
	}
	return d.t("desk.due", d.longDay(v.Due), v.DaysLeft)
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

var sources = map[identity.Source]look{
	identity.FromChip: {"id-card", good}, identity.FromQR: {"scan-qr-code", good}, identity.FromMRZ: {"id-card", good},
	identity.FromTyped: {"users", plain}, identity.FromOfficer: {"users", good}, identity.FromComputed: {"info", careful},
}

func (d drawing) papers(v *board.View, area parts.Rect) {
	d.Rule(area.X-20, area.Y-8, area.W+40)
	d.Line(d.t("desk.papers"), kind(sizeKey, typeset.Bold, d.Palette.Ink), area.X, area.Y+14)
	x := area.Right()
	if v.Control {
		x -= d.hintKey("key.control", "Ctrl+L", d.t("desk.control"), x, area.Y+14) + 24
	}
	switch {
	case v.Taking:
		word := d.t("desk.papers.taking")
		x -= d.Fonts.Width(word, typeset.Regular, d.muted().Size) + 24
		d.Line(word, d.muted(), x+24, area.Y+14)
	case v.Scans:
		x -= d.hintKey("key.papers", "B", d.t("desk.papers.add"), x, area.Y+14) + 24
	}
	if len(v.Pictures) > 0 {
		d.hintKey("look.papers", "Space", d.t("desk.papers.look"), x, area.Y+14)
	}
	n := len(v.Papers)
	if n == 0 {
		return
	}
	columns, rows := d.paperGrid(v, area.W)
	lines := parts.Rect{X: area.X, Y: area.Y + 36, W: area.W, H: area.H - 40}.Rows(rows, paperGap)
	for i, p := range v.Papers {
		box := lines[i/columns].Columns(columns, 12)[i%columns]
		d.Box(box, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Line, Width: 2, Radius: radius})
		first, count := picturesOf(v, p.Name)
		if count > 0 && d.thumb(first, parts.Rect{X: box.X + 8, Y: box.Y + 8, W: 52, H: box.H - 16}) {
			box.X, box.W = box.X+56, box.W-56
		}
		d.Paragraph(p.Name, kind(sizeSmall, typeset.SemiBold, d.Palette.Ink), parts.Rect{X: box.X + 12, Y: box.Y + 4, W: box.W - 24, H: 44})
		l := map[string]look{filing.PaperMade: {"printer", plain}, filing.PaperBrought: {"check", good}, filing.PaperMissing: {"circle-alert", careful}}[p.State]
		word := d.t("desk.paper." + p.State)
		if count > 0 {
			l, word = look{"files", good}, d.t("desk.papers.count", count)
		}
		d.badge(l.icon, word, l.mood, box.X+12+d.Fonts.Width(word, typeset.SemiBold, sizeSmall)+48, box.Bottom()-20)
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
