package office

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"time"

	"motcua/kiosk/board"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
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
	opt := board.Options{Office: Place(cfg), Counter: cfg.Desk.Counter, Compose: compose.Telex, Calendar: days, Log: log, Idle: cfg.Desk.Idle(), Printer: printer}
	if cfg.Desk.Printer != "none" {
		opt.Print = func(ctx context.Context, _ string, pdf []byte) error { return printPDF(ctx, cfg.Desk.Printer, pdf) }
	}
	return opt, nil
}

// printTimeout is how long CUPS may take to take a job.
const printTimeout = 20 * time.Second

// printPDF hands a PDF to CUPS. It goes in by standard input: no file of ours has a name in it.
func printPDF(ctx context.Context, queue string, pdf []byte) error {
	ctx, cancel := context.WithTimeout(ctx, printTimeout)
	defer cancel()
	args := []string{"-s", "-t", "Motcua"}
	if queue != "" {
		args = append(args, "-d", queue)
	}
	lp := exec.CommandContext(ctx, "lp", append(args, "-")...)
	lp.Stdin = bytes.NewReader(pdf)
	if out, err := lp.CombinedOutput(); err != nil {
		return fault.New(fault.PrinterAbsent, fmt.Errorf("lp: %w: %s", err, bytes.TrimSpace(out)))
	}
	return nil
}
