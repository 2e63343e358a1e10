package desk

import (
	"fmt"
	"image/color"
	"strings"

	"motcua/kiosk/board"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

// Measures of the panel of the portal.
const (
	copyRow   = 42
	copyValue = 72 // of the box that has the chosen value whole
	copyItem  = 64
	copyName  = 290
)

// portal is how far a filing has come to the national portal, and what is to be copied there.
func (d drawing) portal(over parts.Rect) {
	g, p := d.snap.Dialog, d.snap.Dialog.Portal
	area := parts.Rect{X: over.X + 20, Y: over.Y + 10, W: over.W - 40, H: over.H - 20}
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Primary, Width: 4, Radius: radius})
	in := area.Inset(24, 0)
	w := d.handBadge(p, in.Right(), in.Y+40)
	d.LineIn(d.t("desk.do.portal"), kind(sizePage, typeset.Bold, d.Palette.Ink), in.X, in.Y+40, in.W-w-16)
	y := d.handState(p, parts.Rect{X: in.X, Y: in.Y + 74, W: in.W})
	d.Rule(area.X+4, y, area.W-8)
	d.LineIn(d.t("desk.portal.copy"), kind(sizeKey, typeset.Bold, d.Palette.Ink), in.X, y+26, in.W*0.62)
	if p.Above+p.Below > 0 {
		t := d.muted()
		t.Align = parts.Right
		d.Line(d.t("desk.portal.place", p.Above+p.At+1, p.Above+len(p.Lines)+p.Below), t, in.Right(), y+26)
	}
	y += 48
	bottom := area.Bottom() - 96
	fit := min(len(p.Lines), int((bottom-54-y-copyValue-16)/copyRow)) // fewer where much is said above
	first := max(0, min(p.At-fit/2, len(p.Lines)-fit))
	for i := first; i < first+fit; i++ {
		d.copyLine(i, p.Lines[i], p, parts.Rect{X: in.X, Y: y, W: in.W, H: copyRow})
		y += copyRow
	}
	if p.At < len(p.Lines) {
		box := parts.Rect{X: in.X, Y: y + 6, W: in.W, H: copyValue}
		d.Box(box, parts.Shape{Fill: selected, Edge: d.Palette.Primary, Width: 2, Radius: radius})
		t := d.bold()
		t.Top = true
		d.Paragraph(d.clip(p.Lines[p.At].Value, t, 1.8*box.W), t, box.Inset(14, 8))
	}
	d.input(0, g.Fields[0], g, parts.Rect{X: in.X, Y: bottom - 54, W: in.W, H: 50})
	if g.Problem != "" {
		d.LineIn(d.t("desk.error."+g.Problem), kind(sizeBody, typeset.SemiBold, d.Palette.Danger), in.X, bottom+14, in.W)
	} else {
		d.LineIn(d.t("desk.portal.scan"), kind(sizeSmall, typeset.Regular, d.Palette.Muted), in.X+190, bottom+14, in.W-190)
	}
	d.handKeys(g, p, in.Right(), area.Bottom()-36)
}

// handKeys are the keys of the panel, their right end at x.
func (d drawing) handKeys(g *board.Dialog, p *board.Handing, x, y float32) {
	x -= d.capKey("key.escape", "Esc", d.t("desk.portal.close"), x, y) + 12
	switch {
	case g.Fields[0].Value != "":
		x -= d.strongKey("key.enter", "Enter", d.t("desk.portal.note"), x, y) + 12
	case p.Copies && p.Sends:
		x -= d.capKey("key.enter", "Enter", d.t("desk.portal.copy-next"), x, y) + 12
	case p.Copies:
		x -= d.strongKey("key.enter", "Enter", d.t("desk.portal.copy-next"), x, y) + 12
	}
	if p.Sends && !p.Sending {
		key := "desk.portal.send"
		if !p.Sent.IsZero() {
			key = "desk.portal.send-again"
		}
		if g.Fields[0].Value == "" && (p.Sent.IsZero() || p.Failed != "") {
			d.strongKey("key.send", "F5", d.t(key), x, y)
			return
		}
		d.capKey("key.send", "F5", d.t(key), x, y)
	}
}

