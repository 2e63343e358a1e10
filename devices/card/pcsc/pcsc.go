// Package pcsc drives smart card readers through PC/SC: pcscd on Linux, the Smart Card service on Windows.
//
// Start with New; the result is a card.Readers. A Readers also tells how long an APDU a reader takes (MaxAPDU), which
// is no part of the contract because not every driver knows: ask for it with a type assertion on Capable.
//
// Rules, each bought with a fault seen:
//
//   - One goroutine owns a PC/SC context and makes all calls on it. The calls cannot be interrupted from outside (but
//     for a status change), so whoever waits for the owner can walk away when his context ends.
//   - The service may die at any call. ctx.IsValid keeps saying yes, so it is not asked: any error that smells of the
//     service makes the context useless, and a new one is established, with pauses that grow to a second.
//   - Cards are opened exclusively, not shared with a transaction. Secure messaging does not survive a foreign APDU,
//     and a foreign program cannot be trusted not to send one. An exclusive open fails at once with a sharing violation
//     (card.ErrBusy), while SCardBeginTransaction waits without limit; and Windows resets a card whose transaction
//     was idle for five seconds, which a citizen's hesitation easily is.
//   - Bytes pass as they are, over T=0 and T=1 alike: 61xx and 6Cxx of a T=0 card are for the protocol packages to handle.
//   - Close resets the card, so that the next Connect finds the master file selected and EF.CardAccess readable.
//   - The binding keeps the names of readers that it passes to C in an unguarded map of its package. Two status
//     changes at once in one process would write it at once, and could free a name that C still reads. Hence a process
//     has one monitor at a time; a second Readers that is watched reports ServiceDown with ErrWatched until the
//     first is closed. (Any number may watch the same Readers.)
package pcsc

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ebfe/scard"

	"motcua/devices/card"
	"motcua/devices/card/internal/board"
)

// ErrWatched is the reason of ServiceDown while another Readers of this process is watching.
var ErrWatched = errors.New("pcsc: another watch of this process is under way")

// ErrClosed is what a closed Readers or Transport answers.
var ErrClosed = errors.New("pcsc: closed")

// Capable is implemented by a Readers that knows what its readers can carry.
type Capable interface {
	// MaxAPDU is the longest command or response APDU in bytes that the reader carries, as far as its driver said so
	// (PC/SC part 10, dwMaxAPDUDataSize); 261 or less means short APDUs only. It is known once a card was connected.
	MaxAPDU(reader string) (bytes int, known bool)
}

// Limits of patience. None is ever reached with a healthy service.
const (
	connectLimit = 3 * time.Second // a reader may need several resets before it gives up on a card
	closeLimit   = time.Second     // how long Close waits for a call that the service does not return from
	busyRetry    = 100 * time.Millisecond
	busyLimit    = time.Second // Windows' certificate service holds a new card for a moment
)

// service is what this package uses of a scard.Context.
type service interface {
	ListReaders() ([]string, error)
	GetStatusChange([]scard.ReaderState, time.Duration) error
	Cancel() error
	Release() error
}

// Readers is the PC/SC driver. Use New.
type Readers struct {
	establish func() (service, error) // scard.EstablishContext, but for tests
	board     *board.Board

	ctx   context.Context // ends with Close
	end   context.CancelFunc
	start sync.Once

	mu         sync.Mutex
	closed     bool
	goroutines sync.WaitGroup // the monitor and the owners of transports
	sizes      map[string]int // dwMaxAPDUDataSize by reader
}

var (
	_ card.Readers = (*Readers)(nil)
	_ Capable      = (*Readers)(nil)
)

// New returns the driver. It does nothing until it is watched or connected, and needs no service to be there.
func New() *Readers {
	return newReaders(func() (service, error) { return scard.EstablishContext() })
}

func newReaders(establish func() (service, error)) *Readers {
	ctx, end := context.WithCancel(context.Background())
	return &Readers{establish: establish, board: board.New(), ctx: ctx, end: end, sizes: map[string]int{}}
}

// Watch implements card.Readers. The first Watch starts the monitor, which runs until Close.
func (r *Readers) Watch(ctx context.Context) <-chan card.Event {
	r.start.Do(func() { r.spawn(r.monitor) })
	return r.board.Watch(ctx)
}

// Connect implements card.Readers. Beyond ctx it has a limit of its own of three seconds.
func (r *Readers) Connect(ctx context.Context, reader string) (card.Transport, error) {
	limit := time.NewTimer(connectLimit)
	defer limit.Stop()
	t := newTransport(r, reader)
	if !r.spawn(t.own) {
		return nil, ErrClosed
	}
	select {
	case err := <-t.ready:
		if err != nil {
			return nil, fmt.Errorf("pcsc: connect: %w", err)
		}
		return t, nil
	case <-ctx.Done():
		t.abandon()
		return nil, fmt.Errorf("pcsc: connect: %w", ctx.Err())
	case <-limit.C:
		t.abandon()
		return nil, fmt.Errorf("pcsc: connect: nothing for %v: %w", connectLimit, t.silent())
	case <-r.ctx.Done():
		return nil, ErrClosed
	}
}

// Close implements card.Readers. It waits for all goroutines, but for no longer than a second: a call that the
// service never returns from must not keep a program from ending.
func (r *Readers) Close() error {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.end()
	r.board.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.goroutines.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-time.After(closeLimit):
		return fmt.Errorf("pcsc: a call did not return within %v: %w", closeLimit, card.ErrService)
	}
}

// MaxAPDU implements Capable.
func (r *Readers) MaxAPDU(reader string) (bytes int, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	bytes, known = r.sizes[reader]
	return bytes, known
}

func (r *Readers) learnSize(reader string, size int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sizes[reader] = size
}

// spawn runs f in a goroutine that Close waits for; false when it is too late for that.
func (r *Readers) spawn(f func()) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.goroutines.Go(f)
	return true
}
