package board

import (
	"testing"

	"motcua/kiosk/desk"
)

// A click goes to a field of a dialog, takes a choice, or goes to a row; one beside what is there does nothing.
func TestDialogPick(t *testing.T) {
	c := newCounter(t)
	c.file("a", "Hà Thị Thử")
	c.wait(3)
	c.signIn()
	s := c.do(People{}, Pick{Choice: 2}, Pick{Choice: 9})
	if s.Dialog.At != 2 {
		t.Errorf("row %d of the people", s.Dialog.At)
	}
	s = c.do(Escape{}, Choose{0}, Begin{desk.Ask})
	s = c.do(Pick{Field: len(s.Dialog.Fields) - 1, Choice: -1}, Pick{Field: 99})
	if last := len(s.Dialog.Fields) - 1; s.Dialog.At != last || s.Dialog.Fields[last].ID != InputReason {
		t.Errorf("field %d", s.Dialog.At)
	}
	c.do(Escape{}, Begin{desk.Receive}, Enter{}, Begin{desk.Finish}, Enter{}, Begin{desk.Hand})
	s = c.do(Pick{Choice: 1}, Pick{Choice: 7})
	if in := s.Dialog.Fields[0]; in.ID != InputConfirm || in.Value != string(confirms[1]) {
		t.Errorf("%+v", s.Dialog)
	}
}
