package session

import (
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/place"
)

// Places is the book of communes with the commune of this office.
type Places struct {
	Book *place.Book
	Home string // province of the office, two digits; the picker begins there
	// Commune is the code of the office's own commune, five digits; with none no address lies in it.
	Commune string
}

// today adds what the address on a card is today: the commune, what stands before it, both, and whether that is here. They say what the card says
// only where nothing had to be guessed; a commune that is merely likely is left for the picker.
func (p *Places) today(known map[form.Fact]form.Answer) {
	residence := known[form.CardResidence]
	if residence.Value == "" {
		return
	}
	r := p.Book.Today(residence.Value)
	if r.Certainty != place.Exact {
		return
	}
	source := residence.Source
	known[form.CardPlace] = form.Answer{Value: r.Unit.Full(), Source: source}
	known[form.CardToday] = form.Answer{Value: r.Full(), Source: source}
	if r.Unit.Code == p.Commune {
		known[form.CardHere] = known[form.CardToday]
	}
	if r.Rest != "" {
		known[form.CardRest] = form.Answer{Value: r.Rest, Source: source}
	}
}

// picking is how far the picker is on the page that is shown.
type picking struct {
	place.Picker
	field form.FieldID // of which field; another field begins anew
}

// picker is the picker of the field, begun in the province of what it holds, else in that of the office.
func (s State) picker(f form.Field) place.Picker {
	if s.v.pick.field == f.ID {
		return s.v.pick.Picker
	}
	home := s.cfg.Places.Home
	if u, ok := s.cfg.Places.Book.Named(s.sheet(PageForm).value(f.ID)); ok {
		home = u.ProvinceCode
	}
	return s.cfg.Places.Book.Pick(home)
}

// onPlace is what a person does on the page of a commune, besides going on.
func (m *machine) onPlace(f form.Field, i Intent) {
	if m.cfg.Places == nil {
		return
	}
	p := m.picker(f)
	switch i := i.(type) {
	case Choose:
		next, u := m.cfg.Places.Book.Choose(p, i.ID)
		m.pickOn(f, next)
		if u.Code != "" {
			m.answer(f.ID, u.Full())
			m.v.pick = picking{}
			m.sheetNext(f)
		}
	case Type:
		m.pickOn(f, p.Type(fit(form.Field{Kind: form.Text, Max: place.MaxLetters}, i.Text)))
	case Turn:
		m.turn(i.By, pages(len(m.cfg.Places.Book.Options(p)), PlacesOnPage))
	}
}

// PlacesOnPage is how many options a page of the picker shows; all provinces fit.
const PlacesOnPage = 36

func (m *machine) pickOn(f form.Field, p place.Picker) { m.v.pick, m.v.list = picking{p, f.ID}, 0 }

// placeBack goes up one level of the picker; false if there is none.
func (m *machine) placeBack(f form.Field) bool {
	if f.Kind != form.Place || m.cfg.Places == nil || m.v.pick.field != f.ID {
		return false
	}
	up, ok := m.v.pick.Back()
	if ok {
		m.pickOn(f, up)
	}
	return ok
}

// viewPlace is the picker. Without the book of communes a place is not asked for: services with one are not filed then.
func (s State) viewPlace(sh sheet, f form.Field) *Place {
	given := sh.Given(f.ID)
	view := &Place{Field: f.ID, Chosen: sh.value(f.ID), Page: 1, Pages: 1}
	view.FromCard = given.Value != "" && given.Value == view.Chosen && given.Source != identity.FromComputed
	if s.v.shown {
		view.Problems = s.problems(PageForm, f.ID)
	}
	if s.cfg.Places == nil {
		return view
	}
	p := s.picker(f)
	options := s.cfg.Places.Book.Options(p)
	view.Level, view.Typed = levels[p.Level], p.Letters
	view.Page, view.Pages = s.v.list+1, pages(len(options), PlacesOnPage)
	for _, province := range s.cfg.Places.Book.Provinces() {
		if province.Code == p.Province {
			view.Within = province.Full
		}
	}
	for _, o := range slice(options, s.v.list, PlacesOnPage) {
		if o.Text == "" {
			o.Text = s.cfg.Texts.Get("place." + o.ID)
		}
		view.Options = append(view.Options, Option{ID: o.ID, Title: o.Text})
	}
	return view
}

// levels are the keys of what is picked.
var levels = map[place.Level]string{
	place.LevelProvince: "place.level.province", place.LevelGroup: "place.level.group", place.LevelCommune: "place.level.commune",
}
