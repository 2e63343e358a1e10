package desk

import (
	"fmt"
	"image/color"

	"motcua/kiosk/board"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// This file is the page of the officer's own card, and the key that leads to it.

// cardKey is that key at the right end of the line over the keys; it gives the width, 0 where the desk has no reader.
func (d drawing) cardKey(y float32) float32 {
	if !d.snap.HasCard {
		return 0
	}
	return d.capKey("key.card", "Ctrl+K", d.t("desk.own.key"), d.W-margin, y) + gap
}

// withCardKey adds it to the keys of a page that has no such line: a technician sees no other one.
func (d drawing) withCardKey(list [][2]string) [][2]string {
	if d.snap.HasCard && d.snap.Page != board.Queue && d.snap.Page != board.OwnCard {
		return append(list, [2]string{"Ctrl+K", "desk.hint.card"})
	}
	return list
}

// ownCard is the page.
func (d drawing) ownCard() {
	own := d.snap.Own
	const way, field = 92, 78
	area := parts.Rect{X: d.W/2 - 520, Y: 130, W: 1040, H: 150 + way*float32(len(own.Ways)) + 2*field + 180}
	d.Panel(area)
	in := parts.Rect{X: area.X + 40, Y: area.Y, W: area.W - 80, H: area.H}
	d.Line(d.t("desk.own.title"), kind(sizePage, typeset.Bold, d.Palette.Ink), in.X, in.Y+50)
	d.LineIn(d.t("desk.own.has."+own.Has), d.muted(), in.X, in.Y+94, in.W)
	y := in.Y + 126
	for i, w := range own.Ways {
		d.way(i, w, parts.Rect{X: in.X, Y: y, W: in.W, H: way - 12})
		y += way
	}
	if own.Needs {
		d.hidden("desk.own.digits", own.Digits, own.At == board.OwnDigits, parts.Rect{X: in.X, Y: y, W: in.W, H: field - 18})
		y += field
	}
	d.hidden("desk.own.pin", own.PIN, own.At == board.OwnPIN, parts.Rect{X: in.X, Y: y, W: in.W, H: field - 18})
	y += field
	d.ownSays(parts.Rect{X: in.X, Y: y + 4, W: in.W, H: 64})
	x := in.Right()
	x -= d.capKey("key.enter", "Enter", d.t("desk.own.set"), x, area.Bottom()-44) + 12
	d.capKey("key.escape", "Esc", d.t("desk.cancel"), x, area.Bottom()-44)
	d.keys([][2]string{{arrows, "desk.hint.field"}, {sideways, "desk.hint.way"}, {"0–9", "desk.hint.digits"}, {"Enter", "desk.hint.set"}, {"Esc", "desk.hint.queue"}})
}

// way is one of the ways in which a card signs in.
func (d drawing) way(i int, way string, row parts.Rect) {
	own := d.snap.Own
	shape, ink := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: 2, Radius: radius}, color.Color(d.Palette.Ink)
	small := color.Color(d.Palette.Muted)
	if way == own.Way {
		shape.Fill, shape.Edge, ink, small = d.Palette.Primary, d.Palette.Primary, d.Palette.OnPrimary, d.Palette.OnPrimary
	}
	d.Touchable(fmt.Sprint("own.", i), row)
	d.Box(row, shape)
	x := row.X + 18
	if own.At == board.OwnWay {
		x += d.cap(fmt.Sprint(i+1), x, row.MidY(), ink, ink) + 18
	}
	d.LineIn(d.t("desk.own.way."+way), kind(sizeKey, typeset.SemiBold, ink), x, row.MidY()-16, row.Right()-18-x)
	d.LineIn(d.t("desk.own.way."+way+".text"), kind(sizeSmall, typeset.Regular, small), x, row.MidY()+20, row.Right()-18-x)
}

// hidden is a field whose digits nobody sees.
func (d drawing) hidden(label string, digits int, at bool, row parts.Rect) {
	const labelWide = 420
	d.LineIn(d.t(label), d.bold(), row.X, row.MidY(), labelWide-20)
	box := parts.Rect{X: row.X + labelWide, Y: row.Y, W: row.W - labelWide, H: row.H}
	edge, width := color.Color(d.Palette.Edge), float32(2)
	if at {
		edge, width = d.Palette.Primary, 4
	}
	d.Box(box, parts.Shape{Fill: d.Palette.Surface, Edge: edge, Width: width, Radius: radius})
	d.dots(digits, box.X+20, box.MidY())
}

// ownSays is what is to be done next, or what went wrong.
func (d drawing) ownSays(area parts.Rect) {
	own := d.snap.Own
	switch {
	case own.Busy:
		d.says(d.t("desk.card.reading"), good, "nfc", area)
	case own.Wait > 0:
		d.says(d.t("desk.door.wait", int(own.Wait.Seconds())+1), careful, "timer", area)
	case own.Problem == "failed":
		d.says(d.failure(string(own.Code)), bad, "circle-alert", area)
	case own.Problem != "":
		d.says(d.t("desk.own.problem."+own.Problem), bad, "circle-alert", area)
	case own.Needs:
		m, icon := plain, "nfc"
		if own.State == board.ReaderAway {
			m, icon = careful, "circle-alert"
		}
		d.says(d.t("desk.own."+string(own.State)), m, icon, area)
	}
}
