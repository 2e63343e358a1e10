package desk

import (
	"fmt"
	"image/color"

	"motcua/kiosk/board"
	domain "motcua/kiosk/desk"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// dialog asks for what a decision needs, over the filing.
func (d drawing) dialog(over parts.Rect) {
	g := d.snap.Dialog
	high := float32(190)
	for _, f := range g.Fields {
		high += fieldHigh(f)
	}
	switch g.ID {
	case board.DialogPeople:
		d.crowd(over)
		return
	case board.DialogPortal:
		d.portal(over)
		return
	case board.DialogPapers:
		d.stack(over)
		return
	}
	area := parts.Rect{X: over.X + 40, Y: over.MidY() - high/2, W: over.W - 80, H: high}
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Primary, Width: 4, Radius: radius})
	d.Line(d.t("desk.do."+g.ID), kind(sizePage, typeset.Bold, d.Palette.Ink), area.X+28, area.Y+42)
	word := d.t("desk.do." + g.ID + ".text")
	if g.Form != "" {
		word = d.t("desk.will-print", g.Form)
	}
	d.LineIn(word, d.muted(), area.X+28, area.Y+78, area.W-56)
	y := area.Y + 106
	for i, f := range g.Fields {
		d.input(i, f, g, parts.Rect{X: area.X + 28, Y: y, W: area.W - 56, H: fieldHigh(f) - 12})
		y += fieldHigh(f)
	}
	if g.Problem != "" {
		d.LineIn(d.t("desk.error."+g.Problem), kind(sizeBody, typeset.SemiBold, d.Palette.Danger), area.X+28, y+10, area.W-56)
	}
	x := area.Right() - 28
	x -= d.capKey("key.enter", "Enter", d.t("desk.confirm"), x, area.Bottom()-36) + 12
	d.capKey("key.escape", "Esc", d.t("desk.cancel"), x, area.Bottom()-36)
}

func fieldHigh(f board.Input) float32 {
	switch f.ID {
	case board.InputReason:
		return 150
	case board.InputConfirm:
		return 150
	}
	return 64
}

func (d drawing) input(i int, f board.Input, g *board.Dialog, area parts.Rect) {
	const label = 190
	d.Line(d.t("desk.input."+f.ID), d.bold(), area.X, area.Y+26)
	box := parts.Rect{X: area.X + label, Y: area.Y, W: area.W - label, H: area.H}
	if f.ID == board.InputConfirm {
		for n, row := range box.Rows(len(g.Choices), 6) {
			shape, ink := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: 2, Radius: radius}, color.Color(d.Palette.Ink)
			if g.Choices[n] == f.Value {
				shape.Fill, shape.Edge, ink = d.Palette.Primary, d.Palette.Primary, d.Palette.OnPrimary
			}
			d.Touchable(pickOf(i, n), row)
			d.Box(row, shape)
			w := d.cap(fmt.Sprint(n+1), row.X+10, row.MidY(), ink, ink)
			d.LineIn(d.t("desk.confirm."+g.Choices[n]), kind(sizeBody, typeset.SemiBold, ink), row.X+24+w, row.MidY(), row.W-40-w)
		}
		return
	}
	edge, width := color.Color(d.Palette.Edge), float32(2)
	if i == g.At {
		edge, width = d.Palette.Primary, 4
	}
	d.Touchable(pickOf(i, none), box)
	d.Box(box, parts.Shape{Fill: d.Palette.Surface, Edge: edge, Width: width, Radius: radius})
	t, room := d.body(), box.Inset(14, 8)
	if f.ID == board.InputReason {
		d.lastLines(f.Value, room, i == g.At)
		return
	}
	w := d.Line(d.tail(f.Value, t, room.W-8), t, room.X, room.MidY())
	if i == g.At {
		d.Fill(parts.Rect{X: room.X + w + 3, Y: room.Y, W: 2, H: room.H}, d.Palette.Primary)
	}
}

