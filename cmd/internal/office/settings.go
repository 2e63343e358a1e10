package office

import (
	"context"
	"log/slog"
	"reflect"
	"time"

	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/setting"
	"motcua/kiosk/store"
)

// Decided is where the decisions of a head are read; *store.Store and *store.Reader.
type Decided interface {
	Settings(ctx context.Context) ([]store.Setting, error)
}

// Over lays decisions over the configuration of a station; what cannot be read is left as the file has it, with a line in the log.
func Over(set setting.Set, cfg config.Config, log *slog.Logger) setting.Office {
	o, err := set.Over(cfg)
	if err != nil {
		log.Warn("settings.wrong", "err", err)
	}
	return o
}

// Obey is what holds now. Where the decisions cannot be read it is what the file says: an office works whatever is the matter with them.
func Obey(ctx context.Context, db Decided, cfg config.Config, log *slog.Logger) setting.Office {
	all, err := db.Settings(ctx)
	if err != nil {
		log.Warn("settings.unread", "code", fault.CodeOf(err), "err", err)
	}
	return Over(store.SetOf(all), cfg, log)
}

// WatchEvery is how often a kiosk looks for decisions.
const WatchEvery = 2 * time.Second

// Watch tells what holds each time that it is another than held, until ctx ends. While the decisions cannot be read what held goes on.
func Watch(ctx context.Context, db Decided, cfg config.Config, held setting.Office, log *slog.Logger, changed func(setting.Office)) {
	ticks := time.NewTicker(WatchEvery)
	defer ticks.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		all, err := db.Settings(ctx)
		if err != nil {
			if !failing && ctx.Err() == nil {
				log.Warn("settings.unread", "code", fault.CodeOf(err), "err", err)
			}
			failing = true
			continue
		}
		failing = false
		// The log is told what is wrong once, when it comes, not every two seconds.
		now, err := store.SetOf(all).Over(cfg)
		if reflect.DeepEqual(now, held) {
			continue
		}
		if err != nil {
			log.Warn("settings.wrong", "err", err)
		}
		held = now
		log.Info("settings.changed", "settings", len(all))
		changed(now)
	}
}
