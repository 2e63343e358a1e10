package pcsc

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ebfe/scard"

	"motcua/devices/card"
)

// fakeService stands for what vpcd cannot do: readers that come and go, cards without ATR, a driver that misbehaves.
type fakeService struct {
	mu       sync.Mutex
	states   map[string]scard.ReaderState
	count    uint32 // changes, for the pseudo reader
	changed  chan struct{}
	cancel   chan struct{}
	err      error // of every status change
	rounds   int
	released int
}

func newFakeService(readers ...string) *fakeService {
	f := &fakeService{states: map[string]scard.ReaderState{}, changed: make(chan struct{}), cancel: make(chan struct{}, 1)}
	for _, name := range readers {
		f.states[name] = scard.ReaderState{EventState: scard.StateEmpty}
	}
	return f
}

func (f *fakeService) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	f.count++
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *fakeService) set(reader string, state scard.StateFlag, atr ...byte) {
	f.change(func() { f.states[reader] = scard.ReaderState{EventState: state, Atr: atr} })
}

func (f *fakeService) unplug(reader string) { f.change(func() { delete(f.states, reader) }) }

func (f *fakeService) fail(err error) { f.change(func() { f.err = err }) }

func (f *fakeService) ListReaders() ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.states) == 0 {
		return nil, scard.ErrNoReadersAvailable
	}
	var names []string
	for name := range f.states {
		names = append(names, name)
	}
	return names, nil
}

func (f *fakeService) GetStatusChange(states []scard.ReaderState, timeout time.Duration) error {
	f.mu.Lock()
	f.rounds++
	began := f.count
	f.mu.Unlock()
	for late := time.After(timeout); ; {
		f.mu.Lock()
		changed, err := f.changed, f.err
		news := f.answer(states, began)
		f.mu.Unlock()
		if err != nil {
			return err
		}
		if news {
			return nil
		}
		select {
		case <-changed:
		case <-f.cancel:
			return scard.ErrCancelled
		case <-late:
			return scard.ErrTimeout
		}
	}
}

// answer fills in the states, as pcscd does: the pseudo reader changes when the number of readers did.
func (f *fakeService) answer(states []scard.ReaderState, began uint32) bool {
	news := false
	for i := range states {
		s := &states[i]
		if s.Reader == newReaderName {
			if f.count != began {
				s.EventState, news = scard.StateChanged, true
			}
			continue
		}
		now, there := f.states[s.Reader]
		if !there {
			now.EventState = scard.StateUnknown | scard.StateUnavailable
		}
		s.EventState, s.Atr = now.EventState, now.Atr
		if s.CurrentState != now.EventState {
			s.EventState |= scard.StateChanged
			news = true
		}
	}
	return news
}

func (f *fakeService) Cancel() error {
	select {
	case f.cancel <- struct{}{}:
	default:
	}
	return nil
}

func (f *fakeService) Release() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.released++
	return nil
}

// watchFake watches a driver over fake services, one for each time that a context is established.
func watchFake(t *testing.T, establish func() (service, error)) <-chan card.Event {
	t.Helper()
	r := newReaders(establish)
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r.Watch(t.Context())
}

