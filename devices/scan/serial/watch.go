package serial

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"time"

	tarm "github.com/tarm/serial"

	"motcua/devices/scan"
)

// errHungUp is the cause when a read returns empty at once, again and again: there is no device at the other end.
var errHungUp = errors.New("line hung up")

// watch is one run of Watch, all in one goroutine.
type watch struct {
	*Scanner
	ctx    context.Context
	out    chan<- scan.Event
	framer Framer

	// The last text and when it was seen, to drop repetitions. Only its hash: a person's data must not stay here.
	last     uint64
	lastSeen time.Time
}

// run opens the device again and again until ctx ends.
func (w *watch) run() {
	pause, lost := firstRetry, false
	for w.ctx.Err() == nil {
		port, err := tarm.OpenPort(&w.cfg)
		if err == nil {
			pause, lost = firstRetry, false
			if !w.send(scan.Event{Kind: scan.Connected}) {
				_ = port.Close()
				return
			}
			err = w.read(port)
			_ = port.Close() // the read has returned, so this does not wait; a lost port's error says nothing new
			w.framer.Reset()
		}
		if w.ctx.Err() != nil {
			return
		}
		if !lost {
			lost = true
			w.send(scan.Event{Kind: scan.Gone, Err: fmt.Errorf("%w: %s: %w", scan.ErrGone, w.o.Path, err)})
		}
		if !w.wait(pause) {
			return
		}
		pause = min(2*pause, lastRetry)
	}
}

// read reads the open port until it is gone, which is the error, or ctx ends.
func (w *watch) read(port io.Reader) error {
	buf := make([]byte, bufSize)
	defer clear(buf)
	for empty := 0; w.ctx.Err() == nil; {
		start := time.Now()
		n, err := port.Read(buf)
		if n > 0 {
			empty = 0
			frames := w.framer.Push(buf[:n])
			clear(buf[:n]) // somebody's card: it would lie here until the next one comes
			w.report(frames)
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if took := time.Since(start); took >= readTimeout/2 {
			empty = 0
			w.report(w.framer.Idle(took))
			continue
		}
		if empty++; empty >= hangUps {
			return errHungUp
		}
	}
	return w.ctx.Err()
}

// report sends the readings that are new.
func (w *watch) report(frames []Frame) {
	for _, f := range frames {
		if f.Err != nil {
			w.send(scan.Event{Kind: scan.Rejected, Err: f.Err})
		} else if !w.repeated(f.Text) {
			w.send(scan.Event{Kind: scan.Read, Text: f.Text})
		}
	}
}

// repeated says whether the text is the last one again, within the time in which that is not news.
func (w *watch) repeated(text string) bool {
	if w.o.Repeat < 0 {
		return false
	}
	h, now := maphash.String(w.seed, text), w.now()
	again := h == w.last && !w.lastSeen.IsZero() && now.Sub(w.lastSeen) < w.o.Repeat
	w.last, w.lastSeen = h, now
	return again
}

// send reports one event; false when ctx ended first.
func (w *watch) send(e scan.Event) bool {
	select {
	case w.out <- e:
		return true
	case <-w.ctx.Done():
		return false
	}
}

// wait pauses for d; false when ctx ended first.
func (w *watch) wait(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-w.ctx.Done():
		return false
	}
}
