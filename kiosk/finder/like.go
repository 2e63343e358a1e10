package finder

import (
	"time"

	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/store"
)

// Like is a filing that may be the same matter, or of the same person.
type Like struct {
	store.Summary
	Name string
	Same bool // the same person by number; false: a name that is close, born on the same day, under another number
}

// Within is how long ago a filing of the same service may be filed twice by mistake.
const Within = 30 * 24 * time.Hour

// Likes are the filings of the same service, by the same person or by somebody who may be, within 30 days of a filing: what was
// perhaps filed twice. What was refused or taken back does not count. The newest come first.
func (x *Index) Likes(ref filing.Reference) []Like {
	x.mu.RLock()
	defer x.mu.RUnlock()
	at, ok := x.byRef[ref.String()]
	if !ok || x.entries[at].name == "" {
		return nil
	}
	me := &x.entries[at]
	folded := identity.Fold(me.name)
	var found []Like
	for i := len(x.entries) - 1; i >= 0; i-- {
		e := &x.entries[i]
		if i == int(at) || e.service != me.service || e.status == filing.Refused || e.status == filing.Withdrawn ||
			max(e.filed-me.filed, me.filed-e.filed) > int64(Within/time.Second) {
			continue
		}
		same := me.person != 0 && e.person == me.person
		if same || e.birth == me.birth && e.birth != "" && near(identity.Fold(e.name), folded) {
			found = append(found, Like{x.summary(*e), e.name, same})
		}
	}
	return found
}

// nearness is how many letters two names may differ in.
const nearness = 2

// near reports whether two folded names differ in few letters (Levenshtein).
func near(a, b string) bool {
	if max(len(a)-len(b), len(b)-len(a)) > nearness {
		return false
	}
	before := make([]int, len(b)+1)
	for j := range before {
		before[j] = j
	}
	for i := range len(a) {
		diagonal := before[0]
		before[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = before[j+1]
			before[j+1] = min(cost, before[j]+1, before[j+1]+1)
		}
	}
	return before[len(b)] <= nearness
}
