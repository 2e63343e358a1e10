package desk

import (
	"fmt"
	"image/color"

	"motcua/kiosk/board"
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
	area := parts.Rect{X: over.X + 40, Y: over.MidY() - high/2, W: over.W - 80, H: high}
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Primary, Width: 4, Radius: radius})
	d.Line(d.t("desk.do."+string(g.Action)), kind(sizePage, typeset.Bold, d.Palette.Ink), area.X+28, area.Y+42)
	word := d.t("desk.do." + string(g.Action) + ".text")
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
	d.Box(box, parts.Shape{Fill: d.Palette.Surface, Edge: edge, Width: width, Radius: radius})
	t, room := d.body(), box.Inset(14, 8)
	t.Top = f.ID == board.InputReason
	if f.ID == board.InputReason {
		d.Paragraph(f.Value, t, room)
		return
	}
	w := d.LineIn(f.Value, t, room.X, room.MidY(), room.W-8)
	if i == g.At {
		d.Fill(parts.Rect{X: room.X + w + 3, Y: room.Y, W: 2, H: room.H}, d.Palette.Primary)
	}
}
