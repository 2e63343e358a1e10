package form

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"motcua/kiosk/identity"
)

// MaxOptions is how many options a page can show.
const MaxOptions = 6

// Mistake is something wrong with a Definition itself: where (fields[3].choices, a path in its file) and what.
type Mistake struct{ Path, Text string }

// Prepare compiles the conditions of the definition and checks it against itself and the cases of its service; pictures
// and icons are the service's to check. A definition without mistakes can be filled in every case without a circle or a
// dead end. Until it is prepared, no condition of a definition holds.
func (d *Definition) Prepare(cases []string) []Mistake {
	c := &checker{d: d, cases: cases}
	c.want(d.ID != "", "id", "a form needs an id")
	c.fields()
	rules, err := newRules(d, cases)
	if err != nil {
		c.want(false, "fields", "%v", err)
		return c.mistakes
	}
	d.rules = rules
	c.expressions()
	c.pages()
	c.order()
	c.checks()
	c.review()
	c.circles()
	return c.mistakes
}

// Condition compiles a condition of the service around the form, so that Sheet.Holds can say whether it is true. It is
// for who prepares the definition, before anybody uses it.
func (d *Definition) Condition(when Expr, cases []string) error {
	if when == "" {
		return nil
	}
	if d.rules == nil {
		rules, err := newRules(d, cases)
		if err != nil {
			return err
		}
		d.rules = rules
	}
	return d.rules.add(when, wantBool)
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

// fieldID is what a field can be called: a name of CEL and a key of a printed form.
var fieldID = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (c *checker) fields() {
	seen := map[FieldID]bool{}
	items := map[string]bool{}
	for i, f := range c.d.Fields {
		path := fmt.Sprintf("fields[%d]", i)
		c.want(fieldID.MatchString(string(f.ID)), path, "a field needs an id of small letters, digits and _")
		c.want(!seen[f.ID], path+".id", "field %q is there twice", f.ID)
		c.want(f.Item == "" || !items[f.Item], path+".item", "item %q is there twice", f.Item)
		c.want(!slices.Contains(wordRefs, string(f.ID)) && !slices.Contains(reserved, string(f.ID)), path+".id",
			"%q is a word of texts or conditions and no field", f.ID)
		seen[f.ID], items[f.Item] = true, true
		c.field(path, f)
		c.source(path, f)
	}
}

func (c *checker) field(path string, f Field) {
	c.want(slices.Contains(kinds, f.Kind), path+".kind", "no such kind of field: %q", f.Kind)
	c.want(f.Label != "", path, "field %q needs the label of the official form", f.ID)
	c.want(slices.Contains(rules, f.Check), path+".check", "no such check: %q", f.Check)
	for _, fact := range f.Prefill {
		c.want(slices.Contains(facts, fact), path+".prefill", "no such fact: %q", fact)
	}
	c.want(f.Max >= 0 && f.Min >= 0 && (f.Max == 0 || f.Min <= f.Max), path+".max", "bounds are positive and in order")
	c.want(f.Min == 0 || f.Kind == Number || f.Kind == Group, path+".min", "only a number and a group have a least")
	c.choices(path, f)
	c.columns(path, f)
	for i, comp := range f.Compute {
		c.compute(fmt.Sprintf("%s.compute[%d]", path, i), comp)
	}
	c.want(!f.Blank || !f.Required, path, "field %q cannot be both blank and required", f.ID)
}

// source wants every field to be filled somehow in every case.
func (c *checker) source(path string, f Field) {
	source := len(f.Prefill) > 0 || len(f.Compute) > 0
	c.want(f.Kind != Known || source, path, "field %q is known, and nothing says from where", f.ID)
	for _, kase := range c.all() {
		filled := f.Blank || len(f.Prefill) > 0 || c.asks(f.ID, kase) ||
			slices.ContainsFunc(f.Compute, func(comp Compute) bool { return In(comp.Cases, kase) })
		c.want(filled, path, "field %q is neither asked nor known in case %q", f.ID, kase)
	}
}

// asks reports whether a page can ask for the field in the case, whatever its condition.
func (c *checker) asks(id FieldID, kase string) bool {
	return slices.ContainsFunc(c.d.Pages, func(p Page) bool { return p.Field == id && In(p.Cases, kase) })
}

var kinds = []Kind{Text, Digits, Number, Day, Choice, Many, Place, Group, Known}

// columns are fields of their own, without conditions, pages or computations.
func (c *checker) columns(path string, f Field) {
	if f.Kind != Group {
		c.want(len(f.Columns) == 0 && f.Row == "", path+".columns", "only a group has columns")
		return
	}
	c.want(len(f.Columns) > 0, path, "group %q needs columns", f.ID)
	c.want(!f.Required || f.Min > 0, path, "group %q is required: min says how many rows", f.ID)
	c.want(f.Required || f.Min <= 1, path, "group %q has a least and is not required", f.ID)
	c.want(f.Max <= MaxRows, path+".max", "a group has at most %d rows", MaxRows)
	seen := map[FieldID]bool{}
	for i, column := range f.Columns {
		at := fmt.Sprintf("%s.columns[%d]", path, i)
		c.want(fieldID.MatchString(string(column.ID)) && !seen[column.ID], at, "a column needs an id of its own")
		c.want(column.Kind.Typed() || column.Kind == Choice || column.Kind == Known, at+".kind", "a column cannot be of kind %q", column.Kind)
		c.want(len(column.Compute) == 0 && !column.Blank, at, "a column is asked or read from a card")
		c.want(column.Kind != Known || len(column.Prefill) > 0, at, "column %q is known, and nothing says from where", column.ID)
		seen[column.ID] = true
		c.field(at, column)
	}
	for _, p := range parts(f.Row) {
		c.want(!p.ref || seen[FieldID(p.text)], path+".row", "no column %q", p.text)
	}
}

// all lists the cases, or the one without a name of a service that has none.
func (c *checker) all() []string {
	if len(c.cases) == 0 {
		return []string{""}
	}
	return c.cases
}

func (c *checker) choices(path string, f Field) {
	if f.Kind != Choice && f.Kind != Many {
		c.want(len(f.Choices) == 0, path+".choices", "only a choice has choices")
		return
	}
	for _, kase := range c.all() {
		sure, most := 0, 0
		for _, o := range f.Choices {
			if In(o.Cases, kase) {
				most++
				if o.When == "" {
					sure++
				}
			}
		}
		if c.asks(f.ID, kase) {
			c.want(most >= 2 && sure <= MaxOptions, path,
				"field %q has %d choices in case %q: two to %d are shown", f.ID, most, kase, MaxOptions)
		}
	}
	ids, values := map[string]bool{}, map[string]bool{}
	for i, o := range f.Choices {
		at := fmt.Sprintf("%s.choices[%d]", path, i)
		c.want(o.ID != "" && o.Title != "", at, "a choice needs an id and a title")
		c.want(!ids[o.ID], at, "choice %q is there twice", o.ID)
		c.want(!values[o.Answer()], at, "two choices give %q", o.Answer())
		c.want(f.Kind != Many || !strings.Contains(o.Answer(), joiner), at, "%q stands between the answers and in none", joiner)
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
	ways := 0
	for _, there := range []bool{dated, comp.Text != "", comp.Expr != ""} {
		if there {
			ways++
		}
	}
	c.want(ways == 1, path, "either a text, or an expression, or after and months")
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
		c.refs(path+".tell", p.Tell)
		for _, id := range p.Known {
			c.ref(path+".known", string(id))
		}
		if p.Tell != "" {
			c.want(p.Field == "", path, "a page asks or tells, not both")
			continue
		}
		f, ok := c.d.Field(p.Field)
		c.want(ok, path+".field", "no field %q", p.Field)
		c.want(!ok || f.Kind != Known, path+".field", "field %q is known and cannot be asked", p.Field)
		for _, q := range c.d.Pages[:i] {
			c.want(q.Field != p.Field || p.When != "" || q.When != "" || apart(p.Cases, q.Cases), path+".field",
				"field %q is asked twice", p.Field)
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

func (c *checker) checks() {
	seen := map[string]bool{}
	for i, check := range c.d.Checks {
		path := fmt.Sprintf("checks[%d]", i)
		c.want(check.ID != "" && !seen[check.ID] && !slices.Contains(ProblemCodes(), check.ID), path, "a check needs an id of its own")
		c.want(check.When != "" && check.Text != "", path, "a check needs when and text")
		c.want(check.Level == Warning || check.Level == Error, path+".level", "a level is warning or error")
		c.want(len(check.Fields) > 0, path, "a check needs its fields")
		for _, id := range check.Fields {
			c.ref(path+".fields", string(id))
		}
		c.want(slices.ContainsFunc(check.Fields, func(id FieldID) bool {
			return slices.ContainsFunc(c.d.Pages, func(p Page) bool { return p.Field == id })
		}), path+".fields", "no page asks for any of them: nobody would hear of it")
		seen[check.ID] = true
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
		if !slices.Contains(wordRefs, p.text) {
			c.ref(path, p.text)
		}
	}
}

func (c *checker) ref(path, name string) {
	_, ok := c.d.Field(FieldID(name))
	c.want(ok, path, "no field %s", strconv.Quote(name))
}
