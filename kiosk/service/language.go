package service

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"motcua/kiosk/form"
	"motcua/kiosk/yamlfile"
)

// translation is a file ID.LANG.yaml: the texts of a service in another language, by id. What it lacks stays as it is.
type translation struct {
	Plain    string                `yaml:"plain"`
	Text     string                `yaml:"text"`
	Spoken   string                `yaml:"spoken"`
	Question string                `yaml:"question"`
	Cases    map[string]spokenText `yaml:"cases"`
	Papers   map[string]paperText  `yaml:"papers"`
	Fields   map[string]fieldText  `yaml:"fields"`
	Pages    map[string]spokenText `yaml:"pages"`
	Checks   map[string]checkText  `yaml:"checks"`
}

type spokenText struct {
	Title string `yaml:"title"`
	Text  string `yaml:"text"`
}

type paperText struct {
	Name string `yaml:"name"`
	Note string `yaml:"note"`
}

type fieldText struct {
	Plain   string                `yaml:"plain"`
	Spoken  string                `yaml:"spoken"`
	Hint    string                `yaml:"hint"`
	Help    string                `yaml:"help"`
	Choices map[string]spokenText `yaml:"choices"`
}

type checkText struct {
	Text string `yaml:"text"`
	Do   string `yaml:"do"`
}

// learn adds the texts of another language.
func (s *Service) learn(lang, name string, data []byte) []Mistake {
	t := translation{}
	f := file{yamlfile.Parse(strings.TrimSuffix(name, ".yaml")+"."+lang+".yaml", data, &t)}
	if len(f.Mistakes) > 0 {
		return f.Mistakes
	}
	f.known("cases", keys(t.Cases), s.caseIDs())
	var papers, checks []string
	for _, p := range s.Papers {
		papers = append(papers, p.ID)
	}
	for _, c := range s.rules.Checks {
		checks = append(checks, c.ID)
	}
	f.known("papers", keys(t.Papers), papers)
	f.known("checks", keys(t.Checks), checks)
	f.fields(t, s.rules)
	if len(f.Mistakes) == 0 {
		if s.languages == nil {
			s.languages = map[string]translation{}
		}
		s.languages[lang] = t
	}
	return f.Mistakes
}

func keys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

func (f file) known(at string, ids, all []string) {
	for _, id := range ids {
		f.want(slices.Contains(all, id), at+"."+id, "the service has no %q in %s", id, at)
	}
}

func (f file) fields(t translation, d *form.Definition) {
	var fields, pages []string
	for _, field := range d.Fields {
		fields = append(fields, string(field.ID))
	}
	for _, p := range d.Pages {
		pages = append(pages, string(p.Field))
	}
	f.known("fields", keys(t.Fields), fields)
	f.known("pages", keys(t.Pages), pages)
	for _, id := range keys(t.Fields) {
		field, _ := d.Field(form.FieldID(id))
		var options []string
		for _, o := range field.Choices {
			options = append(options, o.ID)
		}
		f.known(fmt.Sprintf("fields.%s.choices", id), keys(t.Fields[id].Choices), options)
	}
}

// Languages lists the languages besides Vietnamese in which the service's texts are there.
func (s *Service) Languages() []string { return keys(s.languages) }

// In is the service with its texts in the language, as far as they are there; values, which go onto the official form, stay
// as they are.
func (s *Service) In(lang string) *Service {
	t, ok := s.languages[lang]
	if !ok {
		return s
	}
	c := *s
	c.Plain, c.Text, c.Spoken, c.Question = or(t.Plain, s.Plain), or(t.Text, s.Text), or(t.Spoken, s.Spoken), or(t.Question, s.Question)
	c.Cases, c.Papers = slices.Clone(s.Cases), slices.Clone(s.Papers)
	for i, k := range c.Cases {
		c.Cases[i].Printed = k.Words() // the form stays Vietnamese
		c.Cases[i].Title, c.Cases[i].Text = or(t.Cases[k.ID].Title, k.Title), or(t.Cases[k.ID].Text, k.Text)
	}
	for i, p := range c.Papers {
		c.Papers[i].Name, c.Papers[i].Note = or(t.Papers[p.ID].Name, p.Name), or(t.Papers[p.ID].Note, p.Note)
	}
	if s.Form != nil {
		c.Form = t.form(s.Form)
		c.rules = c.Form
	}
	return &c
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (t translation) form(d *form.Definition) *form.Definition {
	c := *d
	c.Fields, c.Pages, c.Checks = slices.Clone(d.Fields), slices.Clone(d.Pages), slices.Clone(d.Checks)
	for i, f := range c.Fields {
		x := t.Fields[string(f.ID)]
		g := &c.Fields[i]
		g.Plain, g.Spoken, g.Hint, g.Help = or(x.Plain, f.Plain), or(x.Spoken, f.Spoken), or(x.Hint, f.Hint), or(x.Help, f.Help)
		g.Choices = slices.Clone(f.Choices)
		for j, o := range g.Choices {
			g.Choices[j].Value = o.Answer()
			g.Choices[j].Title, g.Choices[j].Text = or(x.Choices[o.ID].Title, o.Title), or(x.Choices[o.ID].Text, o.Text)
		}
	}
	for i, p := range c.Pages {
		c.Pages[i].Title = or(t.Pages[string(p.Field)].Title, p.Title)
	}
	for i, k := range c.Checks {
		c.Checks[i].Text, c.Checks[i].Do = or(t.Checks[k.ID].Text, k.Text), or(t.Checks[k.ID].Do, k.Do)
	}
	return &c
}
