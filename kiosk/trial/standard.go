package trial

import (
	"strconv"
	"strings"
	"unicode"

	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
)

// For is the person as a citizen who files the service in the usual way: what its file says under trial, and cards of
// other people where lists need some.
func For(svc *service.Service, who identity.Person) Citizen {
	c := Citizen{Person: who, Case: svc.Trial.Case, Answers: svc.Trial.Answers, Others: map[form.FieldID][]identity.Person{}}
	if svc.Form == nil {
		return c
	}
	sex := identity.Male
	if who.Sex == identity.Male {
		sex = identity.Female
	}
	n := 0
	for _, f := range svc.Form.Fields {
		many, said := svc.Trial.Others[f.ID]
		if !said {
			many = f.Min
		}
		for range many {
			c.Others[f.ID] = append(c.Others[f.ID], Other(n, sex))
			n++
		}
	}
	return c
}

// Written counts the letters and digits that somebody would write by hand on the forms that the filing fills, besides
// what an office prints on them itself.
func Written(contents []service.Content) int {
	n := 0
	count := func(s string) {
		n += len([]rune(strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s)))
	}
	for _, c := range contents {
		for key, s := range c.Text {
			if !strings.HasPrefix(key, "office_") && key != "reference" {
				count(s)
			}
		}
		for _, rows := range c.Rows {
			for i, row := range rows {
				count(strconv.Itoa(i + 1))
				for _, s := range row {
					count(s)
				}
			}
		}
	}
	return n
}
