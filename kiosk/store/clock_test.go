package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

var hanoi = time.FixedZone("+07", 7*60*60)

// jumps are what a clock does that nobody looks after: an empty battery, a wrong year typed in, a server of the time that is wrong.
var jumps = []struct {
	name string
	to   func(now time.Time) time.Time
}{
	{"an hour on", func(t time.Time) time.Time { return t.Add(time.Hour) }},
	{"two hours back", func(t time.Time) time.Time { return t.Add(-2 * time.Hour) }},
	{"before midnight", func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 23, 59, 59, 999_999_999, hanoi)
	}},
	{"after midnight", func(t time.Time) time.Time { return t.Add(time.Nanosecond) }},
	{"before it again", func(t time.Time) time.Time { return t.Add(-time.Second) }},
	{"five years on", func(t time.Time) time.Time { return t.AddDate(5, 0, 0) }},
	{"back to today", func(t time.Time) time.Time { return t.AddDate(-5, 0, 0) }},
	{"twenty years back", func(t time.Time) time.Time { return t.AddDate(-20, 0, 0) }},
	{"29 February", func(time.Time) time.Time { return time.Date(2028, 2, 29, 12, 0, 0, 0, hanoi) }},
	{"seventy years on", func(time.Time) time.Time { return time.Date(2096, 11, 23, 9, 0, 0, 0, hanoi) }},
	{"right again", func(time.Time) time.Time { return storetest.NewClock().Now().Add(3 * time.Hour) }},
}

// Whatever the clock does while a kiosk and a desk are at work, or while they are closed: no number is given twice, everything is there in the order in which it
// was done, and the journal says each time that the clock was set back.
func TestClockJumps(t *testing.T) {
	for _, reopen := range []bool{false, true} {
		dir, clock := newDir(t), storetest.NewClock()
		k, d := open(t, dir, clock), openAs(t, dir, counter, clock)
		given := map[filing.Reference]string{}
		var back, filed int
		last := clock.Now()
		for _, j := range jumps {
			clock.Set(j.to(clock.Now()))
			if last.Sub(clock.Now()) > time.Minute {
				back++
			}
			last = clock.Now()
			if reopen {
				closeStore(t, k)
				closeStore(t, d)
				k, d = open(t, dir, clock), openAs(t, dir, counter, clock)
			}
			for i, s := range []*store.Store{k, d, k} {
				key := fmt.Sprint(j.name, i)
				f := file(t, s, key)
				if other := given[f.Reference]; other != "" {
					t.Errorf("%s: %s has the number of %s", key, f.Reference, other)
				}
				given[f.Reference] = key
				filed++
				if again := file(t, s, key); again.Reference != f.Reference {
					t.Errorf("%s again: %s, not %s", key, again.Reference, f.Reference)
				}
			}
		}
		if got := inOrder(t, k, filed); got != back {
			t.Errorf("the clock was set back %d times, the journal says %d", back, got)
		}
		if lastOf(t, k, store.Restored) != nil {
			t.Error("a clock was taken for a restore")
		}
	}
}

