//go:build linux

package pcsc_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/pcsc"
	"motcua/devices/card/pcsc/pcsctest"
)

// hang is what no operation may exceed, whatever happens to the service.
const hang = 5 * time.Second

// station is a driver under test with what it reported.
type station struct {
	t       *testing.T
	daemon  *pcsctest.Daemon
	readers *pcsc.Readers
	events  <-chan card.Event
}

func start(t *testing.T) *station {
	t.Helper()
	checkLeaks(t)
	s := &station{t: t, daemon: pcsctest.Start(t), readers: pcsc.New()}
	t.Cleanup(func() {
		if err := s.readers.Close(); err != nil {
			t.Error(err)
		}
	})
	s.events = s.readers.Watch(context.Background())
	s.expect("service-up", "reader-added "+pcsctest.Reader, "reader-added "+pcsctest.Reader2)
	return s
}

// checkLeaks compares the goroutines before and after everything else of the test.
func checkLeaks(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		for deadline := time.Now().Add(time.Second); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				stacks := make([]byte, 1<<16)
				t.Errorf("goroutines: %d before, %d after\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
				return
			}
		}
	})
}

func (s *station) expect(want ...string) {
	s.t.Helper()
	for _, w := range want {
		select {
		case e, open := <-s.events:
			if got := strings.TrimSpace(e.Kind.String() + " " + e.Reader); !open || got != w {
				s.t.Fatalf("got %q (%v), want %q", got, e.Err, w)
			}
		case <-time.After(hang):
			s.t.Fatalf("no event for %v, want %q", hang, w)
		}
	}
}

// lay puts a card on a reader; the function it returns takes it away and waits for that.
func (s *station) lay(addr string, c *cardsim.Card) (pull func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cardsim.ServeVPCD(ctx, addr, c)
	}()
	pull = func() {
		cancel()
		<-done
	}
	s.t.Cleanup(pull)
	return pull
}

func (s *station) connect(reader string) card.Transport {
	s.t.Helper()
	tr, err := s.readers.Connect(context.Background(), reader)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = tr.Close() })
	return tr
}

