package desk

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// Priority is why somebody is called before others (the law's list of who need not wait).
type Priority string

// The priorities.
const (
	Usual    Priority = ""
	Elderly  Priority = "elderly"  // 75 and over
	Disabled Priority = "disabled" // heavily, and who helps them
	Pregnant Priority = "pregnant"
	Infant   Priority = "infant" // with a child under 36 months
	Merit    Priority = "merit"  // people with merit to the nation
)

// Priorities lists all of them.
var Priorities = []Priority{Usual, Elderly, Disabled, Pregnant, Infant, Merit}

// State is where a ticket stands.
type State string

// The states.
const (
	Waiting State = "waiting"
	Called  State = "called"
	Serving State = "serving"
	Holding State = "holding" // called and not there, or sent to fetch something: called again later
	Served  State = "served"
	Gone    State = "gone" // called three times and not there
)

// Ticket is one person in the queue. It has a number for the day and, if they filed at the kiosk, the reference.
type Ticket struct {
	Number    int // of the day, from 1
	Reference string
	Service   string // what they come for; "" if not said
	Priority  Priority
	State     State
	Counter   string // who called it, or where it was sent on to
	Calls     int    // by the counter that it is at; 0 for one that was sent on and that this counter has not called
	Taken     time.Time
	Called    time.Time // first
	Last      time.Time // called, or sent on: numbers are shown and spoken then
	Began     time.Time
	Ended     time.Time
}

// Wait is how long somebody waited until the first call, or waits now.
func (t Ticket) Wait(now time.Time) time.Duration {
	if t.Called.IsZero() {
		return now.Sub(t.Taken)
	}
	return t.Called.Sub(t.Taken)
}

// Handling is how long the officer took, or takes now.
func (t Ticket) Handling(now time.Time) time.Duration {
	switch {
	case t.Began.IsZero():
		return 0
	case t.Ended.IsZero():
		return now.Sub(t.Began)
	}
	return t.Ended.Sub(t.Began)
}

// MaxCalls is how often somebody is called who does not come; HoldFor is how long they wait in between at least.
const (
	MaxCalls = 3
	HoldFor  = 2 * time.Minute
)

// Share: of so many people called, one is from the usual queue though there are people with priority, or it would never move.
const Share = 3

// The errors of a Line.
var (
	ErrNobody = errors.New("desk: nobody waits")
	ErrTicket = errors.New("desk: no such ticket")
	ErrState  = errors.New("desk: the ticket does not stand so")
)

// Line is the queue of a day. It is not for several goroutines.
type Line struct {
	Tickets []Ticket // by number
	urgent  int      // called with priority since the last usual one
}

// NewLine is a queue as it stands: the tickets of a day by number.
func NewLine(tickets []Ticket) *Line {
	l := &Line{Tickets: tickets}
	called := slices.Clone(tickets)
	slices.SortStableFunc(called, func(a, b Ticket) int { return b.Last.Compare(a.Last) })
	for _, t := range called {
		if t.Last.IsZero() || t.Priority == Usual {
			break
		}
		l.urgent++
	}
	return l
}

// Waiting are how many wait to be called, and how long the one waits who came first.
func (l *Line) Waiting(now time.Time) (n int, longest time.Duration) {
	for _, t := range l.Tickets {
		if t.State == Waiting || t.State == Holding {
			n++
			longest = max(longest, t.Wait(now))
		}
	}
	return n, longest
}

// Take gives the next number.
func (l *Line) Take(t Ticket, now time.Time) Ticket {
	t.Number, t.State, t.Taken = len(l.Tickets)+1, Waiting, now
	l.Tickets = append(l.Tickets, t)
	return t
}

// Next calls who is next to a counter: priority first, but one in Share from the usual queue; of those the one who waits
// longest. Who was held comes back once HoldFor is over, before everybody of their kind. Before all others comes who was sent on to this counter.
func (l *Line) Next(counter string, now time.Time) (Ticket, error) {
	if at := l.sentTo(counter); at >= 0 {
		l.Tickets[at].call(counter, now)
		return l.Tickets[at], nil
	}
	best := -1
	for i, t := range l.Tickets {
		ready := t.State == Waiting || t.State == Holding && now.Sub(t.Last) >= HoldFor
		if ready && (best < 0 || l.before(t, l.Tickets[best])) {
			best = i
		}
	}
	if best < 0 {
		return Ticket{}, ErrNobody
	}
	t := &l.Tickets[best]
	if t.Priority == Usual {
		l.urgent = 0
	} else {
		l.urgent++
	}
	t.call(counter, now)
	return *t, nil
}

