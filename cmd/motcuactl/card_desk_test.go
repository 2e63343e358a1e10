//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/pcsc"
	"motcua/devices/card/pcsc/pcsctest"
)

// Patience of these tests.
const (
	seen      = 10 * time.Second // until the service notices a card that came or went
	longWait  = "15s"            // of card read, for a card that is on its way
	shortWait = "900ms"          // of card read, for one that never comes
	ended     = 5 * time.Second  // for a process that was told to end

	layings = 3                       // attempts to lay a card down
	missed  = 2 * time.Second         // that a card lies there unseen
	lifted  = 1200 * time.Millisecond // between two attempts
)

// desk is a real pcscd with two readers. Tests that run at the same time share it: each takes a reader.
type desk struct {
	daemon *pcsctest.Daemon
	free   chan place

	mu      sync.Mutex
	there   map[string]bool // readers with something on them, as the service sees it
	changed chan struct{}   // closed and renewed at each change
}

// place is one reader.
type place struct{ reader, addr string }

func openDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{daemon: pcsctest.Start(t), free: make(chan place, 2), there: map[string]bool{}, changed: make(chan struct{})}
	d.free <- place{pcsctest.Reader, pcsctest.Addr}
	d.free <- place{pcsctest.Reader2, pcsctest.Addr2}
	readers := pcsc.New()
	var watcher sync.WaitGroup
	watcher.Go(func() { d.watch(readers.Watch(context.Background())) })
	t.Cleanup(func() {
		_ = readers.Close()
		watcher.Wait()
	})
	return d
}

func (d *desk) watch(events <-chan card.Event) {
	for e := range events {
		d.mu.Lock()
		d.there[e.Reader] = e.Kind == card.CardInserted || e.Kind == card.CardMute
		close(d.changed)
		d.changed = make(chan struct{})
		d.mu.Unlock()
	}
}

// take waits for a free reader and has it until the test ends.
func (d *desk) take(t *testing.T) place {
	t.Helper()
	p := <-d.free
	t.Cleanup(func() {
		d.await(t, p.reader, false)
		d.free <- p
	})
	return p
}

// await waits until the service sees something on the reader, or nothing.
func (d *desk) await(t *testing.T, reader string, want bool) {
	t.Helper()
	if !d.sees(reader, want, seen) {
		t.Errorf("%s: card present is not %v for %v", reader, want, seen)
	}
}

// sees waits for it that long.
func (d *desk) sees(reader string, want bool, limit time.Duration) bool {
	deadline := time.After(limit)
	for {
		d.mu.Lock()
		there, changed := d.there[reader], d.changed
		d.mu.Unlock()
		if there == want {
			return true
		}
		select {
		case <-changed:
		case <-deadline:
			return false
		}
	}
}

// chip is a chip.py on a reader.
type chip struct {
	place
	profile string
	log     string
	process *exec.Cmd
	end     func()
}

// lay lays a chip.py with a profile and options on a free reader, until the test ends or the chip's end is called. The
// service at times misses a card that comes soon after another; then it is lifted for a moment.
func (d *desk) lay(t *testing.T, profile string, options ...string) *chip {
	t.Helper()
	script := filepath.Join(cardtest.Shared(t), "chip", "chip.py")
	c := &chip{place: d.take(t), profile: profile, log: filepath.Join(t.TempDir(), "chip.log")}
	_, port, _ := strings.Cut(c.addr, ":")
	c.process = exec.Command("/usr/bin/python3", append([]string{"-B", script, "--port", port, "--profile", profile,
		"--log", c.log}, options...)...)
	var output bytes.Buffer
	c.process.Stdout, c.process.Stderr = &output, &output
	if err := c.process.Start(); err != nil {
		t.Fatal(err)
	}
	c.end = sync.OnceFunc(func() {
		_ = c.process.Process.Signal(syscall.SIGTERM)
		_ = c.process.Wait()
		if t.Failed() && output.Len() > 0 {
			t.Logf("chip.py %v:\n%s", options, output.String())
		}
	})
	t.Cleanup(c.end)
	for range layings {
		if d.sees(c.reader, true, missed) {
			return c
		}
		_ = c.process.Process.Signal(syscall.SIGUSR1)
		time.Sleep(lifted)
		_ = c.process.Process.Signal(syscall.SIGUSR2)
	}
	t.Fatalf("%s: the service does not see the chip", c.reader)
	return nil
}

// traffic is what the chip itself counted.
type traffic struct{ apdus, up, down int }

// counted is the chip's own count of everything since it started.
func (c *chip) counted(t *testing.T) traffic {
	t.Helper()
	raw, err := os.ReadFile(c.log)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var sum traffic
	for line := range bytes.Lines(raw) {
		var entry struct{ Up, Down int }
		if err := json.Unmarshal(line, &entry); err != nil {
			t.Fatalf("the chip's log: %v: %s", err, line)
		}
		sum = traffic{sum.apdus + 1, sum.up + entry.Up, sum.down + entry.Down}
	}
	return sum
}

// outcome is how a motcuactl ended.
type outcome struct {
	status   int
	out, err string
	took     time.Duration
}

// motcuactl runs the tool as a process of its own, as an officer does.
func motcuactl(t *testing.T, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "motcuactl", args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	began := time.Now()
	err := cmd.Run()
	var status *exec.ExitError
	if err != nil && !errors.As(err, &status) {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), errs.String(), time.Since(began)}
}

// read reads the card on the chip's reader with --json.
func (c *chip) read(t *testing.T, args ...string) outcome {
	t.Helper()
	return motcuactl(t, append([]string{"card", "read", "--json", "--reader", c.reader, "--wait", longWait}, args...)...)
}

// refuses wants the outcome to be a failure with the code and its exit status, in words that hold nothing of anybody.
func (o outcome) refuses(t *testing.T, code string, status int) {
	t.Helper()
	var answer struct {
		Error struct{ Code, Text string }
	}
	if err := json.Unmarshal([]byte(o.out), &answer); err != nil {
		t.Errorf("the answer is not JSON: %v: %q %q", err, o.out, o.err)
	}
	if answer.Error.Code != code || o.status != status {
		t.Errorf("code %q, status %d; want %q, %d: %s", answer.Error.Code, o.status, code, status, answer.Error.Text)
	}
	if i := strings.Index(o.out+o.err, "099"); i >= 0 {
		t.Errorf("the failure names a person: %s", o.out+o.err)
	}
}

// persona numbers as make_profile.py has them.
func persona(n int) []string { return []string{"--persona", strconv.Itoa(n)} }

// some is the first few of them, or all in a long run.
func some[T any](all ...T) []T {
	const few = 4
	if os.Getenv("MOTCUA_SOAK") != "" {
		return all
	}
	return all[:few]
}
