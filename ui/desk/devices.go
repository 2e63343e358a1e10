package desk

import (
	"fmt"
	"image/color"
	"slices"
	"strconv"
	"strings"
	"time"

	"motcua/kiosk/board"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// parts is the page of devices.
func (d drawing) parts() {
	p := d.snap.Parts
	if p == nil {
		return
	}
	keys := [][2]string{{arrows, "desk.hint.part"}}
	if p.Tests {
		keys = append(keys, [2]string{"Enter", "desk.hint.test"}, [2]string{"Ctrl+T", "desk.hint.test-all"})
	}
	if p.Chooses {
		keys = append(keys, [2]string{"C", "desk.hint.pick"})
	}
	keys = append(keys, [2]string{"F5", "desk.hint.again"})
	if p.Chooser != nil {
		keys = [][2]string{{arrows, "desk.hint.device"}, {"Enter", "desk.hint.take"}, {"Esc", "desk.hint.close"}}
	} else if len(d.snap.Pages) > 1 {
		keys = append(keys, [2]string{"Esc", "desk.hint.queue"})
	}
	d.keys(keys)
	body := parts.Rect{X: margin, Y: topHigh + gap, W: d.W - 2*margin, H: d.H - topHigh - hints - 2*gap}
	d.partsHead(p, parts.Rect{X: body.X, Y: body.Y, W: body.W, H: headHigh})
	room := parts.Rect{X: body.X, Y: body.Y + headHigh + gap, W: body.W, H: body.H - headHigh - gap}
	if len(p.Panels) == 0 {
		d.Panel(room)
		d.empty(room)
		return
	}
	rows := room.Rows(board.PanelsOnPage/2, gap)
	for i, x := range p.Panels {
		d.part(i, x, i == p.At, rows[i/2].Columns(2, gap)[i%2])
	}
	if p.Chooser != nil {
		d.chooser(p.Chooser, room)
	}
}

func (d drawing) partsHead(p *board.Parts, area parts.Rect) {
	right := area.Right()
	if p.Tests {
		right -= d.strongKey("key.test-all", "Ctrl+T", d.t("desk.parts.test-all"), right, area.MidY()) + 14
	}
	right -= d.capKey("key.again", "F5", d.t("desk.parts.again"), right, area.MidY()) + 14
	right -= d.belled(right, area.MidY())
	x := area.X + d.Line(d.t("desk.parts.title"), kind(sizePage, typeset.Bold, d.Palette.Ink), area.X, area.MidY()) + 18
	for _, c := range []struct {
		n    int
		key  string
		icon string
		mood mood
	}{{p.Good, "good", "circle-check", good}, {p.Care, "care", "triangle-alert", careful}, {p.Bad, "bad", "x", bad}} {
		if c.n > 0 {
			x += d.mark(c.icon, d.t("desk.parts."+c.key, c.n), c.mood, x, area.MidY()) + 12
		}
	}
	word := ""
	switch {
	case p.Looking:
		word = d.t("desk.parts.looking")
	case p.Above+p.Below > 0:
		word = d.t("desk.parts.more", p.Above+1, p.Above+len(p.Panels), p.Above+len(p.Panels)+p.Below)
	}
	d.Line(d.clip(word, d.muted(), right-x-16), d.muted(), x+8, area.MidY())
}

var partIcons = map[string]string{"reader": "nfc", "scanner": "scan-qr-code", "sheets": "files", "printer": "receipt-text", "voice": "volume-2", "screen": "monitor",
	"paper": "printer", "store": "hard-drive", "backup": "archive", "portal": "send"}

// moods are how they look.
var moods = map[board.Mood]look{board.Unknown: {"timer", plain}, board.Ready: {"circle-check", good}, board.Care: {"triangle-alert", careful},
	board.Missing: {"x", bad}, board.Faulty: {"circle-alert", bad}, board.Off: {"x", bad}, board.Unused: {"circle", plain}}

// part is one panel.
func (d drawing) part(i int, x board.Panel, chosen bool, area parts.Rect) {
	d.Touchable(fmt.Sprint("part.", i), area)
	shape := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Line, Width: 2, Radius: radius}
	if chosen {
		shape.Edge, shape.Width = d.Palette.Primary, 4
	}
	d.Box(area, shape)
	const side, key = 84, 236
	icon := parts.Rect{X: area.X + 24, Y: area.MidY() - side/2, W: side, H: side}
	d.Box(icon, parts.Shape{Fill: iconGround, Radius: radius})
	d.Icon(partIcons[x.Name], icon.MidX(), icon.MidY(), 46, d.Palette.Primary)
	left := icon.Right() + 22
	right := area.Right() - 24
	if x.Tests {
		box := parts.Rect{X: right - key, Y: area.MidY() - 32, W: key, H: 64}
		if x.Chooses {
			box.Y -= 38
			d.pickKey(i, parts.Rect{X: box.X, Y: box.Y + 76, W: key, H: 64})
		}
		d.partKey(i, x, box)
		right -= key + 20
	}
	l := moods[x.Mood]
	word := d.badgeWord(x)
	badge := d.Fonts.Width(word, typeset.SemiBold, sizeSmall) + 48
	title := kind(26, typeset.Bold, d.Palette.Ink)
	name := d.clip(d.t("desk.part."+x.Name), title, right-left-badge-16)
	lines := x.Lines[:min(2, len(x.Lines))]
	if x.Result != nil {
		lines = slices.Concat(lines[:min(1, len(lines))], []board.Words{*x.Result})
	}
	if x.Told != nil {
		lines = slices.Concat(lines[:min(1, len(lines))], []board.Words{*x.Told})
	}
	low := kind(sizeBody, typeset.Regular, d.Palette.Ink)
	heights := make([]float32, len(lines))
	sum := float32(38)
	for n, w := range lines {
		heights[n] = min(2*low.Size*low.Leading, d.HeightOf(d.words(w), low, right-left))
		sum += heights[n] + 4
	}
	y := area.MidY() - sum/2
	wide := d.Line(name, title, left, y+16)
	d.badge(l.icon, word, l.mood, left+wide+16+badge, y+16)
	y += 42
	for n, w := range lines {
		t := low
		if n == 0 {
			t.Color = d.Palette.Muted
		}
		d.Paragraph(d.words(w), t, parts.Rect{X: left, Y: y, W: right - left, H: heights[n] + 2})
		y += heights[n] + 4
	}
}

