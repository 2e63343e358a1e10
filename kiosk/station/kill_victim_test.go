package station_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"motcua/kiosk/service/servicetest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"motcua/kiosk"
	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/form"
	"motcua/kiosk/receipt"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
	"motcua/kiosk/station"
	"motcua/kiosk/store"
	"motcua/kiosk/text"
)

// This file is the process that TestKilled kills. It tells the test on standard output what it does, a line each:
// ready, filing (a draft is handed in), slip REFERENCE PHONE (before a byte of it is printed), fault CODE, stuck.

// TestKilledChild is the victim; it does nothing unless TestKilled started it.
func TestKilledChild(t *testing.T) {
	dir := os.Getenv(killDir)
	if dir == "" {
		t.Skip("it is a part of TestKilled")
	}
	if err := victim(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
}

// victim runs the kiosk until it is killed.
func victim(ctx context.Context, dir string) error {
	var life int
	if _, err := fmt.Sscan(os.Getenv(killLife), &life); err != nil {
		return err
	}
	cfg := config.Default()
	cfg.Printer = config.Printer{Driver: config.DriverESCPOS, Device: "serial:" + os.Getenv(killPrinter), Profile: cfg.Printer.Profile}
	cfg.Scanner.Driver, cfg.Card.Driver = config.DriverSim, config.DriverNone
	if life%killOnCard == 0 {
		cfg.Card.Driver = config.DriverSim
	}
	db, err := store.Open(filepath.Join(dir, "data"), killStore())
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	devices, err := station.Open(ctx, cfg, station.Options{Log: log})
	if err != nil {
		return err
	}
	fresh, err := killSession(devices)
	if err != nil {
		return err
	}
	c := &hurried{hands: devices.Simulators(), latest: make(chan session.Snapshot, 1), token: life * perLife}
	slip := kiosk.SlipOf(cfg.Station, time.Now)
	k := kiosk.Open(fresh, devices, db, kiosk.Options{Log: log, Show: c.show, Slip: func(p session.Print) receipt.Slip {
		fmt.Printf("slip %s %s\n", p.Filing.Reference, p.Filing.Answers["phone"].Value) // before a byte of it is printed
		return slip(p)
	}})
	go c.live(k.Send) // ends with the process
	k.Run(ctx)
	return nil
}

// killStore seals to the officer whom the first life put into the store.
func killStore() store.Options { return store.Options{Station: "K1", Commune: "05200"} }

func killSession(devices *station.Station) (session.State, error) {
	assets := os.DirFS("../../assets")
	texts, err := text.Load(assets, "text/vi.yaml")
	if err != nil {
		return session.State{}, err
	}
	catalogue, err := service.Load(servicetest.Assets())
	if err != nil {
		return session.State{}, err
	}
	var seed [session.SeedLen]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return session.State{}, err
	}
	return session.New(&session.Config{Office: session.Office{Name: "Công an xã Mai Châu", Station: "K1", Waiting: -1},
		Commune: "xã Mai Châu", Province: "tỉnh Phú Thọ", Catalogue: catalogue, Texts: texts, Calendar: calendar.New(),
		Printer: devices.HasPrinter(), Simulated: devices.Simulators().Names()}, seed, time.Now()), nil
}

// killAnswers are those of the filing with the number.
func killAnswers(token int) map[form.FieldID]string {
	return map[form.FieldID]string{"phone": fmt.Sprintf("0912%06d", token), "dwelling": fmt.Sprintf("Xóm Văn số %06d", token),
		"head_name": "Hà Văn Thuyết", "head_number": fmt.Sprintf("099190%06d", token)}
}

// hurried is a citizen after the other who answers each page at once.
type hurried struct {
	hands  *station.Simulators
	latest chan session.Snapshot // the newest only
	token  int                   // of the one who is there now
	lying  bool
	left   string // the page that was left by Next, so that it is not left twice
}

func (h *hurried) show(s session.Snapshot) {
	select {
	case <-h.latest:
	default:
	}
	h.latest <- s
}

// live answers snapshots. It says "ready" at the first.
func (h *hurried) live(send func(session.Event)) {
	ready := sync.OnceFunc(func() { fmt.Println("ready") })
	for s := range h.latest {
		ready()
		if err := h.answer(s, send); err != nil {
			fmt.Println("stuck", err)
			return
		}
	}
}

func (h *hurried) answer(s session.Snapshot, send func(session.Event)) error {
	page := fmt.Sprint(s.Serial, s.Page)
	switch s.Page {
	case session.PageWelcome:
		if h.left == page {
			return nil
		}
		h.left = page
		return h.arrive()
	case session.PageService, session.PageQuestion:
		page += string(s.Choice.Field)
		want := map[form.FieldID]string{"service": "tam-tru", "case": "rent", "period": "one-year", "relation": "lodger", "members": "alone"}[s.Choice.Field]
		for _, o := range s.Choice.Options {
			if o.ID == want && !o.Chosen {
				send(session.Choose{ID: want})
				return nil
			}
		}
	case session.PageForm:
		page += string(s.Form.Field)
		if want := killAnswers(h.token)[s.Form.Field]; s.Form.Value != want {
			send(session.Type{Text: want})
			return nil
		}
	case session.PageReview:
		page += fmt.Sprint(s.Review.Page)
	case session.PageFiling:
		fmt.Println("filing")
	case session.PageDone:
		if s.Done.Printing == session.PrintRunning {
			return nil
		}
		if h.lying {
			h.lying = false
			if err := h.hands.Toggle(); err != nil {
				return err
			}
		}
	case session.PageReading:
		if h.lying {
			return nil // the reader is about to see the card
		}
	case session.PageFault:
		fmt.Println("fault", s.Fault.Code)
		if s.Fault.Safe == "" {
			return fmt.Errorf("on the page of %s", s.Fault.Code)
		}
	}
	if h.left != page && s.Next.Shown && s.Next.Enabled {
		h.left = page
		send(session.Next{})
	}
	return nil
}

// arrive shows the next one's QR code, and lays the card down where there is a reader.
func (h *hurried) arrive() error {
	h.token++
	h.lying = h.hands.Cards() != nil
	return h.hands.Toggle()
}
