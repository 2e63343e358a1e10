package board

import (
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/session"
)

// Who is sent on to another counter is called there on the kiosk's page at once; a counter that never called anybody is none.
func TestTransfer(t *testing.T) {
	c := newCounter(t)
	for range 4 {
		if _, err := c.db.TakeTicket(t.Context(), desk.Ticket{Service: "tam-tru"}); err != nil {
			t.Fatal(err)
		}
	}
	c.signIn()
	c.do(CallNext{}, Person{Arrived}, Person{Transfer})
	c.type_("2")
	if s := c.do(Enter{}); s.Dialog == nil || s.Dialog.Problem != "counter" || s.People.Now.Number != 1 {
		t.Fatalf("sent to a counter that is none: %+v", s.Dialog)
	}
	if _, err := c.db.Queue(t.Context(), "binh", func(l *desk.Line, now time.Time) (desk.Ticket, error) { return l.Call(2, "2", now) }); err != nil {
		t.Fatal(err)
	}
	c.clock.Set(c.clock.Now().Add(2 * session.CallShown))
	if s := c.do(Enter{}); s.Dialog != nil || s.People.Now != nil {
		t.Fatalf("%+v, %+v", s.Dialog, s.People.Now)
	}
	l, err := c.db.Line(t.Context(), c.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if calls := session.CallsOf(l, c.clock.Now()); len(calls) != 1 || calls[0].Number != 1 || calls[0].Counter != "2" {
		t.Errorf("the kiosk shows %+v", calls)
	}

	// At that counter: who was sent on is called before everybody, and not put aside as somebody who did not come.
	c.opt.Counter = "2"
	s := c.do(Refresh{})
	if s.People.Now.Number != 2 || s.People.Next != 1 {
		t.Errorf("%+v", s.People)
	}
	if s = c.do(Person{Arrived}); s.People.Now.Number != 2 || s.People.Now.State != desk.Serving {
		t.Errorf("%+v", s.People.Now)
	}
	c.clock.Set(c.clock.Now().Add(time.Minute))
	if s = c.do(Person{Served}); s.People.Now.Number != 1 || s.People.Now.State != desk.Called {
		t.Errorf("%+v", s.People.Now)
	}
	if s = c.do(CallNext{}); s.People.Now.Number != 1 || s.People.Now.Calls != 1 || s.Notice != "desk.notice.called" {
		t.Errorf("%+v, %s", s.People.Now, s.Notice)
	}
	c.do(Person{Arrived})
	c.clock.Set(c.clock.Now().Add(time.Minute))
	if s = c.do(Person{Served}, CallNext{}); s.People.Now.Number != 3 {
		t.Errorf("%+v", s.People.Now)
	}
}

// What another counter does is seen in the list that is open, and who was called there meanwhile is not called away.
func TestPeopleFollow(t *testing.T) {
	c := newCounter(t)
	c.wait(3)
	other := func(number int) {
		t.Helper()
		if _, err := c.db.Queue(t.Context(), "binh", func(l *desk.Line, now time.Time) (desk.Ticket, error) { return l.Call(number, "2", now) }); err != nil {
			t.Fatal(err)
		}
	}
	c.signIn()
	s := c.do(People{}, Move{1})
	if s.Dialog.People[s.Dialog.At].Number != 2 {
		t.Fatalf("%+v", s.Dialog)
	}
	other(2)
	if s = c.do(Enter{}); s.People.Now != nil {
		t.Errorf("called away from counter 2: %+v", s.People.Now)
	}
	s = c.do(People{}, Move{1}, Tick{})
	if at := s.Dialog.People[s.Dialog.At]; at.Number == 2 {
		s = c.do(Move{1})
	}
	chosen := s.Dialog.People[s.Dialog.At].Number
	other(1)
	if s = c.do(Tick{}); s.Dialog.People[s.Dialog.At].Number != chosen {
		t.Errorf("%d was chosen, now %+v", chosen, s.Dialog)
	}
	for _, p := range s.Dialog.People {
		if p.Number == 1 && (p.State != desk.Called || p.Counter != "2") {
			t.Errorf("the list says %+v", p)
		}
	}
}
