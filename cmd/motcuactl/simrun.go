package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"motcua/cmd/internal/walk"
	"motcua/kiosk/fault"
)

// The demonstration's panel, landscape; portrait is the same turned.
const (
	panelLong  = 1920
	panelShort = 1080
)

// slipTime is how long the simulated printer may take to cut the slip after the citizen was told that it is printed.
const slipTime = 15 * time.Second

// simRun runs the demonstration: the real kiosk in a virtual display with simulated devices, one invented citizen who
// files for temporary residence, a picture of every page, the slip, and what was said.
func simRun(ctx context.Context, t *tool, args []string) error {
	f := t.flags("sim run")
	out := f.String("out", "out", "where pictures and slip go")
	portrait := f.Bool("portrait", false, "a panel that stands upright")
	binary := f.String("motcua", "", "the kiosk's binary; else the one beside this program")
	if _, err := parse(f, args); err != nil {
		return err
	}
	if *binary == "" {
		self, err := os.Executable()
		if err != nil {
			return fault.New(fault.Internal, err)
		}
		*binary = filepath.Join(filepath.Dir(self), "motcua")
	}
	width, height := panelLong, panelShort
	if *portrait {
		width, height = height, width
	}
	const dirMode = 0o755
	if err := os.MkdirAll(*out, dirMode); err != nil {
		return fault.New(fault.StoreFailed, err)
	}
	display, err := walk.StartDisplay(ctx, width, height)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	defer display.Close()
	return t.demonstrate(ctx, display, *binary, *out)
}

// demonstrate runs the kiosk on the display and files once.
func (t *tool) demonstrate(ctx context.Context, display *walk.Display, binary, out string) error {
	data, err := os.MkdirTemp("", "motcua-demonstration-")
	if err != nil {
		return fault.New(fault.StoreFailed, err)
	}
	defer os.RemoveAll(data)
	spool, settings := filepath.Join(data, "spool"), filepath.Join(data, "motcua.toml")
	const ownerOnly = 0o600
	if err := os.WriteFile(settings, []byte(allSimulated), ownerOnly); err != nil {
		return fault.New(fault.StoreFailed, err)
	}
	kiosk, err := walk.StartKiosk(ctx, display, binary, filepath.Join(out, "motcua.log"),
		"-config", settings, "-data", data, "-spool", spool, "-simulate") // it also makes the officer to whom is sealed
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	number := 0
	each := func(m walk.Map) error {
		number++
		name := fmt.Sprintf("%02d-%s.png", number, m.Page)
		time.Sleep(walk.Settle)
		return display.Save(filepath.Join(out, name))
	}
	walked := kiosk.File(ctx, citizenOf(kiosk), each)
	slip := t.takeSlip(ctx, spool, out)
	spoken, said := takeSpeech(spool, out)
	if err := errors.Join(walked, slip, said, kiosk.Stop()); err != nil {
		return fault.New(fault.Internal, err)
	}
	if t.json {
		return t.line(map[string]any{"pages": number, "out": out, "slip": filepath.Join(out, slipName), "spoken": spoken})
	}
	_, err = fmt.Fprintf(t.out, "one citizen filed, no device was attached: %d pictures and %d spoken pages in %s, the slip is %s\n",
		number, spoken, out, filepath.Join(out, slipName))
	return err
}

// takeSpeech copies what the simulated voice said, none if this machine cannot speak.
func takeSpeech(spool, out string) (int, error) {
	found, err := filepath.Glob(filepath.Join(spool, "speech-*.wav"))
	if err != nil {
		return 0, err
	}
	for _, path := range found {
		if err := copyFile(path, filepath.Join(out, filepath.Base(path))); err != nil {
			return 0, err
		}
	}
	return len(found), nil
}

// allSimulated is the demonstration's configuration: also a reader that is attached stays out of it.
const allSimulated = `
[card]
driver = "sim"
[scanner]
driver = "sim"
[printer]
driver = "sim"
[voice]
driver = "sim"
`

// citizenOf is the citizen of the demonstration, whose hands touch the mark of the simulators: it shows the code and lays
// the card down, and takes it away.
func citizenOf(k *walk.Kiosk) walk.Citizen {
	c := walk.Demonstration()
	hand := func(ctx context.Context) error { return k.Touch(ctx, "simulator") }
	c.Arrive, c.TakeCard = hand, hand
	return c
}

// copyFile copies something small that the demonstration made, for people to look at.
func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	const mode = 0o644
	return os.WriteFile(to, data, mode)
}

// slipName is the slip's picture.
const slipName = "slip.png"

// takeSlip waits for the printed slip and copies it.
func (t *tool) takeSlip(ctx context.Context, spool, out string) error {
	deadline := time.Now().Add(slipTime)
	for {
		found, err := filepath.Glob(filepath.Join(spool, "*.png"))
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return copyFile(found[0], filepath.Join(out, slipName))
		}
		if time.Now().After(deadline) {
			return errors.New("no slip came out of the printer")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(walk.Settle):
		}
	}
}
