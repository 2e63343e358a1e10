//go:build linux

package station_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/pcsc/pcsctest"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/session"
)

// hand lays a card on the virtual reader of a real pcscd and takes it away.
type hand struct {
	stop  context.CancelFunc
	ended chan struct{}
}

func (h *hand) lay(c *cardsim.Card) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	h.stop, h.ended = stop, ended
	go func() {
		defer close(ended)
		_ = cardsim.ServeVPCD(ctx, pcsctest.Addr, c) // ends with ctx
	}()
}

func (h *hand) take() {
	if h.stop != nil {
		h.stop()
		<-h.ended
		h.stop = nil
	}
}

// TestServiceDies stops, kills and restarts the real pcscd at every kind of page; each session is finished.
func TestServiceDies(t *testing.T) {
	t.Parallel()
	daemon := pcsctest.Start(t)
	m := newMachine(t, setup{driver: config.DriverPCSC})
	var h hand
	defer h.take()
	ends := map[string]func(){"stop": daemon.Stop, "kill": daemon.Kill}
	turn := 0
	for _, way := range []string{"stop", "kill"} {
		for _, at := range []string{"welcome", "waiting", "reading", "confirm", "form", "done"} {
			p := cardsim.Personas()[turn%people]
			turn++
			t.Logf("%s at %s", way, at)
			began := time.Now()
			v := &death{m: m, hand: &h, daemon: daemon, end: ends[way], citizen: m.newCitizen(p, cardsim.Options{Extended: true})}
			v.play(at)
			t.Logf("%s at %s took %v", way, at, time.Since(began).Round(time.Millisecond))
		}
	}
}

// death is one session in which the service dies.
type death struct {
	m       *machine
	hand    *hand
	daemon  *pcsctest.Daemon
	end     func()
	citizen citizen
}

func (d *death) play(at string) {
	m, c := d.m, d.citizen
	card := c.card
	d.citizen.card = nil // the hand lays it
	m.t.Helper()
	if at == "welcome" {
		d.dies(notices("notice.reader-absent"))
		m.until("the reader back", notices(""))
	}
	m.scan(c.person.QR())
	m.on(session.PageReading)
	switch at {
	case "waiting":
		d.dies(reads(fault.ReaderGone, true))
	case "reading":
		card = d.midRead()
	}
	if at != "reading" {
		d.hand.lay(card)
	}
	d.read(card)
	d.later(at)
	d.hand.take()
	m.until("the reader empty", func(s session.Snapshot) bool { return s.Done != nil && !s.Done.CardLeft })
	m.send(session.Next{})
	m.until("the welcome page in order", notices(""))
}

// read waits for the card to be read. The service, just started on a busy machine, may power the card up without waiting
// for its answer; the screen then says so, and the citizen lays the card down again.
func (d *death) read(card *cardsim.Card) {
	m := d.m
	m.t.Helper()
	for range 3 {
		s := m.within(patience, "the card read", func(s session.Snapshot) bool {
			return s.Page == session.PageConfirm || s.Page == session.PageReading && s.Reading.Fault == fault.CardMute
		})
		if s.Page == session.PageConfirm {
			return
		}
		m.t.Log("the card is mute, and laid down again")
		d.hand.take()
		m.until("an empty reader", func(s session.Snapshot) bool { return s.Reading != nil && !s.Reading.CardOnReader })
		d.hand.lay(card)
	}
	m.t.Fatalf("the card stays mute: %s", describe(m.now()))
}

// later is the service dying on a page that does not need it, and the way to the last page.
func (d *death) later(at string) {
	m, c := d.m, d.citizen
	m.t.Helper()
	if at == "confirm" {
		d.unnoticed()
	}
	m.walk(c, func(s session.Snapshot) bool { return s.Form != nil && s.Form.Field == form.FieldID("head_name") })
	if at == "form" {
		m.send(session.Type{Text: "Hà Văn"})
		m.until("what was typed", func(s session.Snapshot) bool { return s.Form.Value == "Hà Văn" })
		d.unnoticed()
	}
	s := m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageDone })
	m.within(patience, "the slip", func(s session.Snapshot) bool { return s.Done.Printing == session.PrintOK })
	if at == "done" {
		d.unnoticed()
	}
	f := m.filed(s.Done.Short)
	if f.Applicant.Name != c.person.Name || f.Answers["head_name"].Value != c.answers["head_name"] {
		m.t.Errorf("%s is of %v, %v", s.Done.Short, f.Applicant, f.Answers)
	}
	m.checkSlip(f)
}

// dies ends the service, waits for what the screen owes, and starts it again.
func (d *death) dies(missed func(session.Snapshot) bool) {
	d.m.t.Helper()
	d.end()
	d.m.until("words for a reader that is gone", missed)
	d.daemon.Restart()
}

// unnoticed is the service dying and coming back while nobody needs it.
func (d *death) unnoticed() {
	d.m.t.Helper()
	before := d.m.now()
	d.end()
	d.m.stays(place(before), func(s session.Snapshot) bool { return place(s) == place(before) && typed(s) == typed(before) })
	d.daemon.Restart()
}

// midRead is the service dying while the chip is being read.
func (d *death) midRead() *cardsim.Card {
	const some = 10
	m := d.m
	m.t.Helper()
	held, reached := make(chan struct{}), make(chan struct{})
	var once atomic.Bool
	card := newCard(m, d.citizen.person, cardsim.Options{Extended: true, Fault: func(index int) cardsim.Fault {
		if index == some && once.CompareAndSwap(false, true) {
			close(reached)
			<-held
		}
		return cardsim.NoFault
	}})
	d.hand.lay(card)
	select {
	case <-reached:
	case <-time.After(patience):
		m.t.Fatalf("the read does not come to command %d: %s", some, describe(m.now()))
	}
	time.AfterFunc(time.Second, func() { close(held) }) // pcscd does not end in order while a card owes it an answer
	d.dies(func(s session.Snapshot) bool {
		return s.Page == session.PageReading && (s.Reading.Fault == fault.ReaderGone || s.Reading.Fault == fault.CardRemoved)
	})
	return card
}
