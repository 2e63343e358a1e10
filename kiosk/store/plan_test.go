package store

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What is asked while somebody waits is looked up, not searched for in all filings or in all of the journal: the plans that SQLite makes say so. Statistics of the
// tables do not change that, since none are made.
func TestPlans(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "data"), Options{Station: "K1", Commune: "05200"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	scans := regexp.MustCompile(`^SCAN (journal|j|filing|f|ticket)\b`)
	for name, c := range map[string]struct {
		query string
		all   string // a table that it does go through
	}{
		"get by reference": {query: selectFiling + " WHERE reference = ? ORDER BY id DESC LIMIT 1"},
		"get by short":     {query: selectFiling + " WHERE short = ? ORDER BY id DESC LIMIT 1"},
		"by tag":           {query: "SELECT reference FROM filing WHERE tag = ? ORDER BY id DESC LIMIT ?"},
		"last of a kind":   {query: lastOfKind},
		"journal of":       {query: journalOf},
		"ticket of":        {query: "SELECT " + ticketColumns + " FROM ticket WHERE " + ticketOf},
		"tickets of a day": {query: "SELECT " + ticketColumns + " FROM ticket WHERE day = ? ORDER BY number"},
		"unsent":           {query: countUnsent, all: "f"}, // each once, and none of the journal for it
		"list of unsent":   {query: listUnsent, all: "f"},
		"awaited":          {query: awaited},
		"station key":      {query: selectKey},
	} {
		rows, err := s.db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+c.query, make([]any, strings.Count(c.query, "?"))...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var plan []string
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, step)
		}
		if err := rows.Err(); err != nil || len(plan) == 0 {
			t.Fatalf("%s: no plan, %v", name, err)
		}
		for _, step := range plan {
			if m := scans.FindStringSubmatch(step); m != nil && m[1] != c.all {
				t.Errorf("%s goes through all of a table: %s", name, strings.Join(plan, "; "))
			}
		}
		t.Logf("%s: %s", name, strings.Join(plan, "; "))
	}
}
