package station_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"motcua/kiosk/service/servicetest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/cardsim"
	"motcua/devices/print/printsim"
	"motcua/devices/scan/scansim"
	"motcua/kiosk"
	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
	"motcua/kiosk/station"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
	"motcua/kiosk/text"
)

// This file is the whole machine without a window: the real loop, the real station with its drivers, the real store,
// and at the other ends a card in software, a scanner and a printer on pseudo-terminals, and a screen that remembers
// everything that it was shown.

// reaction is the longest that anything may take to be answered on the screen.
const reaction = 5 * time.Second

// patience is for what is work and no answer: a whole read, a slip on slow paper.
const patience = 30 * time.Second

// atOnce is how many machines run side by side: they mostly wait.
const atOnce = "8"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// setup is how a machine differs from the usual one.
type setup struct {
	driver  string // of the card reader; the simulator if empty
	wrap    func(card.Readers) card.Readers
	printer printsim.Options
	honest  bool // the printer is asked as often as in the field
}

// machine is one kiosk and the things around it.
type machine struct {
	t       testing.TB
	screen  *screen
	kiosk   *kiosk.Kiosk
	cards   *cardsim.Readers
	scanner *scansim.Sim
	printer *printsim.Printer
	disk    *disk
	clock   *clock
	log     *diary
	ear     *ear

	scanned  string // last
	lastScan time.Time

	end func() // stops the loop and waits for all that it started
}

func newMachine(t testing.TB, o setup) *machine {
	t.Helper()
	m := &machine{t: t, screen: newScreen(), clock: &clock{}, log: &diary{}}
	m.plugIn(o)
	cfg := m.config(o)
	db, err := store.Open(t.TempDir(), store.Options{Station: cfg.Station.ID, Commune: cfg.Station.CommuneCode, Recipients: storetest.Recipients()})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	m.disk = &disk{Store: db}
	log := slog.New(slog.NewJSONHandler(m.log, nil))
	devices, err := station.Open(t.Context(), cfg, station.Options{Log: log})
	must(t, err)
	t.Cleanup(devices.Close)
	m.cards = devices.Simulators().Cards()
	if o.wrap != nil {
		devices.WrapCards(o.wrap)
	}
	if !o.honest {
		devices.AskEvery(200 * time.Millisecond)
	}
	m.ear = &ear{Station: devices, news: make(chan struct{})}
	m.kiosk = kiosk.Open(m.fresh(cfg), m.ear, m.disk, kiosk.Options{Now: m.clock.now, Show: m.screen.show, Log: log,
		Slip: kiosk.SlipOf(cfg.Station, m.clock.now)})
	m.start()
	return m
}

// plugIn attaches scanner and printer.
func (m *machine) plugIn(o setup) {
	m.t.Helper()
	var err error
	const atOnce = 4_000_000 // baud: a text is one write, whatever else this machine has to do
	m.scanner, err = scansim.Start(context.Background(), scansim.Options{Dir: m.t.TempDir(), Baud: atOnce})
	if errors.Is(err, errors.ErrUnsupported) {
		m.t.Skip("no pseudo-terminals on this system")
	}
	must(m.t, err)
	m.t.Cleanup(func() { _ = m.scanner.Close() })
	o.printer.Dir = m.t.TempDir()
	m.printer, err = printsim.Start(context.Background(), o.printer)
	must(m.t, err)
	m.t.Cleanup(func() { _ = m.printer.Close() })
}

func (m *machine) config(o setup) config.Config {
	cfg := config.Default()
	cfg.Card.Driver = config.DriverSim
	if o.driver != "" {
		cfg.Card.Driver = o.driver
	}
	cfg.Scanner = config.Scanner{Driver: config.DriverSerial, Device: m.scanner.Path(), Baud: scansim.DefaultBaud}
	cfg.Printer = config.Printer{Driver: config.DriverESCPOS, Device: "serial:" + m.printer.Path(), Profile: "generic-80"}
	return cfg
}

// fresh is the session that the machine begins with.
func (m *machine) fresh(cfg config.Config) session.State {
	m.t.Helper()
	assets := os.DirFS("../../assets")
	texts, err := text.Load(assets, "text/vi.yaml")
	must(m.t, err)
	catalogue, err := service.Load(servicetest.Assets())
	must(m.t, err)
	return session.New(&session.Config{
		Office: session.Office{Name: cfg.Station.Office, Station: cfg.Station.ID}, Commune: "xã Mai Châu",
		Province: cfg.Station.Province, Catalogue: catalogue, Texts: texts, Calendar: calendar.New(), Printer: true,
	}, [session.SeedLen]byte{7}, m.clock.now())
}

// start turns the wheel until the test or end ends it.
func (m *machine) start() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.kiosk.Run(ctx)
	}()
	m.end = func() {
		m.t.Helper()
		cancel()
		select {
		case <-ended:
		case <-time.After(patience):
			m.t.Errorf("the loop does not end within %v", patience)
		}
	}
	m.t.Cleanup(m.end)
	for _, device := range []string{"scanner.connected", "card.reader-added", "printer.state"} {
		m.logged(device)
	}
	m.until("the devices", func(s session.Snapshot) bool { return s.Page == session.PageWelcome && s.Notice == "" })
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// clock is the real one, and may jump ahead.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time       { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) skip(d time.Duration) { c.ahead.Add(int64(d)) }

// diary keeps the log.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

// count is how often the log has this.
func (m *machine) count(text string) int { return strings.Count(m.log.String(), text) }

// logged waits until the log has this.
func (m *machine) logged(text string) {
	m.t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(m.log.String(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			m.t.Fatalf("%s is not in the log after %v", text, patience)
		}
	}
}

// wiped waits until the log says that the person with this serial is forgotten.
func (m *machine) wiped(serial uint64) {
	m.t.Helper()
	m.logged(fmt.Sprintf(`"msg":"session.wiped","session":%d}`, serial))
}

// disk is the real store on a bad day.
type disk struct {
	*store.Store

	mu     sync.Mutex
	fail   []fault.Code  // the next attempts fail so, and nothing is written
	lose   int           // so many attempts succeed and their answers are lost
	hold   chan struct{} // a filing waits for this
	photos [][]byte      // the portraits that came by
}

func (d *disk) File(ctx context.Context, draft filing.Draft) (filing.Filing, error) {
	d.mu.Lock()
	hold := d.hold
	if draft.Photo != nil {
		d.photos = append(d.photos, draft.Photo.Data)
	}
	d.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return filing.Filing{}, fault.New(fault.StoreFailed, ctx.Err())
		}
	}
	if code := d.mood(); code != "" {
		return filing.Filing{}, fault.New(code, nil)
	}
	filed, err := d.Store.File(ctx, draft)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil && d.lose > 0 {
		d.lose--
		return filing.Filing{}, fault.New(fault.StoreFailed, errors.New("the answer got lost"))
	}
	return filed, err
}

// mood is how the next attempt fails, "" if it does not.
func (d *disk) mood() fault.Code {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.fail) == 0 {
		return ""
	}
	code := d.fail[0]
	d.fail = d.fail[1:]
	return code
}

// holding makes filings wait until the function that it gives is called.
func (d *disk) holding() (release func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	hold := make(chan struct{})
	d.hold = hold
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.hold = nil
		close(hold)
	}
}
