package desk

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"motcua/kiosk/board"
	"motcua/kiosk/filing"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// reading is how the officer looks at the open filing. It is the screen's own: it begins anew with another filing, and nothing of it is kept.
type reading struct {
	of    string // number of the filing
	way   way
	top   int // rows above those that are shown
	shown int // of them that had room when they were drawn last
	below int
	sheet int // which of the pictures is looked at
}

// way is what of a filing is looked at.
type way int

const (
	wayForm   way = iota // its answers
	wayGuide             // what the law wants
	wayFace              // the portrait, for comparing it with the person
	wayPapers            // the pictures of its papers
)

// of begins anew with another filing.
func (r *reading) begin(v *board.View) {
	if of := filingOf(v); of != r.of {
		*r = reading{of: of}
	}
}

// filingOf tells filings apart, "" for none: a short number comes back the next year.
func filingOf(v *board.View) string {
	if v == nil {
		return ""
	}
	return v.Short + v.Filed.Format("/2006")
}

// look goes to a way of looking, or back from it; reports whether there was a filing to look at.
func (s *Screen) look(w way) bool {
	if s.snap.Open == nil || s.snap.Page != board.Queue || s.snap.Dialog != nil || w == wayPapers && len(s.snap.Open.Pictures) == 0 {
		return false
	}
	if s.reading.way == w {
		w = wayForm
	}
	s.reading.way, s.reading.top = w, 0
	s.showPictures()
	s.draw()
	return true
}

// toPicture goes to a picture, by its place: not while a dialog asks about the one that is looked at.
func (s *Screen) toPicture(at int) {
	if n := len(s.snap.Open.Pictures); s.snap.Dialog == nil && at >= 0 && at < n {
		s.reading.way, s.reading.sheet, s.reading.top = wayPapers, at, 0
		s.showPictures()
		s.draw()
	}
}

// showPictures has the pictures that are looked at.
func (s *Screen) showPictures() {
	var list []filing.Picture
	of, large := filingOf(s.snap.Open), 0
	if v := s.snap.Open; v != nil {
		if list = v.Pictures; len(list) == 0 && s.reading.way == wayPapers {
			s.reading.way = wayForm
		}
		if s.reading.sheet = min(s.reading.sheet, max(0, len(list)-1)); s.reading.way == wayPapers {
			large = list[s.reading.sheet].Number
		}
	}
	s.pages.show(of, list, large, s.opt.Later, s.draw)
}

// pictureKey takes a key on the page of pictures.
func (s *Screen) pictureKey(k fyne.KeyName) bool {
	if s.snap.Open == nil || s.reading.way != wayPapers || s.snap.Dialog != nil {
		return false
	}
	switch k {
	case fyne.KeyLeft:
		s.toPicture(s.reading.sheet - 1)
	case fyne.KeyRight:
		s.toPicture(s.reading.sheet + 1)
	case fyne.KeyDelete:
		s.opt.Intent(board.Unpicture{Number: s.snap.Open.Pictures[s.reading.sheet].Number})
	default:
		return false
	}
	return true
}

// turn goes one page up or down in what is looked at; false if all of it is seen.
func (s *Screen) turn(by int) bool {
	r := &s.reading
	if s.snap.Open == nil || s.snap.Page != board.Queue || s.snap.Dialog != nil || by < 0 && r.top == 0 || by > 0 && r.below == 0 {
		return s.snap.Open != nil && r.way != wayForm
	}
	r.top = max(0, r.top+by*max(1, r.shown-1)) // one row stays in sight
	s.draw()
	return true
}

// readingKey takes a key that is for looking only.
func (s *Screen) readingKey(k fyne.KeyName) bool {
	if s.pictureKey(k) {
		return true
	}
	switch k {
	case fyne.KeyPageUp:
		return s.turn(-1)
	case fyne.KeyPageDown:
		return s.turn(1)
	case fyne.KeyEscape:
		return s.reading.way != wayForm && s.look(wayForm)
	}
	return false
}

// unlike says on which facts parts of the card do not agree; it gives its height.
func (d drawing) unlike(v *board.View, area parts.Rect) float32 {
	if len(v.Unlike) == 0 {
		return 0
	}
	const high = 44
	var list []string
	for _, x := range v.Unlike {
		list = append(list, d.t("desk.unlike.one", d.t("desk.card-fact."+x.Fact), d.t("desk.card-part."+string(x.One)), d.t("desk.card-part."+string(x.Other))))
	}
	row := parts.Rect{X: area.X, Y: area.Y, W: area.W, H: high}
	d.Fill(row, d.Palette.Warning)
	d.Icon("triangle-alert", row.X+34, row.MidY(), 26, d.Palette.WarningInk)
	d.LineIn(d.t("desk.unlike", strings.Join(list, "; ")), kind(sizeBody, typeset.SemiBold, d.Palette.WarningInk), row.X+60, row.MidY(), row.W-76)
	return high
}

