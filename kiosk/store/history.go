package store

import (
	"context"
	"slices"
	"strings"
)

// OfKinds gives the entries of the journal of some kinds, in their order. It goes through the index of all entries: for what somebody waits for at
// a screen, do it beside.
func (r *Reader) OfKinds(ctx context.Context, kinds ...Kind) ([]Entry, error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	query := `SELECT seq, at, station, kind, reference, detail, hash FROM journal INDEXED BY journal_at WHERE at >= '' AND kind IN (?` +
		strings.Repeat(", ?", len(kinds)-1) + `)`
	args := make([]any, len(kinds))
	for i, k := range kinds {
		args[i] = string(k)
	}
	list, err := r.journal(ctx, query, args...)
	slices.SortFunc(list, func(a, b Entry) int { return int(a.Seq - b.Seq) })
	return list, err
}
