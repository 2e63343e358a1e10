package board

import (
	"testing"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
)

// A number alone is also that of a ticket of today.
func TestOfTicket(t *testing.T) {
	b := &Board{line: &desk.Line{Tickets: []desk.Ticket{{Number: 7, Reference: "05200.K1.261123.047.X"}, {Number: 8}}}}
	for text, want := range map[string]string{"7": "05200.K1.261123.047.X", " 07 ": "05200.K1.261123.047.X", "8": "", "9": "", "7/11": "", "": "", "bui": ""} {
		if got := b.ofTicket(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// Ctrl+Z while something is searched for takes no decision back.
func TestNoUndoInSearch(t *testing.T) {
	c := newCounter(t)
	c.file("a", "Hà Thị Thử")
	c.signIn()
	c.opt.Print = nil
	s := c.do(Enter{}, Begin{desk.Receive}, Enter{})
	if !s.Open.CanUndo {
		t.Fatalf("%+v", s.Open)
	}
	c.do(Find{})
	c.type_("ha")
	if s = c.do(Undo{}); s.Open.Status != filing.Received || s.Query != "ha" || !s.Search {
		t.Errorf("%s, %q", s.Open.Status, s.Query)
	}
	if s = c.do(Escape{}, Undo{}); s.Open.Status != filing.Filed {
		t.Errorf("%s", s.Open.Status)
	}
}

// Escape leads out of a search that is over: the list has everything again.
func TestSearchIsLeft(t *testing.T) {
	c := newCounter(t)
	c.file("a", "Hà Thị Thử")
	c.file("b", "Lò Văn Đông")
	c.signIn()
	c.do(Find{})
	c.type_("dong")
	if s := c.do(Enter{}, Enter{}, Escape{}); s.Open != nil || s.Query != "dong" || len(s.Rows) != 1 {
		t.Fatalf("%q, %d rows", s.Query, len(s.Rows))
	}
	if s := c.do(Escape{}); s.Query != "" || len(s.Rows) != 2 {
		t.Errorf("%q, %d rows", s.Query, len(s.Rows))
	}
}
