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
	if c.heeded, err = c.db.Head(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.type_(storetest.TestPIN)
	if s := c.do(Enter{}); s.Page != SignIn || !s.SignIn.Wrong {
		t.Errorf("came in again: %+v", s)
	}
}

// Wherever an officer is who was locked out, the next act at the desk is not done any more: in a citizen's session, and on a page without filings.
func TestLockedOutAnywhere(t *testing.T) {
	for name, w := range map[string]struct {
		role officer.Role
		in   Intent
		act  Intent
	}{
		"in a session": {officer.Clerk, Help{Station: "K1"}, Citizen{session.Back{}}}, "waiting in a session": {officer.Clerk, Help{Station: "K1"}, Tick{}},
		"a technician": {officer.Technician, Open{Devices}, Move{1}}, "in a dialog": {officer.Clerk, People{}, Escape{}},
	} {
		c := newCounter(t)
		if _, err := c.db.TakeTicket(t.Context(), desk.Ticket{Service: "tam-tru"}); err != nil {
			t.Fatal(err)
		}
		a, _ := c.hire("cuc", w.role)
		v := &counted{gone: gone{make(chan session.Snapshot)}}
		c.opt.Dial = func(context.Context, string, officer.Account, *seal.Identity) (assist.Visit, error) { return v, nil }
		if err := c.db.Want(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.do(Choose{1})
		c.type_(storetest.TestPIN)
		if s := c.do(Enter{}, w.in); s.Officer != a.Name || w.in == Intent(Help{Station: "K1"}) && c.visit == nil {
			t.Fatalf("%s: %+v", name, s)
		}
		a.Active = false
		if err := c.db.ChangeOfficer(t.Context(), a, store.Signer{ID: "an", Identity: c.head}); err != nil {
			t.Fatal(err)
		}
		if s := c.do(w.act); s.Page != SignIn || c.key != nil || c.visit != nil || s.Notice != "desk.notice.turned-out" || v.sent != 0 {
			t.Errorf("%s: still there: %+v", name, s)
		}
		if s := c.last; len(s.SignIn.Names) != 1 || s.SignIn.Names[0] != "Bùi Văn An" {
			t.Errorf("%s: at the door stand %v", name, s.SignIn.Names)
		}
	}
}

// counted is a visit that counts what was done in it.
type counted struct {
	gone
	sent int
}

func (v *counted) Send(session.Intent) { v.sent++ }

// Who is added at another desk stands at the door of this one; whoever was chosen there stays chosen, and a PIN is never taken for somebody else's.
func TestDoorFollows(t *testing.T) {
	c := newCounter(t)
	cuc, _ := c.hire("cuc", officer.Clerk)
	c.do(Choose{1}, Type{'1'})
	a, _, err := officer.New("ba", "Lò Văn Ba", officer.Clerk, seal.Secret{PIN: storetest.TestPIN}, c.clock.Now())
	if err == nil {
		err = c.db.ChangeOfficer(t.Context(), a, store.Signer{ID: "an", Identity: c.head})
	}
	if err != nil {
		t.Fatal(err)
	}
	if s := c.do(Tick{}); len(s.SignIn.Names) != 3 || s.SignIn.Names[s.SignIn.At] != cuc.Name || s.SignIn.Digit != 1 {
		t.Errorf("%+v", s.SignIn)
	}
	cuc.Active = false
	if err := c.db.ChangeOfficer(t.Context(), cuc, store.Signer{ID: "an", Identity: c.head}); err != nil {
		t.Fatal(err)
	}
	if s := c.do(Tick{}); len(s.SignIn.Names) != 2 || s.SignIn.Digit != 0 {
		t.Errorf("%+v", s.SignIn)
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
