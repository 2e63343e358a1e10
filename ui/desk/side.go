package desk

import (
	"cmp"
	"fmt"
	"slices"

	"motcua/kiosk/board"
	domain "motcua/kiosk/desk"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// Measures of the column at the right.
const (
	actionHigh = 66
	smallHigh  = 50
	between    = 10

	leastGuide, leastHistory = 190, 92
)

// side is who calls for help, what can be done, who is called, what the law says, and what happened.
func (d drawing) side(area parts.Rect) {
	v, y := d.snap.Open, area.Y
	y += d.bell(parts.Rect{X: area.X, Y: y, W: area.W, H: 82})
	if v != nil {
		y += d.actions(v.Legal, parts.Rect{X: area.X, Y: y, W: area.W})
	}
	y += d.calling(parts.Rect{X: area.X, Y: y, W: area.W})
	if v == nil {
		d.Panel(parts.Rect{X: area.X, Y: y, W: area.W, H: area.Bottom() - y})
		return
	}
	d.code(v, parts.Rect{X: area.X, Y: y, W: area.W, H: smallHigh})
	y += smallHigh + between
	rest := parts.Rect{X: area.X, Y: y, W: area.W, H: area.Bottom() - y}
	if rest.H < leastGuide+gap+leastHistory {
		d.guide(v, rest)
		return
	}
	history := float32(60 + 30*len(v.History))
	if v.CanUndo {
		history += 40
	}
	guide := rest
	guide.H = max(leastGuide, rest.H-history-gap)
	d.guide(v, guide)
	d.history(v, parts.Rect{X: rest.X, Y: guide.Bottom() + gap, W: rest.W, H: rest.Bottom() - guide.Bottom() - gap})
}

// bell says that somebody at a kiosk wants an officer; like the others it gives the height it took.
func (d drawing) bell(area parts.Rect) float32 {
	if len(d.snap.Bells) == 0 {
		return 0
	}
	b := d.snap.Bells[0]
	d.Box(area, parts.Shape{Fill: d.Palette.Warning, Edge: d.Palette.WarningInk, Width: 3, Radius: radius})
	d.Icon("concierge-bell", area.X+36, area.MidY(), 34, d.Palette.WarningInk)
	d.LineIn(d.t("desk.bell", b.Station), kind(sizeKey, typeset.Bold, d.Palette.WarningInk), area.X+66, area.Y+28, 130)
	d.LineIn(d.t("desk.ago", int(d.snap.Now.Sub(b.Since).Minutes())), kind(sizeSmall, typeset.Regular, d.Palette.WarningInk), area.X+66, area.Y+56, 130)
	d.capKey("key.help", "F9", d.t("desk.help"), area.Right()-12, area.MidY())
	return area.H + between
}

// actions are the keys for decisions: the usual ones large, the others in two columns. Forwarding leads where it is offered first.
func (d drawing) actions(legal []domain.Action, area parts.Rect) float32 {
	y, small := area.Y, 0
	lead := leading(legal)
	legal = slices.Clone(legal)
	slices.SortStableFunc(legal, func(x, y domain.Action) int { return cmp.Compare(board.KeyOf(x), board.KeyOf(y)) }) // F5 first
	if i := slices.Index(legal, lead); i > 0 {
		legal = slices.Insert(slices.Delete(legal, i, i+1), 0, lead)
	}
	for _, a := range legal {
		if large(a) || a == lead {
			d.action(a, lead, parts.Rect{X: area.X, Y: y, W: area.W, H: actionHigh})
			y += actionHigh + between
		}
	}
	half := (area.W - between) / 2
	for _, a := range legal {
		if large(a) || a == lead {
			continue
		}
		d.smallAction(a, parts.Rect{X: area.X + float32(small%2)*(half+between), Y: y, W: half, H: smallHigh})
		if small++; small%2 == 0 {
			y += smallHigh + between
		}
	}
	if small%2 == 1 {
		y += smallHigh + between
	}
	return y - area.Y
}

// leading is the action that most filings of this kind take now: to forward what is handed in elsewhere, else that of F5, "" if there is none.
func leading(legal []domain.Action) domain.Action {
	for i, a := range legal {
		if a == domain.Forward && i == 0 || board.KeyOf(a) == "F5" {
			return a
		}
	}
	return ""
}

func large(a domain.Action) bool {
	switch board.KeyOf(a) {
	case "F5", "F6", "F7":
		return true
	}
	return false
}

// action is a key for a decision.
func (d drawing) action(a, lead domain.Action, area parts.Rect) {
	d.Touchable("do."+string(a), area)
	fill, edge, ink := d.Palette.Surface, d.Palette.Edge, d.Palette.Ink
	switch {
	case a == lead:
		fill, edge, ink = d.Palette.Primary, d.Palette.Primary, d.Palette.OnPrimary
	case a == domain.Refuse:
		edge, ink = d.Palette.Danger, d.Palette.Danger
	}
	d.Box(area, parts.Shape{Fill: fill, Edge: edge, Width: 2, Radius: radius})
	w := d.cap(board.KeyOf(a), area.X+14, area.MidY(), ink, ink)
	x := area.X + 14 + w + 16
	room := area.Right() - x - 12
	d.LineIn(d.t("desk.do."+string(a)), kind(sizeKey, typeset.Bold, ink), x, area.Y+22, room)
	text := "desk.do." + string(a)
	if a == domain.Receive && lead == domain.Forward {
		text += ".sent"
	}
	d.LineIn(d.t(text+".text"), kind(sizeSmall, typeset.Regular, ink), x, area.Y+47, room)
}

func (d drawing) smallAction(a domain.Action, area parts.Rect) {
	d.Touchable("do."+string(a), area)
	edge, ink := d.Palette.Edge, d.Palette.Ink
	if a == domain.Stop {
		edge, ink = d.Palette.Danger, d.Palette.Danger
	}
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: edge, Width: 2, Radius: radius})
	w := d.cap(board.KeyOf(a), area.X+8, area.MidY(), ink, ink)
	d.LineIn(d.t("desk.do."+string(a)+".short"), kind(sizeSmall, typeset.SemiBold, ink), area.X+18+w, area.MidY(), area.W-24-w)
}

