package form

import "slices"

// Definition is one official form as a service uses it.
type Definition struct {
	ID     string  `yaml:"id"`     // CT01
	Title  string  `yaml:"title"`  // Tờ khai thay đổi thông tin cư trú
	Issued string  `yaml:"issued"` // TT 116/2026/TT-BCA
	Fields []Field `yaml:"fields"` // in printed order, then those that printed ones are made of
	Pages  []Page  `yaml:"pages"`
	Review []Row   `yaml:"review"`
}

// Field is one item of the form, or a part of one.
type Field struct {
	ID       FieldID  `yaml:"id"`
	Item     string   `yaml:"item"`  // number on paper, "7"; empty for a part
	Label    string   `yaml:"label"` // official, as printed
	Plain    string   `yaml:"plain"` // for people; Label if empty
	Kind     Kind     `yaml:"kind"`
	Check    Rule     `yaml:"check"`
	Max      int      `yaml:"max"` // characters; DefaultMax if 0
	Group    []int    `yaml:"group"`
	Hint     string   `yaml:"hint"`
	Required bool     `yaml:"required"`
	Masked   bool     `yaml:"masked"` // shown as 099******017
	Blank    bool     `yaml:"blank"`  // on paper, and not asked here
	Choices  []Option `yaml:"choices"`
	// Prefill takes a fact of the applicant, card.name.
	Prefill Fact `yaml:"prefill"`
	// Compute makes the value of other answers; the first one for the case counts.
	Compute []Compute `yaml:"compute"`
}

// DefaultMax is how many characters a field takes that says nothing else.
const DefaultMax = 60

// MaxLen is how many characters the field takes.
func (f Field) MaxLen() int {
	if f.Max > 0 {
		return f.Max
	}
	return DefaultMax
}

// Name is what people are shown as the field's name.
func (f Field) Name() string {
	if f.Plain != "" {
		return f.Plain
	}
	return f.Label
}

// Option is one answer of a Choice.
type Option struct {
	ID      string   `yaml:"id"`
	Title   string   `yaml:"title"`
	Text    string   `yaml:"text"`
	Picture string   `yaml:"picture"`
	Icon    string   `yaml:"icon"`
	Value   string   `yaml:"value"` // as the form gets it; Title if empty
	Cases   []string `yaml:"cases"`
}

// Answer is the value that choosing the option gives the field.
func (o Option) Answer() string {
	if o.Value != "" {
		return o.Value
	}
	return o.Title
}

// Fact is a fact of the applicant that a field can take: "card.name".
type Fact string

// The facts.
const (
	CardNumber      Fact = "card.number"
	CardName        Fact = "card.name"
	CardBirth       Fact = "card.birth"
	CardSex         Fact = "card.sex"
	CardNationality Fact = "card.nationality"
	CardEthnicity   Fact = "card.ethnicity"
	CardReligion    Fact = "card.religion"
	CardOrigin      Fact = "card.origin"
	CardResidence   Fact = "card.residence"
	CardIssued      Fact = "card.issued"
	CardOldNumber   Fact = "card.old_number"
)

// Facts lists all of them.
var facts = []Fact{CardNumber, CardName, CardBirth, CardSex, CardNationality, CardEthnicity, CardReligion, CardOrigin,
	CardResidence, CardIssued, CardOldNumber}

// Compute makes a value: a text with {references}, or the day After plus Months, less one.
type Compute struct {
	Cases  []string `yaml:"cases"`
	Text   string   `yaml:"text"`
	After  FieldID  `yaml:"after"`  // a field with a date
	Months FieldID  `yaml:"months"` // a field with a number of months
}

// Page asks for one field.
type Page struct {
	Field FieldID   `yaml:"field"`
	Title string    `yaml:"title"` // the question
	Known []FieldID `yaml:"known"` // shown above it
	Cases []string  `yaml:"cases"`
}

// Row is a line of the review: a text with {references} and the fields that its edit key opens, if they have pages.
type Row struct {
	Label  string    `yaml:"label"`
	Text   string    `yaml:"text"`
	Fields []FieldID `yaml:"fields"`
	Cases  []string  `yaml:"cases"`
}

// In reports whether something bound to cases belongs to the case; what is bound to none belongs to all.
func In(cases []string, kase string) bool { return len(cases) == 0 || slices.Contains(cases, kase) }

// Field finds a field.
func (d *Definition) Field(id FieldID) (Field, bool) {
	for _, f := range d.Fields {
		if f.ID == id {
			return f, true
		}
	}
	return Field{}, false
}

// PagesFor lists the pages of a case in order.
func (d *Definition) PagesFor(kase string) []Page {
	var pages []Page
	for _, p := range d.Pages {
		if In(p.Cases, kase) {
			pages = append(pages, p)
		}
	}
	return pages
}

// Options lists the field's options in a case.
func (f Field) Options(kase string) []Option {
	var options []Option
	for _, o := range f.Choices {
		if In(o.Cases, kase) {
			options = append(options, o)
		}
	}
	return options
}

// ByID finds the option that Choose names; ByValue the one that gives the answer.
func (f Field) ByID(kase, id string) (Option, bool) {
	return find(f.Options(kase), func(o Option) bool { return o.ID == id })
}

// ByValue finds the option that gives the answer in the case.
func (f Field) ByValue(kase, value string) (Option, bool) {
	return find(f.Options(kase), func(o Option) bool { return o.Answer() == value })
}

func find(options []Option, is func(Option) bool) (Option, bool) {
	if i := slices.IndexFunc(options, is); i >= 0 {
		return options[i], true
	}
	return Option{}, false
}
