package desk

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
	"time"

	"motcua/kiosk/board"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// Measures of the page of figures.
const (
	headHigh  = 60
	cardHigh  = 128
	timesHigh = 44
	tableRow  = 27
)

// month is the page of figures.
func (d drawing) month() {
	m := d.snap.Month
	if m == nil {
		return
	}
	body := parts.Rect{X: margin, Y: topHigh + gap, W: d.W - 2*margin, H: d.H - topHigh - hints - 2*gap}
	d.monthHead(m, parts.Rect{X: body.X, Y: body.Y, W: body.W, H: headHigh})
	d.monthKeys(m)
	room := parts.Rect{X: body.X, Y: body.Y + headHigh + gap, W: body.W, H: body.H - headHigh - gap}
	if m.Computing || m.Failed != "" {
		d.noMonth(m, room)
		return
	}
	y := room.Y
	d.cards(m, parts.Rect{X: room.X, Y: y, W: room.W, H: cardHigh})
	y += cardHigh
	d.times(m, parts.Rect{X: room.X, Y: y, W: room.W, H: timesHigh})
	y += timesHigh
	table := float32(2+board.FigureRows)*tableRow + 4
	charts := parts.Rect{X: room.X, Y: y, W: room.W, H: room.Bottom() - table - gap - y}
	d.services(m, parts.Rect{X: charts.X, Y: charts.Y, W: 1182, H: charts.H})
	d.months(m, parts.Rect{X: charts.X + 1182 + gap, Y: charts.Y, W: charts.W - 1182 - gap, H: charts.H})
	d.table(m, parts.Rect{X: room.X, Y: room.Bottom() - table, W: room.W, H: table})
}

func (d drawing) monthKeys(m *board.Month) {
	keys := [][2]string{{sideways, "desk.hint.month"}, {arrows, "desk.hint.rows"}, {"F5", "desk.hint.compute"}}
	if m.Exports {
		keys = append(keys, [2]string{"Ctrl+E", "desk.hint.export"})
	}
	if m.Prints {
		keys = append(keys, [2]string{"Ctrl+P", "desk.hint.print-month"}, [2]string{"D", "desk.hint.print-day"})
	}
	if m.Registers {
		keys = append(keys, [2]string{"S", "desk.hint.register"}, [2]string{"H", "desk.hint.register-day"})
	}
	d.keys(append(keys, [2]string{"Esc", "desk.hint.queue"}))
}

// pageTitle is the heading of a page with a word beside it; it gives the x behind both.
func (d drawing) pageTitle(title, word string, area parts.Rect, room float32) float32 {
	x := area.X + d.Line(title, kind(sizePage, typeset.Bold, d.Palette.Ink), area.X, area.MidY()) + 18
	t := d.muted()
	return x + d.Line(d.clip(word, t, area.X+room-x), t, x, area.MidY())
}

// belled says who wants an officer, at the right end x; it gives the room it took.
func (d drawing) belled(x, y float32) float32 {
	if len(d.snap.Bells) == 0 {
		return 0
	}
	b := d.snap.Bells[0]
	w := d.capKey("key.help", "F9", d.t("desk.help"), x, y) + 10
	return w + d.badge("concierge-bell", d.t("desk.bell", b.Station), careful, x-w, y) + 16
}

func (d drawing) monthHead(m *board.Month, area parts.Rect) {
	x, y := area.Right(), area.MidY()
	if m.Prints {
		x -= d.strongKey("key.print", "Ctrl+P", d.t("desk.figures.print"), x, y) + 14
		x -= d.capKey("key.day", "D", d.t("desk.figures.day"), x, y) + 14
	}
	if m.Registers {
		x -= d.capKey("key.register", "S", d.t("desk.register"), x, y) + 14
	}
	if m.Exports {
		x -= d.capKey("key.export", "Ctrl+E", d.t("desk.figures.export"), x, y) + 14
	}
	if m.Next {
		x -= d.capKey("key.after", right, d.t("desk.figures.month", int(m.To.Month())), x, y) + 14
	}
	x -= d.capKey("key.before", left, d.t("desk.figures.month", int(m.From.AddDate(0, 0, -1).Month())), x, y) + 14
	x -= d.belled(x, y)
	word := d.t("desk.figures.range", m.From.Format("02/01"), m.To.AddDate(0, 0, -1).Format("02/01"))
	switch {
	case m.Busy:
		word = d.t("desk.figures.busy")
	case !m.Made.IsZero() && !m.Complete:
		word += " · " + d.t("desk.figures.running", m.Made.In(m.From.Location()).Format("15:04"))
	}
	d.pageTitle(d.t("desk.figures.title", m.From.Format("01/2006")), word, area, x-area.X)
}

