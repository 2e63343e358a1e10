package board

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"motcua/devices/card"
)

func text(e card.Event) string {
	s := e.Kind.String()
	if e.Reader != "" {
		s += " " + e.Reader
	}
	if len(e.ATR) > 0 {
		s += fmt.Sprintf(" %X", e.ATR)
	}
	return s
}

// drain takes the events that are due now.
func drain(events <-chan card.Event) []string {
	var got []string
	for {
		synctest.Wait()
		select {
		case e, open := <-events:
			if !open {
				return append(got, "closed")
			}
			got = append(got, text(e))
		default:
			return got
		}
	}
}

var errGone = errors.New("gone")

func TestEvents(t *testing.T) {
	atr := []byte{0x3B, 0x00}
	steps := []struct {
		name string
		do   func(*Board)
		want []string
	}{
		{"nothing known", func(*Board) {}, nil},
		{"down at first", func(b *Board) { b.Down(errGone) }, []string{"service-down"}},
		{"still down", func(b *Board) { b.Down(card.ErrService) }, nil},
		{"up with a reader", func(b *Board) { b.Up(); b.Plug("A") }, []string{"service-up", "reader-added A"}},
		{"the same again", func(b *Board) { b.Up(); b.Plug("A"); b.Lift("A") }, nil},
		{"a card", func(b *Board) { b.Lay("A", atr, false, false) }, []string{"card-inserted A 3B00"}},
		{"the same card", func(b *Board) { b.Lay("A", atr, false, false) }, nil},
		{"exchanged unseen", func(b *Board) { b.Lay("A", atr, false, true) }, []string{"card-removed A", "card-inserted A 3B00"}},
		{"in and out unseen", func(b *Board) { b.Lift("A"); b.Lay("A", atr, false, false); b.Lift("A") }, []string{"card-removed A"}},
		{"mute", func(b *Board) { b.Lay("A", nil, true, false) }, []string{"card-mute A"}},
		{"mute becomes a card", func(b *Board) { b.Lay("A", atr, false, false) }, []string{"card-removed A", "card-inserted A 3B00"}},
		{"second reader", func(b *Board) { b.Plug("B") }, []string{"reader-added B"}},
		{"reader pulled with its card", func(b *Board) { b.Unplug("A") }, []string{"reader-gone A"}},
		{"a card on no reader", func(b *Board) { b.Lay("A", atr, false, false); b.Lift("A") }, nil},
		{"replugged unseen", func(b *Board) { b.Unplug("B"); b.Plug("B"); b.Lay("B", atr, false, false) },
			[]string{"reader-gone B", "reader-added B", "card-inserted B 3B00"}},
		{"service restarted unseen", func(b *Board) { b.Down(errGone); b.Up(); b.Plug("B") },
			[]string{"reader-gone B", "service-down", "service-up", "reader-added B"}},
		{"service gone", func(b *Board) { b.Down(errGone) }, []string{"reader-gone B", "service-down"}},
		{"closed", (*Board).Close, []string{"closed"}},
	}
	synctest.Test(t, func(t *testing.T) {
		b := New()
		events := b.Watch(context.Background())
		for _, step := range steps {
			synctest.Wait() // the watcher has heard all of the last step; it hears this one as a whole
			changeAtOnce(b, step.do)
			if got := drain(events); !slices.Equal(got, step.want) {
				t.Errorf("%s: got %q, want %q", step.name, got, step.want)
			}
		}
	})
}

// changeAtOnce replays the changes on a board of the same state and puts only their sum on b, as a watcher sees it who
// was busy meanwhile.
func changeAtOnce(b *Board, do func(*Board)) {
	if b.now.service == (serviceState{}) || b.isClosed() {
		do(b)
		return
	}
	side := New()
	side.now, side.last = b.now, b.last
	do(side)
	if side.isClosed() {
		b.Close()
		return
	}
	b.mu.Lock()
	b.last = side.last
	b.mu.Unlock()
	b.update(func(s *state) { *s = side.now })
}

func (b *Board) isClosed() bool {
	select {
	case <-b.closed:
		return true
	default:
		return false
	}
}

func TestWatchEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		b.Up()
		ctx, cancel := context.WithCancel(context.Background())
		blocked := b.Watch(ctx) // nobody takes its first event
		synctest.Wait()
		cancel()
		synctest.Wait()
		if _, open := <-blocked; open {
			t.Error("an event after the context ended")
		}
		b.Close()
		if _, open := <-b.Watch(context.Background()); open {
			t.Error("a closed board still tells")
		}
	})
}

func TestLateWatcherHearsWhatIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New()
		b.Up()
		b.Plug("B")
		b.Plug("A")
		b.Lay("B", []byte{0x3B}, false, false)
		got := drain(b.Watch(t.Context()))
		want := []string{"service-up", "reader-added A", "reader-added B", "card-inserted B 3B"}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		b.Close()
	})
}
