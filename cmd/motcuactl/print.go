package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/receipt"
	"motcua/kiosk/station"
)

// printTime is how long the test page may take on a slow serial line.
const printTime = 30 * time.Second

// printTest prints the test page on the configured printer.
func printTest(ctx context.Context, t *tool, args []string) error {
	f := t.flags("print test")
	device := f.String("device", "", "printer; else the configuration's")
	if _, err := parse(f, args); err != nil {
		return err
	}
	cfg, err := t.config()
	if err != nil {
		return err
	}
	if *device != "" {
		cfg.Printer.Device = *device
	}
	cfg.Card.Driver, cfg.Scanner.Driver = "none", "none"
	devices, err := station.Open(ctx, cfg, station.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer devices.Close()
	page, err := receipt.TestPage(cfg.Printer.Device, "MOTCUA TEST "+cfg.Station.ID, time.Now(), devices.PaperWidth())
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	ctx, cancel := context.WithTimeout(ctx, printTime)
	defer cancel()
	began := time.Now()
	if err := devices.PrintDocument(ctx, page); err != nil {
		return err
	}
	ms := time.Since(began).Milliseconds()
	if t.json {
		return t.line(map[string]any{"printed": true, "ms": ms})
	}
	_, err = fmt.Fprintf(t.out, "the test page was printed in %d ms\n", ms)
	return err
}
