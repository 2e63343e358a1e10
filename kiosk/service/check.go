package service

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"motcua/kiosk/form"
)

// check holds the service against itself and against the pictures and icons there are. An empty shelf is not held
// against: a test catalogue brings none.
func (f file) check(s *Service, shelves shelves) {
	base := strings.TrimSuffix(path.Base(f.Name), ".yaml")
	f.want(s.ID == base || strings.HasPrefix(base, s.ID+"@"), "id",
		"the file of service %q is called %[1]s.yaml, or %[1]s@DATE.yaml", s.ID)
	f.want(!s.Version.IsZero(), "version", "a service needs the date from which its definition is in force")
	f.want(s.Until.IsZero() || s.Version.Before(s.Until), "until", "it ends before it begins")
	f.want(s.Name != "" && s.Plain != "" && s.Text != "" && s.Spoken != "", "", "name, plain, text and spoken are all needed")
	f.want(s.Group == "" || slices.Contains(Groups, s.Group), "group", "a group is one of %s", strings.Join(Groups, ", "))
	f.want(s.Level == "" || slices.Contains(Levels, s.Level), "level", "a level is one of %s", strings.Join(Levels, ", "))
	f.want(len(s.Where) <= MaxWhere, "where", "%d sentences: %d can be shown", len(s.Where), MaxWhere)
	f.want(!s.Sent || len(s.Where) > 0, "sent", "what is handed in elsewhere needs where")
	s.Keep.want(f.File, "keep")
	f.want(!s.Kiosk || s.Form != nil, "kiosk", "what is filed here needs a form")
	f.fee(s)
	f.deadline(s)
	f.cases(s)
	f.papers(s)
	f.prepare(s)
	f.prints(s)
	f.drawings(s, shelves)
}

func (f file) fee(s *Service) {
	amounts := func(at string, dong, online int) {
		f.want(dong >= 0 && online >= 0 && online <= dong, at, "a fee is not negative, and online not more")
	}
	amounts("fee", s.Fee.Dong, s.Fee.Online)
	for i, r := range s.Fee.Rates {
		at := fmt.Sprintf("fee.rates[%d]", i)
		amounts(at, r.Dong, r.Online)
		f.want(r.When != "", at, "a rate needs when")
	}
	for i, e := range s.Fee.Free {
		f.want(e.ID != "" && e.Text != "", fmt.Sprintf("fee.free[%d]", i), "who pays nothing needs an id and a text")
	}
}

// clock is a time of day.
var clock = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

func (f file) deadline(s *Service) {
	one := func(at string, d Deadline) {
		f.want(min(d.Days, d.Calendar, d.Hours, d.Max) >= 0, at, "a term is not negative")
		ways := 0
		for _, there := range []bool{d.Days > 0 || d.Half, d.Calendar > 0, d.Hours > 0, d.SameDay} {
			if there {
				ways++
			}
		}
		f.want(ways <= 1, at, "a term counts in one way: days, calendar, hours or same_day")
		f.want(d.Cutoff == "" || clock.MatchString(d.Cutoff), at+".cutoff", "a time of day, 15:00")
		f.want(d.Max == 0 || d.Max >= d.Days, at+".max", "the longest term is shorter than the term")
	}
	one("deadline", s.Deadline)
	for i, r := range s.Deadline.Rates {
		at := fmt.Sprintf("deadline.rates[%d]", i)
		f.want(r.When != "", at, "a rate needs when")
		one(at, Deadline{r.Days, r.Calendar, r.Hours, r.Half, r.SameDay, r.Cutoff, r.Max, r.Note, r.Law, nil})
	}
}

