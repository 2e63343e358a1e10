package store_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/store/storetest"
)

// ext4 is a disk of its own in a file, which turns read-only at its first error, as disks do. The test skips where it may not be made.
func ext4(t *testing.T) (dir string, mount, unmount, breakIt func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("NOT TESTED: a disk that turns read-only needs root (TestDiskRefuses is the test without)")
	}
	image, dir := filepath.Join(t.TempDir(), "image"), t.TempDir()
	run := func(args ...string) (string, error) {
		out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
		return string(out), err
	}
	must := func(args ...string) {
		t.Helper()
		if out, err := run(args...); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	if err := os.WriteFile(image, make([]byte, 16<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := run("mkfs.ext4", "-q", image); err != nil {
		t.Skipf("NOT TESTED: no ext4 can be made here: %v: %s", err, out)
	}
	mountIt := []string{"mount", "-o", "loop,errors=remount-ro", image, dir}
	if out, err := run(mountIt...); err != nil {
		t.Skipf("NOT TESTED: no disk may be mounted here (TestDiskRefuses is the test without): %v: %s", err, out)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir, func() { must(mountIt...) }, func() { must("umount", dir) }, func() { must("mount", "-o", "remount,abort", dir) }
}

// The disk breaks under an open store, and the kernel makes it read-only: nothing can be filed or decided, each time with a fault; what is there can
// be read. Mounted again, everything that was answered is there, and it goes on.
func TestDiskTurnsReadOnly(t *testing.T) {
	disk, mount, unmount, breakIt := ext4(t)
	d := newDeskIn(t, filepath.Join(disk, "data"))
	d.must("an", desk.Receive)
	breakIt()
	for i := range 2 {
		_, err := d.s.File(t.Context(), storetest.Draft("b"))
		if fault.CodeOf(err) != fault.StoreFailed || i == 0 && !strings.Contains(err.Error(), "read-only") {
			t.Errorf("File: %v", err)
		}
		if _, err := d.decide("an", desk.Finish); fault.CodeOf(err) != fault.StoreFailed {
			t.Errorf("Decide: %v", err)
		}
		if err := d.s.Hold(t.Context(), d.ref, "an"); fault.CodeOf(err) != fault.StoreFailed {
			t.Errorf("Hold: %v", err)
		}
	}
	if f, err := d.s.Read(t.Context(), d.ref.String(), storetest.Officer()); err != nil || f.Key != "a" {
		t.Errorf("reading meanwhile: %q, %v", f.Key, err)
	}
	if err := d.s.Close(); err != nil {
		t.Logf("Close: %v", err)
	}
	unmount()
	mount()
	d.s = open(t, d.dir, d.clock)
	d.verify(1)
	countFilings(t, d.s, 1)
	gives(t, d.s, "b", "K1-2311-002")
	d.must("an", desk.Finish)
	countFilings(t, d.s, 2)
	closeStore(t, d.s)
}
