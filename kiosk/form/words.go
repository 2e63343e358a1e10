package form

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"motcua/kiosk/identity"
)

// Text is a text of the form with its {references} replaced by what people read: titles of options, rows of a group.
func (s *Sheet) Text(text string) string {
	shown := s.expand(text, func(id FieldID) string { return s.Shown(id, s.value(id).Value) })
	return strings.Trim(shown, " ·,") // what stood beside an empty field
}

// Printed is a text with its {references} replaced by the values as forms print them.
func (s *Sheet) Printed(text string) string {
	printed := s.expand(text, func(id FieldID) string { return s.value(id).Value })
	return strings.Trim(printed, " ·,")
}

// Shown is a value as people read it: the title of a chosen option, a group by its rows.
func (s *Sheet) Shown(id FieldID, value string) string {
	field, _ := s.d.Field(id)
	switch field.Kind {
	case Choice:
		return titled(field, value)
	case Many:
		var titles []string
		for _, v := range Split(value) {
			titles = append(titles, titled(field, v))
		}
		return strings.Join(titles, ", ")
	case Group:
		var rows []string
		for _, row := range s.asked.Rows(field) {
			rows = append(rows, s.RowText(field, row))
		}
		return strings.Join(rows, "; ")
	}
	return value
}

func titled(field Field, value string) string {
	if o, ok := ByValue(field.Choices, value); ok {
		return o.Title
	}
	return value
}

// RowText is one row of a group as people read it.
func (s *Sheet) RowText(group Field, row Answers) string {
	pattern := cmp.Or(group.Row, "{"+string(group.firstColumn())+"}")
	return strings.Trim(s.expand(pattern, func(id FieldID) string {
		column, _ := group.Column(id)
		return titled(column, column.tidy(row[id].Value))
	}), " ·,")
}

func (f Field) firstColumn() FieldID {
	if len(f.Columns) == 0 {
		return ""
	}
	return f.Columns[0].ID
}

// expand replaces {name}, {name|lower} and {name|masked}. A text in which every field is empty is empty, so that
// "{a}, {office.name}" says nothing as long as nobody answered a.
func (s *Sheet) expand(text string, value func(FieldID) string) string {
	var b strings.Builder
	fields, filled := 0, 0
	for _, part := range parts(text) {
		if !part.ref {
			b.WriteString(part.text)
			continue
		}
		word, isField := s.refer(part.text, value)
		if isField {
			fields++
			if word != "" {
				filled++
			}
		}
		b.WriteString(part.show(word))
	}
	if fields > 0 && filled == 0 {
		return ""
	}
	return b.String()
}

// refer gives the value of a reference, and whether it is a field's.
func (s *Sheet) refer(name string, value func(FieldID) string) (string, bool) {
	if name == refToday {
		return s.env.Today.String(), false
	}
	if word, ok := s.env.Words[name]; ok {
		return word, false
	}
	return value(FieldID(name)), true
}

// refToday is the day on which the form is filled in; the other words come with Env.
const refToday = "today"

// wordRefs are the references that are no fields.
var wordRefs = []string{refToday, "case", "case.title", "office.name", "office.commune", "office.province"}

// words is the value of an expression as forms print it.
func words(v any) string {
	if t, ok := v.(time.Time); ok {
		return identity.DateOf(t.UTC()).String()
	}
	return fmt.Sprint(v)
}

// PrintedRow is a text with {columns} of a row as forms print them.
func (s *Sheet) PrintedRow(group Field, row Answers, text string) string {
	return strings.Trim(s.expand(text, func(id FieldID) string {
		column, _ := group.Column(id)
		return column.tidy(row[id].Value)
	}), " ·,")
}
