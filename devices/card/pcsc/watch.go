package pcsc

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ebfe/scard"

	"motcua/devices/card/internal/board"
)

// watch is the monitor's view of one context: the readers it waits on and the state of each as the service numbers it.
type watch struct {
	sc    service
	board *board.Board
	known map[string]scard.StateFlag // the event state last seen, event counter included
	wait  time.Duration              // how long the next round waits at most
}

// eventCounterShift is where a state has the number of insertions and removals at its reader since the service started.
const eventCounterShift = 16

// list makes the board's readers those of the service.
func (w *watch) list() error {
	names, err := w.sc.ListReaders()
	if err != nil && !isNoReaders(err) {
		return fmt.Errorf("pcsc: list readers: %w", meaning(err))
	}
	w.board.Up()
	w.wait = firstRecheck
	for _, name := range w.board.Readers() {
		if !slices.Contains(names, name) {
			w.forget(name)
		}
	}
	for _, name := range names {
		if _, there := w.known[name]; !there {
			w.known[name] = scard.StateUnaware
			w.board.Plug(name)
		}
	}
	return nil
}

func (w *watch) forget(reader string) {
	delete(w.known, reader)
	w.board.Unplug(reader)
}

// round waits for one change and notes it. news is false when it was woken for nothing.
func (w *watch) round() (news bool, err error) {
	states := w.question()
	err = w.sc.GetStatusChange(states, w.wait)
	switch {
	case errors.Is(err, scard.ErrTimeout):
		next := min(2*w.wait, recheck)
		err = w.list()
		w.wait = next
		return true, err // it has waited: there is no need to settle
	case errors.Is(err, scard.ErrCancelled):
		return false, nil
	case err != nil && isStale(err):
		return false, w.list()
	case err != nil:
		return false, fmt.Errorf("pcsc: status change: %w", meaning(err))
	}
	relist := false
	for _, s := range states {
		switch {
		case s.EventState&scard.StateChanged == 0:
		case s.Reader == newReaderName:
			relist = true
		case w.note(s):
			news = true
		}
	}
	if news && !relist {
		return true, nil
	}
	if err := w.list(); err != nil {
		return false, err
	}
	return news || w.hasOthers(states), nil
}

// hasOthers: there is a reader that was not asked for.
func (w *watch) hasOthers(asked []scard.ReaderState) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(w.known)), func(name string) bool {
		return !slices.ContainsFunc(asked, func(s scard.ReaderState) bool { return s.Reader == name })
	})
}

// question is what to wait for: a change from what is known.
func (w *watch) question() []scard.ReaderState {
	states := []scard.ReaderState{{Reader: newReaderName}}
	for name, state := range w.known {
		states = append(states, scard.ReaderState{Reader: name, CurrentState: state})
	}
	return states
}

// note puts one reader's answer on the board. It reports whether the answer was new to us.
func (w *watch) note(s scard.ReaderState) bool {
	before, now := w.known[s.Reader], s.EventState&^scard.StateChanged
	switch {
	case now&(scard.StateUnknown|scard.StateUnavailable|scard.StateIgnore) != 0:
		// Not news although it is: the list is asked then, after a pause, should the service still name that reader.
		w.forget(s.Reader)
		return false
	case now&scard.StatePresent != 0:
		// The counter moved although a card was there before: it was taken away and one was laid down meanwhile.
		fresh := before&scard.StatePresent != 0 && before>>eventCounterShift != now>>eventCounterShift
		w.board.Lay(s.Reader, s.Atr, now&scard.StateMute != 0, fresh)
		w.known[s.Reader] = now
	default:
		w.board.Lift(s.Reader)
		w.known[s.Reader] = now
	}
	return before != now
}
