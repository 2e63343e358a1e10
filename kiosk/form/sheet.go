package form

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/cel-go/common/types"

	"motcua/kiosk/identity"
)

// Env is what a form is filled from besides the citizen's own answers.
type Env struct {
	Facts map[Fact]Answer // of the applicant, each with its source
	Case  string          // its id
	// Words are the references that are no fields: "office.name", "office.commune", "office.province", "case",
	// "case.title".
	Words map[string]string
	Local []string // the office's settings, of which conditions speak
	Today identity.Date
	Hour  int // of the day, 0 to 23
}

// Sheet is a form in its present state. It remembers what it computed: make a new one after each answer. It is not for
// several goroutines.
type Sheet struct {
	d     *Definition
	env   Env
	asked Answers
	done  Answers
	busy  map[FieldID]bool // against circles, which Prepare refuses
}

// Sheet is the form with what is known and what was asked so far.
func (d *Definition) Sheet(env Env, asked Answers) *Sheet {
	return &Sheet{d, env, asked, Answers{}, map[FieldID]bool{}}
}

// Filled gives the answers of all fields: what was asked, else what was prefilled, else what follows. An asked answer
// equal to the prefilled one keeps the better source; asked answers of pages that there are not are left out, and so
// are empty ones. A group brings the cells of its rows.
func (s *Sheet) Filled() Answers {
	filled := Answers{}
	for _, field := range s.d.Fields {
		a := s.value(field.ID)
		if a.Value == "" {
			continue
		}
		filled[field.ID] = a
		if field.Kind == Group {
			s.cells(field, filled)
		}
	}
	return filled
}

func (s *Sheet) cells(group Field, filled Answers) {
	for i, row := range s.asked.Rows(group) {
		for _, c := range group.Columns {
			if a := row[c.ID]; Clean(a.Value) != "" {
				filled[Cell(group.ID, i, c.ID)] = Answer{c.tidy(a.Value), a.Source}
			}
		}
	}
}

// tidy is a value as it is kept: cleaned, days written as people do.
func (f Field) tidy(value string) string {
	value = Clean(value)
	if f.Kind == Day {
		if d, err := identity.ParseDate(value); err == nil {
			return d.String()
		}
	}
	return value
}

// value gives the answer of one field, made when it is first wanted.
func (s *Sheet) value(id FieldID) Answer {
	if a, ok := s.done[id]; ok || s.busy[id] {
		return a
	}
	s.busy[id] = true
	defer delete(s.busy, id)
	field, _ := s.d.Field(id)
	a := s.pick(field)
	s.done[id] = a
	return a
}

func (s *Sheet) pick(field Field) Answer {
	given := s.given(field)
	asked, ok := s.asked[field.ID]
	if !ok || !s.asks(field.ID) {
		return given
	}
	asked.Value = field.tidy(asked.Value)
	if asked.Value == given.Value && given.Value != "" {
		return given
	}
	switch field.Kind {
	case Choice:
		if _, ok := ByValue(s.Options(field), asked.Value); !ok {
			return Answer{}
		}
	case Many:
		asked.Value = s.join(field, Split(asked.Value))
	case Group:
		if asked.Value == "0" {
			return Answer{}
		}
	}
	return asked
}

// joiner stands between the values of a Many; no value has it.
const joiner = "; "

// Split takes the value of a Many apart.
func Split(value string) []string {
	if value == "" {
		return nil
	}
	return strings.Split(value, joiner)
}

// join puts the values of a Many together, in the order of its options.
func (s *Sheet) join(field Field, values []string) string {
	var list []string
	for _, o := range s.Options(field) {
		if slices.Contains(values, o.Answer()) {
			list = append(list, o.Answer())
		}
	}
	return strings.Join(list, joiner)
}

// Toggled is the value of a Many after the option was touched.
func (s *Sheet) Toggled(field Field, value string, o Option) string {
	values := Split(value)
	if i := slices.Index(values, o.Answer()); i >= 0 {
		return s.join(field, slices.Delete(slices.Clone(values), i, i+1))
	}
	return s.join(field, append(slices.Clone(values), o.Answer()))
}

// asks reports whether there is a page for the field now.
func (s *Sheet) asks(id FieldID) bool {
	return slices.ContainsFunc(s.d.Pages, func(p Page) bool { return p.Field == id && s.In(p.Cases, p.When) })
}

// In reports whether what is bound to cases and a condition is there.
func (s *Sheet) In(cases []string, when Expr) bool {
	return In(cases, s.env.Case) && (when == "" || s.Holds(when))
}

// Holds reports whether a condition that Prepare or Rules.Add compiled is true.
func (s *Sheet) Holds(when Expr) bool {
	v, ok := s.d.rules.eval(when, s)
	return ok && v == types.True
}

// Pages lists the pages that there are now, in order.
func (s *Sheet) Pages() []Page {
	var pages []Page
	for _, p := range s.d.Pages {
		again := p.Field != "" && slices.ContainsFunc(pages, func(q Page) bool { return q.Field == p.Field })
		if !again && s.In(p.Cases, p.When) {
			pages = append(pages, p)
		}
	}
	return pages
}

// Options lists the options that a field has now.
func (s *Sheet) Options(f Field) []Option {
	var options []Option
	for _, o := range f.Choices {
		if s.In(o.Cases, o.When) {
			options = append(options, o)
		}
	}
	return options
}

// Review lists the rows of the review that there are now.
func (s *Sheet) Review() []Row {
	var rows []Row
	for _, r := range s.d.Review {
		if s.In(r.Cases, r.When) {
			rows = append(rows, r)
		}
	}
	return rows
}

// Given is what the field holds before anybody was asked: from the card, or computed.
func (s *Sheet) Given(id FieldID) Answer {
	field, _ := s.d.Field(id)
	was := s.busy[id]
	s.busy[id] = true
	defer func() { s.busy[id] = was }()
	return s.given(field)
}

func (s *Sheet) given(field Field) Answer {
	if a := field.Prefill.of(s.env.Facts); a.Value != "" {
		return a
	}
	for _, c := range field.Compute {
		if s.In(c.Cases, c.When) {
			return Answer{s.compute(c), identity.FromComputed}
		}
	}
	return Answer{}
}

// of is the first of the facts that is known.
func (f Facts) of(known map[Fact]Answer) Answer {
	for _, fact := range f {
		if a := known[fact]; a.Value != "" {
			return a
		}
	}
	return Answer{}
}

// RowOf is a row of the group with what the card of the person in it says.
func (f Field) RowOf(known map[Fact]Answer) Answers {
	row := Answers{}
	for _, c := range f.Columns {
		if a := c.Prefill.of(known); a.Value != "" {
			row[c.ID] = a
		}
	}
	return row
}

func (s *Sheet) compute(c Compute) string {
	switch {
	case c.Expr != "":
		v, ok := s.d.rules.eval(c.Expr, s)
		if !ok {
			return ""
		}
		return words(v.Value())
	case c.After == "":
		return s.expand(c.Text, func(id FieldID) string { return s.value(id).Value })
	}
	start, err := identity.ParseDate(s.value(c.After).Value)
	months, err2 := strconv.Atoi(s.value(c.Months).Value)
	if err != nil || err2 != nil {
		return ""
	}
	return start.AddMonths(months).AddDays(-1).String()
}

// Kept is the sheet of a form that was filed: every field is as it was then, and nothing is computed again.
func (d *Definition) Kept(env Env, filed Answers) *Sheet {
	s := d.Sheet(env, filed)
	for _, f := range d.Fields {
		s.done[f.ID] = filed[f.ID]
	}
	return s
}
