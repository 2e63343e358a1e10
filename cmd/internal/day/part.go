package day

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"motcua/cmd/internal/forgetful"
	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
)

// PartName is the first argument of a program that is a part.
const PartName = "part"

// The parts.
const (
	partKiosk = "kiosk"
	partDesk  = "desk"
)

// Part is the process of a kiosk or a desk: args are what Options.Command was given after PartName. It works until in ends.
func Part(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	if err := forgetful.Start(); err != nil {
		return err
	}
	time.Local = calendar.Zone
	f := flag.NewFlagSet(PartName, flag.ContinueOnError)
	var s settings
	file := f.String("config", "", "configuration")
	log := f.String("log", "", "file of the log")
	f.DurationVar(&s.ahead, "ahead", 0, "how far this clock is before the true one")
	if len(args) == 0 {
		return fmt.Errorf("which part?")
	}
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	var err error
	if s.cfg, err = config.Load(*file); err != nil {
		return err
	}
	const ownerOnly = 0o600
	to, err := os.OpenFile(*log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, ownerOnly)
	if err != nil {
		return err
	}
	defer to.Close()
	s.books = &books{Books: Books{Took: map[string][]time.Duration{}, Warned: map[string]int{}}}
	// Everything is logged, so that whoever searches the file for people finds what any setting would write.
	s.log = slog.New(&counting{slog.NewJSONHandler(to, &slog.HandlerOptions{Level: slog.LevelDebug}), s.books})
	switch args[0] {
	case partKiosk:
		return s.kiosk(ctx, in, out)
	case partDesk:
		return s.desk(ctx, in, out)
	}
	return fmt.Errorf("there is no part %q", args[0])
}

// settings are what a part was started with.
type settings struct {
	cfg   config.Config
	ahead time.Duration
	log   *slog.Logger
	books *books
}

// now is the time of the day that is played.
func (s settings) now() time.Time { return time.Now().Add(s.ahead) }

// books are Books that several goroutines write.
type books struct {
	mu sync.Mutex
	Books
}

// time runs do and books how long it took.
func (b *books) time(what string, do func() error) error {
	began := time.Now()
	err := do()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Took[what] = append(b.Took[what], time.Since(began))
	return err
}

// account is what was booked, and the memory that is needed now.
func (b *books) account() *Books {
	runtime.GC()
	debug.FreeOSMemory()
	b.mu.Lock()
	defer b.mu.Unlock()
	return &Books{Took: maps.Clone(b.Took), Warned: maps.Clone(b.Warned), Memory: memory()}
}

// memory is what this process takes; what the system does not say is zero.
func memory() Memory {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	const kilo = 1024
	m := Memory{Heap: int64(stats.HeapAlloc / kilo)}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return m
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kb, _ := strconv.ParseInt(fields[1], 10, 64)
		switch fields[0] {
		case "VmRSS:":
			m.Resident = kb
		case "VmHWM:":
			m.Peak = kb
		}
	}
	return m
}

// counting is a log that counts what is worse than usual.
type counting struct {
	slog.Handler
	books *books
}

// Handle implements slog.Handler.
func (c *counting) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelWarn {
		c.books.mu.Lock()
		c.books.Warned[r.Level.String()+" "+r.Message]++
		c.books.mu.Unlock()
	}
	return c.Handler.Handle(ctx, r)
}
