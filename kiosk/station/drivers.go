package station

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/pcsc"
	"motcua/devices/print"
	"motcua/devices/print/escpos"
	"motcua/devices/print/link"
	"motcua/devices/scan"
	"motcua/devices/scan/qr"
	"motcua/devices/scan/scansim"
	"motcua/devices/scan/serial"
	"motcua/devices/voice"
	"motcua/kiosk/checkup"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
)

// Where devices are looked for when the configuration says "auto".
const (
	printerNode  = "/dev/usb/lp0"
	serialByID   = "/dev/serial/by-id/*"
	serialModems = "/dev/ttyACM*" // what a USB scanner in serial mode shows as
)

// autoLook is how long "auto" waits for a reader to show before a simulator takes its place.
const autoLook = 1500 * time.Millisecond

// picker chooses drivers.
type picker struct {
	cfg    config.Config
	opts   Options
	sims   *Simulators
	memory *memory // nil: nothing was chosen
}

// cards picks the driver of the card readers.
func (p picker) cards(ctx context.Context) (card.Readers, error) {
	switch p.cfg.Card.Driver {
	case config.DriverNone:
		return nil, nil
	case config.DriverSim:
		return p.simulatedCards(), nil
	case config.DriverAuto:
		if p.opts.Simulate && !hasReader(ctx) {
			return p.simulatedCards(), nil
		}
	}
	return pcsc.New(), nil
}

func (p picker) simulatedCards() card.Readers {
	p.sims.cards = cardsim.NewReaders()
	return p.sims.cards
}

// hasReader reports whether PC/SC knows a reader now.
func hasReader(ctx context.Context) bool {
	readers := pcsc.New()
	defer readers.Close()
	ctx, cancel := context.WithTimeout(ctx, autoLook)
	defer cancel()
	for e := range readers.Watch(ctx) {
		if e.Kind == card.ReaderAdded {
			return true
		}
	}
	return false
}

// scanner picks the driver of the scanner.
func (p picker) scanner() (scan.Scanner, error) {
	c := p.cfg.Scanner
	switch c.Driver {
	case config.DriverNone:
		return nil, nil
	case config.DriverSim:
		return p.simulatedScanner(), nil
	case config.DriverFile:
		return &qr.FileScanner{Path: c.Path}, nil
	case config.DriverSerial:
		return serialScanner(c.Device, c.Baud)
	}
	if c.Device != "" {
		return serialScanner(c.Device, c.Baud)
	}
	if p.opts.Simulate && p.scannerLine() == "" {
		return p.simulatedScanner(), nil
	}
	return &foundScanner{find: p.scannerLine, baud: c.Baud}, nil
}

func serialScanner(device string, baud int) (scan.Scanner, error) {
	s, err := serial.New(serial.Options{Path: device, Baud: baud})
	if err != nil {
		return nil, fault.New(fault.ConfigBad, err)
	}
	return s, nil
}

func (p picker) simulatedScanner() scan.Scanner {
	p.sims.scanner = scansim.NewDirect("Motcua simulator")
	return p.sims.scanner
}

// printer picks the driver of the printer.
func (p picker) printer(ctx context.Context) (print.Printer, error) {
	c := p.cfg.Printer
	switch c.Driver {
	case config.DriverNone:
		return nil, nil
	case config.DriverSim:
		return p.simulatedPrinter(ctx)
	}
	if c.Device != "" {
		return openPrinter(c.Device, c)
	}
	device := p.printerDevice()
	if path, ok := strings.CutPrefix(device, viaUSB); ok && c.Driver == config.DriverAuto && p.opts.Simulate {
		if _, err := os.Stat(path); err != nil {
			return p.simulatedPrinter(ctx)
		}
	}
	printer, err := openPrinter(device, c)
	if err != nil {
		return nil, err
	}
	return newExchange(printer), nil
}

// printerDevice is where the printer is: as the configuration says, else as was chosen, else the first that USB knows.
func (p picker) printerDevice() string {
	return cmp.Or(p.cfg.Printer.Device, p.memory.chosen(checkup.Printer), viaUSB+printerNode)
}

