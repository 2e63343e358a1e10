package citizen

import (
	"cmp"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// weekdays are the keys of their names, from Sunday as in time.Weekday.
var weekdays = [...]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// welcome asks for the card: the two steps as pictures, the time, and the way for those who have none.
func (d drawing) welcome() {
	d.welcomeBar()
	low := d.below()
	if d.Portrait {
		d.welcomeUpright(low)
		return
	}
	p := d.Palette
	if !d.calls(parts.Rect{X: 64, Y: 116, W: 1120, H: 160}) {
		d.LineIn(d.t("welcome.title"), parts.Type{Size: theme.Hello, Weight: typeset.Bold, Color: p.Ink, Min: 48}, 64, 170, 1120)
		d.LineIn(d.under(), kind(theme.Body, typeset.Regular, p.Muted), 64, 244, 1120)
	}
	panel := parts.Rect{X: 64, Y: 292, W: 1120, H: low - 292}
	d.Panel(panel)
	d.UprightRule(panel.MidX()+25, panel.Y+42, panel.H-84)
	d.scanStep(parts.Rect{X: panel.X + 20, Y: panel.Y + 24, W: 560, H: panel.H - 48})
	d.layStep(parts.Rect{X: panel.MidX() + 45, Y: panel.Y + 24, W: panel.W/2 - 65, H: panel.H - 48})
	clock := parts.Rect{X: 1232, Y: 132, W: 624, H: 332}
	d.Panel(clock)
	d.clock(clock.X+38, clock.Y+96)
	d.LineIn(d.day("welcome.day"), kind(theme.Body, typeset.Medium, p.Ink), clock.X+38, clock.Y+202, clock.W-76)
	d.Rule(clock.X+38, clock.Y+248, clock.W-76)
	d.aside(clock.X+38, clock.Y+292, clock.W-76)
	d.noCard(parts.Rect{X: 1232, Y: 488, W: 624, H: low - 488})
}

func (d drawing) welcomeUpright(low float32) {
	p := d.Palette
	d.clock(52, 336)
	d.LineIn(d.day("welcome.day-short"), kind(theme.Body, typeset.Medium, p.Ink), 588, 307, 444)
	d.aside(588, 367, 444)
	if !d.calls(parts.Rect{X: 48, Y: 438, W: 984, H: 160}) {
		d.LineIn(d.t("welcome.title"), parts.Type{Size: theme.Heading, Weight: typeset.Bold, Color: p.Ink, Min: 48}, 48, 492, 984)
		d.LineIn(d.under(), kind(theme.Body, typeset.Regular, p.Muted), 48, 563, 984)
	}
	steps := parts.Rect{X: 48, Y: 620, W: 984, H: 720}
	for i, area := range steps.Columns(2, 24) {
		d.Panel(area)
		if i == 0 {
			d.scanStep(area.Inset(14, 24))
		} else {
			d.layStep(area.Inset(14, 24))
		}
	}
	d.noCard(parts.Rect{X: 48, Y: 1364, W: 984, H: low - 1364})
}

// under is the line under the welcome: what to do, or that nobody is at the counter.
func (d drawing) under() string { return cmp.Or(d.snap.Office.Closed, d.t("welcome.text")) }

// calls shows who is called to the counter, over the welcome: one large, or two side by side. It reports whether anybody is.
func (d drawing) calls(area parts.Rect) bool {
	calls := d.snap.Calls[:min(2, len(d.snap.Calls))]
	if len(calls) == 0 {
		return false
	}
	p := d.Palette
	for i, box := range area.Columns(len(calls), 20) {
		c := calls[i]
		d.Box(box, parts.Shape{Fill: p.Primary, Edge: p.Primary, Width: theme.EdgeWidth, Radius: theme.Radius})
		if len(calls) == 1 {
			d.LineIn(d.t("call.title", c.Number), parts.Type{Size: theme.Hello, Weight: typeset.Bold, Color: p.OnPrimary, Min: 48}, box.X+46, box.MidY(), box.W/2-20)
			d.LineIn(d.t("call.counter", c.Counter), with(parts.Type{Size: theme.Hello, Weight: typeset.Bold, Color: p.OnPrimary, Min: 48}, parts.Right), box.MidX(), box.MidY(), box.W/2-46)
			continue
		}
		d.LineIn(d.t("call.title", c.Number), with(parts.Type{Size: theme.Heading, Weight: typeset.Bold, Color: p.OnPrimary, Min: 40}, parts.Middle), box.X+20, box.MidY()-32, box.W-40)
		d.LineIn(d.t("call.counter", c.Counter), with(parts.Type{Size: theme.Body, Weight: typeset.SemiBold, Color: p.OnPrimary, Min: 36}, parts.Middle), box.X+20, box.MidY()+38, box.W-40)
	}
	return true
}

// welcomeBar is what stands in the bar instead of back and continue.
func (d drawing) welcomeBar() {
	y, p := d.barTop()+72, d.Palette
	d.Icon("shield-check", d.margin()+20, y, 42, p.Muted)
	d.LineIn(d.t("welcome.wiped"), kind(theme.Hint-1, typeset.Regular, p.Muted), d.margin()+55, y, 420)
	if !d.Portrait {
		d.LineIn(d.snap.Office.Label, with(kind(theme.Hint-1, typeset.Regular, p.Muted), parts.Right), 1336, y, 520)
	}
}

// clock draws the time, each digit in its cell.
func (d drawing) clock(x, y float32) {
	if now := d.screen.now; !now.IsZero() {
		d.Figures(now.Format("15:04"), kind(theme.Clock, typeset.Bold, d.Palette.Ink), x, y)
	}
}

// day is the date in words.
func (d drawing) day(key string) string {
	now := d.screen.now
	if now.IsZero() {
		return ""
	}
	return d.t(key, d.t("welcome."+weekdays[now.Weekday()]), now.Format("02/01/2006"))
}

// aside is the line under the date: who waits at the desk, else the name of this machine.
func (d drawing) aside(x, y, room float32) {
	p := d.Palette
	icon, words := "users", d.t("welcome.waiting", d.snap.Office.Waiting)
	switch {
	case d.snap.Office.Waiting < 0:
		icon, words = "info", d.t("welcome.free")
	case d.snap.Office.Waiting == 0:
		words = d.t("welcome.nobody")
	}
	d.Icon(icon, x+20, y, 42, p.Muted)
	d.LineIn(words, kind(theme.Body, typeset.Regular, p.Muted), x+58, y, room-58)
}

// scanStep and layStep are the two things to do with the card.
func (d drawing) scanStep(area parts.Rect) {
	d.step("1", "show-code", 480, 250, 146, 61, d.wide("welcome.scan"), d.wide("welcome.scan-text"), area)
}

func (d drawing) layStep(area parts.Rect) {
	d.step("2", "lay-card", 470, 280, 230, 27, d.wide("welcome.lay"), d.wide("welcome.lay-text"), area)
}

// wide is a text, or its shorter form on an upright page.
func (d drawing) wide(key string) string {
	if d.Portrait && d.has(key+"-short") {
		key += "-short"
	}
	return d.t(key)
}

// step draws a picture with a numbered line and a hint under it. The picture's own size is given, and where on it the
// words of the card stand.
func (d drawing) step(n, picture string, w, h, textX, textY float32, title, text string, area parts.Rect) {
	const words, radius, gap = 170, 29, 18
	room := parts.Rect{X: area.X, Y: area.Y, W: area.W, H: area.H - words}
	d.cardPicture(picture, w, h, textX, textY, room)
	t := kind(theme.Body, typeset.SemiBold, d.Palette.Ink)
	width := min(d.Fonts.Width(title, t.Weight, t.Size), area.W-2*radius-gap)
	x, y := area.MidX()-(2*radius+gap+width)/2, room.Bottom()+54
	d.Numbered(n, x+radius, y, radius, true, d.Palette.Primary)
	d.LineIn(title, t, x+2*radius+gap, y, width+1)
	hint := parts.Type{Size: theme.Hint, Weight: typeset.Regular, Color: d.Palette.Muted, Align: parts.Middle}
	d.Paragraph(text, hint, parts.Rect{X: area.X + 8, Y: y + 36, W: area.W - 16, H: area.Bottom() - y - 36})
}

// cardPicture draws a picture on which a card is, with the words on the card: SVG text would need a font of its own.
func (d drawing) cardPicture(name string, w, h, textX, textY float32, room parts.Rect) {
	k := min(room.W/w, room.H/h, 1.18)
	area := parts.Rect{X: room.MidX() - w*k/2, Y: room.MidY() - h*k/2, W: w * k, H: h * k}
	d.Picture(name, area, false)
	const size = 17
	d.Tiny(d.t("welcome.card"), with(kind(size*k, typeset.Bold, d.Palette.BandInk), parts.Middle), area.X+textX*k, area.Y+textY*k)
}

// noCard is the way for those who have no card with them.
func (d drawing) noCard(area parts.Rect) {
	shape := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: theme.EdgeWidth, Radius: theme.Radius}
	ink, soft := d.Palette.Ink, d.Palette.Muted
	if d.Touchable(noCardID, area) {
		shape.Fill, shape.Edge, ink, soft = d.Palette.Primary, d.Palette.Primary, d.Palette.OnPrimary, d.Palette.OnPrimary
	}
	d.Box(area, shape)
	const tall = 320
	if area.H > tall && !d.Portrait {
		d.noCardTall(area, ink, soft)
		return
	}
	const icon, left = 96, 164
	d.ThinIcon("user-round-x", area.X+86, area.MidY(), icon, 2, ink)
	room := area.W - left - 30
	if d.Portrait {
		d.Icon("chevron-right", area.Right()-70, area.MidY(), 56, ink)
		room -= 90
	}
	d.LineIn(d.t("welcome.no-card"), kind(theme.Title+1, typeset.SemiBold, ink), area.X+left, area.MidY()-30, room)
	d.LineIn(d.t("welcome.no-card-text"), kind(theme.Body, typeset.Regular, soft), area.X+left, area.MidY()+32, room)
}

// noCardTall is the same where there is room for a large picture.
func (d drawing) noCardTall(area parts.Rect, ink, soft colour) {
	d.ThinIcon("user-round-x", area.MidX()+8, area.MidY()-72, 148, 1.8, ink)
	d.LineIn(d.t("welcome.no-card"), with(kind(theme.Title+2, typeset.SemiBold, ink), parts.Middle), area.X+24, area.MidY()+62, area.W-48)
	d.LineIn(d.t("welcome.no-card-text"), with(kind(theme.Body, typeset.Regular, soft), parts.Middle), area.X+24, area.MidY()+126, area.W-48)
}
