// Package service is the catalogue: what a citizen can come for, as data with dates of force.
//
// Load reads and checks all of assets/services; Catalogue.On lists what is in force on a day, Catalogue.Get finds one.
// A Service names its cases ("rent", "own"), the papers each case asks for, the fee, the term, the legal basis, and the
// form as a form.Definition. What the law says is never in Go: a new circular is a new file with another date.
//
// A file is refused with every mistake it has, each with its line, because who writes it is no programmer.
// Conditions are lists of cases and nothing more.
package service

import (
	"cmp"
	"slices"

	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// Service is one thing to come for.
type Service struct {
	ID        string        `yaml:"id"`    // tam-tru
	Order     int           `yaml:"order"` // on the page of services
	Version   identity.Date `yaml:"version"`
	Until     identity.Date `yaml:"until"`     // last day in force; zero if it has none
	Procedure string        `yaml:"procedure"` // code of the national list, 1.004194; empty if not known
	Name      string        `yaml:"name"`      // official
	Plain     string        `yaml:"plain"`     // as people call it
	Text      string        `yaml:"text"`      // one line under the name
	Spoken    string        `yaml:"spoken"`    // read aloud
	Picture   string        `yaml:"picture"`   // of assets/pictures
	Icon      string        `yaml:"icon"`      // its badge, of assets/icons
	// Kiosk: it can be filed here. If not, the citizen is told what to bring to the counter.
	Kiosk     bool             `yaml:"kiosk"`
	Authority string           `yaml:"authority"`
	Legal     []Basis          `yaml:"legal"`
	Fee       Fee              `yaml:"fee"`
	Deadline  Deadline         `yaml:"deadline"`
	Question  string           `yaml:"question"` // asks for the case
	Cases     []Case           `yaml:"cases"`
	Papers    []Paper          `yaml:"papers"`
	Form      *form.Definition `yaml:"form"`
}

// Basis is a text of law and the day from which it holds.
type Basis struct {
	Name string        `yaml:"name"`
	From identity.Date `yaml:"from"`
}

// Fee is what the counter asks for.
type Fee struct {
	Dong int    `yaml:"dong"` // 0: free
	Note string `yaml:"note"` // who pays less
}

// Deadline is how long the office has.
type Deadline struct {
	WorkingDays int    `yaml:"working-days"` // 0: the officer says when
	Note        string `yaml:"note"`
}

// Case is one of the situations that the service tells apart.
type Case struct {
	ID      string `yaml:"id"`
	Title   string `yaml:"title"`
	Text    string `yaml:"text"`
	Printed string `yaml:"printed"` // inside a sentence of the form; Title if empty
	Picture string `yaml:"picture"`
	Icon    string `yaml:"icon"`
}

// Words is the case as a sentence of the form has it.
func (c Case) Words() string {
	if c.Printed != "" {
		return c.Printed
	}
	return c.Title
}

// Paper is a document that the service asks for.
type Paper struct {
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
	Note string `yaml:"note"`
	// Bring is its name in the list of what to bring; a paper without one is not on that list.
	Bring string `yaml:"bring"`
	Slip  string `yaml:"slip"` // what the slip says behind the name, in brackets: "ký tại quầy"
	Made  bool   `yaml:"made"` // this program fills it in
	// Retrievable: only needed if the officer does not find it in a database (in force for residence from 1 July 2026).
	Retrievable bool     `yaml:"retrievable"`
	Cases       []string `yaml:"cases"`
}

// MaxPapers is how many papers a page can show.
const MaxPapers = 5

// Case finds a case.
func (s *Service) Case(id string) (Case, bool) {
	i := slices.IndexFunc(s.Cases, func(c Case) bool { return c.ID == id })
	if i < 0 {
		return Case{}, false
	}
	return s.Cases[i], true
}

// PapersFor lists the papers of a case.
func (s *Service) PapersFor(kase string) []Paper {
	var papers []Paper
	for _, p := range s.Papers {
		if form.In(p.Cases, kase) {
			papers = append(papers, p)
		}
	}
	return papers
}

// InForce reports whether the service's definition holds on the day.
func (s *Service) InForce(day identity.Date) bool {
	return !day.Before(s.Version) && (s.Until.IsZero() || !s.Until.Before(day))
}

// Catalogue is all services. It is immutable.
type Catalogue struct{ services []*Service }

// On lists the services in force on the day, in the order of the page.
func (c *Catalogue) On(day identity.Date) []*Service {
	var list []*Service
	for _, s := range c.services {
		if s.InForce(day) {
			list = append(list, s)
		}
	}
	return list
}

// Get finds the service in force on the day.
func (c *Catalogue) Get(id string, day identity.Date) (*Service, bool) {
	for _, s := range c.services {
		if s.ID == id && s.InForce(day) {
			return s, true
		}
	}
	return nil, false
}

// All lists every definition, also those no longer or not yet in force.
func (c *Catalogue) All() []*Service { return slices.Clone(c.services) }

func (c *Catalogue) sort() {
	slices.SortFunc(c.services, func(a, b *Service) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID), a.Version.Time().Compare(b.Version.Time()))
	})
}
