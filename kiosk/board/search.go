package board

import (
	"strconv"
	"strings"

	"motcua/kiosk/filing"
)

// statuses are the words for the statuses, as the list has them.
func (b *Board) statuses() map[filing.Status]string {
	if b.opt.Texts == nil {
		return nil
	}
	names := map[filing.Status]string{}
	for _, s := range filing.Statuses {
		names[s] = b.opt.Texts.Get("desk.status." + string(s))
	}
	return names
}

// ofTicket is the filing of today's ticket of that number, "" if the text is none.
func (b *Board) ofTicket(text string) string {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return ""
	}
	for _, t := range b.line.Tickets {
		if t.Number == n {
			return t.Reference
		}
	}
	return ""
}
