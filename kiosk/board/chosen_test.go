package board

import (
	"testing"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
)

// Enter and a click open what was seen, also if something came that is more urgent, and one that was decided leaves its place to the next.
func TestChosenStays(t *testing.T) {
	c := newCounter(t)
	c.promise("a", vn(25, 17, 0))
	second := c.promise("b", vn(26, 17, 0))
	third := c.promise("c", vn(27, 17, 0))
	c.signIn()
	s := c.do(Move{1})
	if s.Rows[s.At].Short != second.Reference.Short() {
		t.Fatalf("%+v", s.Rows)
	}
	urgent := c.promise("d", vn(23, 17, 0))
	if s = c.do(Tick{}); s.Rows[0].Short != urgent.Reference.Short() || s.Rows[s.At].Short != second.Reference.Short() {
		t.Errorf("row %d is chosen of %+v", s.At, s.Rows)
	}
	if s = c.do(Enter{}); s.Open == nil || s.Open.Short != second.Reference.Short() {
		t.Fatalf("%+v", s.Open)
	}
	c.promise("e", vn(23, 16, 0))
	if s = c.do(Tick{}); !s.Rows[s.At].Mine {
		t.Errorf("row %d is chosen of %+v", s.At, s.Rows)
	}
	at := s.At
	c.do(Begin{desk.Ask})
	c.type_("Hợp đồng thuê nhà")
	c.do(Move{-1})
	c.type_("Hợp đồng chưa có chữ ký")
	if s = c.do(Enter{}); s.Open.Status != filing.Supplement || s.At != at {
		t.Errorf("row %d is chosen of %+v", s.At, s.Rows)
	}
	s = c.do(Escape{}, Choose{4})
	if s.Open == nil || s.Open.Short != third.Reference.Short() || s.At != 4 || !s.Rows[4].Mine {
		t.Errorf("%+v, row %d", s.Open, s.At)
	}
	if s = c.do(Escape{}, Choose{5}); s.Open != nil {
		t.Error("a row that is not there opens something")
	}
}
