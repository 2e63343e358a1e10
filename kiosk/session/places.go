package session

import "motcua/kiosk/form"

// Places is the book of communes as the session uses it.
type Places struct{}

func (p *Places) today(known map[form.Fact]form.Answer) {}

func (m *machine) onPlace(f form.Field, i Intent) {}

func (s State) viewPlace(sh sheet, f form.Field) *Place { return &Place{Field: f.ID} }
