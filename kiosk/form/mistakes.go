package form

import (
	"fmt"
	"slices"
	"strconv"

	"motcua/kiosk/identity"
)

// MaxOptions is how many options a page can show.
const MaxOptions = 6

// Mistake is something wrong with a Definition itself: where (fields[3].choices, a path in its file) and what.
type Mistake struct{ Path, Text string }

// Mistakes checks the definition against itself and the cases of its service; pictures and icons are the service's to
// check. A definition without mistakes can be filled in every case without a circle or a dead end.
func (d *Definition) Mistakes(cases []string) []Mistake {
	c := &checker{d: d, cases: cases}
	c.want(d.ID != "", "id", "a form needs an id")
	c.fields()
	c.pages()
	c.review()
	c.circles()
	return c.mistakes
}

type checker struct {
	d        *Definition
	cases    []string
	mistakes []Mistake
}

func (c *checker) want(ok bool, path, format string, args ...any) {
	if !ok {
		c.mistakes = append(c.mistakes, Mistake{path, fmt.Sprintf(format, args...)})
	}
}

func (c *checker) fields() {
	seen := map[FieldID]bool{}
	items := map[string]bool{}
	for i, f := range c.d.Fields {
		path := fmt.Sprintf("fields[%d]", i)
		c.want(f.ID != "", path, "a field needs an id")
		c.want(!seen[f.ID], path+".id", "field %q is there twice", f.ID)
		c.want(f.Item == "" || !items[f.Item], path+".item", "item %q is there twice", f.Item)
		c.want(f.Label != "", path, "field %q needs the label of the official form", f.ID)
		c.want(!slices.Contains(words, string(f.ID)), path+".id", "%q is a word of texts and no field", f.ID)
		seen[f.ID], items[f.Item] = true, true
		c.field(path, f)
	}
}

func (c *checker) field(path string, f Field) {
	c.want(slices.Contains([]Kind{Text, Digits, Choice, Known}, f.Kind), path+".kind", "no such kind of field: %q", f.Kind)
	c.want(slices.Contains(rules, f.Check), path+".check", "no such check: %q", f.Check)
	c.want(f.Prefill == "" || slices.Contains(facts, f.Prefill), path+".prefill", "no such fact: %q", f.Prefill)
	c.want(f.Max >= 0, path+".max", "a length is positive")
	c.choices(path, f)
	for i, comp := range f.Compute {
		c.compute(fmt.Sprintf("%s.compute[%d]", path, i), comp)
	}
	source := f.Prefill != "" || len(f.Compute) > 0
	c.want(f.Kind != Known || source, path, "field %q is known, and nothing says from where", f.ID)
	for _, kase := range c.all() {
		filled := f.Blank || f.Prefill != "" || c.d.asks(f.ID, kase) ||
			slices.ContainsFunc(f.Compute, func(comp Compute) bool { return In(comp.Cases, kase) })
		c.want(filled, path, "field %q is neither asked nor known in case %q", f.ID, kase)
	}
	c.want(!f.Blank || !f.Required, path, "field %q cannot be both blank and required", f.ID)
}

// all lists the cases, or the one without a name of a service that has none.
func (c *checker) all() []string {
	if len(c.cases) == 0 {
		return []string{""}
	}
	return c.cases
}

func (c *checker) choices(path string, f Field) {
	if f.Kind != Choice {
		c.want(len(f.Choices) == 0, path+".choices", "only a choice has choices")
		return
	}
	for _, kase := range c.all() {
		if n := len(f.Options(kase)); c.d.asks(f.ID, kase) {
			c.want(n >= 2 && n <= MaxOptions, path,
				"field %q has %d choices in case %q: two to %d are shown", f.ID, n, kase, MaxOptions)
		}
	}
	ids, values := map[string]bool{}, map[string]bool{}
	for i, o := range f.Choices {
		at := fmt.Sprintf("%s.choices[%d]", path, i)
		c.want(o.ID != "" && o.Title != "", at, "a choice needs an id and a title")
		c.want(!ids[o.ID], at, "choice %q is there twice", o.ID)
		c.want(!values[o.Answer()], at, "two choices give %q", o.Answer())
		ids[o.ID], values[o.Answer()] = true, true
		c.caseIDs(at, o.Cases)
		if f.Check == RulePeriod {
			c.want(f.Check.verify(o.Answer(), identity.Date{}) == "", at, "%q is no number of months up to %d", o.Answer(), MaxMonths)
		}
	}
}

