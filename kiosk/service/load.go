package service

import (
	"motcua/kiosk/form"
	"motcua/kiosk/yamlfile"
)

// file is a parsed file under check.
type file struct{ *yamlfile.File }

func parse(name string, data []byte, s *Service) file { return file{yamlfile.Parse(name, data, s)} }

func (f file) want(ok bool, at, format string, args ...any) { f.Want(ok, at, format, args...) }

// loadFile reads a file whole, and the files with its texts in other languages.
func loadFile(name string, data []byte, second map[string][]byte, s shelves) (*Service, []Mistake) {
	svc := &Service{}
	f := parse(name, data, svc)
	if len(f.Mistakes) > 0 {
		return svc, f.Mistakes
	}
	f.check(svc, s)
	mistakes := f.Mistakes
	for lang, text := range second {
		mistakes = append(mistakes, svc.learn(lang, name, text)...)
	}
	return svc, mistakes
}

// prepare compiles the form and the conditions around it.
func (f file) prepare(s *Service) {
	s.rules = s.Form
	if s.Form == nil {
		s.rules = &form.Definition{}
	} else {
		for _, m := range s.Form.Prepare(s.caseIDs()) {
			f.want(false, "form."+m.Path, "%s", m.Text)
		}
	}
	for at, e := range s.conditions() {
		if err := s.rules.Condition(e, s.caseIDs()); err != nil {
			f.want(false, at, "%v", err)
		}
	}
}
