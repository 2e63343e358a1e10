package day

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/devices/print/printsim"
	"motcua/devices/scan/qr"
	"motcua/devices/scan/scansim"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
	"motcua/kiosk/trial"
)

// kioskHand is the people at a kiosk: they see its screen, touch it, show codes, lay cards down, take slips.
type kioskHand struct {
	part    *part
	ctx     context.Context
	scanner *scansim.Sim
	printer *printsim.Printer
	spool   string
	lay     func(context.Context, cardsim.Persona) error
	lift    func(context.Context) error
	cards   map[identity.Number]cardsim.Persona
	think   time.Duration
	lies    bool                       // a card, on the reader
	slow    time.Duration              // that a reader is in seeing a card go
	slips   int                        // taken so far
	done    session.Done               // that was seen last
	touched map[string][]time.Duration // how long the kiosk took to deal with a touch, by page
	scanned time.Time
	said    string // by the scanner, last
}

var _ trial.Machine = (*kioskHand)(nil)

// How long people wait: patience for anything at all, repeat until the same code may be shown again.
const (
	patience = 3 * time.Minute
	repeat   = 2 * time.Second
	// seesCards is in what time the simulated reader tells that a card has gone, on a busy machine.
	seesCards = 300 * time.Millisecond
)

// startKiosk starts a kiosk with scanner and printer at serial lines; cards is the driver of its reader.
func startKiosk(ctx context.Context, d *house, id, cards string, ahead time.Duration) (*kioskHand, error) {
	k := &kioskHand{ctx: ctx, spool: filepath.Join(d.o.Dir, "spool-"+id), cards: d.town.cards, think: d.o.Think, slow: seesCards, touched: map[string][]time.Duration{}}
	var err error
	line := filepath.Join(d.o.Dir, "line-"+id)
	if err := os.MkdirAll(line, 0o700); err != nil {
		return nil, err
	}
	const atOnce = 4_000_000 // baud: a text is one write, whatever else this machine has to do
	if k.scanner, err = scansim.Start(ctx, scansim.Options{Dir: line, Baud: atOnce}); err != nil {
		return nil, err
	}
	if k.printer, err = printsim.Start(ctx, printsim.Options{Dir: k.spool}); err != nil {
		return nil, errors.Join(err, k.scanner.Close())
	}
	text := fmt.Sprintf("[station]\nid = %q\n[data]\ndir = %q\n[card]\ndriver = %q\n[scanner]\ndriver = \"serial\"\ndevice = %q\n"+
		"[printer]\ndriver = \"escpos\"\ndevice = %q\nprofile = \"generic-80\"\n[voice]\ndriver = \"none\"\n[services]\ndir = %q\n",
		id, d.data(), cards, k.scanner.Path(), "serial:"+k.printer.Path(), filepath.Join(d.o.Dir, "none"))
	if k.part, err = d.start(ctx, partKiosk, id, text, ahead); err != nil {
		return nil, errors.Join(err, k.unplug())
	}
	k.lay = func(ctx context.Context, p cardsim.Persona) error {
		_, err := k.part.call(ctx, doLay, p)
		return err
	}
	k.lift = func(ctx context.Context) error {
		_, err := k.part.call(ctx, doLift, nil)
		return err
	}
	_, err = k.until("the welcome page", func(s session.Snapshot) bool { return s.Page == session.PageWelcome })
	return k, err
}

// data is the data directory.
func (d *house) data() string { return filepath.Join(d.o.Dir, "data") }

