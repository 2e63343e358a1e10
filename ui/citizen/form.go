package citizen

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// form is one field to type into, above the keyboard; what is known already stands beside it.
func (d drawing) form() {
	f := d.snap.Form
	if f == nil {
		return
	}
	if d.Portrait {
		d.formUpright(f)
	} else {
		d.formWide(f)
	}
	text := d.screen.draft.text()
	d.screen.board.Draw(d.Sheet, f.Kind, text, func(key string) string { return d.t(key) })
}

// The measures of fields.
const (
	labelY, fieldY, fieldHigh = 236, 271, 96
	remarkY, remarkHigh       = 375, 76
	fieldGap                  = 24
)

func (d drawing) formWide(f *session.Form) {
	left := d.stepLine(163, 76)
	d.Paragraph(d.title("form.title"), parts.Type{Size: 56, Weight: typeset.SemiBold, Color: d.Palette.Ink, Min: 38, Leading: 1.15},
		parts.Rect{X: 64, Y: 110, W: left - 64 - 32, H: 96})
	whole := d.Whole()
	d.Rule(whole.X, 457, whole.W)
	x := float32(64)
	for i, w := range d.knownWidths(f) {
		d.known(f.Known[i], parts.Rect{X: x, Y: fieldY, W: w, H: fieldHigh}, labelY)
		x += w + fieldGap
	}
	d.field(f, parts.Rect{X: x, Y: fieldY, W: 1856 - x, H: fieldHigh}, labelY)
	d.remark(f, parts.Rect{X: 64, Y: remarkY, W: 1792, H: remarkHigh})
}

func (d drawing) formUpright(f *session.Form) {
	area := d.header(d.t("form.title"))
	whole := d.Whole()
	d.Rule(whole.X, 945, whole.W)
	shift := max(0, area.Y-420) // a heading of two lines
	y := 420 + shift
	if n := len(f.Known); n > 0 {
		for i, r := range (parts.Rect{X: 48, Y: y + 62, W: 984, H: 100}).Columns(min(n, 2), fieldGap) {
			d.known(f.Known[i], r, y+27)
		}
		y += 206
	} else {
		y += 40
	}
	d.field(f, parts.Rect{X: 48, Y: y + 60, W: 984, H: 118}, y+22)
	d.remark(f, parts.Rect{X: 48, Y: y + 186, W: 984, H: 940 - y - 190})
}

func (d drawing) title(key string) string {
	if d.snap.Title != "" {
		return d.snap.Title
	}
	return d.t(key)
}

// knownWidths gives each known fact the width that it wants, and leaves the field enough.
func (d drawing) knownWidths(f *session.Form) []float32 {
	const least, extra, icon, most = 380, 28, 70, 940 // most: what all of them may take
	var widths []float32
	var sum float32
	for _, k := range f.Known {
		t := knownType(d)
		w := max(d.Fonts.Width(typeset.Clean(k.Value), t.Weight, t.Size)+2*extra+icon, d.Fonts.Width(k.Label, typeset.Regular, theme.Body)+8)
		w = max(least, min(w, most-least*float32(len(f.Known)-1)))
		widths = append(widths, w)
		sum += w
	}
	for i := range widths {
		if sum > most {
			widths[i] *= most / sum
		}
	}
	return widths
}

func knownType(d drawing) parts.Type {
	return parts.Type{Size: theme.Body, Weight: typeset.SemiBold, Color: d.Palette.BandInk, Leading: theme.Tight}
}

// known draws a fact that need not be typed, in the band's colour if it came from the card.
func (d drawing) known(k session.KnownField, area parts.Rect, labelAt float32) {
	d.LineIn(k.Label, kind(theme.Body, typeset.Regular, d.Palette.Muted), area.X, labelAt, area.W)
	t := knownType(d)
	const margin, iconRoom = 24, 70
	room := parts.Rect{X: area.X + margin, Y: area.Y + 2, W: area.W - 2*margin, H: area.H - 4}
	if fromCard(k.Source) {
		d.Box(area, parts.Shape{Fill: d.Palette.Band, Edge: d.Palette.BandLine, Width: theme.LineWidth, Radius: theme.Radius})
		d.Icon("id-card", area.Right()-46, area.MidY(), 44, t.Color)
		room.W -= iconRoom - margin/2
	} else {
		t.Color = d.Palette.Ink
		d.Panel(area)
	}
	d.Paragraph(k.Value, t, room)
}

func fromCard(s identity.Source) bool { return s == identity.FromChip || s == identity.FromQR }

