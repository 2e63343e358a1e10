package station_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/cardsim"
	"motcua/kiosk/fault"
	"motcua/kiosk/session"
	"motcua/kiosk/station"
)

// ear is the station, and knows what of the reader has reached the loop's queue. Not every page shows whether a card
// lies there, and what is sent, or scanned, before the loop heard of a removal meets the card that was there before.
type ear struct {
	*station.Station

	mu   sync.Mutex
	card bool
	news chan struct{} // closed with the next event
}

// Watch passes the station's events on and takes them down once they are in the queue.
func (e *ear) Watch(ctx context.Context, emit func(session.Event)) {
	e.Station.Watch(ctx, func(event session.Event) {
		emit(event)
		e.heard(event)
	})
}

func (e *ear) heard(event session.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch event := event.(type) {
	case session.CardOn:
		e.card = true
	case session.CardOff, session.CardMute:
		e.card = false
	case session.ReaderChanged:
		e.card = e.card && event.Present
	}
	close(e.news)
	e.news = make(chan struct{})
}

func (e *ear) latest() (card bool, news <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.card, e.news
}

// lift takes the card away and waits until the loop has been told.
func (m *machine) lift() {
	m.t.Helper()
	m.cards.Remove()
	over := time.NewTimer(patience)
	defer over.Stop()
	for {
		card, news := m.ear.latest()
		if !card {
			return
		}
		select {
		case <-news:
		case <-over.C:
			m.t.Fatalf("the loop did not hear of the removal within %v", patience)
		}
	}
}

// lateReaders tells of a removal only when it may.
type lateReaders struct {
	card.Readers
	may chan struct{}
}

func (l lateReaders) Watch(ctx context.Context) <-chan card.Event {
	out := make(chan card.Event)
	go func() { // ends with ctx, or with the watch that it passes on
		defer close(out)
		for e := range l.Readers.Watch(ctx) {
			if e.Kind == card.CardRemoved {
				select {
				case <-l.may:
				case <-ctx.Done():
					return
				}
			}
			select {
			case out <- e:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// The next citizen's QR code comes before the reader tells that the card before was taken: the screen says that no card
// lies there, and the citizen's own is read once it does.
func TestRemovalHeardLate(t *testing.T) {
	t.Parallel()
	may := make(chan struct{})
	m := newMachine(t, setup{wrap: func(r card.Readers) card.Readers { return lateReaders{r, may} }})
	c, _ := m.hanging(6)
	serial := m.now().Serial
	m.scan(c.person.QR())
	m.on(session.PageReading)
	m.lay(c.card)
	m.until("the read", func(s session.Snapshot) bool { return s.Reading.CardOnReader })
	m.send(session.Back{})
	m.on(session.PageWelcome)
	m.wiped(serial)
	m.cards.Remove()
	next := m.newCitizen(cardsim.Personas()[0], cardsim.Options{Extended: true})
	m.scan(next.person.QR())
	m.until("the card before", func(s session.Snapshot) bool { return s.Page == session.PageReading && s.Reading.CardOnReader })
	close(may)
	m.until("an empty reader", func(s session.Snapshot) bool {
		return s.Page == session.PageReading && !s.Reading.CardOnReader && s.Reading.Fault == fault.CardRemoved
	})
	m.finish(next)
}
