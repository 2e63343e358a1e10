package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"motcua/assets"
	"motcua/cmd/internal/office"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
	"motcua/kiosk/service"
	"motcua/kiosk/station"
	"motcua/kiosk/store"
	"motcua/kiosk/text"
)

// lookAtMost is how long one part may take to answer.
const lookAtMost = 5 * time.Second

// doctor shows the board and ends with the exit status of what failed first.
func doctor(ctx context.Context, t *tool, args []string) error {
	if _, err := parse(t.flags("doctor"), args); err != nil {
		return err
	}
	cfg, cfgErr := t.config()
	if cfgErr != nil {
		cfg = config.Default()
	}
	probes := []health.Probe{
		{Name: "config", Look: func(context.Context) health.Item { return lookConfig(t.configFile, cfgErr) }},
		{Name: "assets", Look: func(context.Context) health.Item { return lookAssets(cfg) }},
		{Name: "store", Look: func(ctx context.Context) health.Item { return lookStore(ctx, cfg.Data.Dir) }},
		{Name: "display", Look: func(context.Context) health.Item { return lookDisplay() }},
	}
	report := health.Run(ctx, lookAtMost, append(probes, deviceProbes(cfg)...)...)
	if t.json {
		if err := t.line(report); err != nil {
			return err
		}
	} else if err := report.WriteText(t.out); err != nil {
		return err
	}
	for _, item := range report.Items {
		if item.State == health.Failed {
			return fault.Newf(item.Code, "%s does not work", item.Name)
		}
	}
	return nil
}

// deviceProbes look at the devices; at those that answer one program at a time only while no kiosk has them.
func deviceProbes(cfg config.Config) []health.Probe {
	probes := station.Probes(cfg)
	dir, err := config.Expand(cfg.Data.Dir)
	if err != nil || fault.CodeOf(store.Usable(dir)) != fault.StoreLocked {
		return probes
	}
	for i := range probes {
		if name := probes[i].Name; name != "reader" && name != "voice" {
			probes[i].Look = func(context.Context) health.Item { return health.NotThere("the running kiosk has it: stop that first") }
		}
	}
	return probes
}

// lookConfig says which file holds.
func lookConfig(named string, err error) health.Item {
	path := named
	if path == "" {
		path = config.Find()
	}
	switch {
	case err != nil:
		return health.Broken(err)
	case path == "":
		return health.NotThere("no file; the defaults hold")
	}
	return health.There(map[string]string{"file": path})
}

// lookAssets loads what the binary carries, with the services and days off that the office has of its own.
func lookAssets(cfg config.Config) health.Item {
	_, textErr := text.Load(assets.FS, "text/vi.yaml")
	_, err := service.Load(assets.FS)
	if err := errors.Join(textErr, err); err != nil {
		return health.Broken(fault.New(fault.Internal, err))
	}
	catalogue, err := office.Catalogue(cfg)
	_, daysErr := office.Calendar(cfg)
	if err := errors.Join(err, daysErr); err != nil {
		return health.Broken(fault.New(fault.ConfigBad, err))
	}
	return health.There(map[string]string{"services": fmt.Sprint(len(catalogue.All()))})
}

// lookStore opens the store for reading and verifies its journal.
func lookStore(ctx context.Context, data string) health.Item {
	dir, err := config.Expand(data)
	if err != nil {
		return health.Broken(fault.New(fault.ConfigBad, err))
	}
	db, err := store.OpenReadOnly(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return health.NotThere("nothing was filed here yet: " + dir)
	case err != nil:
		return health.Broken(err)
	}
	defer db.Close()
	verdict, err := db.VerifyJournal(ctx)
	if err != nil {
		return health.Broken(err)
	}
	if err := store.Usable(dir); err != nil {
		return health.Broken(err)
	}
	return health.There(map[string]string{"directory": dir, "journal": fmt.Sprintf("%d entries, unbroken", verdict.Entries)})
}

// lookDisplay says whether there is a screen for the kiosk.
func lookDisplay() health.Item {
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY"} {
		if value := os.Getenv(name); value != "" {
			return health.There(map[string]string{name: value})
		}
	}
	return health.NotThere("neither DISPLAY nor WAYLAND_DISPLAY is set")
}
