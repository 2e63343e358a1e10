package finder

import (
	"hash/maphash"
	"regexp"
	"strconv"
	"strings"
	"time"

	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/store"
)

// Query says what to look for. Every word of Text has to be found: at the beginning of a word of the name or of the service, anywhere in the number, or
// as the day of filing (25/11, 25/11/2026, 25/11/26, 11/2026).
type Query struct {
	Text   string
	Status filing.Status // any if empty
	Late   bool          // only what is late at Now
	Now    time.Time
	Limit  int // the newest so many; all if not positive
	// Statuses are the words for each, by which it is found too. May be nil.
	Statuses map[filing.Status]string
	// Also is found whatever the text says, and comes first: the filing of a ticket. "" for none.
	Also string
}

// Search gives the newest filings that match, and how many match at all. A filing whose short number is the text comes first.
func (x *Index) Search(q Query) (hits []store.Summary, total int) {
	words := x.parse(q.Text)
	exact := " " + strings.ToLower(strings.TrimSpace(q.Text))
	x.mu.RLock()
	defer x.mu.RUnlock()
	for i := range words {
		words[i].services = x.named(words[i].text)
		words[i].statuses = named(q.Statuses, words[i].text)
	}
	first := -1
	for at := len(x.entries) - 1; at >= 0; at-- {
		e := &x.entries[at]
		if q.Status != "" && e.status != q.Status || q.Late && !late(e, q.Now) {
			continue
		}
		also := q.Also != "" && e.ref == q.Also
		if !also && !all(words, e) {
			continue
		}
		total++
		if also || first < 0 && len(exact) > 1 && strings.HasSuffix(e.text, exact) {
			first = at
		}
		if q.Limit <= 0 || len(hits) < q.Limit {
			hits = append(hits, x.summary(*e))
		}
	}
	if first >= 0 {
		hits = front(hits, x.summary(x.entries[first]), q.Limit)
	}
	return hits, total
}

// front puts a hit before the others.
func front(hits []store.Summary, hit store.Summary, limit int) []store.Summary {
	list := []store.Summary{hit}
	for _, h := range hits {
		if h.Reference != hit.Reference && (limit <= 0 || len(list) < limit) {
			list = append(list, h)
		}
	}
	return list
}

func late(e *entry, now time.Time) bool {
	return e.due != 0 && now.Unix() > e.due && (e.status == filing.Filed || e.status == filing.Received)
}

// word is one word of a query.
type word struct {
	text     string // folded
	number   bool   // has a digit: it may stand anywhere in the number
	date     date
	ref      string // the full number of a filing
	person   uint64 // somebody's personal number; 0 for none
	services []bool // by their number: the name has the word
	statuses map[filing.Status]bool
}

// date is a day, a month, or none; what is zero may be anything.
type date struct{ day, month, year int }

var (
	dayForm   = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?$`)
	monthForm = regexp.MustCompile(`^(\d{1,2})/(\d{4})$`)
)

// century is that of a year of two digits.
const century = 2000

// personalDigits is how long a personal number is.
const personalDigits = 12

// parse cuts a query into words.
func (x *Index) parse(text string) []word {
	var words []word
	list := strings.Fields(strings.ToLower(text))
	if whole := strings.Join(list, ""); len(whole) == personalDigits && strings.Trim(whole, "0123456789") == "" {
		list = []string{whole} // as people say it: in groups
	}
	for _, w := range list {
		if d := dateOf(w); d != (date{}) {
			words = append(words, word{date: d})
			continue
		}
		if ref, err := filing.ParseReference(w); err == nil { // a slip that was scanned
			words = append(words, word{ref: ref.String()})
			continue
		}
		if strings.ContainsAny(w, "0123456789") {
			one := word{text: w, number: true}
			if len(w) == personalDigits && strings.Trim(w, "0123456789") == "" {
				one.person = maphash.String(x.seed, w)
			}
			words = append(words, one)
			continue
		}
		for f := range strings.FieldsSeq(identity.Fold(w)) {
			words = append(words, word{text: f})
		}
	}
	return words
}

// dateOf reads a word as a day or a month; what is neither, or nothing but noughts, is none.
func dateOf(w string) date {
	if m := dayForm.FindStringSubmatch(w); m != nil {
		year := atoi(m[3])
		if len(m[3]) == len("26") {
			year += century
		}
		return date{atoi(m[1]), atoi(m[2]), year}
	}
	if m := monthForm.FindStringSubmatch(w); m != nil {
		return date{0, atoi(m[1]), atoi(m[2])}
	}
	return date{}
}

func atoi(text string) int {
	n, _ := strconv.Atoi(text) // digits, few; none is zero
	return n
}

// named says which services have a word in their name. It is called with the lock.
func (x *Index) named(text string) []bool {
	found := make([]bool, len(x.folded))
	for i, name := range x.folded {
		found[i] = text != "" && strings.Contains(name, " "+text)
	}
	return found
}

// named says which statuses have a word in their name.
func named(names map[filing.Status]string, text string) map[filing.Status]bool {
	found := map[filing.Status]bool{}
	for s, name := range names {
		found[s] = text != "" && strings.Contains(" "+identity.Fold(name), " "+text)
	}
	return found
}

func all(words []word, e *entry) bool {
	for i := range words {
		if !words[i].in(e) {
			return false
		}
	}
	return true
}

func (w *word) in(e *entry) bool {
	switch {
	case w.date != date{}:
		y, m, d := time.Unix(e.filed+int64(e.zone), 0).UTC().Date()
		return (w.date.day == 0 || w.date.day == d) && (w.date.month == 0 || w.date.month == int(m)) && (w.date.year == 0 || w.date.year == y)
	case w.ref != "":
		return e.ref == w.ref
	case w.number:
		return w.person != 0 && e.person == w.person || strings.Contains(e.text, w.text)
	}
	return w.services[e.service] || w.statuses[e.status] || startsWord(e.text, w.text)
}

// startsWord reports whether a word of the text begins so.
func startsWord(text, begin string) bool {
	for {
		i := strings.Index(text, begin)
		if i < 0 {
			return false
		}
		if i > 0 && text[i-1] == ' ' {
			return true
		}
		text = text[i+1:]
	}
}