// handBadge is where the filing is, with its right edge at x.
func (d drawing) handBadge(p *board.Handing, x, y float32) float32 {
	l := look{"circle", plain}
	switch {
	case p.Dossier != "":
		l = look{"circle-check", good}
	case p.Sending:
		l = look{"timer", careful}
	case p.Failed != "":
		l = look{"circle-alert", bad}
	case !p.Sent.IsZero():
		l = look{"send", good}
	}
	return d.badge(l.icon, d.words(p.Word), l.mood, x, y)
}

// handState says who sent the filing, what the portal says, and why it refused; it gives the y below.
func (d drawing) handState(p *board.Handing, area parts.Rect) float32 {
	y := area.Y + 6
	say := func(word string, t parts.Type) {
		t.Top = true
		high := min(56, d.HeightOf(word, t, area.W))
		d.Paragraph(word, t, parts.Rect{X: area.X, Y: y, W: area.W, H: high + 2})
		y += high + 6
	}
	danger := kind(sizeBody, typeset.SemiBold, d.Palette.Danger)
	if p.Sent.IsZero() && p.Failed == "" {
		say(d.t("desk.portal.kind."+p.Kind), d.muted())
	}
	if !p.Sent.IsZero() {
		say(d.t("desk.portal.sent-by", d.moment(p.Sent), p.By, d.t("desk.portal.way."+p.Target)), d.body())
	}
	switch {
	case p.Lost != "":
		say(d.t("desk.portal.lost"), d.muted())
	case p.Status != "":
		say(d.t("desk.portal.says", d.moment(p.Asked), d.t("desk.portal.status."+p.Status)), d.bold())
	}
	if p.Note != "" {
		say(d.clip(p.Note, d.body(), 1.8*area.W), d.body())
	}
	if p.Failed != "" {
		why := d.t("fault." + string(p.Failed) + ".what")
		if key := "desk.portal.problem." + p.Problem; p.Problem != "" && d.screen.opt.Texts.Has(key) {
			why = d.t(key)
		}
		say(d.t("desk.portal.failed-by", d.moment(p.FailedAt), p.FailedBy, why), danger)
		if said := strings.TrimSpace(strings.Join(p.Said, " ")); said != "" {
			say(d.clip(said, danger, 1.8*area.W), danger)
		}
	}
	return y + 6
}

// copyLine is one field; the one that Enter copies is marked.
func (d drawing) copyLine(i int, f board.CopyLine, p *board.Handing, area parts.Rect) {
	d.Touchable(fmt.Sprint("copy.", i), area)
	ink := color.Color(d.Palette.Muted)
	if i == p.At {
		d.Fill(area, selected)
		d.Fill(parts.Rect{X: area.X, Y: area.Y, W: 6, H: area.H}, d.Palette.Primary)
		ink = d.Palette.Ink
	}
	t := kind(sizeBody, typeset.Regular, ink)
	item := t
	item.Align = parts.Right
	if len(f.Item) <= 4 {
		d.Line(f.Item, item, area.X+copyItem-14, area.MidY())
	}
	d.Line(d.clip(f.Label, t, copyName-16), t, area.X+copyItem, area.MidY())
	d.Line(d.clip(strings.ReplaceAll(f.Value, "\n", " "), d.bold(), area.W-copyItem-copyName-10), d.bold(), area.X+copyItem+copyName, area.MidY())
}

// hintKey is a key beside a title, with its right edge at x; it gives its width.
func (d drawing) hintKey(id, keyboard, word string, x, y float32) float32 {
	t := d.muted()
	wide := d.Fonts.Width(word, t.Weight, t.Size) + d.hintWide(keyboard) + 10
	x -= wide
	d.Touchable(id, parts.Rect{X: x - 4, Y: y - 20, W: wide + 4, H: 40})
	d.Line(word, t, x+d.cap(keyboard, x, y, d.Palette.Ink, d.Palette.Edge)+10, y)
	return wide
}