// A station whose clock stands behind comes for the first time, or lost its key: its key goes before what it signs.
func TestNewKeyBehind(t *testing.T) {
	dir, now := newDir(t), time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	for i, id := range []string{"S1", "K1", "K1"} {
		now = now.Add(-time.Hour)
		if err := os.Remove(filepath.Join(dir, "key-"+id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		s, err := store.Open(dir, store.Options{Station: id, Commune: "05200", Recipients: storetest.Recipients(), Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		file(t, s, fmt.Sprint("behind", i))
		if got := inOrder(t, s, i+1); got != i {
			t.Errorf("the clock was set back %d times, the journal says %d", i, got)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// inOrder verifies the journal: between two entries time goes back only where it says so. It gives how often it does.
func inOrder(t *testing.T, s *store.Store, filings int) (back int) {
	t.Helper()
	v, err := s.VerifyJournal(t.Context())
	if err != nil || v.Filings != filings {
		t.Fatalf("%+v, %v", v, err)
	}
	entries, err := s.Journal(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries[1:] {
		behind := entries[i].At.Sub(e.At)
		if e.Kind != store.ClockBack {
			if behind > time.Minute {
				t.Errorf("entry %d is %v earlier than the one before, which nobody says", e.Seq, behind)
			}
			continue
		}
		back++
		var detail struct{ Behind int64 }
		if err := json.Unmarshal(e.Detail, &detail); err != nil || detail.Behind != int64(behind/time.Second) || behind <= time.Minute {
			t.Errorf("entry %d says %s, it is %v (%v)", e.Seq, e.Detail, behind, err)
		}
	}
	return back
}

// The machine is set to another zone while the store is open. With a zone of its own the store's day is Vietnam's all the time; without
// one it is the machine's; no number is given twice in either case.
func TestZoneChanges(t *testing.T) {
	evening := time.Date(2026, 11, 23, 18, 30, 0, 0, time.UTC) // the 24th in Vietnam
	for _, zone := range []*time.Location{nil, hanoi} {
		now := evening
		s, err := store.Open(newDir(t), store.Options{Station: "K1", Commune: "05200", Zone: zone, Recipients: storetest.Recipients(),
			Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		days := map[int]bool{}
		given := map[filing.Reference]bool{}
		for i, place := range []*time.Location{time.UTC, hanoi, time.FixedZone("-10", -10*60*60), time.UTC, hanoi} {
			now = now.Add(time.Second).In(place)
			f := file(t, s, fmt.Sprint(i))
			if given[f.Reference] || !f.Filed.Equal(now) {
				t.Errorf("%s was given before, or at %v", f.Reference, f.Filed)
			}
			given[f.Reference] = true
			days[f.Reference.Day.Day] = true
		}
		if want := map[bool]int{true: 2, false: 1}[zone == nil]; len(days) != want {
			t.Errorf("zone %v: days %v", zone, days)
		}
		if inOrder(t, s, 5) != 0 {
			t.Error("another zone is no other time")
		}
		closeStore(t, s)
	}
}

// What is decided has a date later than the decision, whatever the clock did. A filing or a decision of when the clock stood ahead stops nothing: what
// comes after has its date, can be taken back for ten minutes of the clock, and the journal has what the clock said.
func TestClockAtTheDesk(t *testing.T) {
	d := newDesk(t)
	right := d.clock.Now()
	old := desk.Decision{Action: desk.Receive, Officer: "an", Due: right.AddDate(0, 0, 3)}
	d.clock.Set(right.AddDate(1, 0, 0))
	if _, err := d.s.Decide(t.Context(), d.ref, old, d.keys["an"]); fault.CodeOf(err) != fault.DeskMove || !errors.Is(err, desk.ErrDate) {
		t.Errorf("a date that has passed: %v", err)
	}
	ahead := file(t, d.s, "ahead")
	d.clock.Set(right)
	first := d.ref
	d.ref = ahead.Reference
	if _, err := d.s.Decide(t.Context(), d.ref, old, d.keys["an"]); !errors.Is(err, desk.ErrDate) {
		t.Errorf("a date before the filing: %v", err)
	}
	old.Due = ahead.Filed.AddDate(0, 0, 3)
	c, err := d.s.Decide(t.Context(), d.ref, old, d.keys["an"])
	if err != nil || !c.History[0].At.Equal(ahead.Filed) || !c.History[0].Clock.Equal(right) {
		t.Fatalf("%+v, %v", c, err)
	}
	entries, err := d.s.Journal(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if e := entries[len(entries)-1]; !e.At.Equal(right) || !strings.Contains(string(e.Detail), `"moment":"`+ahead.Filed.Format(time.RFC3339Nano)) {
		t.Errorf("%s at %v", e.Detail, e.At)
	}
	d.clock.Set(right.Add(desk.UndoWithin))
	if c, err = d.s.Undo(t.Context(), d.ref, 1, "an", d.keys["an"]); err != nil || c.Status != filing.Filed {
		t.Errorf("taken back: %v", err)
	}
	if _, err := d.s.Decide(t.Context(), d.ref, old, d.keys["an"]); err != nil {
		t.Fatal(err)
	}
	d.clock.Set(d.clock.Now().Add(desk.UndoWithin + time.Second))
	if _, err := d.s.Undo(t.Context(), d.ref, 2, "an", d.keys["an"]); !errors.Is(err, desk.ErrUndo) {
		t.Errorf("taken back too late: %v", err)
	}
	d.must("an", desk.Finish)
	d.must("an", desk.Hand)
	d.dates(3)
	list, err := d.s.Records(t.Context(), ahead.Filed.AddDate(0, 0, -1), ahead.Filed.AddDate(0, 0, 1))
	if err != nil || len(list) != 2 || len(list[1].Steps) != 3 || !list[1].Steps[2].At.Equal(ahead.Filed) {
		t.Errorf("the figures: %+v, %v", list, err)
	}
	ended, err := d.s.Expired(t.Context(), ahead.Filed.AddDate(9, 0, 0), func(e store.Ended) time.Time { return e.Ended }, 0)
	if err != nil || len(ended) != 1 || !ended[0].Ended.Equal(ahead.Filed) {
		t.Errorf("the end: %+v, %v", ended, err)
	}

	d.ref = first
	d.clock.Set(right)
	d.must("an", desk.Receive)
	d.clock.Set(right.Add(-time.Hour))
	if _, err := d.s.Undo(t.Context(), d.ref, 1, "an", d.keys["an"]); fault.CodeOf(err) != fault.DeskMove {
		t.Errorf("taken back before it was decided: %v", err)
	}
	d.must("an", desk.Finish)
	d.dates(2)
	d.verify(7)
	if back := inOrder(t, d.s, 2); back != 3 {
		t.Errorf("the clock was set back %d times", back)
	}
	a, _ := account(t, "cuong", officer.Clerk)
	d.clock.Set(right.AddDate(-2, 0, 0))
	if err := d.s.SetOfficer(t.Context(), a, "an"); err != nil {
		t.Fatal(err)
	}
	if inOrder(t, d.s, 2) != 4 {
		t.Error("an officer was added two years ago, and nobody says so")
	}
}

// dates holds that a case has so many decisions, in the order of their times, each with a later date, also after reading it again.
func (d *atDesk) dates(decisions int) {
	d.t.Helper()
	c, err := d.s.Case(d.t.Context(), d.ref, d.keys["an"])
	if err != nil || len(c.History) != decisions {
		d.t.Fatalf("%+v, %v", c, err)
	}
	last := c.Filed
	for _, x := range c.History {
		if x.At.Before(last) || !c.Due.After(x.At) {
			d.t.Errorf("%s at %v after %v, due %v", x.Action, x.At, last, c.Due)
		}
		last = x.At
	}
}
