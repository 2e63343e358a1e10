package station_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
	"motcua/kiosk/store"
)

func TestOneFiling(t *testing.T) {
	t.Parallel()
	m := newMachine(t, setup{honest: true})
	c := m.newCitizen(cardsim.Personas()[1], cardsim.Options{Extended: true})
	serial := m.now().Serial
	s := m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageConfirm })
	photo := s.Confirm.Photo.Data
	if !bytes.HasPrefix(photo, []byte{0xFF, 0xD8, 0xFF}) {
		t.Fatalf("the portrait is no JPEG: %x…", photo[:4])
	}
	f := m.finish(c)
	if f.Evidence.Source != identity.FromChip || f.Evidence.Outcome(identity.CheckDataGroups) != identity.Passed {
		t.Errorf("evidence is %+v", f.Evidence)
	}
	if f.Photo == nil || !bytes.HasPrefix(f.Photo.Data, []byte{0xFF, 0xD8, 0xFF}) || f.Prints != 1 {
		t.Errorf("the store has a portrait: %t, prints: %d", f.Photo != nil, f.Prints)
	}
	m.wiped(serial)
	forgotten(t, photo)
	m.forgot(serial, secrets(c.person, c.answers))
	verdict, err := m.disk.VerifyJournal(context.Background())
	if err != nil || verdict.Filings != 1 {
		t.Errorf("the journal: %+v, %v", verdict, err)
	}
	m.end()
	for _, photo := range m.disk.photos {
		forgotten(t, photo)
	}
}

// forgotten wants a portrait's bytes to be overwritten.
func forgotten(t testing.TB, photo []byte) {
	t.Helper()
	if len(photo) == 0 || len(bytes.Trim(photo, "\x00")) > 0 {
		t.Errorf("a portrait of %d bytes is not overwritten", len(photo))
	}
}

// forgot wants nothing of a person on any page after the person's session, and nothing in the log at all.
func (m *machine) forgot(serial uint64, secrets []string) {
	m.t.Helper()
	if m.now().Serial <= serial {
		m.t.Fatalf("session %d is not over", serial)
	}
	during := ""
	for _, s := range m.screen.shown() {
		found := leak(s, secrets)
		if s.Serial <= serial {
			during += found
		} else if found != "" {
			m.t.Errorf("%q is shown to the next person: %s", found, describe(s))
		}
	}
	if during == "" {
		m.t.Error("the search found nothing while the person was there, either")
	}
	for _, secret := range secrets {
		if strings.Contains(m.log.String(), secret) {
			m.t.Errorf("%q is in the log", secret)
		}
	}
}

// A read that is given up leaves no portrait behind, whenever it ends.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	m := newMachine(t, setup{})
	c := m.newCitizen(cardsim.Personas()[0], cardsim.Options{Extended: true})
	serial := m.now().Serial
	s := m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageConfirm })
	m.send(session.Back{})
	m.on(session.PageWelcome)
	m.wiped(serial)
	forgotten(t, s.Confirm.Photo.Data)
	m.forgot(serial, secrets(c.person, nil))
}

func TestStoreFails(t *testing.T) {
	t.Parallel()
	m := newMachine(t, setup{})
	for i, code := range []fault.Code{fault.StoreFull, fault.StoreFailed} {
		c := m.newCitizen(cardsim.Personas()[i], cardsim.Options{Extended: true})
		m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageConsent })
		m.disk.mu.Lock()
		m.disk.fail = []fault.Code{code, code, code}
		m.disk.mu.Unlock()
		m.send(session.Next{})
		for n := range 3 {
			m.until("attempt after attempt", func(session.Snapshot) bool { return m.count("filing.failed") == 3*i+n+1 })
			s := m.on(session.PageFault)
			if s.Fault.Code != code || s.Fault.Safe != "" || !s.Fault.CanRetry || !s.OfficerCalled {
				t.Fatalf("%s shows %s", code, describe(s))
			}
			m.send(session.Next{})
		}
		m.within(patience, "the number", func(s session.Snapshot) bool { return s.Page == session.PageDone })
		m.finish(c)
	}
	m.one(2)
}

// one wants so many filings in all, and a journal that verifies.
func (m *machine) one(want int) {
	m.t.Helper()
	all, err := m.disk.List(context.Background(), store.Filter{})
	must(m.t, err)
	if len(all) != want {
		m.t.Errorf("%d filings, want %d", len(all), want)
	}
	_, err = m.disk.VerifyJournal(context.Background())
	must(m.t, err)
}

// An answer of the store that got lost files nothing twice: the number that is printed is the one that is stored.
func TestStoreAnswerLost(t *testing.T) {
	t.Parallel()
	m := newMachine(t, setup{})
	c := m.newCitizen(cardsim.Personas()[3], cardsim.Options{Extended: true})
	m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageConsent })
	m.disk.lose = 2
	m.send(session.Next{})
	m.on(session.PageFault)
	m.send(session.Back{})
	m.on(session.PageReview) // looks once more, changes nothing
	m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageFault })
	m.send(session.Next{})
	m.within(patience, "the number", func(s session.Snapshot) bool { return s.Page == session.PageDone })
	m.finish(c)
	m.one(1)
}

// A store that does not answer is a fault on the screen, and its late answer is as good as any.
func TestStoreHangs(t *testing.T) {
	t.Parallel()
	m := newMachine(t, setup{})
	c := m.newCitizen(cardsim.Personas()[4], cardsim.Options{Extended: true})
	m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageConsent })
	release := m.disk.holding()
	m.send(session.Next{})
	m.on(session.PageFiling)
	m.clock.skip(session.FileStalls)
	if s := m.on(session.PageFault); s.Fault.Code != fault.StoreFailed {
		t.Errorf("shown is %s", describe(s))
	}
	release()
	m.within(patience, "the number", func(s session.Snapshot) bool { return s.Page == session.PageDone })
	m.finish(c)
	m.one(1)
}
