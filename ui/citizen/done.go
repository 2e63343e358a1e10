package citizen

import (
	"strconv"
	"strings"

	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// filing is the moment in which the filing goes to disk.
func (d drawing) filing() {
	area := d.header(d.t("filing.title"))
	d.Panel(area)
	d.ThinIcon("timer", area.MidX(), area.MidY()-70, 150, 1.6, d.Palette.Primary)
	d.Paragraph(d.t("filing.text"), with(kind(48, typeset.SemiBold, d.Palette.Ink), parts.Middle),
		parts.Rect{X: area.X + 60, Y: area.MidY() + 30, W: area.W - 120, H: 180})
}

// done is the end: the number, when to come back, what to bring, the slip, the card.
func (d drawing) done() {
	v := d.snap.Done
	if v == nil {
		return
	}
	low := d.below()
	if d.Portrait {
		d.doneHead(v, 292)
		d.numbers(v, parts.Rect{X: 48, Y: 420, W: 984, H: 220})
		d.appointment(v, parts.Rect{X: 48, Y: 664, W: 984, H: 560})
		d.doneAside(v, parts.Rect{X: 48, Y: 1248, W: 984, H: low - 1248})
		return
	}
	d.doneHead(v, 174)
	d.numbers(v, parts.Rect{X: 64, Y: 240, W: 1192, H: 216})
	d.appointment(v, parts.Rect{X: 64, Y: 480, W: 1192, H: low - 480})
	d.doneAside(v, parts.Rect{X: 1288, Y: 240, W: 568, H: low - 240})
}

// doneHead says that it is done, and what.
func (d drawing) doneHead(v *session.Done, y float32) {
	m := d.margin()
	d.ThinIcon("circle-check", m+43, y, 92, 2, d.Palette.BandInk)
	w := d.Line(d.t("done.title"), kind(theme.Heading, typeset.Bold, d.Palette.Ink), m+114, y)
	words := strings.Trim(v.Service+" · "+v.At, " ·")
	t := parts.Type{Size: theme.Body, Weight: typeset.Regular, Color: d.Palette.Muted, Leading: 1.25}
	if d.Portrait {
		t.Leading, t.Min = theme.Tight, 32
		d.Paragraph(words, t, parts.Rect{X: m + 114, Y: y + 36, W: d.W - 2*m - 114, H: 84})
		return
	}
	x := m + 114 + w + 36
	d.Paragraph(words, t, parts.Rect{X: x, Y: y - 52, W: d.W - m - x, H: 104})
}

// numbers shows the filing's number, large, and beside it the one for the counter.
func (d drawing) numbers(v *session.Done, area parts.Rect) {
	if v.Ticket > 0 {
		const room = 264
		d.number("done.ticket", strconv.Itoa(v.Ticket), parts.Rect{X: area.Right() - room, Y: area.Y, W: room, H: area.H})
		area.W -= room + 24
	}
	d.number("done.number", v.Short, area)
}

func (d drawing) number(word, short string, area parts.Rect) {
	d.StrongPanel(area)
	d.LineIn(d.t(word), kind(theme.Body, typeset.Regular, d.Palette.Muted), area.X+46, area.Y+46, area.W-92)
	t := parts.Type{Size: theme.Figures, Weight: typeset.Bold, Color: d.Palette.Primary, Min: 60}
	d.SpacedIn(short, t, area.X+46, area.Y+area.H*0.655, area.W-92)
}

// appointment is when to come back, and with what.
func (d drawing) appointment(v *session.Done, area parts.Rect) {
	d.Panel(area)
	halves := area.Rows(2, 0)
	icons, left, right := area.X+100, area.X+188, area.Right()-40
	label, due, note := d.t("done.due"), v.Due, v.DueNote
	switch {
	case due == "" && note != "": // it is handed in elsewhere
		label, due, note = d.t("done.hand-in"), note, ""
	case due == "":
		due = d.t("done.due-open")
	}
	p := d.Palette
	d.ThinIcon("calendar-clock", icons, halves[0].MidY(), 104, 1.6, p.Primary)
	d.stack([]written{
		{label, kind(theme.Body, typeset.Regular, p.Muted)},
		{due, parts.Type{Size: 58, Weight: typeset.Bold, Color: p.Ink, Min: 40, Leading: 1.25}},
		{note, parts.Type{Size: theme.Hint, Weight: typeset.Regular, Color: p.Muted, Min: 30, Leading: 1.3}},
	}, parts.Rect{X: left, Y: halves[0].Y + 10, W: right - left, H: halves[0].H - 20})
	d.Rule(area.X+40, halves[1].Y, area.W-80)
	d.ThinIcon("files", icons, halves[1].MidY(), 104, 1.6, p.Primary)
	d.stack([]written{
		{d.t("done.bring"), kind(theme.Body, typeset.Regular, p.Muted)},
		{strings.Join(v.Bring, " · "), parts.Type{Size: theme.Title, Weight: typeset.SemiBold, Color: p.Ink, Leading: 1.3}},
		{v.Fee, parts.Type{Size: theme.Title, Weight: typeset.SemiBold, Color: p.Ink, Leading: 1.3}},
	}, parts.Rect{X: left, Y: halves[1].Y + 10, W: right - left, H: halves[1].H - 20})
}

// written is a text and how it looks.
type written struct {
	text string
	t    parts.Type
}

// stack writes texts one under the other in the middle of a room; all become smaller if they are too much together.
func (d drawing) stack(texts []written, room parts.Rect) {
	heights := make([]float32, len(texts))
	for shrink := float32(0); ; shrink += 2 {
		var sum float32
		for i, w := range texts {
			w.t.Size = max(w.t.Size-shrink, min(w.t.Size, theme.MinSmall))
			w.t.Min = min(w.t.Size, theme.MinSmall)
			heights[i] = 0
			if w.text != "" {
				heights[i] = d.HeightOf(w.text, w.t, room.W)
			}
			sum += heights[i]
		}
		if sum > room.H && shrink < theme.Heading {
			continue
		}
		y := room.Y + max(0, (room.H-sum)/2)
		for i, w := range texts {
			w.t.Size = max(w.t.Size-shrink, min(w.t.Size, theme.MinSmall))
			w.t.Min = min(w.t.Size, theme.MinSmall)
			d.Paragraph(w.text, w.t, parts.Rect{X: room.X, Y: y, W: room.W, H: heights[i] + 1})
			y += heights[i]
		}
		return
	}
}

// doneAside is the card that must not be forgotten, and the slip.
func (d drawing) doneAside(v *session.Done, area parts.Rect) {
	slip := area
	if v.CardLeft {
		card := parts.Rect{X: area.X, Y: area.Y, W: area.W, H: 296}
		slip = parts.Rect{X: area.X, Y: card.Bottom() + 24, W: area.W, H: area.H - card.H - 24}
		if d.Portrait {
			halves := area.Columns(2, 24)
			card, slip = halves[0], halves[1]
		}
		d.takeCard(card)
		d.slip(v, slip)
		return
	}
	rating := parts.Rect{X: slip.X, Y: slip.Bottom() - 210, W: slip.W, H: 210}
	if d.Portrait {
		halves := area.Columns(2, 24)
		slip, rating = halves[0], halves[1]
	} else {
		slip.H -= rating.H + 24
	}
	d.slip(v, slip)
	d.rating(v, rating)
}

// rating asks how content the person is, once the card is taken: five marks, from sad to glad, each a touch.
func (d drawing) rating(v *session.Done, area parts.Rect) {
	d.Panel(area)
	t := with(kind(36, typeset.SemiBold, d.Palette.Ink), parts.Middle)
	word := d.t("done.rate")
	if v.Stars > 0 {
		word = d.t("done.rated")
	}
	d.LineIn(word, t, area.X+20, area.Y+46, area.W-40)
	row := parts.Rect{X: area.X + theme.MinGap, Y: area.MidY() - 12, W: area.W - 2*theme.MinGap, H: 100}
	if d.Portrait {
		row.Y = area.MidY() - 20
	}
	for i, box := range row.Columns(session.MostStars, theme.MinGap) {
		n := i + 1
		shape, ink := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: theme.EdgeWidth, Radius: theme.Radius}, colour(d.Palette.Ink)
		if d.Touchable(starID+strconv.Itoa(n), box) || n == v.Stars {
			shape.Fill, shape.Edge, ink = d.Palette.Primary, d.Palette.Primary, d.Palette.OnPrimary
		}
		d.Box(box, shape)
		d.ThinIcon("face-"+strconv.Itoa(n), box.MidX(), box.MidY(), 68, 2, ink)
	}
}

