// Package form is a questionnaire as data: pages with fields, answers with their sources, problems with words.
//
// A Definition comes from a service's file; nothing in it is Go. One page asks one question. Pages, options and
// computations may be bound to cases of the service ("rent", "family") and to conditions in CEL (package file rules.go),
// which Prepare compiles and checks. A Sheet is a form in its present state: Sheet.Pages is what is asked now,
// Sheet.Filled the whole form, Sheet.Problems what does not fit. A field that is not asked and not known has no answer,
// whatever was typed before.
package form

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"motcua/kiosk/identity"
)

// FieldID names a field within its form; it is the key of an Answer for ever.
type FieldID string

// Kind says how a field is answered.
type Kind string

// The kinds.
const (
	Text   Kind = "text"   // letters, on the full keyboard
	Digits Kind = "digits" // digits only, on the number keyboard
	Number Kind = "number" // a whole number, on the number keyboard
	Day    Kind = "date"   // eight digits, kept as dd/mm/yyyy
	Choice Kind = "choice" // one of Choices
	Many   Kind = "many"   // any of Choices; kept as their values, joined
	Place  Kind = "place"  // a commune of today, from the picker
	Group  Kind = "group"  // rows of Columns, one for each person; kept as their number, and each column as id.row.column
	Known  Kind = "known"  // shown, not asked: it comes from the card or is computed
)

// typed kinds are answered on a keyboard.
var typedKinds = map[Kind]bool{Text: true, Digits: true, Number: true, Day: true}

// Typed reports whether the field is answered on a keyboard.
func (k Kind) Typed() bool { return typedKinds[k] }

// Numeric reports whether only digits can be typed.
func (k Kind) Numeric() bool { return k == Digits || k == Number || k == Day }

// Answer is what a field holds, and who says so.
type Answer struct {
	Value  string          `json:"value"`
	Source identity.Source `json:"source"`
}

// Answers holds what was answered so far. It is treated as a value: With copies.
type Answers map[FieldID]Answer

// With is a copy of a in which id has the given answer.
func (a Answers) With(id FieldID, answer Answer) Answers {
	c := maps.Clone(a)
	if c == nil {
		c = Answers{}
	}
	c[id] = answer
	return c
}

// Without is a copy of a in which id has no answer.
func (a Answers) Without(id FieldID) Answers {
	c := maps.Clone(a)
	delete(c, id)
	return c
}

// Cell is the key of a column in a row (from 0) of a group.
func Cell(group FieldID, row int, column FieldID) FieldID {
	return FieldID(fmt.Sprintf("%s.%d.%s", group, row, column))
}

// RowOf is the row of a group that the key of a cell is in, "guests.0"; "" for what is no cell.
func RowOf(id FieldID) string {
	i := strings.LastIndexByte(string(id), '.')
	if i < 0 {
		return ""
	}
	return string(id[:i])
}

// Rows takes the rows of a group out of the answers, each by its columns.
func (a Answers) Rows(group Field) []Answers {
	n, _ := strconv.Atoi(a[group.ID].Value)
	rows := make([]Answers, max(0, min(n, MaxRows)))
	for i := range rows {
		rows[i] = Answers{}
		for _, c := range group.Columns {
			if answer, ok := a[Cell(group.ID, i, c.ID)]; ok {
				rows[i][c.ID] = answer
			}
		}
	}
	return rows
}

// WithRows is a copy of a in which the group has these rows and no others.
func (a Answers) WithRows(group Field, rows []Answers) Answers {
	c := Answers{}
	maps.Copy(c, a)
	for i := range max(len(rows), len(a.Rows(group))) {
		for _, column := range group.Columns {
			key := Cell(group.ID, i, column.ID)
			delete(c, key)
			if i < len(rows) {
				if answer, ok := rows[i][column.ID]; ok {
					c[key] = answer
				}
			}
		}
	}
	c[group.ID] = Answer{Value: strconv.Itoa(len(rows)), Source: identity.FromComputed}
	return c
}

// MaxRows is how many rows a group can have at all.
const MaxRows = 99

// Problem is something wrong with an answer. Blocking problems keep the page; others are shown and let through.
type Problem struct {
	Field    FieldID
	Code     string // stable, "required", "pattern", "future-date", or the id of one of the form's checks
	Text     string // for the citizen: what is wrong and what to do
	Blocking bool
}
