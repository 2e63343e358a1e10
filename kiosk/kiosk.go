// Package kiosk is the running application: it owns the session's state and every long-lived goroutine.
//
// Open gives a Kiosk its parts; Run turns the wheel until the context ends: events come in from the devices, from the
// clock and from the screen (Send), session.Step says what follows, the effects are carried out here, and each new
// Snapshot goes out through Show. One goroutine owns the state. Everything slow (chip, disk, paper) runs beside it and
// comes back as an event that carries the session's serial, so that an answer for somebody who has left reaches nobody.
//
// Order of a filing, which nothing here may change: the store's transaction is on disk, then the number is shown, then
// the slip prints. A printer's failure never undoes a filing.
package kiosk

import (
	"context"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/receipt"
	"motcua/kiosk/session"
	"motcua/kiosk/sweep"
)

// Devices is what the kiosk needs of the machine around it; kiosk/station has it.
type Devices interface {
	// Watch reports what happens at the devices until ctx ends. It reports the present state first.
	Watch(ctx context.Context, emit func(session.Event))
	// ReadCard reads the chip that lies on the reader. It calls emit on the way (session.CardProgress,
	// session.CardText) and gives a session.CardRead at the end; an error has a fault.Code.
	ReadCard(ctx context.Context, read session.ReadCard, emit func(session.Event)) (session.CardRead, error)
	// Print prints and reports once the slip is on paper; an error has a fault.Code, fault.PrinterUnsure where the
	// printer did not confirm.
	Print(ctx context.Context, slip receipt.Slip) error
	// Say speaks a text until it ends or ctx does.
	Say(ctx context.Context, text string) error
}

// Store is what the kiosk needs of the disk; kiosk/store has it.
type Store interface {
	// File puts the draft on disk under a new number. The same Draft.Key is filed once.
	File(ctx context.Context, draft filing.Draft) (filing.Filing, error)
	// Printed notes how a slip of the filing fared.
	Printed(ctx context.Context, ref filing.Reference, outcome string) error
	// Standing says where the filing of a slip's number stands.
	Standing(ctx context.Context, number string, day time.Time) (filing.Standing, error)
	// SayBrought tells the desk that a citizen came with what was lacking, Join that one came for something else.
	SayBrought(ctx context.Context, ref filing.Reference) error
	Join(ctx context.Context, ref filing.Reference) error
	// Prepare is told whose card lies there, so that Mine and File need not wait; Forget that they have left.
	Prepare(who string)
	Forget()
	// Mine says where the filings of a personal number stand.
	Mine(ctx context.Context, who string, day time.Time) ([]filing.Standing, error)
	// Rate notes how content who filed is, 1 to 5.
	Rate(ctx context.Context, ref filing.Reference, stars int) error
	// TakeTicket gives the next number for the counter.
	TakeTicket(ctx context.Context, t desk.Ticket) (desk.Ticket, error)
	// Head is the number of the journal's last entry; Line the queue of a day.
	Head(ctx context.Context) (int64, error)
	Line(ctx context.Context, day time.Time) (*desk.Line, error)
	// SetState tells the desk how this station is.
	SetState(ctx context.Context, state any) error
	// Want tells the desk that somebody asks for an officer.
	Want(ctx context.Context) error
	// Note writes something into the journal that is worth keeping and says nothing of a person.
	Note(ctx context.Context, kind string, detail map[string]string) error
}

// Limits on what runs beside the loop, so that nothing hangs for ever.
const (
	chipTime   = 40 * time.Second // a whole read; a slow chip with the largest portrait needs about 12 s
	fileTime   = 10 * time.Second // a transaction on a very slow disk
	mineTime   = time.Minute      // a tag on a very slow machine
	printTime  = 2 * time.Minute  // a slip of 76 kB on a serial line of 9600 baud
	queued     = 256              // events waiting for the loop
	clockTicks = time.Second
)

