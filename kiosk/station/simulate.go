package station

import (
	"context"
	"fmt"
	"sync"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/devices/print"
	"motcua/devices/print/printsim"
	"motcua/devices/scan/scansim"
	"motcua/kiosk/fault"
)

// Simulators are the hands of a person at the simulated devices: they show the QR code, lay the card down, take it
// away. Methods on devices that are not simulated do nothing.
type Simulators struct {
	cards   *cardsim.Readers
	scanner *scansim.Direct
	printer *printsim.Printer
	voice   bool

	mu      sync.Mutex
	persona int  // whose card comes next
	lying   bool // a card lies on the simulated reader
}

// commandTime is what a contactless reader needs for a command: the simulated card takes it, so that a demonstration
// shows the pace that people will see.
const commandTime = 20 * time.Millisecond

// Names lists what is simulated, as session.Snapshot.Simulated has it.
func (s *Simulators) Names() []string {
	var names []string
	if s.cards != nil {
		names = append(names, "card")
	}
	if s.scanner != nil {
		names = append(names, "scanner")
	}
	if s.printer != nil {
		names = append(names, "printer")
	}
	if s.voice {
		names = append(names, "voice")
	}
	return names
}

// Toggle does the next thing that a citizen would do: shows the QR code of the next invented person and lays the card
// down, or takes the card away.
func (s *Simulators) Toggle() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lying {
		s.lying = false
		s.cards.Remove()
		return nil
	}
	people := cardsim.Personas()
	person := people[s.persona%len(people)]
	s.persona++
	if s.scanner != nil {
		if err := s.scanner.Send(person.QR()); err != nil {
			return err
		}
	}
	if s.cards == nil {
		return nil
	}
	profile, err := cardsim.Build(person, cardsim.ProfileOptions{})
	if err != nil {
		return err
	}
	s.lying = true
	return s.cards.Insert(cardsim.New(profile, cardsim.Options{Extended: true, Delay: commandTime}))
}

// Slips are the pictures of what the simulated printer printed.
func (s *Simulators) Slips() []string {
	if s.printer == nil {
		return nil
	}
	return s.printer.Slips()
}

func (s *Simulators) close() {
	if s.printer != nil {
		_ = s.printer.Close()
	}
}

// simulatedPrinter is a printer in software behind a real pseudo-terminal, and the real driver on this side of it.
func (p picker) simulatedPrinter(ctx context.Context) (print.Printer, error) {
	profile, err := profileOf(p.cfg.Printer)
	if err != nil {
		return nil, err
	}
	printer, err := printsim.Start(ctx, printsim.Options{Width: profile.Width, Dir: p.opts.Spool})
	if err != nil {
		return nil, fault.New(fault.Internal, fmt.Errorf("station: simulated printer: %w", err))
	}
	p.sims.printer = printer
	return openPrinter("serial:"+printer.Path(), p.cfg.Printer)
}
