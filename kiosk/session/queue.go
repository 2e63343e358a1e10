package session

import (
	"strconv"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/service"
	"motcua/kiosk/text"
)

// This file is the queue at the counter, as far as the citizen's side sees it: the number that goes with a filing, or that is taken
// without one, and who is called.

// Call is somebody who was called to a counter.
type Call struct {
	Number  int
	Counter string
	At      time.Time
}

// CallShown is how long a call stands on the welcome page.
const CallShown = 75 * time.Second

// CallsOf are the calls of a queue that can be shown at a moment, the last one first.
func CallsOf(l *desk.Line, now time.Time) []Call {
	var calls []Call
	for _, t := range l.Tickets {
		if t.State != desk.Called || now.Sub(t.Last) >= CallShown || t.Last.After(now.Add(CallShown)) {
			continue
		}
		at := 0
		for at < len(calls) && calls[at].At.After(t.Last) {
			at++
		}
		calls = append(calls[:at], append([]Call{{t.Number, t.Counter, t.Last}}, calls[at:]...)...)
	}
	return calls
}

// callsNow are the calls that still stand.
func (s State) callsNow() []Call {
	var calls []Call
	for _, c := range s.dev.calls {
		if s.now.Sub(c.At) < CallShown {
			calls = append(calls, c)
		}
	}
	return calls
}

// queued takes the news of the queue.
func (m *machine) queued(e Event) {
	switch e := e.(type) {
	case QueueChanged:
		m.dev.waiting, m.dev.calls = e.Waiting, e.Calls
	case Ticketed:
		if e.Serial == m.Serial && m.v.queuing {
			m.v.ticket = e.Number
			m.touch()
		}
	case TicketFailed:
		if e.Serial == m.Serial && m.v.queuing {
			m.v.queuing = false
			m.notice("notice.receipt-ask-officer")
			m.call(e.Code)
		}
	}
}

// elderly is the age from which the law lets people go first (Luật Người cao tuổi, and the rules of the one-stop departments).
const elderly = 75

// priority is what can be known of a person's right to go first: the age. The officer gives the others at sight.
func (s State) priority() string {
	birth, today := s.v.who.person().Birth, s.today()
	if birth.Year == 0 {
		return ""
	}
	age := today.Year - birth.Year
	if birth.Month > today.Month || birth.Month == today.Month && birth.Day > today.Day {
		age--
	}
	if age >= elderly {
		return string(desk.Elderly)
	}
	return ""
}

// waits reports whether who files goes to the counter now: there is something to sign or to hand over, here.
func (s State) waits(svc *service.Service, papers []filing.Paper) bool {
	return !svc.Sent && len(papers) > 0
}

// callSpoken is what a call says aloud, twice: the first words are for pricking up one's ears.
func callSpoken(c Call, t *text.Table) string {
	words := t.Get("call.spoken", strconv.Itoa(c.Number), c.Counter)
	return words + " " + words
}