func (f file) cases(s *Service) {
	f.want(len(s.Cases) <= form.MaxOptions, "cases", "%d cases: %d can be shown", len(s.Cases), form.MaxOptions)
	f.want(len(s.Cases) != 1, "cases", "one case is no question")
	f.want(len(s.Cases) == 0 || s.Question != "", "cases", "cases need the question that tells them apart")
	seen := map[string]bool{}
	for i, c := range s.Cases {
		at := fmt.Sprintf("cases[%d]", i)
		f.want(c.ID != "" && c.Title != "", at, "a case needs an id and a title")
		f.want(!seen[c.ID], at, "case %q is there twice", c.ID)
		seen[c.ID] = true
	}
}

// caseIDs lists the cases.
func (s *Service) caseIDs() []string {
	ids := make([]string, 0, len(s.Cases))
	for _, c := range s.Cases {
		ids = append(ids, c.ID)
	}
	return ids
}

func (f file) papers(s *Service) {
	ids := s.caseIDs()
	seen := map[string]bool{}
	for i, p := range s.Papers {
		at := fmt.Sprintf("papers[%d]", i)
		f.want(p.ID != "" && p.Name != "", at, "a paper needs an id and a name")
		f.want(!seen[p.ID], at, "paper %q is there twice", p.ID)
		seen[p.ID] = true
		for _, id := range p.Cases {
			f.want(slices.Contains(ids, id), at+".cases", "no case %q", id)
		}
	}
	for _, id := range append(ids, "") {
		sure := 0
		for _, p := range s.Papers {
			if form.In(p.Cases, id) && p.When == "" {
				sure++
			}
		}
		f.want(sure <= MaxPapers, "papers", "%d papers in case %q: %d can be shown", sure, id, MaxPapers)
	}
}

// prints checks what can be checked without the printed forms; which keys they have is for the tests of both.
func (f file) prints(s *Service) {
	for i, p := range s.Prints {
		at := fmt.Sprintf("prints[%d]", i)
		f.want(p.Form != "", at, "a print needs its form")
		for key, text := range p.Values {
			for _, name := range form.References(text) {
				_, ok := s.rules.Field(form.FieldID(name))
				f.want(ok || form.IsWord(name), at+".values."+key, "no field %q", name)
			}
		}
		for key, table := range p.Rows {
			group, ok := s.rules.Field(table.from(key))
			f.want(ok && group.Kind == form.Group, at+".rows."+key, "no group %q", table.from(key))
			for _, text := range table.Values {
				for _, name := range form.References(text) {
					_, ok := group.Column(form.FieldID(name))
					f.want(ok || form.IsWord(name), at+".rows."+key, "no column %q", name)
				}
			}
		}
	}
}

// drawings looks for every picture and icon that is named.
func (f file) drawings(s *Service, shelves shelves) {
	look := func(at, picture, icon string) {
		f.want(picture == "" || len(shelves.pictures) == 0 || slices.Contains(shelves.pictures, picture), at, "no picture %q", picture)
		f.want(icon == "" || len(shelves.icons) == 0 || slices.Contains(shelves.icons, icon), at, "no icon %q", icon)
	}
	f.want(s.Picture != "", "", "a service needs a picture")
	look("picture", s.Picture, s.Icon)
	for i, c := range s.Cases {
		f.want(c.Picture != "", fmt.Sprintf("cases[%d]", i), "a case needs a picture")
		look(fmt.Sprintf("cases[%d]", i), c.Picture, c.Icon)
	}
	if s.Form == nil {
		return
	}
	options := func(at string, field form.Field) {
		for j, o := range field.Choices {
			at := fmt.Sprintf("%s.choices[%d]", at, j)
			f.want(o.Picture != "", at, "a choice needs a picture")
			look(at, o.Picture, o.Icon)
		}
	}
	for i, field := range s.Form.Fields {
		options(fmt.Sprintf("form.fields[%d]", i), field)
		for j, column := range field.Columns {
			options(fmt.Sprintf("form.fields[%d].columns[%d]", i, j), column)
		}
	}
	for i, p := range s.Form.Pages {
		look(fmt.Sprintf("form.pages[%d].picture", i), p.Picture, "")
	}
}