// strongKey is a capKey for what the page is there for.
func (d drawing) strongKey(id, keyboard, word string, x, y float32) float32 {
	t := kind(sizeBody, typeset.SemiBold, d.Palette.OnPrimary)
	capWide := max(36, d.Fonts.Width(keyboard, typeset.SemiBold, sizeSmall)+20)
	w := capWide + d.Fonts.Width(word, t.Weight, t.Size) + 36
	area := parts.Rect{X: x - w, Y: y - 22, W: w, H: 44}
	d.Touchable(id, area)
	d.Box(area, parts.Shape{Fill: d.Palette.Primary, Edge: d.Palette.Primary, Width: 2, Radius: radius})
	d.cap(keyboard, area.X+10, y, d.Palette.OnPrimary, d.Palette.OnPrimary)
	d.Line(word, t, area.X+capWide+20, y)
	return w
}

// noMonth says that the figures are being made, or why there are none.
func (d drawing) noMonth(m *board.Month, area parts.Rect) {
	d.Panel(area)
	icon, word := "timer", d.t("desk.figures.computing")
	if m.Failed != "" {
		icon, word = "circle-alert", d.t("fault."+string(m.Failed)+".what")
	}
	d.Icon(icon, area.MidX(), area.MidY()-60, 96, d.Palette.Muted)
	t := kind(sizeTitle, typeset.SemiBold, d.Palette.Ink)
	t.Align = parts.Middle
	d.Line(word, t, area.MidX(), area.MidY()+30)
}

// cards are the five figures that are asked for first.
func (d drawing) cards(m *board.Month, area parts.Rect) {
	x := area.Columns(5, gap)
	t := m.Total
	before := d.t("desk.figures.late-unknown")
	if m.LateBefore >= 0 {
		before = d.t("desk.figures.late-before", number(m.LateBefore))
	}
	late := d.Palette.Ink
	if t.Late > 0 {
		late = d.Palette.Danger
	}
	onTime, kiosk := share(m.OnTimeShare, t.Resolved), share(m.KioskShare, t.Received)
	d.card(x[0], "file-text", "received", number(t.Received), d.t("desk.figures.carried", number(t.Carried)), d.Palette.Ink)
	d.card(x[1], "check", "resolved", number(t.Resolved), d.t("desk.figures.pending", number(t.Pending)), d.Palette.Ink)
	d.card(x[2], "clock", "on-time", onTime, number(t.OnTime)+" / "+number(t.Resolved), d.Palette.BandInk)
	d.card(x[3], "timer", "late", number(t.Late), before, late)
	d.card(x[4], "monitor", "kiosk", kiosk, number(t.Kiosk)+" / "+number(t.Received), d.Palette.Ink)
}

func (d drawing) card(area parts.Rect, icon, key, figure, beside string, ink color.Color) {
	d.Panel(area)
	d.Icon(icon, area.X+34, area.Y+32, 26, d.Palette.Muted)
	d.LineIn(d.t("desk.figures."+key), d.muted(), area.X+56, area.Y+32, area.W-72)
	large, t := kind(52, typeset.Bold, ink), d.muted()
	if wide := d.Fonts.Width(figure, large.Weight, large.Size) + d.Fonts.Width(beside, t.Weight, t.Size); wide > area.W-60 {
		large.Size, t.Size = 36, sizeSmall
	}
	w := d.Line(figure, large, area.X+22, area.Y+86) + 16
	d.Line(d.clip(beside, t, area.W-w-38), t, area.X+22+w, area.Y+94)
}

// times is the line about waiting, handling and what people think.
func (d drawing) times(m *board.Month, area parts.Rect) {
	x, y := area.X+8, area.MidY()
	put := func(icon, text string) {
		d.Icon(icon, x+12, y, 22, d.Palette.Muted)
		x += 30 + d.Line(text, kind(sizeSmall, typeset.Regular, d.Palette.Ink), x+30, y) + 34
	}
	spread := func(key string, s board.Span) string {
		if s.Count == 0 {
			return d.t("desk.figures." + key + ".none")
		}
		return d.t("desk.figures."+key, d.lasting(s.Median), d.lasting(s.P90))
	}
	put("users", spread("wait", m.Wait))
	put("hand", spread("handling", m.Handling))
	put("timer", spread("resolution", m.Resolution))
	if m.Rated == 0 {
		put("star", d.t("desk.figures.rated.none"))
		return
	}
	put("star", d.t("desk.figures.rated", strings.Replace(strconv.FormatFloat(m.Stars, 'f', 1, 64), ".", ",", 1), number(m.Rated)))
}