// Options are what a Kiosk may be given beyond its parts.
type Options struct {
	Now    func() time.Time                              // time.Now if nil
	Show   func(session.Snapshot)                        // called by the loop with each new snapshot; must not block for long
	Slip   func(session.Print) receipt.Slip              // what a slip says
	Ticket func(number int, service string) receipt.Slip // what the slip of a number says; nil: there is none
	Log    *slog.Logger
	Speech func(session.Snapshot) string // what a page says aloud; nil: nothing
	Forget func()                        // called after each session: screens and drivers drop what they hold
}

// Kiosk is one running kiosk.
type Kiosk struct {
	devices Devices
	store   Store
	opts    Options
	state   session.State
	events  chan session.Event
	shown   *session.Snapshot
	told    []session.Device // to the desk
	news    chan []session.Device
	said    speaking
	mute    chan struct{} // the voice failed

	work     sync.WaitGroup // everything beside the loop
	stopRead context.CancelFunc
	secrets  [][]byte        // portraits and proofs that this session has seen, to be overwritten at its end
	users    *sync.WaitGroup // who may still read them
}

// Open makes a kiosk of its parts; state is a fresh session.
func Open(state session.State, devices Devices, store Store, opts Options) *Kiosk {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return &Kiosk{devices: devices, store: store, opts: opts, state: state,
		events: make(chan session.Event, queued), mute: make(chan struct{}, 1), news: make(chan []session.Device, 1), users: &sync.WaitGroup{}}
}

// Send hands an event to the loop, from any goroutine. Intents of the screen come this way.
func (k *Kiosk) Send(e session.Event) { k.events <- e }

// Run turns the wheel until ctx ends, and returns when everything that it started has ended.
func (k *Kiosk) Run(ctx context.Context) {
	defer k.end()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	emit := func(e session.Event) {
		select {
		case k.events <- e:
		case <-ctx.Done():
		}
	}
	k.work.Go(func() { k.devices.Watch(ctx, emit) })
	k.work.Go(func() { k.watchQueue(ctx, emit) })
	k.work.Go(func() { k.tell(ctx) })
	clock := time.NewTicker(clockTicks)
	defer clock.Stop()
	k.step(ctx, k.tick())
	for {
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
			k.step(ctx, k.tick())
		case <-k.mute:
			k.said.until = k.opts.Now().Add(quietFor)
		case e := <-k.events:
			if m, ok := e.(mark); ok {
				close(m.reached)
				continue
			}
			k.step(ctx, e)
		}
	}
}

// mark is no event: it says when the loop has come as far as it.
type mark struct {
	session.Tick
	reached chan struct{}
}

