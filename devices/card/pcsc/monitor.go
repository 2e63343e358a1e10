package pcsc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ebfe/scard"

	"motcua/devices/card"
)

// newReaderName is the pseudo reader whose status changes when a reader comes or goes.
const newReaderName = `\\?PnP?\Notification`

// Times of the monitor.
const (
	firstPause   = 50 * time.Millisecond // before the second attempt to reach the service; doubles from there
	longestPause = time.Second
	cancelEvery  = 50 * time.Millisecond // SCardCancel is lost when it comes just before the call it is meant for
	// firstRecheck bounds the first wait after a change, recheck the longest one; each is twice the one before. pcscd
	// counts its readers when a wait begins, so one that comes between our list and the wait goes unseen; this is when
	// it is found. Six wake-ups a minute are no load.
	firstRecheck = 200 * time.Millisecond
	recheck      = 10 * time.Second
	// settle is the least time between two rounds that found nothing new, against drivers that wake us for nothing.
	settle = 100 * time.Millisecond
)

// oneMonitor is held by the monitor that may call SCardGetStatusChange; see the package comment.
var oneMonitor = make(chan struct{}, 1)

// monitor keeps the board true until the Readers is closed.
func (r *Readers) monitor() {
	select {
	case oneMonitor <- struct{}{}:
	default:
		r.board.Down(ErrWatched)
		select {
		case oneMonitor <- struct{}{}:
		case <-r.ctx.Done():
			return
		}
	}
	defer func() { <-oneMonitor }()
	pause := firstPause
	for r.ctx.Err() == nil {
		began := time.Now()
		err := r.follow()
		if r.ctx.Err() != nil {
			return
		}
		r.board.Down(err)
		if time.Since(began) > longestPause { // it had worked for a while
			pause = firstPause
		}
		r.sleep(pause)
		pause = min(2*pause, longestPause)
	}
}

// follow establishes a context and tells the board of changes until the service fails. It never returns nil.
func (r *Readers) follow() error {
	sc, err := r.establish()
	if err != nil {
		return fmt.Errorf("pcsc: establish context: %w", meaning(err))
	}
	defer r.releaseWhenDone(sc)()
	w := watch{sc: sc, board: r.board, known: map[string]scard.StateFlag{}}
	if err := w.list(); err != nil {
		return err
	}
	for {
		news, err := w.round()
		if err != nil {
			return err
		}
		if !news {
			r.sleep(settle)
		}
		if err := r.ctx.Err(); err != nil {
			return err
		}
	}
}

// releaseWhenDone cancels sc's wait when the Readers is closed. The function it returns ends that and releases sc.
func (r *Readers) releaseWhenDone(sc service) func() {
	done := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-done:
			return
		case <-r.ctx.Done():
		}
		for {
			_ = sc.Cancel() // nothing to do about a failure but try again
			select {
			case <-done:
				return
			case <-time.After(cancelEvery):
			}
		}
	}()
	return func() {
		close(done)
		<-ended
		_ = sc.Release() // of a dead service it fails, and there is nothing left to release
	}
}

func (r *Readers) sleep(d time.Duration) {
	ctx, cancel := context.WithTimeout(r.ctx, d)
	defer cancel()
	<-ctx.Done()
}

// isNoReaders: with no reader plugged in, listing is an error; the service is well all the same.
func isNoReaders(err error) bool {
	return errors.Is(err, scard.ErrNoReadersAvailable)
}

// isStale: the list of readers is out of date.
func isStale(err error) bool {
	return errors.Is(meaning(err), card.ErrNoReader)
}
