// Package escpos drives receipt printers that speak ESC/POS, over any link: New, then print.Printer's methods.
//
// The driver knows dots and QR codes, no letters: text comes drawn, since no two printers agree on Vietnamese. Dots
// go as GS v 0 (the one raster command that every printer has), in bands without their white margins.
//
// How the end of a job is known. Before a job the printer is asked how it is (DLE EOT 1 to 4, answered at once even
// when it is busy or out of paper). Behind the job goes one command that is answered in its turn, when all before it
// is done: GS r 1 by default, because it is old and nearly all printers that answer anything answer it; GS ( H where
// the model is known to have it, since it waits for the paper and not only for the buffer. While that answer is
// awaited, DLE EOT tells the difference between "still printing", "out of paper" and silence.
//
// A printer that has never answered anything (cheap ones on a serial line with two wires) is printed on without
// questions, and its Status is unknown. One that answered before and now does not is gone, or its job unsure.
package escpos

import (
	"context"
	"errors"
	"fmt"
	"time"

	"motcua/devices/print"
	"motcua/devices/print/link"
)

// timing is how long a printer may take. Fields, so that tests need not wait.
type timing struct {
	answer time.Duration // for the answer to DLE EOT
	stall  time.Duration // for a chunk to be taken
	quiet  time.Duration // of silence after a job, on top of the time that printing takes
	total  time.Duration // for the confirmation in all, while the printer answers that it is well
}

func defaultTiming() timing {
	return timing{
		answer: 500 * time.Millisecond, stall: 4 * time.Second,
		quiet: 3 * time.Second, total: 60 * time.Second,
	}
}

const (
	// chunk is how much is written at once: a second of the slowest serial line (9600 baud).
	chunk = 1024
	// checkEvery is how many bytes go between two questions for paper within a job.
	checkEvery = 8 << 10
	// slowest is the speed of the slowest mechanism, in rows a second (50 mm/s).
	slowest = 400
)

// Printer is one ESC/POS printer.
type Printer struct {
	link    link.Link
	profile Profile
	timing  timing

	turn chan struct{} // holds one token: whoever has it talks to the printer; guards what follows
	in   replies
	met  bool // it has answered at least once
	torn bool // the last job broke off: what is left of it must not join the next slip
	owed int  // bytes that the command in which it broke off may still wait for
	jobs uint32
}

var _ print.Printer = (*Printer)(nil)

// New drives the printer at the other end of l, which belongs to it from now on. No device is touched.
func New(l link.Link, p Profile) *Printer {
	d := &Printer{link: l, profile: p, timing: defaultTiming(), turn: make(chan struct{}, 1)}
	d.turn <- struct{}{}
	// Nobody knows what the program before this one left in the printer: if it died within a bit image, its torso would
	// come out above the first slip, with somebody else's name on it. (What cannot answer is a file, or as good as one.)
	if l.HasBackChannel() {
		d.tear()
	}
	return d
}

// Open makes link and driver from configuration: a link's address and a profile's name.
func Open(address, profile string) (*Printer, error) {
	p, err := ProfileNamed(profile)
	if err != nil {
		return nil, err
	}
	l, err := link.Open(address)
	if err != nil {
		return nil, err
	}
	return New(l, p), nil
}

// Name is profile and address.
func (d *Printer) Name() string { return d.profile.Name + " " + d.link.String() }

// WidthDots is the profile's width.
func (d *Printer) WidthDots() int { return d.profile.Width }

// Close ends a running conversation too.
func (d *Printer) Close() error { return d.link.Close() }

func (d *Printer) take(ctx context.Context) error {
	select {
	case <-d.turn:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: busy: %w", print.ErrOffline, ctx.Err())
	}
}

func (d *Printer) release() { d.turn <- struct{}{} }

// Status asks by DLE EOT 1 to 4. What is not answered is unknown.
func (d *Printer) Status(ctx context.Context) (print.Status, error) {
	if err := d.take(ctx); err != nil {
		return print.Status{}, err
	}
	defer d.release()
	s, _, err := d.hello(ctx)
	return s, err
}

// Print sends the job. Besides the errors of package print it returns ErrJob, and a job cut short by ctx gives
// print.ErrOffline with the context's error.
func (d *Printer) Print(ctx context.Context, job print.Job) error {
	c, err := encode(d.profile, job)
	if err != nil {
		return err
	}
	if err := d.take(ctx); err != nil {
		return err
	}
	defer d.release()
	state, answers, err := d.hello(ctx)
	if err != nil {
		return err
	}
	if err := state.Err(); err != nil {
		return err
	}
	if err := d.tidy(ctx); err != nil {
		return err
	}
	if err := d.send(ctx, c.units, answers); err != nil {
		return err
	}
	if err := d.link.EndJob(ctx); err != nil {
		return err
	}
	if !answers {
		return nil
	}
	err = d.confirm(ctx, c.rows)
	if errors.Is(err, print.ErrUnsure) {
		d.tear()
	}
	return err
}

// send writes the units and looks for the paper between them.
func (d *Printer) send(ctx context.Context, units [][]byte, answers bool) error {
	since := 0
	for _, u := range units {
		if _, err := d.write(ctx, u); err != nil {
			d.tear()
			return err
		}
		since += len(u)
		if !answers || since < checkEvery {
			continue
		}
		since = 0
		if err := d.glance(ctx); err != nil {
			d.tear()
			return err
		}
	}
	return nil
}

// write sends all of p, in chunks. A device that takes none of a chunk for too long is offline.
func (d *Printer) write(ctx context.Context, p []byte) (sent int, err error) {
	for sent < len(p) {
		part, cancel := context.WithTimeout(ctx, d.timing.stall)
		n, err := d.link.Write(part, p[sent:min(len(p), sent+chunk)])
		cancel()
		sent += n
		if err != nil {
			return sent, d.blame(ctx, err)
		}
	}
	return sent, nil
}

// blame says what a failed write means: a link that is there and takes nothing is a printer that is offline.
func (d *Printer) blame(ctx context.Context, err error) error {
	switch {
	case !errors.Is(err, link.ErrTimeout):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", print.ErrOffline, ctx.Err())
	}
	return fmt.Errorf("%w: %w", print.ErrOffline, err)
}

// tear notes that the job broke off, somewhere: a lost link takes with it what the kernel still held, so nobody knows
// in which command. No command waits for more than the largest band.
func (d *Printer) tear() { d.torn, d.owed = true, (d.profile.Width+7)/8*maxBandRows }

// tidy ends a job that broke off: the bytes it owes (the printer may wait for the rest of a bit image; outside of one
// NUL is nothing), then a cut, so that a torso does not become the head of the next slip.
func (d *Printer) tidy(ctx context.Context) error {
	if !d.torn {
		return nil
	}
	if err := d.pay(ctx); err != nil {
		return err
	}
	if _, err := d.write(ctx, append(cmdInit(), cut(d.profile)...)); err != nil {
		return err
	}
	d.torn = false
	return nil
}

func (d *Printer) pay(ctx context.Context) error {
	n, err := d.write(ctx, make([]byte, d.owed))
	d.owed -= n
	return err
}
