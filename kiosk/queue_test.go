package kiosk

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/receipt"
	"motcua/kiosk/session"
)

// A call stands on the welcome page and is said aloud; called again, it is said again.
func TestCallsAreShownAndSaid(t *testing.T) {
	d := &counter{}
	d.line.Take(desk.Ticket{}, time.Now())
	d.line.Take(desk.Ticket{}, time.Now())
	r := runWith(t, d, func(c *session.Config, o *Options) {
		c.Voice = true
		o.Speech = func(s session.Snapshot) string { return session.Speech(s, c.Texts) }
	})
	r.until(func(s session.Snapshot) bool { return s.Office.Waiting == 2 })
	d.call("1")
	s := r.until(func(s session.Snapshot) bool { return len(s.Calls) == 1 })
	if s.Calls[0].Number != 1 || s.Office.Waiting != 1 {
		t.Errorf("%+v", s)
	}
	said := func() (n int) {
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, one := range d.noted {
			if strings.HasPrefix(one, "said Mời số 1 đến quầy 1.") {
				n++
			}
		}
		return n
	}
	waitFor(t, func() bool { return said() == 1 })
	d.mu.Lock()
	_, err := d.line.Call(1, "1", time.Now())
	d.head++
	d.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return said() == 2 })
}

// A number is taken and printed; it stands on the screen while it is printed, and that it is not on paper takes nothing back.
func TestTicketIsPrinted(t *testing.T) {
	for _, jam := range []bool{false, true} {
		d := &counter{}
		told, printed := make(chan struct{}), make(chan int, 1)
		d.print = func(context.Context) error {
			<-told
			if jam {
				return errJam
			}
			return nil
		}
		r := runWith(t, d, func(_ *session.Config, o *Options) {
			o.Ticket = func(n int, service string) receipt.Slip {
				printed <- n
				return receipt.Slip{Ticket: n, Procedure: service}
			}
		})
		e := r.k.ticket(t.Context(), t.Context(), session.TakeTicket{Serial: 1, Service: "can-cuoc", Plain: "Thẻ căn cước"})
		close(told)
		if got, ok := e.(session.Ticketed); !ok || got.Number != 1 || <-printed != 1 {
			t.Errorf("%+v", e)
		}
	}
}

// Who comes back with a slip is told where it stands before their number is printed, which has the time that a printer takes.
func TestReturningIsToldFirst(t *testing.T) {
	d := &counter{}
	told, left := make(chan struct{}), make(chan time.Duration, 1)
	d.print = func(ctx context.Context) error {
		<-told
		over, _ := ctx.Deadline()
		left <- time.Until(over)
		return nil
	}
	r := runWith(t, d, func(_ *session.Config, o *Options) {
		o.Ticket = func(n int, _ string) receipt.Slip { return receipt.Slip{Ticket: n} }
	})
	ref, err := filing.NewReference("05200", "K1", identity.Date{Year: 2026, Month: 11, Day: 23}, 1)
	if err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(t.Context(), fileTime)
	e := r.k.brought(limited, t.Context(), session.Brought{Serial: 1, Reference: ref})
	cancel()
	close(told)
	if got, ok := e.(session.Found); !ok || got.Standing.Ticket != 5 {
		t.Errorf("%+v", e)
	}
	if d := <-left; d < fileTime {
		t.Errorf("%v for the printer", d)
	}
}

var errJam = errors.New("jam")

func waitFor(t *testing.T, is func() bool) {
	t.Helper()
	for over := time.Now().Add(reaction); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(over) {
			t.Fatal("it does not happen")
		}
	}
}
