package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"strings"
	"sync"
	"time"

	"motcua/assets"
	"motcua/cmd/internal/office"
	"motcua/kiosk"
	"motcua/kiosk/assist"
	"motcua/kiosk/checkup"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/receipt"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
	"motcua/kiosk/setting"
	"motcua/kiosk/station"
	"motcua/kiosk/store"
	"motcua/kiosk/text"
)

// again is the pause before what could not be opened is tried once more.
const again = 2 * time.Second

// serve opens the kiosk and runs it until ctx ends. What cannot be opened is shown, and tried again.
func serve(ctx context.Context, f *front, args arguments, cfg config.Config, configErr error, log *slog.Logger) {
	for ctx.Err() == nil {
		err := configErr
		if err == nil {
			err = serveOnce(ctx, f, args, cfg, log)
		}
		if err == nil {
			return
		}
		log.Error("start.failed", "code", fault.CodeOf(err), "err", err)
		f.show(session.Snapshot{Page: session.PageFault, Office: officeOf(cfg), Fault: &session.Fault{Code: fault.CodeOf(err)}})
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
		if configErr != nil {
			cfg, configErr = loadConfig(args)
		}
	}
}

// serveOnce opens store, station and session and runs them. An error means that it could not begin.
func serveOnce(ctx context.Context, f *front, args arguments, cfg config.Config, log *slog.Logger) error {
	dir, err := config.Expand(cfg.Data.Dir)
	if err != nil {
		return fault.New(fault.ConfigBad, err)
	}
	_, redo, err := cfg.Backup.Where(dir)
	if err != nil {
		return fault.New(fault.ConfigBad, err)
	}
	db, err := store.Open(dir, store.Options{Station: cfg.Station.ID, Commune: cfg.Station.CommuneCode, Log: log, Tag: office.Tag, RedoDir: redo})
	if err != nil {
		return err
	}
	defer db.Close()
	if args.simulate {
		if err := office.Demonstrate(ctx, db, log); err != nil {
			return err
		}
	}
	if ready, err := db.Ready(ctx); err != nil || !ready {
		return cmp.Or(err, error(fault.Newf(fault.SealNobody, "motcuactl officer add --role head … adds the first officer")))
	}
	decided := office.Obey(ctx, db, cfg, log)
	devices, err := station.Open(ctx, decided.Config, station.Options{Simulate: args.simulate, Dir: dir, Spool: args.spool, Log: log})
	if err != nil {
		return err
	}
	defer devices.Close()
	texts, err := text.Load(assets.FS, textFile)
	if err != nil {
		return err
	}
	around := func() machine {
		return machine{devices.HasPrinter(), devices.HasVoice(), devices.Simulators().Names(), ""}
	}
	fresh, err := newSession(decided, around(), texts, log)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	var helpers *assist.Server
	var bench *checkup.Server
	k := kiosk.Open(fresh, devices, db, kiosk.Options{
		Show:   func(s session.Snapshot) { f.show(s); helpers.Show(s); bench.Show(s) },
		Forget: func() { f.forget(); helpers.Forget() }, Log: log, Slip: kiosk.SlipOf(cfg.Station, time.Now), Ticket: ticketOf(cfg, devices),
		Speech: func(s session.Snapshot) string { return session.Speech(s, texts) },
	})
	helpers = assist.NewServer(cfg.Station.ID, db, k.Send, log)
	bench = checkup.NewServer(devices.Bench(texts.Get(checkup.Spoken)), checkup.Options{Send: k.Send, Note: db.Note, Log: log})
	helpers.Also(checkup.Purpose, assist.Door{Right: officer.SeeDevices, Serve: bench.Serve})
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() {
		if err := helpers.Serve(ctx, dir); err != nil {
			log.Error("assist.failed", "err", err)
		}
	})
	beside.Go(func() { trustAgain(ctx, devices) })
	beside.Go(func() {
		office.Watch(ctx, db, cfg, decided, log, func(now setting.Office) {
			devices.SetVoice(now.Config)
			next, err := sessionConfig(now, around(), texts, log)
			if err != nil { // what held goes on
				log.Error("settings.failed", "err", err)
				return
			}
			k.Send(session.Configured{Config: next})
		})
	})
	f.connect(k.Send, devices.Simulators())
	defer f.connect(nil, nil)
	log.Info("ready")
	k.Run(ctx)
	return nil
}

// trustAgain has the station see whom the office trusts, until ctx ends.
func trustAgain(ctx context.Context, devices *station.Station) {
	for tick := time.Tick(office.WatchEvery); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick:
			devices.TrustAgain()
		}
	}
}

// ticketOf is what the slip of a number says, where there is a printer.
func ticketOf(cfg config.Config, devices *station.Station) func(int, string) receipt.Slip {
	if !devices.HasPrinter() {
		return nil
	}
	return kiosk.TicketOf(cfg.Station, time.Now)
}

// machine is what a session knows of the machine it runs on.
type machine struct {
	printer, voice bool
	simulated      []string
	channel        filing.Channel
}

// newSession makes the state that a kiosk begins with, or a session at the desk.
func newSession(now setting.Office, at machine, texts *text.Table, log *slog.Logger) (session.State, error) {
	cfg, err := sessionConfig(now, at, texts, log)
	if err != nil {
		return session.State{}, err
	}
	var seed [session.SeedLen]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return session.State{}, err
	}
	return session.New(cfg, seed, time.Now()), nil
}

// sessionConfig is what a session knows, with what the office decided.
func sessionConfig(now setting.Office, at machine, texts *text.Table, log *slog.Logger) (*session.Config, error) {
	cfg := now.Config
	catalogue, err := office.Catalogue(cfg)
	if err != nil {
		return nil, err
	}
	days, err := office.Calendar(cfg, now.Closed...)
	if err != nil {
		return nil, err
	}
	places, err := office.Places(cfg)
	if err != nil {
		return nil, err
	}
	go checkData(catalogue, places, log)
	return &session.Config{
		Office: officeOf(cfg), Commune: office.Commune(cfg), Province: cfg.Station.Province,
		Catalogue: catalogue, Texts: texts, Calendar: days,
		Places: places, Local: office.Local(cfg), Off: office.Off(cfg),
		Warn: cfg.Session.IdleWarn(), Answer: cfg.Session.IdleGrace(),
		Printer: at.printer, Voice: at.voice, Languages: strings.Fields(cfg.Services.Languages), Simulated: at.simulated, Channel: at.channel, DPI: cfg.Screen.DPI,
	}, nil
}

// checkData reads everything that is read only when it is wanted, beside everything else, and says in the log what is of no
// use: an office's file that is wrong gives way to the one that the program brings.
func checkData(catalogue *service.Catalogue, places *session.Places, log *slog.Logger) {
	if err := catalogue.Check(); err != nil {
		log.Error("services.wrong", "error", err)
	}
	if err := places.Book.Warm(); err != nil {
		log.Error("places.wrong", "error", err)
	}
}

// officeOf is what the screen says of the place.
func officeOf(cfg config.Config) session.Office {
	const notKnown = -1
	return session.Office{
		Name: cfg.Station.Office, Province: cfg.Station.Province,
		Station: cfg.Station.ID, Label: cfg.Station.Label, Waiting: notKnown,
	}
}
