//go:build amd64 || arm64

package store_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"motcua/kiosk/store/internal/systrace"
)

// tracedOffice is an office of traced processes, which can be killed right before they change a file or say something.
type tracedOffice struct {
	*office
	processes map[string]*systrace.Process
	doomed    map[string]*atomic.Bool // by station: it dies at its next change
}

// newTraced is an office in dir; watch sees its calls.
func newTraced(t *testing.T, dir string, watch systrace.Watch) *tracedOffice {
	o := &tracedOffice{&office{t: t, dir: dir}, map[string]*systrace.Process{}, map[string]*atomic.Bool{kiosk: {}, counter: {}}}
	o.start = func(station string, cmd *exec.Cmd) (err error) {
		doomed := o.doomed[station]
		o.processes[station], err = systrace.Start(cmd, func(c *systrace.Call) systrace.Verdict {
			verdict := watch(c)
			if doomed.Load() && changes(c, dir) {
				return systrace.Kill
			}
			return verdict
		})
		return err
	}
	return o
}

// changes says that a call is about to change something in dir, or to answer.
func changes(c *systrace.Call, dir string) bool {
	if c.Done {
		return false
	}
	switch c.Number {
	case unix.SYS_PWRITE64, unix.SYS_FSYNC, unix.SYS_FDATASYNC, unix.SYS_FTRUNCATE, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_UNLINKAT, unix.SYS_WRITE:
		if c.Number != unix.SYS_WRITE || c.Args[0] == uint64(os.Stdout.Fd()) {
			return true
		}
		path, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", c.PID, c.Args[0])) // the Go runtime writes to itself, too
		return err == nil && filepath.Dir(path) == dir
	}
	return oldChanges[c.Number]
}

// restart starts a station again that was doomed.
func (o *tracedOffice) restart(station string) error {
	if !o.doomed[station].Swap(false) {
		return fmt.Errorf("%s was not killed", station)
	}
	// It may have been idle all the time: then it changes nothing, and can be killed anywhere.
	p := o.processes[station]
	if err := p.Kill(); err != nil && !errors.Is(err, unix.ESRCH) {
		return err
	}
	if status, err := p.Wait(); err != nil || !status.Signaled() {
		return fmt.Errorf("%s ended with %v, %w", station, status, err)
	}
	if err := o.connect(station); err != nil {
		return err
	}
	o.tell(station, "open", "", "")
	return nil
}

// skipUntraced skips a test where nothing can be traced, and fails for other errors.
func skipUntraced(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, systrace.ErrRefused) {
		t.Skipf("NOT TESTED: this machine lets no process be traced: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}
