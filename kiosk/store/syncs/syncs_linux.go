//go:build amd64 || arm64

package syncs

import (
	"errors"
	"fmt"
	"os/exec"

	"golang.org/x/sys/unix"

	"motcua/kiosk/store/internal/systrace"
)

// Of runs the command to its end and counts. The command's streams must be files or nil. ErrRefused if it could not be watched; an
// error, too, if the command fails.
func Of(cmd *exec.Cmd) (Count, error) {
	var n Count
	p, err := systrace.Start(cmd, func(c *systrace.Call) systrace.Verdict {
		if !c.Done || c.Result < 0 {
			return systrace.Continue
		}
		switch c.Number {
		case unix.SYS_FSYNC, unix.SYS_FDATASYNC:
			n.Syncs++
		case unix.SYS_WRITE, unix.SYS_PWRITE64:
			n.Bytes += c.Result
		}
		return systrace.Continue
	})
	if err == nil {
		var status unix.WaitStatus
		if status, err = p.Wait(); err == nil && (!status.Exited() || status.ExitStatus() != 0) {
			return n, fmt.Errorf("syncs: the program ended with status %d, signal %d", status.ExitStatus(), status.Signal())
		}
	}
	if errors.Is(err, systrace.ErrRefused) {
		err = fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return n, err
}