// facts are the answers, as many as have room; the rest is a key away.
func (d drawing) facts(v *board.View, area, photo parts.Rect) {
	r := &d.screen.reading
	r.top = min(r.top, max(0, len(v.Facts)-1))
	room := area
	if r.top > 0 || !d.fit(v, area, photo) {
		room.H -= turnHigh
	}
	y, at := area.Y, r.top
	for ; at < len(v.Facts); at++ {
		row := parts.Rect{X: area.X, Y: y, W: factWide(v, y, area, photo)}
		high := d.factHigh(v.Facts[at], row.W)
		if y+high > room.Bottom() && at > r.top {
			break
		}
		row.H = high
		d.fact(v.Facts[at], row)
		y += high
		d.Rule(area.X, y, row.W)
	}
	r.shown, r.below = at-r.top, len(v.Facts)-at
	if room.H < area.H {
		d.turnRow(parts.Rect{X: area.X, Y: area.Bottom() - turnHigh, W: area.W, H: turnHigh})
	}
}

// fit reports whether all answers have room.
func (d drawing) fit(v *board.View, area, photo parts.Rect) bool {
	y := area.Y
	for _, f := range v.Facts {
		y += d.factHigh(f, factWide(v, y, area, photo))
	}
	return y <= area.Bottom()
}

// factWide is how wide a row at y is: the portrait stands at the right of the first ones.
func factWide(v *board.View, y float32, area, photo parts.Rect) float32 {
	if v.Photo != nil && y < photo.Bottom() {
		return photo.X - area.X - 10
	}
	return area.W
}

// turnHigh is the line with the keys for more.
const turnHigh = 50

// turnRow says how much is above and below, with the keys that lead there.
func (d drawing) turnRow(area parts.Rect) {
	r, x := &d.screen.reading, area.Right()-16
	if r.below > 0 {
		x -= d.capKey("look.down", "PgDn", d.t("desk.look.below", r.below), x, area.MidY()) + 12
	}
	if r.top > 0 {
		d.capKey("look.up", "PgUp", d.t("desk.look.above", r.top), x, area.MidY())
	}
}

// Measures of a row of the form.
const (
	factItem  = 56
	factLabel = 240
	factTag   = 150
	factLeast = 45
)

// factNotes are what stands below a value: what was warned of, what the card says.
func (d drawing) factNotes(f board.Fact) []string {
	var notes []string
	if f.Note != "" {
		notes = append(notes, f.Note)
	}
	if f.Card != "" {
		notes = append(notes, d.t("desk.fact.card", f.Card))
	}
	return notes
}

func (d drawing) noted() parts.Type { return kind(sizeSmall, typeset.Regular, d.Palette.WarningInk) }

// factHigh is how high a row of a width is.
func (d drawing) factHigh(f board.Fact, wide float32) float32 {
	room := wide - factItem - factLabel - factTag
	high := d.HeightOf(f.Value, d.body(), room)
	for _, n := range d.factNotes(f) {
		high += d.HeightOf(n, d.noted(), room)
	}
	return max(factLeast, high+16, d.HeightOf(f.Label, kind(sizeSmall, typeset.Regular, d.Palette.Muted), factLabel-12)+4)
}

// fact is a row of the form.
func (d drawing) fact(f board.Fact, area parts.Rect) {
	room := area.W - factItem - factLabel - factTag
	name := d.muted()
	name.Align = parts.Right
	if len(f.Item) <= 3 { // a number: an unnumbered line of the form has its label twice
		d.Line(f.Item, name, area.X+factItem-16, area.MidY())
	}
	d.Paragraph(f.Label, d.muted(), parts.Rect{X: area.X + factItem, Y: area.Y + 2, W: factLabel - 12, H: area.H - 4})
	value := d.HeightOf(f.Value, d.body(), room)
	high := value
	for _, n := range d.factNotes(f) {
		high += d.HeightOf(n, d.noted(), room)
	}
	y := area.Y + (area.H-high)/2
	d.Paragraph(f.Value, d.body(), parts.Rect{X: area.X + factItem + factLabel, Y: y, W: room, H: value + 2})
	y += value
	for _, n := range d.factNotes(f) {
		high := d.HeightOf(n, d.noted(), room)
		d.Paragraph(n, d.noted(), parts.Rect{X: area.X + factItem + factLabel, Y: y, W: room, H: high + 2})
		y += high
	}
	s := sources[f.Source]
	d.badge(s.icon, d.t("desk.source."+string(f.Source)), s.mood, area.Right()-14, area.MidY())
}