// Sync waits until all that was sent before is dealt with and shown; ctx's error if it ends first.
func (k *Kiosk) Sync(ctx context.Context) error {
	m := mark{reached: make(chan struct{})}
	select {
	case k.events <- m:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-m.reached:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end waits for what runs beside the loop and overwrites what was read of a card in a session that was cut short.
func (k *Kiosk) end() {
	k.work.Wait()
	for {
		select {
		case e := <-k.events:
			forget(e)
		default:
			for _, secret := range k.secrets {
				clear(secret)
			}
			return
		}
	}
}

// forget overwrites what was read of a card in an event that reaches nobody.
func forget(e session.Event) {
	for _, secret := range secretsOf(e) {
		clear(secret)
	}
}

// secretsOf are the bytes of an event that can be overwritten: the portrait, and the proof of the chip.
func secretsOf(e session.Event) (secrets [][]byte) {
	read, ok := e.(session.CardRead)
	if !ok {
		return nil
	}
	if read.Photo != nil {
		secrets = append(secrets, read.Photo.Data)
	}
	return append(secrets, read.Evidence.Proof)
}

func (k *Kiosk) tick() session.Event {
	return session.Tick{Now: k.opts.Now()}
}

// step is one turn: the next state, its effects, its snapshot.
func (k *Kiosk) step(ctx context.Context, e session.Event) {
	if read, ok := e.(session.CardRead); ok && read.Serial != k.state.Serial {
		forget(e) // of somebody who has left
	} else if ok {
		k.secrets = append(k.secrets, secretsOf(e)...)
	}
	next, effects := session.Step(k.state, e)
	k.state = next
	for _, effect := range effects {
		k.carryOut(ctx, effect)
	}
	if _, ok := e.(session.Repeat); ok {
		k.again(ctx)
	}
	k.report()
	k.show()
	k.speak(ctx, *k.shown)
}

// show publishes the snapshot if it differs from the one on the screen.
func (k *Kiosk) show() {
	s := session.View(k.state)
	if k.shown != nil && reflect.DeepEqual(*k.shown, s) {
		return
	}
	if k.shown == nil || k.shown.Page != s.Page {
		k.opts.Log.Info("page.shown", "page", s.Page, "session", s.Serial)
	}
	k.shown = &s
	if k.opts.Show != nil {
		k.opts.Show(s)
	}
}

// carryOut does what Step wanted done.
func (k *Kiosk) carryOut(ctx context.Context, effect session.Effect) {
	switch e := effect.(type) {
	case session.ReadCard:
		k.readCard(ctx, e)
	case session.StopReading:
		k.stopReading()
	case session.File:
		k.beside(ctx, fileTime, func(ctx context.Context) session.Event { return k.file(ctx, e) })
	case session.Print:
		k.beside(ctx, printTime, func(ctx context.Context) session.Event { return k.print(ctx, e) })
	case session.CallOfficer:
		k.opts.Log.Info("officer.called", "session", k.state.Serial)
		k.work.Go(func() { k.want(ctx) })
	case session.TakeTicket:
		k.beside(ctx, fileTime, func(limited context.Context) session.Event { return k.ticket(limited, ctx, e) })
	case session.Find:
		k.beside(ctx, fileTime, func(ctx context.Context) session.Event { return k.find(ctx, e.Serial, e.Number) })
	case session.FindMine:
		k.store.Prepare(e.Who)
		k.beside(ctx, mineTime, func(ctx context.Context) session.Event { return k.mine(ctx, e) })
	case session.Brought:
		k.beside(ctx, fileTime, func(limited context.Context) session.Event { return k.brought(limited, ctx, e) })
	case session.Refused:
		k.work.Go(func() { k.refused(ctx, e) })
	case session.NoteRating:
		k.work.Go(func() { k.rate(ctx, e) })
	case session.Wipe:
		k.wipe(e)
	}
}

// find looks up where the filing of a slip stands.
func (k *Kiosk) find(ctx context.Context, serial uint64, number string) session.Event {
	s, err := k.store.Standing(ctx, number, k.opts.Now())
	if err != nil {
		k.opts.Log.Warn("slip.not-found", "session", serial, "code", fault.CodeOf(err))
		return session.NotFound{Serial: serial, Code: fault.CodeOf(err)}
	}
	k.opts.Log.Info("slip.found", "session", serial, "reference", s.Reference.String(), "status", s.Status)
	return session.Found{Serial: serial, Standing: s}
}

// mine looks up the filings of whose card lies there. That they are not found is said to nobody: the slip finds them, too.
func (k *Kiosk) mine(ctx context.Context, e session.FindMine) session.Event {
	list, err := k.store.Mine(ctx, e.Who, k.opts.Now())
	if err != nil {
		k.opts.Log.Warn("mine.not-found", "session", e.Serial, "code", fault.CodeOf(err), "err", err)
	}
	return session.Mine{Serial: e.Serial, Standings: list}
}

// brought tells the desk that the citizen of a slip is here, and gives what stands there then; the ticket is printed while ctx lives.
func (k *Kiosk) brought(limited, ctx context.Context, e session.Brought) session.Event {
	come := k.store.Join
	if e.Lacking {
		come = k.store.SayBrought
	}
	if err := come(limited, e.Reference); err != nil {
		k.opts.Log.Warn("slip.brought", "session", e.Serial, "code", fault.CodeOf(err), "err", err)
	}
	news := k.find(limited, e.Serial, e.Reference.String())
	if found, ok := news.(session.Found); ok && found.Standing.Ticket > 0 {
		k.printTicket(ctx, e.Serial, found.Standing.Ticket, e.Plain)
	}
	return news
}

// refused keeps that somebody heard the notice of consent and said no.
func (k *Kiosk) refused(ctx context.Context, e session.Refused) {
	limited, cancel := context.WithTimeout(ctx, fileTime)
	defer cancel()
	if err := k.store.Note(limited, "consent.refused", map[string]string{"service": e.Service, "text": e.Text}); err != nil {
		k.opts.Log.Error("journal.failed", "session", e.Serial, "error", err)
	}
}

// beside runs do next to the loop and feeds its event back.
func (k *Kiosk) beside(ctx context.Context, limit time.Duration, do func(context.Context) session.Event) {
	users := k.users
	users.Add(1)
	k.work.Go(func() {
		defer users.Done()
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		e := do(limited)
		select {
		case k.events <- e:
		case <-ctx.Done():
			forget(e)
		}
	})
}

// readCard starts to read the chip; a read that is under way ends first.
func (k *Kiosk) readCard(ctx context.Context, e session.ReadCard) {
	k.stopReading()
	reading, stop := context.WithCancel(ctx)
	k.stopRead = stop
	emit := func(ev session.Event) {
		select {
		case k.events <- ev:
		case <-reading.Done():
		}
	}
	k.beside(reading, chipTime, func(ctx context.Context) session.Event {
		began := k.opts.Now()
		read, err := k.devices.ReadCard(ctx, e, emit)
		if err != nil {
			k.opts.Log.Warn("card.failed", "session", e.Serial, "code", fault.CodeOf(err), "err", err)
			return session.CardFailed{Serial: e.Serial, Try: e.Try, Code: fault.CodeOf(err)}
		}
		k.opts.Log.Info("card.read", "session", e.Serial, "access", read.Evidence.Access,
			"ms", k.opts.Now().Sub(began).Milliseconds())
		return read
	})
}

func (k *Kiosk) stopReading() {
	if k.stopRead != nil {
		k.stopRead()
		k.stopRead = nil
	}
}

// file puts the draft on disk.
func (k *Kiosk) file(ctx context.Context, e session.File) session.Event {
	filed, err := k.store.File(ctx, e.Draft)
	if err != nil {
		k.opts.Log.Error("filing.failed", "session", e.Serial, "code", fault.CodeOf(err), "err", err)
		return session.FileFailed{Serial: e.Serial, Code: fault.CodeOf(err)}
	}
	k.opts.Log.Info("filing.filed", "session", e.Serial, "reference", filed.Reference.String(), "service", filed.Service)
	return session.Filed{Serial: e.Serial, Filing: filed}
}

// print prints the slip and notes in the journal how it fared.
func (k *Kiosk) print(ctx context.Context, e session.Print) session.Event {
	err := k.devices.Print(ctx, k.opts.Slip(e))
	code := fault.CodeOf(err)
	outcome := "printed"
	if err != nil {
		outcome = string(code)
		k.opts.Log.Warn("slip.failed", "session", e.Serial, "code", code, "err", err)
	}
	if noted := k.store.Printed(ctx, e.Filing.Reference, outcome); noted != nil {
		k.opts.Log.Error("journal.failed", "session", e.Serial, "code", fault.CodeOf(noted), "err", noted)
	}
	if err != nil && code != fault.PrinterUnsure {
		return session.SlipFailed{Serial: e.Serial, Code: code}
	}
	k.opts.Log.Info("slip.printed", "session", e.Serial, "copy", e.Copy, "confirmed", err == nil)
	return session.Printed{Serial: e.Serial, Sure: err == nil}
}

// wipe forgets the person: screens and drivers drop what they cached, the bytes that were read are overwritten once nobody
// reads them any more (a filing that is still being written needs them), and the strings, which we cannot overwrite, are left
// to the collector (kiosk/sweep).
func (k *Kiosk) wipe(e session.Wipe) {
	k.stopReading()
	k.shown = nil
	k.store.Forget()
	if k.opts.Forget != nil {
		k.opts.Forget()
	}
	secrets, users := k.secrets, k.users
	k.secrets, k.users = nil, &sync.WaitGroup{}
	k.work.Go(func() {
		users.Wait()
		for _, secret := range secrets {
			clear(secret)
		}
		k.opts.Log.Info("session.wiped", "session", e.Serial)
		sweep.Soon()
	})
}
