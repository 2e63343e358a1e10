// Package deskcard is the reader on which officers lay their own card at the desk: what lies on it, and what its chip says.
//
// New makes a Reader; Follow tells what lies there until its context ends, over a service that dies and a reader that is pulled; Read gives the
// secret that an officer's keys lie under. Who signs in has seconds, and shows a card on which everything but a live proof can be copied.
// So Read wants less than a kiosk, and is stricter: it leaves the portrait alone, and takes no chip that does not prove itself, none
// opened by BAC, none with a doubt. That the issuer is unknown does not matter: what counts is that it is the card that was laid
// down when it was set up, and its EF.SOD says so, which names the keys that the chip then proves to have.
package deskcard

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/vncard"
	"motcua/kiosk/board"
	"motcua/kiosk/fault"
	"motcua/kiosk/station"
)

// cardTime is how long a slow chip may take.
const cardTime = 30 * time.Second

// Reader is the officers' reader. It may be used by several goroutines; Follow is called once.
type Reader struct {
	readers card.Readers
	part    string
	trust   pki.Trust
	hints   *vncard.Hints
	turn    chan struct{} // a reading that was stopped holds the card for a moment

	mu   sync.Mutex
	lies string // the reader on which a card lies, "" for none
}

// New makes the reader whose name has part in it; trust says which issuers are known.
func New(readers card.Readers, part string, trust pki.Trust) *Reader {
	return &Reader{readers: readers, part: part, trust: trust, hints: &vncard.Hints{}, turn: make(chan struct{}, 1)}
}

// Follow tells each change of what lies on the reader, until ctx ends. tell may wait: nothing is lost but what was over meanwhile.
func (r *Reader) Follow(ctx context.Context, tell func(board.CardState)) {
	there := map[string]card.EventKind{} // by reader: the last of ReaderAdded, CardInserted, CardMute
	told := board.ReaderAway
	tell(told)
	for e := range r.readers.Watch(ctx) {
		if !strings.Contains(e.Reader, r.part) || e.Reader == "" {
			continue // when the service goes, its readers go first
		}
		switch e.Kind {
		case card.ReaderGone:
			delete(there, e.Reader)
		case card.CardRemoved:
			there[e.Reader] = card.ReaderAdded
		default:
			there[e.Reader] = e.Kind
		}
		before := r.lying()
		state := r.note(there)
		if fresh := r.lying() != before || e.Kind == card.CardInserted && e.Reader == before; state != told || fresh {
			told = state
			tell(told)
		}
	}
}

func (r *Reader) lying() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lies
}

// note finds the state of all readers together: of several that the name fits, the one with a card counts.
func (r *Reader) note(there map[string]card.EventKind) board.CardState {
	r.mu.Lock()
	defer r.mu.Unlock()
	if there[r.lies] == card.CardInserted {
		return board.CardLies
	}
	r.lies = ""
	state := board.ReaderAway
	for name, kind := range there {
		switch {
		case kind == card.CardInserted:
			r.lies = name
			return board.CardLies
		case kind == card.CardMute:
			state = board.CardMute
		case state == board.ReaderAway:
			state = board.CardGone
		}
	}
	return state
}

// Read reads what only the chip of the card says that lies there, for seal.Secret.Card: its EF.SOD, which is the same at each reading. can opens it:
// the last six digits of the holder's number. The error has the code of a failed reading, or of what is wrong with the card. The caller
// clears what it gets.
func (r *Reader) Read(ctx context.Context, can string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, cardTime)
	defer cancel()
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return nil, fault.New(station.CardCode(ctx.Err()), ctx.Err())
	}
	name := r.lying()
	if name == "" {
		return nil, fault.New(fault.CardRemoved, card.ErrNoCard)
	}
	transport, err := r.readers.Connect(ctx, name)
	if err != nil {
		return nil, fault.New(station.CardCode(err), err)
	}
	defer transport.Close()
	c, err := vncard.Read(ctx, transport, vncard.Request{CAN: can, Reader: name, Hints: r.hints, Trust: r.trust, NoPortrait: true})
	if err != nil {
		return nil, fault.New(station.CardCode(err), err)
	}
	defer c.Wipe()
	if code := judge(c); code != "" {
		return nil, fault.New(code, nil)
	}
	return bytes.Clone(c.Files[emrtd.SOD]), nil
}

// judge is what is wrong with a card, "" for nothing.
func judge(c *vncard.Card) fault.Code {
	outcome := map[vncard.CheckName]vncard.Outcome{}
	for _, check := range c.Checks {
		outcome[check.Name] = check.Outcome
	}
	is := func(name vncard.CheckName, o vncard.Outcome) bool { return outcome[name] == o }
	switch {
	case is(vncard.CheckChip, vncard.Failed), is(vncard.CheckActive, vncard.Failed):
		return fault.CardCloned
	case is(vncard.CheckDataGroups, vncard.Failed), is(vncard.CheckNumber, vncard.Failed), is(vncard.CheckPassive, vncard.Failed):
		return fault.CardForged
	case is(vncard.CheckAccess, vncard.Failed):
		return fault.CardDowngraded
	case len(c.Files[emrtd.SOD]) == 0, !is(vncard.CheckDataGroups, vncard.Passed), !is(vncard.CheckChip, vncard.Passed) && !is(vncard.CheckActive, vncard.Passed):
		return fault.CardIncomplete
	}
	return ""
}
