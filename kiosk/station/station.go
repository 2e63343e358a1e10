// Package station is the bridge between the kiosk, which knows people, and the devices, which know bytes.
//
// Open picks a driver for each kind of device from the configuration; Watch turns what happens at the devices into
// events of the session; ReadCard and Print do what the session wants done. Words of devices become words of the
// counter here and nowhere else: card.ErrRemoved becomes fault.CardRemoved, a chip's files become an identity.Person.
// It is the only package of the core that may import devices.
//
// Simulators are drivers like the others and are chosen by name (driver = "sim"), or for whatever is not attached when
// Options.Simulate allows it. Without that permission an absent device is absent: an office whose reader was unplugged
// overnight must not greet the first citizen with an invented person.
package station

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"motcua/devices/card"
	"motcua/devices/print"
	"motcua/devices/scan"
	"motcua/devices/voice"
	"motcua/kiosk/config"
	"motcua/kiosk/session"
)

// Options of a station beyond its configuration.
type Options struct {
	// Simulate lets simulators stand in for devices that are "auto" and not attached.
	Simulate bool
	// Dir is the data directory, where the station keeps what it learnt of its readers and whom it trusts; "" keeps
	// nothing and trusts those that are built in.
	Dir string
	// Spool is a directory for what the simulated printer prints and the simulated voice says; empty is a temporary one.
	Spool string
	Log   *slog.Logger
	// Lines gives the serial lines that there are; nil looks for them in the usual places.
	Lines func() []string
}

// Station is the machine around the kiosk. Its methods may be called concurrently.
type Station struct {
	cards   card.Readers // nil: there shall be none
	scanner scan.Scanner // nil: there shall be none
	printer print.Printer
	voice   atomic.Pointer[voice.Voice] // nil: nothing speaks here
	pick    picker
	sims    *Simulators
	log     *slog.Logger
	want    string // part of the wanted reader's name
	memory  *memory
	trust   trusted

	mu       sync.Mutex
	slots    slots
	reading  chan struct{}                   // holds one token: a card can be open to one read only
	printing sync.Mutex                      // a status question must not fall into a job
	askEvery time.Duration                   // statusEvery, but for tests
	tell     atomic.Bool                     // a job failed: how the printer is now is news, even if it seems as before
	tap      atomic.Pointer[chan scan.Event] // of a bench that tests the scanner
}

// Open picks the drivers. An error is a fault.ConfigBad: a named driver that cannot be had here.
func Open(ctx context.Context, cfg config.Config, opts Options) (*Station, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	s := &Station{log: opts.Log, want: cfg.Card.Reader, sims: &Simulators{}, memory: openMemory(opts.Dir, opts.Log),
		reading: make(chan struct{}, 1), askEvery: statusEvery}
	s.reading <- struct{}{}
	s.trust = trusted{dir: opts.Dir, is: s.openTrust(opts.Dir), mark: trustMark(opts.Dir)}
	s.pick = picker{cfg, opts, s.sims, s.memory}
	var errs [4]error
	s.cards, errs[0] = s.pick.cards(ctx)
	s.scanner, errs[1] = s.pick.scanner()
	s.printer, errs[2] = s.pick.printer(ctx)
	speaks, err := s.pick.voice()
	s.voice.Store(speaks)
	errs[3] = err
	if err := errors.Join(errs[:]...); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close lets all devices go.
func (s *Station) Close() {
	if s.cards != nil {
		_ = s.cards.Close()
	}
	if s.printer != nil {
		_ = s.printer.Close()
	}
	s.sims.close()
}

// HasVoice reports whether this station can speak.
func (s *Station) HasVoice() bool { return s.voice.Load() != nil }

// Say speaks a text until it ends or ctx does.
func (s *Station) Say(ctx context.Context, text string) error {
	v := s.voice.Load()
	if v == nil {
		return voice.ErrAbsent
	}
	return v.Say(ctx, text)
}

// HasPrinter reports whether a printer belongs to this station, attached or not at the moment.
func (s *Station) HasPrinter() bool { return s.printer != nil }

// Simulators are the hands on the simulated devices; a simulator that is not in use does nothing.
func (s *Station) Simulators() *Simulators { return s.sims }

// statusEvery is how often the printer is asked how it is. A roll that runs empty should be known before somebody has
// answered all questions; a question costs a printer nothing.
const statusEvery = 2 * time.Second

// Watch reports what happens at the devices until ctx ends.
func (s *Station) Watch(ctx context.Context, emit func(session.Event)) {
	var watchers sync.WaitGroup
	defer watchers.Wait()
	if s.cards == nil {
		emit(session.ReaderChanged{Present: false})
	} else {
		watchers.Go(func() { s.watchCards(ctx, emit) })
	}
	if s.scanner == nil {
		emit(session.ScannerChanged{Present: false})
	} else {
		watchers.Go(func() { s.watchScanner(ctx, emit) })
	}
	if s.printer != nil {
		watchers.Go(func() { s.watchPrinter(ctx, emit) })
	}
}

// watchScanner turns reports of the scanner into events.
func (s *Station) watchScanner(ctx context.Context, emit func(session.Event)) {
	for e := range s.scanner.Watch(ctx) {
		if s.tapped(e) {
			continue
		}
		switch e.Kind {
		case scan.Read:
			emit(session.Scanned{Text: e.Text})
		case scan.Rejected:
			s.log.Warn("scan.rejected", "scanner", s.scanner.Name(), "err", e.Err)
			emit(session.ScanRejected{Code: scanCode(e.Err)})
		case scan.Connected:
			s.log.Info("scanner.connected", "scanner", s.scanner.Name())
			emit(session.ScannerChanged{Present: true})
		case scan.Gone:
			s.log.Warn("scanner.gone", "scanner", s.scanner.Name(), "err", e.Err)
			emit(session.ScannerChanged{Present: false})
		}
	}
}
