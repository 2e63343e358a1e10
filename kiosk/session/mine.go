package session

import (
	"slices"
	"strconv"

	"motcua/kiosk/service"
)

// This file is what somebody whose chip was read sees of their own filings: "where is my filing" without the slip.

// mineID is the option of the list of services that leads to one's own filings.
const mineID = "mine"

// services are what can be chosen: one's own filings first, if there are any.
func (s State) services() []service.Head {
	all := slices.DeleteFunc(s.cfg.Catalogue.On(s.began()), func(h service.Head) bool { return s.off(h.ID) })
	if len(s.v.mine) == 0 {
		return all
	}
	return append([]service.Head{{ID: mineID}}, all...)
}

func (s State) mineOption() Option {
	t := s.cfg.Texts
	return Option{ID: mineID, Title: t.Get("mine.option"), Text: t.Get("mine.option.text", strconv.Itoa(len(s.v.mine))), Icon: "files"}
}

// toMine shows the one filing that there is, or lets choose among several.
func (m *machine) toMine() {
	if len(m.v.mine) == 1 {
		m.v.slip = m.v.mine[0]
		m.turnTo(PageStatus)
		return
	}
	m.turnTo(PageMine)
}

func (m *machine) onMine(i Intent) {
	switch i := i.(type) {
	case Turn:
		m.turn(i.By, pages(len(m.v.mine), OptionsPerPage))
	case Choose:
		for _, f := range m.v.mine {
			if f.Reference.String() == i.ID {
				m.v.slip = f
				m.turnTo(PageStatus)
			}
		}
	case Back:
		m.turnTo(PageService)
	}
}

// viewMine is the list of one's own filings.
func (s State) viewMine(snap *Snapshot) {
	c := &Choice{Field: mineID, Page: s.v.list + 1, Pages: pages(len(s.v.mine), OptionsPerPage)}
	for _, f := range slice(s.v.mine, s.v.list, OptionsPerPage) {
		text := s.cfg.Texts.Get("mine.row", f.Reference.Short(), s.cfg.Texts.Get("status.title."+string(f.Status)))
		c.Options = append(c.Options, Option{ID: f.Reference.String(), Title: s.serviceOf(f), Text: text, Icon: "files"})
	}
	snap.Choice, snap.Title, snap.Crumb = c, s.cfg.Texts.Get("mine.title"), s.cfg.Texts.Get("mine.option")
	snap.Back = back()
}