func (s *station) transmit(tr card.Transport, command ...byte) []byte {
	s.t.Helper()
	r, err := tr.Transmit(context.Background(), command)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func newCard(t *testing.T, o cardsim.Options) *cardsim.Card {
	t.Helper()
	p, err := cardsim.Build(cardsim.Personas()[0], cardsim.ProfileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return cardsim.New(p, o)
}

// readCardAccess is READ BINARY of EF.CardAccess by its short identifier.
var readCardAccess = []byte{0x00, 0xB0, 0x9C, 0x00, 0x00}

// selectApplication leaves the master file, so that EF.CardAccess cannot be read until the card is reset.
var selectApplication = []byte{0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01}

func TestInsertExchangeRemove(t *testing.T) {
	s := start(t)
	c := newCard(t, cardsim.Options{Extended: true})
	pull := s.lay(pcsctest.Addr, c)
	s.expect("card-inserted " + pcsctest.Reader)
	for range 2 { // the second time shows that Close reset the card
		tr := s.connect(pcsctest.Reader)
		if !bytes.Equal(tr.ATR(), c.ATR()) {
			t.Errorf("ATR %X, want %X", tr.ATR(), c.ATR())
		}
		r := s.transmit(tr, readCardAccess...)
		if want := c.Profile().Files[cardsim.EFCardAccess]; !bytes.Equal(r, append(bytes.Clone(want), 0x90, 0x00)) {
			t.Errorf("EF.CardAccess: %X", r)
		}
		if r := s.transmit(tr, selectApplication...); fmt.Sprintf("%X", r) != "9000" {
			t.Errorf("select: %X", r)
		}
		if r := s.transmit(tr, readCardAccess...); fmt.Sprintf("%X", r) != "6982" {
			t.Errorf("EF.CardAccess in the application: %X", r)
		}
		for range 2 {
			if err := tr.Close(); err != nil {
				t.Error(err)
			}
		}
		if _, err := tr.Transmit(context.Background(), readCardAccess); !errors.Is(err, pcsc.ErrClosed) {
			t.Errorf("transmit after close: %v", err)
		}
	}
	pull()
	s.expect("card-removed " + pcsctest.Reader)
	if _, err := s.readers.Connect(context.Background(), pcsctest.Reader); !errors.Is(err, card.ErrNoCard) {
		t.Errorf("connect without card: %v", err)
	}
	if _, err := s.readers.Connect(context.Background(), "no such reader"); !errors.Is(err, card.ErrNoReader) {
		t.Errorf("connect without reader: %v", err)
	}
}

func TestTwoReadersAndExclusiveUse(t *testing.T) {
	s := start(t)
	s.lay(pcsctest.Addr, newCard(t, cardsim.Options{}))
	s.expect("card-inserted " + pcsctest.Reader)
	s.lay(pcsctest.Addr2, newCard(t, cardsim.Options{}))
	s.expect("card-inserted " + pcsctest.Reader2)
	first, second := s.connect(pcsctest.Reader), s.connect(pcsctest.Reader2)
	for range 20 {
		s.transmit(first, readCardAccess...)
		s.transmit(second, readCardAccess...)
	}
	if _, err := s.readers.Connect(context.Background(), pcsctest.Reader); !errors.Is(err, card.ErrBusy) {
		t.Errorf("second connect: %v", err)
	}
}

func TestCardPulledDuringCommand(t *testing.T) {
	s := start(t)
	s.lay(pcsctest.Addr, newCard(t, cardsim.Options{Fault: cardsim.Tear.At(2)}))
	s.expect("card-inserted " + pcsctest.Reader)
	tr := s.connect(pcsctest.Reader)
	s.transmit(tr, readCardAccess...)
	began := time.Now()
	if _, err := tr.Transmit(context.Background(), readCardAccess); !errors.Is(err, card.ErrRemoved) {
		t.Errorf("transmit: %v", err)
	}
	if _, err := tr.Transmit(context.Background(), readCardAccess); !errors.Is(err, card.ErrRemoved) {
		t.Errorf("transmit once more: %v", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	s.expect("card-removed " + pcsctest.Reader)
}

func TestContextEndsDuringCommand(t *testing.T) {
	s := start(t)
	hold := make(chan struct{})
	s.lay(pcsctest.Addr, newCard(t, cardsim.Options{Fault: func(int) cardsim.Fault { <-hold; return cardsim.NoFault }}))
	s.expect("card-inserted " + pcsctest.Reader)
	t.Cleanup(func() { close(hold) })
	tr := s.connect(pcsctest.Reader)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := tr.Transmit(ctx, readCardAccess); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("transmit: %v", err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("took %v", took)
	}
	if _, err := tr.Transmit(context.Background(), readCardAccess); !errors.Is(err, pcsc.ErrClosed) {
		t.Errorf("transmit on an abandoned transport: %v", err)
	}
}

func TestServiceKilledWhileWatched(t *testing.T) {
	s := start(t)
	s.lay(pcsctest.Addr, newCard(t, cardsim.Options{}))
	s.expect("card-inserted " + pcsctest.Reader)
	for range 2 {
		s.daemon.Kill()
		s.expect("reader-gone "+pcsctest.Reader, "reader-gone "+pcsctest.Reader2, "service-down")
		if _, err := s.readers.Connect(context.Background(), pcsctest.Reader); !errors.Is(err, card.ErrService) {
			t.Errorf("connect without service: %v", err)
		}
		s.daemon.Restart()
		s.expect("service-up")
		s.expectReadersAndCard()
		s.transmit(s.connect(pcsctest.Reader), readCardAccess...)
	}
}

// expectReadersAndCard: after a restart readers and card come in the order in which pcscd finds them.
func (s *station) expectReadersAndCard() {
	s.t.Helper()
	want := map[string]bool{
		"reader-added " + pcsctest.Reader: true, "reader-added " + pcsctest.Reader2: true, "card-inserted " + pcsctest.Reader: true,
	}
	for deadline := time.After(hang); len(want) > 0; {
		select {
		case e := <-s.events:
			got := strings.TrimSpace(e.Kind.String() + " " + e.Reader)
			if !want[got] {
				s.t.Fatalf("got %q, want one of %v", got, want)
			}
			delete(want, got)
		case <-deadline:
			s.t.Fatalf("no events %v", want)
		}
	}
}

func TestServiceKilledDuringCommand(t *testing.T) {
	s := start(t)
	reached, hold := make(chan struct{}), make(chan struct{})
	s.lay(pcsctest.Addr, newCard(t, cardsim.Options{Fault: func(index int) cardsim.Fault {
		if index == 1 {
			close(reached)
			<-hold
		}
		return cardsim.NoFault
	}}))
	s.expect("card-inserted " + pcsctest.Reader)
	tr := s.connect(pcsctest.Reader)
	failed := make(chan error)
	go func() {
		_, err := tr.Transmit(context.Background(), readCardAccess)
		failed <- err
	}()
	<-reached
	s.daemon.Kill()
	select {
	case err := <-failed:
		if !errors.Is(err, card.ErrService) {
			t.Errorf("transmit: %v", err)
		}
	case <-time.After(hang):
		t.Fatal("transmit hangs")
	}
	close(hold)
	s.expect("reader-gone "+pcsctest.Reader, "reader-gone "+pcsctest.Reader2, "service-down")
	if err := tr.Close(); err != nil {
		t.Error(err)
	}
	s.daemon.Restart()
	s.expect("service-up")
	s.expectReadersAndCard()
	s.transmit(s.connect(pcsctest.Reader), readCardAccess...)
}

// TestManyAndLongCommands: answers over 256 bytes pass, and vpcd is not slowed down by Nagle's algorithm, which would
// take 44 ms a command.
func TestManyAndLongCommands(t *testing.T) {
	const commands, limit = 100, time.Second
	s := start(t)
	s.lay(pcsctest.Addr, newCard(t, cardsim.Options{Extended: true, Fault: cardsim.PlainUnknown.At(1)}))
	s.expect("card-inserted " + pcsctest.Reader)
	tr := s.connect(pcsctest.Reader)
	if r := s.transmit(tr, readCardAccess...); fmt.Sprintf("%X", r) != "6F00" {
		t.Errorf("%X", r)
	}
	extended := []byte{0x00, 0xB0, 0x9C, 0x00, 0x00, 0x00, 0x00}
	began := time.Now()
	for range commands {
		if r := s.transmit(tr, extended...); len(r) != 54+2 {
			t.Fatalf("%X", r)
		}
	}
	took := time.Since(began)
	t.Logf("%v a command", took/commands)
	if took > limit {
		t.Errorf("%d commands took %v", commands, took)
	}
	long := append([]byte{0x00, 0xA4, 0x04, 0x0C, 0x00, 0x20, 0x00}, make([]byte, 0x2000)...)
	if r := s.transmit(tr, long...); fmt.Sprintf("%X", r) != "6A82" {
		t.Errorf("a command of %d bytes: %X", len(long), r)
	}
}

// TestMuteCard: an ATR longer than ISO 7816-3 allows makes vpcd fail to power the card, as no ATR does elsewhere.
func TestMuteCard(t *testing.T) {
	const tooLong = 40
	s := start(t)
	pull := s.lay(pcsctest.Addr, newCard(t, cardsim.Options{ATR: make([]byte, tooLong)}))
	s.expect("card-mute " + pcsctest.Reader)
	if _, err := s.readers.Connect(context.Background(), pcsctest.Reader); !errors.Is(err, card.ErrUnresponsive) {
		t.Errorf("connect: %v", err)
	}
	pull()
	s.expect("card-removed " + pcsctest.Reader)
}

// TestServiceHangs: pcscd is there and says nothing.
func TestServiceHangs(t *testing.T) {
	s := start(t)
	s.daemon.Pause()
	defer s.daemon.Resume()
	began := time.Now()
	if _, err := s.readers.Connect(context.Background(), pcsctest.Reader); !errors.Is(err, card.ErrService) {
		t.Errorf("connect: %v", err)
	}
	if took := time.Since(began); took > hang {
		t.Errorf("took %v", took)
	}
}

// TestIdleCosts: neither waiting for a card nor waiting for a service takes the processor.
func TestIdleCosts(t *testing.T) {
	const span, most = time.Second, 30 * time.Millisecond
	s := start(t)
	idle := func(what string) {
		t.Helper()
		before := cpuTime(t)
		time.Sleep(span)
		if used := cpuTime(t) - before; used > most {
			t.Errorf("%s: %v of processor time in %v", what, used, span)
		} else {
			t.Logf("%s: %v of processor time in %v", what, used, span)
		}
	}
	idle("waiting for a card")
	s.daemon.Stop()
	s.expect("reader-gone "+pcsctest.Reader, "reader-gone "+pcsctest.Reader2, "service-down")
	idle("waiting for the service")
}

func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