// pickOf names a choice of a field, none of which is the field itself.
func pickOf(field, choice int) string { return fmt.Sprint("pick.", field, ".", choice) }

const none = -1

// lastLines are the lines of a text that fit into a room, the last ones: what is being typed is seen, as large as all else.
func (d drawing) lastLines(text string, room parts.Rect, typed bool) {
	t := d.body()
	pitch, w := t.Size*t.Leading, float32(0)
	lines := d.Fonts.Wrap(typeset.Clean(text), t.Weight, t.Size, room.W-8)
	lines = lines[max(0, len(lines)-int(room.H/pitch)):]
	y := room.Y + pitch/2
	for at, line := range lines {
		if at > 0 {
			y += pitch
		}
		w = d.Line(line, t, room.X, y)
	}
	if typed {
		d.Fill(parts.Rect{X: room.X + w + 3, Y: y - pitch/2 + 2, W: 2, H: pitch - 4}, d.Palette.Primary)
	}
}

// tail is the end of a text that fits into a room: what is being typed is seen.
func (d drawing) tail(text string, t parts.Type, room float32) string {
	letters := []rune(text)
	for len(letters) > 0 && d.Fonts.Width(string(letters), t.Weight, t.Size) > room {
		letters = letters[1:]
	}
	return string(letters)
}

// crowdRows is how many people the dialog shows.
const crowdRows = 9

// crowd is the list of who waits.
func (d drawing) crowd(over parts.Rect) {
	g := d.snap.Dialog
	area := parts.Rect{X: over.X + 40, Y: over.Y + 40, W: over.W - 80, H: 170 + 58*crowdRows}
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Primary, Width: 4, Radius: radius})
	d.Line(d.t("desk.do.people"), kind(sizePage, typeset.Bold, d.Palette.Ink), area.X+28, area.Y+42)
	y := area.Y + 80
	if len(g.People) == 0 {
		d.Line(d.t("desk.people.none"), d.muted(), area.X+28, y+24)
	}
	first := max(0, min(g.At-crowdRows/2, len(g.People)-crowdRows))
	for i := first; i < min(len(g.People), first+crowdRows); i++ {
		p := g.People[i]
		row := parts.Rect{X: area.X + 20, Y: y, W: area.W - 40, H: 54}
		d.Touchable(pickOf(0, i), row)
		if i == g.At {
			d.Box(row, parts.Shape{Fill: selected, Edge: d.Palette.Primary, Width: 2, Radius: radius})
		}
		d.Line(fmt.Sprint(p.Number), kind(sizeTitle, typeset.Bold, d.Palette.Ink), row.X+14, row.MidY())
		right := row.Right() - 14
		right -= d.badge("timer", d.stateOf(p), plain, right, row.MidY()) + 10
		if p.Priority != "" {
			right -= d.badge("hand", d.t("desk.priority."+string(p.Priority)), careful, right, row.MidY()) + 10
		}
		word := p.Service
		if word == "" {
			word = d.t("desk.people.nothing")
		}
		d.Line(d.clip(word, d.body(), right-row.X-96), d.body(), row.X+90, row.MidY())
		y += 58
	}
	x := area.Right() - 28
	x -= d.capKey("key.escape", "Esc", d.t("desk.cancel"), x, area.Bottom()-36) + 12
	x -= d.capKey("key.rank", "U", d.t("desk.rank"), x, area.Bottom()-36) + 12
	d.capKey("key.enter", "Enter", d.t("desk.call-this"), x, area.Bottom()-36)
}

// stateOf is where somebody in the list of people stands.
func (d drawing) stateOf(p board.Waiting) string {
	key := "desk.state." + string(p.State)
	switch p.State {
	case domain.Called, domain.Serving:
		return d.t(key, p.Counter)
	case domain.Holding:
		return d.t(key)
	}
	return d.t(key, int(p.Wait.Minutes()))
}