// faceLarge is the portrait as large as the page, beside who it is said to be.
func (d drawing) faceLarge(v *board.View, area parts.Rect) {
	high := area.H - 90
	photo := parts.Rect{X: area.X + 24, Y: area.Y + 20, W: high * 3 / 4, H: high}
	if !d.screen.face.draw(d, photo) {
		d.Icon("id-card", photo.MidX(), photo.MidY(), 120, d.Palette.Muted)
	}
	d.Box(photo, parts.Shape{Edge: d.Palette.Edge, Width: 2, Radius: 4})
	d.Touchable("look.face", photo)
	x, y := photo.Right()+24, photo.Y
	for _, f := range v.Facts[:min(len(v.Facts), 6)] {
		room := area.Right() - x - 20
		d.LineIn(f.Label, kind(sizeSmall, typeset.Regular, d.Palette.Muted), x, y+14, room)
		value := d.HeightOf(f.Value, d.bold(), room)
		d.Paragraph(f.Value, d.bold(), parts.Rect{X: x, Y: y + 28, W: room, H: value + 2})
		y += value + 46
	}
	d.capKey("look.face", "A", d.t("desk.look.back"), area.Right()-16, area.Bottom()-36)
}

// guide is for the officer who does not know this law by heart: the steps in short, the whole is a key away.
func (d drawing) guide(v *board.View, area parts.Rect) {
	d.Panel(area)
	d.Touchable("look.guide", area)
	w := d.cap("G", area.Right()-54, area.Y+28, d.Palette.Ink, d.Palette.Edge)
	d.LineIn(d.t("desk.guide"), kind(sizeKey, typeset.Bold, d.Palette.Ink), area.X+18, area.Y+28, area.W-w-54)
	y, t := area.Y+52, kind(sizeSmall, typeset.Regular, d.Palette.Ink)
	t.Top = true
	for i, step := range v.Guide.Steps {
		line := fmt.Sprintf("%d. %s", i+1, step)
		high := d.HeightOf(line, t, area.W-36)
		if y+high > area.Bottom()-8 {
			break
		}
		d.Paragraph(line, t, parts.Rect{X: area.X + 18, Y: y, W: area.W - 36, H: high + 2})
		y += high + 6
	}
}

// paragraph is a line of the handbook.
type paragraph struct {
	text string
	head bool
}

// chapters are the handbook in its order.
func (d drawing) chapters(g board.Guide) []paragraph {
	var all []paragraph
	add := func(key string, lines ...string) {
		first := true
		for _, line := range lines {
			if line == "" {
				continue
			}
			if first {
				all = append(all, paragraph{d.t("desk.guide." + key), true})
			}
			first = false
			all = append(all, paragraph{line, false})
		}
	}
	var steps []string
	for i, s := range g.Steps {
		steps = append(steps, fmt.Sprintf("%d. %s", i+1, s))
	}
	add("steps", steps...)
	add("papers", g.Papers...)
	add("grounds", g.Grounds...)
	add("authority", g.Authority)
	add("term", d.said(g.Term)...)
	add("fee", d.said(g.Fee)...)
	add("result", g.Result)
	add("free", g.Free...)
	add("law", g.Law...)
	add("doubts", g.Doubts...)
	return all
}

// said are words, a line each.
func (d drawing) said(list []board.Words) []string {
	var lines []string
	for _, w := range list {
		lines = append(lines, d.words(w))
	}
	return lines
}

// handbook is the whole guide of the service.
func (d drawing) handbook(v *board.View, area parts.Rect) {
	all := d.chapters(v.Guide)
	r := &d.screen.reading
	r.top = min(r.top, max(0, len(all)-1))
	y, at, room := area.Y+12, r.top, area.W-60
	for ; at < len(all); at++ {
		t := d.body()
		if all[at].head {
			t = kind(sizeKey, typeset.Bold, d.Palette.Ink)
		}
		t.Top = true
		high := d.HeightOf(all[at].text, t, room) + 8
		if y+high > area.Bottom()-turnHigh-8 && at > r.top {
			break
		}
		x := area.X + 40
		if all[at].head {
			x = area.X + 20
			y += 6
		}
		d.Paragraph(all[at].text, t, parts.Rect{X: x, Y: y, W: room, H: high})
		y += high
	}
	r.shown, r.below = at-r.top, len(all)-at
	line := parts.Rect{X: area.X, Y: area.Bottom() - turnHigh - 4, W: area.W, H: turnHigh}
	d.Rule(area.X, line.Y, area.W)
	d.turnRow(line)
	d.capKey("look.guide", "G", d.t("desk.look.back"), area.X+20+d.keyWide("G", d.t("desk.look.back")), line.MidY())
}

// keyWide is how wide a key is.
func (d drawing) keyWide(keyboard, word string) float32 {
	t := d.bold()
	return max(36, d.Fonts.Width(keyboard, typeset.SemiBold, sizeSmall)+20) + d.Fonts.Width(word, t.Weight, t.Size) + 36
}