// SentOn reports whether the ticket was sent on to its counter, which has not called it yet.
func (t Ticket) SentOn() bool { return t.State == Called && t.Calls == 0 }

// sentTo is where the ticket stands that was sent on to a counter first; -1 if none was.
func (l *Line) sentTo(counter string) int {
	first := -1
	for i, t := range l.Tickets {
		if t.SentOn() && t.Counter == counter && (first < 0 || t.Last.Before(l.Tickets[first].Last)) {
			first = i
		}
	}
	return first
}

// At is who is at a counter: who is served there; else who it called, the one called last if there are several; else who was sent on to it first.
func (l *Line) At(counter string) (Ticket, bool) {
	rank := func(t Ticket) int {
		switch {
		case t.State == Serving:
			return 0
		case !t.SentOn():
			return 1
		}
		return 2
	}
	var found Ticket
	for _, t := range l.Tickets {
		if t.Counter != counter || t.State != Called && t.State != Serving {
			continue
		}
		later := t.Last.Compare(found.Last)
		if t.SentOn() {
			later = -later
		}
		if found.Number == 0 || rank(t) < rank(found) || rank(t) == rank(found) && later > 0 {
			found = t
		}
	}
	return found, found.Number != 0
}

func (l *Line) before(a, b Ticket) bool {
	rank := func(t Ticket) int {
		urgent := t.Priority != Usual
		if l.urgent >= Share-1 {
			urgent = !urgent
		}
		if urgent {
			return 0
		}
		return 1
	}
	held := func(t Ticket) int {
		if t.State == Holding {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(held(a), held(b)), cmp.Compare(a.Number, b.Number)) < 0
}

func (t *Ticket) call(counter string, now time.Time) {
	t.State, t.Counter, t.Last = Called, counter, now
	t.Calls++
	if t.Called.IsZero() {
		t.Called = now
	}
}

// Call calls a certain ticket, or calls it again.
func (l *Line) Call(number int, counter string, now time.Time) (Ticket, error) {
	return l.change(number, []State{Waiting, Called, Holding}, func(t *Ticket) { t.call(counter, now) })
}

// Rank gives somebody who waits a priority, or takes it back.
func (l *Line) Rank(number int, p Priority) (Ticket, error) {
	return l.change(number, []State{Waiting}, func(t *Ticket) { t.Priority = p })
}

// Serve is the person standing at the counter.
func (l *Line) Serve(number int, now time.Time) (Ticket, error) {
	return l.change(number, []State{Called}, func(t *Ticket) { t.State, t.Began = Serving, now })
}

// Hold puts somebody aside who is not there, or has to fetch something; after MaxCalls they are gone. The calls of who was at the counter begin anew, and
// when they do not come back nobody knows when they left.
func (l *Line) Hold(number int, now time.Time) (Ticket, error) {
	return l.change(number, []State{Called, Serving}, func(t *Ticket) {
		switch {
		case t.State == Serving:
			t.State, t.Calls = Holding, 0
		case t.Calls < MaxCalls:
			t.State = Holding
		case t.Began.IsZero():
			t.State, t.Ended = Gone, now
		default:
			t.State = Gone
		}
	})
}

// Transfer sends somebody on to another counter: where to is shown and spoken now, and they are the next of all whom that counter calls.
func (l *Line) Transfer(number int, counter string, now time.Time) (Ticket, error) {
	return l.change(number, []State{Called, Serving}, func(t *Ticket) {
		t.State, t.Counter, t.Calls, t.Last, t.Began = Called, counter, 0, now, time.Time{}
	})
}

// End is the person leaving the counter.
func (l *Line) End(number int, now time.Time) (Ticket, error) {
	return l.change(number, []State{Serving}, func(t *Ticket) { t.State, t.Ended = Served, now })
}

func (l *Line) change(number int, at []State, do func(*Ticket)) (Ticket, error) {
	if number < 1 || number > len(l.Tickets) {
		return Ticket{}, ErrTicket
	}
	t := &l.Tickets[number-1]
	if !slices.Contains(at, t.State) {
		return *t, ErrState
	}
	do(t)
	return *t, nil
}

// Ahead is how many people are called before a ticket that waits.
func (l *Line) Ahead(number int) int {
	if number < 1 || number > len(l.Tickets) {
		return 0
	}
	me, n := l.Tickets[number-1], 0
	for _, t := range l.Tickets {
		if t.Number != number && (t.State == Waiting || t.State == Holding) && l.before(t, me) {
			n++
		}
	}
	return n
}
