package office

import (
	"context"
	"log/slog"

	"motcua/kiosk/board"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/report"
	"motcua/kiosk/service"
	"motcua/kiosk/setting"
	"motcua/kiosk/station"
)

// Deciding is how a desk decides for the office, and obeys; whom it trusts the caller adds (deskparts.Trust).
func Deciding(cfg config.Config, log *slog.Logger, catalogue *service.Catalogue) (board.Deciding, error) {
	data, err := config.Expand(cfg.Data.Dir)
	if err != nil {
		return board.Deciding{}, fault.New(fault.ConfigBad, err)
	}
	obey := func(set setting.Set) (board.Rules, error) {
		now := Over(set, cfg, log)
		days, err := Calendar(now.Config, now.Closed...)
		if err != nil {
			return board.Rules{}, err
		}
		return board.Rules{Office: now, Calendar: days, Services: func(day identity.Date) []report.Service {
			return ReportServices(catalogue, now.Config, day)
		}}, nil
	}
	return board.Deciding{Obey: obey, Voices: func(ctx context.Context) ([]board.Voice, error) { return voices(ctx, data) }}, nil
}

func voices(ctx context.Context, data string) ([]board.Voice, error) {
	known, err := station.Voices(ctx, data)
	var all []board.Voice
	for _, k := range known {
		v := board.Voice{Value: k.Name, Title: k.Title, Records: k.Records, Lacking: k.Lacking, Pack: k.Pack}
		if k.Pack {
			v.Value = setting.PackPrefix + k.Name
		}
		if k.Wrong != nil {
			v.Wrong = k.Wrong.Error()
		}
		all = append(all, v)
	}
	return all, err
}
