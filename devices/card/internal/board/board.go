// Package board is what a card driver knows of its readers at one moment, and the way from there to events.
//
// A driver writes facts on the Board (Up, Plug, Lay, …); whoever watches gets the difference between what he was told
// last and what is true now. Why states and not a queue of events: a slow watcher then costs no memory, never hears
// the same thing twice, and still hears of a card that was exchanged while he was busy, because every insertion has a
// number of its own.
package board

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"

	"motcua/devices/card"
)

// Board is safe for concurrent use. The zero value is not ready; use New.
type Board struct {
	mu      sync.Mutex
	now     state
	last    uint64        // the number of the newest appearance (of the service, a reader, a card)
	changed chan struct{} // closed, and made anew, at each change
	closed  chan struct{}
	once    sync.Once
	watches sync.WaitGroup
}

// state is everything an event can tell of. A state that a watcher holds is never written to.
type state struct {
	service serviceState
	readers map[string]readerState
}

type serviceState struct {
	known bool
	up    bool
	epoch uint64
	err   error
}

type readerState struct {
	plugged uint64 // which appearance of this name it is
	card    cardState
}

type cardState struct {
	laid uint64 // which insertion it is; 0: no card
	mute bool
	atr  []byte
}

// New returns a board that knows nothing yet: not even whether the service is up.
func New() *Board {
	return &Board{changed: make(chan struct{}), closed: make(chan struct{})}
}

// Up notes that the service answers. When it was up before, nothing changes.
func (b *Board) Up() {
	b.update(func(s *state) {
		if !s.service.up {
			s.service = serviceState{known: true, up: true, epoch: b.next()}
		}
	})
}

// Down notes that the service went away, and all readers with it. Further reasons do not matter until it is up again.
func (b *Board) Down(err error) {
	b.update(func(s *state) {
		if !s.service.known || s.service.up {
			s.service = serviceState{known: true, epoch: b.next(), err: err}
		}
		clear(s.readers)
	})
}

// Plug notes a reader. One that is there already stays as it is.
func (b *Board) Plug(reader string) {
	b.update(func(s *state) {
		if _, there := s.readers[reader]; !there {
			s.readers[reader] = readerState{plugged: b.next()}
		}
	})
}

// Unplug notes that a reader is gone, with whatever lay on it.
func (b *Board) Unplug(reader string) {
	b.update(func(s *state) { delete(s.readers, reader) })
}

// Readers lists the readers that are there, sorted.
func (b *Board) Readers() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.now.readers))
}

// Lay notes a card on a reader that is there. fresh says that it was laid down anew even if one was noted before;
// without it a second Lay of the same kind and ATR changes nothing.
func (b *Board) Lay(reader string, atr []byte, mute, fresh bool) {
	b.update(func(s *state) {
		r, there := s.readers[reader]
		if !there {
			return
		}
		same := r.card.laid != 0 && r.card.mute == mute && bytes.Equal(r.card.atr, atr)
		if same && !fresh {
			return
		}
		r.card = cardState{laid: b.next(), mute: mute, atr: bytes.Clone(atr)}
		s.readers[reader] = r
	})
}

// Lift notes that no card lies on the reader.
func (b *Board) Lift(reader string) {
	b.update(func(s *state) {
		if r, there := s.readers[reader]; there {
			r.card = cardState{}
			s.readers[reader] = r
		}
	})
}

// Watch sends what is there, then what changes, until ctx or the board ends; then the channel is closed.
func (b *Board) Watch(ctx context.Context) <-chan card.Event {
	events := make(chan card.Event)
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.closed:
		close(events)
	default:
		b.watches.Go(func() { b.tell(ctx, events) })
	}
	return events
}

// Close ends every Watch and waits for it. It may be called twice.
func (b *Board) Close() {
	b.once.Do(func() {
		b.mu.Lock()
		close(b.closed)
		b.mu.Unlock()
	})
	b.watches.Wait()
}

func (b *Board) tell(ctx context.Context, events chan<- card.Event) {
	defer close(events)
	var told state
	for {
		b.mu.Lock()
		now, changed := b.now, b.changed
		b.mu.Unlock()
		for _, event := range difference(told, now) {
			select {
			case events <- event:
			case <-ctx.Done():
				return
			case <-b.closed:
				return
			}
		}
		told = now
		select {
		case <-changed:
		case <-ctx.Done():
			return
		case <-b.closed:
			return
		}
	}
}

// update lets change work on a copy and wakes the watchers.
func (b *Board) update(change func(*state)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	next := state{service: b.now.service, readers: maps.Clone(b.now.readers)}
	if next.readers == nil {
		next.readers = map[string]readerState{}
	}
	change(&next)
	b.now = next
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *Board) next() uint64 {
	b.last++
	return b.last
}