// lasting is a duration in words.
func (d drawing) lasting(x time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case x >= 2*day:
		return d.t("desk.figures.days", int(x.Round(day)/day))
	case x >= 2*time.Hour:
		return d.t("desk.figures.hours", int(x.Round(time.Hour)/time.Hour))
	}
	return d.t("desk.figures.minutes", max(1, int(x.Round(time.Minute)/time.Minute)))
}

// services is the chart of services: what came, what was resolved.
func (d drawing) services(m *board.Month, area parts.Rect) {
	d.Panel(area)
	d.Line(d.t("desk.figures.by-service"), kind(sizeKey, typeset.Bold, d.Palette.Ink), area.X+22, area.Y+32)
	x := area.Right() - 22
	for _, l := range []struct {
		key  string
		fill color.Color
	}{{"resolved", d.Palette.PictureFill}, {"received", d.Palette.Primary}} {
		t := d.body()
		t.Align = parts.Right
		x -= d.Line(d.t("desk.figures."+l.key), t, x, area.Y+32) + 10
		d.Box(parts.Rect{X: x - 30, Y: area.Y + 22, W: 30, H: 20}, parts.Shape{Fill: l.fill, Edge: d.Palette.Primary, Width: 2, Radius: 3})
		x -= 30 + 26
	}
	const label, foot = 290, 34
	plot := parts.Rect{X: area.X + label, Y: area.Y + 60, W: area.W - label - 90, H: area.H - 60 - foot}
	if len(m.Bars) == 0 {
		d.empty(area)
		return
	}
	most := 0
	for _, b := range m.Bars {
		most = max(most, b.Received, b.Resolved)
	}
	step := tick(most, 5)
	top := step * ((max(most, 1) + step - 1) / step)
	for v := 0; v <= top; v += step {
		at := plot.X + plot.W*float32(v)/float32(top)
		d.UprightRule(at, plot.Y-4, plot.H+8)
		t := kind(sizeSmall, typeset.Regular, d.Palette.Muted)
		t.Align = parts.Middle
		d.Line(number(v), t, at, plot.Bottom()+18)
	}
	const pairHigh = 62 // of the pair of bars of a service: few services make no thicker ones
	used := plot
	used.H = min(plot.H, pairHigh*float32(len(m.Bars)))
	rows := used.Rows(len(m.Bars), 8)
	for i, b := range m.Bars {
		name := b.Name
		if name == "" {
			name = d.t("desk.figures.others")
		}
		t := kind(sizeBody, typeset.Regular, d.Palette.Ink)
		t.Align = parts.Right
		d.Line(d.clip(name, t, label-36), t, plot.X-14, rows[i].MidY())
		pair := rows[i].Rows(2, 3)
		d.bar(b.Received, top, pair[0], plot.W, d.Palette.Primary)
		d.bar(b.Resolved, top, pair[1], plot.W, d.Palette.PictureFill)
	}
}

func (d drawing) bar(n, of int, area parts.Rect, whole float32, fill color.Color) {
	w := whole * float32(n) / float32(of)
	if n > 0 {
		d.Box(parts.Rect{X: area.X, Y: area.Y, W: max(4, w), H: area.H}, parts.Shape{Fill: fill, Edge: d.Palette.Primary, Width: 2, Radius: 3})
	}
	t := kind(sizeSmall, typeset.SemiBold, d.Palette.Ink)
	word := number(n)
	// The number stands on a line of the grid without it going through.
	d.Fill(parts.Rect{X: area.X + w + 6, Y: area.MidY() - 9, W: d.Fonts.Width(word, t.Weight, t.Size) + 8, H: 18}, d.Palette.Surface)
	d.Line(word, t, area.X+w+10, area.MidY())
}

// months is the chart of the months side by side.
func (d drawing) months(m *board.Month, area parts.Rect) {
	d.Panel(area)
	d.Line(d.t("desk.figures.months"), kind(sizeKey, typeset.Bold, d.Palette.Ink), area.X+22, area.Y+32)
	plot := parts.Rect{X: area.X + 34, Y: area.Y + 90, W: area.W - 68, H: area.H - 90 - 56}
	most := 1
	for _, x := range m.Months {
		most = max(most, x.Received)
	}
	d.Fill(parts.Rect{X: plot.X, Y: plot.Bottom(), W: plot.W, H: 2}, d.Palette.Edge)
	columns := plot.Columns(6, 34)
	for i, x := range m.Months {
		c := columns[i+6-len(m.Months)]
		h := plot.H * float32(x.Received) / float32(most)
		fill := d.Palette.PictureFill
		if i == len(m.Months)-1 {
			fill = d.Palette.Primary
		}
		if x.Received > 0 {
			d.Box(parts.Rect{X: c.X, Y: c.Bottom() - h, W: c.W, H: h}, parts.Shape{Fill: fill, Edge: d.Palette.Primary, Width: 2, Radius: 3})
		}
		t := kind(sizeBody, typeset.SemiBold, d.Palette.Ink)
		t.Align = parts.Middle
		d.Line(number(x.Received), t, c.MidX(), c.Bottom()-h-18)
		t.Weight, t.Color = typeset.Regular, d.Palette.Muted
		d.Line(fmt.Sprint("T", int(x.Month.Month())), t, c.MidX(), c.Bottom()+26)
	}
}

