package form

import (
	"fmt"
	"slices"
)

// This file is what follows from what: no field may follow from itself, and no page may depend on what is asked after it.

// expressions compiles every expression of the form.
func (c *checker) expressions() {
	add := func(path string, e Expr, w want) {
		if e == "" {
			return
		}
		if err := c.d.rules.add(e, w); err != nil {
			c.want(false, path, "%v", err)
		}
	}
	for i, f := range c.d.Fields {
		for j, comp := range f.Compute {
			at := fmt.Sprintf("fields[%d].compute[%d]", i, j)
			add(at+".when", comp.When, wantBool)
			add(at+".expr", comp.Expr, wantValue)
		}
		for j, o := range f.Choices {
			add(fmt.Sprintf("fields[%d].choices[%d].when", i, j), o.When, wantBool)
		}
		for j, column := range f.Columns {
			for _, o := range column.Choices {
				c.want(o.When == "" && len(o.Cases) == 0, fmt.Sprintf("fields[%d].columns[%d].choices", i, j), "a column's choices are always there")
			}
		}
	}
	for i, p := range c.d.Pages {
		add(fmt.Sprintf("pages[%d].when", i), p.When, wantBool)
	}
	for i, check := range c.d.Checks {
		add(fmt.Sprintf("checks[%d].when", i), check.When, wantBool)
	}
	for i, r := range c.d.Review {
		add(fmt.Sprintf("review[%d].when", i), r.When, wantBool)
	}
}

// order wants each page's condition to hang on nothing that is asked on it or after it, so that going on never changes
// what was before.
func (c *checker) order() {
	for i, p := range c.d.Pages {
		for _, id := range c.closure(c.d.rules.names[p.When]) {
			later := slices.ContainsFunc(c.d.Pages[i:], func(q Page) bool { return q.Field == id })
			c.want(!later, fmt.Sprintf("pages[%d].when", i), "%q is asked only here or later", id)
		}
	}
}

// closure is the fields and all that they follow from.
func (c *checker) closure(ids []FieldID) []FieldID {
	var all []FieldID
	for next := slices.Clone(ids); len(next) > 0; next = next[1:] {
		if !slices.Contains(all, next[0]) {
			all = append(all, next[0])
			next = append(next, c.follows(next[0])...)
		}
	}
	return all
}

// circles finds fields that are computed from themselves.
func (c *checker) circles() {
	for i, f := range c.d.Fields {
		c.want(!slices.Contains(c.closure(c.follows(f.ID)), f.ID), fmt.Sprintf("fields[%d]", i), "field %q follows from itself", f.ID)
	}
}

// follows lists the fields of which a field is made, or on which it hangs whether it is asked and what can be chosen.
func (c *checker) follows(id FieldID) []FieldID {
	f, _ := c.d.Field(id)
	var ids []FieldID
	for _, comp := range f.Compute {
		ids = append(ids, comp.uses()...)
		ids = append(ids, c.d.rules.names[comp.When]...)
		ids = append(ids, c.d.rules.names[comp.Expr]...)
	}
	for _, o := range f.Choices {
		ids = append(ids, c.d.rules.names[o.When]...)
	}
	for _, p := range c.d.Pages {
		if p.Field == id {
			ids = append(ids, c.d.rules.names[p.When]...)
		}
	}
	return ids
}

// uses lists the fields that a computation is made of, besides its expressions.
func (comp Compute) uses() []FieldID {
	var ids []FieldID
	for _, id := range []FieldID{comp.After, comp.Months} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	for _, p := range parts(comp.Text) {
		if p.ref && !slices.Contains(wordRefs, p.text) {
			ids = append(ids, FieldID(p.text))
		}
	}
	return ids
}
