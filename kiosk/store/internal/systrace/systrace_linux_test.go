//go:build amd64 || arm64

package systrace

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// cat runs cat on a file under a Watch that has a verdict when the file is opened, and gives what it said and how it ended.
func cat(t *testing.T, verdict Verdict) (said string, reads int, status unix.WaitStatus) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("mẫu"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("cat", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p, err := Start(cmd, func(c *Call) Verdict {
		switch c.Number {
		case unix.SYS_READ:
			if c.Done && c.Result == int64(len("mẫu")) {
				if b, err := c.Bytes(c.Args[1], int(c.Result)); err == nil && string(b) == "mẫu" {
					reads++
				}
			}
		case unix.SYS_OPENAT:
			if name, err := c.Text(c.Args[1]); err == nil && name == path && !c.Done {
				return verdict
			}
		}
		return Continue
	})
	if errors.Is(err, ErrRefused) {
		t.Skipf("NOT TESTED: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	if status, err = p.Wait(); err != nil {
		t.Fatal(err)
	}
	return string(text), reads, status
}

func TestSees(t *testing.T) {
	said, reads, status := cat(t, Continue)
	if said != "mẫu" || reads != 1 || !status.Exited() || status.ExitStatus() != 0 {
		t.Errorf("%q, %d reads, %v", said, reads, status)
	}
}

func TestKills(t *testing.T) {
	said, reads, status := cat(t, Kill)
	if said != "" || reads != 0 || !status.Signaled() || status.Signal() != unix.SIGKILL {
		t.Errorf("%q, %d reads, %v", said, reads, status)
	}
}

func TestFails(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip(errors.ErrUnsupported)
	}
	said, reads, status := cat(t, Fail(unix.EROFS))
	if said != "" || reads != 0 || !status.Exited() || status.ExitStatus() != 1 {
		t.Errorf("%q, %d reads, %v", said, reads, status)
	}
}

func TestStartsNothing(t *testing.T) {
	if _, err := Start(exec.Command("/nowhere"), func(*Call) Verdict { return Continue }); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
