package store_test

import (
	"sync"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// A filing takes its number with it, once; somebody without a filing takes the next; two counters never call one number.
func TestTickets(t *testing.T) {
	dir := newDir(t)
	clock := storetest.NewClock()
	kiosk, counter := open(t, dir, clock), openAs(t, dir, "D1", clock)
	ctx := t.Context()
	draft := filing.Draft{Key: "a", Service: "tam-tru", Waits: true, Priority: string(desk.Elderly)}
	first, err := kiosk.File(ctx, draft)
	if err != nil || first.Ticket != 1 {
		t.Fatalf("%d, %v", first.Ticket, err)
	}
	if again, err := kiosk.File(ctx, draft); err != nil || again.Ticket != 1 {
		t.Errorf("filed again: ticket %d, %v", again.Ticket, err)
	}
	if f, err := kiosk.File(ctx, filing.Draft{Key: "b", Service: "luu-tru"}); err != nil || f.Ticket != 0 {
		t.Errorf("who need not wait has ticket %d, %v", f.Ticket, err)
	}
	for want := 2; want <= 9; want++ {
		if k, err := kiosk.TakeTicket(ctx, desk.Ticket{}); err != nil || k.Number != want {
			t.Fatalf("ticket %d, %v", k.Number, err)
		}
	}
	if k, err := counter.Queue(ctx, "an", func(l *desk.Line, now time.Time) (desk.Ticket, error) { return l.Rank(9, desk.Pregnant) }); err != nil || k.Priority != desk.Pregnant {
		t.Fatalf("%+v, %v", k, err)
	}
	var mu sync.Mutex
	var calls sync.WaitGroup
	called := map[int]string{}
	for name, s := range map[string]*store.Store{"1": kiosk, "2": counter} {
		calls.Go(func() {
			for {
				k, err := s.Queue(ctx, "an", func(l *desk.Line, now time.Time) (desk.Ticket, error) { return l.Next(name, now) })
				if fault.CodeOf(err) == fault.DeskQueue {
					return
				}
				mu.Lock()
				if err != nil || called[k.Number] != "" {
					t.Errorf("%d is called to %s and %s, %v", k.Number, called[k.Number], name, err)
				}
				called[k.Number] = name
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	calls.Wait()
	l, err := counter.Line(ctx, clock.Now())
	if err != nil || len(called) != 9 || len(l.Tickets) != 9 || l.Tickets[8].Priority != desk.Pregnant {
		t.Errorf("called %v, %v", called, err)
	}
	if v, err := counter.VerifyJournal(ctx); err != nil {
		t.Errorf("%+v, %v", v, err)
	}
}

// The number of a new day begins at one, and the queue of yesterday calls nobody.
func TestTicketsOfADay(t *testing.T) {
	clock := storetest.NewClock()
	s := open(t, newDir(t), clock)
	ctx := t.Context()
	for range 3 {
		if _, err := s.TakeTicket(ctx, desk.Ticket{}); err != nil {
			t.Fatal(err)
		}
	}
	clock.Set(clock.Now().AddDate(0, 0, 1))
	if _, err := s.Queue(ctx, "an", func(l *desk.Line, now time.Time) (desk.Ticket, error) { return l.Next("1", now) }); fault.CodeOf(err) != fault.DeskQueue {
		t.Errorf("yesterday's number is called: %v", err)
	}
	if k, err := s.TakeTicket(ctx, desk.Ticket{}); err != nil || k.Number != 1 {
		t.Errorf("%d, %v", k.Number, err)
	}
	all, err := s.Tickets(ctx, clock.Now().AddDate(0, 0, -1), clock.Now().AddDate(0, 0, 1))
	if err != nil || len(all) != 4 {
		t.Errorf("%d tickets, %v", len(all), err)
	}
}

// A station says how it is; an officer who is wanted comes once.
func TestStations(t *testing.T) {
	s := open(t, newDir(t), storetest.NewClock())
	ctx := t.Context()
	for range 2 {
		if err := s.SetState(ctx, map[string]string{"reader": "ok"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Want(ctx); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Stations(ctx)
	if err != nil || len(all) != 1 || all[0].Name != "K1" || all[0].Wanted.IsZero() || string(all[0].State) != `{"reader":"ok"}` {
		t.Fatalf("%+v, %v", all, err)
	}
	before, err := s.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Came(ctx, "K1", "an"); err != nil {
			t.Fatal(err)
		}
	}
	all, err = s.Stations(ctx)
	if after, headErr := s.Head(ctx); err != nil || headErr != nil || !all[0].Wanted.IsZero() || after != before+1 {
		t.Errorf("%+v, %v", all, err)
	}
}
