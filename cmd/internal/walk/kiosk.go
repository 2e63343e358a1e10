package walk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// Pace of the walk.
const (
	lookAgain = 20 * time.Millisecond // between two looks at the touch map
	endOfRun  = 10 * time.Second      // for the kiosk to end after it was told to
)

// Settle is how long a page stands before it is touched: a person needs longer, and the screen ignores touches that
// come together with the page.
const Settle = 350 * time.Millisecond

// Map is what the kiosk says of its screen: the page, and where what can be touched is, in pixels.
type Map struct {
	Page    string  `json:"page"`
	Serial  uint64  `json:"serial"`
	Shown   uint64  `json:"shown"`           // counts maps; a new one after each change
	Field   string  `json:"field,omitempty"` // the field that is being asked for
	Part    int     `json:"part,omitempty"`  // page of a list that goes over several
	Touches []Touch `json:"touches"`
	Texts   []string
}

// Touch is one thing that can be touched.
type Touch struct {
	ID                  string
	X, Y, Width, Height float64
}

// find gives the touch of that id.
func (m Map) find(id string) (Touch, bool) {
	i := slices.IndexFunc(m.Touches, func(t Touch) bool { return t.ID == id })
	if i < 0 {
		return Touch{}, false
	}
	return m.Touches[i], true
}

// Kiosk is a running motcua.
type Kiosk struct {
	Display *Display
	Started time.Time
	path    string
	command *exec.Cmd
	done    chan error
}

// StartKiosk runs the binary on the display. args are motcua's own; the log goes to logPath.
func StartKiosk(ctx context.Context, d *Display, binary, logPath string, args ...string) (*Kiosk, error) {
	path := filepath.Join(d.dir, "touchmap.json")
	_ = os.Remove(path)
	log, err := os.OpenFile(logPath, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command := exec.CommandContext(ctx, binary, append([]string{"-touchmap", path}, args...)...)
	command.Env, command.Stdout, command.Stderr = d.Env(), log, log
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = endOfRun
	k := &Kiosk{Display: d, Started: time.Now(), path: path, command: command, done: make(chan error, 1)}
	if err := command.Start(); err != nil {
		return nil, err
	}
	go func() { k.done <- command.Wait() }()
	return k, nil
}

// Process is the kiosk's process, for those who want to kill it or weigh it.
func (k *Kiosk) Process() *os.Process { return k.command.Process }

// Stop ends the kiosk as a shutdown does, and reports how it ended.
func (k *Kiosk) Stop() error {
	_ = k.command.Process.Signal(os.Interrupt)
	select {
	case err := <-k.done:
		k.done <- err
		return err
	case <-time.After(endOfRun):
		_ = k.command.Process.Kill()
		return errors.New("walk: the kiosk did not end when it was told to")
	}
}

// Map is what the screen shows now.
func (k *Kiosk) Map() (Map, error) {
	var m Map
	data, err := os.ReadFile(k.path)
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(data, &m)
}

// Until waits for a map that satisfies ok, at most the given time.
func (k *Kiosk) Until(ctx context.Context, wait time.Duration, what string, ok func(Map) bool) (Map, error) {
	deadline := time.Now().Add(wait)
	var last Map
	for {
		if m, err := k.Map(); err == nil {
			if last = m; ok(m) {
				return m, nil
			}
		}
		select {
		case <-ctx.Done():
			return last, ctx.Err()
		case err := <-k.done:
			k.done <- err
			return last, fmt.Errorf("walk: the kiosk ended while waiting for %s: %w", what, err)
		case <-time.After(lookAgain):
		}
		if time.Now().After(deadline) {
			return last, fmt.Errorf("walk: %s did not come within %v; the page is %q", what, wait, last.Page)
		}
	}
}

// Page waits for the named page.
func (k *Kiosk) Page(ctx context.Context, page string, wait time.Duration) (Map, error) {
	return k.Until(ctx, wait, "page "+page, func(m Map) bool { return m.Page == page })
}

// Touch waits until the thing with that id is on the screen, lets the page stand for a moment, and touches the middle
// of the thing.
func (k *Kiosk) Touch(ctx context.Context, id string) error {
	if _, err := k.waitFor(ctx, id); err != nil {
		return err
	}
	time.Sleep(Settle)
	return k.press(ctx, id)
}

// press touches at once and waits until the screen has answered by drawing something else.
func (k *Kiosk) press(ctx context.Context, id string) error {
	m, err := k.waitFor(ctx, id)
	if err != nil {
		return err
	}
	t, _ := m.find(id)
	if err := k.Display.Touch(ctx, int(t.X+t.Width/2), int(t.Y+t.Height/2)); err != nil {
		return err
	}
	_, err = k.Until(ctx, endOfRun, "an answer to "+id, func(now Map) bool { return now.Shown > m.Shown })
	return err
}

// waitFor waits until something with that id can be touched.
func (k *Kiosk) waitFor(ctx context.Context, id string) (Map, error) {
	return k.Until(ctx, endOfRun, "key "+id, func(m Map) bool { _, ok := m.find(id); return ok })
}
