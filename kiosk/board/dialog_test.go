package board

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/official"
	"motcua/kiosk/store/storetest"
)

// promise files something whose slip says a date.
func (c *counter) promise(key string, due time.Time) filing.Filing {
	c.t.Helper()
	d := draft(key, "Hà Thị Thử")
	d.Due, d.DueRule = due, calendar.RuleDays
	f, err := c.db.File(c.t.Context(), d)
	if err != nil {
		c.t.Fatal(err)
	}
	return f
}

// until sets the clock, at which the officer signs in anew.
func (c *counter) until(now time.Time) {
	c.t.Helper()
	c.clock.Set(now)
	c.signedInAgain()
}

func vn(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, calendar.Zone)
}

// TestPromiseStays: what the citizen's slip promises is not counted anew when an officer takes the filing on, and what is late stays late.
func TestPromiseStays(t *testing.T) {
	c := newCounter(t)
	due := vn(27, 17, 0)
	f := c.promise("a", due)
	c.signIn()
	c.until(vn(30, 9, 0))
	s := c.do(Refresh{}, Enter{}, Begin{desk.Receive}, Enter{})
	if s.Open == nil || s.Open.Status != filing.Received || !s.Open.Due.Equal(due) || !s.Rows[0].Late {
		t.Fatalf("%+v", s)
	}
	if is, err := c.db.Case(t.Context(), f.Reference, nil); err != nil || !is.Due.Equal(due) {
		t.Errorf("due %v, %v", is.Due, err)
	}
	c.do(Begin{desk.Ask})
	c.type_("Hợp đồng thuê nhà")
	c.do(Move{-1})
	c.type_("Hợp đồng chưa có chữ ký")
	c.do(Enter{})
	c.until(vn(30, 15, 0).AddDate(0, 0, 1))
	if s = c.do(Enter{}, Begin{desk.Supply}, Enter{}); s.Open.Status != filing.Received || !s.Open.Due.Equal(due) || !s.Rows[0].Late {
		t.Errorf("a supplement made of a late filing one that is not: %v", s.Open.Due)
	}
}

// TestSupplyKeepsDays: of a term that the law counts in days the days go on that were left, also where the slip promises an hour before the office closes.
func TestSupplyKeepsDays(t *testing.T) {
	for name, w := range map[string]struct{ due, asked, back, want time.Time }{
		"two days were left":       {vn(27, 16, 0), vn(25, 9, 0), vn(31, 15, 0), vn(33, 16, 0)},
		"asked for in the evening": {vn(27, 16, 0), vn(24, 16, 45), vn(31, 7, 30), vn(34, 16, 0)},
	} {
		c := newCounter(t)
		c.promise("a", w.due)
		c.signIn()
		c.until(w.asked)
		c.do(Refresh{}, Enter{}, Begin{desk.Receive}, Enter{}, Begin{desk.Ask})
		c.type_("Hợp đồng thuê nhà")
		c.do(Move{-1})
		c.type_("Hợp đồng chưa có chữ ký")
		c.do(Enter{})
		c.until(w.back)
		if s := c.do(Enter{}, Begin{desk.Supply}, Enter{}); s.Open.Status != filing.Received || !s.Open.Due.Equal(w.want) {
			t.Errorf("%s: %s until %v, want %v", name, s.Open.Status, s.Open.Due, w.want)
		}
	}
}

