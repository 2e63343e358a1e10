package service

import (
	"cmp"
	"maps"

	"motcua/kiosk/form"
)

// Print is an official form of assets/papers that the service fills. A field with the same key as one of the printed
// form fills it by itself, a group the table of the same key; Values, Checks and Rows say the rest.
type Print struct {
	Form   string               `yaml:"form"` // CT01
	Title  string               `yaml:"title"`
	When   form.Expr            `yaml:"when"`
	Values map[string]string    `yaml:"values"` // texts with {references}, by key
	Checks map[string]form.Expr `yaml:"checks"` // what is ticked, by key
	Rows   map[string]Table     `yaml:"rows"`
}

// Table is where the rows of a printed table come from.
type Table struct {
	From   form.FieldID      `yaml:"from"`
	Values map[string]string `yaml:"values"` // texts with {columns}, by key of the row
}

// from is the group that fills the table of the key.
func (t Table) from(key string) form.FieldID { return cmp.Or(t.From, form.FieldID(key)) }

// Content is what a printed form is filled with, by its keys.
type Content struct {
	Text    map[string]string
	Rows    map[string][]map[string]string
	Checked map[string]bool
}

// PrintsFor lists the forms that a filing fills.
func (s *Service) PrintsFor(sheet *form.Sheet) []Print {
	var prints []Print
	for _, p := range s.Prints {
		if sheet.In(nil, p.When) {
			prints = append(prints, p)
		}
	}
	return prints
}

// Content fills the printed form. Words are what the office knows, by key: office_name, today.
func (s *Service) Content(p Print, sheet *form.Sheet, words map[string]string) Content {
	c := Content{maps.Clone(words), map[string][]map[string]string{}, map[string]bool{}}
	if c.Text == nil {
		c.Text = map[string]string{}
	}
	answers := sheet.Filled()
	for _, f := range s.rules.Fields {
		if f.Kind == form.Group {
			c.Rows[string(f.ID)] = s.rows(f, sheet, answers, p.Rows[string(f.ID)])
			continue
		}
		if v := answers[f.ID].Value; v != "" {
			c.Text[string(f.ID)] = v
		}
	}
	for key, table := range p.Rows {
		if group, ok := s.rules.Field(table.from(key)); ok {
			c.Rows[key] = s.rows(group, sheet, answers, table)
		}
	}
	for key, text := range p.Values {
		c.Text[key] = sheet.Printed(text)
	}
	for key, when := range p.Checks {
		c.Checked[key] = sheet.Holds(when)
	}
	return c
}

func (s *Service) rows(group form.Field, sheet *form.Sheet, answers form.Answers, table Table) []map[string]string {
	var rows []map[string]string
	for _, row := range answers.Rows(group) {
		cells := map[string]string{}
		for _, column := range group.Columns {
			cells[string(column.ID)] = row[column.ID].Value
		}
		for key, text := range table.Values {
			cells[key] = sheet.PrintedRow(group, row, text)
		}
		rows = append(rows, cells)
	}
	return rows
}