// iconGround is behind the icon of a part.
var iconGround = color.NRGBA{R: 0xEC, G: 0xF3, B: 0xF3, A: 0xFF}

// partKey is the key that tests a part, or how far the test is.
func (d drawing) partKey(i int, x board.Panel, area parts.Rect) {
	if x.Testing && x.Station != "" {
		d.Touchable(fmt.Sprint("test.", i), area)
		d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: 2, Radius: radius})
		d.Labelled("x", 24, d.t("desk.parts.stop"), kind(sizeKey, typeset.SemiBold, d.Palette.Ink), area, false)
		return
	}
	if x.Testing {
		d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Line, Width: 2, Radius: radius})
		t := kind(sizeSmall, typeset.SemiBold, d.Palette.Ink)
		t.Align = parts.Middle
		word := d.t("desk.parts.testing")
		if x.Share > 0 {
			word += " " + strconv.Itoa(int(100*x.Share)) + " %"
		}
		d.Line(word, t, area.MidX(), area.Y+24)
		bar := parts.Rect{X: area.X + 16, Y: area.Bottom() - 20, W: area.W - 32, H: 8}
		d.Fill(bar, d.Palette.Line)
		d.Fill(parts.Rect{X: bar.X, Y: bar.Y, W: bar.W * float32(min(1, x.Share)), H: bar.H}, d.Palette.Primary)
		return
	}
	d.Touchable(fmt.Sprint("test.", i), area)
	d.Box(area, parts.Shape{Fill: d.Palette.Primary, Edge: d.Palette.Primary, Width: 2, Radius: radius})
	d.Labelled("play", 24, d.t("desk.part."+x.Name+".test"), kind(sizeKey, typeset.SemiBold, d.Palette.OnPrimary), area, false)
}

// badgeWord says in a word or two how a part is: what its fault is called, if that has a short name.
func (d drawing) badgeWord(x board.Panel) string {
	if key := "desk.badge." + string(x.Code); x.Code != "" && d.screen.opt.Texts.Has(key) {
		return d.t(key)
	}
	return d.t("desk.badge." + string(x.Mood))
}

// words are a text with what it names. What to do about a fault is another thing for who mends it than for a citizen.
func (d drawing) words(w board.Words) string {
	if w.Key == "" {
		return fmt.Sprint(w.Args...)
	}
	key := w.Key
	if fix := strings.TrimSuffix(key, ".do") + ".fix"; fix != key && d.screen.opt.Texts.Has(fix) {
		key = fix
	}
	args := make([]any, len(w.Args))
	for i, a := range w.Args {
		switch a := a.(type) {
		case time.Time:
			args[i] = d.moment(a)
		case int:
			args[i] = number(a)
		case board.Words:
			args[i] = d.words(a)
		case uint64:
			args[i] = volume(a)
		default:
			args[i] = a
		}
	}
	return d.t(key, args...)
}

// moment is 09:18, with the day if that was another one.
func (d drawing) moment(t time.Time) string {
	t = t.In(d.snap.Now.Location())
	if t.Format(time.DateOnly) == d.snap.Now.Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("15:04 02/01/2006")
}

// volume writes 12,3 GB.
func volume(n uint64) string {
	const mega, giga = 1e6, 1e9
	if n < giga {
		return strconv.FormatUint(n/mega, 10) + " MB"
	}
	return strings.Replace(strconv.FormatFloat(float64(n)/giga, 'f', 1, 64), ".", ",", 1) + " GB"
}
