package official

import (
	"cmp"
	"slices"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
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
	day := identity.DateOf(f.Filed)
	sheet := kept(svc, f, day)
	printed := p.printed(svc, sheet, day)
	var rows []Row
	for _, field := range svc.Form.Fields {
		a, ok := f.Answers[field.ID]
		if !ok || a.Value == "" || field.Item == "" && a.Source != identity.FromTyped && !printed[field.ID] {
			continue // a part that stands on no paper by itself
		}
		rows = append(rows, Row{field.ID, field.Item, cmp.Or(field.Label, field.Name()), sheet.Shown(field.ID, a.Value), unlike(field, a, f), a.Source, field.Masked})
	}
	return rows, svc, nil
}

// printed are the fields that stand on a paper of the filing by themselves. Not every form numbers its items, so a number alone does not tell.
func (p Printer) printed(svc *service.Service, sheet *form.Sheet, day identity.Date) map[form.FieldID]bool {
	fields := map[form.FieldID]bool{}
	for _, print := range svc.PrintsFor(sheet) {
		paper, ok := p.Shelf.On(print.Form, day)
		if !ok {
			continue // Forms says so
		}
		keys := paper.Keys()
		for _, key := range keys.Text {
			fields[form.FieldID(key)] = true
		}
		for key := range keys.Rows {
			fields[form.FieldID(key)] = true
		}
	}
	return fields
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
