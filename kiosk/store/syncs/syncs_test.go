package syncs_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"motcua/kiosk/store/syncs"
)

// A program that is known: seven blocks of a kilobyte, each with its fsync or not.
func TestOf(t *testing.T) {
	if _, err := exec.LookPath("dd"); err != nil {
		t.Skip("dd is not installed")
	}
	for flag, want := range map[string]int{"conv=fsync": 1, "conv=fdatasync": 1, "conv=notrunc": 0} {
		n, err := syncs.Of(exec.Command("dd", "if=/dev/zero", "of="+filepath.Join(t.TempDir(), "file"), "bs=1024", "count=7", "status=none", flag))
		if errors.Is(err, syncs.ErrRefused) {
			t.Skipf("NOT TESTED: %v", err)
		}
		if err != nil || n.Syncs != want || n.Bytes != 7*1024 {
			t.Errorf("%s: %+v, %v", flag, n, err)
		}
	}
	if _, err := syncs.Of(exec.Command("false")); err == nil {
		t.Error("a program that fails counts as run")
	}
	if _, err := syncs.Of(exec.Command(filepath.Join(os.DevNull, "nothing"))); err == nil {
		t.Error("a program that is not there counts as run")
	}
}
