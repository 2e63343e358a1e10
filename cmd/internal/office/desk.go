package office

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"motcua/kiosk/board"
	"motcua/kiosk/config"
	"motcua/kiosk/portal"
	"motcua/kiosk/seal"
	"motcua/ui/keyboard/compose"
)

// Place is the office as the head of the officer's page has it.
func Place(cfg config.Config) string {
	return strings.Trim(strings.Join([]string{cfg.Station.Office, cfg.Station.Province}, " · "), " ·")
}

// Desk is what the officer's side reads of the configuration and the assets.
func Desk(cfg config.Config, log *slog.Logger) (board.Options, error) {
	printer, err := Printer(cfg)
	if err != nil {
		return board.Options{}, err
	}
	days, err := Calendar(cfg)
	if err != nil {
		return board.Options{}, err
	}
	deciding, err := Deciding(cfg, log, printer.Catalogue)
	if err != nil {
		return board.Options{}, err
	}
	opt := board.Options{Deciding: deciding, Office: Place(cfg), Counter: cfg.Desk.Counter, Compose: compose.Telex, Calendar: days, Log: log, Idle: cfg.Desk.Idle(), Printer: printer}
	if opt.Portal, err = portal.NewWay(cfg.Portal, printer, log); err != nil {
		return opt, err
	}
	if cfg.Desk.Printer != "none" {
		opt.Print = func(ctx context.Context, _ string, pdf []byte) error { return PrintPDF(ctx, cfg.Desk.Printer, pdf) }
		opt.Steward.Sheets = func(ctx context.Context, key *seal.Identity, officers []string) error {
			sheets, err := RecoverySheets(printer, key, officers, time.Now())
			for i := 0; i < len(sheets) && err == nil; i++ {
				err = PrintPDF(ctx, cfg.Desk.Printer, sheets[i])
			}
			return err
		}
	}
	return opt, nil
}