// TestPutOff: a filing is put off to a day on which the office works, also one without a date, which then ends with the office's day.
func TestPutOff(t *testing.T) {
	c := newCounter(t)
	c.promise("a", vn(24, 11, 15))
	c.signIn()
	c.until(vn(27, 9, 0))
	s := c.do(Refresh{}, Enter{}, Begin{desk.Receive}, Enter{}, Begin{desk.Extend})
	if got := s.Dialog.Fields[0].Value; got != "30/11/2026" {
		t.Errorf("the first day proposed is %s", got)
	}
	date := func(text string) Snapshot {
		for range 10 {
			c.do(Delete{})
		}
		return c.type_(text)
	}
	c.do(Move{1})
	c.type_("Chờ cơ quan khác xác minh")
	c.do(Move{-1})
	for _, off := range []string{"29/11/2026", "28/11/2026", "01/01/2027"} {
		date(off)
		if s = c.do(Enter{}); s.Dialog == nil || s.Dialog.Problem != "day-off" {
			t.Fatalf("put off to %s: %+v", off, s.Dialog)
		}
	}
	date("30/11/2026")
	if s = c.do(Enter{}); s.Dialog != nil || !s.Open.Due.Equal(vn(30, 11, 15)) {
		t.Errorf("put off until %v, %+v", s.Open.Due, s.Dialog)
	}
	c.open.is.Due = time.Time{}
	if got := c.putOff(identity.DateOf(vn(30, 0, 0))); !got.Equal(vn(30, 17, 0)) {
		t.Errorf("without a date before: %v", got)
	}
}

// TestPrintedAgain: an apology that is printed again, by whomever, is the one that was printed first.
func TestPrintedAgain(t *testing.T) {
	c := newCounter(t)
	c.hire("cuc", officer.Clerk)
	c.promise("a", vn(27, 17, 0))
	var pages [][]byte
	c.opt.Print = func(_ context.Context, _ string, pdf []byte) error { pages = append(pages, pdf); return nil }
	c.signIn()
	c.do(Refresh{}, Enter{}, Begin{desk.Receive}, Enter{}, Begin{desk.Extend}, Move{1})
	c.type_("Chờ cơ quan khác xác minh")
	c.do(Enter{}, Print{})
	c.do(Lock{}, Choose{1})
	c.type_(storetest.TestPIN)
	c.do(Enter{}, Enter{}, Print{})
	if len(pages) != 4 || c.me.ID != "cuc" {
		t.Fatalf("%d pages, signed in is %q: %+v", len(pages), c.me.ID, c.last)
	}
	is := c.open.is
	want, err := c.opt.Printer.Decided(c.open.filing, official.Decision{Decision: is.History[1], Officer: "Bùi Văn An", Head: true, Received: is.History[0].At,
		Due: vn(30, 17, 0), Before: vn(27, 17, 0)})
	if err != nil || !bytes.Equal(pages[1], want.PDF) {
		t.Errorf("the apology says something else: %v", err)
	}
	if !bytes.Equal(pages[1], pages[2]) {
		t.Error("printed again, it says something else")
	}
	if !bytes.Equal(pages[1], pages[3]) {
		t.Error("printed by a colleague, it says something else")
	}
}

// What is lacking is where the next letter goes: it is not added to another field.
func TestWhatIsLackingIsTypedNext(t *testing.T) {
	c := newCounter(t)
	c.promise("a", vn(27, 17, 0))
	c.signIn()
	c.do(Enter{}, Begin{desk.Ask})
	c.type_("Hợp đồng thuê nhà")
	if s := c.do(Enter{}); s.Dialog.Problem != "reason" || s.Dialog.Fields[s.Dialog.At].ID != InputReason {
		t.Fatalf("%+v", s.Dialog)
	}
	c.type_("Hợp đồng chưa có chữ ký")
	c.do(Move{-1})
	c.type_("ab")
	if s := c.do(Move{-1}, Enter{}); s.Dialog.Problem != "items" || s.Dialog.At != 3 {
		t.Fatalf("%+v", s.Dialog)
	}
	c.do(Delete{}, Delete{})
	if s := c.do(Enter{}); s.Dialog != nil || fmt.Sprintf("%v %s", c.open.is.History[0].Items, c.open.is.History[0].Reason) != "[Hợp đồng thuê nhà] Hợp đồng chưa có chữ ký" {
		t.Errorf("%+v, %+v", s.Dialog, c.open.is.History)
	}
	c.do(Begin{desk.Supply}, Enter{}, Begin{desk.Receive}, Enter{}, Begin{desk.Extend}, Delete{}, Move{1})
	c.type_("Chờ cơ quan khác xác minh")
	if s := c.do(Enter{}); s.Dialog == nil || s.Dialog.Fields[s.Dialog.At].ID != InputDue {
		t.Errorf("%+v", s.Dialog)
	}
}
