package citizen

import (
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// tell is something to know: a picture and a few sentences.
func (d drawing) tell() {
	v := d.snap.Tell
	if v == nil {
		return
	}
	area := d.header(d.t("question.title"))
	d.Panel(area)
	picture := parts.Rect{X: area.X + 60, Y: area.Y + 60, W: 420, H: area.H - 120}
	text := parts.Rect{X: picture.Right() + 60, Y: area.Y + 40, W: area.Right() - picture.Right() - 120, H: area.H - 80}
	if d.Portrait {
		picture = parts.Rect{X: area.X + 200, Y: area.Y + 60, W: area.W - 400, H: 360}
		text = parts.Rect{X: area.X + 60, Y: picture.Bottom() + 50, W: area.W - 120, H: area.Bottom() - picture.Bottom() - 90}
	}
	name := v.Picture
	if name == "" {
		name = "officer"
	}
	d.Picture(name, picture, false)
	d.Paragraph(v.Text, parts.Type{Size: 48, Weight: typeset.SemiBold, Color: d.Palette.Ink, Leading: 1.4, Min: 34}, text)
}

// The ids of a list of people.
const (
	addRowID    = "rows.add"
	removeRowID = "rows.remove."
)

// rows is a list of people: who is on it, and how one more gets there.
func (d drawing) rows() {
	v := d.snap.Rows
	if v == nil {
		return
	}
	area := d.railed(d.header(d.t("question.title")), v.Page, v.Pages)
	list := parts.Rect{X: area.X, Y: area.Y, W: area.W - 600, H: area.H}
	side := parts.Rect{X: list.Right() + 32, Y: area.Y, W: 568, H: area.H}
	if v.Pages > 1 && !d.Portrait {
		list.W, side.X, side.W = area.W-472, area.Right()-440, 440
	}
	if d.Portrait {
		list = parts.Rect{X: area.X, Y: area.Y, W: area.W, H: area.H * 0.56}
		side = parts.Rect{X: area.X, Y: list.Bottom() + 24, W: area.W, H: area.Bottom() - list.Bottom() - 24}
	}
	if len(v.Problems) > 0 {
		warn := parts.Rect{X: list.X, Y: list.Bottom() - 92, W: list.W, H: 92}
		d.Notice(v.Problems[0].Text, warn)
		list.H -= 108
	}
	d.people(v, list)
	d.howToAdd(v, side)
}

func (d drawing) people(v *session.Rows, area parts.Rect) {
	if len(v.Rows) == 0 {
		d.Panel(area)
		d.ThinIcon("users", area.MidX(), area.MidY()-70, 130, 1.6, d.Palette.Muted)
		d.Paragraph(d.t("rows.nobody"), with(kind(theme.Title, typeset.SemiBold, d.Palette.Muted), parts.Middle),
			parts.Rect{X: area.X + 40, Y: area.MidY() + 20, W: area.W - 80, H: min(160, area.Bottom()-area.MidY()-30)})
		return
	}
	const gap, most = 14, 150
	rows := area
	rows.H = min(area.H, most*session.RowsOnPage+gap*(session.RowsOnPage-1))
	for i, row := range rows.Rows(session.RowsOnPage, gap) {
		if i < len(v.Rows) {
			d.person(v.Rows[i], row)
		}
	}
}

func (d drawing) person(p session.Person, area parts.Rect) {
	d.Panel(area)
	const wide, high, margin = 190, 86, 24
	remove := parts.Rect{X: area.Right() - margin - wide, Y: area.MidY() - high/2, W: wide, H: high}
	d.Key(parts.Key{ID: removeRowID + itoa(p.At), Word: d.t("rows.remove"), Icon: "x", Icons: 36, Size: 34}, remove)
	right := remove.X - 20
	if p.Source == identity.FromChip || p.Source == identity.FromQR {
		d.Tag("id-card", d.tagWord(p.Source), right, area.MidY())
		right -= d.TagWidth(d.tagWord(p.Source)) + 16
	}
	d.Paragraph(p.Text, parts.Type{Size: theme.Body, Weight: typeset.SemiBold, Color: d.Palette.Ink, Leading: theme.Tight, Min: 30},
		parts.Rect{X: area.X + 30, Y: area.Y + 4, W: right - area.X - 30, H: area.H - 8})
}

// howToAdd says what to do with the next card, and has the key for who has none.
func (d drawing) howToAdd(v *session.Rows, area parts.Rect) {
	d.Panel(area)
	const keyHigh, margin = 100, 30
	room := area.Inset(margin, margin)
	if v.CanAdd {
		d.Key(parts.Key{ID: addRowID, Word: d.t("rows.by-hand"), Icon: "keyboard", Size: 38}, parts.Rect{X: room.X, Y: room.Bottom() - keyHigh, W: room.W, H: keyHigh})
		room.H -= keyHigh + 20
	}
	words := d.t("rows.scan")
	switch {
	case v.Reading:
		words = d.t("rows.reading")
	case !v.CanAdd:
		words = d.t("rows.full")
	}
	text := parts.Rect{X: room.X, Y: room.Y + room.H*0.46, W: room.W, H: room.H * 0.54}
	picture := parts.Rect{X: room.X, Y: room.Y, W: room.W, H: room.H * 0.44}
	if d.Portrait {
		picture = parts.Rect{X: room.X, Y: room.Y, W: 330, H: room.H}
		text = parts.Rect{X: picture.Right() + 30, Y: room.Y, W: room.Right() - picture.Right() - 30, H: room.H}
	}
	d.Picture("scanner", picture, false)
	d.Paragraph(words, parts.Type{Size: theme.Body, Weight: typeset.SemiBold, Color: d.Palette.Ink, Leading: 1.25, Min: 32, Align: parts.Middle}, text)
}

// place is the picker of communes.
func (d drawing) places() {
	v := d.snap.Place
	if v == nil {
		return
	}
	area := d.warned(d.railed(d.header(d.t("question.title")), v.Page, v.Pages), v.Problems)
	if line := d.placeLine(v); line != "" {
		const high = 60
		d.LineIn(line, kind(theme.Body, typeset.SemiBold, d.Palette.Primary), area.X, area.Y+high/2-6, area.W)
		area.Y, area.H = area.Y+high, area.H-high
	}
	const gap = 14
	columns, most := 6, float32(150)
	if len(v.Options) <= 12 {
		columns = 3
	}
	if d.Portrait {
		columns = min(columns, 3)
	}
	rows := (len(v.Options) + columns - 1) / columns
	if rows == 0 {
		return
	}
	area.H = min(area.H, most*float32(rows)+gap*float32(rows-1))
	lines := area.Rows(rows, gap)
	for i, o := range v.Options {
		d.tile(optionID+o.ID, o.Title, lines[i/columns].Columns(columns, gap)[i%columns])
	}
}

// placeLine says where the picker is, and what is chosen.
func (d drawing) placeLine(v *session.Place) string {
	line := ""
	if v.Within != "" {
		line = v.Within + " · " + d.t(v.Level)
	}
	if v.Chosen != "" {
		line = d.t("place.chosen", v.Chosen)
	}
	return line
}

// tile is a small thing to touch with a few words on it.
func (d drawing) tile(id, text string, area parts.Rect) {
	p := d.Palette
	shape, ink := parts.Shape{Fill: p.Surface, Edge: p.Edge, Width: theme.EdgeWidth, Radius: theme.Radius}, p.Ink
	if d.Touchable(id, area) {
		shape.Fill, shape.Edge, ink = p.Primary, p.Primary, p.OnPrimary
	}
	d.Box(area, shape)
	d.Paragraph(text, parts.Type{Size: 38, Weight: typeset.SemiBold, Color: ink, Align: parts.Middle, Leading: theme.Tight, Min: theme.MinSmall}, area.Inset(10, 2))
}

// search is a field for what the service is called, the services that it may mean, and the keyboard.
func (d drawing) search() {
	f, c := d.snap.Form, d.snap.Choice
	if f == nil || c == nil {
		return
	}
	heading := parts.Type{Size: 48, Weight: typeset.SemiBold, Color: d.Palette.Ink, Min: 38, Leading: 1.15, Lines: 1}
	whole := d.Whole()
	if d.Portrait {
		area := d.header(d.t("search.title"))
		d.Rule(whole.X, 945, whole.W)
		d.field(f, parts.Rect{X: 48, Y: area.Y + 60, W: 984, H: 110}, area.Y+22)
		d.found(c, 2, parts.Rect{X: 48, Y: area.Y + 200, W: 984, H: 925 - area.Y - 200})
	} else {
		d.Paragraph(d.t("search.title"), heading, parts.Rect{X: 64, Y: 105, W: 1792, H: 64})
		d.Rule(whole.X, 457, whole.W)
		d.field(f, parts.Rect{X: 64, Y: 229, W: 1792, H: 84}, 194)
		d.found(c, session.FoundOnPage, parts.Rect{X: 64, Y: 328, W: 1792, H: 114})
	}
	d.screen.board.Draw(d.Sheet, f.Kind, d.screen.draft.text(), func(key string) string { return d.t(key) })
}

// found are the services that a search found, or that there are none.
func (d drawing) found(c *session.Choice, columns int, area parts.Rect) {
	const gap = 20
	if len(c.Options) == 0 {
		if d.screen.draft.text() != "" {
			d.Paragraph(d.t("search.nothing"), parts.Type{Size: theme.Body, Weight: typeset.Regular, Color: d.Palette.Muted, Min: 32}, area)
		}
		return
	}
	rows := (session.FoundOnPage + columns - 1) / columns
	lines := area.Rows(rows, gap)
	for i, o := range c.Options {
		d.tile(optionID+o.ID, o.Title, lines[i/columns].Columns(columns, gap)[i%columns])
	}
}
