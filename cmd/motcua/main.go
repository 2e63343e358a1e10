// Motcua is the terminal at the counter: the citizen's kiosk, full screen.
//
// This package only wires: it reads the configuration, opens the store and the station, makes the window, and lets
// kiosk.Kiosk turn the wheel. What cannot be opened (a second instance on the same data, a full disk, a configuration
// with mistakes) is said on the screen in words, and tried again, because nobody at a counter reads a terminal.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"

	"fyne.io/fyne/v2/app"

	"motcua/cmd/internal/forgetful"
	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
)

// arguments are what the command line says.
type arguments struct {
	config   string
	data     string
	spool    string
	touchMap string
	window   string
	simulate bool
	desk     bool // the officer's side
}

func main() {
	if err := forgetful.Start(keptTexts); err != nil {
		fmt.Fprintln(os.Stderr, "motcua:", err) // it works all the same, and forgets less well
	}
	time.Local = calendar.Zone
	args, err := parseArguments(os.Args[1:])
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		os.Exit(fault.Usage.Exit())
	}
	os.Exit(run(args))
}

// parseArguments reads motcua [FLAGS] and motcua desk [FLAGS]; the word may stand at either end.
func parseArguments(list []string) (arguments, error) {
	var a arguments
	if i := slices.Index(list, "desk"); i >= 0 && (i == 0 || i == len(list)-1) {
		a.desk, list = true, slices.Delete(slices.Clone(list), i, i+1)
	}
	f := flag.NewFlagSet("motcua", flag.ContinueOnError)
	f.StringVar(&a.config, "config", "", "configuration file; else the first of the usual places")
	f.StringVar(&a.data, "data", "", "data directory; else the configuration's")
	f.StringVar(&a.spool, "spool", "", "where the simulated printer leaves its slips")
	f.StringVar(&a.window, "window", "", "WIDTHxHEIGHT: a window instead of the full screen")
	f.StringVar(&a.touchMap, "touchmap", "", "write what is on the screen and where to this file, for tests")
	f.BoolVar(&a.simulate, "simulate", false, "let simulators stand in for devices that are not attached")
	if err := f.Parse(list); err != nil {
		return a, err
	}
	if f.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "motcua: what is %q?\n", f.Arg(0))
		return a, errors.New("unexpected argument")
	}
	return a, nil
}

// run shows the window until it is told to end, and gives the exit status.
func run(args arguments) int {
	began := time.Now()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cfg, configErr := loadConfig(args)
	log, closeLog, err := openLog(cfg.Log)
	if err != nil {
		fmt.Fprintln(os.Stderr, "motcua:", err)
		return fault.ConfigBad.Exit()
	}
	defer closeLog()
	if configErr != nil {
		log.Error("config.bad", "err", configErr)
	}
	if args.desk {
		return runDesk(ctx, stop, args, cfg, configErr, log)
	}
	front, err := newFront(app.New(), cfg, args, log)
	if err != nil {
		log.Error("start.failed", "err", err)
		return fault.Internal.Exit()
	}
	started, ended := make(chan struct{}), make(chan struct{})
	front.app.Lifecycle().SetOnStarted(sync.OnceFunc(func() { close(started) }))
	front.app.Lifecycle().SetOnStopped(func() { front.closed.Store(true) })
	go func() {
		defer close(ended)
		<-started // before that, the toolkit takes no call from outside its thread
		go front.clock()
		serve(ctx, front, args, cfg, configErr, log) // the toolkit closes the window at the same signals
	}()
	log.Info("start", "ms", time.Since(began).Milliseconds())
	front.window.ShowAndRun()
	stop()
	select {
	case <-ended:
		return 0
	case <-time.After(endTime):
		log.Error("end.hangs")
		return fault.Internal.Exit()
	}
}

// endTime is how long devices and store may take to close: a filing that is being written is waited for.
const endTime = 15 * time.Second

// loadConfig reads the configuration and puts what the command line says over it.
func loadConfig(args arguments) (config.Config, error) {
	path := args.config
	if path == "" {
		path = config.Find()
	}
	cfg, err := config.Default(), error(nil)
	if path != "" {
		if cfg, err = config.Load(path); err != nil {
			cfg = config.Default()
		}
	}
	if args.data != "" {
		cfg.Data.Dir = args.data
	}
	if args.window != "" {
		cfg.Screen.Mode = config.ModeWindow
		if _, scanErr := fmt.Sscanf(args.window, "%dx%d", &cfg.Screen.Width, &cfg.Screen.Height); scanErr != nil && err == nil {
			err = fault.Newf(fault.Usage, "window: want WIDTHxHEIGHT")
		}
	}
	return cfg, err
}

// openLog makes the log that the configuration wants.
func openLog(c config.Log) (*slog.Logger, func(), error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		return nil, nil, err
	}
	out, end := os.Stderr, func() {}
	if c.File != "" {
		path, err := config.Expand(c.File)
		if err != nil {
			return nil, nil, err
		}
		const ownerOnly = 0o600
		if out, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, ownerOnly); err != nil {
			return nil, nil, err
		}
		end = func() { out.Close() }
	}
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level})), end, nil
}
