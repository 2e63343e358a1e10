package deskparts

import (
	"context"
	"log/slog"
	"sync/atomic"

	"motcua/devices/scan"
	"motcua/devices/scan/serial"
	"motcua/kiosk/board"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
)

// Scanner is the desk's own scanner on a serial line.
type Scanner struct {
	driver scan.Scanner
	log    *slog.Logger
	there  atomic.Bool
}

// NewScanner makes it; the device need not be there yet. An error is fault.ConfigBad.
func NewScanner(device string, baud int, log *slog.Logger) (*Scanner, error) {
	driver, err := serial.New(serial.Options{Path: device, Baud: baud})
	if err != nil {
		return nil, fault.New(fault.ConfigBad, err)
	}
	return &Scanner{driver: driver, log: log}, nil
}

// Follow tells every text that was read until ctx ends. What was read may be about people, and is not logged.
func (s *Scanner) Follow(ctx context.Context, tell func(text string)) {
	for e := range s.driver.Watch(ctx) {
		switch e.Kind {
		case scan.Read:
			tell(e.Text)
		case scan.Connected, scan.Gone:
			s.there.Store(e.Kind == scan.Connected)
			s.log.Info("desk.scanner", "state", e.Kind, "err", e.Err)
		case scan.Rejected:
			s.log.Info("desk.scanner", "state", e.Kind, "err", e.Err)
			tell("") // it beeped: the officer is told that it was no use
		}
	}
	s.there.Store(false)
}

// Part is it on the page of devices.
func (s *Scanner) Part() board.Part {
	return board.Part{Name: "scanner", Look: func(context.Context) board.Found {
		if !s.there.Load() {
			return board.Found{State: health.Failed, Code: fault.ScannerAbsent}
		}
		return board.Found{State: health.Present, Lines: []board.Words{{Key: "desk.part.scanner.works"}}}
	}}
}
