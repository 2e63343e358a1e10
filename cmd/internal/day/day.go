// Package day runs a day at an office: citizens, kiosks and a desk.
//
// Run plays it: real processes on one data directory, each with the parts of the program that people use but the window. A kiosk has
// session, store, drivers and a printer, a desk the officer's board and the printing of forms; each is a process of its own, whose
// screen is a pipe (Part). Scanner and receipt printer are simulators at the other end of real serial lines, the card is played by
// cardsim, the desk's forms go to a program that is called lp. What people do is done from here, touch by touch: citizens by
// kiosk/trial, the officer by officer.go.
//
// What is seen of people through a pipe is where they stand and what can be touched, never who they are: so the memory of a process can
// be searched for people whom it has served (the tests do), and what is found there is the program's, not the pipe's.
package day

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/filing"
	"motcua/kiosk/seal"
)

// Options say what day it shall be.
type Options struct {
	Citizens int
	Kiosks   int           // two if zero
	Speed    float64       // so many times faster than eight hours do citizens come; zero: as soon as a kiosk is free
	Think    time.Duration // how long people look at a page before they touch it
	Dir      string        // for everything that the day writes; it stays
	// Command gives the command of a part of this program: its arguments go to Part.
	Command func(ctx context.Context, args ...string) *exec.Cmd
	// Say is told how the day goes; may be nil.
	Say func(format string, args ...any)
}

// usualKiosks is how many kiosks an office has in the report that is asked for; oneDay is how long it is open.
const (
	usualKiosks = 2
	oneDay      = 8 * time.Hour
)

// opening is when the day begins: a Wednesday on which nothing is closed.
var opening = time.Date(2026, time.November, 25, 8, 0, 0, 0, calendar.Zone)

// house is an office on a day under way.
type house struct {
	o      Options
	desk   *officerHand
	kiosks []*kioskHand
	town   *town
	began  time.Time

	mu      sync.Mutex
	coming  []visit
	busy    int // visits under way
	serving int // kiosks at which somebody can come
	closed  bool
	filed   map[string]*citizen // by reference
	shorts  map[string]filing.Reference
	numbers int // taken without filing
	backs   int // visits with a slip
	wrong   []string
	key     *seal.Identity // of the officer
}

// Run plays a day and reports on it. The error says that it could not be played; what went wrong at the counter is in the report.
func Run(ctx context.Context, o Options) (Report, error) {
	if o.Kiosks == 0 {
		o.Kiosks = usualKiosks
	}
	if o.Say == nil {
		o.Say = func(string, ...any) {}
	}
	d := &house{o: o, filed: map[string]*citizen{}, shorts: map[string]filing.Reference{}}
	var err error
	if d.town, err = newTown(o.Citizens); err != nil {
		return Report{}, err
	}
	d.coming = d.town.visits
	if err := d.open(ctx); err != nil {
		return Report{}, errors.Join(err, d.close())
	}
	o.Say("open: %d kiosks, 1 desk, %d citizens", o.Kiosks, o.Citizens)
	d.began = time.Now()
	var all sync.WaitGroup
	d.serving = len(d.kiosks)
	for _, k := range d.kiosks {
		all.Go(func() { d.serve(ctx, k) })
	}
	all.Go(func() { d.work(ctx) })
	all.Wait()
	took := time.Since(d.began)
	r, err := d.report(ctx, took)
	return r, errors.Join(err, d.close())
}

// prepare makes the directories, the data with its officers, and the program that takes what the desk prints.
func (d *house) prepare(ctx context.Context) error {
	for _, dir := range []string{"bin", "forms", "scans", "tmp"} {
		if err := os.MkdirAll(filepath.Join(d.o.Dir, dir), 0o700); err != nil {
			return err
		}
	}
	// Takes what is printed, as CUPS does.
	lp := fmt.Sprintf("#!/bin/sh\nexec cat > '%s'/form-$$.pdf\n", filepath.Join(d.o.Dir, "forms"))
	if err := os.WriteFile(filepath.Join(d.o.Dir, "bin", "lp"), []byte(lp), 0o700); err != nil {
		return err
	}
	return d.hire(ctx)
}

// open makes everything that the day needs, and starts the processes.
func (d *house) open(ctx context.Context) error {
	if err := d.prepare(ctx); err != nil {
		return err
	}
	ahead := time.Until(opening)
	for i := range d.o.Kiosks {
		k, err := startKiosk(ctx, d, fmt.Sprint("K", i+1), "sim", ahead)
		if k != nil {
			d.kiosks = append(d.kiosks, k)
		}
		if err != nil {
			return err
		}
	}
	var err error
	d.desk, err = startDesk(ctx, d, ahead)
	return err
}

func (d *house) close() error {
	var errs []error
	for _, k := range d.kiosks {
		errs = append(errs, k.close())
	}
	if d.desk != nil {
		errs = append(errs, d.desk.part.close())
	}
	return errors.Join(errs...)
}

// fail notes something that went wrong.
func (d *house) fail(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrong = append(d.wrong, fmt.Sprintf(format, args...))
	d.o.Say("WRONG: "+format, args...)
}

// next gives the visit that comes next; wait says that there may be one later.
func (d *house) next() (v visit, ok, wait bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.coming) == 0 {
		return v, false, !d.closed
	}
	v = d.coming[0]
	if v.at > 0 && d.o.Speed > 0 && time.Since(d.began) < time.Duration(float64(v.at)/d.o.Speed) {
		return v, false, true
	}
	d.coming = d.coming[1:]
	d.busy++
	return v, true, true
}

func (d *house) left() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.busy--
}

// come sends a citizen to a kiosk once more.
func (d *house) come(v visit) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.coming = append([]visit{v}, d.coming...)
	d.backs++
	d.sendHome()
}

// lost closes a kiosk that does not come back.
func (d *house) lost() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.serving--
	d.sendHome()
}

// sendHome has nobody wait for a kiosk if there is none left: the officer would wait for them for ever. It is called with the lock.
func (d *house) sendHome() {
	if d.serving > 0 || len(d.coming) == 0 {
		return
	}
	d.wrong = append(d.wrong, fmt.Sprintf("no kiosk is left for %d visits", len(d.coming)))
	d.coming = nil
}

// quiet reports that nobody is at a kiosk or on the way there.
func (d *house) quiet() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.coming) == 0 && d.busy == 0
}

// shut ends the day: nobody is sent to a kiosk any more.
func (d *house) shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
}

// lookAgain is how often somebody who waits looks whether it is their turn.
const lookAgain = 50 * time.Millisecond

// serve has citizens come to a kiosk until the day ends.
func (d *house) serve(ctx context.Context, k *kioskHand) {
	for ctx.Err() == nil {
		v, ok, wait := d.next()
		if !ok {
			if !wait {
				return
			}
			time.Sleep(lookAgain)
			continue
		}
		if err := d.visit(ctx, k, v); err != nil {
			d.fail("%s: %s: %v", k.part.name, v, err)
			if err := k.restart(); err != nil {
				d.fail("%s: %v", k.part.name, err)
				d.left()
				d.lost()
				return
			}
		}
		d.left()
	}
}
