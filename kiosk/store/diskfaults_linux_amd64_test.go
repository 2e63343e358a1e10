package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"motcua/kiosk/fault"
	"motcua/kiosk/store/internal/systrace"
)

// This file makes the disk of a kiosk and a desk refuse what they ask of it, from any point on: a file system that turned read-only, which is what Linux does
// to one that is broken, a disk that is full, one that cannot write any more. The order is answered with a fault, nothing of it is there, and
// as soon as the disk works again the same processes carry it out.

// refusals are what a disk refuses, and how.
var refusals = []struct {
	name  string
	errno syscall.Errno
	calls []int // all that change something if nil
}{
	{"read-only", unix.EROFS, nil},
	{"no fsync", unix.EIO, []int{unix.SYS_FSYNC, unix.SYS_FDATASYNC}},
	{"no write", unix.EIO, []int{unix.SYS_PWRITE64}},
	{"full", unix.ENOSPC, []int{unix.SYS_PWRITE64, unix.SYS_WRITE}},
}

const (
	faultRuns     = 12 // of each kind
	raceFaultRuns = 2  // with -short
)

// opensToWrite says that a call opens a file of dir for writing.
func opensToWrite(c *systrace.Call, dir string) bool {
	path, flags := c.Args[1], c.Args[2]
	switch {
	case c.Done:
		return false
	case c.Number == unix.SYS_OPEN:
		path, flags = c.Args[0], c.Args[1]
	case c.Number != unix.SYS_OPENAT:
		return false
	}
	name, err := c.Text(path)
	return err == nil && flags&(unix.O_WRONLY|unix.O_RDWR|unix.O_CREAT) != 0 && filepath.Dir(name) == dir
}

// refusing is an office on a disk that refuses from a point on, until it is mended.
type refusing struct {
	*tracedOffice
	points  atomic.Int64
	mended  atomic.Bool
	refused atomic.Int64 // calls
	faults  int          // answers
	codes   map[fault.Code]int
}

// tellAgain gives an order; if it is refused, it mends the disk and gives it again. What was refused did not happen.
func (o *refusing) tellAgain(station, verb, arg, more string) (string, error) {
	answer, ok := o.tell(station, verb, arg, more)
	if !ok {
		return "", fmt.Errorf("%s died of it", station)
	}
	code, refused := strings.CutPrefix(answer, "fault ")
	if !refused {
		return answer, nil
	}
	o.faults++
	o.codes[fault.Code(code)]++
	if c := fault.Code(code); c != fault.StoreFailed && c != fault.StoreFull {
		return "", fmt.Errorf("%s says %s", verb, c)
	}
	if o.mended.Swap(true) {
		return "", fmt.Errorf("%s %s is refused on a disk that works: %s", station, verb, code)
	}
	o.orders = o.orders[:len(o.orders)-1]
	answer, ok = o.tell(station, verb, arg, more)
	if !ok || strings.HasPrefix(answer, "fault ") {
		return "", fmt.Errorf("%s %s again: %q", station, verb, answer)
	}
	return answer, nil
}

// refuseAt plays the day on a disk that refuses from a point on.
func refuseAt(t *testing.T, point int64, calls []int, errno syscall.Errno) (*refusing, error) {
	top, err := os.MkdirTemp(memory(), "motcua-fault-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(top)
	dir := filepath.Join(top, "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	o := &refusing{codes: map[fault.Code]int{}}
	o.tracedOffice = newTraced(t, dir, func(c *systrace.Call) systrace.Verdict {
		if c.Number == unix.SYS_WRITE && c.Args[0] == 1 {
			return systrace.Continue
		}
		if calls != nil && !slices.Contains(calls, c.Number) || !changes(c, dir) && (calls != nil || !opensToWrite(c, dir)) {
			return systrace.Continue
		}
		if n := o.points.Add(1); point == 0 || n < point || o.mended.Load() {
			return systrace.Continue
		}
		o.refused.Add(1)
		return systrace.Fail(errno)
	})
	o.faulty = true
	if err := errors.Join(o.connect(kiosk), o.connect(counter)); err != nil {
		return nil, err
	}
	err = o.play()
	o.hangUp()
	for _, p := range o.processes {
		_, e := p.Wait()
		err = errors.Join(err, e)
	}
	if err != nil {
		return o, err
	}
	return o, check(t.Context(), dir, o.orders)
}

// play goes through the day, but for closing.
func (o *refusing) play() error {
	filed := map[int]string{}
	for _, step := range dayAtTheOffice {
		arg := filed[step.filing]
		switch step.verb {
		case "close":
			continue
		case "file":
			arg = fmt.Sprint("filing", step.filing)
		}
		answer, err := o.tellAgain(step.station, step.verb, arg, step.more)
		if err != nil {
			return err
		}
		if step.verb == "file" {
			filed[step.filing] = answer
		}
	}
	return nil
}

func TestDiskRefuses(t *testing.T) {
	for _, r := range refusals {
		t.Run(r.name, func(t *testing.T) {
			whole, err := refuseAt(t, 0, r.calls, r.errno)
			skipUntraced(t, err)
			points, runs := whole.points.Load(), int64(faultRuns)
			switch {
			case os.Getenv(soak) != "":
				runs = points
			case testing.Short():
				runs = raceFaultRuns
			}
			step := max(1, points/runs)
			first := 1 + rand.Int64N(step)
			var faults, quiet atomic.Int64
			inParallel(t, int((points-first+step)/step), func(i int) error {
				point := first + int64(i-1)*step
				o, err := refuseAt(t, point, r.calls, r.errno)
				if err != nil {
					return fmt.Errorf("from %d of %d on: %w", point, points, err)
				}
				faults.Add(int64(o.faults))
				if o.faults == 0 {
					quiet.Add(1)
				}
				return nil
			})
			t.Logf("%d points, %d faults; %d times nobody needed what was refused", points, faults.Load(), quiet.Load())
			if faults.Load() == 0 {
				t.Error("nothing was ever refused")
			}
		})
	}
}
