package cardsim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/internal/board"
)

// ReaderName is the reader of Readers.
const ReaderName = "Motcua simulator"

// ErrClosed is what a closed Readers or Transport answers.
var ErrClosed = errors.New("cardsim: closed")

// Readers is a driver with one reader, on which a Card can be laid. Use NewReaders.
type Readers struct {
	board *board.Board

	mu      sync.Mutex
	closed  bool
	plugged bool
	inserts *insertion // what lies there
	open    *transport // who has it open
}

// insertion is one time of a card on the reader.
type insertion struct {
	card *Card
	gone chan struct{} // closed when the card leaves
}

var _ card.Readers = (*Readers)(nil)

// NewReaders returns the driver with its reader plugged in and nothing on it.
func NewReaders() *Readers {
	r := &Readers{board: board.New()}
	r.board.Up()
	r.Plug()
	return r
}

// Plug plugs the reader in.
func (r *Readers) Plug() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.plugged = true
	r.board.Plug(ReaderName)
}

// Unplug pulls the reader. A card on it is gone with it.
func (r *Readers) Unplug() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.plugged = false
	r.lift()
	r.board.Unplug(ReaderName)
}

// Insert lays a card on the reader; one that lies there is taken away first. It fails when the reader is unplugged.
func (r *Readers) Insert(c *Card) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.plugged {
		return card.ErrNoReader
	}
	r.lift()
	c.Reset()
	r.inserts = &insertion{card: c, gone: make(chan struct{})}
	r.board.Lay(ReaderName, c.ATR(), false, true)
	return nil
}

// Remove takes the card away, in the middle of a command if need be.
func (r *Readers) Remove() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lift()
}

// lift needs mu.
func (r *Readers) lift() {
	if r.inserts == nil {
		return
	}
	close(r.inserts.gone)
	r.inserts, r.open = nil, nil
	r.board.Lift(ReaderName)
}

// leave is the card leaving by itself.
func (r *Readers) leave(in *insertion) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inserts == in {
		r.lift()
	}
}

// Watch implements card.Readers.
func (r *Readers) Watch(ctx context.Context) <-chan card.Event { return r.board.Watch(ctx) }

// Connect implements card.Readers. A card is open to one at a time.
func (r *Readers) Connect(ctx context.Context, reader string) (card.Transport, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case r.closed:
		return nil, ErrClosed
	case reader != ReaderName || !r.plugged:
		return nil, card.ErrNoReader
	case r.inserts == nil:
		return nil, card.ErrNoCard
	case r.open != nil && !r.open.isShut():
		return nil, card.ErrBusy
	}
	r.inserts.card.Reset()
	r.open = &transport{readers: r, in: r.inserts, shut: make(chan struct{})}
	return r.open, nil
}

// Close implements card.Readers.
func (r *Readers) Close() error {
	r.mu.Lock()
	r.closed = true
	if r.open != nil {
		r.open.close()
		r.open = nil
	}
	r.mu.Unlock()
	r.board.Close()
	return nil
}

// transport is the card as Connect opened it.
type transport struct {
	readers *Readers
	in      *insertion
	once    sync.Once
	shut    chan struct{}
}

var _ card.Transport = (*transport)(nil)

// Transmit implements card.Transport. The card works in a goroutine of its own, so that whoever waits can leave: it
// ends when the card is done, which for a card in software is soon, unless a Fault of a test holds it.
func (t *transport) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if err := t.dead(ctx); err != nil {
		return nil, err
	}
	answers := make(chan Answer, 1)
	go func() { answers <- t.in.card.Transmit(bytes.Clone(command)) }()
	var answer Answer
	select {
	case answer = <-answers:
	case <-t.in.gone:
		return nil, removed()
	case <-t.shut:
		return nil, ErrClosed
	case <-ctx.Done():
		t.close()
		return nil, ctx.Err()
	}
	if err := t.delay(ctx); err != nil {
		return nil, err
	}
	if answer.Leaves {
		t.readers.leave(t.in)
	}
	if len(answer.Response) == 0 {
		return nil, removed()
	}
	return answer.Response, nil
}

func removed() error { return fmt.Errorf("cardsim: transmit: %w", card.ErrRemoved) }

// dead says why no command can be sent any more.
func (t *transport) dead(ctx context.Context) error {
	select {
	case <-t.in.gone:
		return removed()
	case <-t.shut:
		return ErrClosed
	default:
		return ctx.Err()
	}
}

// delay is the time that a real card would take.
func (t *transport) delay(ctx context.Context) error {
	if t.in.card.options.Delay <= 0 {
		return nil
	}
	select {
	case <-time.After(t.in.card.options.Delay):
		return nil
	case <-t.in.gone:
		return removed()
	case <-t.shut:
		return ErrClosed
	case <-ctx.Done():
		t.close()
		return ctx.Err()
	}
}

// ATR implements card.Transport.
func (t *transport) ATR() []byte { return t.in.card.ATR() }

// Close implements card.Transport: the card is reset.
func (t *transport) Close() error {
	t.close()
	t.readers.mu.Lock()
	defer t.readers.mu.Unlock()
	if t.readers.open == t {
		t.readers.open = nil
	}
	return nil
}

func (t *transport) isShut() bool {
	select {
	case <-t.shut:
		return true
	default:
		return false
	}
}

func (t *transport) close() { t.once.Do(func() { close(t.shut) }) }
