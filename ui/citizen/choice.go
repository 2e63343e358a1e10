package citizen

import (
	"motcua/kiosk/session"
	"motcua/ui/parts"
)

// services is the choice of what the citizen came for.
func (d drawing) services() {
	c := d.snap.Choice
	if c == nil {
		return
	}
	area := d.railed(d.header(d.t("service.title")), c.Page, c.Pages)
	const gap = 24
	columns, rows, high := 3, 2, float32(328)
	if d.Portrait {
		columns, rows = 2, 3
	}
	high = min(high, (area.H-gap*float32(rows-1))/float32(rows))
	for i, o := range c.Options {
		if i >= columns*rows {
			break
		}
		row := parts.Rect{X: area.X, Y: area.Y + float32(i/columns)*(high+gap), W: area.W, H: high}
		d.TallOption(option(o), row.Columns(columns, gap)[i%columns])
	}
}

// question is the choice of an answer.
func (d drawing) question() {
	c := d.snap.Choice
	if c == nil || len(c.Options) == 0 {
		return
	}
	area := d.railed(d.header(d.t("question.title")), c.Page, c.Pages)
	gap, most, columns := float32(28), float32(278), 2
	if d.Portrait {
		columns, gap = 1, 24
	}
	rows := (len(c.Options) + columns - 1) / columns
	if rows > 2 {
		gap = 20
	}
	if high := most*float32(rows) + gap*float32(rows-1); high < area.H {
		area.Y, area.H = area.Y+min(14, area.H-high), high
	}
	lines := area.Rows(rows, gap)
	for i, o := range c.Options {
		d.WideOption(option(o), lines[i/columns].Columns(columns, gap)[i%columns])
	}
}

func option(o session.Option) parts.Option {
	return parts.Option{ID: optionID + o.ID, Title: o.Title, Text: o.Text, Picture: o.Picture, Icon: o.Icon, Chosen: o.Chosen}
}

// railed draws the keys that turn pages, if there are several, and gives the room that is left.
func (d drawing) railed(area parts.Rect, page, pages int) parts.Rect {
	if pages <= 1 {
		return area
	}
	turn := parts.Turn{Up: d.t("top.page-up"), Down: d.t("top.page-down"), Page: d.t("top.page"),
		Number: itoa(page) + " / " + itoa(pages), UpTouch: upID, DownTouch: downID, UpOff: page <= 1, DownOff: page >= pages}
	if d.Portrait {
		const high, gap = 122, 34
		d.TurnRow(turn, parts.Rect{X: area.X, Y: area.Bottom() - high, W: area.W, H: high})
		area.H -= high + gap
		return area
	}
	const wide, gap = 216, 32
	d.Rail(turn, parts.Rect{X: area.Right() - wide, Y: area.Y, W: wide, H: area.H})
	area.W -= wide + gap
	return area
}
