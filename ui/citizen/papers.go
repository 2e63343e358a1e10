package citizen

import (
	"strconv"
	"strings"

	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// papers lists what the case asks for; a touch says "I have it here".
func (d drawing) papers() {
	area := d.header(d.t("papers.title"))
	n := len(d.snap.Papers)
	if n == 0 {
		return
	}
	most, remark := float32(152), float32(72)
	if d.Portrait {
		most, remark = 226, 120
	}
	const gap, many = 16, 5
	if n >= many && !d.Portrait {
		remark = 0
	}
	list := area
	list.H = min(area.H-remark, most*float32(n)+gap*float32(n-1))
	for i, row := range list.Rows(n, gap) {
		d.paper(d.snap.Papers[i], row)
	}
	if remark == 0 {
		return
	}
	left := parts.Rect{X: area.X + 60, Y: list.Bottom() + 10, W: area.W - 60, H: area.Bottom() - list.Bottom() - 10}
	left.H = min(left.H, remark)
	d.Icon("info", area.X+28, left.MidY(), 42, d.Palette.Muted)
	d.Paragraph(d.t("papers.remark"), parts.Type{Size: theme.Hint, Weight: typeset.Regular, Color: d.Palette.Muted, Min: 32}, left)
}

func (d drawing) paper(p session.Paper, area parts.Rect) {
	look := d.paperLook(p, area)
	const left, right = 112, 28
	word := d.paperWord(p)
	t := kind(theme.Hint, typeset.SemiBold, look.ink)
	wide := float32(0)
	if word != "" {
		wide = d.Fonts.Width(word, t.Weight, t.Size) + right
	}
	room := parts.Rect{X: area.X + left, Y: area.Y + 4, W: area.W - left - right - wide, H: area.H - 8}
	if d.Portrait {
		room.W = area.W - left - right
	}
	d.Icon(look.icon, area.X+60, area.MidY(), 60, look.ink)
	d.paperWords(p.Name, p.Note, look.ink, look.soft, room)
	if word != "" && !d.Portrait {
		d.Line(word, with(t, parts.Right), area.Right()-right, area.MidY())
	}
}

// paperLook is how a row looks, by what is known of the paper.
type paperLook struct {
	ink, soft colour
	icon      string
}

func (d drawing) paperLook(p session.Paper, area parts.Rect) paperLook {
	c := d.Palette
	if p.Made {
		d.Box(area, parts.Shape{Fill: c.Band, Edge: c.BandLine, Width: theme.LineWidth, Radius: theme.Radius})
		return paperLook{c.BandInk, c.BandInk, "circle-check"}
	}
	pressed := d.Touchable(paperID+p.ID, area)
	if pressed || p.Brought {
		d.Box(area, parts.Shape{Fill: c.Primary, Edge: c.Primary, Width: theme.EdgeWidth, Radius: theme.Radius})
		return paperLook{c.OnPrimary, c.OnPrimary, "circle-check"}
	}
	d.Box(area, parts.Shape{Fill: c.Surface, Edge: c.Edge, Width: theme.EdgeWidth, Radius: theme.Radius})
	return paperLook{c.Ink, c.Muted, "circle"}
}

func (d drawing) paperWord(p session.Paper) string {
	switch {
	case p.Made:
		return d.t("papers.made")
	case p.Brought:
		return d.t("papers.brought")
	}
	return d.t("papers.not-brought")
}

// paperWords writes name and note of a paper.
func (d drawing) paperWords(name, note string, ink, soft colour, room parts.Rect) {
	d.TitleAndText(name, note, parts.Type{Size: theme.Body, Weight: typeset.Bold, Color: ink, Leading: theme.Tight},
		parts.Type{Size: 36, Weight: typeset.Regular, Color: soft, Leading: theme.Tight, Min: 32}, room)
}

// consent says what is done with the facts, before they are filed, and has the key for who does not want that.
func (d drawing) consent() {
	area := d.header(d.t("consent.title"))
	v := d.snap.Consent
	if v == nil {
		return
	}
	points := []struct{ icon, key, text string }{
		{"id-card", "consent.read", strings.Join(v.Data, "; ")}, {"file-pen", "consent.why", d.t("consent.why-text", v.Purpose)},
		{"users", "consent.who", d.t("consent.who-text", v.Who)}, {"timer", "consent.kept", v.Kept},
	}
	const left, keyHigh, keyWide, gap = 124, 88, 640, 18
	refuse := parts.Rect{X: area.X, Y: area.Bottom() - keyHigh, W: min(keyWide, area.W), H: keyHigh}
	d.Key(parts.Key{ID: refuseID, Word: d.t("key.refuse"), Icon: "x", Size: 38}, refuse)
	area.H -= keyHigh + gap
	d.Panel(area)
	for i, row := range area.Rows(len(points), 0) {
		if i > 0 {
			d.Rule(row.X, row.Y, row.W)
		}
		p := points[i]
		d.Icon(p.icon, row.X+68, row.MidY(), 64, d.Palette.Primary)
		d.TitleAndText(d.t(p.key), p.text, parts.Type{Size: theme.Body, Weight: typeset.Bold, Color: d.Palette.Ink, Leading: theme.Tight, Min: 36},
			parts.Type{Size: 36, Weight: typeset.Regular, Color: d.Palette.Muted, Leading: theme.Tight, Min: 30},
			parts.Rect{X: row.X + left, Y: row.Y + 6, W: row.W - left - 30, H: row.H - 12})
	}
}

// counter says that this is done at the desk, and what to bring there.
func (d drawing) counter() {
	c := d.snap.Counter
	if c == nil {
		return
	}
	area := d.header(d.t("counter.title"))
	left := parts.Rect{X: area.X, Y: area.Y, W: area.W - 600, H: area.H}
	right := parts.Rect{X: left.Right() + 32, Y: area.Y, W: 568, H: area.H}
	if d.Portrait {
		left = parts.Rect{X: area.X, Y: area.Y, W: area.W, H: area.H * 0.68}
		right = parts.Rect{X: area.X, Y: left.Bottom() + 24, W: area.W, H: area.H*0.32 - 24}
	}
	d.Panel(left)
	room := left.Inset(46, 30)
	d.LineIn(c.Service, kind(48, typeset.Bold, d.Palette.Primary), room.X, room.Y+30, room.W)
	words := d.t("counter.bring")
	switch {
	case len(c.Where) > 0:
		words = d.t("counter.where")
	case len(c.Papers) == 0:
		words = d.t("counter.bring-nothing")
	}
	d.Paragraph(words, parts.Type{Size: theme.Body, Weight: typeset.Regular, Color: d.Palette.Muted}, parts.Rect{X: room.X, Y: room.Y + 66, W: room.W, H: 62})
	d.bullets(counterLines(c), parts.Rect{X: room.X, Y: room.Y + 134, W: room.W, H: room.H - 134})
	switch {
	case c.Ticket > 0 && d.Portrait:
		halves := right.Columns(2, 24)
		d.number("counter.ticket", strconv.Itoa(c.Ticket), halves[0])
		right = halves[1]
	case c.Ticket > 0:
		d.number("counter.ticket", strconv.Itoa(c.Ticket), parts.Rect{X: right.X, Y: right.Y, W: right.W, H: 216})
		right.Y, right.H = right.Y+240, right.H-240
	}
	d.Panel(right)
	high := min(right.H-240, 260)
	d.Picture("officer", parts.Rect{X: right.X + 40, Y: right.Y + 40, W: right.W - 80, H: high}, false)
	d.Paragraph(d.t("counter.officer"), parts.Type{Size: theme.Body, Weight: typeset.SemiBold, Color: d.Palette.Ink, Align: parts.Middle},
		parts.Rect{X: right.X + 30, Y: right.Y + 60 + high, W: right.W - 60, H: right.H - high - 90})
}

// bullet is a thing of a list with its mark.
type bullet struct{ icon, text string }

// counterLines are where to go, what to bring, what it costs and how long it takes.
func counterLines(c *session.Counter) []bullet {
	var list []bullet
	for _, one := range c.Where {
		list = append(list, bullet{"map-pin", one})
	}
	for _, one := range c.Papers {
		list = append(list, bullet{"files", one})
	}
	if c.Fee != "" {
		list = append(list, bullet{"receipt-text", c.Fee})
	}
	if c.Due != "" {
		list = append(list, bullet{"timer", c.Due})
	}
	return list
}

// bullets writes a list, each thing behind its mark.
func (d drawing) bullets(list []bullet, area parts.Rect) {
	const left, gap = 62, 10
	t := parts.Type{Size: theme.Body, Weight: typeset.SemiBold, Color: d.Palette.Ink, Leading: 1.3}
	for _, size := range []float32{theme.Body, 38, 36, 34, 32, 30, 28} {
		t.Size, t.Min = size, size
		var sum float32
		for _, one := range list {
			sum += d.HeightOf(one.text, t, area.W-left) + gap
		}
		if sum <= area.H+gap {
			break
		}
	}
	y := area.Y
	for _, one := range list {
		high := d.HeightOf(one.text, t, area.W-left)
		d.Icon(one.icon, area.X+22, y+t.Size*t.Leading/2, 42, d.Palette.Primary)
		d.Paragraph(one.text, t, parts.Rect{X: area.X + left, Y: y, W: area.W - left, H: high + 1})
		y += high + gap
	}
}
