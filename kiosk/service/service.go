// Package service is the catalogue: what a citizen can come for, as data with dates of force.
//
// A Service is a file, assets/services/ID.yaml; the guide for who writes one is the README beside it. It names the cases
// ("rent", "own"), the papers each asks for, fee, term, legal basis, the form as a form.Definition and which printed
// forms it fills. What the law says is never in Go: a new circular is a new file with another date, and who filed under
// the old one is judged by the old one (Catalogue.Version).
//
// Load reads only the heads of the files, so that a thousand of them cost nothing at the start; a file is read whole when
// it is first asked for (Catalogue.Get). Catalogue.Check reads them all. A file is refused with every mistake it has, each
// with its line, because who writes it is no programmer; a file of the office that is refused gives way to the built-in
// one.
package service

import (
	"cmp"
	"slices"

	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// Head is what a list of services needs of one. Its keys come first in the file, each on one line.
type Head struct {
	ID        string        `yaml:"id"`    // tam-tru
	Order     int           `yaml:"order"` // on the page of services
	Version   identity.Date `yaml:"version"`
	Until     identity.Date `yaml:"until"`     // last day in force; zero if it has none
	Procedure string        `yaml:"procedure"` // code of the national list, 1.004194; empty if not known
	Group     string        `yaml:"group"`     // one of Groups
	Name      string        `yaml:"name"`      // official
	Plain     string        `yaml:"plain"`     // as people call it
	Text      string        `yaml:"text"`      // one line under the name
	Spoken    string        `yaml:"spoken"`    // read aloud
	Words     string        `yaml:"words"`     // others by which people search, with commas
	Picture   string        `yaml:"picture"`   // of assets/pictures
	Icon      string        `yaml:"icon"`      // its badge, of assets/icons
	// Kiosk: it can be filed here. If not, the citizen is told where to go and what to bring.
	Kiosk bool `yaml:"kiosk"`
	// Essential: one of the services of the annex of Decision 06/QĐ-TTg, of which an office reports how many it offers.
	Essential bool `yaml:"essential"`
}

// Groups are the fields of life that services belong to.
var Groups = []string{"residence", "identity", "civil", "vehicle", "other"}

// InForce reports whether the service's definition holds on the day.
func (h Head) InForce(day identity.Date) bool {
	return !day.Before(h.Version) && (h.Until.IsZero() || !h.Until.Before(day))
}

// Service is one thing to come for.
type Service struct {
	Head      `yaml:",inline"`
	Here      form.Expr `yaml:"here"` // filed here only where this holds of the local settings; empty: wherever Kiosk is true
	Authority string    `yaml:"authority"`
	Level     string    `yaml:"level"` // one of Levels
	Where     []string  `yaml:"where"` // where to go
	// Sent: it is filled in here and handed in elsewhere; the slip says where in place of a date.
	Sent       bool             `yaml:"sent"`
	Legal      []Basis          `yaml:"legal"`
	Fee        Fee              `yaml:"fee"`
	Deadline   Deadline         `yaml:"deadline"`
	Result     string           `yaml:"result"`
	Question   string           `yaml:"question"` // asks for the case
	Cases      []Case           `yaml:"cases"`
	Papers     []Paper          `yaml:"papers"`
	Signatures []Signature      `yaml:"signatures"`
	Prints     []Print          `yaml:"prints"`
	Guide      []string         `yaml:"guide"`  // what the officer does, step by step
	Refuse     []string         `yaml:"refuse"` // grounds to refuse
	Keep       Keep             `yaml:"keep"`
	Doubts     []string         `yaml:"doubts"` // what an office has to confirm
	Trial      Trial            `yaml:"trial"`
	Form       *form.Definition `yaml:"form"`

	// rules evaluates the conditions of the service; it is Form, or an empty form where there is none.
	rules     *form.Definition
	languages map[string]translation
}

// Trial is how the standard citizen answers, where the first option or nothing is not what most people say; it is for
// counting touches and for tests.
type Trial struct {
	Case    string                    `yaml:"case"`
	Answers map[form.FieldID][]string `yaml:"answers"` // ids of options, or what is typed
	Others  map[form.FieldID]int      `yaml:"others"`  // how many cards are laid down for a list
}

// Levels are those of the authority that decides.
var Levels = []string{"commune", "province", "ministry"}

// Basis is a text of law and the day from which it holds.
type Basis struct {
	Name string        `yaml:"name"`
	From identity.Date `yaml:"from"`
}

// String is the text with its day, if that is known.
func (b Basis) String() string {
	if b.From.IsZero() {
		return b.Name
	}
	return b.Name + " (" + b.From.String() + ")"
}

// Case is one of the situations that the service tells apart.
type Case struct {
	ID      string `yaml:"id"`
	Title   string `yaml:"title"`
	Text    string `yaml:"text"`
	Printed string `yaml:"printed"` // inside a sentence of the form; Title if empty
	Picture string `yaml:"picture"`
	Icon    string `yaml:"icon"`
	// Procedure is its own code of the national list, where one service has several; empty: the service's.
	Procedure string `yaml:"procedure"`
}

// Words is the case as a sentence of the form has it.
func (c Case) Words() string { return cmp.Or(c.Printed, c.Title) }

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
	Retrievable bool      `yaml:"retrievable"`
	Cases       []string  `yaml:"cases"`
	When        form.Expr `yaml:"when"`
}

// MaxPapers is how many papers a page can show, MaxWhere how many sentences of where to go.
const MaxPapers, MaxWhere = 5, 4

// Signature is who has to sign, and where.
type Signature struct {
	Who  string    `yaml:"who"`
	Text string    `yaml:"text"`
	When form.Expr `yaml:"when"`
}

// Case finds a case.
func (s *Service) Case(id string) (Case, bool) {
	i := slices.IndexFunc(s.Cases, func(c Case) bool { return c.ID == id })
	if i < 0 {
		return Case{}, false
	}
	return s.Cases[i], true
}

// ProcedureOf is the code of the national list under which a case is filed, "" if it is not known.
func (s *Service) ProcedureOf(kase string) string {
	c, _ := s.Case(kase)
	return cmp.Or(c.Procedure, s.Procedure)
}

// Sheet is the service's form in its present state; of a service without a form an empty one, which the conditions of
// the service can be asked all the same.
func (s *Service) Sheet(env form.Env, asked form.Answers) *form.Sheet {
	if s.rules == nil { // a service that was not loaded
		s = &Service{rules: &form.Definition{}}
	}
	return s.rules.Sheet(env, asked)
}

// Filed reports whether the service is filed here, under the office's local settings.
func (s *Service) Filed(local []string) bool {
	return s.Kiosk && (s.Here == "" || s.Sheet(form.Env{Local: local}, nil).Holds(s.Here))
}

// PapersFor lists the papers that the answers ask for.
func (s *Service) PapersFor(sheet *form.Sheet) []Paper {
	var papers []Paper
	for _, p := range s.Papers {
		if sheet.In(p.Cases, p.When) {
			papers = append(papers, p)
		}
	}
	return papers
}

// SignaturesFor lists who has to sign.
func (s *Service) SignaturesFor(sheet *form.Sheet) []Signature {
	var list []Signature
	for _, g := range s.Signatures {
		if sheet.In(nil, g.When) {
			list = append(list, g)
		}
	}
	return list
}

// Kept is the form of the service as it was filed: nothing is computed again.
func (s *Service) Kept(env form.Env, filed form.Answers) *form.Sheet { return s.rules.Kept(env, filed) }
