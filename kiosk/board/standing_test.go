package board

import (
	"context"
	"errors"
	"testing"
	"time"

	"motcua/kiosk/assist"
	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/session"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// hire adds somebody to the office, as "an" does.
func (c *counter) hire(id string, role officer.Role) (officer.Account, store.Signer) {
	c.t.Helper()
	a, key, err := officer.New(id, "Cán bộ "+id, role, seal.Secret{PIN: storetest.TestPIN}, c.clock.Now())
	if err == nil {
		err = c.db.ChangeOfficer(c.t.Context(), a, store.Signer{ID: "an", Identity: c.head})
	}
	if err == nil {
		err = c.readAccounts(c.t.Context())
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return a, store.Signer{ID: id, Identity: key}
}

// Who is locked out at another desk is signed out here, gives back what was open, and does not come in again.
func TestLockedOut(t *testing.T) {
	c := newCounter(t)
	c.file("a", "Hà Thị Thử")
	_, cuc := c.hire("cuc", officer.Head)
	c.signIn()
	if s := c.do(Refresh{}, Enter{}); s.Open == nil {
		t.Fatalf("%+v", s)
	}
	an := c.accounts[0]
	an.Active = false
	if err := c.db.ChangeOfficer(t.Context(), an, cuc); err != nil {
		t.Fatal(err)
	}
	if s := c.do(Tick{}); s.Page != SignIn || s.Open != nil || len(s.Rows) != 0 {
		t.Fatalf("still there: %+v", s)
	}
	list, err := c.db.List(t.Context(), store.Filter{})
	if err != nil || list[0].Holder != "" {
		t.Errorf("%+v, %v", list, err)
	}
	c.accounts, c.at = []officer.Account{an}, 0 // as this desk had them before
	c.type_(storetest.TestPIN)
	if s := c.do(Enter{}); s.Page != SignIn || !s.SignIn.Wrong {
		t.Errorf("came in again: %+v", s)
	}
}

// A filing that cannot be opened stays nobody's.
func TestShutIsGivenBack(t *testing.T) {
	c := newCounter(t)
	c.file("a", "Hà Thị Thử")
	c.hire("cuc", officer.Clerk) // later than the filing, and nobody wrote the keys anew
	c.do(Choose{1})
	c.type_(storetest.TestPIN)
	if s := c.do(Enter{}); s.Page != Queue || len(s.Rows) != 1 {
		t.Fatalf("%+v", s)
	}
	if s := c.do(Enter{}); s.Open != nil || s.Notice != "fault.seal-shut.what" {
		t.Fatalf("%+v", s)
	}
	list, err := c.db.List(t.Context(), store.Filter{})
	if err != nil || list[0].Holder != "" {
		t.Errorf("%+v, %v", list, err)
	}
}

// The list of people stays open over midnight, when there is nobody any more; and choices go round past both ends.
func TestPeopleOverMidnight(t *testing.T) {
	c := newCounter(t)
	for range 2 {
		if _, err := c.db.TakeTicket(t.Context(), desk.Ticket{Service: "tam-tru"}); err != nil {
			t.Fatal(err)
		}
	}
	c.signIn()
	if s := c.do(People{}, Move{-RowsOnPage}, Move{RowsOnPage + 1}, Move{-1}); s.Dialog == nil || s.Dialog.At != 0 {
		t.Fatalf("%+v", s.Dialog)
	}
	c.clock.AddDays(1)
	c.touched = c.clock.Now()
	if s := c.do(Tick{}, Type{'u'}); s.Page != Queue {
		t.Errorf("%+v", s)
	}
	c.do(Lock{}, Move{-RowsOnPage}) // at the door
}

// gone is a visit that ended.
type gone struct{ snaps chan session.Snapshot }

func (g gone) Snapshots() <-chan session.Snapshot { return g.snaps }
func (gone) Send(session.Intent)                  {}
func (gone) Close()                               {}

// Who could not be helped still wants an officer; and an officer who leaves while a visit ends is signed out.
func TestHelpFails(t *testing.T) {
	c := newCounter(t)
	if err := c.db.Want(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.signIn()
	absent := errors.New("nobody listens")
	g := gone{make(chan session.Snapshot)}
	c.opt.Dial = func(context.Context, string, officer.Account, *seal.Identity) (assist.Visit, error) {
		if absent != nil {
			return nil, fault.New(fault.StationAbsent, absent)
		}
		return g, nil
	}
	if s := c.do(Refresh{}, Help{Station: "K1"}); s.Notice != "fault.station-absent.what" {
		t.Errorf("%+v", s.Notice)
	}
	if s := c.do(Refresh{}); len(s.Bells) != 1 {
		t.Errorf("nobody came, and the bell is silent: %+v", s.Bells)
	}
	absent = nil
	c.do(Help{Station: "K1"})
	if c.visit == nil {
		t.Fatal("no visit")
	}
	close(g.snaps)
	c.clock.Set(c.clock.Now().Add(time.Second))
	if s := c.do(Lock{}); s.Page != SignIn || c.key != nil {
		t.Errorf("still signed in: %+v", s.Page)
	}
}