// calling is who was called here, and the key that calls the next.
func (d drawing) calling(area parts.Rect) float32 {
	p := d.snap.People
	if p == nil {
		return 0
	}
	y := area.Y
	if p.Now != nil {
		y += d.called(p.Now, parts.Rect{X: area.X, Y: y, W: area.W, H: 118}) + between
	}
	key := parts.Rect{X: area.X, Y: y, W: area.W, H: actionHigh}
	d.Touchable("key.call", key)
	d.Box(key, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: 2, Radius: radius})
	w := d.cap("F8", key.X+14, key.MidY(), d.Palette.Ink, d.Palette.Ink)
	x, word := key.X+w+30, d.t("desk.call.nobody")
	if p.Next > 0 {
		word = d.t("desk.call.text", p.Next)
	}
	d.LineIn(d.t("desk.call"), kind(sizeKey, typeset.Bold, d.Palette.Ink), x, key.Y+22, key.Right()-x-12)
	d.LineIn(word, kind(sizeSmall, typeset.Regular, d.Palette.Ink), x, key.Y+47, key.Right()-x-12)
	return key.Bottom() + between - area.Y
}

// called is who was called, with what can be done.
func (d drawing) called(c *board.Called, area parts.Rect) float32 {
	d.Box(area, parts.Shape{Fill: d.Palette.Band, Edge: d.Palette.BandInk, Width: 2, Radius: radius})
	ink := d.Palette.BandInk
	w := d.Line(fmt.Sprint(c.Number), kind(sizePage, typeset.Bold, ink), area.X+16, area.Y+34) + 30
	who := c.Name
	if who == "" {
		who = d.t("desk.people.nothing")
	}
	t := kind(sizeKey, typeset.Bold, ink)
	d.Line(d.clip(who, t, area.W-w-12), t, area.X+w, area.Y+22)
	d.LineIn(d.t("desk.called."+string(c.State), int(d.snap.Now.Sub(c.Since).Minutes()), c.Calls), kind(sizeSmall, typeset.Regular, ink), area.X+w, area.Y+48, area.W-w-12)
	keys := parts.Rect{X: area.X + 12, Y: area.Y + 68, W: area.W - 24, H: 40}.Columns(len(c.May), 6)
	for i, do := range c.May {
		d.Touchable("person."+string(do), keys[i])
		d.Box(keys[i], parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: 2, Radius: 7})
		t := kind(sizeSmall, typeset.SemiBold, d.Palette.Ink)
		t.Align = parts.Middle
		d.Line(fmt.Sprint(i+1, " ", d.t("desk.person."+string(do))), t, keys[i].MidX(), keys[i].MidY())
	}
	return area.H
}

// code is how far the filing has come to the portal: its official code, or the key that leads there.
func (d drawing) code(v *board.View, area parts.Rect) {
	d.Touchable("key.portal", area)
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: 2, Radius: radius})
	w := d.cap("Ctrl+M", area.X+8, area.MidY(), d.Palette.Ink, d.Palette.Edge)
	d.LineIn(d.words(v.Portal), kind(sizeSmall, typeset.SemiBold, d.Palette.Ink), area.X+20+w, area.MidY(), area.W-32-w)
}

// strip is how the parts of the stations are.
func (d drawing) strip() {
	whole := d.Whole()
	y := float32(d.H - hints - strip)
	d.Fill(parts.Rect{X: whole.X, Y: y, W: whole.W, H: strip}, d.Palette.Surface)
	d.Rule(whole.X, y, whole.W)
	mid := y + strip/2
	room := d.W - d.cardKey(mid)
	x := float32(margin) + d.Line(d.t("desk.devices"), d.bold(), margin, mid) + 20
	if len(d.snap.Devices) == 0 {
		d.Line(d.t("desk.devices.none"), d.muted(), x, mid)
		return
	}
	working := map[string]int{}
	var stations []string
	for _, p := range d.snap.Devices {
		if p.State == "present" {
			if working[p.Station]++; working[p.Station] == 1 {
				stations = append(stations, p.Station)
			}
		}
	}
	for _, s := range stations {
		x += d.mark("circle-check", d.t("desk.devices.good", s, working[s]), good, x, mid) + 12
	}
	for _, p := range d.snap.Devices {
		if p.State == "failed" && x < room-400 {
			x += d.mark("circle-alert", d.t("desk.devices.bad", p.Station, d.t("desk.device."+p.Name)), careful, x, mid) + 12
		}
	}
}

// mark is a badge with its left edge at x; it gives its width.
func (d drawing) mark(icon, word string, m mood, x, y float32) float32 {
	w := d.Fonts.Width(word, typeset.SemiBold, sizeSmall) + 48
	return d.badge(icon, word, m, x+w, y)
}