// voice picks what speaks; nil if nothing does.
func (p picker) voice() (*voice.Voice, error) {
	o := voice.Options{Language: p.cfg.Voice.Language}
	if p.cfg.Voice.Pack != "" && p.opts.Dir != "" {
		o.Pack = filepath.Join(p.opts.Dir, VoicesDir, p.cfg.Voice.Pack)
	}
	simulated := p.cfg.Voice.Driver == config.DriverSim || p.opts.Simulate && !voice.Loudspeaker()
	switch {
	case p.cfg.Voice.Driver == config.DriverNone, !simulated && !voice.Loudspeaker():
		return nil, nil
	case simulated:
		o.Simulated, o.Dir = true, p.opts.Spool
	}
	v, err := voice.Open(o)
	if errors.Is(err, voice.ErrPack) || errors.Is(err, voice.ErrUnknown) { // the usual voice is better than none
		p.opts.Log.Warn("voice.unknown", "err", err)
		o.Pack, o.Language = "", ""
		v, err = voice.Open(o)
	}
	if errors.Is(err, voice.ErrAbsent) { // speech is a help, not a need
		return nil, nil
	}
	p.sims.voice = simulated && err == nil
	return v, err
}

// openPrinter makes the driver for a device with the profile and paper of the configuration.
func openPrinter(device string, c config.Printer) (print.Printer, error) {
	profile, err := profileOf(c)
	if err != nil {
		return nil, err
	}
	wire, err := link.Open(device)
	if err != nil {
		return nil, fault.New(fault.ConfigBad, err)
	}
	return escpos.New(wire, profile), nil
}

// profileOf is the printer's profile, with the paper's width where the configuration has one.
func profileOf(c config.Printer) (escpos.Profile, error) {
	profile, err := escpos.ProfileNamed(c.Profile)
	if err != nil {
		return profile, fault.New(fault.ConfigBad, err)
	}
	if c.Width > 0 {
		profile.Width = c.Width
	}
	return profile, nil
}

// foundScanner is a serial scanner whose device is looked for, again and again while there is none.
type foundScanner struct {
	find func() string
	baud int
}

// lookEvery is how often an absent scanner is looked for.
const lookEvery = time.Second

var _ scan.Scanner = (*foundScanner)(nil)

// Name is the device that is there now.
func (f *foundScanner) Name() string {
	if device := f.find(); device != "" {
		return device
	}
	return "serial scanner"
}

// Watch implements scan.Scanner: it watches whatever device is there until that is gone, then looks again.
func (f *foundScanner) Watch(ctx context.Context) <-chan scan.Event {
	out := make(chan scan.Event)
	go func() {
		defer close(out)
		send(ctx, out, scan.Event{Kind: scan.Gone, Err: scan.ErrGone})
		for ctx.Err() == nil {
			if device := f.find(); device != "" {
				f.follow(ctx, device, out)
			}
			select {
			case <-ctx.Done():
			case <-time.After(lookEvery):
			}
		}
	}()
	return out
}

// follow passes on what one device reports until it is gone.
func (f *foundScanner) follow(ctx context.Context, device string, out chan<- scan.Event) {
	scanner, err := serialScanner(device, f.baud)
	if err != nil {
		return
	}
	var leaving sync.WaitGroup
	defer leaving.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	leaving.Go(func() { f.leave(ctx, cancel, device) })
	connected := false
	for e := range scanner.Watch(ctx) {
		if e.Kind == scan.Gone && !connected {
			return // it never was there for us: no news
		}
		connected = true
		send(ctx, out, e)
		if e.Kind == scan.Gone {
			return
		}
	}
}

// leave ends the watch of a device in whose place another one was chosen. A device that is gone says so itself.
func (f *foundScanner) leave(ctx context.Context, cancel func(), device string) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookEvery):
		}
		if now := f.find(); now != "" && now != device {
			cancel()
			return
		}
	}
}

func send(ctx context.Context, out chan<- scan.Event, e scan.Event) {
	select {
	case out <- e:
	case <-ctx.Done():
	}
}

// scanCode gives a scanner's error its code.
func scanCode(err error) fault.Code {
	if errors.Is(err, scan.ErrGone) {
		return fault.ScannerAbsent
	}
	return fault.QRUnreadable // too long, no text, or no code: seen, and of no use
}
