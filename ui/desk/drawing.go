package desk

import (
	"fmt"
	"image/color"
	"strings"
	"time"

	"motcua/kiosk/board"
	"motcua/kiosk/identity"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// Type sizes of the officer's screens, in design pixels.
const (
	sizeBody  = 20
	sizeKey   = 22
	sizeTitle = 28
	sizePage  = 32
	sizeSmall = 18
)

// Measures of the page.
const (
	margin  = 24
	gap     = 14
	topHigh = 64
	hints   = 48
	strip   = 52
	radius  = 10
)

// drawing is one page on its way to a sheet.
type drawing struct {
	*parts.Sheet
	screen *Screen
	snap   board.Snapshot
}

// t is a text. Of a failure that says to citizens what became of their filing, it is what it says to officers.
func (d drawing) t(key string, args ...any) string {
	if code, ok := strings.CutSuffix(key, ".what"); ok && d.screen.opt.Texts.Has(code+".desk") {
		key = code + ".desk"
	}
	return d.screen.opt.Texts.Get(key, args...)
}

func kind(size float32, weight typeset.Weight, c color.Color) parts.Type {
	return parts.Type{Size: size, Weight: weight, Color: c, Min: 16, Leading: 1.3}
}

func (d drawing) body() parts.Type  { return kind(sizeBody, typeset.Regular, d.Palette.Ink) }
func (d drawing) bold() parts.Type  { return kind(sizeBody, typeset.SemiBold, d.Palette.Ink) }
func (d drawing) muted() parts.Type { return kind(sizeBody, typeset.Regular, d.Palette.Muted) }

func (d drawing) whole() {
	d.Fill(d.Whole(), d.Palette.Paper)
	d.top()
	if d.snap.Page == board.SignIn {
		d.door()
		d.keys([][2]string{{arrows, "desk.hint.name"}, {"0–9", "desk.hint.pin"}, {"Enter", "desk.hint.in"}})
		return
	}
	switch d.snap.Page {
	case board.OwnCard:
		d.ownCard()
		return
	case board.Inside:
		d.inside()
		return
	case board.Figures:
		d.month()
		return
	case board.Devices:
		d.parts()
		return
	case board.Admin:
		d.admin()
		return
	}
	body := parts.Rect{X: margin, Y: topHigh + gap, W: d.W - 2*margin, H: d.H - topHigh - hints - strip - 2*gap}
	list := parts.Rect{X: body.X, Y: body.Y, W: 580, H: body.H}
	view := parts.Rect{X: list.Right() + gap, Y: body.Y, W: 880, H: body.H}
	side := parts.Rect{X: view.Right() + gap, Y: body.Y, W: body.Right() - view.Right() - gap, H: body.H}
	d.list(list)
	d.view(view)
	d.side(side)
	if d.snap.Dialog != nil {
		d.dialog(view)
	}
	d.strip()
	d.keys(d.queueKeys())
}

// inside is the head while the officer is in a citizen's session; the citizen's page lies under it.
func (d drawing) inside() {
	whole := d.Whole()
	d.Fill(parts.Rect{X: whole.X, Y: whole.Y, W: whole.W, H: topHigh - whole.Y}, d.Palette.Primary)
	word := d.t("desk.inside.here")
	if d.snap.Station != "" {
		word = d.t("desk.inside.kiosk", d.snap.Station)
	}
	d.LineIn(word, kind(sizeTitle, typeset.Bold, d.Palette.OnPrimary), margin, topHigh/2, d.W*0.6)
	d.capKey("key.escape", "Esc", d.t("desk.inside.back"), d.W-margin, topHigh/2)
}

func (d drawing) top() {
	whole := d.Whole()
	d.Fill(parts.Rect{X: whole.X, Y: whole.Y, W: whole.W, H: topHigh - whole.Y}, d.Palette.Surface)
	d.Rule(whole.X, topHigh-1, whole.W)
	logo := parts.Rect{X: margin, Y: 10, W: 44, H: 44}
	d.Box(logo, parts.Shape{Fill: d.Palette.Primary, Radius: radius})
	d.Icon("door-open", logo.MidX(), logo.MidY(), 32, d.Palette.OnPrimary)
	x := logo.Right() + 14
	x += d.Line(d.t("top.brand"), kind(sizeTitle, typeset.Bold, d.Palette.Primary), x, topHigh/2) + 16
	office := kind(sizeSmall, typeset.Regular, d.Palette.Muted)
	d.Line(d.clip(d.snap.Office, office, d.tabsAt()-x-16), office, x, topHigh/2)
	tabs := d.tabs()
	right, now := float32(d.W-margin), d.snap.Now
	clock := now.Format("15:04") + " · " + weekday(now) + " " + identity.DateOf(now).String()
	if d.snap.Officer != "" {
		w := d.capKey("key.lock", "F10", d.t("desk.lock"), right, topHigh/2)
		right -= w + 20
		t := d.bold()
		t.Align = parts.Right
		room := right - 52 - d.Fonts.Width(clock, typeset.SemiBold, sizeBody) - tabs
		right -= d.Line(d.clip(d.snap.Officer, t, min(200, room)), t, right, topHigh/2) + 12
		d.Icon("users", right-10, topHigh/2, 24, d.Palette.Muted)
		right -= 40
	}
	d.Line(clock, parts.Type{Size: sizeBody, Weight: typeset.SemiBold, Color: d.Palette.Ink, Align: parts.Right}, right, topHigh/2)
}

// tabsEnd is where the tabs end at the latest.
const tabsEnd = 1262

// tabsAt is where the tabs begin: where they always did, or further left if there are many.
func (d drawing) tabsAt() float32 {
	at, wide := float32(594), float32(-tabGap)
	for _, t := range d.tabList() {
		wide += d.tabWide(t) + tabGap
	}
	return min(at, tabsEnd-wide)
}

// tab is a page that the officer may open, or the search.
type tab struct{ id, keyboard string }

const tabGap = 14

func (d drawing) tabList() []tab {
	var list []tab
	for _, p := range d.snap.Pages {
		list = append(list, tab{string(p), map[board.Page]string{board.Queue: "F1", board.Figures: "F3", board.Devices: "F4", board.Admin: "Q"}[p]})
		if p == board.Queue {
			list = append(list, tab{"find", "F2"})
		}
	}
	return list
}

// tabCap is how wide the cap of its key is, tabWide the whole.
func (d drawing) tabCap(t tab) float32 {
	return max(36, d.Fonts.Width(t.keyboard, typeset.SemiBold, sizeSmall)+20)
}

func (d drawing) tabWide(t tab) float32 {
	return d.tabCap(t) + d.Fonts.Width(d.t("desk.tab."+t.id), d.bold().Weight, sizeBody) + 32
}

// tabs are the pages that the officer may open, and the search; it gives where what is beside them may begin.
func (d drawing) tabs() float32 {
	x := d.tabsAt()
	for _, w := range d.tabList() {
		on := string(d.snap.Page) == w.id && !d.snap.Search || w.id == "find" && d.snap.Search
		t := d.bold()
		area := parts.Rect{X: x, Y: topHigh/2 - 22, W: d.tabWide(w), H: 44}
		shape, edge := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: 2, Radius: radius}, color.Color(d.Palette.Edge)
		if on {
			shape.Fill, shape.Edge, t.Color, edge = d.Palette.Primary, d.Palette.Primary, d.Palette.OnPrimary, d.Palette.OnPrimary
		}
		d.Touchable("tab."+w.id, area)
		d.Box(area, shape)
		d.cap(w.keyboard, area.X+8, area.MidY(), t.Color, edge)
		d.Line(d.t("desk.tab."+w.id), t, area.X+d.tabCap(w)+18, area.MidY())
		x = area.Right() + tabGap
	}
	return x
}

