package form

import (
	"cmp"
	"slices"
	"strconv"
	"unicode/utf8"

	"motcua/kiosk/identity"
)

// Verify checks one value of a field, of which options are those that there are now; today is for dates. An empty value
// is only a problem if the field is required. Text is left empty: the words are in assets/text.
func (f Field) Verify(options []Option, value string, today identity.Date) []Problem {
	value = Clean(value)
	switch {
	case value == "" && f.Required:
		return f.problem(ProblemRequired)
	case value == "":
		return nil
	case f.Kind == Group:
		return nil // Sheet.verifyRows
	case utf8.RuneCountInString(value) > f.longest():
		return f.problem(ProblemTooLong)
	case f.Kind == Choice && !offers(options, value):
		return f.problem(ProblemChoice)
	case f.Kind == Number:
		return f.problem(f.verifyNumber(value))
	}
	if code := f.Check.verify(value, today); code != "" || f.Kind != Day {
		if code == "" && f.Check == RuleAddress && district.MatchString(value) {
			return []Problem{{Field: f.ID, Code: ProblemDistrict}}
		}
		return f.problem(code)
	}
	return f.problem(RuleDate.verify(value, today))
}

// longest is how many characters a value may have: that of a day is longer than what is typed, and what nobody typed is
// as long as cards and computations make it.
func (f Field) longest() int {
	const longestMade = 600
	switch f.Kind {
	case Day:
		return len("dd/mm/yyyy")
	case Many, Place, Known:
		return longestMade
	}
	return f.MaxLen()
}

func offers(options []Option, value string) bool {
	_, ok := ByValue(options, value)
	return ok
}

func (f Field) verifyNumber(value string) string {
	n, err := strconv.Atoi(value)
	switch {
	case err != nil || !digits(value):
		return ProblemWhole
	case n < f.Min:
		return ProblemTooSmall
	case f.Max > 0 && n > f.Max:
		return ProblemTooLarge
	}
	return ""
}

func (f Field) problem(code string) []Problem {
	if code == "" {
		return nil
	}
	return []Problem{{Field: f.ID, Code: code, Blocking: true}}
}

// Verify checks what the field holds now, typed or not: its own rule, then the form's checks that are about it. Problems
// of the form's checks have their text; those of rules have none.
func (s *Sheet) Verify(id FieldID) []Problem {
	f, ok := s.d.Field(id)
	if !ok {
		return nil
	}
	problems := f.Verify(s.Options(f), s.raw(f), s.env.Today)
	if f.Kind == Group {
		problems = append(problems, s.verifyRows(f)...)
	}
	if len(problems) > 0 {
		return problems
	}
	for _, c := range s.d.Checks {
		if slices.Contains(c.Fields, id) && s.Holds(c.When) {
			problems = append(problems, c.problem(id))
		}
	}
	return problems
}

func (c Check) problem(id FieldID) Problem {
	text := c.Text
	if c.Do != "" {
		text += " " + c.Do
	}
	return Problem{id, c.ID, text, c.Level == Error}
}

// raw is what was typed, else what is known.
func (s *Sheet) raw(f Field) string {
	if a, ok := s.asked[f.ID]; ok && s.asks(f.ID) {
		if f.Kind == Group && a.Value == "0" {
			return ""
		}
		return a.Value
	}
	return s.Given(f.ID).Value
}

// verifyRows checks how many rows there are, each of them, and that nobody is there twice.
func (s *Sheet) verifyRows(f Field) []Problem {
	rows := s.asked.Rows(f)
	switch {
	case len(rows) > 0 && len(rows) < f.Min:
		return f.problem(ProblemFewRows)
	case len(rows) > f.MaxRows():
		return f.problem(ProblemManyRows)
	}
	seen := map[string]bool{}
	for _, row := range rows {
		if !f.Complete(row, s.env.Today) {
			return f.problem(ProblemRow)
		}
		for _, c := range f.Columns {
			if v := Clean(row[c.ID].Value); c.Personal() && v != "" {
				if seen[v] {
					return f.problem(ProblemTwice)
				}
				seen[v] = true
			}
		}
	}
	return nil
}

// Complete reports whether a row has all that it needs.
func (f Field) Complete(row Answers, today identity.Date) bool {
	return !slices.ContainsFunc(f.Columns, func(c Field) bool {
		return len(c.Verify(c.Choices, row[c.ID].Value, today)) > 0
	})
}

// Warnings lists the ids of the form's checks that now say something and do not block.
func (s *Sheet) Warnings() []string {
	var ids []string
	for _, c := range s.d.Checks {
		if c.Level == Warning && s.Holds(c.When) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Problems lists all that is wrong with the form as it stands, page by page, then what no page asks.
func (s *Sheet) Problems() []Problem {
	var problems []Problem
	said := map[string]bool{}
	add := func(id FieldID) {
		for _, p := range s.Verify(id) {
			if key := cmp.Or(s.checkID(p.Code), string(id)+" "+p.Code); !said[key] {
				said[key] = true
				problems = append(problems, p)
			}
		}
	}
	for _, p := range s.Pages() {
		if p.Field != "" {
			add(p.Field)
		}
	}
	for _, f := range s.d.Fields {
		if !s.asks(f.ID) && !f.Blank && s.value(f.ID).Value != "" {
			add(f.ID)
		}
	}
	return problems
}

// checkID is the code if it is one of the form's checks, which are said once.
func (s *Sheet) checkID(code string) string {
	if slices.ContainsFunc(s.d.Checks, func(c Check) bool { return c.ID == code }) {
		return code
	}
	return ""
}
