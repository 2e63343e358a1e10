package checkup_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk"
	"motcua/kiosk/assist"
	"motcua/kiosk/calendar"
	"motcua/kiosk/checkup"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/receipt"
	"motcua/kiosk/seal"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
	"motcua/kiosk/station"
	"motcua/kiosk/store"
	"motcua/kiosk/text"
)

const soon = 30 * time.Second

// office is a kiosk with simulated devices, its socket, and officers.
type office struct {
	t     *testing.T
	dir   string
	db    *store.Store
	kiosk *kiosk.Kiosk
	sims  *station.Simulators
	who   map[officer.Role]officer.Account
	keys  map[officer.Role]*seal.Identity

	mu    sync.Mutex
	page  session.Snapshot
	turns chan struct{}
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, dir: filepath.Join(t.TempDir(), "d"), who: map[officer.Role]officer.Account{}, keys: map[officer.Role]*seal.Identity{}, turns: make(chan struct{}, 1)}
	var err error
	if o.db, err = store.Open(o.dir, store.Options{Station: "K1", Commune: "05200"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.db.Close() })
	for _, role := range []officer.Role{officer.Clerk, officer.Technician, officer.Head} { // once there is a head, others are signed for
		a, key, err := officer.New(string(role), "Cán bộ "+string(role), role, seal.Secret{Card: []byte(role)}, time.Now())
		if err == nil {
			err = o.db.SetOfficer(t.Context(), a, "setup")
		}
		if err != nil {
			t.Fatal(err)
		}
		o.who[role], o.keys[role] = a, key
	}
	o.run()
	return o
}

func (o *office) run() {
	t := o.t
	t.Helper()
	cfg := config.Default()
	cfg.Card.Driver, cfg.Scanner.Driver, cfg.Printer.Driver, cfg.Voice.Driver = config.DriverSim, config.DriverSim, config.DriverSim, config.DriverNone
	devices, err := station.Open(t.Context(), cfg, station.Options{Dir: o.dir, Spool: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := service.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	state := session.New(&session.Config{Office: session.Office{Station: "K1"}, Catalogue: catalogue, Texts: texts, Calendar: calendar.New(), Zone: calendar.Zone, Printer: true},
		[session.SeedLen]byte{1}, time.Now())
	var bench *checkup.Server
	log := slog.New(slog.DiscardHandler)
	o.kiosk = kiosk.Open(state, devices, o.db, kiosk.Options{Show: func(s session.Snapshot) { bench.Show(s); o.show(s) }, Slip: func(session.Print) receipt.Slip { return receipt.Slip{} }})
	bench = checkup.NewServer(devices.Bench("Xin chào."), checkup.Options{Send: o.kiosk.Send, Note: o.db.Note, Log: log})
	server := assist.NewServer("K1", o.db, o.kiosk.Send, log)
	server.Also(checkup.Purpose, assist.Door{Right: officer.SeeDevices, Serve: bench.Serve})
	o.sims = devices.Simulators()
	ctx, stop := context.WithCancel(context.Background())
	served, ran := make(chan error, 1), make(chan struct{})
	go func() { served <- server.Serve(ctx, o.dir) }()
	go func() { o.kiosk.Run(ctx); close(ran) }()
	t.Cleanup(func() {
		stop()
		<-ran
		if err := <-served; err != nil {
			t.Error(err)
		}
		devices.Close()
	})
	for over := time.Now().Add(soon); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(o.dir, "assist-K1.sock")); err == nil {
			return
		} else if time.Now().After(over) {
			t.Fatal(err)
		}
	}
}

func (o *office) show(s session.Snapshot) {
	o.mu.Lock()
	o.page = s
	o.mu.Unlock()
	select {
	case o.turns <- struct{}{}:
	default:
	}
}

