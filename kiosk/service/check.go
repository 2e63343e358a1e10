package service

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"motcua/kiosk/form"
)

// check holds the service against itself and against the pictures and icons there are. An empty shelf is not held
// against: a test catalogue brings none.
func (f file) check(s *Service, pictures, icons []string) {
	base := strings.TrimSuffix(path.Base(f.Name), ".yaml")
	f.want(s.ID == base || strings.HasPrefix(base, s.ID+"@"), "id",
		"the file of service %q is called %[1]s.yaml, or %[1]s@DATE.yaml", s.ID)
	f.want(!s.Version.IsZero(), "version", "a service needs the date from which its definition is in force")
	f.want(s.Until.IsZero() || s.Version.Before(s.Until), "until", "it ends before it begins")
	f.want(s.Name != "" && s.Plain != "" && s.Text != "" && s.Spoken != "", "", "name, plain, text and spoken are all needed")
	f.want(s.Fee.Dong >= 0, "fee.dong", "a fee is not negative")
	f.want(s.Deadline.WorkingDays >= 0, "deadline.working-days", "a term is not negative")
	f.cases(s)
	f.papers(s)
	f.form(s)
	f.drawings(s, pictures, icons)
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

// caseIDs lists the cases, or the nameless one of a service without cases.
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
		n := len(s.PapersFor(id))
		f.want(n <= MaxPapers, "papers", "%d papers in case %q: %d can be shown", n, id, MaxPapers)
	}
}

func (f file) form(s *Service) {
	f.want(!s.Kiosk || s.Form != nil, "kiosk", "what is filed here needs a form")
	if s.Form == nil {
		return
	}
	for _, m := range s.Form.Mistakes(s.caseIDs()) {
		f.want(false, "form."+m.Path, "%s", m.Text)
	}
}

// drawings looks for every picture and icon that is named.
func (f file) drawings(s *Service, pictures, icons []string) {
	look := func(at, picture, icon string) {
		f.want(picture == "" || len(pictures) == 0 || slices.Contains(pictures, picture), at, "no picture %q", picture)
		f.want(icon == "" || len(icons) == 0 || slices.Contains(icons, icon), at, "no icon %q", icon)
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
	for i, field := range s.Form.Fields {
		for j, o := range field.Choices {
			at := fmt.Sprintf("form.fields[%d].choices[%d]", i, j)
			f.want(o.Picture != "", at, "a choice needs a picture")
			look(at, o.Picture, o.Icon)
		}
	}
}
