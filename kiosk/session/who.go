package session

import (
	"cmp"
	"slices"

	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// who is what is known of the person, each source apart.
type who struct {
	qr, chip identity.Person
	hasQR    bool
	hasChip  bool
	byHand   bool         // "I have no card"
	typed    form.Answers // of the manual pages
	photo    *identity.Photo
	proof    identity.Evidence // of the chip
	noChip   fault.Code
}

// The fields of the manual pages.
const (
	manualNumber form.FieldID = "number"
	manualName   form.FieldID = "name"
	manualBirth  form.FieldID = "birth"
	manualSex    form.FieldID = "sex"
)

// manualFacts says which fact of the person each manual page asks for.
var manualFacts = map[form.Fact]form.FieldID{
	form.CardNumber: manualNumber, form.CardName: manualName, form.CardBirth: manualBirth, form.CardSex: manualSex,
}

// entered is the person as it was typed.
func (w who) entered() identity.Person {
	text := func(id form.FieldID) string { return form.Clean(w.typed[id].Value) }
	var p identity.Person
	p.Number, _ = identity.ParseNumber(text(manualNumber))
	p.Name = text(manualName)
	p.Birth, _ = identity.ParseDate(text(manualBirth))
	p.Sex = identity.Sex(text(manualSex))
	return p
}

// person is the best that is known.
//
// Cards of 2024 may give no readable DG13; then the chip has the name only as the machine readable zone spells it,
// without accents and perhaps cut, and the QR code's spelling is better, as long as it is the same name.
func (w who) person() identity.Person {
	p := merge(w.chip, w.qr)
	if w.qr.Name != "" && identity.ZoneSpelling(w.chip.Name) && identity.SameName(w.chip.Name, w.qr.Name) {
		p.Name = w.qr.Name
	}
	if w.byHand {
		p = merge(p, w.entered())
	}
	return p
}

// merge is a with what it lacks from b.
func merge(a, b identity.Person) identity.Person {
	return identity.Person{
		Number: cmp.Or(a.Number, b.Number), Name: cmp.Or(a.Name, b.Name), Birth: or(a.Birth, b.Birth),
		Sex: cmp.Or(a.Sex, b.Sex), Nationality: cmp.Or(a.Nationality, b.Nationality),
		Ethnicity: cmp.Or(a.Ethnicity, b.Ethnicity), Religion: cmp.Or(a.Religion, b.Religion),
		Origin: cmp.Or(a.Origin, b.Origin), Residence: cmp.Or(a.Residence, b.Residence),
		Features: cmp.Or(a.Features, b.Features), Issued: or(a.Issued, b.Issued), Expires: or(a.Expires, b.Expires),
		Father: cmp.Or(a.Father, b.Father), Mother: cmp.Or(a.Mother, b.Mother), Spouse: cmp.Or(a.Spouse, b.Spouse),
		OldNumber: cmp.Or(a.OldNumber, b.OldNumber),
	}
}

func or[T comparable](a, b T) T {
	if a != *new(T) {
		return a
	}
	return b
}

// facts lists what is known of somebody, the address of today with it.
func (s State) facts(w who) map[form.Fact]form.Answer {
	known := w.facts()
	if s.cfg.Places != nil {
		s.cfg.Places.today(known)
	}
	return known
}

// facts lists what is known, each fact with the source that gave it.
func (w who) facts() map[form.Fact]form.Answer {
	p := w.person()
	known := map[form.Fact]form.Answer{}
	for _, f := range form.CardFacts {
		value := f.Of(p)
		if value == "" {
			continue
		}
		source := identity.FromTyped
		switch {
		case w.hasChip && f.Of(w.chip) == value:
			source = identity.FromChip
		case w.hasQR && f.Of(w.qr) == value:
			source = identity.FromQR
		}
		known[f.ID] = form.Answer{Value: value, Source: source}
	}
	return known
}

// evidence is how far all that may be believed.
func (w who) evidence() identity.Evidence {
	switch {
	case w.hasChip:
		e := w.proof
		e.Source = cmp.Or(e.Source, identity.FromChip)
		if w.hasQR {
			text := identity.PartDG13
			if identity.ZoneSpelling(w.chip.Name) { // there is no readable DG13
				text = identity.PartDG1
			}
			e.Differences = slices.Concat(e.Differences, identity.Differences(
				identity.View{Of: identity.PartQR, Person: w.qr}, identity.View{Of: text, Person: w.chip}))
		}
		return e
	case w.hasQR:
		return identity.Evidence{Source: identity.FromQR, NoChip: string(cmp.Or(w.noChip, fault.CardMute))}
	}
	return identity.Evidence{Source: identity.FromTyped, NoChip: string(cmp.Or(w.noChip, fault.CardAbsent))}
}

// access is what opens the chip; without a number there is none.
func (w who) access() Access {
	if w.hasQR {
		return Access{w.qr.Number, w.qr.Birth, w.qr.Issued}
	}
	p := w.entered()
	return Access{Number: p.Number, Birth: p.Birth}
}
