package citizen

import (
	"strconv"

	"motcua/kiosk/filing"
	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// status is where the filing of a slip stands: what happened, and what is to be done now.
func (d drawing) status() {
	v := d.snap.Status
	if v == nil {
		return
	}
	area := d.header(d.t("status.title." + string(v.Kind)))
	line := parts.Rect{X: area.X, Y: area.Y, W: area.W*0.56 - 16, H: area.H}
	side := parts.Rect{X: line.Right() + 32, Y: area.Y, W: area.Right() - line.Right() - 32, H: area.H}
	if d.Portrait {
		line = parts.Rect{X: area.X, Y: area.Y, W: area.W, H: area.H * 0.52}
		side = parts.Rect{X: area.X, Y: line.Bottom() + 24, W: area.W, H: area.Bottom() - line.Bottom() - 24}
	}
	d.Panel(line)
	d.timeline(v.Steps, line.Inset(40, 24))
	d.whatNow(v, side)
}

// timeline draws the steps from top to bottom.
func (d drawing) timeline(steps []session.StatusStep, area parts.Rect) {
	const radius, words = 34, 110
	pitch := min(area.H/float32(len(steps)), 170)
	x := area.X + radius
	for i, s := range steps {
		y := area.Y + pitch*(float32(i)+0.5)
		if i > 0 {
			ink := d.Palette.Line
			if s.Done || s.Now {
				ink = d.Palette.BandInk
			}
			d.Fill(parts.Rect{X: x - 3, Y: y - pitch + radius, W: 6, H: pitch - 2*radius}, ink)
		}
		title, icon := kind(theme.Title, typeset.Bold, d.Palette.Ink), ""
		switch {
		case s.Done:
			d.Circle(x, y, radius, parts.Shape{Fill: d.Palette.BandInk})
			icon = "check"
		case s.Now:
			d.Circle(x, y, radius, parts.Shape{Fill: d.Palette.Primary})
			icon = "timer"
		default:
			d.Circle(x, y, radius, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: theme.EdgeWidth})
			title.Color = d.Palette.Muted
		}
		if icon != "" {
			d.Icon(icon, x, y, 40, d.Palette.OnPrimary)
		}
		room := area.W - words
		if s.When == "" {
			d.LineIn(d.t("status.step."+s.Key), title, area.X+words, y, room)
			continue
		}
		d.LineIn(d.t("status.step."+s.Key), title, area.X+words, y-24, room)
		d.LineIn(s.When, kind(36, typeset.Regular, d.Palette.Muted), area.X+words, y+28, room)
	}
}

// whatNow is what the citizen does next, the date, and the official code.
func (d drawing) whatNow(v *session.Status, area parts.Rect) {
	key, mood, icon := string(v.Kind), parts.Good, "circle-check"
	switch {
	case v.Late:
		key, mood, icon = "late", parts.Careful, "circle-alert"
	case v.Brought, v.Ticket > 0:
		key = "brought"
	case v.Kind == filing.Supplement, v.Kind == filing.Refused, v.Kind == filing.Stopped, v.Kind == filing.Forwarded:
		mood, icon = parts.Careful, "circle-alert"
	}
	top := parts.Rect{X: area.X, Y: area.Y, W: area.W, H: area.H * 0.42}
	d.Verdict(mood, icon, d.t("status.do."+key), d.t("status.do."+key+".text"), top)
	rest := parts.Rect{X: area.X, Y: top.Bottom() + 20, W: area.W, H: area.Bottom() - top.Bottom() - 20}
	if v.Ticket > 0 {
		const high = 216
		d.number("counter.ticket", strconv.Itoa(v.Ticket), parts.Rect{X: rest.X, Y: rest.Y, W: rest.W, H: high})
		rest.Y, rest.H = rest.Y+high+20, rest.H-high-20
	}
	if lacking := v.Kind == filing.Supplement && !v.Brought; lacking || v.Result {
		const high = 120
		word := "status.brought"
		if v.Result {
			word = "key.ticket"
		}
		d.Key(parts.Key{ID: broughtID, Word: d.t(word), Icon: "hand", Look: parts.Accent}, parts.Rect{X: rest.X, Y: rest.Y, W: rest.W, H: high})
		rest.Y, rest.H = rest.Y+high+20, rest.H-high-20
	}
	if v.Due == "" && v.Dossier == "" {
		return
	}
	d.Panel(rest)
	room := rest.Inset(40, 20)
	soft, bold := kind(36, typeset.Regular, d.Palette.Muted), kind(46, typeset.Bold, d.Palette.Ink)
	bold.Min = 34
	half := room.H
	if v.Due != "" && v.Dossier != "" {
		half = room.H / 2
	}
	put := func(head, text string) {
		d.Line(head, soft, room.X, room.Y+half/2-32)
		d.LineIn(text, bold, room.X, room.Y+half/2+28, room.W)
		room.Y += half
	}
	if v.Due != "" {
		put(d.t("status.due"), v.Due)
	}
	if v.Dossier != "" {
		put(d.t("status.dossier"), v.Dossier)
	}
}
