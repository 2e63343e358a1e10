package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"motcua/assets"
	"motcua/kiosk"
	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/place"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
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
		f.show(session.Snapshot{Page: session.PageFault, Office: office(cfg), Fault: &session.Fault{Code: fault.CodeOf(err)}})
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
	db, err := store.Open(dir, store.Options{Station: cfg.Station.ID, Commune: cfg.Station.CommuneCode, Log: log})
	if err != nil {
		return err
	}
	defer db.Close()
	devices, err := station.Open(ctx, cfg, station.Options{Simulate: args.simulate, Dir: dir, Spool: args.spool, Log: log})
	if err != nil {
		return err
	}
	defer devices.Close()
	fresh, err := newSession(cfg, devices, log)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	k := kiosk.Open(fresh, devices, db, kiosk.Options{
		Show: f.show, Forget: f.forget, Log: log, Slip: kiosk.SlipOf(cfg.Station, time.Now),
	})
	f.connect(k.Send, devices.Simulators())
	defer f.connect(nil, nil)
	log.Info("ready")
	k.Run(ctx)
	return nil
}

// newSession makes the state that a kiosk begins with.
func newSession(cfg config.Config, devices *station.Station, log *slog.Logger) (session.State, error) {
	texts, err := text.Load(assets.FS, textFile)
	if err != nil {
		return session.State{}, err
	}
	catalogue, err := openCatalogue(cfg, log)
	if err != nil {
		return session.State{}, err
	}
	days, err := openCalendar(cfg)
	if err != nil {
		return session.State{}, err
	}
	places, err := openPlaces(cfg, log)
	if err != nil {
		return session.State{}, err
	}
	var seed [session.SeedLen]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return session.State{}, err
	}
	return session.New(&session.Config{
		Office: office(cfg), Commune: communeOf(cfg.Station.Office), Province: cfg.Station.Province,
		Catalogue: catalogue, Texts: texts, Calendar: days,
		Places: places, Local: strings.Fields(cfg.Services.Local),
		Warn: cfg.Session.IdleWarn(), Answer: cfg.Session.IdleGrace(),
		Printer: devices.HasPrinter(), Simulated: devices.Simulators().Names(),
	}, seed, time.Now()), nil
}

// openCatalogue reads the services, with what the office has of its own. What is wrong in a file is in the log: the
// office's file that is of no use gives way to the one that the program brings.
func openCatalogue(cfg config.Config, log *slog.Logger) (*service.Catalogue, error) {
	var offices []fs.FS
	dir := cmp.Or(cfg.Services.Dir, filepath.Join(cfg.Data.Dir, "services"))
	if path, err := config.Expand(dir); err == nil {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			offices = append(offices, os.DirFS(path))
		}
	}
	catalogue, err := service.Load(assets.FS, offices...)
	if err != nil {
		return nil, err
	}
	go func() {
		if err := catalogue.Check(); err != nil {
			log.Error("services.wrong", "error", err)
		}
	}()
	return catalogue, nil
}

// openCalendar reads the days off, with the years that the office entered in its data directory (calendar/years.yaml).
func openCalendar(cfg config.Config) (*calendar.Calendar, error) {
	var offices []fs.FS
	if dir, err := config.Expand(cfg.Data.Dir); err == nil {
		offices = append(offices, os.DirFS(dir))
	}
	return calendar.Load(calendar.DefaultHours(), assets.FS, offices...)
}

// openPlaces reads the communes; what became of old ones is read beside everything else.
func openPlaces(cfg config.Config, log *slog.Logger) (*session.Places, error) {
	book, err := place.Open(assets.FS)
	if err != nil {
		return nil, err
	}
	go func() {
		if err := book.Warm(); err != nil {
			log.Error("places.wrong", "error", err)
		}
	}()
	home, _ := book.Unit(cfg.Station.CommuneCode)
	return &session.Places{Book: book, Home: home.ProvinceCode}, nil
}

// communeOf is the commune as an address has it: what follows "Công an" in the office's name.
func communeOf(office string) string {
	return strings.TrimSpace(strings.TrimPrefix(office, "Công an"))
}

// office is what the screen says of the place.
func office(cfg config.Config) session.Office {
	const notKnown = -1
	return session.Office{
		Name: cfg.Station.Office, Province: cfg.Station.Province,
		Station: cfg.Station.ID, Label: cfg.Station.Label, Waiting: notKnown,
	}
}
