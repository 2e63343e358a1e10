package official

import (
	"cmp"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
	"slices"
)

// Row is one row of a filing as the officer reads it: in the order of the form, each with where it comes from.
type Row struct {
	Field              form.FieldID
	Item, Label, Value string
	Card               string // what the card says of it, where the answer says something else
	Source             identity.Source
	Masked             bool
}

// Rows lists the answers of a filing.
func (p Printer) Rows(f filing.Filing) ([]Row, *service.Service, error) {
	svc, err := p.service(f)
	if err != nil {
		return nil, nil, err
	}
	sheet := kept(svc, f, identity.DateOf(f.Filed))
	var rows []Row
	for _, field := range svc.Form.Fields {
		a, ok := f.Answers[field.ID]
		if !ok || a.Value == "" || field.Item == "" && a.Source != identity.FromTyped {
			continue // a part that the program put together from others
		}
		rows = append(rows, Row{field.ID, field.Item, cmp.Or(field.Label, field.Name()), sheet.Shown(field.ID, a.Value), unlike(field, a, f), a.Source, field.Masked})
	}
	return rows, svc, nil
}

// unlike is what the card says of a field that was filled from it, if the answer says something else. A card that nobody read says nothing.
func unlike(field form.Field, a form.Answer, f filing.Filing) string {
	if f.Evidence.Source == identity.FromTyped || a.Source == f.Evidence.Source {
		return ""
	}
	for _, fact := range form.CardFacts {
		from := slices.Contains(field.Prefill, fact.ID) || fact.ID == form.CardResidence && slices.Contains(field.Prefill, form.CardToday)
		if says := fact.Of(f.Applicant); from && says != "" && identity.FoldTones(says) != identity.FoldTones(a.Value) {
			return says
		}
	}
	return ""
}