// field draws what is being typed.
func (d drawing) field(f *session.Form, area parts.Rect, labelAt float32) {
	p := d.Palette
	d.LineIn(f.Label, kind(theme.Body, typeset.SemiBold, p.Ink), area.X, labelAt, area.W)
	shape := parts.Shape{Fill: p.Surface, Edge: p.Primary, Width: 6, Radius: theme.Radius}
	ink := p.Ink
	text := d.screen.draft.text()
	const margin, caretRoom, iconRoom = 30, 10, 64
	room := parts.Rect{X: area.X + margin, Y: area.Y + 6, W: area.W - 2*margin - caretRoom, H: area.H - 12}
	if f.FromCard && text == f.Value {
		shape.Fill, ink = p.Band, p.BandInk
		d.Box(area, shape)
		d.Icon("id-card", area.Right()-52, area.MidY(), 48, ink)
		room.W -= iconRoom
	} else {
		d.Box(area, shape)
	}
	t := parts.Type{Size: 50, Weight: typeset.SemiBold, Color: ink, Min: 32, Leading: 1.18}
	end, y, size := d.typedText(grouped(text, f), t, room)
	d.Fill(parts.Rect{X: end + 4, Y: y - size*0.58, W: 4, H: size * 1.16}, p.Primary) // the caret
	d.hint(f.Hint, text, end, room, area)
}

// typedText writes the text, and tells where it ends.
func (d drawing) typedText(text string, t parts.Type, room parts.Rect) (end, y, size float32) {
	if text == "" {
		return room.X, room.MidY(), t.Size
	}
	before := len(d.Written())
	d.Paragraph(text, t, room)
	lines := d.Written()[before:]
	last := lines[len(lines)-1]
	end = last.Area.Right()
	if spaces := len(text) - len(strings.TrimRight(text, " ")); spaces > 0 {
		end += last.Size * 0.25
	}
	return end, last.Area.MidY(), last.Size
}

// hint is written at the field's right end while there is room.
func (d drawing) hint(text, typed string, end float32, room, area parts.Rect) {
	if text == "" {
		return
	}
	t := with(kind(theme.Hint, typeset.Regular, d.Palette.Muted), parts.Right)
	right := area.Right() - 30
	if width := d.Fonts.Width(text, t.Weight, t.Size); end+40 < right-width && !(d.snap.Form.FromCard && typed == d.snap.Form.Value) {
		d.Line(text, t, right, room.MidY())
	}
}

// grouped shows digits in groups: 099 190 000 017, 02 / 01 / 1990.
func grouped(text string, f *session.Form) string {
	if len(f.Group) == 0 || strings.IndexFunc(text, func(r rune) bool { return !unicode.IsDigit(r) }) >= 0 {
		return text
	}
	between := " "
	if len(f.Group) == 3 && f.Group[0] == 2 && f.Group[2] == 4 { // a date
		between = " / "
	}
	var groups []string
	for _, n := range f.Group {
		if utf8.RuneCountInString(text) <= n {
			break
		}
		groups = append(groups, text[:n])
		text = text[n:]
	}
	if text != "" {
		groups = append(groups, text)
	}
	return strings.Join(groups, between)
}

// remark is the line under the fields: what is wrong, else what happened, else what the colours mean.
func (d drawing) remark(f *session.Form, area parts.Rect) {
	p := d.Palette
	icon, words, ink := "", "", p.Muted
	switch {
	case len(f.Problems) > 0:
		icon, words, ink = "circle-alert", d.problem(f.Problems[0], f), p.WarningInk
	case d.snap.Notice != "":
		icon, words, ink = "info", d.t(d.snap.Notice), p.WarningInk
	case f.WasOnCard && d.screen.draft.text() != "":
		icon, words = "info", d.t("form.changed")
	case f.CanSkip && d.screen.draft.text() == "":
		icon, words = "info", d.t("form.skip")
	case len(f.Known) > 0 && fromCard(f.Known[0].Source) || f.FromCard:
		icon, words, ink = "id-card", d.wide("form.from-card"), p.BandInk
	default:
		return
	}
	const iconRoom = 62
	d.Icon(icon, area.X+20, area.MidY(), 42, ink)
	d.Paragraph(words, parts.Type{Size: theme.Hint + 1, Weight: typeset.Medium, Color: ink, Min: 30, Leading: 1.15},
		parts.Rect{X: area.X + iconRoom, Y: area.Y, W: area.W - iconRoom, H: area.H})
}

// problem is what is wrong, in words.
func (d drawing) problem(p form.Problem, f *session.Form) string {
	if p.Text != "" {
		return p.Text
	}
	return d.t("problem."+p.Code, f.MaxLen)
}
