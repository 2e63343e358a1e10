package escpos

import (
	"context"
	"errors"
	"fmt"
	"time"

	"motcua/devices/print"
	"motcua/devices/print/link"
)

// glanceTime is how long to look for an answer that may be there already.
const glanceTime = 2 * time.Millisecond

// processIDs is how many ids of four decimal digits there are: GS ( H takes printable characters.
const processIDs = 10_000

// listen reads until want is fulfilled (true) or the time is over (false, nil).
func (d *Printer) listen(ctx context.Context, within time.Duration, want func() bool) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	buf := make([]byte, 256)
	for !want() {
		n, err := d.link.Read(ctx, buf)
		d.in.feed(buf[:n])
		switch {
		case errors.Is(err, link.ErrTimeout), errors.Is(err, link.ErrOneWay):
			return want(), nil
		case err != nil:
			return false, err
		}
		d.met = true
	}
	return true, nil
}

// ask is one DLE EOT and its answer.
func (d *Printer) ask(ctx context.Context, n byte) (answer, error) {
	d.in.realtime = nil
	if _, err := d.write(ctx, cmdEOT(n)); err != nil {
		return answer{}, err
	}
	ok, err := d.listen(ctx, d.timing.answer, func() bool { return len(d.in.realtime) > 0 })
	if !ok || err != nil {
		return answer{}, err
	}
	return answer{value: d.in.realtime[0], given: true}, nil
}

// askAll is the whole status. answers is false if the first question met silence.
func (d *Printer) askAll(ctx context.Context) (s print.Status, answers bool, err error) {
	var a [askPaper + 1]answer
	for n := askPrinter; n <= askPaper; n++ {
		if a[n], err = d.ask(ctx, byte(n)); err != nil {
			return print.Status{}, false, err
		}
		if n == askPrinter && !a[n].given {
			return print.Status{}, false, nil
		}
	}
	return decode(a[askPrinter], a[askOffline], a[askError], a[askPaper]), true, nil
}

// hello opens a conversation: is the printer there, and how is it? A link may have died unnoticed since the last job
// (cable out and in again, printer switched off and on), so one failure or silence is followed by a new connection.
func (d *Printer) hello(ctx context.Context) (print.Status, bool, error) {
	if !d.profile.Status || !d.link.HasBackChannel() {
		return print.Status{}, false, nil
	}
	s, answers, err := d.greet(ctx)
	if errors.Is(err, print.ErrGone) || err == nil && !answers && d.met {
		d.link.Drop()
		s, answers, err = d.greet(ctx)
	}
	if err == nil && !answers && d.met {
		err = fmt.Errorf("%w: it answered before and does not now", print.ErrGone)
	}
	return s, answers, err
}

func (d *Printer) greet(ctx context.Context) (print.Status, bool, error) {
	// The line is opened first, with all the time there is: a printer on the network is not gone because it takes
	// longer to reach than a look for old bytes lasts.
	if _, err := d.link.Write(ctx, nil); err != nil {
		return print.Status{}, false, err
	}
	if err := d.drain(ctx); err != nil {
		return print.Status{}, false, err
	}
	s, answers, err := d.askAll(ctx)
	if err != nil || answers || !d.torn {
		return s, answers, err
	}
	// The question may have been swallowed by an unfinished bit image: finish that and ask again.
	if err := d.pay(ctx); err != nil {
		return s, false, err
	}
	return d.askAll(ctx)
}

// drain forgets what the printer said before it was asked.
func (d *Printer) drain(ctx context.Context) error {
	met := d.met
	_, err := d.listen(ctx, glanceTime, func() bool { return false })
	d.met = met // old bytes in a line prove nothing
	d.in.forget()
	return err
}

// glance looks at what came since the last one and asks for the paper again, without waiting: within a job an answer
// may sit behind data that is still being printed. A full conversation follows after the job.
func (d *Printer) glance(ctx context.Context) error {
	if _, err := d.listen(ctx, glanceTime, func() bool { return len(d.in.realtime) > 0 }); err != nil {
		return err
	}
	for _, b := range d.in.realtime {
		if decode(answer{}, answer{}, answer{}, answer{b, true}).Paper == print.No {
			return print.ErrPaperOut
		}
	}
	d.in.realtime = nil
	_, err := d.write(ctx, cmdEOT(askPaper))
	return err
}

// confirm waits for the answer behind the job. All bytes are with the printer: what fails from here on is unsure,
// unless the printer itself says why.
func (d *Printer) confirm(ctx context.Context, rows int) error {
	d.jobs++
	id := [4]byte([]byte(fmt.Sprintf("%04d", d.jobs%processIDs)))
	d.in.sensor, d.in.process = nil, nil
	if _, err := d.write(ctx, d.question(id)); err != nil {
		return unsure(err)
	}
	printing := time.Duration(rows) * time.Second / slowest
	start := time.Now()
	heard := start.Add(printing)
	for time.Since(start) < printing+d.timing.total {
		done, err := d.listen(ctx, d.timing.answer, func() bool { return d.done(id) })
		switch {
		case err != nil:
			return unsure(err)
		case done:
			return d.verdict()
		case ctx.Err() != nil:
			return unsure(ctx.Err())
		}
		state, answers, err := d.askAll(ctx)
		switch {
		case err != nil && !d.done(id):
			return unsure(err)
		case answers && state.Err() != nil && !d.done(id):
			return state.Err()
		case answers:
			heard = later(heard, time.Now())
		case time.Since(heard) > d.timing.quiet:
			return unsure(link.ErrTimeout)
		}
	}
	return unsure(link.ErrTimeout)
}

func (d *Printer) question(id [4]byte) []byte {
	if d.profile.Confirm == ConfirmProcess {
		return cmdProcess(id)
	}
	return cmdSensor()
}

// done says whether the answer behind the job is here.
func (d *Printer) done(id [4]byte) bool {
	if d.profile.Confirm != ConfirmProcess {
		return len(d.in.sensor) > 0
	}
	for _, got := range d.in.process {
		if got == id {
			return true
		}
	}
	return false
}

// verdict reads the paper sensor in the answer to GS r 1. A printer that says "no paper" there has worked off the
// commands; whether the dots met paper nobody knows, so the slip does not count.
func (d *Printer) verdict() error {
	if d.profile.Confirm == ConfirmSensor && d.in.sensor[0]&sensorEndBits == sensorEndBits {
		return print.ErrPaperOut
	}
	return nil
}

func unsure(err error) error { return fmt.Errorf("%w: %w", print.ErrUnsure, detach(err)) }

// detach keeps the words of a cause and not its identity: a job is unsure or the printer is gone, never both.
func detach(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return errors.New(err.Error())
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
