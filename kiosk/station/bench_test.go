package station

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/devices/scan/scansim"
	"motcua/kiosk/checkup"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
)

// workshop is a station on a technician's table: what its devices report goes to events.
type workshop struct {
	*Station
	*Bench
	dir    string
	events chan session.Event
}

func newWorkshop(t *testing.T, cfg config.Config, opts Options) *workshop {
	t.Helper()
	w := &workshop{dir: t.TempDir(), events: make(chan session.Event, 100)}
	opts.Dir = w.dir
	var err error
	if w.Station, err = Open(t.Context(), cfg, opts); err != nil {
		t.Fatal(err)
	}
	w.Bench = w.Station.Bench("Xin chào.")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Watch(ctx, func(e session.Event) { w.events <- e })
	}()
	t.Cleanup(func() { cancel(); <-ended; w.Close() })
	return w
}

// saw waits for an event.
func (w *workshop) saw(t *testing.T, want session.Event) {
	t.Helper()
	over := time.After(patience)
	for {
		select {
		case e := <-w.events:
			if e == want {
				return
			}
		case <-over:
			t.Fatalf("no %#v", want)
		}
	}
}

// hands does something once a test asks for it.
func hands(do func()) func(checkup.Progress) {
	return func(p checkup.Progress) {
		if p.Stage == checkup.Hands {
			do()
		}
	}
}

// unconfigured has no device.
func unconfigured() config.Config {
	cfg := config.Default()
	cfg.Card.Driver, cfg.Scanner.Driver, cfg.Printer.Driver, cfg.Voice.Driver = config.DriverNone, config.DriverNone, config.DriverNone, config.DriverNone
	return cfg
}

