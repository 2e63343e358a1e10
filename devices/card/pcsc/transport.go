package pcsc

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ebfe/scard"

	"motcua/devices/card"
)

// transport is one exclusively opened card. Its owner goroutine makes all PC/SC calls; the methods talk to it.
type transport struct {
	readers  *Readers
	reader   string
	reached  atomic.Bool // the service gave us a context
	atr      []byte      // set before ready
	ready    chan error
	commands chan exchange
	quit     chan struct{} // closed by abandon: the owner shall disconnect
	gone     chan struct{} // closed by the owner as its last act
	once     sync.Once
}

type exchange struct {
	command []byte
	answer  chan<- answer // with room for one: the owner never waits for who asked
}

type answer struct {
	response []byte
	err      error
}

var _ card.Transport = (*transport)(nil)

func newTransport(r *Readers, reader string) *transport {
	return &transport{
		readers: r, reader: reader, ready: make(chan error, 1), commands: make(chan exchange),
		quit: make(chan struct{}), gone: make(chan struct{}),
	}
}

// Transmit implements card.Transport. A call that does not return stays with the owner goroutine, which ends when the
// reader's driver gives up; the Transport is closed by then.
func (t *transport) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if len(command) == 0 {
		return nil, errors.New("pcsc: empty command")
	}
	answers := make(chan answer, 1)
	select {
	case t.commands <- exchange{command, answers}:
	case <-t.gone:
		return nil, ErrClosed
	case <-t.quit:
		return nil, ErrClosed
	case <-t.readers.ctx.Done():
		return nil, ErrClosed
	case <-ctx.Done():
		t.abandon()
		return nil, ctx.Err()
	}
	select {
	case a := <-answers:
		return a.response, a.err
	case <-t.quit:
		return nil, ErrClosed
	case <-t.readers.ctx.Done():
		return nil, ErrClosed
	case <-ctx.Done():
		t.abandon()
		return nil, ctx.Err()
	}
}

// ATR implements card.Transport.
func (t *transport) ATR() []byte { return t.atr }

// Close implements card.Transport: the card is reset and let go.
func (t *transport) Close() error {
	t.abandon()
	select {
	case <-t.gone:
		return nil
	case <-time.After(closeLimit):
		return fmt.Errorf("pcsc: the reader did not return within %v: %w", closeLimit, card.ErrUnresponsive)
	}
}

func (t *transport) abandon() { t.once.Do(func() { close(t.quit) }) }

// own is the owner goroutine: connect, serve commands, disconnect.
func (t *transport) own() {
	defer close(t.gone)
	sc, err := scard.EstablishContext()
	if err != nil {
		t.ready <- meaning(err)
		return
	}
	defer func() { _ = sc.Release() }()
	t.reached.Store(true)
	handle, err := t.connect(sc)
	if err != nil {
		t.ready <- meaning(err)
		return
	}
	// ResetCard rather than UnpowerCard: some readers lose a contactless card that is switched off until it is moved.
	defer func() { _ = handle.Disconnect(scard.ResetCard) }()
	if p := handle.ActiveProtocol(); p != scard.ProtocolT0 && p != scard.ProtocolT1 {
		t.ready <- fmt.Errorf("%w: protocol %d", card.ErrUnresponsive, p) // the binding panics when it has to send over it
		return
	}
	if size, known := maxAPDU(handle); known {
		t.readers.learnSize(t.reader, size)
	}
	if status, err := handle.Status(); err == nil {
		t.atr = status.Atr
	}
	t.ready <- nil
	t.serve(handle)
}

// silent is who does not answer while own does not get ready.
func (t *transport) silent() error {
	if t.reached.Load() {
		return card.ErrUnresponsive
	}
	return card.ErrService
}

// connect opens the card, waiting a moment for a program that holds it.
func (t *transport) connect(sc *scard.Context) (*scard.Card, error) {
	deadline := time.Now().Add(busyLimit)
	for {
		handle, err := sc.Connect(t.reader, scard.ShareExclusive, scard.ProtocolAny)
		if !errors.Is(err, scard.ErrSharingViolation) || time.Now().After(deadline) {
			return handle, err
		}
		select {
		case <-time.After(busyRetry):
		case <-t.quit:
			return nil, err
		case <-t.readers.ctx.Done():
			return nil, err
		}
	}
}

func (t *transport) serve(handle *scard.Card) {
	for {
		select {
		case x := <-t.commands:
			response, err := transmit(handle, x.command)
			x.answer <- answer{response, err}
		case <-t.quit:
			return
		case <-t.readers.ctx.Done():
			t.abandon()
			return
		}
	}
}

// How long a card may take to be missed after it stopped answering: pcscd looks for it every 0.4 s.
const (
	missedWithin = 700 * time.Millisecond
	missedEvery  = 50 * time.Millisecond
)

// transmit is one exchange, its failures in the contract's words.
func transmit(handle *scard.Card, command []byte) ([]byte, error) {
	response, err := handle.Transmit(command)
	switch {
	case err == nil && len(response) >= 2:
		return response, nil
	case err == nil:
		// No answer and no error is how pcscd reports a card that was pulled during the command.
		if _, status := handle.Status(); isElsewhere(status) {
			return nil, fmt.Errorf("pcsc: transmit: %w", meaning(status))
		}
		return nil, fmt.Errorf("pcsc: transmit: empty answer: %w", card.ErrRemoved)
	case errors.Is(err, scard.ErrNotTransacted), errors.Is(err, scard.ErrCommDataLost):
		return nil, fmt.Errorf("pcsc: transmit: %w", whyNotTransacted(handle, err))
	}
	return nil, fmt.Errorf("pcsc: transmit: %w", meaning(err))
}

// whyNotTransacted tells a card that was pulled from one that lies there and is silent. The service learns of a removal
// only when it looks next.
func whyNotTransacted(handle *scard.Card, cause error) error {
	for deadline := time.Now().Add(missedWithin); time.Now().Before(deadline); time.Sleep(missedEvery) {
		if _, err := handle.Status(); err != nil {
			return meaning(err)
		}
	}
	return meaning(cause)
}

// isElsewhere: not the card but its reader or the service is gone.
func isElsewhere(err error) bool {
	err = meaning(err)
	return errors.Is(err, card.ErrService) || errors.Is(err, card.ErrNoReader)
}