func (c *checker) compute(path string, comp Compute) {
	c.caseIDs(path, comp.Cases)
	dated := comp.After != "" || comp.Months != ""
	c.want(dated != (comp.Text != ""), path, "either a text, or after and months")
	if dated {
		c.ref(path, string(comp.After))
		c.ref(path, string(comp.Months))
	}
	c.refs(path, comp.Text)
}

func (c *checker) pages() {
	for i, p := range c.d.Pages {
		path := fmt.Sprintf("pages[%d]", i)
		c.want(p.Title != "", path, "a page needs its question as title")
		c.caseIDs(path, p.Cases)
		f, ok := c.d.Field(p.Field)
		c.want(ok, path+".field", "no field %q", p.Field)
		c.want(!ok || f.Kind != Known, path+".field", "field %q is known and cannot be asked", p.Field)
		for _, id := range p.Known {
			c.ref(path+".known", string(id))
		}
		for _, q := range c.d.Pages[:i] {
			c.want(q.Field != p.Field || apart(p.Cases, q.Cases), path+".field", "field %q is asked twice", p.Field)
		}
	}
}

// apart reports whether two pages never belong to the same case.
func apart(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	return !slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

func (c *checker) review() {
	for i, r := range c.d.Review {
		path := fmt.Sprintf("review[%d]", i)
		c.want(r.Label != "" && r.Text != "", path, "a row needs a label and a text")
		c.want(len(r.Fields) > 0, path, "a row needs its fields")
		c.caseIDs(path, r.Cases)
		c.refs(path+".text", r.Text)
		for _, id := range r.Fields {
			if id != CaseField {
				c.ref(path+".fields", string(id))
			}
		}
	}
}

// CaseField is the name under which a review row opens the question for the case.
const CaseField FieldID = "case"

func (c *checker) caseIDs(path string, ids []string) {
	for _, id := range ids {
		c.want(slices.Contains(c.cases, id), path+".cases", "no case %q", id)
	}
}

func (c *checker) refs(path, text string) {
	for _, p := range parts(text) {
		if !p.ref {
			continue
		}
		c.want(slices.Contains([]string{"", showLower, showMasked}, p.how), path, "a value cannot be shown %q", p.how)
		if !slices.Contains(words, p.text) {
			c.ref(path, p.text)
		}
	}
}

func (c *checker) ref(path, name string) {
	_, ok := c.d.Field(FieldID(name))
	c.want(ok, path, "no field %s", strconv.Quote(name))
}

// circles finds fields that are computed from themselves.
func (c *checker) circles() {
	for i, f := range c.d.Fields {
		c.want(!c.reaches(f.ID, f.ID, map[FieldID]bool{}), fmt.Sprintf("fields[%d]", i), "field %q follows from itself", f.ID)
	}
}

func (c *checker) reaches(from, to FieldID, seen map[FieldID]bool) bool {
	if seen[from] {
		return false
	}
	seen[from] = true
	f, _ := c.d.Field(from)
	for _, comp := range f.Compute {
		for _, next := range comp.uses() {
			if next == to || c.reaches(next, to, seen) {
				return true
			}
		}
	}
	return false
}

// uses lists the fields that a computation is made of.
func (comp Compute) uses() []FieldID {
	var ids []FieldID
	for _, id := range []FieldID{comp.After, comp.Months} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	for _, p := range parts(comp.Text) {
		if p.ref && !slices.Contains(words, p.text) {
			ids = append(ids, FieldID(p.text))
		}
	}
	return ids
}