// A reader is tried with any card, and nothing that it says is of a person.
func TestTryReader(t *testing.T) {
	t.Parallel()
	cfg := unconfigured()
	cfg.Card.Driver = config.DriverSim
	w := newWorkshop(t, cfg, Options{})
	person := cardsim.Personas()[0]
	profile, err := cardsim.Build(person, cardsim.ProfileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w.saw(t, session.ReaderChanged{Present: true})
	for _, extended := range []bool{true, false} {
		c := cardsim.New(profile, cardsim.Options{Extended: extended, Delay: time.Millisecond})
		answer, err := w.Try(t.Context(), checkup.Reader, hands(func() {
			if err := w.Simulators().cards.Insert(c); err != nil {
				t.Error(err)
			}
		}))
		if err != nil {
			t.Fatal(err)
		}
		want := map[bool]string{true: "yes", false: "no"}[extended]
		if r := answer.Reader; !r.ID || !r.PACE || r.Extended != want || r.Commands < challenges || r.Median < time.Millisecond || r.Slowest < r.Median || r.Device == "" {
			t.Errorf("extended %t: %+v", extended, r)
		}
		raw, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{string(person.Number), person.Name} {
			if strings.Contains(string(raw), secret) {
				t.Errorf("%s in %s", secret, raw)
			}
		}
		w.saw(t, session.CardOn{})
		w.Simulators().Lift()
		w.saw(t, session.CardOff{})
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := w.Try(ctx, checkup.Reader, hands(cancel)); fault.CodeOf(err) != fault.TestSilent {
		t.Errorf("no card: %v", err)
	}
	w.Simulators().cards.Unplug()
	w.saw(t, session.ReaderChanged{Present: false})
	if _, err := w.Try(t.Context(), checkup.Reader, hands(func() {})); fault.CodeOf(err) != fault.ReaderAbsent {
		t.Errorf("no reader: %v", err)
	}
}

// What the scanner of a real serial line reads during a test is measured, and reaches no session; afterwards it does again.
func TestTryScanner(t *testing.T) {
	t.Parallel()
	s := sim(t)
	cfg := unconfigured()
	cfg.Scanner = config.Scanner{Driver: config.DriverSerial, Device: s.Path(), Baud: scansim.DefaultBaud}
	w := newWorkshop(t, cfg, Options{})
	w.saw(t, session.ScannerChanged{Present: true})
	person := cardsim.Personas()[1]
	slip := filing.Reference{Commune: "05200", Station: "K1", Day: identity.Date{Year: 2026, Month: 11, Day: 23}, Serial: 47}.String()
	for raw, want := range map[string]checkup.ScannerSaid{
		checkup.TestText + "\r":                     {Is: checkup.TestCode, Exact: true, Symbology: "QR", Bytes: len(checkup.TestText), Letters: 41, Marks: 16},
		strings.Map(spoil, checkup.TestText) + "\r": {Is: checkup.TestCode, Symbology: "QR", Bytes: 42, Letters: 41},
		person.QR() + "\r":                          {Is: checkup.IDCode, Symbology: "QR"},
		slip + "\r":                                 {Is: checkup.Slip, Symbology: "QR", Bytes: len(slip), Letters: len(slip)},
		"]C1099012345\r":                            {Is: checkup.OtherCode, Symbology: "Code 128", Bytes: 12, Letters: 12},
		"8934567890123\r":                           {Is: checkup.OtherCode, Bytes: 13, Letters: 13},
		"\xff\xfe\r":                                {Is: checkup.OtherCode, Refused: fault.QRUnreadable},
	} {
		answer, err := w.Try(t.Context(), checkup.Scanner, hands(func() {
			if err := s.SendRaw(t.Context(), []byte(raw)); err != nil {
				t.Error(err)
			}
		}))
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		got := *answer.Scanner
		if got.Device != s.Path() || got.After <= 0 {
			t.Errorf("%+v", got)
		}
		got.Device, got.After = "", 0
		if want.Is == checkup.IDCode {
			want.Bytes, want.Letters, want.Marks = got.Bytes, got.Letters, got.Marks
		}
		if got != want {
			t.Errorf("%q: %+v, want %+v", raw, got, want)
		}
	}
	if err := s.Send(t.Context(), "sau khi thử"); err != nil {
		t.Fatal(err)
	}
	for e := range w.events {
		if e == (session.Scanned{Text: "sau khi thử"}) {
			break
		}
		switch e.(type) {
		case session.Scanned, session.ScanRejected:
			t.Fatalf("a test reached the session: %#v", e)
		}
	}
}

// spoil is what a scanner in a wrong mode makes of letters that are not ASCII.
func spoil(r rune) rune {
	if r > 127 && r != '·' {
		return '?'
	}
	return r
}

// The test page comes out of a printer on a real serial line, and its absence is told.
func TestTryPrinter(t *testing.T) {
	t.Parallel()
	p := paper(t)
	cfg := unconfigured()
	cfg.Printer = config.Printer{Driver: config.DriverESCPOS, Profile: "generic-80", Device: "serial:" + p.Path()}
	w := newWorkshop(t, cfg, Options{})
	answer, err := w.Try(t.Context(), checkup.Printer, func(checkup.Progress) {})
	if err != nil || !answer.Printer.Sure || answer.Printer.Width != 576 || len(p.Slips()) != 1 {
		t.Errorf("%+v, %v, %v", answer.Printer, err, p.Slips())
	}
	if broken := p.ProtocolErrors(); len(broken) > 0 {
		t.Error(broken)
	}
	p.SetPaper(false)
	if _, err := w.Try(t.Context(), checkup.Printer, func(checkup.Progress) {}); fault.CodeOf(err) != fault.PrinterNoPaper {
		t.Errorf("without paper: %v", err)
	}
	none := newWorkshop(t, unconfigured(), Options{})
	for part, code := range map[checkup.Part]fault.Code{checkup.Printer: fault.PrinterAbsent, checkup.Scanner: fault.ScannerAbsent, checkup.Reader: fault.ReaderAbsent,
		checkup.Voice: fault.VoiceFailed, checkup.Screen: fault.Usage} {
		if _, err := none.Try(t.Context(), part, func(checkup.Progress) {}); fault.CodeOf(err) != code {
			t.Errorf("no %s: %v", part, err)
		}
	}
}

// Of two serial lines the chosen one is read from then on, without a restart, and after one.
func TestChooseScanner(t *testing.T) {
	t.Parallel()
	first, second := sim(t), sim(t)
	cfg := unconfigured()
	cfg.Scanner = config.Scanner{Driver: config.DriverAuto, Baud: scansim.DefaultBaud}
	opts := Options{Lines: func() []string {
		return slices.DeleteFunc([]string{first.Path(), second.Path()}, func(path string) bool { _, err := os.Stat(path); return err != nil })
	}}
	w := newWorkshop(t, cfg, opts)
	w.saw(t, session.ScannerChanged{Present: true})
	options, err := w.Options(t.Context(), checkup.Scanner)
	if want := []checkup.Option{{Name: first.Path(), Used: true}, {Name: second.Path()}}; err != nil || !slices.Equal(options, want) {
		t.Fatalf("%+v, %v", options, err)
	}
	if _, err := w.Choose(t.Context(), checkup.Scanner, "/dev/ttyS77"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("what is not there: %v", err)
	}
	now, err := w.Choose(t.Context(), checkup.Scanner, second.Path())
	if err != nil || !now {
		t.Fatalf("now %t, %v", now, err)
	}
	w.saw(t, session.ScannerChanged{Present: true})
	if err := second.Send(t.Context(), "hai"); err != nil {
		t.Fatal(err)
	}
	w.saw(t, session.Scanned{Text: "hai"})

	kept := openMemory(w.dir, w.log)
	again := picker{cfg, opts, &Simulators{}, kept}
	if got := again.scannerLine(); got != second.Path() {
		t.Errorf("after a restart %q", got)
	}
	second.Unplug() // the only one that is left is taken
	if got := again.scannerLine(); got != first.Path() {
		t.Errorf("with one left %q", got)
	}
	again.cfg.Desk.Scanner = first.Path() // the desk's own is none of the kiosk's, by whatever name
	link := filepath.Join(t.TempDir(), "scanner")
	if err := os.Symlink(first.Path(), link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{first.Path(), link} {
		if again.cfg.Desk.Scanner = name; again.scannerLine() != "" {
			t.Errorf("the kiosk takes the desk's scanner %s", name)
		}
	}
	cfg.Scanner.Device = first.Path() // a line of the configuration counts more
	fixed := newWorkshop(t, cfg, opts)
	if _, err := fixed.Choose(t.Context(), checkup.Scanner, first.Path()); fault.CodeOf(err) != fault.ChoiceFixed {
		t.Errorf("against the configuration: %v", err)
	}
	if o, err := fixed.Options(t.Context(), checkup.Scanner); err != nil || len(o) != 1 || !o[0].Fixed {
		t.Errorf("%+v, %v", o, err)
	}
}

// A printer that was chosen prints the next slip.
func TestChoosePrinter(t *testing.T) {
	t.Parallel()
	first, second := paper(t), paper(t)
	cfg := unconfigured()
	cfg.Printer = config.Printer{Driver: config.DriverAuto, Profile: "generic-80"}
	w := newWorkshop(t, cfg, Options{Lines: func() []string { return []string{first.Path(), second.Path()} }})
	for i, p := range []interface{ Path() string }{first, second, first} {
		now, err := w.Choose(t.Context(), checkup.Printer, viaSerial+p.Path())
		if err != nil || !now {
			t.Fatalf("now %t, %v", now, err)
		}
		if _, err := w.Try(t.Context(), checkup.Printer, func(checkup.Progress) {}); err != nil {
			t.Fatalf("printer %d: %v", i, err)
		}
		options, err := w.Options(t.Context(), checkup.Printer)
		at := slices.IndexFunc(options, func(o checkup.Option) bool { return o.Used })
		if err != nil || at < 0 || options[at].Name != viaSerial+p.Path() {
			t.Errorf("%+v, %v", options, err)
		}
	}
	if len(first.Slips()) != 2 || len(second.Slips()) != 1 {
		t.Errorf("%d and %d slips", len(first.Slips()), len(second.Slips()))
	}
	other := sim(t)
	w.pick.opts.Lines = func() []string { return []string{first.Path(), other.Path()} }
	if _, err := w.Choose(t.Context(), checkup.Printer, viaSerial+other.Path()); err != nil {
		t.Fatal(err)
	}
	if line := w.pick.scannerLine(); line == other.Path() {
		t.Error("the printer's own line is taken for a scanner")
	}
}

// Names of udev tell maker and model; choices that cannot be kept are not made.
func TestChoiceKept(t *testing.T) {
	for name, want := range map[string]string{
		"/dev/serial/by-id/usb-Honeywell_Imaging_3320G_0123-if00": "Honeywell Imaging 3320G 0123", "serial:/dev/serial/by-id/usb-EPSON_TM-T20-if00-port0": "EPSON TM-T20",
		"/dev/ttyACM0": "", "usb:/dev/usb/lp0": "", "ACS ACR1252 00 00": "",
	} {
		if got := model(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	log := slog.New(slog.DiscardHandler)
	m := openMemory(filepath.Join(t.TempDir(), "gone"), log)
	if err := m.choose(checkup.Scanner, "/dev/ttyACM1"); fault.CodeOf(err) != fault.StoreFailed || m.chosen(checkup.Scanner) != "" {
		t.Errorf("no directory: %v, %q", err, m.chosen(checkup.Scanner))
	}
}
