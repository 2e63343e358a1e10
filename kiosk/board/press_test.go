package board

import (
	"testing"
	"time"

	"motcua/kiosk/desk"
)

// wait lets people take numbers.
func (c *counter) wait(n int) {
	c.t.Helper()
	for range n {
		if _, err := c.db.TakeTicket(c.t.Context(), desk.Ticket{Service: "tam-tru"}); err != nil {
			c.t.Fatal(err)
		}
	}
}

// A key that is held down, or a click that was meant as one, calls one person; who just came is not sent away.
func TestOnePressIsOnePerson(t *testing.T) {
	c := newCounter(t)
	c.wait(4)
	c.signIn()
	s := c.do(CallNext{}, CallNext{}, CallNext{})
	if s.People.Now == nil || s.People.Now.Number != 1 || s.People.Now.Calls != 1 || s.People.Waiting != 3 {
		t.Fatalf("%+v, %d wait", s.People.Now, s.People.Waiting)
	}
	s = c.do(Person{Arrived}, Person{Served})
	if s.People.Now == nil || s.People.Now.Number != 1 || s.People.Now.State != desk.Serving {
		t.Errorf("%+v", s.People.Now)
	}
	c.clock.Set(c.clock.Now().Add(time.Minute))
	if s = c.do(Person{Served}, CallNext{}); s.People.Now == nil || s.People.Now.Number != 2 {
		t.Errorf("%+v", s.People.Now)
	}
	if s = c.do(Person{Arrived}, CallNext{}); s.People.Now == nil || s.People.Now.Number != 3 || s.People.Now.State != desk.Called {
		t.Errorf("%+v", s.People.Now)
	}
	l, err := c.db.Line(t.Context(), c.clock.Now())
	if err != nil || l.Tickets[1].State != desk.Served {
		t.Errorf("%+v, %v", l.Tickets, err)
	}
	c.clock.Set(c.clock.Now().Add(time.Minute))
	if s = c.do(CallNext{}); s.People.Now == nil || s.People.Now.Number != 4 || s.People.Waiting != 1 {
		t.Errorf("%+v, %d wait", s.People.Now, s.People.Waiting)
	}
}
