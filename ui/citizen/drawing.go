package citizen

import (
	"image/color"
	"strconv"
	"strings"
	"unicode/utf8"

	"motcua/kiosk/fault"
	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// The ids of what can be touched on more than one page.
const (
	nextID      = "key.next"
	backID      = "key.back"
	callID      = "key.call"
	noCardID    = "nocard"
	searchID    = "search"
	voiceID     = "top.voice"
	languageID  = "top.language"
	broughtID   = "brought"
	starID      = "star." // and how many
	refuseID    = "refuse"
	upID        = "turn.up"
	downID      = "turn.down"
	contrastID  = "top.contrast"
	simulatorID = "simulator"
)

// drawing is a page on its way onto a sheet.
type drawing struct {
	*parts.Sheet
	screen *Screen
	snap   session.Snapshot
}

// pages are the functions that draw what stands between the bars.
var pages = map[session.Page]func(drawing){
	session.PageWelcome:  drawing.welcome,
	session.PageManual:   drawing.form,
	session.PageReading:  drawing.reading,
	session.PageConfirm:  drawing.confirm,
	session.PageService:  drawing.services,
	session.PageQuestion: drawing.question,
	session.PageForm:     drawing.form,
	session.PageSearch:   drawing.search,
	session.PageMine:     drawing.question,
	session.PageTell:     drawing.tell,
	session.PageRows:     drawing.rows,
	session.PagePlace:    drawing.places,
	session.PagePapers:   drawing.papers,
	session.PageReview:   drawing.review,
	session.PageConsent:  drawing.consent,
	session.PageStatus:   drawing.status,
	session.PageFiling:   drawing.filing,
	session.PageDone:     drawing.done,
	session.PageCounter:  drawing.counter,
	session.PageFault:    drawing.fault,
	session.PageIdle:     drawing.idle,
	session.PageTest:     drawing.testing,
}

// whole draws everything.
func (d drawing) whole() {
	d.Fill(d.Whole(), d.Palette.Paper)
	d.topBar()
	d.bottomBar()
	if page, ok := pages[d.snap.Page]; ok {
		page(d)
	}
}

// t is a text of the program.
func (d drawing) t(key string, args ...any) string { return d.screen.opt.Texts.Get(key, args...) }

// has reports whether the program has such a text.
func (d drawing) has(key string) bool { return d.screen.opt.Texts.Has(key) }

// faultText is one of the texts of a fault: title, what, do.
func (d drawing) faultText(code fault.Code, part string) string {
	if key := "fault." + string(code) + "." + part; d.has(key) {
		return d.t(key)
	}
	return d.t("fault." + string(fault.Internal) + "." + part)
}

// kind makes a type: size, weight, colour.
func kind(size float32, weight typeset.Weight, c color.Color) parts.Type {
	return parts.Type{Size: size, Weight: weight, Color: c}
}

// with changes where a type stands.
func with(t parts.Type, a parts.Align) parts.Type {
	t.Align = a
	return t
}

// margin is what stays free at the sides.
func (d drawing) margin() float32 {
	if d.Portrait {
		return 48
	}
	return 64
}

// Where the bars are.
const (
	topHigh, topHighUpright = 104, 220
	barHigh, barHighUpright = 140, 266
	barShort                = 146 // the upright one with one row of keys
	contentTop              = 304
	noticeGap               = 16
)

// barTop is where the bottom bar begins.
func (d drawing) barTop() float32 {
	switch {
	case !d.Portrait:
		return d.H - barHigh
	case d.callOnly():
		return d.H - barShort
	}
	return d.H - barHighUpright
}

// callOnly: neither back nor continue are in the bar.
func (d drawing) callOnly() bool {
	return d.snap.Page == session.PageIdle || !d.snap.Back.Shown && !d.snap.Next.Shown
}

// below is where the content ends: above the notice, if there is one, which is drawn.
func (d drawing) below() float32 {
	low := d.barTop() - 24
	words := ""
	switch {
	case d.snap.Notice != "":
		words = d.t(d.snap.Notice)
	case d.snap.Office.Why != "":
		words = d.t("welcome.closed-why", d.snap.Office.Why)
	default:
		return low
	}
	m, high := d.margin(), float32(80)
	if d.Portrait {
		high = 108
	}
	d.Notice(words, parts.Rect{X: m, Y: low + 8 - high, W: d.W - 2*m, H: high})
	return low + 8 - high - noticeGap
}

// header draws the step line and the heading, and gives what is left for the page.
func (d drawing) header(title string) parts.Rect {
	if d.snap.Title != "" {
		title = d.snap.Title
	}
	m := d.margin()
	dash, begin := float32(76), float32(contentTop)
	area := parts.Rect{X: m, Y: 186, W: d.W - 2*m, H: 94}
	if d.Portrait {
		dash, begin, area.Y = 40, 420, 300
	}
	top := d.stepLine(d.crumbY(), dash)
	d.crumb(parts.Rect{X: m, Y: d.crumbY() - 39, W: max(120, top-m-24), H: 78})
	heading := parts.Type{Size: theme.Heading, Weight: typeset.SemiBold, Color: d.Palette.Ink, Min: 40, Leading: 1.2}
	const oneLine = 54 // a little smaller is better than two lines
	if width := d.Fonts.Width(title, heading.Weight, oneLine); width <= area.W {
		heading.Lines = 1
	} else if d.Portrait {
		area.H, begin = 150, 470
	}
	d.Paragraph(title, heading, area)
	return parts.Rect{X: m, Y: begin, W: area.W, H: d.below() - begin}
}

// crumb is the line above the heading: one line, a little smaller if it must be, or two.
func (d drawing) crumb(area parts.Rect) {
	t := parts.Type{Size: theme.Hint, Weight: typeset.Medium, Color: d.Palette.Muted, Min: theme.MinSmall, Leading: 1.13}
	if d.Fonts.Width(d.snap.Crumb, t.Weight, theme.MinSmall+2) <= area.W {
		t.Lines = 1
	}
	d.Paragraph(d.snap.Crumb, t, area)
}

func (d drawing) crumbY() float32 {
	if d.Portrait {
		return 269
	}
	return 153
}

// stepLine draws how far the citizen is, and tells where that begins.
func (d drawing) stepLine(y, dash float32) (left float32) {
	right := d.W - d.margin()
	if d.snap.Step <= 0 || d.snap.Steps <= 0 {
		return right
	}
	const most = 8
	word := d.t("top.step", d.snap.Step, d.snap.Steps)
	return d.Steps(word, d.snap.Step, min(d.snap.Steps, most), right, y, dash)
}

// logo and words of the top bar.
const (
	logoSize = 72
)

func (d drawing) topBar() {
	whole := d.Whole()
	high := float32(topHigh)
	if d.Portrait {
		high = topHighUpright
	}
	d.Fill(parts.Rect{X: whole.X, Y: whole.Y, W: whole.W, H: high - whole.Y}, d.Palette.Surface)
	d.Rule(whole.X, high-1, whole.W)
	m := d.margin()
	logo := parts.Rect{X: m, Y: 16, W: logoSize, H: logoSize}
	if d.Portrait {
		logo.Y, logo.W, logo.H = 20, 76, 76
	}
	d.Box(logo, parts.Shape{Fill: d.Palette.Primary, Radius: theme.Radius})
	d.Icon("door-open", logo.MidX(), logo.MidY(), 52, d.Palette.OnPrimary)
	easy := parts.Rect{X: d.W - m - 258, Y: 11, W: 258, H: 82}
	room := float32(620)
	if d.Portrait {
		easy = parts.Rect{X: d.W - m - 258, Y: 110, W: 258, H: 86}
		room = d.W - 2*m - 96
	}
	x := logo.Right() + 20
	if d.snap.Language != "" {
		room -= 100
	}
	d.Line(d.t("top.brand"), kind(theme.Body, typeset.Bold, d.Palette.Primary), x, logo.Y+16)
	if d.snap.Helper != "" {
		t := parts.Type{Size: theme.Place, Weight: typeset.Bold, Color: d.Palette.BandInk, Min: theme.MinSmall}
		word := d.t("top.helper", d.snap.Helper)
		if d.Fonts.Width(word, t.Weight, t.Min) > room {
			word = d.t("top.helper", initials(d.snap.Helper))
		}
		d.LineIn(word, t, x, logo.Y+58, room)
	} else {
		d.LineIn(d.place(), parts.Type{Size: theme.Place, Weight: typeset.Regular, Color: d.Palette.Muted, Min: theme.MinSmall},
			x, logo.Y+58, room)
	}
	d.easyKey(easy)
	if d.snap.Voice {
		easy = d.voiceKey(easy)
	}
	if d.snap.Language != "" {
		easy = d.languageKey(easy)
	}
	d.simulated(x+room+16, easy)
}

// place is the office's name and province.
func (d drawing) place() string {
	o := d.snap.Office
	return strings.Trim(strings.Join([]string{o.Name, o.Province}, " · "), " ·")
}

func (d drawing) easyKey(area parts.Rect) {
	k := parts.Key{ID: contrastID, Word: d.t("top.easy"), Icon: "eye"}
	if d.screen.contrast {
		k.Look = parts.Primary
	}
	d.Key(k, area)
}

// voiceKey says the page once more, or ends what is being said; it stands beside the key for easy reading. It gives where
// the row of keys begins.
func (d drawing) voiceKey(easy parts.Rect) parts.Rect {
	const gap = 20
	area := parts.Rect{X: easy.X - gap - easy.W, Y: easy.Y, W: easy.W, H: easy.H}
	d.Key(parts.Key{ID: voiceID, Word: d.t("top.voice"), Icon: "volume-2"}, area)
	return area
}

// languageKey turns to the next language, of which it shows the code. An upright panel has room for it beside the name.
func (d drawing) languageKey(row parts.Rect) parts.Rect {
	const gap, wide, high, top = 20, 160, 82, 12
	area := parts.Rect{X: row.X - gap - wide, Y: row.Y, W: wide, H: row.H}
	rest := area
	if d.Portrait {
		area, rest = parts.Rect{X: d.W - d.margin() - wide, Y: top, W: wide, H: high}, row
	}
	d.Key(parts.Key{ID: languageID, Word: strings.ToUpper(d.snap.Language), Icon: "languages"}, area)
	return rest
}

// simulated draws the mark that says which devices are played.
func (d drawing) simulated(left float32, easy parts.Rect) {
	if len(d.snap.Simulated) == 0 {
		return
	}
	names := make([]string, len(d.snap.Simulated))
	for i, device := range d.snap.Simulated {
		names[i] = d.t("top.simulated-" + device)
	}
	area := parts.Rect{X: left, Y: easy.Y, W: easy.X - 24 - left, H: easy.H}
	if d.Portrait {
		area.X = d.margin()
		area.W = easy.X - 24 - area.X
	}
	ink := d.Palette.WarningInk
	shape := parts.Shape{Fill: d.Palette.Warning, Edge: ink, Width: theme.LineWidth, Radius: theme.Radius}
	if d.screen.opt.Simulator != nil {
		shape.Width = theme.EdgeWidth
		if d.Touchable(simulatorID, area) {
			shape.Fill, ink = d.Palette.Primary, d.Palette.OnPrimary
		}
	}
	d.Box(area, shape)
	d.Paragraph(d.t("top.simulated", strings.Join(names, ", ")),
		parts.Type{Size: 30, Weight: typeset.Medium, Color: ink, Min: theme.MinSmall, Align: parts.Middle, Leading: 1.25}, area.Inset(20, 4))
}

// bottomBar draws the three keys, always in the same place.
func (d drawing) bottomBar() {
	whole, top := d.Whole(), d.barTop()
	d.Fill(parts.Rect{X: whole.X, Y: top, W: whole.W, H: whole.Bottom() - top}, d.Palette.Surface)
	d.Rule(whole.X, top+1, whole.W)
	back := parts.Rect{X: 64, Y: top + 17, W: 372, H: 104}
	call := parts.Rect{X: 742, Y: top + 17, W: 436, H: 104}
	next := parts.Rect{X: 1336, Y: top + 17, W: 520, H: 104}
	if d.Portrait {
		next = parts.Rect{X: 48, Y: top + 24, W: 984, H: 108}
		back = parts.Rect{X: 48, Y: d.H - 122, W: 486, H: 100}
		call = parts.Rect{X: 546, Y: d.H - 122, W: 486, H: 100}
	}
	if d.snap.Page != session.PageIdle {
		d.barKey(backID, d.snap.Back, parts.Plain, false, back)
		d.barKey(nextID, d.snap.Next, parts.Primary, true, next)
	}
	if d.snap.OfficerCalled && d.snap.Call.Shown {
		d.Key(parts.Key{ID: callID, Word: d.t("top.called"), Icon: "circle-check", Look: parts.Done}, call)
		return
	}
	d.barKey(callID, d.snap.Call, parts.Accent, false, call)
}

func (d drawing) barKey(id string, k session.Key, look parts.Look, after bool, area parts.Rect) {
	if !k.Shown {
		return
	}
	d.Key(parts.Key{ID: id, Word: d.t(k.Label), Icon: k.Icon, After: after, Look: look, Off: !k.Enabled}, area)
}

func itoa(n int) string { return strconv.Itoa(n) }

// colour is one of the palette.
type colour = color.NRGBA

// initials is a name of which only the last word, by which people are called, is written out: C. T. Phương.
func initials(name string) string {
	words := strings.Fields(name)
	for i, w := range words[:max(0, len(words)-1)] {
		first, _ := utf8.DecodeRuneInString(w)
		words[i] = string(first) + "."
	}
	return strings.Join(words, " ")
}