// weekday is T2 to T7, CN.
func weekday(t time.Time) string {
	if t.Weekday() == time.Sunday {
		return "CN"
	}
	return fmt.Sprint("T", int(t.Weekday())+1)
}

// day is T6 27/11 of this year's dates.
func day(t time.Time) string { return weekday(t) + t.Format(" 02/01") }

var weekdays = [...]string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"}

// longDay is thứ Sáu 27/11, with the year if it is another one.
func (d drawing) longDay(t time.Time) string {
	if t.Year() == d.snap.Now.Year() {
		return weekdays[t.Weekday()] + t.Format(" 02/01")
	}
	return weekdays[t.Weekday()] + t.Format(" 02/01/2006")
}

// cap draws a key of the keyboard, and gives its width.
func (d drawing) cap(word string, x, y float32, ink, edge color.Color) float32 {
	t := kind(sizeSmall, typeset.SemiBold, ink)
	w := max(36, d.Fonts.Width(word, t.Weight, t.Size)+20)
	d.Box(parts.Rect{X: x, Y: y - 15, W: w, H: 30}, parts.Shape{Fill: color.Transparent, Edge: edge, Width: 2, Radius: 7})
	t.Align = parts.Middle
	d.Line(word, t, x+w/2, y)
	return w
}

// Caps of the keys up and down, and left and right.
const (
	arrows   = "arrows"
	sideways = "sideways"
	left     = "left"
	right    = "right"
)

