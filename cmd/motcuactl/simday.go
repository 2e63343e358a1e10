package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"motcua/cmd/internal/day"
	"motcua/kiosk/fault"
)

// simDay plays a day of an office and says what it took.
func simDay(ctx context.Context, t *tool, args []string) error {
	f := t.flags("sim day")
	const usual, kiosks = 300, 2
	o := day.Options{Command: partOf}
	f.IntVar(&o.Citizens, "citizens", usual, "how many people come")
	f.IntVar(&o.Kiosks, "kiosks", kiosks, "how many kiosks there are")
	f.Float64Var(&o.Speed, "speed", 0, "they come over eight hours, so many times faster; 0: as soon as a kiosk is free")
	f.DurationVar(&o.Think, "think", 0, "how long people look at a page before they touch it")
	f.StringVar(&o.Dir, "dir", "", "where the data directory, logs, slips and forms stay; nowhere if left out")
	if _, err := parse(f, args); err != nil {
		return err
	}
	if o.Citizens < 1 || o.Kiosks < 1 || o.Speed < 0 {
		return fault.Newf(fault.Usage, "somebody has to come, to at least one kiosk")
	}
	if o.Dir == "" {
		dir, err := os.MkdirTemp("", "motcua-day-")
		if err != nil {
			return fault.New(fault.StoreFailed, err)
		}
		defer os.RemoveAll(dir)
		o.Dir = dir
	}
	o.Say = func(format string, args ...any) { fmt.Fprintf(t.errs, format+"\n", args...) }
	r, err := day.Run(ctx, o)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	if t.json {
		err = t.line(r)
	} else {
		err = r.Write(t.out)
	}
	if err == nil && len(r.Wrong) > 0 {
		err = tell(fault.Internal)
	}
	return err
}

// partOf is this program as a process of the day.
func partOf(ctx context.Context, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Args = append([]string{os.Args[0], day.PartName}, args...)
	return cmd
}

// dayPart is main of such a process; it gives the exit status.
func dayPart(ctx context.Context) int {
	if err := day.Part(ctx, os.Args[2:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return fault.CodeOf(err).Exit()
	}
	return 0
}
