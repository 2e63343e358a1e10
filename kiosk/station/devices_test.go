package station

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"motcua/devices/print/printsim"
	"motcua/devices/scan"
	"motcua/devices/scan/scansim"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
)

const patience = 10 * time.Second

// sim is a scanner at the end of a pseudo-terminal.
func sim(t *testing.T) *scansim.Sim {
	t.Helper()
	s, err := scansim.Start(context.Background(), scansim.Options{Dir: t.TempDir()})
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("no pseudo-terminals on this system")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// next is the next report of a scanner.
func next(t *testing.T, events <-chan scan.Event, want scan.EventKind) scan.Event {
	t.Helper()
	select {
	case e, open := <-events:
		if !open || e.Kind != want {
			t.Fatalf("got %v (open %t), want %v", e.Kind, open, want)
		}
		return e
	case <-time.After(patience):
		t.Fatalf("no report, want %v", want)
	}
	return scan.Event{}
}

// A scanner that is looked for is found when it comes, lost when it goes, and found again under another name.
func TestFoundScanner(t *testing.T) {
	t.Parallel()
	first, second := sim(t), sim(t)
	first.Unplug()
	second.Unplug()
	there := func() string {
		for _, path := range []string{first.Path(), second.Path()} {
			if _, err := os.Stat(path); err == nil {
				return path
			}
		}
		return ""
	}
	f := &foundScanner{find: there, baud: scansim.DefaultBaud}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	events := f.Watch(ctx)
	if e := next(t, events, scan.Gone); !errors.Is(e.Err, scan.ErrGone) || f.Name() != "serial scanner" {
		t.Errorf("absent: %v, %q", e.Err, f.Name())
	}
	for _, s := range []*scansim.Sim{first, second, first} {
		if err := s.Plug(); err != nil {
			t.Fatal(err)
		}
		next(t, events, scan.Connected)
		if f.Name() != s.Path() {
			t.Errorf("found %q, want %q", f.Name(), s.Path())
		}
		if err := s.Send(ctx, "một hai ba"); err != nil {
			t.Fatal(err)
		}
		if e := next(t, events, scan.Read); e.Text != "một hai ba" {
			t.Errorf("read %q", e.Text)
		}
		s.Unplug()
		next(t, events, scan.Gone)
	}
	cancel()
	for range events {
		continue // it closes
	}
}

// A device that is there and cannot be opened is looked at again and again, without news.
func TestFoundScannerCannotBeOpened(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ttyACM0")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f := &foundScanner{find: func() string { return file }}
	ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
	defer cancel()
	count := 0
	for e := range f.Watch(ctx) {
		if count++; e.Kind != scan.Gone {
			t.Errorf("a file is taken for a scanner: %v", e.Kind)
		}
	}
	if count != 1 {
		t.Errorf("%d reports, want one", count)
	}
}

func paper(t *testing.T) *printsim.Printer {
	t.Helper()
	p, err := printsim.Start(context.Background(), printsim.Options{Dir: t.TempDir()})
	if err != nil {
		t.Skipf("no printer in software: %v", err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// look takes the look called name.
func look(t *testing.T, cfg config.Config, name string) health.Item {
	t.Helper()
	for _, p := range Probes(cfg) {
		if p.Name == name {
			return p.Look(t.Context())
		}
	}
	t.Fatalf("no probe %q", name)
	return health.Item{}
}

func TestProbePrinter(t *testing.T) {
	t.Parallel()
	p := paper(t)
	cfg := config.Config{Printer: config.Printer{Driver: config.DriverESCPOS, Profile: "generic-80", Device: "serial:" + p.Path()}}
	if item := look(t, cfg, "printer"); item.State != health.Present || item.Detail["paper"] != "yes" || item.Detail["cover_closed"] != "yes" {
		t.Errorf("a printer in order: %+v", item)
	}
	for code, change := range map[fault.Code]func(bool){
		fault.PrinterCover: p.SetCover, fault.PrinterOffline: p.SetOffline,
		fault.PrinterNoPaper: func(out bool) { p.SetPaper(!out) },
	} {
		change(true)
		if item := look(t, cfg, "printer"); item.State != health.Failed || item.Code != code {
			t.Errorf("%s: %+v", code, item)
		}
		change(false)
	}
	p.Unplug()
	if item := look(t, cfg, "printer"); item.State != health.Failed || item.Code != fault.PrinterAbsent {
		t.Errorf("a named printer that is gone: %+v", item)
	}
	cfg.Printer = config.Printer{Driver: config.DriverESCPOS, Profile: "no such profile", Device: "serial:" + p.Path()}
	if item := look(t, cfg, "printer"); item.State != health.Failed || item.Code != fault.ConfigBad {
		t.Errorf("a profile that does not exist: %+v", item)
	}
	if _, err := os.Stat(printerNode); errors.Is(err, fs.ErrNotExist) {
		cfg.Printer = config.Printer{Driver: config.DriverAuto, Profile: "generic-80"}
		if item := look(t, cfg, "printer"); item.State != health.Absent {
			t.Errorf("nobody named a printer: %+v", item)
		}
	}
}

func TestProbeScanner(t *testing.T) {
	t.Parallel()
	s := sim(t)
	cfg := config.Config{Scanner: config.Scanner{Driver: config.DriverSerial, Device: s.Path(), Baud: scansim.DefaultBaud}}
	if item := look(t, cfg, "scanner"); item.State != health.Present || item.Detail["device"] != s.Path() {
		t.Errorf("a scanner in order: %+v", item)
	}
	s.Unplug()
	if item := look(t, cfg, "scanner"); item.State != health.Failed || item.Code != fault.ScannerAbsent {
		t.Errorf("a named scanner that is gone: %+v", item)
	}
	cfg.Scanner.Device = ""
	if item := look(t, cfg, "scanner"); item.State != health.Failed || item.Code != fault.ConfigBad {
		t.Errorf("a scanner without a device: %+v", item)
	}
	if len(serialLines()) == 0 {
		cfg.Scanner = config.Scanner{Driver: config.DriverAuto}
		if item := look(t, cfg, "scanner"); item.State != health.Absent {
			t.Errorf("nobody named a scanner: %+v", item)
		}
	}
}

// What is not wanted or simulated needs no look; it is said so.
func TestProbesOfChoice(t *testing.T) {
	for driver, want := range map[string]health.State{config.DriverNone: health.Absent, config.DriverSim: health.Present} {
		cfg := config.Config{Card: config.Card{Driver: driver}, Scanner: config.Scanner{Driver: driver}, Printer: config.Printer{Driver: driver},
			Voice: config.Voice{Driver: driver}}
		for _, p := range Probes(cfg) {
			if item := p.Look(t.Context()); item.State != want {
				t.Errorf("%s, driver %s: %+v", p.Name, driver, item)
			}
		}
	}
}