func (d drawing) takeCard(area parts.Rect) {
	p := d.Palette
	d.Box(area, parts.Shape{Fill: p.Warning, Edge: p.WarningInk, Width: 4, Radius: theme.Radius})
	const words = 110
	d.cardPicture("card", 236, 150, 118, 26, parts.Rect{X: area.X + 30, Y: area.Y + 28, W: area.W - 60, H: area.H - words - 34})
	d.Paragraph(d.t("done.take-card"), parts.Type{Size: 48, Weight: typeset.Bold, Color: p.WarningInk, Align: parts.Middle, Min: 40},
		parts.Rect{X: area.X + 20, Y: area.Bottom() - words, W: area.W - 40, H: words - 10})
}

// slips are what is shown for each state of printing.
var slips = map[session.Printing]struct{ picture, icon, key string }{
	session.PrintNone:    {"", "pencil", "done.print-none"},
	session.PrintRunning: {"printer-slip", "printer", "done.print-running"},
	session.PrintOK:      {"printer-slip", "circle-check", "done.print-ok"},
	session.PrintUnsure:  {"printer-slip", "info", "done.print-unsure"},
	session.PrintFailed:  {"printer-empty", "triangle-alert", ""},
}

// slip says where the slip is.
func (d drawing) slip(v *session.Done, area parts.Rect) {
	look := slips[v.Printing]
	words := ""
	if look.key != "" {
		words = d.t(look.key)
	} else {
		words = d.faultText(v.Fault, "title")
	}
	d.Panel(area)
	t := kind(theme.Body, typeset.SemiBold, d.Palette.Ink)
	high := min(area.H*0.42, d.HeightOf(words, t, area.W-130)+24)
	text := parts.Rect{X: area.X + 10, Y: area.Bottom() - high - 12, W: area.W - 20, H: high}
	if look.picture == "" {
		text = area.Inset(10, 10)
	} else {
		room := parts.Rect{X: area.X + 30, Y: area.Y + 20, W: area.W - 60, H: area.H - high - 40}
		pic := min(room.H, 230)
		if v.Printing == session.PrintFailed {
			pic = min(pic, 124)
		}
		d.Picture(look.picture, parts.Rect{X: room.X, Y: room.MidY() - pic/2, W: room.W, H: pic}, false)
	}
	d.Labelled(look.icon, 46, words, t, text, false)
}
