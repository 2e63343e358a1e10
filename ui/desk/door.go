package desk

import (
	"fmt"
	"image/color"

	"motcua/kiosk/board"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// door is the page for signing in.
func (d drawing) door() {
	in := d.snap.SignIn
	const head, foot, most, least = 110, 150, 72, 52 // of a name's row
	card := float32(0)
	if in.Card != nil {
		card = 84
	}
	room := d.H - topHigh - hints - 2*gap - head - foot - card
	shown := max(1, min(len(in.Names), int(room/least)))
	high := min(most, room/float32(shown))
	area := parts.Rect{X: d.W/2 - 400, W: 800, H: head + high*float32(shown) + card + foot}
	area.Y = max(topHigh+gap, min(200, d.H-hints-gap-area.H))
	d.Panel(area)
	d.Line(d.t("desk.door.title"), kind(sizePage, typeset.Bold, d.Palette.Ink), area.X+40, area.Y+56)
	y := area.Y + head
	if len(in.Names) == 0 {
		d.Paragraph(d.t("desk.door.nobody"), d.body(), parts.Rect{X: area.X + 40, Y: y, W: area.W - 80, H: 90})
		return
	}
	first := max(0, min(in.At-shown/2, len(in.Names)-shown))
	for i := first; i < first+shown; i++ {
		row := parts.Rect{X: area.X + 40, Y: y, W: area.W - 80, H: high - 12}
		d.Touchable(fmt.Sprint("name.", i), row)
		shape, ink := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: 2, Radius: radius}, color.Color(d.Palette.Ink)
		if i == in.At {
			shape.Fill, shape.Edge, ink = d.Palette.Primary, d.Palette.Primary, d.Palette.OnPrimary
		}
		d.Box(row, shape)
		d.LineIn(in.Names[i], kind(sizeKey, typeset.SemiBold, ink), row.X+24, row.MidY(), row.W-48)
		y += high
	}
	if in.Card != nil {
		d.cardAtDoor(in.Card, parts.Rect{X: area.X + 40, Y: y + 6, W: area.W - 80, H: card - 14})
		y += card
	}
	label := "desk.door.pin"
	if c := in.Card; c != nil && (c.Say == "digits" || c.Say == "wrong") {
		label = "desk.card.pin-or-digits"
	}
	d.LineIn(d.t(label), d.bold(), area.X+40, y+40, 156)
	box := parts.Rect{X: area.X + 200, Y: y + 10, W: 400, H: 60}
	d.Box(box, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Primary, Width: 3, Radius: radius})
	d.dots(in.Digit, box.X+20, box.MidY())
	word, ink := "", d.Palette.Danger
	switch {
	case in.Wait > 0:
		word, ink = d.t("desk.door.wait", int(in.Wait.Seconds())+1), d.Palette.WarningInk
	case in.Wrong:
		word = d.t("desk.door.wrong")
	}
	d.Line(word, kind(sizeKey, typeset.SemiBold, ink), area.X+40, y+110)
}

// cardAtDoor says what the officers' reader is for and what came of the card on it.
func (d drawing) cardAtDoor(c *board.DoorCard, area parts.Rect) {
	word, m, icon := d.t("desk.card."+string(c.State)), plain, "nfc"
	switch c.Say {
	case "":
		if c.State == board.ReaderAway {
			m, icon = careful, "circle-alert"
		}
	case "reading":
		word, m = d.t("desk.card.reading"), good
	case "pin":
		word, m, icon = d.t("desk.card.pin"), good, "circle-check"
	case "failed":
		word, m, icon = d.failure(string(c.Code)), bad, "circle-alert"
	case "wrong", "foreign":
		word, m, icon = d.t("desk.card."+c.Say), bad, "circle-alert"
	default:
		word, m, icon = d.t("desk.card."+c.Say), careful, "circle-alert"
	}
	d.says(word, m, icon, area)
}

// failure is what is wrong with a card, and what to do about it.
func (d drawing) failure(code string) string {
	return d.t("fault."+code+".what") + " " + d.t("desk.card.lay-again")
}

// says is a sentence that stands out.
func (d drawing) says(word string, m mood, icon string, area parts.Rect) {
	fill, edge, ink := m.colours(d.Palette)
	if m == plain {
		ink = d.Palette.Ink
	}
	d.Box(area, parts.Shape{Fill: fill, Edge: edge, Width: 2, Radius: radius})
	d.Icon(icon, area.X+34, area.MidY(), 32, ink)
	t := kind(sizeBody, typeset.SemiBold, ink)
	d.Paragraph(word, t, parts.Rect{X: area.X + 66, Y: area.Y + 4, W: area.W - 82, H: area.H - 8})
}
