package station

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"motcua/devices/print"
	"motcua/kiosk/checkup"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
)

// This file is which of several devices a station uses, where the configuration leaves that open. A choice is kept in the data directory
// beside the last reader, and never stands against a line of the configuration.

// serialLines are the serial lines that something is plugged into, by the names that stay the same from one start to the next where
// the system has them.
func serialLines() []string {
	var lines []string
	seen := map[string]bool{}
	for _, pattern := range []string{serialByID, serialModems} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			continue
		}
		for _, path := range found {
			if real, err := filepath.EvalSymlinks(path); err == nil && !seen[real] {
				seen[real] = true
				lines = append(lines, path)
			}
		}
	}
	return lines
}

// printerNodes are the printers that USB knows.
func printerNodes() []string {
	nodes, err := filepath.Glob(printerNodePattern)
	if err != nil {
		return nil
	}
	return nodes
}

const printerNodePattern = "/dev/usb/lp*"

// The two ways to a printer that can be found, as config.Printer.Device has them.
const (
	viaUSB    = "usb:"
	viaSerial = "serial:"
)

// scannerLine is the line of the scanner, "" if none shows: the one that was chosen, or else the first. A serial printer must be named or
// chosen, so whatever else is serial and USB is taken for the scanner. A choice between several means nothing once there is
// only one: a scanner that was replaced works without a technician.
func (p picker) scannerLine() string {
	lines := slices.DeleteFunc(p.opts.lines(), func(path string) bool {
		return strings.Contains(strings.ToLower(path), "printer") || viaSerial+path == p.memory.chosen(checkup.Printer) || sameLine(path, p.cfg.Desk.Scanner)
	})
	want := p.memory.chosen(checkup.Scanner)
	switch {
	case len(lines) == 0:
		return ""
	case want == "", len(lines) == 1:
		return lines[0]
	case slices.Contains(lines, want):
		return want
	}
	return ""
}

// sameLine reports whether two names are of one device.
func sameLine(a, b string) bool {
	if a == b || b == "" {
		return a == b
	}
	one, err := filepath.EvalSymlinks(a)
	other, otherErr := filepath.EvalSymlinks(b)
	return err == nil && otherErr == nil && one == other
}

// lines are the serial lines.
func (o Options) lines() []string {
	if o.Lines != nil {
		return o.Lines()
	}
	return serialLines()
}

// fixed reports whether the configuration says which device is used.
func fixed(cfg config.Config, part checkup.Part) bool {
	switch part {
	case checkup.Reader:
		return cfg.Card.Driver == config.DriverNone || cfg.Card.Driver == config.DriverSim
	case checkup.Scanner:
		return cfg.Scanner.Driver != config.DriverAuto || cfg.Scanner.Device != ""
	}
	return cfg.Printer.Device != "" || cfg.Printer.Driver == config.DriverNone || cfg.Printer.Driver == config.DriverSim
}

// Options lists the devices that could be a part: those that are there, and the one that is used.
func (b *Bench) Options(_ context.Context, part checkup.Part) ([]checkup.Option, error) {
	s := b.station
	var names []string
	switch part {
	case checkup.Reader:
		s.mu.Lock()
		for _, x := range s.slots.list {
			names = append(names, x.reader)
		}
		s.mu.Unlock()
	case checkup.Scanner:
		names = s.pick.opts.lines()
	case checkup.Printer:
		for _, node := range printerNodes() {
			names = append(names, viaUSB+node)
		}
		for _, line := range s.pick.opts.lines() {
			names = append(names, viaSerial+line)
		}
	default:
		return nil, fault.Newf(fault.Usage, "station: there is one %s", part)
	}
	used := b.used(part)
	if fixed(s.pick.cfg, part) {
		names = nil
	}
	var options []checkup.Option
	for _, name := range names {
		options = append(options, checkup.Option{Name: name, Model: model(name), Used: name == used})
	}
	if used != "" && !slices.Contains(names, used) {
		options = append(options, checkup.Option{Name: used, Model: model(used), Used: true, Absent: !fixed(s.pick.cfg, part), Fixed: fixed(s.pick.cfg, part)})
	}
	return options, nil
}