// until waits for a page of the kiosk.
func (o *office) until(is func(session.Snapshot) bool) session.Snapshot {
	o.t.Helper()
	over := time.After(soon)
	for {
		o.mu.Lock()
		now := o.page
		o.mu.Unlock()
		if is(now) {
			return now
		}
		select {
		case <-o.turns:
		case <-over:
			o.t.Fatalf("still on page %s", now.Page)
		}
	}
}

func on(p session.Page) func(session.Snapshot) bool {
	return func(s session.Snapshot) bool { return s.Page == p }
}

// ask is what a desk asks for.
func (o *office) ask(ctx context.Context, role officer.Role, r checkup.Request, tell func(checkup.Progress)) (checkup.Answer, error) {
	conn, err := assist.Knock(ctx, o.dir, "K1", checkup.Purpose, o.who[role], o.keys[role])
	if err != nil {
		return checkup.Answer{}, err
	}
	return checkup.Ask(ctx, conn, r, tell)
}

func nothing(checkup.Progress) {}

// A test waits for the citizen who is there, the screen says who tests, nothing begins a session meanwhile, and then the kiosk is the citizens' again.
func TestWaitsForCitizen(t *testing.T) {
	o := newOffice(t)
	o.kiosk.Send(session.NoCard{})
	o.until(on(session.PageManual))
	stages := make(chan checkup.Stage, 10)
	type outcome struct {
		checkup.Answer
		error
	}
	came := make(chan outcome, 1)
	go func() {
		a, err := o.ask(t.Context(), officer.Technician, checkup.Request{Do: checkup.Test, Part: checkup.Scanner}, func(p checkup.Progress) { stages <- p.Stage })
		came <- outcome{a, err}
	}()
	if s := <-stages; s != checkup.Waiting {
		t.Fatalf("it is %s", s)
	}
	o.kiosk.Send(session.Type{Text: "0991"})
	o.until(func(s session.Snapshot) bool { return s.Form != nil && s.Form.Value == "0991" })
	o.kiosk.Send(session.Back{})
	if s := <-stages; s != checkup.Hands {
		t.Fatalf("it is %s", s)
	}
	s := o.until(on(session.PageTest))
	if s.Test.Name != "Cán bộ technician" || s.Test.Part != "scanner" || s.Form != nil {
		t.Errorf("%+v", s.Test)
	}
	o.kiosk.Send(session.NoCard{})
	if err := o.kiosk.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.until(on(session.PageTest))
	if err := o.sims.Toggle(); err != nil { // shows an ID card's code and lays the card down
		t.Fatal(err)
	}
	got := <-came
	if got.error != nil || got.Scanner.Is != checkup.IDCode {
		t.Errorf("%+v, %v", got.Scanner, got.error)
	}
	// The card that lies there since may have begun a session already, before anybody saw the welcome page.
	o.until(func(s session.Snapshot) bool { return s.Page == session.PageWelcome || s.Page == session.PageReading })
}

