package finder

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// Held is what an office holds of one person.
type Held struct {
	Filings []store.Summary // in which the number stands, as whoever filed or as somebody else; the oldest first
	// Shut counts filings that this officer cannot open, or nobody can, and nobody has made a row of: whether they are the person's is not known.
	Shut int
}

// Of finds the filings in which a personal number stands. It goes through the rows of all filings and makes those that are lacking, which
// for a first time takes long; it keeps nothing in memory but what it finds. Filings that were destroyed are nobody's.
func Of(ctx context.Context, s Store, id *seal.Identity, number identity.Number) (Held, error) {
	var held Held
	x, err := Open(ctx, s, id, func(string) string { return "" })
	if err != nil {
		return held, err
	}
	defer func() {
		for _, key := range x.keys.Keys {
			clear(key)
		}
	}()
	if err := x.open(ctx); err != nil {
		return held, err
	}
	for after := int64(0); ; {
		list, err := s.Listed(ctx, after, listedAtOnce)
		if err != nil {
			return held, err
		}
		for _, l := range list {
			after = l.ID
			if r, ok := x.row(l); ok && r.has(number) {
				held.Filings = append(held.Filings, l.Summary)
			}
		}
		if len(list) < listedAtOnce {
			break
		}
	}
	for after := int64(0); ; {
		list, err := s.Unlisted(ctx, after, listedAtOnce)
		if err != nil || len(list) == 0 {
			return held, err
		}
		held.Shut += len(list)
		after = list[len(list)-1].ID
	}
}

// row opens the row of a filing; false if there is none that can be read.
func (x *Index) row(l store.Listed) (row, bool) {
	var r row
	if len(l.Row) == 0 {
		return r, false
	}
	for _, key := range x.keys.Keys {
		if text, err := seal.Unbox(key, l.Reference.String(), l.Row); err == nil {
			return r, json.Unmarshal(text, &r) == nil
		}
	}
	return r, false
}

func (r row) has(number identity.Number) bool {
	return r.Number == string(number) || slices.Contains(r.Others, string(number))
}

// rowOf is what is kept of a filing to look for people by.
func rowOf(f filing.Filing) row {
	others := map[string]bool{}
	for _, o := range f.Others {
		others[string(o.Person.Number)] = true
	}
	for _, a := range f.Answers {
		if n, err := identity.ParseNumber(a.Value); err == nil {
			others[string(n)] = true
		}
	}
	delete(others, "")
	delete(others, string(f.Applicant.Number))
	return row{f.Applicant.Name, string(f.Applicant.Number), f.Applicant.Birth.String(), slices.Sorted(maps.Keys(others))}
}