// hint draws a cap of the line at the bottom.
func (d drawing) hint(word string, x, y float32) float32 {
	icons, ok := map[string][2]string{arrows: {"chevron-up", "chevron-down"}, sideways: {"arrow-left", "arrow-right"}}[word]
	if !ok {
		return d.cap(word, x, y, d.Palette.OnPrimary, d.Palette.OnPrimary)
	}
	w := d.cap("", x, y, d.Palette.OnPrimary, d.Palette.OnPrimary) + 6
	w += d.cap("", x+w, y, d.Palette.OnPrimary, d.Palette.OnPrimary)
	d.Icon(icons[0], x+18, y, 22, d.Palette.OnPrimary)
	d.Icon(icons[1], x+60, y, 22, d.Palette.OnPrimary)
	return w
}

// hintWide is how wide a cap of the line at the bottom is.
func (d drawing) hintWide(word string) float32 {
	if word == arrows || word == sideways {
		return 78
	}
	return max(36, d.Fonts.Width(word, typeset.SemiBold, sizeSmall)+20)
}

// clip is a text that fits into a room, with an ellipsis if it had to be cut: lists are for finding, the whole stands in the view.
func (d drawing) clip(text string, t parts.Type, room float32) string {
	if d.Fonts.Width(text, t.Weight, t.Size) <= room {
		return text
	}
	letters := []rune(text)
	for len(letters) > 0 && d.Fonts.Width(string(letters)+"…", t.Weight, t.Size) > room {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimSpace(string(letters)) + "…"
}

// capKey is a key that can be clicked, with its right edge at x; it gives its width.
func (d drawing) capKey(id, keyboard, word string, x, y float32) float32 {
	t, capWide := d.bold(), float32(36)
	if keyboard != left && keyboard != right {
		capWide = max(capWide, d.Fonts.Width(keyboard, typeset.SemiBold, sizeSmall)+20)
	}
	w := capWide + d.Fonts.Width(word, t.Weight, t.Size) + 36
	area := parts.Rect{X: x - w, Y: y - 22, W: w, H: 44}
	d.Touchable(id, area)
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Edge, Width: 2, Radius: radius})
	if icon := map[string]string{left: "arrow-left", right: "arrow-right"}[keyboard]; icon != "" { // the font has no arrows
		d.cap("", area.X+10, y, d.Palette.Ink, d.Palette.Edge)
		d.Icon(icon, area.X+28, y, 20, d.Palette.Ink)
	} else {
		d.cap(keyboard, area.X+10, y, d.Palette.Ink, d.Palette.Edge)
	}
	d.Line(word, t, area.X+capWide+20, y)
	return w
}

// badge draws a mark with its right edge at x, and gives its width.
func (d drawing) badge(icon, word string, mood mood, x, y float32) float32 {
	fill, edge, ink := mood.colours(d.Palette)
	t := kind(sizeSmall, typeset.SemiBold, ink)
	w := d.Fonts.Width(word, t.Weight, t.Size) + 48
	area := parts.Rect{X: x - w, Y: y - 15, W: w, H: 30}
	d.Box(area, parts.Shape{Fill: fill, Edge: edge, Width: 2, Radius: 7})
	d.Icon(icon, area.X+19, y, 20, ink)
	d.Line(word, t, area.X+36, y)
	return w
}

// mood is the colour of a mark.
type mood int

const (
	plain mood = iota
	good
	careful
	bad
	chosen
)

func (m mood) colours(p theme.Palette) (fill, edge, ink color.Color) {
	switch m {
	case good:
		return p.Band, p.Band, p.BandInk
	case careful:
		return p.Warning, p.Warning, p.WarningInk
	case bad:
		return p.Surface, p.Danger, p.Danger
	case chosen:
		return p.Primary, p.Primary, p.OnPrimary
	}
	return p.Surface, p.Edge, p.Muted
}

// keys is the line at the bottom that names the keys.
func (d drawing) keys(list [][2]string) {
	whole := d.Whole()
	y := d.H - hints
	d.Fill(parts.Rect{X: whole.X, Y: y, W: whole.W, H: whole.Bottom() - y}, d.Palette.Ink)
	note := parts.Type{Size: sizeBody, Weight: typeset.SemiBold, Color: d.Palette.Warning, Align: parts.Right}
	room := d.W - 2*margin
	if d.snap.Notice != "" {
		word := d.clip(d.t(d.snap.Notice, d.snap.Of...), note, room)
		room -= d.Line(word, note, d.W-margin, y+hints/2)
	}
	x := float32(margin)
	for _, k := range d.withCardKey(list) {
		t := kind(sizeBody, typeset.Regular, d.Palette.OnPrimary)
		if x+d.hintWide(k[0])+10+d.Fonts.Width(d.t(k[1]), t.Weight, t.Size) > margin+room { // what was just done is more urgent
			break
		}
		x += d.hint(k[0], x, y+hints/2) + 10
		x += d.Line(d.t(k[1]), t, x, y+hints/2) + 32
	}
}