func expect(t *testing.T, events <-chan card.Event, want ...string) {
	t.Helper()
	for _, w := range want {
		select {
		case e, open := <-events:
			got := e.Kind.String()
			if e.Reader != "" {
				got += " " + e.Reader
			}
			if !open || got != w {
				t.Fatalf("got %q (open %t), want %q", got, open, w)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("no event, want %q", w)
		}
	}
}

func TestHotPlug(t *testing.T) {
	f := newFakeService()
	events := watchFake(t, func() (service, error) { return f, nil })
	expect(t, events, "service-up")
	f.set("A", scard.StateEmpty)
	expect(t, events, "reader-added A")
	f.set("B", scard.StatePresent|1<<16, 0x3B, 0x00)
	expect(t, events, "reader-added B", "card-inserted B")
	f.set("A", scard.StatePresent|scard.StateMute|1<<16)
	expect(t, events, "card-mute A")
	f.set("A", scard.StateEmpty|2<<16)
	expect(t, events, "card-removed A")
	f.set("B", scard.StatePresent|scard.StateInuse|1<<16, 0x3B, 0x00) // somebody uses it: no event
	f.set("B", scard.StatePresent|3<<16, 0x3B, 0x00)                  // exchanged
	expect(t, events, "card-removed B", "card-inserted B")
	f.unplug("B")
	expect(t, events, "reader-gone B")
	f.unplug("A")
	expect(t, events, "reader-gone A")
	f.set("A", scard.StateEmpty)
	expect(t, events, "reader-added A")
}

func TestServiceComesAndGoes(t *testing.T) {
	first, second := newFakeService("A"), newFakeService("A")
	var mu sync.Mutex
	next := []func() (service, error){
		func() (service, error) { return nil, scard.ErrNoService },
		func() (service, error) { return nil, scard.ErrNoService },
		func() (service, error) { return first, nil },
		func() (service, error) { return nil, scard.ErrNoService },
		func() (service, error) { return second, nil },
	}
	events := watchFake(t, func() (service, error) {
		mu.Lock()
		defer mu.Unlock()
		now := next[0]
		next = next[1:]
		return now()
	})
	expect(t, events, "service-down", "service-up", "reader-added A")
	first.fail(scard.ErrCommError)
	expect(t, events, "reader-gone A", "service-down", "service-up", "reader-added A")
	first.mu.Lock()
	defer first.mu.Unlock()
	if first.released != 1 {
		t.Errorf("the dead context was released %d times", first.released)
	}
}

// TestNoBusyLoop: services and drivers that return at once, over and over, are asked a bounded number of times.
func TestNoBusyLoop(t *testing.T) {
	const span, most = 500 * time.Millisecond, 12
	unknown := newFakeService()
	unknown.states["A"] = scard.ReaderState{EventState: scard.StateUnknown} // listed, and then not known
	restless := newFakeService()
	restless.err = scard.ErrUnknownReader
	dead := newFakeService()
	dead.err = scard.ErrNoService
	for name, f := range map[string]*fakeService{"unknown reader": unknown, "stale list": restless, "dead service": dead} {
		t.Run(name, func(t *testing.T) {
			events := watchFake(t, func() (service, error) { return f, nil })
			go func() {
				for range events { // ends with the watch
				}
			}()
			time.Sleep(span)
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.rounds > most {
				t.Errorf("%d status changes in %v", f.rounds, span)
			}
		})
	}
}

func TestSecondWatchOfTheProcessSaysSo(t *testing.T) {
	f := newFakeService()
	establish := func() (service, error) { return f, nil }
	first := newReaders(establish)
	expect(t, first.Watch(t.Context()), "service-up")
	second := newReaders(establish)
	defer func() { _ = second.Close() }()
	events := second.Watch(t.Context())
	if e := <-events; e.Kind != card.ServiceDown || !errors.Is(e.Err, ErrWatched) {
		t.Errorf("got %v %v", e.Kind, e.Err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	expect(t, events, "service-up")
}

func TestClosedReaders(t *testing.T) {
	r := newReaders(func() (service, error) { return newFakeService(), nil })
	for range 2 {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, open := <-r.Watch(t.Context()); open {
		t.Error("a closed driver has events")
	}
	if _, err := r.Connect(t.Context(), "A"); !errors.Is(err, ErrClosed) {
		t.Errorf("connect: %v", err)
	}
}

func TestMeanings(t *testing.T) {
	for code, want := range meanings {
		if err := meaning(code); !errors.Is(err, want) || !errors.Is(err, code) {
			t.Errorf("%v: %v", code, err)
		}
	}
	if err := meaning(scard.ErrWrongChv); !errors.Is(err, scard.ErrWrongChv) {
		t.Errorf("a code without meaning is lost: %v", err)
	}
}

func TestMaxAPDU(t *testing.T) {
	cases := []struct {
		name  string
		list  []byte
		bytes int
		known bool
	}{
		{"extended, among others", []byte{0x01, 2, 9, 9, 0x0A, 4, 0x00, 0x00, 0x01, 0x00}, 65536, true},
		{"short only", []byte{0x0A, 4, 0, 0, 0, 0}, shortAPDU, true},
		{"not told", []byte{0x01, 2, 9, 9}, 0, false},
		{"cut short", []byte{0x0A, 4, 0, 0}, 0, false},
		{"too long", []byte{0x0A, 5, 0, 0, 0, 0, 1}, 0, false},
		{"empty", nil, 0, false},
	}
	for _, c := range cases {
		if bytes, known := parseMaxAPDU(c.list); bytes != c.bytes || known != c.known {
			t.Errorf("%s: %d, %t", c.name, bytes, known)
		}
	}
}

func FuzzMaxAPDU(f *testing.F) {
	f.Add([]byte{0x01, 2, 9, 9, 0x0A, 4, 0x00, 0x00, 0x01, 0x00})
	f.Add([]byte{0x12, 4, 0x42, 0x33, 0, 0x12})
	f.Fuzz(func(t *testing.T, list []byte) {
		if bytes, known := parseMaxAPDU(list); known != (bytes >= shortAPDU) {
			t.Errorf("%d, %t", bytes, known)
		}
		for tag := range 256 {
			if value, found := property(list, byte(tag)); found && !slices.Contains(list, byte(tag)) {
				t.Errorf("tag %d with value %X is not in the list", tag, value)
			}
		}
	})
}