// used is the device that a part is now, "" if nobody can say.
func (b *Bench) used(part checkup.Part) string {
	s := b.station
	switch {
	case part == checkup.Reader && s.cards != nil:
		s.mu.Lock()
		defer s.mu.Unlock()
		if r := s.slots.reader(); r != "" {
			return r
		}
		return s.memory.chosen(checkup.Reader)
	case part == checkup.Scanner && s.scanner != nil:
		if _, found := s.scanner.(*foundScanner); found {
			if line := s.pick.scannerLine(); line != "" {
				return line
			}
			return s.memory.chosen(checkup.Scanner)
		}
		return s.scanner.Name()
	case part == checkup.Printer && s.printer != nil:
		if s.sims.printer != nil {
			return s.printer.Name()
		}
		return s.pick.printerDevice()
	}
	return ""
}

// model is what a name says of a device: a link of udev holds maker and model.
func model(name string) string {
	_, link, found := strings.Cut(name, filepath.Dir(serialByID)+"/")
	if !found {
		return ""
	}
	link, _ = strings.CutPrefix(link, "usb-")
	if at := strings.LastIndex(link, "-if"); at > 0 {
		link = link[:at]
	}
	return strings.ReplaceAll(link, "_", " ")
}

// Choose keeps a choice, and lets it take effect.
func (b *Bench) Choose(ctx context.Context, part checkup.Part, name string) (now bool, err error) {
	s := b.station
	if fixed(s.pick.cfg, part) {
		return false, fault.Newf(fault.ChoiceFixed, "station: the configuration names the %s", part)
	}
	options, err := b.Options(ctx, part)
	if err != nil {
		return false, err
	}
	if !slices.ContainsFunc(options, func(o checkup.Option) bool { return o.Name == name && !o.Absent }) {
		return false, fault.Newf(fault.NotFound, "station: there is no such %s", part)
	}
	if err := s.memory.choose(part, name); err != nil {
		return false, err
	}
	s.log.Info("device.chosen", "part", part, "device", name)
	switch part {
	case checkup.Reader:
		s.mu.Lock()
		s.slots.prefer = name
		s.mu.Unlock()
		return true, nil
	case checkup.Scanner:
		_, now = s.scanner.(*foundScanner) // which looks every second
		return now, nil
	}
	return b.changePrinter(name)
}

// changePrinter lets another printer take the place of the one that is used, between two jobs.
func (b *Bench) changePrinter(device string) (now bool, err error) {
	s := b.station
	old, can := s.printer.(*exchange)
	if !can {
		return false, nil
	}
	fresh, err := openPrinter(device, s.pick.cfg.Printer)
	if err != nil {
		return false, err
	}
	s.printing.Lock()
	defer s.printing.Unlock()
	_ = old.swap(fresh).Close()
	s.tell.Store(true)
	return true, nil
}

// exchange is a printer in whose place another one can be put.
type exchange struct{ now atomic.Pointer[print.Printer] }

var _ print.Printer = (*exchange)(nil)

func newExchange(p print.Printer) *exchange {
	x := &exchange{}
	x.now.Store(&p)
	return x
}

// swap puts another printer there and gives the one before.
func (x *exchange) swap(p print.Printer) print.Printer { return *x.now.Swap(&p) }

func (x *exchange) get() print.Printer { return *x.now.Load() }

// Name, WidthDots, Print, Status and Close are those of the printer that is there.
func (x *exchange) Name() string { return x.get().Name() }

// WidthDots implements print.Printer.
func (x *exchange) WidthDots() int { return x.get().WidthDots() }

// Print implements print.Printer.
func (x *exchange) Print(ctx context.Context, job print.Job) error { return x.get().Print(ctx, job) }

// Status implements print.Printer.
func (x *exchange) Status(ctx context.Context) (print.Status, error) { return x.get().Status(ctx) }

// Close implements print.Printer.
func (x *exchange) Close() error { return x.get().Close() }
