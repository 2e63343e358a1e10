//go:build amd64 || arm64

package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"motcua/kiosk/store/internal/systrace"
)

// This file kills a kiosk and a desk that work on one directory at every point at which one of them is about to change a file there (write,
// fsync, truncate, rename, remove) or to answer: whoever is at that point, or both at once. What is left is compared with what was
// answered. A kill is exact: the call at which it strikes does not take place. By default a part of the points is tried, another one
// each time; all of them with
//
//	MOTCUA_SOAK=1 go test -timeout 1h -run TestKillMatrix -v ./kiosk/store
const (
	somePoints = 30 // of those of each kind of kill
	racePoints = 3  // with -short
)

// dayAtTheOffice is what is done in the matrix, step by step, so that each point is the same in each run. An argument is the
// number of the filing.
var dayAtTheOffice = []struct {
	station, verb string
	filing        int
	more          string
}{
	{kiosk, "open", 0, ""}, {counter, "open", 0, ""}, {counter, "officer", 0, ""},
	{kiosk, "file", 1, ""}, {kiosk, "print", 1, ""}, {counter, "hold", 1, ""}, {counter, "picture", 1, ""}, {counter, "decide", 1, "receive"}, {counter, "undo", 1, "1"},
	{counter, "decide", 1, "receive"}, {counter, "form", 1, "2"}, {counter, "release", 1, ""},
	{kiosk, "file", 2, ""}, {counter, "decide", 2, "ask"}, {kiosk, "print", 2, ""}, {kiosk, "brought", 2, ""}, {counter, "decide", 2, "supply"},
	{counter, "decide", 1, "finish"}, {counter, "close", 0, ""}, {kiosk, "close", 0, ""},
}

// killAt is where a run is struck.
type killAt struct {
	point int  // of both processes together, from 1; 0: never
	both  bool // the other one dies, too: at once if it is idle, or before its next change
}

// matrixRun plays until the kill, and looks at what is left. It gives the points that there were, and who died.
func matrixRun(t *testing.T, at killAt, play func(*tracedOffice), env ...string) (points int, dead []string, err error) {
	top, err := os.MkdirTemp(memory(), "motcua-kill-")
	if err != nil {
		return 0, nil, err
	}
	defer os.RemoveAll(top)
	dir := filepath.Join(top, "data")
	var mu sync.Mutex
	var o *tracedOffice
	o = newTraced(t, dir, func(c *systrace.Call) systrace.Verdict {
		mu.Lock()
		defer mu.Unlock()
		if !changes(c, dir) {
			return systrace.Continue
		}
		points++
		for _, doomed := range o.doomed {
			doomed.Store(doomed.Load() || at.both && points >= at.point && at.point > 0)
		}
		if points != at.point {
			return systrace.Continue
		}
		return systrace.Kill
	})
	o.env = env
	if err := errors.Join(o.connect(kiosk), o.connect(counter)); err != nil {
		return 0, nil, err
	}
	play(o)
	dead = o.silent
	if len(dead) == 1 && !at.both {
		err = o.survive(dead[0])
	}
	for name, p := range o.processes { // who is left stops in the middle of nothing
		if len(dead) > 0 && !slices.Contains(dead, name) {
			err = errors.Join(err, p.Kill())
		}
	}
	o.hangUp()
	for _, p := range o.processes {
		_, e := p.Wait()
		err = errors.Join(err, e)
	}
	return points, dead, errors.Join(err, check(t.Context(), dir, o.orders))
}

// playDay goes through the day until a station dies.
func playDay(o *tracedOffice) { playTo(o, len(dayAtTheOffice)) }

// playTo goes through the first steps of the day.
func playTo(o *tracedOffice, steps int) {
	filed := map[int]string{}
	for _, step := range dayAtTheOffice[:steps] {
		arg := filed[step.filing]
		if step.verb == "file" {
			arg = fmt.Sprint("filing", step.filing)
		}
		answer, ok := o.tell(step.station, step.verb, arg, step.more)
		if !ok {
			return
		}
		if step.verb == "file" {
			filed[step.filing] = answer
		}
	}
}

// survive has the station that is left file and decide, if it can already, and still.
func (o *office) survive(dead string) error {
	left, isOpen, ready := kiosk, false, false
	if dead == kiosk {
		left = counter
	}
	for _, x := range o.orders {
		if x.answered && x.station() == left && (x.verb == "open" || x.verb == "close") {
			isOpen = x.verb == "open"
		}
		ready = ready || x.answered && x.verb == "officer"
	}
	if !isOpen || !ready {
		return nil
	}
	for _, key := range []string{"survivor", "another"} {
		ref, ok := o.tell(left, "file", key, "")
		if ok {
			_, ok = o.tell(left, "decide", ref, "receive")
		}
		if !ok {
			return fmt.Errorf("%s died, too", left)
		}
	}
	return nil
}

func TestKillMatrix(t *testing.T) {
	busy := func(o *tracedOffice) {
		if firstStart(o) {
			busyHour(o, "", 3)
		}
	}
	for _, c := range []struct {
		name string
		both bool
		play func(*tracedOffice)
	}{
		{"one", false, playDay}, {"both", true, playDay}, {"both while both work", true, busy},
	} {
		t.Run(c.name, func(t *testing.T) {
			points, dead, err := matrixRun(t, killAt{}, c.play)
			skipUntraced(t, err)
			if len(dead) > 0 {
				t.Fatalf("%s died of nothing", dead)
			}
			began := time.Now()
			step := max(1, points/somePoints)
			switch {
			case os.Getenv(soak) != "":
				step = 1
			case testing.Short():
				step = points / racePoints
			}
			first := 1 + rand.IntN(step)
			runs := (points - first + step) / step
			var killed atomic.Int64
			inParallel(t, runs, func(i int) error {
				at := killAt{first + (i-1)*step, c.both}
				_, dead, err := matrixRun(t, at, c.play)
				killed.Add(int64(len(dead)))
				if err != nil {
					return fmt.Errorf("killed at %d of %d: %w", at.point, points, err)
				}
				return nil
			})
			t.Logf("%d of %d points in %.1f s: %d processes killed", runs, points, time.Since(began).Seconds(), killed.Load())
			if killed.Load() == 0 {
				t.Error("nobody was ever killed")
			}
		})
	}
}

// A desk that says too early that it has decided is found out: a matrix that could not fail would say nothing.
func TestKillMatrixWouldShow(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole run does it")
	}
	const early = eager + "=1"
	play := func(o *tracedOffice) { playTo(o, 11) } // afterwards the kiosk would meet what is not decided yet
	points, _, err := matrixRun(t, killAt{}, play, early)
	skipUntraced(t, err)
	var lost atomic.Int64
	const runs = 24
	inParallel(t, runs, func(i int) error {
		_, _, err := matrixRun(t, killAt{points * i / (runs + 1), true}, play, early)
		if errors.Is(err, errLost) {
			lost.Add(1)
			return nil
		}
		return err
	})
	t.Logf("a decision was lost at %d of %d points", lost.Load(), runs)
	if lost.Load() == 0 {
		t.Error("nothing was noticed")
	}
}
