package form

import (
	"cmp"
	"slices"
)

// Definition is one official form as a service uses it.
type Definition struct {
	ID     string  `yaml:"id"`     // CT01
	Title  string  `yaml:"title"`  // Tờ khai thay đổi thông tin cư trú
	Issued string  `yaml:"issued"` // TT 116/2026/TT-BCA
	Fields []Field `yaml:"fields"` // in printed order, then those that printed ones are made of
	Pages  []Page  `yaml:"pages"`
	Checks []Check `yaml:"checks"`
	Review []Row   `yaml:"review"`

	rules *Rules // nil until Prepare
}

// Field is one item of the form, or a part of one.
type Field struct {
	ID       FieldID  `yaml:"id"`
	Item     string   `yaml:"item"`  // number on paper, "7"; empty for a part
	Label    string   `yaml:"label"` // official, as printed
	Plain    string   `yaml:"plain"` // for people; Label if empty
	Spoken   string   `yaml:"spoken"`
	Kind     Kind     `yaml:"kind"`
	Check    Rule     `yaml:"check"`
	Max      int      `yaml:"max"` // characters; of a number its bound, of a group its rows; DefaultMax if 0
	Min      int      `yaml:"min"` // of a number its bound, of a group its rows
	Group    []int    `yaml:"group"`
	Hint     string   `yaml:"hint"`
	Help     string   `yaml:"help"`
	Required bool     `yaml:"required"`
	Masked   bool     `yaml:"masked"` // shown as 099******017
	Blank    bool     `yaml:"blank"`  // on paper, and not asked here
	Choices  []Option `yaml:"choices"`
	// Prefill takes a fact of the applicant, card.name: the first that is known. In a column it is of the person in the row.
	Prefill Facts `yaml:"prefill"`
	// Compute makes the value of other answers; the first one that holds counts.
	Compute []Compute `yaml:"compute"`
	Columns []Field   `yaml:"columns"` // of a group
	Row     string    `yaml:"row"`     // how a row is shown: "{name} · {birth}"
}

// DefaultMax is how many characters a field takes that says nothing else; dateDigits and numberDigits how many those of
// days and numbers take.
const DefaultMax, dateDigits, numberDigits = 60, 8, 9

// MaxLen is how many characters the field takes.
func (f Field) MaxLen() int {
	switch {
	case f.Kind == Day:
		return dateDigits
	case f.Kind == Number:
		return numberDigits
	case f.Max > 0:
		return f.Max
	}
	return DefaultMax
}

// DigitGroups is how the digits of the field are shown in groups; nil for none.
func (f Field) DigitGroups() []int {
	if f.Kind == Day && f.Group == nil {
		return []int{2, 2, 4}
	}
	return f.Group
}

// MaxRows is how many rows the group takes.
func (f Field) MaxRows() int { return min(cmp.Or(f.Max, MaxRows), MaxRows) }

// Name is what people are shown as the field's name.
func (f Field) Name() string { return cmp.Or(f.Plain, f.Label) }

// Personal reports whether the field, of a row most of all, has somebody's personal number, also where it takes another paper's: a guest without a card
// shows a passport.
func (f Field) Personal() bool {
	return f.Check == RuleNumber || slices.Contains(f.Prefill, CardNumber)
}

// Dated reports whether the value is a day.
func (f Field) Dated() bool {
	return f.Kind == Day || f.Check == RuleBirth || f.Check == RuleDate || f.Check == RulePast
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
	When    Expr     `yaml:"when"`
}

// Answer is the value that choosing the option gives the field.
func (o Option) Answer() string { return cmp.Or(o.Value, o.Title) }

// Fact is a fact of the applicant that a field can take: "card.name".
type Fact string

// The facts. Place, Rest and Today are the address on the card turned into today's: the commune, what stands before it
// (house, street, hamlet), and both. Here is Today if it lies in the commune of the office.
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
	CardPlace       Fact = "card.place"
	CardRest        Fact = "card.rest"
	CardToday       Fact = "card.today"
	CardHere        Fact = "card.here"
	CardIssued      Fact = "card.issued"
	CardExpires     Fact = "card.expires"
	CardIssuer      Fact = "card.issuer"
	CardOldNumber   Fact = "card.old_number"
	CardFather      Fact = "card.father"
	CardMother      Fact = "card.mother"
	CardSpouse      Fact = "card.spouse"
)

