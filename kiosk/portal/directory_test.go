package portal

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"motcua/kiosk/fault"
	"motcua/kiosk/trial"
)

func TestDirectory(t *testing.T) {
	dir, b := t.TempDir(), bundle(t)
	name := filepath.Join(dir, b.Manifest.Reference.String()+".zip")
	for range 2 {
		if r, err := Directory(dir).Send(t.Context(), b); err != nil || r.Reference != b.Manifest.Reference || r.Digest != b.Digest {
			t.Fatalf("%+v, %v", r, err)
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, b.Data) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
	if info, err := os.Stat(name); err != nil || runtime.GOOS != "windows" && info.Mode() != bundleMode {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	// Signed by another officer it is the same, and the first one stays.
	f := filed(t, "tam-tru", trial.Usual())
	same, err := Make(f, thePrinter(t), "binh", an())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Directory(dir).Send(t.Context(), same); err != nil {
		t.Error(err)
	}
	f.Papers = nil
	other, err := Make(f, thePrinter(t), "an", an())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Directory(dir).Send(t.Context(), other); fault.CodeOf(err) != fault.PortalRefused {
		t.Errorf("another bundle: %v", err)
	}
	if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, b.Data) {
		t.Errorf("the first bundle: %d bytes, %v", len(got), err)
	}
	if err := os.WriteFile(name, []byte("something"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Directory(dir).Send(t.Context(), b); fault.CodeOf(err) != fault.PortalRefused {
		t.Errorf("over something else: %v", err)
	}
	alone(t, dir)
}

// alone holds that nothing but one file is left in a directory.
func alone(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestDirectoryAtOnce(t *testing.T) {
	dir, b := t.TempDir(), bundle(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := Directory(dir).Send(t.Context(), b); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	alone(t, dir)
}

func TestDirectoryMissing(t *testing.T) {
	_, err := Directory(filepath.Join(t.TempDir(), "none")).Send(t.Context(), bundle(t))
	if fault.CodeOf(err) != fault.PortalUnreachable || !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
