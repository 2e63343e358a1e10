package session

import (
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/identity"
)

// Who is called stands on the welcome page for a while, the last one first, and is said aloud.
func TestCalls(t *testing.T) {
	l := &desk.Line{}
	for range 4 {
		l.Take(desk.Ticket{}, morning)
	}
	for i, counter := range []string{"1", "2", "1"} {
		if _, err := l.Next(counter, morning.Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.Serve(1, morning); err != nil {
		t.Fatal(err)
	}
	calls := CallsOf(l, morning.Add(5*time.Second))
	if want := []Call{{3, "1", morning.Add(2 * time.Second)}, {2, "2", morning.Add(time.Second)}}; !slices.Equal(calls, want) {
		t.Fatalf("%+v", calls)
	}
	p := start(t).do(QueueChanged{Waiting: 1, Calls: calls})
	v := p.view()
	if !slices.Equal(v.Calls, calls) || v.Office.Waiting != 1 {
		t.Errorf("%+v, %d wait", v.Calls, v.Office.Waiting)
	}
	if said := Speech(v, p.s.cfg.Texts); !strings.HasPrefix(said, "Mời số 3 đến quầy 1.") {
		t.Errorf("said: %s", said)
	}
	p.do(Tick{morning.Add(CallShown + time.Second + time.Millisecond)})
	if v := p.view(); len(v.Calls) != 1 || v.Calls[0].Number != 3 {
		t.Errorf("still shown: %+v", v.Calls)
	}
	if CallsOf(l, morning.Add(time.Hour)) != nil {
		t.Error("called an hour ago")
	}
}

// What is done with the officer can be waited for with a number; the number ends the visit.
func TestTicket(t *testing.T) {
	p := confirmed(t).do(Next{}, Choose{"can-cuoc"}).on(PageCounter)
	take := one[TakeTicket](p.do(Next{}))
	if take.Service == "" || take.Plain == "" {
		t.Errorf("%+v", take)
	}
	p.do(Next{})
	none[TakeTicket](p)
	p.do(TicketFailed{take.Serial, "store-full"}).on(PageCounter)
	take = one[TakeTicket](p.do(Next{}))
	p.do(Ticketed{take.Serial + 1, 9}).on(PageCounter)
	if p.view().Counter.Ticket != 0 {
		t.Error("somebody else's number")
	}
	if n := p.do(Ticketed{take.Serial, 12}).view().Counter.Ticket; n != 12 {
		t.Errorf("number %d", n)
	}
	p.do(Next{}).clean()
}

func TestPriority(t *testing.T) {
	for birth, want := range map[identity.Date]string{
		{Year: 1951, Month: 11, Day: 23}: string(desk.Elderly), {Year: 1951, Month: 11, Day: 24}: "", {Year: 1990, Month: 1, Day: 1}: "", {}: "",
	} {
		s := start(t).s
		s.v.who = who{chip: identity.Person{Birth: birth}, hasChip: true}
		if got := s.priority(); got != want {
			t.Errorf("born %v: %q, want %q", birth, got, want)
		}
	}
}
