package citizen

import (
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// review lists the answers, each with where it comes from or the key to change it.
func (d drawing) review() {
	r := d.snap.Review
	if r == nil || len(r.Rows) == 0 {
		return
	}
	area := d.railed(d.header(d.t("review.title")), r.Page, r.Pages)
	heights, size := d.rowHeights(r.Rows, area)
	var sum float32
	for _, h := range heights {
		sum += h
	}
	table := parts.Rect{X: area.X, Y: area.Y, W: area.W, H: sum}
	d.Panel(table)
	y := table.Y
	for i, row := range r.Rows {
		if i > 0 {
			d.Rule(table.X, y, table.W)
		}
		d.row(row, parts.Rect{X: table.X, Y: y, W: table.W, H: heights[i]}, size)
		y += heights[i]
	}
}

// The measures of a row. Upright, the label stands above the value.
const (
	rowHigh, rowHighUpright = 118, 190
	rowMargin               = 34
	editWide, editHigh      = 172, 86
)

// rowHeights gives each row the usual height or what its value takes; if that is too much, with smaller type.
func (d drawing) rowHeights(rows []session.Row, area parts.Rect) (heights []float32, size float32) {
	wants := make([]float32, len(rows))
	for size = theme.Body; ; size -= 2 {
		var sum float32
		for i, row := range rows {
			wants[i] = max(editHigh+14, d.rowWants(row, area.W, size))
			sum += wants[i]
		}
		if sum <= area.H || size <= theme.MinSmall {
			break
		}
	}
	usual := float32(rowHigh)
	if d.Portrait {
		usual = rowHighUpright
	}
	return spread(wants, usual, area.H), size
}

// spread gives each row the usual height, or what it wants if that is more; where room is short, each gives up the
// same share of what it does not need.
func spread(wants []float32, usual, room float32) []float32 {
	heights := make([]float32, len(wants))
	var sum, spare float32
	for i, want := range wants {
		heights[i] = max(usual, want)
		sum += heights[i]
		spare += heights[i] - want
	}
	if sum <= room || spare <= 0 {
		return heights
	}
	share := min(1, (sum-room)/spare)
	for i, want := range wants {
		heights[i] -= (heights[i] - want) * share
	}
	return heights
}

func rowValue(d drawing, size float32) parts.Type {
	return parts.Type{Size: size, Weight: typeset.SemiBold, Color: d.Palette.Ink, Min: size, Leading: 1.25}
}

// rowWants is the height that a row's texts take.
func (d drawing) rowWants(row session.Row, width, size float32) float32 {
	label, value := d.rowRooms(row, parts.Rect{W: width})
	v := d.HeightOf(row.Value, rowValue(d, size), value.W)
	l := d.HeightOf(row.Label, rowLabel(d), label.W)
	if d.Portrait {
		return v + 80
	}
	return max(v, l) + 16
}

func rowLabel(d drawing) parts.Type {
	return parts.Type{Size: theme.Body, Weight: typeset.Regular, Color: d.Palette.Muted, Leading: 1.2, Min: 36}
}

// rowRooms is where label and value go.
func (d drawing) rowRooms(row session.Row, area parts.Rect) (label, value parts.Rect) {
	right := float32(rowMargin)
	if row.Edit {
		right = editWide + 24 + 26
	}
	if fromCard(row.Source) {
		right += d.TagWidth(d.tagWord(row.Source)) + 20
	}
	if d.Portrait {
		label = parts.Rect{X: area.X + rowMargin, Y: area.Y + 10, W: area.W - rowMargin - right, H: 54}
		value = parts.Rect{X: label.X, Y: area.Y + 66, W: label.W, H: area.H - 76}
		return label, value
	}
	wide := float32(340)
	label = parts.Rect{X: area.X + rowMargin, Y: area.Y + 6, W: wide, H: area.H - 12}
	x := label.Right() + 34
	return label, parts.Rect{X: x, Y: area.Y + 6, W: area.Right() - right - x, H: area.H - 12}
}

func (d drawing) tagWord(s identity.Source) string {
	if s == identity.FromQR {
		return d.t("review.from-code")
	}
	return d.t("review.from-card")
}

func (d drawing) row(row session.Row, area parts.Rect, size float32) {
	label, value := d.rowRooms(row, area)
	d.Paragraph(row.Label, rowLabel(d), label)
	d.Paragraph(row.Value, rowValue(d, size), value)
	right := area.Right() - rowMargin
	if row.Edit {
		key := parts.Rect{X: area.Right() - 24 - editWide, Y: area.MidY() - editHigh/2, W: editWide, H: editHigh}
		d.Key(parts.Key{ID: editID + string(row.Field), Word: d.t("review.edit"), Icon: "pencil", Icons: 40}, key)
		right = key.X - 26
	}
	if fromCard(row.Source) {
		d.Tag("id-card", d.tagWord(row.Source), right, area.MidY())
	}
}
