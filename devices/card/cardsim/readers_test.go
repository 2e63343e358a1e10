package cardsim

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"motcua/devices/card"
)

const patience = 5 * time.Second

func expect(t *testing.T, events <-chan card.Event, want ...string) {
	t.Helper()
	for _, w := range want {
		select {
		case e, open := <-events:
			if got := strings.TrimSpace(e.Kind.String() + " " + e.Reader); !open || got != w {
				t.Fatalf("got %q (open %t), want %q", got, open, w)
			}
		case <-time.After(patience):
			t.Fatalf("no event, want %q", w)
		}
	}
}

func newReaders(t *testing.T) *Readers {
	t.Helper()
	r := NewReaders()
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func connect(t *testing.T, r *Readers) card.Transport {
	t.Helper()
	tr, err := r.Connect(t.Context(), ReaderName)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestReadersTellWhatHappens(t *testing.T) {
	r := newReaders(t)
	events := r.Watch(t.Context())
	expect(t, events, "service-up", "reader-added "+ReaderName)
	c := newCard(t, Options{})
	if err := r.Insert(c); err != nil {
		t.Fatal(err)
	}
	expect(t, events, "card-inserted "+ReaderName)
	if err := r.Insert(c); err != nil { // exchanged
		t.Fatal(err)
	}
	expect(t, events, "card-removed "+ReaderName, "card-inserted "+ReaderName)
	r.Remove()
	r.Remove()
	expect(t, events, "card-removed "+ReaderName)
	r.Unplug()
	expect(t, events, "reader-gone "+ReaderName)
	if err := r.Insert(c); !errors.Is(err, card.ErrNoReader) {
		t.Errorf("insert without reader: %v", err)
	}
	r.Plug()
	expect(t, events, "reader-added "+ReaderName)
	_ = r.Close()
	if e, open := <-events; open {
		t.Errorf("%v after Close", e)
	}
}

func TestConnectRefusals(t *testing.T) {
	r := newReaders(t)
	refused := func(name string, reader string, want error) {
		t.Helper()
		if _, err := r.Connect(t.Context(), reader); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	refused("another reader", "X", card.ErrNoReader)
	refused("empty reader", ReaderName, card.ErrNoCard)
	if err := r.Insert(newCard(t, Options{})); err != nil {
		t.Fatal(err)
	}
	tr := connect(t, r)
	refused("open", ReaderName, card.ErrBusy)
	if err := errors.Join(tr.Close(), tr.Close()); err != nil {
		t.Error(err)
	}
	connect(t, r)
	r.Unplug()
	refused("unplugged", ReaderName, card.ErrNoReader)
	r.Plug()
	refused("the card went with the reader", ReaderName, card.ErrNoCard)
	_ = r.Close()
	refused("closed", ReaderName, ErrClosed)
}

func TestCloseResetsTheCard(t *testing.T) {
	r := newReaders(t)
	if err := r.Insert(newCard(t, Options{})); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		tr := connect(t, r)
		if got, err := tr.Transmit(t.Context(), unhex(t, "00B09C0001")); err != nil || len(got) != 3 {
			t.Fatalf("EF.CardAccess: %X, %v", got, err)
		}
		if _, err := tr.Transmit(t.Context(), unhex(t, selectApplication)); err != nil {
			t.Fatal(err)
		}
		_ = tr.Close()
		if _, err := tr.Transmit(t.Context(), unhex(t, "00B09C0001")); !errors.Is(err, ErrClosed) {
			t.Errorf("transmit after close: %v", err)
		}
	}
}

// TestRemovalDuringCommand: removed, unplugged, closed, given up, torn, while the card works or takes its time.
func TestRemovalDuringCommand(t *testing.T) {
	cases := map[string]struct {
		leave func(*Readers, context.CancelFunc)
		want  error
	}{
		"removed":   {func(r *Readers, _ context.CancelFunc) { r.Remove() }, card.ErrRemoved},
		"unplugged": {func(r *Readers, _ context.CancelFunc) { r.Unplug() }, card.ErrRemoved},
		"closed":    {func(r *Readers, _ context.CancelFunc) { _ = r.Close() }, ErrClosed},
		"given up":  {func(_ *Readers, cancel context.CancelFunc) { cancel() }, context.Canceled},
	}
	for name, k := range cases {
		t.Run(name, func(t *testing.T) {
			reached, hold := make(chan struct{}), make(chan struct{})
			defer close(hold)
			working := Options{Fault: func(int) Fault { close(reached); <-hold; return NoFault }}
			leaveDuring(t, working, reached, k.leave, k.want)
		})
		t.Run(name+", slow card", func(t *testing.T) {
			leaveDuring(t, Options{Delay: time.Minute}, time.After(20*time.Millisecond), k.leave, k.want)
		})
	}
}

func leaveDuring[T any](t *testing.T, o Options, now <-chan T, leave func(*Readers, context.CancelFunc), want error) {
	t.Helper()
	r := newReaders(t)
	if err := r.Insert(newCard(t, o)); err != nil {
		t.Fatal(err)
	}
	tr := connect(t, r)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		_, err := tr.Transmit(ctx, unhex(t, "00B09C0000"))
		failed <- err
	}()
	<-now
	leave(r, cancel)
	select {
	case err := <-failed:
		if !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	case <-time.After(time.Second):
		t.Fatal("transmit hangs")
	}
	if _, err := tr.Transmit(context.Background(), unhex(t, "00B09C0000")); err == nil {
		t.Error("the transport lives on")
	}
}

func TestTornCardLeavesTheReader(t *testing.T) {
	for name, o := range map[string]Options{"instead of an answer": {Fault: Tear.At(2)}, "after one": {TearAfter: 1}} {
		t.Run(name, func(t *testing.T) {
			r := newReaders(t)
			c := newCard(t, o)
			if err := r.Insert(c); err != nil {
				t.Fatal(err)
			}
			events := r.Watch(t.Context())
			expect(t, events, "service-up", "reader-added "+ReaderName, "card-inserted "+ReaderName)
			tr := connect(t, r)
			if _, err := tr.Transmit(t.Context(), unhex(t, "00B09C0000")); err != nil {
				t.Fatal(err)
			}
			if _, err := tr.Transmit(t.Context(), unhex(t, "00B09C0000")); !errors.Is(err, card.ErrRemoved) {
				t.Errorf("second command: %v", err)
			}
			expect(t, events, "card-removed "+ReaderName)
			if err := r.Insert(c); err != nil {
				t.Fatal(err)
			}
			if _, err := connect(t, r).Transmit(t.Context(), unhex(t, "00B09C0000")); err != nil {
				t.Errorf("laid down again: %v", err)
			}
		})
	}
}
