package form

import (
	"strconv"
	"strings"

	"motcua/kiosk/identity"
)

// Env is what a form is filled from besides the citizen's own answers.
type Env struct {
	Facts map[Fact]Answer // of the applicant, each with its source
	Case  string          // its id
	// Words are the references that are no fields: "office.name", "office.commune", "office.province", "case",
	// "case.title".
	Words map[string]string
	Today identity.Date
}

// Fill gives the answers of all fields of the case: what was asked, else what was prefilled, else what follows. An
// asked answer equal to the prefilled one keeps the better source; asked answers of pages that the case does not
// have are left out. Empty answers are left out.
func (d *Definition) Fill(env Env, asked Answers) Answers {
	f := filler{d, env, asked, Answers{}, map[FieldID]bool{}}
	for _, field := range d.Fields {
		f.value(field.ID)
	}
	for id, a := range f.done {
		if a.Value == "" {
			delete(f.done, id)
		}
	}
	return f.done
}

type filler struct {
	d     *Definition
	env   Env
	asked Answers
	done  Answers
	busy  map[FieldID]bool // against circles, which the catalogue refuses
}

// value gives the answer of one field, made when it is first wanted.
func (f *filler) value(id FieldID) Answer {
	if a, ok := f.done[id]; ok || f.busy[id] {
		return a
	}
	f.busy[id] = true
	defer delete(f.busy, id)
	field, _ := f.d.Field(id)
	a := f.pick(field)
	f.done[id] = a
	return a
}

func (f *filler) pick(field Field) Answer {
	given := f.given(field)
	asked, ok := f.asked[field.ID]
	if !ok || !f.d.asks(field.ID, f.env.Case) {
		return given
	}
	asked.Value = Clean(asked.Value)
	if asked.Value == given.Value && given.Value != "" {
		return given
	}
	if field.Kind == Choice {
		if _, ok := field.ByValue(f.env.Case, asked.Value); !ok {
			return Answer{}
		}
	}
	return asked
}

// asks reports whether the case has a page for the field.
func (d *Definition) asks(id FieldID, kase string) bool {
	for _, p := range d.Pages {
		if p.Field == id && In(p.Cases, kase) {
			return true
		}
	}
	return false
}

// Given is what the field holds before anybody was asked: from the card, or computed.
func (d *Definition) Given(env Env, asked Answers, id FieldID) Answer {
	field, _ := d.Field(id)
	f := filler{d, env, asked, Answers{}, map[FieldID]bool{id: true}}
	return f.given(field)
}

func (f *filler) given(field Field) Answer {
	if field.Prefill != "" {
		if a := f.env.Facts[field.Prefill]; a.Value != "" {
			return a
		}
	}
	for _, c := range field.Compute {
		if In(c.Cases, f.env.Case) {
			return Answer{f.compute(c), identity.FromComputed}
		}
	}
	return Answer{}
}

func (f *filler) compute(c Compute) string {
	if c.After == "" {
		return f.expand(c.Text, func(id FieldID) string { return f.value(id).Value })
	}
	start, err := identity.ParseDate(f.value(c.After).Value)
	months, err2 := strconv.Atoi(f.value(c.Months).Value)
	if err != nil || err2 != nil {
		return ""
	}
	return start.AddMonths(months).AddDays(-1).String()
}

// Text is a text of the form with its {references} replaced by what people read: titles of options, masked numbers.
func (d *Definition) Text(env Env, filled Answers, text string) string {
	f := filler{d: d, env: env, done: filled}
	shown := f.expand(text, func(id FieldID) string { return d.Shown(env.Case, id, filled[id].Value) })
	return strings.Trim(shown, " ·,") // what stood beside an empty field
}

// Shown is a value as people read it: the title of a chosen option, digits in groups.
func (d *Definition) Shown(kase string, id FieldID, value string) string {
	field, _ := d.Field(id)
	if field.Kind == Choice {
		if o, ok := field.ByValue(kase, value); ok {
			return o.Title
		}
	}
	return value
}

// expand replaces {name}, {name|lower} and {name|masked}. A text in which every field is empty is empty, so that
// "{a}, {office.name}" says nothing as long as nobody answered a.
func (f *filler) expand(text string, value func(FieldID) string) string {
	var b strings.Builder
	fields, filled := 0, 0
	for _, part := range parts(text) {
		if !part.ref {
			b.WriteString(part.text)
			continue
		}
		s, isField := f.refer(part.text, value)
		if isField {
			fields++
			if s != "" {
				filled++
			}
		}
		b.WriteString(part.show(s))
	}
	if fields > 0 && filled == 0 {
		return ""
	}
	return b.String()
}

// refer gives the value of a reference, and whether it is a field's.
func (f *filler) refer(name string, value func(FieldID) string) (string, bool) {
	if name == refToday {
		return f.env.Today.String(), false
	}
	if s, ok := f.env.Words[name]; ok {
		return s, false
	}
	return value(FieldID(name)), true
}

// refToday is the day on which the form is filled in; the other words come with Env.
const refToday = "today"

// words are the references that are no fields.
var words = []string{refToday, "case", "case.title", "office.name", "office.commune", "office.province"}
