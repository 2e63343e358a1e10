package session

import "testing"

// Who filed can say how content they are, and change their mind; nothing else is a rating.
func TestRate(t *testing.T) {
	p := done(t, "own")
	p.do(Rate{0}, Rate{6})
	none[NoteRating](p)
	if r := one[NoteRating](p.do(Rate{4})); r.Stars != 4 || r.Reference != p.s.v.hand.filed.Reference {
		t.Errorf("%+v", r)
	}
	p.do(Rate{4})
	none[NoteRating](p)
	if r := one[NoteRating](p.do(Rate{2})); r.Stars != 2 || p.view().Done.Stars != 2 {
		t.Errorf("%+v", r)
	}
}
