package citizen

import (
	"strings"

	"motcua/kiosk/fault"
	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// fault says what happened, what to do, and who helps; the code is small, for the officer.
func (d drawing) fault() {
	f := d.snap.Fault
	if f == nil {
		return
	}
	y, top, low := float32(190), float32(268), d.below()
	if d.Portrait {
		y, top = 310, 400
	}
	m := d.margin()
	d.ThinIcon("triangle-alert", m+52, y, 104, 2, d.Palette.Danger)
	d.Paragraph(d.faultText(f.Code, "title"), parts.Type{Size: theme.Heading, Weight: typeset.Bold, Color: d.Palette.Ink, Min: 40, Leading: 1.2},
		parts.Rect{X: m + 136, Y: y - 74, W: d.W - 2*m - 136, H: 148})
	left := parts.Rect{X: m, Y: top, W: 1192, H: low - top}
	right := parts.Rect{X: 1288, Y: top, W: 568, H: low - top}
	if d.Portrait {
		left = parts.Rect{X: m, Y: top, W: 984, H: (low - top) * 0.58}
		right = parts.Rect{X: m, Y: left.Bottom() + 24, W: 984, H: low - left.Bottom() - 24}
	}
	if f.Safe != "" {
		d.safe(f, left)
	} else {
		d.whatToDo(f, left)
	}
	d.helpers(f, right)
}

// safe comforts: the filing is safe, this is its number.
func (d drawing) safe(f *session.Fault, area parts.Rect) {
	const head, gap = 132, 25
	top := parts.Rect{X: area.X, Y: area.Y, W: area.W, H: head}
	d.Verdict(parts.Good, "shield-check", d.t("help.safe"), "", top)
	number := parts.Rect{X: area.X, Y: top.Bottom() + gap, W: area.W, H: 222}
	d.number("done.number", f.Safe, number)
	rest := parts.Rect{X: area.X, Y: number.Bottom() + gap, W: area.W, H: area.Bottom() - number.Bottom() - gap}
	d.Panel(rest)
	lines := []struct{ icon, words string }{{"pencil", d.t("help.copy")}}
	if done := d.snap.Done; done != nil && done.Due != "" {
		lines = append([]struct{ icon, words string }{{"calendar-clock", d.t("help.due", done.Due)}}, lines...)
	}
	for i, row := range rest.Rows(len(lines), 0) {
		if i > 0 {
			d.Rule(row.X+38, row.Y, row.W-76)
		}
		d.Icon(lines[i].icon, row.X+72, row.MidY(), 62, d.Palette.Primary)
		d.Paragraph(lines[i].words, parts.Type{Size: theme.Body, Weight: typeset.Medium, Color: d.Palette.Ink},
			parts.Rect{X: row.X + 134, Y: row.Y + 6, W: row.W - 160, H: row.H - 12})
	}
}

// whatToDo is for a fault before anything was filed.
func (d drawing) whatToDo(f *session.Fault, area parts.Rect) {
	d.StrongPanel(area)
	room := area.Inset(56, 40)
	d.stack([]written{
		{d.faultText(f.Code, "what"), parts.Type{Size: 46, Weight: typeset.Regular, Color: d.Palette.Muted, Leading: theme.Running}},
		{d.faultText(f.Code, "do"), parts.Type{Size: 52, Weight: typeset.SemiBold, Color: d.Palette.Ink, Leading: theme.Running}},
	}, room)
}

// helpers say who is coming, and give the officer the code.
func (d drawing) helpers(f *session.Fault, area parts.Rect) {
	d.Panel(area)
	const code = 86
	room := parts.Rect{X: area.X + 34, Y: area.Y + 30, W: area.W - 68, H: area.H - 30 - code}
	high := min(170, room.H*0.32)
	d.Picture(faultPicture(f.Code), parts.Rect{X: room.X, Y: room.Y, W: room.W, H: high}, false)
	room.Y, room.H = room.Y+high+24, room.H-high-24
	p := d.Palette
	var lines []line
	switch {
	case d.snap.OfficerCalled:
		lines = append(lines, line{"circle-check", d.t("help.called"), p.Ink, p.BandInk, typeset.SemiBold})
	case d.snap.Call.Shown:
		lines = append(lines, line{"concierge-bell", d.t("help.call"), p.Ink, p.Primary, typeset.SemiBold})
	}
	if f.Safe != "" {
		lines = append(lines, line{"printer", d.faultText(f.Code, "do"), p.Ink, p.Primary, typeset.Regular})
	} else {
		lines = append(lines, line{"info", d.t("help.officer"), p.Ink, p.Primary, typeset.Regular})
	}
	d.iconLines(lines, room)
	d.Rule(area.X+34, area.Bottom()-code, area.W-68)
	d.LineIn(d.t("help.for-officer", strings.ToUpper(string(f.Code))), parts.Type{Size: theme.Place, Weight: typeset.Regular, Color: p.Muted, Min: theme.MinSmall - 4},
		area.X+34, area.Bottom()-code/2, area.W-68)
}

// line is a text behind an icon.
type line struct {
	icon, words string
	ink, mark   colour
	weight      typeset.Weight
}

// iconLines writes them one under the other.
func (d drawing) iconLines(lines []line, room parts.Rect) {
	const left, gap = 78, 22
	t := parts.Type{Size: theme.Body, Leading: 1.3, Color: d.Palette.Ink}
	heights := make([]float32, len(lines))
	for t.Size = theme.Body; ; t.Size -= 2 {
		sum := -float32(gap)
		for i, l := range lines {
			t.Weight, t.Min = l.weight, t.Size
			heights[i] = d.HeightOf(l.words, t, room.W-left)
			sum += heights[i] + gap
		}
		if sum <= room.H || t.Size <= theme.MinSmall {
			break
		}
	}
	y := room.Y
	for i, l := range lines {
		t.Weight, t.Color = l.weight, l.ink
		d.Icon(l.icon, room.X+28, y+heights[i]/2, 54, l.mark)
		d.Paragraph(l.words, t, parts.Rect{X: room.X + left, Y: y, W: room.W - left, H: heights[i] + 1})
		y += heights[i] + gap
	}
}

// faultPicture is what a kind of fault is shown as.
func faultPicture(code fault.Code) string {
	kind, _, _ := strings.Cut(string(code), "-")
	picture, ok := map[string]string{"printer": "printer-empty", "reader": "reader-fault", "card": "reader-fault", "scanner": "scanner", "qr": "scanner"}[kind]
	if !ok {
		return "officer"
	}
	return picture
}

// idle asks whether somebody is still there. Nothing of the person is on the page.
func (d drawing) idle() {
	v := d.snap.Idle
	if v == nil {
		return
	}
	p := d.Palette
	center := d.W / 2
	titleY, textY, top := float32(182), float32(266), float32(346)
	if d.Portrait {
		titleY, textY, top = 320, 420, 560
	}
	m := d.margin()
	d.LineIn(d.t("idle.title"), parts.Type{Size: 68, Weight: typeset.Bold, Color: p.Ink, Align: parts.Middle, Min: 48}, m, titleY, d.W-2*m)
	d.Paragraph(d.t("idle.text"), parts.Type{Size: theme.Body, Weight: typeset.Regular, Color: p.Ink, Align: parts.Middle},
		parts.Rect{X: m, Y: textY - 60, W: d.W - 2*m, H: 120})
	x := float32(374)
	bar := parts.Rect{X: 64, Y: 872, W: 620, H: 36}
	here := parts.Rect{X: 756, Y: 346, W: 1100, H: 330}
	end := parts.Rect{X: 756, Y: 704, W: 1100, H: 207}
	if d.Portrait {
		x, bar = center, parts.Rect{X: 230, Y: top + 500, W: 620, H: 36}
		here = parts.Rect{X: 48, Y: 1160, W: 984, H: 330}
		end = parts.Rect{X: 48, Y: 1520, W: 984, H: 190}
	}
	d.countdown(v, x, top+234)
	d.Progress(bar, float64(v.Seconds)/float64(max(1, v.Total)), p.WarningInk)
	d.Key(parts.Key{ID: nextID, Word: d.t(d.keyWord(d.snap.Next, "idle.here")), Icon: "hand", Look: parts.Primary, Size: 72, Icons: 148}, here)
	d.Key(parts.Key{ID: backID, Word: d.t(d.keyWord(d.snap.Back, "idle.end")), Icon: "log-out", Size: 48, Icons: 76}, end)
}

func (d drawing) keyWord(k session.Key, other string) string {
	if k.Label != "" {
		return k.Label
	}
	return other
}

// countdown draws the seconds in a ring.
func (d drawing) countdown(v *session.Idle, x, y float32) {
	const radius, ring = 235, 14
	ink := d.Palette.WarningInk
	d.Circle(x, y, radius, parts.Shape{Fill: d.Palette.Warning, Edge: ink, Width: ring})
	d.Figures(itoa(max(0, v.Seconds)), with(kind(theme.Count, typeset.ExtraBold, ink), parts.Middle), x, y-30)
	d.Line(d.t("idle.seconds"), with(kind(48, typeset.SemiBold, ink), parts.Middle), x, y+112)
}