// facts lists all of them.
var facts = []Fact{CardNumber, CardName, CardBirth, CardSex, CardNationality, CardEthnicity, CardReligion, CardOrigin,
	CardResidence, CardPlace, CardRest, CardToday, CardHere, CardIssued, CardExpires, CardIssuer, CardOldNumber, CardFather, CardMother,
	CardSpouse}

// Facts is one fact, or several of which the first that is known counts.
type Facts []Fact

// UnmarshalYAML reads one fact or a list.
func (f *Facts) UnmarshalYAML(unmarshal func(any) error) error {
	var list []Fact
	if err := unmarshal(&list); err == nil {
		*f = list
		return nil
	}
	var one Fact
	if err := unmarshal(&one); err != nil {
		return err
	}
	*f = Facts{one}
	return nil
}

// Compute makes a value: a text with {references}, an expression, or the day After plus Months, less one.
type Compute struct {
	Cases  []string `yaml:"cases"`
	When   Expr     `yaml:"when"`
	Text   string   `yaml:"text"`
	Expr   Expr     `yaml:"expr"`
	After  FieldID  `yaml:"after"`  // a field with a date
	Months FieldID  `yaml:"months"` // a field with a number of months
}

// Page asks for one field, or tells something and asks nothing.
type Page struct {
	Field   FieldID   `yaml:"field"`
	Tell    string    `yaml:"tell"`  // a text with {references}, in place of a field
	Title   string    `yaml:"title"` // the question
	Picture string    `yaml:"picture"`
	Known   []FieldID `yaml:"known"` // shown above it
	Cases   []string  `yaml:"cases"`
	When    Expr      `yaml:"when"`
}

// Level says what a Check does.
type Level string

// The levels.
const (
	Warning Level = "warning" // shown once, and let through
	Error   Level = "error"   // the citizen cannot go on with it
)

// Check is something that answers have to be to each other. When is the problem: it speaks if that is true.
type Check struct {
	ID     string    `yaml:"id"`
	When   Expr      `yaml:"when"`
	Fields []FieldID `yaml:"fields"` // on whose pages it is said
	Level  Level     `yaml:"level"`
	Text   string    `yaml:"text"` // what is wrong
	Do     string    `yaml:"do"`   // and what to do
}

// Row is a line of the review: a text with {references} and the fields that its edit key opens, if they have pages.
type Row struct {
	Label  string    `yaml:"label"`
	Text   string    `yaml:"text"`
	Fields []FieldID `yaml:"fields"`
	Cases  []string  `yaml:"cases"`
	When   Expr      `yaml:"when"`
}

// In reports whether something bound to cases belongs to the case; what is bound to none belongs to all.
func In(cases []string, kase string) bool { return len(cases) == 0 || slices.Contains(cases, kase) }

// Field finds a field.
func (d *Definition) Field(id FieldID) (Field, bool) { return findField(d.Fields, id) }

// Column finds a column of a group.
func (f Field) Column(id FieldID) (Field, bool) { return findField(f.Columns, id) }

func findField(fields []Field, id FieldID) (Field, bool) {
	if i := slices.IndexFunc(fields, func(f Field) bool { return f.ID == id }); i >= 0 {
		return fields[i], true
	}
	return Field{}, false
}

// ByID finds the option that Choose names among options; ByValue the one that gives the answer.
func ByID(options []Option, id string) (Option, bool) {
	return find(options, func(o Option) bool { return o.ID == id })
}

// ByValue finds the option that gives the answer.
func ByValue(options []Option, value string) (Option, bool) {
	return find(options, func(o Option) bool { return o.Answer() == value })
}

func find(options []Option, is func(Option) bool) (Option, bool) {
	if i := slices.IndexFunc(options, is); i >= 0 {
		return options[i], true
	}
	return Option{}, false
}
