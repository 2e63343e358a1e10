package form

import (
	"strconv"

	"github.com/google/cel-go/cel"

	"motcua/kiosk/identity"
)

// names gives an expression its names, each when it is wanted. It computes no other field than the expression mentions:
// those may be the ones for which it is evaluated.
type names struct {
	s         *Sheet
	mentioned []FieldID
}

// Parent is none.
func (names) Parent() cel.Activation { return nil }

// ResolveName finds a field or one of the reserved names; what has no answer has no name.
func (n names) ResolveName(name string) (any, bool) {
	s := n.s
	switch name {
	case nameCase:
		return s.env.Case, true
	case nameToday:
		return s.env.Today.Time(), true
	case nameHour:
		return s.env.Hour, true
	case nameAge:
		born, err := identity.ParseDate(s.env.Facts[CardBirth].Value)
		return fullMonths(born, s.env.Today) / 12, err == nil
	case nameMale:
		return s.env.Facts[CardSex].Value == identity.Male.Text(), true
	case nameFemale:
		return s.env.Facts[CardSex].Value == identity.Female.Text(), true
	case nameLocal:
		return append([]string{}, s.env.Local...), true
	case nameAnswered:
		return n.answered(), true
	}
	return s.celValue(FieldID(name))
}

func (n names) answered() []string {
	ids := []string{}
	for _, id := range n.mentioned {
		if n.s.value(id).Value != "" {
			ids = append(ids, string(id))
		}
	}
	return ids
}

// celValue is a field's answer as its kind has it in expressions.
func (s *Sheet) celValue(id FieldID) (any, bool) {
	f, ok := s.d.Field(id)
	value := s.value(id).Value
	if !ok || value == "" {
		return nil, false
	}
	switch {
	case f.Dated():
		d, err := identity.ParseDate(value)
		return d.Time(), err == nil
	case f.Kind == Number:
		n, err := strconv.Atoi(value)
		return n, err == nil
	case f.Kind == Choice:
		o, ok := ByValue(f.Choices, value)
		return o.ID, ok
	case f.Kind == Many:
		return optionIDs(f, Split(value)), true
	case f.Kind == Group:
		return s.celRows(f), true
	}
	return value, true
}

func optionIDs(f Field, values []string) []string {
	ids := []string{}
	for _, v := range values {
		if o, ok := ByValue(f.Choices, v); ok {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// celRows are the rows of a group; choices stand by their ids.
func (s *Sheet) celRows(f Field) []map[string]string {
	rows := []map[string]string{}
	for _, row := range s.asked.Rows(f) {
		cells := map[string]string{}
		for _, c := range f.Columns {
			value := c.tidy(row[c.ID].Value)
			if o, ok := ByValue(c.Choices, value); ok {
				value = o.ID
			}
			cells[string(c.ID)] = value
		}
		rows = append(rows, cells)
	}
	return rows
}
