package citizen

import (
	"fyne.io/fyne/v2"

	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// testIcons are the icons of the parts that are tested.
var testIcons = map[string]string{"reader": "nfc", "scanner": "scan-qr-code", "printer": "receipt-text", "voice": "volume-2", session.ScreenPart: "monitor"}

// testing says that a technician is at work, and on which part.
func (d drawing) testing() {
	v := d.snap.Test
	if v == nil {
		return
	}
	area := d.header(d.t("test.title"))
	by := parts.Type{Size: theme.Body, Weight: typeset.Regular, Color: d.Palette.Muted, Min: theme.MinSmall}
	high := d.HeightOf(d.t("test.by", v.Name), by, area.W)
	d.Paragraph(d.t("test.by", v.Name), by, parts.Rect{X: area.X, Y: area.Y - 24, W: area.W, H: high + 2})
	area.Y, area.H = area.Y+high, area.H-high
	if v.Part == session.ScreenPart {
		d.testScreen(v, area)
		return
	}
	d.StrongPanel(area)
	room := area.Inset(56, 40)
	icon := min(300, room.H/2)
	text := parts.Rect{X: room.X + icon + 56, Y: room.Y, W: room.W - icon - 56, H: room.H}
	x, y := room.X+icon/2, room.MidY()
	if d.Portrait {
		text = parts.Rect{X: room.X, Y: room.Y + icon + 40, W: room.W, H: room.H - icon - 40}
		x, y = room.MidX(), room.Y+icon/2
	}
	d.ThinIcon(testIcons[v.Part], x, y, icon, 1.5, d.Palette.Primary)
	d.stack([]written{
		{d.t("test." + v.Part), parts.Type{Size: theme.Heading, Weight: typeset.Bold, Color: d.Palette.Ink, Leading: 1.2}},
		{d.t("test." + v.Part + ".text"), parts.Type{Size: 46, Weight: typeset.Regular, Color: d.Palette.Ink, Leading: theme.Running}},
	}, text)
}

// markRadius is that of a mark to be touched: 24 mm across, and what can be touched is a square around it.
const markRadius = 48

// testScreen has marks at the corners and in the middle, and a ruler in real millimetres.
func (d drawing) testScreen(v *session.Test, area parts.Rect) {
	d.Panel(area)
	in := area.Inset(markRadius+12, markRadius+12)
	for n, at := range [session.ScreenMarks][2]float32{{in.X, in.Y}, {in.Right(), in.Y}, {in.MidX(), in.MidY()}, {in.X, in.Bottom()}, {in.Right(), in.Bottom()}} {
		done := n < len(v.Touched) && v.Touched[n]
		shape, ink, icon := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Primary, Width: 6}, d.Palette.Primary, "hand"
		d.Touchable(optionID+itoa(n), parts.Rect{X: at[0] - markRadius, Y: at[1] - markRadius, W: 2 * markRadius, H: 2 * markRadius})
		if done {
			shape.Fill, ink, icon = d.Palette.Primary, d.Palette.OnPrimary, "check"
		}
		d.Circle(at[0], at[1], markRadius, shape)
		d.Icon(icon, at[0], at[1], 52, ink)
	}
	text := parts.Type{Size: theme.Body, Weight: typeset.SemiBold, Color: d.Palette.Ink, Align: parts.Middle, Min: theme.MinSmall}
	half := in.MidY() - area.Y - markRadius
	d.Paragraph(d.t("test.screen.text"), text, parts.Rect{X: in.X + 80, Y: area.Y + 16, W: in.W - 160, H: half - 32})
	d.ruler(v.DPI, parts.Rect{X: in.X + 80, Y: in.MidY() + markRadius + 40, W: in.W - 160, H: 110})
}

// ruler draws millimetres as long as they are on the panel, if the configuration is right about that: a strong line each
// centimetre with its number.
func (d drawing) ruler(dpi int, area parts.Rect) {
	const inch, smallest = 25.4, 2
	mm := float32(dpi) / inch / d.K / d.screen.pixels()
	if mm < smallest {
		return
	}
	n := int(area.W/mm/10) * 10
	x := area.MidX() - float32(n)*mm/2
	d.Fill(parts.Rect{X: x, Y: area.Y, W: float32(n)*mm + 1, H: 2}, d.Palette.Ink)
	for i := range n + 1 {
		high, wide := float32(22), float32(1)
		switch {
		case i%10 == 0:
			high, wide = 48, 3
			number := parts.Type{Size: theme.MinSmall, Weight: typeset.SemiBold, Color: d.Palette.Ink, Align: parts.Middle}
			if i%50 == 0 {
				d.Line(itoa(i), number, x+float32(i)*mm, area.Y+72)
			}
		case i%5 == 0:
			high = 34
		}
		d.Fill(parts.Rect{X: x + float32(i)*mm - wide/2, Y: area.Y, W: wide, H: high}, d.Palette.Ink)
	}
	d.Line(d.t("test.ruler", dpi), parts.Type{Size: theme.MinSmall, Weight: typeset.Regular, Color: d.Palette.Muted, Align: parts.Middle}, area.MidX(), area.Y+112)
}

// pixels is how many pixels of the panel a unit of the window is.
func (s *Screen) pixels() float32 {
	if app := fyne.CurrentApp(); app != nil {
		if c := app.Driver().CanvasForObject(s.Object()); c != nil && c.Scale() > 0 {
			return c.Scale()
		}
	}
	return 1
}
