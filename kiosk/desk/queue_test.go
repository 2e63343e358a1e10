package desk

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"
)

func line(priorities ...Priority) *Line {
	l := &Line{}
	for i, p := range priorities {
		l.Take(Ticket{Priority: p}, at(i))
	}
	return l
}

func next(t *testing.T, l *Line, minutes int) Ticket {
	t.Helper()
	k, err := l.Next("1", at(minutes))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Priority goes first, but of three people called one is from the usual queue.
func TestOrderOfCalls(t *testing.T) {
	l := line(Usual, Usual, Elderly, Pregnant, Infant, Disabled)
	var got []int
	for range 6 {
		k := next(t, l, 10)
		got = append(got, k.Number)
	}
	for i, want := range []int{3, 4, 1, 5, 6, 2} {
		if got[i] != want {
			t.Fatalf("called %v", got)
		}
	}
	if _, err := l.Next("1", at(10)); !errors.Is(err, ErrNobody) {
		t.Error(err)
	}
}

func TestAtTheCounter(t *testing.T) {
	l := line(Usual, Usual)
	k := next(t, l, 5)
	if k.Number != 1 || k.State != Called || k.Counter != "1" || k.Wait(at(99)) != 5*time.Minute {
		t.Errorf("%+v", k)
	}
	k, err := l.Serve(1, at(6))
	if err != nil || k.Handling(at(16)) != 10*time.Minute {
		t.Errorf("%+v, %v", k, err)
	}
	if _, err := l.Serve(1, at(6)); !errors.Is(err, ErrState) {
		t.Error(err)
	}
	if k, err = l.Transfer(1, "2", at(8)); err != nil || k.State != Called || k.Counter != "2" {
		t.Errorf("%+v, %v", k, err)
	}
	if _, err = l.Serve(1, at(9)); err != nil {
		t.Fatal(err)
	}
	if k, err = l.End(1, at(19)); err != nil || k.State != Served || k.Handling(at(99)) != 10*time.Minute {
		t.Errorf("%+v, %v", k, err)
	}
	for _, number := range []int{0, 3, -1} {
		if _, err := l.Call(number, "1", at(1)); !errors.Is(err, ErrTicket) {
			t.Errorf("ticket %d: %v", number, err)
		}
	}
}

// Who is sent on to another counter is announced there at once, stands there behind whom that counter is at, and is the next whom it calls.
func TestSentOn(t *testing.T) {
	l := line(Elderly, Usual, Usual, Elderly, Usual)
	must := func(k Ticket, err error) Ticket {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	at2 := func() int { k, _ := l.At("2"); return k.Number }
	must(l.Call(1, "1", at(10)))
	must(l.Call(1, "1", at(11)))
	must(l.Serve(1, at(12)))
	must(l.Call(2, "1", at(12)))
	must(l.Call(3, "2", at(13)))
	if k := must(l.Transfer(1, "2", at(14))); k.State != Called || k.Counter != "2" || !k.Last.Equal(at(14)) || !k.Began.IsZero() || !k.SentOn() {
		t.Errorf("%+v", k)
	}
	must(l.Transfer(2, "2", at(15)))
	if at2() != 3 {
		t.Errorf("at the counter that called 3 is %d", at2())
	}
	must(l.Serve(3, at(16)))
	must(l.Call(5, "2", at(17)))
	if at2() != 3 {
		t.Errorf("at the counter that serves 3 is %d", at2())
	}
	must(l.End(3, at(18)))
	if at2() != 5 {
		t.Errorf("at the counter that called 5 is %d", at2())
	}
	must(l.Hold(5, at(19)))
	if at2() != 1 {
		t.Errorf("at a counter to which 1 was sent on first is %d", at2())
	}
	if k, ok := l.At("1"); ok {
		t.Errorf("at the counter that sent everybody on is %d", k.Number)
	}
	if k := must(l.Next("1", at(20))); k.Number != 4 {
		t.Errorf("the other counter calls %d", k.Number)
	}
	for _, want := range []int{1, 2} {
		if k := must(l.Next("2", at(20))); k.Number != want || k.Calls != 1 || k.SentOn() || !k.Last.Equal(at(20)) {
			t.Errorf("called %+v, want %d", k, want)
		}
	}
	if k := must(l.Hold(1, at(21))); k.State != Holding {
		t.Errorf("called three times by two counters: %s", k.State)
	}
}

// Who is called and does not come is called again later, before others, and after three times no more.
func TestHeld(t *testing.T) {
	l := line(Usual, Usual, Usual, Usual)
	next(t, l, 0)
	hold := func(minutes int) Ticket {
		k, err := l.Hold(1, at(minutes))
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	hold(1)
	if k := next(t, l, 1); k.Number != 2 {
		t.Errorf("called at once again: %d", k.Number)
	}
	if k := next(t, l, 3); k.Number != 1 || k.Calls != 2 {
		t.Errorf("%+v", k)
	}
	hold(4)
	if k := next(t, l, 6); k.Number != 1 {
		t.Errorf("%+v", k)
	}
	if k := hold(7); k.State != Gone {
		t.Errorf("%+v", k)
	}
	if k := next(t, l, 60); k.Number != 3 {
		t.Errorf("%+v", k)
	}
}

// Who was sent to fetch something is called three times again, and then no more: else somebody who went home is called before all others for ever.
func TestFetching(t *testing.T) {
	l := line(Usual, Usual)
	step := func(k Ticket, err error) Ticket {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	next(t, l, 0)
	step(l.Serve(1, at(1)))
	if k := step(l.Hold(1, at(2))); k.State != Holding {
		t.Fatalf("%+v", k)
	}
	for n, minutes := range []int{10, 20, 30} {
		if k := next(t, l, minutes); k.Number != 1 || k.Calls != n+1 {
			t.Fatalf("called %+v", k)
		}
		if k, want := step(l.Hold(1, at(minutes+1))), map[bool]State{true: Gone, false: Holding}[n == 2]; k.State != want || !k.Ended.IsZero() {
			t.Errorf("after %d calls: %+v", n+1, k)
		}
	}
	if k := next(t, l, 60); k.Number != 2 {
		t.Errorf("called %+v", k)
	}
}

// A day of 300 at random: everybody is called, nobody twice at once, and Ahead is never less than nothing.
func TestADay(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	l := &Line{}
	kinds := []Priority{Usual, Usual, Usual, Elderly, Disabled, Pregnant, Infant, Merit}
	minutes := 0
	for len(l.Tickets) < 300 || func() bool { _, err := l.Next("1", at(minutes)); return err == nil }() {
		minutes++
		if len(l.Tickets) < 300 && r.IntN(2) == 0 {
			k := l.Take(Ticket{Priority: kinds[r.IntN(len(kinds))]}, at(minutes))
			if n := l.Ahead(k.Number); n < 0 || n >= 300 {
				t.Fatalf("%d ahead", n)
			}
			continue
		}
		for _, k := range l.Tickets {
			switch {
			case k.State == Called && r.IntN(4) > 0:
				_, _ = l.Serve(k.Number, at(minutes))
			case k.State == Called:
				_, _ = l.Hold(k.Number, at(minutes))
			case k.State == Serving && r.IntN(3) == 0:
				_, _ = l.End(k.Number, at(minutes))
			}
		}
		_, _ = l.Next("1", at(minutes))
	}
	for _, k := range l.Tickets {
		if k.Calls == 0 || k.Calls > MaxCalls+1 {
			t.Errorf("%d was called %d times", k.Number, k.Calls)
		}
	}
}