// The marks on the screen are counted as they are touched; Back at the kiosk ends a test.
func TestScreen(t *testing.T) {
	o := newOffice(t)
	told := make(chan checkup.Progress, 20)
	done := make(chan checkup.Answer, 1)
	touch := func(n int) { o.kiosk.Send(session.Choose{ID: string(rune('0' + n))}) }
	go func() {
		a, err := o.ask(t.Context(), officer.Head, checkup.Request{Do: checkup.Test, Part: checkup.Screen}, func(p checkup.Progress) { told <- p })
		if err != nil {
			t.Error(err)
		}
		done <- a
	}()
	for n := range session.ScreenMarks {
		if p := <-told; p != (checkup.Progress{Stage: checkup.Hands, Done: n, All: session.ScreenMarks}) {
			t.Errorf("%+v after %d", p, n)
		}
		touch(n)
		touch(77)
	}
	if a := <-done; a.Screen == nil || a.Screen.Marks != session.ScreenMarks {
		t.Errorf("%+v", a.Screen)
	}
	_, err := o.ask(t.Context(), officer.Head, checkup.Request{Do: checkup.Test, Part: checkup.Screen}, func(checkup.Progress) { o.kiosk.Send(session.Back{}) })
	if fault.CodeOf(err) != fault.TestStopped {
		t.Errorf("ended at the kiosk: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err = o.ask(ctx, officer.Head, checkup.Request{Do: checkup.Test, Part: checkup.Reader}, func(checkup.Progress) { cancel() }); fault.CodeOf(err) != fault.TestStopped {
		t.Errorf("ended at the desk: %v", err)
	}
	o.until(on(session.PageWelcome))
}

// Who may what, and one at a time.
func TestRights(t *testing.T) {
	o := newOffice(t)
	test := checkup.Request{Do: checkup.Test, Part: checkup.Printer}
	for role, want := range map[officer.Role]fault.Code{officer.Head: "", officer.Technician: "", officer.Clerk: fault.SealWrong} {
		if a, err := o.ask(t.Context(), role, test, nothing); fault.CodeOf(err) != want || err == nil && !a.Printer.Sure {
			t.Errorf("%s: %+v, %v", role, a.Printer, err)
		}
		if a, err := o.ask(t.Context(), role, checkup.Request{Do: checkup.List, Part: checkup.Reader}, nothing); err != nil || len(a.Options) != 1 || !a.Options[0].Used {
			t.Errorf("%s lists %+v, %v", role, a, err)
		}
	}
	if _, err := assist.Knock(t.Context(), o.dir, "K1", checkup.Purpose, o.who[officer.Head], o.keys[officer.Clerk]); fault.CodeOf(err) != fault.SealWrong {
		t.Errorf("another key: %v", err)
	}
	if _, err := assist.Knock(t.Context(), o.dir, "K1", "kitchen", o.who[officer.Head], o.keys[officer.Head]); fault.CodeOf(err) != fault.Usage {
		t.Errorf("another door: %v", err)
	}
	if _, err := o.ask(t.Context(), officer.Head, checkup.Request{Do: checkup.Choose, Part: checkup.Reader, Name: "x"}, nothing); fault.CodeOf(err) != fault.ChoiceFixed {
		t.Errorf("against the configuration: %v", err)
	}
	_, err := o.ask(t.Context(), officer.Head, checkup.Request{Do: checkup.Test, Part: checkup.Reader}, func(p checkup.Progress) {
		if _, err := o.ask(t.Context(), officer.Technician, test, nothing); fault.CodeOf(err) != fault.DeskHeld {
			t.Errorf("two test: %v", err)
		}
		o.kiosk.Send(session.Back{})
	})
	if fault.CodeOf(err) != fault.TestStopped {
		t.Error(err)
	}
	entries, err := o.db.Journal(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Kind == "part.test" || e.Kind == "part.choose" {
			n++
		}
	}
	if n != 4 {
		t.Errorf("%d entries in the journal", n)
	}
}

// What is no request is not answered.
func TestRubbish(t *testing.T) {
	o := newOffice(t)
	for _, line := range []string{"\n", "rubbish\n", `{"do":"test"}` + "\n", `{"do":"choose","part":"voice","name":"x"}` + "\n", `{"do":"test","part":"officer"}` + "\n"} {
		conn, err := assist.Knock(t.Context(), o.dir, "K1", checkup.Purpose, o.who[officer.Head], o.keys[officer.Head])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
		var one [1]byte
		if n, err := conn.Read(one[:]); n > 0 || err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%q is answered", line)
		}
		conn.Close()
	}
	for _, r := range []checkup.Request{{}, {Do: checkup.Choose, Part: checkup.Screen, Name: "x"}, {Do: checkup.List, Part: checkup.Voice}} {
		here, there := net.Pipe()
		if _, err := checkup.Ask(t.Context(), here, r, nothing); fault.CodeOf(err) != fault.Usage {
			t.Errorf("%+v: %v", r, err)
		}
		there.Close()
	}
	if all := checkup.Parts(); !slices.Contains(all, checkup.Screen) || len(all) != 5 {
		t.Error(all)
	}
}
