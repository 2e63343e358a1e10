package service

import (
	"cmp"
	"slices"
	"strings"

	"motcua/kiosk/identity"
)

// searched is what a search looks through: the words of the head without accents, the most telling ones first.
func searched(h Head) string {
	return " " + strings.Join([]string{fold(h.Plain), fold(h.Name), fold(h.Words), fold(h.Text), fold(h.ID), fold(h.Procedure)}, " | ") + " "
}

// fold is a text in small letters without accents, words by single spaces.
func fold(s string) string { return identity.Fold(s) }

// Find lists the services in force on the day of which every word of the query begins a word, the best first: those
// that begin with the query, then those in whose name it stands, then the order of the page. Accents do not count.
func (c *Catalogue) Find(query string, day identity.Date, limit int) []Head {
	words := strings.Fields(fold(query))
	if len(words) == 0 {
		return nil
	}
	type hit struct {
		head Head
		rank int
	}
	var hits []hit
	for _, e := range c.entries {
		if one := e.on(day); one != nil && has(one.search, words) {
			hits = append(hits, hit{one.head, rank(one.search, words)})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.rank, b.rank) })
	var found []Head
	for _, h := range hits[:min(limit, len(hits))] {
		found = append(found, h.head)
	}
	return found
}

func has(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, " "+w) {
			return false
		}
	}
	return true
}

// rank is how far back in the head the query stands as it was written; behind everything if its words are apart.
func rank(text string, words []string) int {
	if i := strings.Index(text, " "+strings.Join(words, " ")); i >= 0 {
		return i
	}
	return len(text)
}
