package official

import (
	"fmt"
	"slices"

	"motcua/kiosk/identity"
	"motcua/kiosk/paper"
	"motcua/kiosk/service"
)

// Check holds the services against the printed forms: each form that a service fills is there on its first day in force, and has
// what the service fills in.
func Check(c *service.Catalogue, shelf *paper.Shelf) []service.Mistake {
	var wrong []service.Mistake
	for _, svc := range c.All() {
		for i, p := range svc.Prints {
			for _, text := range misfits(svc, p, shelf) {
				wrong = append(wrong, service.Mistake{File: "services/" + svc.ID + ".yaml", Text: fmt.Sprintf("prints[%d]: %s", i, text)})
			}
		}
	}
	return wrong
}

func misfits(svc *service.Service, p service.Print, shelf *paper.Shelf) []string {
	f, ok := formOf(shelf, p.Form, svc.Version)
	if !ok {
		return []string{fmt.Sprintf("there is no form %s in force", p.Form)}
	}
	keys := f.Keys()
	var wrong []string
	for key := range p.Values {
		if !slices.Contains(keys.Text, key) {
			wrong = append(wrong, fmt.Sprintf("form %s has no %q", p.Form, key))
		}
	}
	for key := range p.Checks {
		if !slices.Contains(keys.Checks, key) {
			wrong = append(wrong, fmt.Sprintf("form %s has nothing to tick called %q", p.Form, key))
		}
	}
	for key, table := range p.Rows {
		cells, ok := keys.Rows[key]
		if !ok {
			wrong = append(wrong, fmt.Sprintf("form %s has no table %q", p.Form, key))
		}
		for cell := range table.Values {
			if ok && !slices.Contains(cells, cell) {
				wrong = append(wrong, fmt.Sprintf("table %q of form %s has no %q", key, p.Form, cell))
			}
		}
	}
	slices.Sort(wrong)
	return wrong
}

// formOf finds the form in force on a day, or the first that comes into force after it: a service may be older than its form.
func formOf(shelf *paper.Shelf, id string, day identity.Date) (*paper.Form, bool) {
	if f, ok := shelf.On(id, day); ok {
		return f, true
	}
	for _, f := range shelf.All() {
		if f.Layout().ID == id && day.Before(f.Layout().Version) {
			return f, true
		}
	}
	return nil, false
}
