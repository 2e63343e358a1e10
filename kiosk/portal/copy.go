package portal

import (
	"fmt"
	"strings"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/official"
	"motcua/kiosk/service"
)

// Line is one thing to copy into the portal's form.
type Line struct {
	Item  string `json:"item,omitempty"` // number on the official form; of a table with the row behind it, 10.2
	Label string `json:"label"`
	Value string `json:"value"` // as the portal wants it typed: dates dd/mm/yyyy, choices in the words of the form
}

// Copy lists what an officer copies, in the order of the official form, which is the portal's. Tables are taken apart, one line a cell that is
// not empty.
func Copy(f filing.Filing, p official.Printer) ([]Line, error) {
	all, _, err := fields(f, p)
	if err != nil {
		return nil, err
	}
	var lines []Line
	for _, one := range all {
		if len(one.Rows) == 0 {
			lines = append(lines, Line{one.Item, one.Label, one.Value})
			continue
		}
		for i, row := range one.Rows {
			item := fmt.Sprint(i + 1)
			if one.Item != "" {
				item = one.Item + "." + item
			}
			for _, cell := range row {
				lines = append(lines, Line{item, one.Label + ": " + cell.Label, cell.Value})
			}
		}
	}
	return lines, nil
}

// fields are the answers in the order of the official form.
func fields(f filing.Filing, p official.Printer) ([]Field, *service.Service, error) {
	rows, svc, err := p.Rows(f)
	if err != nil {
		return nil, nil, err
	}
	fields := make([]Field, 0, len(rows))
	for _, row := range rows {
		field := Field{ID: row.Field, Item: row.Item, Label: row.Label, Value: row.Value, Source: row.Source}
		switch one := definition(svc, row.Field); one.Kind {
		case form.Group:
			field.Rows = cells(one, f.Answers)
		case form.Choice, form.Many:
			field.Value = worded(one, f.Answers[row.Field].Value)
		}
		fields = append(fields, field)
	}
	return fields, svc, nil
}

func definition(svc *service.Service, id form.FieldID) form.Field {
	for _, f := range svc.Form.Fields {
		if f.ID == id {
			return f
		}
	}
	return form.Field{}
}

// cells are the rows of a group, without what is empty.
func cells(group form.Field, answers form.Answers) [][]Field {
	var rows [][]Field
	for _, row := range answers.Rows(group) {
		var cells []Field
		for _, column := range group.Columns {
			a := row[column.ID]
			if a.Value == "" {
				continue
			}
			label := column.Label
			if label == "" {
				label = column.Name()
			}
			cells = append(cells, Field{ID: column.ID, Label: label, Value: worded(column, a.Value), Source: a.Source})
		}
		rows = append(rows, cells)
	}
	return rows
}

// worded is an answer in the words of the form, as the paper beside it has them. A number alone, of months or of weddings, says nothing without
// the line that it stands in: then it is the title on the screen.
func worded(field form.Field, value string) string {
	if field.Kind != form.Choice && field.Kind != form.Many {
		return value
	}
	words := []string{value}
	if field.Kind == form.Many {
		words = form.Split(value)
	}
	for i, v := range words {
		if o, ok := form.ByValue(field.Choices, v); ok && strings.Trim(v, "0123456789") == "" {
			words[i] = o.Title
		}
	}
	return strings.Join(words, ", ")
}