func (d drawing) empty(area parts.Rect) {
	t := d.muted()
	t.Align = parts.Middle
	d.Line(d.t("desk.figures.nothing"), t, area.MidX(), area.MidY())
}

// monthColumns are those of the table, with their right edges as parts of a thousand of its width.
var monthColumns = []struct {
	key   string
	right float32
	value func(board.MonthRow) int
}{
	{"carried", 305, func(r board.MonthRow) int { return r.Carried }},
	{"received", 385, func(r board.MonthRow) int { return r.Received }},
	{"portal", 470, func(r board.MonthRow) int { return r.Portal }},
	{"kiosk", 535, func(r board.MonthRow) int { return r.Kiosk }},
	{"desk", 610, func(r board.MonthRow) int { return r.Desk }},
	{"resolved", 690, func(r board.MonthRow) int { return r.Resolved }},
	{"on-time", 765, func(r board.MonthRow) int { return r.OnTime }},
	{"late", 835, func(r board.MonthRow) int { return r.Late }},
	{"returned", 900, func(r board.MonthRow) int { return r.Returned }},
	{"pending", 992, func(r board.MonthRow) int { return r.Pending }},
}

// table is the services one by one, and their sum.
func (d drawing) table(m *board.Month, area parts.Rect) {
	d.Panel(area)
	y := area.Y + 2
	d.TopBox(parts.Rect{X: area.X + 2, Y: y, W: area.W - 4, H: tableRow}, headGround, radius)
	head := kind(sizeSmall, typeset.SemiBold, d.Palette.Ink)
	d.Line(d.t("report.service"), head, area.X+16, y+tableRow/2)
	head.Align = parts.Right
	for _, c := range monthColumns {
		d.Line(d.t("report.short."+c.key), head, area.X+area.W*c.right/1000, y+tableRow/2)
	}
	for _, r := range m.Rows {
		y += tableRow
		d.Rule(area.X, y, area.W)
		d.tableRow(r, r.Name, typeset.Regular, parts.Rect{X: area.X, Y: y, W: area.W, H: tableRow})
	}
	y = area.Bottom() - 2 - tableRow
	d.Fill(parts.Rect{X: area.X, Y: y - 1, W: area.W, H: 2}, d.Palette.Edge)
	word := d.t("report.total")
	if m.Above+m.Below > 0 {
		word = d.t("desk.figures.sum", m.Above+len(m.Rows)+m.Below, m.Above+1, m.Above+len(m.Rows))
	}
	d.tableRow(m.Total, word, typeset.Bold, parts.Rect{X: area.X, Y: y, W: area.W, H: tableRow})
}

func (d drawing) tableRow(r board.MonthRow, name string, weight typeset.Weight, area parts.Rect) {
	t := kind(sizeSmall, weight, d.Palette.Ink)
	d.Line(d.clip(name, t, area.W*monthColumns[0].right/1000-120), t, area.X+16, area.MidY())
	t.Align = parts.Right
	for _, c := range monthColumns {
		one := t
		n := c.value(r)
		if c.key == "late" && n > 0 {
			one.Color, one.Weight = d.Palette.Danger, typeset.Bold
		}
		d.Line(number(n), one, area.X+area.W*c.right/1000, area.MidY())
	}
}

// headGround is behind the head of a table.
var headGround = color.NRGBA{R: 0xEE, G: 0xEA, B: 0xE0, A: 0xFF}

// tick is a round step with at most so many of them up to most.
func tick(most, steps int) int {
	for size := 1; ; size *= 10 {
		for _, x := range []int{size, 2 * size, 5 * size} {
			if x*steps >= most {
				return x
			}
		}
	}
}

// number writes 2.427.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// share writes 97,2 %, and a dash for a share of nothing.
func share(x float64, of int) string {
	switch {
	case of == 0:
		return "–"
	case x == math.Trunc(x):
		return strconv.Itoa(int(x)) + " %"
	}
	return strings.Replace(strconv.FormatFloat(x, 'f', 1, 64), ".", ",", 1) + " %"
}
