package station

import (
	"context"
	"slices"
	"strings"

	"motcua/devices/card"
	"motcua/kiosk/session"
)

// slot is what is known of one reader, or of one slot of a reader that has several.
type slot struct {
	reader  string
	card    bool
	mute    bool
	foreign bool // the card was read, and is no ID card
	laid    int  // when the card was laid down, counted over all readers
}

// slots is what is known of all readers, in the order in which they came. As a whole it is what the session calls "the
// reader": there is one if any fits the configuration, and the card that counts is the one that was laid down first. A
// card that is no ID card counts after those that may be one: dual readers have a slot for a module that never leaves.
type slots struct {
	list   []slot
	laid   int
	last   presence
	prefer string // the reader that counts while none has a card, if it is there
}

// presence is what the session is told.
type presence struct {
	reader, card, mute bool
	counts             string // the reader whose card counts
}

// apply takes one event of the driver and gives what the session has to know, nothing if that did not change.
func (s *slots) apply(e card.Event) []session.Event {
	i := slices.IndexFunc(s.list, func(x slot) bool { return x.reader == e.Reader })
	switch e.Kind {
	case card.ReaderAdded:
		if i < 0 {
			s.list = append(s.list, slot{reader: e.Reader})
		}
	case card.ReaderGone:
		if i >= 0 {
			s.list = slices.Delete(s.list, i, i+1)
		}
	case card.ServiceDown:
		s.list = nil
	case card.CardInserted, card.CardMute, card.CardRemoved:
		if i >= 0 {
			s.list[i].card = e.Kind == card.CardInserted
			s.list[i].mute = e.Kind == card.CardMute
			s.laid++
			s.list[i].laid, s.list[i].foreign = s.laid, false
		}
	}
	return s.changes()
}

// setForeign notes that the card on a reader is no ID card.
func (s *slots) setForeign(reader string) []session.Event {
	for i := range s.list {
		if s.list[i].reader == reader {
			s.list[i].foreign = s.list[i].card
		}
	}
	return s.changes()
}

// changes compares with what was told last.
func (s *slots) changes() []session.Event {
	now := presence{reader: len(s.list) > 0}
	for _, x := range s.list {
		now.card = now.card || x.card
		now.mute = now.mute || x.mute
	}
	now.mute = now.mute && !now.card
	if now.card {
		now.counts = s.reader()
	}
	was := s.last
	s.last = now
	var events []session.Event
	if now.reader != was.reader {
		events = append(events, session.ReaderChanged{Present: now.reader})
	}
	switch {
	case now.card && !was.card:
		events = append(events, session.CardOn{})
	case now.card && now.counts != was.counts: // the one that counted left, another lies there
		events = append(events, session.CardOff{}, session.CardOn{})
	case now.mute && !was.mute:
		events = append(events, session.CardMute{})
	case !now.card && !now.mute && (was.card || was.mute):
		events = append(events, session.CardOff{})
	}
	return events
}

// reader is the reader with the card that counts; without a card the preferred reader, else the first; "" if there is
// none.
func (s *slots) reader() string {
	if len(s.list) == 0 {
		return ""
	}
	best := s.list[0]
	for _, x := range s.list[1:] {
		if s.before(x, best) {
			best = x
		}
	}
	return best.reader
}

// before says whether a counts more than b, which came earlier.
func (s *slots) before(a, b slot) bool {
	switch {
	case a.card != b.card:
		return a.card
	case !a.card:
		return a.reader == s.prefer && b.reader != s.prefer
	case a.foreign != b.foreign:
		return b.foreign
	}
	return a.laid < b.laid
}

// wanted says whether a reader is looked at: one that fits the configuration, and without a word there none that calls
// itself the slot of a security module, in which no citizen's card fits.
func (s *Station) wanted(reader string) bool {
	if s.want != "" {
		return strings.Contains(reader, s.want)
	}
	return !slices.Contains(strings.Fields(strings.ToUpper(reader)), "SAM")
}

// watchCards turns reports of the readers into events.
func (s *Station) watchCards(ctx context.Context, emit func(session.Event)) {
	s.mu.Lock()
	s.slots = slots{prefer: s.memory.reader()}
	s.mu.Unlock()
	emit(session.ReaderChanged{Present: false}) // until the driver says otherwise
	for e := range s.cards.Watch(ctx) {
		if e.Reader != "" && !s.wanted(e.Reader) {
			continue
		}
		s.log.Info("card."+e.Kind.String(), "reader", e.Reader)
		s.mu.Lock()
		events := s.slots.apply(e)
		s.mu.Unlock()
		for _, event := range events {
			emit(event)
		}
	}
}
