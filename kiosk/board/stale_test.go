package board

import (
	"testing"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
)

// What the same officer decides at another desk is seen here, before anything is done and after something was refused.
func TestDecidedElsewhere(t *testing.T) {
	c := newCounter(t)
	f := c.file("a", "Hà Thị Thử")
	c.signIn()
	elsewhere := func(a desk.Action) {
		t.Helper()
		d := desk.Decision{Action: a, Officer: "an", Reason: "Không thuộc thẩm quyền của xã"}
		if _, err := c.db.Decide(t.Context(), f.Reference, d, c.head); err != nil {
			t.Fatal(err)
		}
	}
	c.do(Enter{})
	elsewhere(desk.Receive)
	if s := c.do(Tick{}); s.Open.Status != filing.Received || s.Open.Legal[0] == desk.Receive {
		t.Errorf("%s: %v", s.Open.Status, s.Open.Legal)
	}
	c.do(Begin{desk.Finish})
	elsewhere(desk.Refuse)
	if s := c.do(Enter{}); s.Notice != "fault.desk-move.what" || s.Dialog != nil || s.Open.Status != filing.Refused || len(s.Open.Legal) != 0 {
		t.Errorf("%s: %s, %v", s.Notice, s.Open.Status, s.Open.Legal)
	}
}
