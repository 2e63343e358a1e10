package identity

// View is a person as one part of a card has it.
type View struct {
	Of     Part
	Person Person
}

// Part of a card.
type Part string

// The parts that name their holder.
const (
	PartQR   Part = "qr"
	PartMRZ  Part = "mrz" // printed
	PartDG1  Part = "dg1"
	PartDG13 Part = "dg13"
)

// zone says whether the part is a machine readable zone, which has neither accents nor centuries.
func (p Part) zone() bool { return p == PartMRZ || p == PartDG1 }

// Difference is a fact that two parts of a card do not agree on. It says which, and not what: it may be logged.
type Difference struct {
	Fact  string `json:"fact"` // number, name, birth, sex, nationality, expires, issued, residence, old-number
	One   Part   `json:"one"`
	Other Part   `json:"other"`
}

// comparison is how one fact of two views is held against each other. What one of them does not have is no difference.
type comparison struct {
	fact string
	same func(a, b View) bool
}

var comparisons = []comparison{
	{"number", func(a, b View) bool { return sameNumber(string(a.Person.Number), string(b.Person.Number)) }},
	{"name", func(a, b View) bool { return SameName(a.Person.Name, b.Person.Name) }},
	{"birth", func(a, b View) bool { return sameDay(a, b, a.Person.Birth, b.Person.Birth) }},
	{"sex", func(a, b View) bool { return either(string(a.Person.Sex), string(b.Person.Sex)) }},
	{"nationality", func(a, b View) bool { return sameText(a.Person.Nationality, b.Person.Nationality) }},
	{"expires", func(a, b View) bool { return sameExpiry(a, b) }},
	{"issued", func(a, b View) bool { return sameDay(a, b, a.Person.Issued, b.Person.Issued) }},
	{"residence", func(a, b View) bool { return sameText(a.Person.Residence, b.Person.Residence) }},
	{"old-number", func(a, b View) bool { return either(a.Person.OldNumber, b.Person.OldNumber) }},
}

// Differences names every fact on which two of the views differ, in the order of the views and then of the facts; nil
// if there is none. What a machine readable zone cannot say (accents, small letters, the end of a long name, the
// century) is no difference, nor is a fact that one of the two does not have.
func Differences(views ...View) []Difference {
	var out []Difference
	for i, one := range views {
		for _, other := range views[i+1:] {
			for _, c := range comparisons {
				if !c.same(one, other) {
					out = append(out, Difference{c.fact, one.Of, other.Of})
				}
			}
		}
	}
	return out
}

// either: the same, or one of them is not known.
func either(a, b string) bool { return a == "" || b == "" || a == b }

// documentDigits is the length of the document number in the zone.
const documentDigits = 9

// sameNumber also takes a document number, which is the last nine digits of the personal number.
func sameNumber(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == documentDigits && len(b) == numberDigits {
		b = b[numberDigits-documentDigits:]
	}
	return either(a, b)
}

// sameDay compares two digits of the year where one of the views has no more.
func sameDay(one, other View, a, b Date) bool {
	if a.IsZero() || b.IsZero() || a == b {
		return true
	}
	if one.Of.zone() || other.Of.zone() {
		a.Year, b.Year = a.Year%century, b.Year%century
	}
	return a == b
}

func sameExpiry(a, b View) bool {
	one, other := a.Person.Expires, b.Person.Expires
	if one.IsZero() || other.IsZero() {
		return true
	}
	return one.Never == other.Never && sameDay(a, b, one.Date, other.Date)
}
