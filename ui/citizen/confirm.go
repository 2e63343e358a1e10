package citizen

import (
	"image/color"

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
	if tellsOfficer(c) {
		ink := d.Palette.Ink
		if c.Source != identity.FromTyped {
			ink = d.Palette.BandInk
		}
		const share = 0.54 // of the band; the rest says where the facts come from
		d.code(c.Code, ink, parts.Rect{X: right.Right() - right.W*share, Y: right.Y, W: right.W*share - 24, H: bandHigh})
	}
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

// bandHigh is the band over the facts.
const bandHigh = 76

// facts are name, number, birth and sex under a band that says where they come from.
func (d drawing) facts(c *session.Confirm, area parts.Rect) {
	d.Panel(area)
	d.sourceBand(c.Source, area, bandHigh)
	room := parts.Rect{X: area.X + 38, Y: area.Y + bandHigh + 22, W: area.W - 76, H: area.H - bandHigh - 40}
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

// looks is the colour and the sign of each verdict; its words stand under verdict.<verdict> in assets/text.
var looks = map[identity.Verdict]struct {
	mood parts.Mood
	icon string
}{
	identity.Genuine:       {parts.Good, "shield-check"},
	identity.IssuerUnknown: {parts.Good, "shield-check"},
	identity.Unproven:      {parts.Careful, "shield-alert"},
	identity.NoChip:        {parts.Careful, "shield-alert"},
	identity.Doubtful:      {parts.Bad, "shield-alert"},
	identity.Forged:        {parts.Bad, "shield-alert"},
	identity.Cloned:        {parts.Bad, "shield-alert"},
	identity.Downgraded:    {parts.Bad, "shield-alert"},
}

// verdict says how far the card was proven, and what its holder should know of it. A card that is good and has to be
// changed is not shown in the colour of good.
func (d drawing) verdict(c *session.Confirm, area parts.Rect) {
	look, ok := looks[c.Verdict]
	if !ok {
		look = looks[identity.NoChip]
	}
	key := "verdict." + string(c.Verdict)
	title, words := d.t(key+".title"), d.t(key+".what")
	if len(c.Told) > 0 && look.mood != parts.Bad {
		// One sentence is what people take in; what they should do comes before how well the card was read.
		words = c.Told[0]
		if look.mood == parts.Good {
			look.mood = parts.Careful
		}
	}
	d.Verdict(look.mood, look.icon, title, words, area)
	if d.Portrait && tellsOfficer(c) {
		_, ink := d.MoodColours(look.mood)
		d.code(c.Code, ink, parts.Rect{X: area.X, Y: area.Bottom() - 60, W: area.W - 24, H: 60})
	}
}

// tellsOfficer says whether the officer's code is: where there is something to look at.
func tellsOfficer(c *session.Confirm) bool {
	return c.Code != "" && (len(c.Told) > 0 || looks[c.Verdict].mood != parts.Good)
}

// code writes the officer's code at the right end of an area.
func (d drawing) code(text string, ink color.Color, area parts.Rect) {
	small := kind(theme.MinSmall, typeset.Regular, ink)
	width := min(d.Fonts.Width(text, small.Weight, small.Size)+2, area.W)
	d.LineIn(text, small, area.Right()-width, area.MidY(), width)
}
