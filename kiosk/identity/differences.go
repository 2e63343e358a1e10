package identity

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

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

// Difference is a fact that two parts of a card do not agree on. It says which, and not what: it may be logged.
type Difference struct {
	Fact  string `json:"fact"` // number, name, birth, sex, expires, issued, residence, old-number
	One   Part   `json:"one"`
	Other Part   `json:"other"`
}

// comparison is how one fact of two people is held against each other. What one of them does not have is no difference.
type comparison struct {
	fact string
	same func(a, b Person) bool
}

var comparisons = []comparison{
	{"number", func(a, b Person) bool { return either(string(a.Number), string(b.Number)) }},
	{"name", func(a, b Person) bool { return sameName(a.Name, b.Name) }},
	{"birth", func(a, b Person) bool { return a.Birth.IsZero() || b.Birth.IsZero() || a.Birth == b.Birth }},
	{"sex", func(a, b Person) bool { return either(string(a.Sex), string(b.Sex)) }},
	{"expires", func(a, b Person) bool { return a.Expires.IsZero() || b.Expires.IsZero() || a.Expires == b.Expires }},
	{"issued", func(a, b Person) bool { return a.Issued.IsZero() || b.Issued.IsZero() || a.Issued == b.Issued }},
	{"residence", func(a, b Person) bool { return either(plain(a.Residence), plain(b.Residence)) }},
	{"old-number", func(a, b Person) bool { return either(a.OldNumber, b.OldNumber) }},
}

// either: the same, or one of them is not known.
func either(a, b string) bool { return a == "" || b == "" || a == b }

// Differences names every fact on which two of the views differ. Spelling that a machine readable zone cannot have
// (accents, small letters, what is cut at its end) is no difference.
func Differences(views ...View) []Difference {
	var out []Difference
	for i, one := range views {
		for _, other := range views[i+1:] {
			for _, c := range comparisons {
				if !c.same(one.Person, other.Person) {
					out = append(out, Difference{c.fact, one.Of, other.Of})
				}
			}
		}
	}
	return out
}

// sameName compares names without accents. A zone of 30 characters cuts long ones (9303-3 §4.6), at a word or within one.
func sameName(a, b string) bool {
	x, y := plain(a), plain(b)
	if either(x, y) {
		return true
	}
	const cut = 27 // letters that a name has at least before anything of it is cut
	short, long := x, y
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) >= cut && strings.HasPrefix(long, short) {
		return true
	}
	return len(long) >= cut && initials(short, long)
}

// initials: words that were cut to their first letters.
func initials(short, long string) bool {
	a, b := strings.Fields(short), strings.Fields(long)
	if len(a) > len(b) {
		return false
	}
	for i := range a {
		if !strings.HasPrefix(b[i], a[i]) {
			return false
		}
	}
	return true
}

// plain is a text in capitals without accents, đ as D, punctuation as space.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ' || r == 'Đ':
			b.WriteByte('D')
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToUpper(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
