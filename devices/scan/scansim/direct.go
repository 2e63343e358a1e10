package scansim

import (
	"context"
	"sync"

	"motcua/devices/scan"
	"motcua/devices/scan/internal/plain"
)

// maxQueue is how many readings wait for a watcher; a person scanning faster than that is a mistake somewhere.
const maxQueue = 16

// Direct is a scanner in the process: what is sent to it is read by its watcher, without any device between. It starts
// plugged in. All methods may be called concurrently.
type Direct struct {
	name string
	wake chan struct{} // capacity 1: something changed

	mu      sync.Mutex
	plugged bool
	queue   []scan.Event
}

var _ scan.Scanner = (*Direct)(nil)

// NewDirect makes a plugged-in Direct that calls itself name.
func NewDirect(name string) *Direct {
	return &Direct{name: name, plugged: true, wake: make(chan struct{}, 1)}
}

// Name is the name given to NewDirect.
func (d *Direct) Name() string { return d.name }

// Send lets the scanner read text; what a scanner may not hand on arrives as scan.Rejected, as it would from a real
// one. ErrUnplugged when there is no scanner, ErrBusy when nobody takes the readings.
func (d *Direct) Send(text string) error {
	e := scan.Event{Kind: scan.Read}
	if e.Text, e.Err = plain.Text([]byte(text)); e.Err != nil {
		e.Kind = scan.Rejected
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.plugged {
		return ErrUnplugged
	}
	if len(d.queue) >= maxQueue {
		return ErrBusy
	}
	d.queue = append(d.queue, e)
	d.signal()
	return nil
}

// Unplug pulls the scanner: readings not yet taken are lost. Plugging and unplugging twice does nothing.
func (d *Direct) Unplug() { d.set(false) }

// Plug brings it back.
func (d *Direct) Plug() { d.set(true) }

func (d *Direct) set(plugged bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.plugged != plugged {
		d.plugged = plugged
		d.forget()
		d.signal()
	}
}

// forget drops the queue with what it says about people; d.mu is held.
func (d *Direct) forget() {
	clear(d.queue)
	d.queue = d.queue[:0]
}

// signal wakes the watcher; d.mu is held.
func (d *Direct) signal() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Watch implements scan.Scanner. One watcher at a time; a pull and return faster than the watcher looks is one state to
// it, as with a real cable.
func (d *Direct) Watch(ctx context.Context) <-chan scan.Event {
	out := make(chan scan.Event)
	d.mu.Lock()
	d.signal() // report the state of now
	d.mu.Unlock()
	go func() {
		defer close(out)
		said := scan.EventKind(0)
		for {
			select {
			case <-ctx.Done():
				return
			case <-d.wake:
			}
			for e := d.next(&said); e.Kind != 0; e = d.next(&said) {
				select {
				case out <- e:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	return out
}

// next is what to report now, given what was last said about being there; Kind 0 when nothing.
func (d *Direct) next(said *scan.EventKind) scan.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.plugged && *said != scan.Connected:
		*said = scan.Connected
		return scan.Event{Kind: scan.Connected}
	case !d.plugged && *said != scan.Gone:
		*said = scan.Gone
		return scan.Event{Kind: scan.Gone, Err: scan.ErrGone}
	case len(d.queue) > 0:
		e := d.queue[0]
		n := copy(d.queue, d.queue[1:])
		d.queue[n] = scan.Event{}
		d.queue = d.queue[:n]
		return e
	}
	return scan.Event{}
}
