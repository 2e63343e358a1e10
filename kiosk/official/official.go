// Package official prints what was filed on the official forms: it brings a filing, the definition of its service at that
// time and the layouts of kiosk/paper together.
//
// A filing is printed under the definition under which it was made and on the form that was in force then, however many
// years ago; every answer stands as it was filed, and nothing is computed again.
package official

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"maps"
	"slices"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/paper"
	"motcua/kiosk/place"
	"motcua/kiosk/service"
)

// Errors of Forms.
var (
	ErrService = errors.New("official: the service's definition of that day is not here")
	ErrForm    = errors.New("official: the printed form is not here")
)

// Office is what the forms say of the office.
type Office struct {
	Name     string // Công an xã Mai Châu
	Parent   string // Công an tỉnh Phú Thọ
	Commune  string // xã Mai Châu
	Province string // tỉnh Phú Thọ
	Phone    string // where questions are answered; empty leaves dots
}

// Printed is one form, filled.
type Printed struct {
	Form  string // CT01
	Title string
	PDF   []byte
}

// Printer has what forms are printed from.
type Printer struct {
	Catalogue *service.Catalogue
	Shelf     *paper.Shelf
	Office    Office
	Places    *place.Book                       // tells what an address on a card is today; nil: it is printed as the card says it
	Photo     func(*identity.Photo) image.Image // decodes the portrait for forms that have one; nil: the frame stays empty
}

// Forms prints the forms of a filing, in the order of its service. The day is that of the filing.
func (p Printer) Forms(f filing.Filing, day identity.Date) ([]Printed, error) {
	svc, err := p.service(f)
	if err != nil {
		return nil, err
	}
	sheet := kept(svc, f, day)
	var printed []Printed
	for _, print := range svc.PrintsFor(sheet) {
		form, ok := p.Shelf.On(print.Form, day)
		if !ok {
			return nil, fmt.Errorf("%w: %s", ErrForm, print.Form)
		}
		var pdf bytes.Buffer
		if err := form.Render(&pdf, p.values(svc.Content(print, sheet, p.words(f, day)), f)); err != nil {
			return nil, fmt.Errorf("official: %s: %w", print.Form, err)
		}
		printed = append(printed, Printed{print.Form, form.Layout().Title, pdf.Bytes()})
	}
	return printed, nil
}

// service is the definition under which the filing was made.
func (p Printer) service(f filing.Filing) (*service.Service, error) {
	version, err := identity.ParseDate(f.Version)
	svc, ok := p.Catalogue.Version(f.Service, version)
	if err != nil || !ok {
		return nil, fmt.Errorf("%w: %s of %s", ErrService, f.Service, f.Version)
	}
	return svc, nil
}

// Contents is what the forms of a filing are filled with, without what they have no place for.
func (p Printer) Contents(f filing.Filing, day identity.Date) ([]service.Content, error) {
	svc, err := p.service(f)
	if err != nil {
		return nil, err
	}
	sheet := kept(svc, f, day)
	var contents []service.Content
	for _, print := range svc.PrintsFor(sheet) {
		form, ok := p.Shelf.On(print.Form, day)
		if !ok {
			return nil, fmt.Errorf("%w: %s", ErrForm, print.Form)
		}
		keys := form.Keys()
		c := svc.Content(print, sheet, p.words(f, day))
		maps.DeleteFunc(c.Text, func(key, _ string) bool { return !slices.Contains(keys.Text, key) })
		maps.DeleteFunc(c.Rows, func(key string, _ []map[string]string) bool { return keys.Rows[key] == nil })
		contents = append(contents, c)
	}
	return contents, nil
}

// kept is the form as it was filed.
func kept(svc *service.Service, f filing.Filing, day identity.Date) *form.Sheet {
	words := map[string]string{}
	if c, ok := svc.Case(f.Case); ok {
		words["case"], words["case.title"] = c.Words(), c.Title
	}
	facts := map[form.Fact]form.Answer{
		form.CardBirth: {Value: f.Applicant.Birth.String(), Source: f.Evidence.Source},
		form.CardSex:   {Value: f.Applicant.Sex.Text(), Source: f.Evidence.Source},
	}
	return svc.Kept(form.Env{Facts: facts, Case: f.Case, Words: words, Today: day}, f.Answers)
}

// Residence is where the applicant lives by the card, with the commune of today where that is certain: a card of before July 2025 names a district,
// which no paper of today does.
func (p Printer) Residence(f filing.Filing) string {
	if p.Places != nil {
		if r := p.Places.Today(f.Applicant.Residence); r.Certainty == place.Exact {
			return r.Full()
		}
	}
	return f.Applicant.Residence
}

// words are the keys that every form can have and no service fills.
func (p Printer) words(f filing.Filing, day identity.Date) map[string]string {
	return map[string]string{
		"office_name": p.Office.Name, "office_parent": p.Office.Parent, "office_commune": p.Office.Commune,
		"office_province": p.Office.Province, "office_phone": p.Office.Phone, "today": day.String(), "reference": f.Reference.Short(),
	}
}

func (p Printer) values(c service.Content, f filing.Filing) paper.Values {
	v := paper.Values{Text: maps.Clone(c.Text), Rows: c.Rows, Checked: c.Checked}
	if p.Photo != nil && f.Photo != nil {
		v.Photo = p.Photo(f.Photo)
	}
	return v
}
