package citizen

import (
	"motcua/kiosk/form"
	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// services is the choice of what the citizen came for.
func (d drawing) services() {
	c := d.snap.Choice
	if c == nil {
		return
	}
	area := d.header(d.t("service.title"))
	if c.Search {
		area = d.searchKey(area)
	}
	area = d.railed(area, c.Page, c.Pages)
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

// searchKey opens the search: beside the heading, or upright below it.
func (d drawing) searchKey(area parts.Rect) parts.Rect {
	key := parts.Rect{X: area.Right() - 330, Y: 192, W: 330, H: 88}
	if d.Portrait {
		const high, gap = 96, 20
		key = parts.Rect{X: area.X, Y: area.Y, W: area.W, H: high}
		area.Y, area.H = area.Y+high+gap, area.H-high-gap
	}
	d.Key(parts.Key{ID: searchID, Word: d.t("service.search"), Icon: "keyboard"}, key)
	return area
}

// question is the choice of an answer.
func (d drawing) question() {
	c := d.snap.Choice
	if c == nil || len(c.Options) == 0 {
		return
	}
	area := d.warned(d.helped(d.railed(d.header(d.t("question.title")), c.Page, c.Pages), c.Help), c.Problems)
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
		card := option(o)
		card.Many = c.Many
		d.WideOption(card, lines[i/columns].Columns(columns, gap)[i%columns])
	}
}

// warned says what is wrong with the answer, at the bottom, and gives the room that is left.
func (d drawing) warned(area parts.Rect, problems []form.Problem) parts.Rect {
	if len(problems) == 0 {
		return area
	}
	high, gap := float32(100), float32(16)
	if d.Portrait {
		high = 150
	}
	d.Notice(problems[0].Text, parts.Rect{X: area.X, Y: area.Bottom() - high, W: area.W, H: high})
	area.H -= high + gap
	return area
}

// helped writes the plain sentence under the heading, and gives the room that is left.
func (d drawing) helped(area parts.Rect, help string) parts.Rect {
	if help == "" {
		return area
	}
	const high = 70
	d.Paragraph(help, parts.Type{Size: theme.Hint, Weight: typeset.Regular, Color: d.Palette.Muted, Min: 30, Leading: theme.Tight},
		parts.Rect{X: area.X, Y: area.Y - 12, W: area.W, H: high})
	area.Y, area.H = area.Y+high, area.H-high
	return area
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
