package citizen

import (
	"slices"
	"strings"

	"motcua/kiosk/identity"
	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// confirm shows who the card says this is, and how far the card was proven.
func (d drawing) confirm() {
	c := d.snap.Confirm
	if c == nil {
		return
	}
	area := d.header(d.t("confirm.title"))
	const verdict, gap = 172, 21
	if d.Portrait {
		d.portrait(c.Photo, parts.Rect{X: 48, Y: area.Y, W: 384, H: 512})
		d.facts(c, parts.Rect{X: 456, Y: area.Y, W: 576, H: 820})
		d.verdict(c, parts.Rect{X: 48, Y: area.Y + 820 + gap, W: 984, H: area.H - 820 - gap})
		return
	}
	area.Y, area.H = area.Y+8, area.H-8
	d.portrait(c.Photo, parts.Rect{X: area.X, Y: area.Y, W: 449, H: area.H})
	right := parts.Rect{X: 547, Y: area.Y, W: area.Right() - 547, H: area.H - verdict - gap}
	d.facts(c, right)
	d.verdict(c, parts.Rect{X: right.X, Y: right.Bottom() + gap, W: right.W, H: verdict})
}

// portrait draws the photo, or the outline of somebody, with a word where there is a photo that cannot be shown.
func (d drawing) portrait(of *identity.Photo, area parts.Rect) {
	frame := parts.Shape{Edge: d.Palette.Edge, Width: theme.EdgeWidth, Radius: theme.Radius}
	photo := d.screen.portraitOf(of)
	if of != nil && photo.pixels != nil {
		d.Bitmap(photo.object(area), area)
		d.Box(area, frame)
		return
	}
	frame.Fill = d.Palette.Surface
	d.Box(area, frame)
	outline := area.Inset(area.W*0.14, area.H*0.14)
	if of != nil && photo.coming == nil {
		const words, margin = 124, 24
		outline.Y = area.Y + margin
		outline.H = min(outline.H, area.H-words-2*margin)
		below := parts.Rect{X: area.X + margin, Y: area.Bottom() - words - margin/2, W: area.W - 2*margin, H: words}
		d.Paragraph(d.t("confirm.photo-unseen"), kind(theme.Body, typeset.Regular, d.Palette.Muted), below)
	}
	d.Picture("silhouette", outline, false)
}

// facts are name, number, birth and sex under a band that says where they come from.
func (d drawing) facts(c *session.Confirm, area parts.Rect) {
	const head = 76
	d.Panel(area)
	d.sourceBand(c.Source, area, head)
	room := parts.Rect{X: area.X + 38, Y: area.Y + head + 22, W: area.W - 76, H: area.H - head - 40}
	if d.Portrait {
		d.factsUpright(c, room)
		return
	}
	d.fact(d.t("confirm.name"), c.Name, 60, parts.Rect{X: room.X, Y: room.Y, W: room.W, H: room.H * 0.53})
	low := parts.Rect{X: room.X, Y: room.Y + room.H*0.53, W: room.W, H: room.H * 0.47}
	d.fact(d.t("confirm.number"), c.Masked, 52, parts.Rect{X: low.X, Y: low.Y, W: 520, H: low.H})
	d.fact(d.t("confirm.birth"), c.Birth, 52, parts.Rect{X: low.X + 559, Y: low.Y, W: 360, H: low.H})
	d.fact(d.t("confirm.sex"), c.Sex, 52, parts.Rect{X: low.X + 959, Y: low.Y, W: low.W - 959, H: low.H})
}

func (d drawing) factsUpright(c *session.Confirm, room parts.Rect) {
	d.fact(d.t("confirm.name"), c.Name, 52, parts.Rect{X: room.X, Y: room.Y, W: room.W, H: room.H * 0.44})
	d.fact(d.t("confirm.number"), c.Masked, 52, parts.Rect{X: room.X, Y: room.Y + room.H*0.44, W: room.W, H: room.H * 0.28})
	low := parts.Rect{X: room.X, Y: room.Y + room.H*0.72, W: room.W, H: room.H * 0.28}
	d.fact(d.t("confirm.birth"), c.Birth, 48, parts.Rect{X: low.X, Y: low.Y, W: 310, H: low.H})
	d.fact(d.t("confirm.sex"), c.Sex, 48, parts.Rect{X: low.X + 330, Y: low.Y, W: low.W - 330, H: low.H})
}

// fact draws a label and a value under it.
func (d drawing) fact(label, value string, size float32, area parts.Rect) {
	const labelHigh, below = 58, 6 // below: room for the accents of capitals
	d.LineIn(label, kind(theme.Body, typeset.Regular, d.Palette.Muted), area.X, area.Y+labelHigh/2, area.W)
	t := parts.Type{Size: size, Weight: typeset.Bold, Color: d.Palette.Ink, Min: 40, Leading: theme.Tight, Top: true}
	d.Paragraph(value, t, parts.Rect{X: area.X, Y: area.Y + labelHigh + below, W: area.W, H: area.H - labelHigh - below})
}

// sourceBand says where the facts come from; only what a card said has its colour.
func (d drawing) sourceBand(source identity.Source, card parts.Rect, high float32) {
	switch source {
	case identity.FromChip:
		d.Band(d.t("confirm.from-chip"), card, high)
	case identity.FromQR, identity.FromMRZ:
		d.Band(d.t("confirm.from-code"), card, high)
	default:
		d.LineIn(d.t("confirm.from-typed"), kind(theme.Body, typeset.SemiBold, d.Palette.Ink), card.X+38, card.Y+high/2+1, card.W-76)
		d.Rule(card.X, card.Y+high, card.W)
	}
}

// looks is how each verdict looks.
var looks = map[session.Verdict]struct {
	mood      parts.Mood
	icon, key string
}{
	session.VerdictChip:     {parts.Good, "shield-check", "verdict.chip"},
	session.VerdictNoChip:   {parts.Careful, "shield-alert", "verdict.no-chip"},
	session.VerdictDoubtful: {parts.Bad, "shield-alert", "verdict.doubtful"},
}

// verdict says how far the card was proven.
func (d drawing) verdict(c *session.Confirm, area parts.Rect) {
	look, ok := looks[c.Verdict]
	if !ok {
		look = looks[session.VerdictNoChip]
	}
	if c.Verdict == session.VerdictChip && proven(c.Reasons) {
		look.key = "verdict.proven"
	}
	var words []string
	if i := slices.IndexFunc(c.Reasons, telling); i >= 0 { // one is enough to know that the officer must look
		words = append(words, d.t(c.Reasons[i]))
	}
	words = append(words, d.t(look.key+".what"))
	d.Verdict(look.mood, look.icon, d.t(look.key+".title"), strings.Join(words, " "), area)
}

// proven: the state signed the facts, and the chip is no copy.
func proven(reasons []string) bool {
	return slices.Contains(reasons, "verdict.passive-authentication-passed") &&
		(slices.Contains(reasons, "verdict.chip-authentication-passed") || slices.Contains(reasons, "verdict.active-authentication-passed"))
}

// telling reports whether a reason is said to the citizen: what failed, and why there is no chip. The rest is the
// officer's.
func telling(reason string) bool {
	return strings.HasSuffix(reason, "-failed") || strings.HasPrefix(reason, "verdict.no-chip.") || reason == "verdict.expired"
}
