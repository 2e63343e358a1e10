//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"motcua/cmd/internal/walk"
)

// owner is somebody who registers in an own home: the shortest way through.
func owner() walk.Citizen {
	c := atOfficersKeyboard()
	c.Choices = map[string]string{"case": "own", "period": "two-years", "home": "other"}
	c.Typed = map[string]string{"dwelling": "Xom Van 3"}
	return c
}

// usage is what the kiosk's process takes: resident memory and processor time so far.
func usage(t *testing.T, pid int) (residentKB int, cpu time.Duration) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmRSS:" {
			residentKB, _ = strconv.Atoi(fields[1])
		}
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	const utime, stime, tick = 11, 12, 10 * time.Millisecond
	for _, i := range []int{utime, stime} {
		n, _ := strconv.Atoi(fields[i])
		cpu += time.Duration(n) * tick
	}
	return residentKB, cpu
}

// firstFrame is the time from the start of the process until its picture is on the display.
func (r *rig) firstFrame() time.Duration {
	r.t.Helper()
	for {
		if shot, err := r.display.Screenshot(); err == nil {
			if red, _, _, _ := shot.At(10, 10).RGBA(); red > 0 {
				return time.Since(r.kiosk.Started)
			}
		}
		if time.Since(r.kiosk.Started) > soon {
			r.t.Fatal("nothing was drawn")
		}
	}
}

// TestHundredSessions is one day at a busy kiosk: its memory must not grow with the people who pass.
func TestHundredSessions(t *testing.T) {
	if os.Getenv("MOTCUA_SOAK") == "" {
		t.Skip("takes half an hour: make soak")
	}
	const sessions, settled = 100, 10
	r := newRig(t, 1920, 1080, "none")
	_ = r.kiosk.Stop() // every device simulated: the sessions are the kiosk's, not the rig's
	if err := os.WriteFile(r.config, []byte("[card]\ndriver = \"sim\"\n[scanner]\ndriver = \"sim\"\n[printer]\ndriver = \"sim\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.start()
	t.Logf("start to first frame: %v", r.firstFrame().Round(time.Millisecond))
	pid := r.kiosk.Process().Pid
	_, before := usage(t, pid)
	const idle = 20 * time.Second
	time.Sleep(idle)
	_, after := usage(t, pid)
	t.Logf("idle: %.1f %% of one processor", 100*float64(after-before)/float64(idle))
	early := 0
	hand := func(ctx context.Context) error { return r.kiosk.Touch(ctx, "simulator") }
	citizen := owner()
	citizen.Arrive, citizen.TakeCard = hand, hand
	for i := range sessions {
		if err := r.kiosk.File(t.Context(), citizen, nil); err != nil {
			t.Fatalf("session %d: %v", i+1, err)
		}
		resident, _ := usage(t, pid)
		if (i+1)%settled == 0 {
			t.Logf("after %d sessions: %d MB resident", i+1, resident/1024)
		}
		if i+1 == settled {
			early = resident
		}
	}
	const allowed = 1.3
	if resident, _ := usage(t, pid); float64(resident) > allowed*float64(early) {
		t.Errorf("%d kB after %d sessions, %d kB after %d", resident, sessions, early, settled)
	}
}
