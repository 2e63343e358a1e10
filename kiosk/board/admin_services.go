package board

import (
	"context"
	"slices"
	"strings"

	"motcua/kiosk/officer"
	"motcua/kiosk/service"
	"motcua/kiosk/setting"
)

// This file is which services the office offers, for its head.

// services is every service in force.
type services struct{ all []service.Head }

func (*services) name() string            { return "services" }
func (*services) may(r officer.Role) bool { return r.May(officer.SetServices) }

func (s *services) open(ctx context.Context, b *Board) error {
	b.obey(ctx)
	s.all = b.opt.Printer.Catalogue.On(b.today())
	return nil
}

// offers reports whether the office offers a service now.
func (b *Board) offers(id string) bool {
	return !slices.Contains(strings.Fields(b.obeyed.rules.Office.Config.Services.Off), id)
}

func (s *services) entries(b *Board) []Entry {
	var list []Entry
	for _, h := range s.all {
		e := Entry{Name: As(h.Plain), Text: As(h.Name), Mark: Words{"desk.service.on", nil}, Mood: Ready}
		switch {
		case !b.offers(h.ID):
			e.Mark, e.Mood = Words{"desk.service.off", nil}, Off
		case !h.Kiosk:
			e.Mark, e.Mood = Words{"desk.service.told", nil}, Unused
		}
		list = append(list, e)
	}
	return list
}

func (s *services) about(b *Board, at int) About {
	if at < 0 {
		return About{}
	}
	h := s.all[at]
	state, deed, mood := "desk.service.on.text", "service-off", Ready
	switch {
	case !b.offers(h.ID):
		state, deed, mood = "desk.service.off.text", "service-on", Off
	case !h.Kiosk:
		state, mood = "desk.service.told.text", ""
	}
	a := About{Title: As(h.Plain), Lines: []Remark{{Words: As(h.Name)}, {Label: "desk.service.id", Words: As(h.ID)}}}
	if h.Procedure != "" {
		a.Lines = append(a.Lines, Remark{Label: "desk.service.procedure", Words: As(h.Procedure)})
	}
	open := 0
	for _, f := range b.all {
		if f.Service == h.ID {
			open++
		}
	}
	a.Lines = append(a.Lines, Remark{Words: Words{state, nil}, Mood: mood}, Remark{Label: "desk.service.open", Words: Words{"desk.service.filings", []any{open}}}, b.whose(setting.Service(h.ID)))
	a.Deeds = []Deed{{ID: deed, Key: "T"}, {ID: "as-file", Key: "M", Off: !b.hasDecided(setting.Service(h.ID))}}
	return a
}

// hasDecided reports whether there is a decision to take back.
func (b *Board) hasDecided(n setting.Name) bool {
	_, ok := b.obeyed.decided(n)
	return ok
}

func (s *services) act(ctx context.Context, b *Board, at int, id string) error {
	h := s.all[at]
	value := map[string]string{"service-off": setting.Off, "service-on": setting.On}[id] // as-file: none
	if err := b.settle(ctx, setting.Set{setting.Service(h.ID): value}); err != nil {
		return err
	}
	if b.offers(h.ID) {
		b.done("desk.service.now-on", h.Plain)
	} else {
		b.done("desk.service.now-off", h.Plain)
	}
	return nil
}
