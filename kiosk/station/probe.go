package station

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/pcsc"
	"motcua/devices/scan"
	"motcua/devices/voice"
	"motcua/kiosk/checkup"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
)

// Probes are the looks that motcuactl doctor takes at the devices. They open the devices themselves and must not run
// beside a kiosk that holds them: a serial scanner answers one program at a time.
func Probes(cfg config.Config) []health.Probe {
	var kept *memory
	if dir, err := config.Expand(cfg.Data.Dir); err == nil {
		kept = openMemory(dir, slog.New(slog.DiscardHandler))
	}
	return []health.Probe{
		{Name: "reader", Look: func(ctx context.Context) health.Item { return lookReader(ctx, cfg.Card) }},
		{Name: "scanner", Look: func(ctx context.Context) health.Item { return lookScanner(ctx, cfg, kept) }},
		{Name: "printer", Look: func(ctx context.Context) health.Item { return lookPrinter(ctx, cfg.Printer, kept) }},
		{Name: "voice", Look: func(context.Context) health.Item { return lookVoice(cfg.Voice) }},
	}
}

// lookTime is how long a look waits for a device to show itself.
const lookTime = 2 * time.Second

// chosen answers for the drivers that need no look.
func chosen(driver string) (health.Item, bool) {
	switch driver {
	case config.DriverNone:
		return health.NotThere("the configuration says none"), true
	case config.DriverSim:
		return health.There(map[string]string{"driver": "simulator"}), true
	}
	return health.Item{}, false
}

// absentOrFailed is what a missing device is: no fault if nobody named it, a failure if the configuration did.
func absentOrFailed(named bool, code fault.Code, because string) health.Item {
	if named {
		return health.Broken(fault.Newf(code, "%s", because))
	}
	return health.NotThere(because)
}

// lookVoice says whether pages can be spoken.
func lookVoice(c config.Voice) health.Item {
	if item, done := chosen(c.Driver); done {
		return item
	}
	if _, err := voice.Open(voice.Options{Language: c.Language}); err != nil {
		return health.NotThere(err.Error())
	}
	if !voice.Loudspeaker() {
		return health.NotThere("there is no sound card")
	}
	return health.There(map[string]string{"language": c.Language})
}

// lookReader lists the readers and says whether a card lies on one.
func lookReader(ctx context.Context, c config.Card) health.Item {
	if item, done := chosen(c.Driver); done {
		return item
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	readers := pcsc.New()
	defer readers.Close()
	var seen slots
	because := "PC/SC knows no reader"
	for e := range readers.Watch(ctx) {
		if e.Kind == card.ServiceDown {
			because = fmt.Sprintf("the PC/SC service does not answer: %v", e.Err)
		}
		if e.Reader == "" || strings.Contains(e.Reader, c.Reader) {
			seen.apply(e)
		}
	}
	if len(seen.list) == 0 {
		if c.Reader != "" {
			because += fmt.Sprintf(" whose name holds %q", c.Reader)
		}
		return absentOrFailed(c.Driver == config.DriverPCSC || c.Reader != "", fault.ReaderAbsent, because)
	}
	detail := map[string]string{}
	for _, s := range seen.list {
		state := "empty"
		switch {
		case s.card:
			state = "card"
		case s.mute:
			state = "card that does not answer"
		}
		detail[s.reader] = state
	}
	return health.There(detail)
}

// lookScanner opens the scanner.
func lookScanner(ctx context.Context, cfg config.Config, kept *memory) health.Item {
	c, pick := cfg.Scanner, picker{cfg: cfg, sims: &Simulators{}, memory: kept}
	if item, done := chosen(c.Driver); done {
		return item
	}
	if c.Driver == config.DriverAuto && c.Device == "" && pick.scannerLine() == "" {
		return health.NotThere("no USB or serial scanner is attached")
	}
	scanner, err := pick.scanner()
	if err != nil {
		return health.Broken(err)
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	for e := range scanner.Watch(ctx) {
		switch e.Kind {
		case scan.Connected, scan.Read:
			return health.There(map[string]string{"device": scanner.Name()})
		case scan.Gone:
			return health.Broken(fault.New(fault.ScannerAbsent, e.Err))
		}
	}
	return health.Broken(fault.Newf(fault.ScannerAbsent, "no answer from %s", scanner.Name()))
}

// lookPrinter asks the printer how it is.
func lookPrinter(ctx context.Context, c config.Printer, kept *memory) health.Item {
	if item, done := chosen(c.Driver); done {
		return item
	}
	named := c.Device != "" || kept.chosen(checkup.Printer) != ""
	device := picker{cfg: config.Config{Printer: c}, memory: kept}.printerDevice()
	printer, err := openPrinter(device, c)
	if err != nil {
		return health.Broken(err)
	}
	defer printer.Close()
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	status, err := printer.Status(ctx)
	if err == nil {
		err = status.Err()
	}
	switch code := printCode(err); {
	case err == nil:
		return health.There(map[string]string{"device": printer.Name(), "online": status.Online.String(),
			"paper": status.Paper.String(), "paper_low": status.PaperLow.String(), "cover_closed": status.CoverClosed.String()})
	case code == fault.PrinterAbsent:
		return absentOrFailed(named || c.Driver == config.DriverESCPOS, code, errors.Unwrap(fault.New(code, err)).Error())
	default:
		return health.Broken(fault.New(code, err))
	}
}
