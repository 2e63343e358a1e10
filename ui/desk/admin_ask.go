package desk

import (
	"fmt"
	"image/color"

	"motcua/kiosk/board"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// Measures of a dialog of the page of administration.
const (
	askWide   = 980
	askLabel  = 250
	askHigh   = 60
	choiceGap = 6
)

// ask is a dialog of the page of administration, over it.
func (d drawing) ask(over parts.Rect) {
	a := d.snap.Ask
	inner := float32(askWide - 56)
	text := d.t("desk.ask." + a.ID + ".text")
	textHigh := d.HeightOf(text, d.muted(), inner)
	high := 84 + textHigh + 14 + 100
	heights := make([]float32, len(a.Lines))
	for i, l := range a.Lines {
		heights[i] = d.HeightOf(d.words(l), d.bold(), inner) + 8
		high += heights[i]
	}
	high += linesGap(a)
	for _, f := range a.Fields {
		high += askFieldHigh(f)
	}
	area := parts.Rect{X: over.MidX() - askWide/2, Y: max(over.Y, over.MidY()-high/2), W: askWide, H: high}
	edge := d.Palette.Primary
	if a.Grim {
		edge = d.Palette.Danger
	}
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: edge, Width: 4, Radius: radius})
	left := area.X + 28
	d.LineIn(d.t("desk.ask."+a.ID), kind(sizePage, typeset.Bold, d.Palette.Ink), left, area.Y+42, inner)
	y := area.Y + 78
	d.Paragraph(text, d.muted(), parts.Rect{X: left, Y: y, W: inner, H: textHigh + 2})
	y += textHigh + 14
	for i, l := range a.Lines {
		d.Paragraph(d.words(l), d.bold(), parts.Rect{X: left, Y: y, W: inner, H: heights[i]})
		y += heights[i]
	}
	y += linesGap(a)
	for i, f := range a.Fields {
		d.askField(i, f, i == a.At, parts.Rect{X: left, Y: y, W: inner, H: askFieldHigh(f) - 12})
		y += askFieldHigh(f)
	}
	d.problem(a, left, y+8, inner)
	x := area.Right() - 28
	word := "desk.confirm"
	if a.At < len(a.Fields)-1 {
		word = "desk.next"
	}
	x -= d.capKey("key.enter", "Enter", d.t(word), x, area.Bottom()-38) + 12
	d.capKey("key.escape", "Esc", d.t("desk.cancel"), x, area.Bottom()-38)
}

// linesGap is the room between what is about to be done and the fields.
func linesGap(a *board.Ask) float32 {
	if len(a.Lines) == 0 {
		return 0
	}
	return gap
}

// problem says what is lacking, or how long a PIN has to wait.
func (d drawing) problem(a *board.Ask, x, y, room float32) {
	switch t := kind(sizeBody, typeset.SemiBold, d.Palette.Danger); {
	case a.Wait > 0:
		t.Color = d.Palette.WarningInk
		d.LineIn(d.t("desk.door.wait", int(a.Wait.Seconds())+1), t, x, y, room)
	case a.Problem == board.AskReading:
		t.Color = d.Palette.Muted
		d.LineIn(d.t("desk.error.reading"), t, x, y, room)
	case a.Problem != "":
		d.LineIn(d.t("desk.error."+a.Problem), t, x, y, room)
	}
}

// choicesIn is how many choices stand side by side.
const choicesIn = 2

func askFieldHigh(f board.Field) float32 {
	if f.Kind == board.FieldChoice {
		rows := (len(f.Choices) + choicesIn - 1) / choicesIn
		return float32(rows)*(48+choiceGap) + 12
	}
	return askHigh
}

// askField is one field of a dialog.
func (d drawing) askField(i int, f board.Field, on bool, area parts.Rect) {
	d.LineIn(d.t("desk.input."+f.ID), d.bold(), area.X, area.Y+24, askLabel-12)
	box := parts.Rect{X: area.X + askLabel, Y: area.Y, W: area.W - askLabel, H: area.H}
	if f.Kind == board.FieldChoice {
		d.choices(i, f, on, box)
		return
	}
	d.Touchable(fmt.Sprint("row.", i), box)
	edge, width := color.Color(d.Palette.Edge), float32(2)
	if on {
		edge, width = d.Palette.Primary, 4
	}
	d.Box(box, parts.Shape{Fill: d.Palette.Surface, Edge: edge, Width: width, Radius: radius})
	t, room := d.body(), box.Inset(14, 8)
	w := float32(0)
	switch {
	case f.Kind == board.FieldSecret:
		w = d.dots(f.Digits, room.X, room.MidY())
	case f.Kind == board.FieldSheet && f.Digits > 0:
		w = d.Line(d.t("desk.typed.sheet", f.Digits), d.muted(), room.X, room.MidY())
	case f.Kind != board.FieldSheet:
		w = d.Line(d.tail(f.Value, t, room.W-8), t, room.X, room.MidY())
	}
	if on {
		d.Fill(parts.Rect{X: room.X + w + 3, Y: room.Y, W: 2, H: room.H}, d.Palette.Primary)
	}
}

func (d drawing) choices(i int, f board.Field, on bool, box parts.Rect) {
	rows := (len(f.Choices) + choicesIn - 1) / choicesIn
	lines := box.Rows(max(1, rows), choiceGap)
	for n, c := range f.Choices {
		cell := lines[n/choicesIn].Columns(choicesIn, choiceGap)[n%choicesIn]
		shape, ink := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: 2, Radius: radius}, color.Color(d.Palette.Ink)
		if n == f.Chosen {
			shape.Fill, shape.Edge, ink = d.Palette.Primary, d.Palette.Primary, d.Palette.OnPrimary
		}
		d.Touchable(pickOf(i, n), cell)
		d.Box(cell, shape)
		w := float32(0)
		if n < 9 {
			w = d.cap(fmt.Sprint(n+1), cell.X+10, cell.MidY(), ink, ink)
		}
		t := kind(sizeBody, typeset.SemiBold, ink)
		d.Line(d.clip(d.words(c), t, cell.W-w-40), t, cell.X+w+24, cell.MidY())
	}
	if on {
		d.Box(box.Inset(-4, -4), parts.Shape{Fill: color.Transparent, Edge: d.Palette.Primary, Width: 3, Radius: radius})
	}
}

// dots stand for the digits of a PIN, and give their width: the font has no such letter.
func (d drawing) dots(n int, x, y float32) float32 {
	const step, size = 18, 6
	for i := range n {
		d.Circle(x+float32(i)*step+size, y, size, parts.Shape{Fill: d.Palette.Ink})
	}
	return float32(n) * step
}
