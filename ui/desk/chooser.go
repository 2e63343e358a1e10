package desk

import (
	"fmt"
	"slices"

	"motcua/kiosk/board"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// pickKey opens the list of devices.
func (d drawing) pickKey(i int, area parts.Rect) {
	d.Touchable(fmt.Sprint("change.", i), area)
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: 2, Radius: radius})
	d.Labelled("refresh-cw", 24, d.t("desk.parts.pick"), kind(sizeKey, typeset.SemiBold, d.Palette.Ink), area, false)
}

// chooserRows is how many devices the list shows.
const chooserRows = 8

// chooser is the list of devices, over the page.
func (d drawing) chooser(c *board.Chooser, over parts.Rect) {
	const wide, row = 1120, 72
	n := max(1, min(chooserRows, len(c.Rows)))
	high := 176 + float32(n)*(row+8)
	area := parts.Rect{X: over.MidX() - wide/2, Y: over.MidY() - high/2, W: wide, H: high}
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Primary, Width: 4, Radius: radius})
	d.LineIn(d.t("desk.choose."+c.Part, c.Station), kind(sizePage, typeset.Bold, d.Palette.Ink), area.X+28, area.Y+44, area.W-56)
	y := area.Y + 84
	switch {
	case c.Looking:
		d.Line(d.t("desk.parts.looking"), d.muted(), area.X+28, y+row/2)
	case len(c.Rows) == 0:
		d.Line(d.t("desk.choose.none"), d.muted(), area.X+28, y+row/2)
	}
	first := max(0, min(c.At-chooserRows/2, len(c.Rows)-chooserRows))
	for i := first; i < min(len(c.Rows), first+chooserRows); i++ {
		d.candidate(i, c.Rows[i], i == c.At, parts.Rect{X: area.X + 20, Y: y, W: area.W - 40, H: row})
		y += row + 8
	}
	x := area.Right() - 28
	x -= d.capKey("key.escape", "Esc", d.t("desk.cancel"), x, area.Bottom()-40) + 12
	if c.Busy {
		d.Line(d.t("desk.choose.busy"), d.bold(), area.X+28, area.Bottom()-40)
	} else if slices.ContainsFunc(c.Rows, func(r board.Candidate) bool { return !r.Absent && !r.Fixed }) {
		d.capKey("key.enter", "Enter", d.t("desk.choose.take"), x, area.Bottom()-40)
	}
}

// candidate is one device of the list.
func (d drawing) candidate(i int, c board.Candidate, chosen bool, area parts.Rect) {
	if !c.Absent && !c.Fixed {
		d.Touchable(fmt.Sprint("device.", i), area)
	}
	shape := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Line, Width: 2, Radius: radius}
	if chosen {
		shape.Fill, shape.Edge, shape.Width = selected, d.Palette.Primary, 3
	}
	d.Box(area, shape)
	right := area.Right() - 14
	for _, mark := range []struct {
		is   bool
		key  string
		icon string
		mood mood
	}{{c.Used, "used", "circle-check", good}, {c.Absent, "absent", "x", bad}, {c.Fixed, "fixed", "file-text", plain}} {
		if mark.is {
			right -= d.badge(mark.icon, d.t("desk.choose."+mark.key), mark.mood, right, area.MidY()) + 10
		}
	}
	room := right - area.X - 32
	if c.Model == "" {
		d.Line(d.clip(c.Name, d.bold(), room), d.bold(), area.X+18, area.MidY())
		return
	}
	d.Line(d.clip(c.Model, d.bold(), room), d.bold(), area.X+18, area.MidY()-15)
	small := kind(sizeSmall, typeset.Regular, d.Palette.Ink)
	d.Line(d.clip(c.Name, small, room), small, area.X+18, area.MidY()+16)
}