// start starts a part with a configuration of its own.
func (d *house) start(ctx context.Context, kind, name, settings string, ahead time.Duration) (*part, error) {
	file := filepath.Join(d.o.Dir, name+".toml")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		return nil, err
	}
	cmd := d.o.Command(ctx, kind, "--config", file, "--log", filepath.Join(d.o.Dir, name+".log"), "--ahead", ahead.String())
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(d.o.Dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"), "TMPDIR="+filepath.Join(d.o.Dir, "tmp"))
	errs, err := os.OpenFile(filepath.Join(d.o.Dir, name+".err"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer errs.Close() // the process has its own
	cmd.Stderr = errs
	return start(name, cmd)
}

func (k *kioskHand) unplug() error {
	return errors.Join(k.scanner.Close(), k.printer.Close())
}

func (k *kioskHand) close() error { return errors.Join(k.part.close(), k.unplug()) }

// look is what stands on the screen now.
func (k *kioskHand) look() (s session.Snapshot, changed <-chan struct{}) {
	raw, changed := k.part.now()
	if raw != nil && json.Unmarshal(raw, &s) != nil {
		s = session.Snapshot{}
	}
	return s, changed
}

// until waits for something on the screen.
func (k *kioskHand) until(what string, want func(session.Snapshot) bool) (session.Snapshot, error) {
	over := time.After(patience)
	for {
		s, changed := k.look()
		if want(s) {
			return s, nil
		}
		select {
		case <-changed:
		case <-over:
			return s, fmt.Errorf("%s does not come: it stands at %s", what, place(s))
		case <-k.part.ended:
			return s, errGone
		case <-k.ctx.Done():
			return s, k.ctx.Err()
		}
	}
}

// place names the page.
func place(s session.Snapshot) string {
	at := string(s.Page)
	switch {
	case s.Form != nil:
		at += " " + string(s.Form.Field)
	case s.Choice != nil:
		at += " " + string(s.Choice.Field)
	case s.Rows != nil:
		at += " " + string(s.Rows.Field)
	case s.Fault != nil:
		at += " " + string(s.Fault.Code)
	case s.Reading != nil:
		at += " " + string(s.Reading.Fault)
	}
	return at
}

// rests reports whether the machine waits for somebody.
func rests(s session.Snapshot) bool {
	switch s.Page {
	case session.PageReading:
		return s.Reading.Fault != ""
	case session.PageFiling:
		return false
	case session.PageDone:
		return s.Done.Printing != session.PrintRunning
	case session.PageRows:
		return !s.Rows.Reading
	}
	return true
}

// View implements trial.Machine.
func (k *kioskHand) View() session.Snapshot {
	s, _ := k.look()
	return s
}

// Do implements trial.Machine. Who leaves takes the card along.
func (k *kioskHand) Do(i session.Intent) error {
	time.Sleep(k.think)
	before := k.View()
	if before.Page == session.PageDone || before.Page == session.PageCounter || before.Page == session.PageStatus {
		if before.Done != nil {
			k.done = *before.Done
		}
		if err := k.take(); err != nil {
			return err
		}
	}
	r, err := k.part.call(k.ctx, name(i), i)
	if err != nil {
		return err
	}
	k.touched[string(before.Page)] = append(k.touched[string(before.Page)], r.Took)
	_, err = k.until("what follows "+place(before), rests)
	return err
}

// take takes the card away, and waits until the machine has seen that it is gone: nobody's next is faster than that.
func (k *kioskHand) take() error {
	if !k.lies {
		return nil
	}
	k.lies = false
	if err := k.lift(k.ctx); err != nil {
		return err
	}
	time.Sleep(k.slow)
	_, err := k.until("that the card is gone", func(s session.Snapshot) bool { return s.Done == nil || !s.Done.CardLeft })
	return err
}

// name is what an intent is called in the pipe.
func name(i any) string {
	_, after, _ := strings.Cut(fmt.Sprintf("%T", i), ".")
	return after
}

// scan shows a code to the scanner; the same one not too soon after.
func (k *kioskHand) scan(text string) error {
	if text == k.said {
		time.Sleep(time.Until(k.scanned.Add(repeat)))
	}
	defer func() { k.said, k.scanned = text, time.Now() }()
	return k.scanner.Send(k.ctx, text)
}

// Card implements trial.Machine.
func (k *kioskHand) Card(who identity.Person) error {
	card, ok := k.cards[who.Number]
	if !ok {
		return fmt.Errorf("nobody here has the card that is wanted")
	}
	if err := k.take(); err != nil {
		return err
	}
	before := k.View()
	if err := k.scan(card.QR()); err != nil {
		return err
	}
	// A card counts from where its code was seen: on a list, the next one is laid down when the list shows the first.
	seen, err := k.until("what a code leads to", func(s session.Snapshot) bool {
		return s.Page != before.Page || s.Rows != nil && len(s.Rows.Rows)+s.Rows.Pages != len(before.Rows.Rows)+before.Rows.Pages
	})
	if err != nil {
		return err
	}
	if err := k.lay(k.ctx, card); err != nil {
		return err
	}
	k.lies = true
	if seen.Page == session.PageReading {
		seen, err = k.until("whose card it is", rests)
		if err == nil && seen.Page != session.PageConfirm {
			err = fmt.Errorf("the card is not read: %s", place(seen))
		}
		return err
	}
	const toBegin = 3 * time.Second
	begin := time.After(toBegin)
	for s, changed := k.look(); s.Rows != nil && !s.Rows.Reading; s, changed = k.look() {
		select {
		case <-changed:
			continue
		case <-begin:
		}
		break
	}
	_, err = k.until("the end of reading", rests)
	return err
}

// slip takes the next piece of paper.
func (k *kioskHand) slip() (string, error) {
	ctx, cancel := context.WithTimeout(k.ctx, patience)
	defer cancel()
	k.slips++
	all, err := k.printer.WaitSlips(ctx, k.slips)
	if err != nil {
		k.slips--
		return "", fmt.Errorf("no slip: %w", err)
	}
	return all[k.slips-1], nil
}

// reference is the number on a slip, by its code.
func reference(ctx context.Context, slip string) (filing.Reference, error) {
	luma, err := qr.OpenFile(slip)
	if err != nil {
		return filing.Reference{}, err
	}
	const budget = 30 * time.Second
	code, err := (&qr.Decoder{Budget: budget}).Decode(ctx, luma)
	if err != nil {
		return filing.Reference{}, fmt.Errorf("%s: %w", filepath.Base(slip), err)
	}
	return filing.ParseReference(code.Text)
}

// restart leads back to the welcome page from wherever somebody gave up.
func (k *kioskHand) restart() error {
	if err := k.take(); err != nil {
		return err
	}
	const most = 60
	for range most {
		s := k.View()
		var i session.Intent = session.Back{}
		switch s.Page {
		case session.PageWelcome:
			k.slips = len(k.printer.Slips())
			return nil
		case session.PageDone, session.PageFault, session.PageCounter:
			i = session.Next{}
		}
		if _, err := k.part.call(k.ctx, name(i), i); err != nil {
			return err
		}
		time.Sleep(lookAgain)
	}
	return fmt.Errorf("no way back from %s", place(k.View()))
}
