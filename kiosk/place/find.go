package place

import (
	"cmp"
	"slices"
	"strings"

	"motcua/kiosk/identity"
)

// Find lists the communes that the letters may mean, those of the home province first: by the first letters of their
// words (mc is Mai Châu) or by the beginning of their name. Accents do not count.
func (b *Book) Find(letters, home string, limit int) []Unit {
	key := loose(identity.Fold(letters))
	if key == "" {
		return nil
	}
	type hit struct{ unit, rank int }
	var hits []hit
	for i, u := range b.units {
		rank, ok := meant(b.unitNames[i].plain, key)
		if !ok {
			continue
		}
		if u.ProvinceCode != home {
			rank += 10
		}
		hits = append(hits, hit{i, rank})
	}
	slices.SortStableFunc(hits, func(x, y hit) int { return cmp.Compare(x.rank, y.rank) })
	var units []Unit
	for _, h := range hits[:min(limit, len(hits))] {
		units = append(units, b.units[h.unit])
	}
	return units
}

// meant says whether letters may mean the name, the better the lower the rank.
func meant(name, letters string) (rank int, ok bool) {
	var initials strings.Builder
	for word := range strings.SplitSeq(name, " ") {
		if word != "" {
			initials.WriteByte(word[0])
		}
	}
	switch together := strings.ReplaceAll(letters, " ", ""); {
	case name == letters:
		return 0, true
	case initials.String() == together && len(together) > 1:
		return 1, true
	case strings.HasPrefix(name, letters):
		return 2, true
	case strings.HasPrefix(strings.ReplaceAll(name, " ", ""), together):
		return 3, true
	case strings.HasPrefix(initials.String(), together):
		return 4, true
	}
	return 0, false
}
