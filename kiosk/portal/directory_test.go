package portal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

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
	same, err := Make(f, nil, thePrinter(t), "binh", an())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Directory(dir).Send(t.Context(), same); err != nil {
		t.Error(err)
	}
	f.Papers = nil
	other, err := Make(f, nil, thePrinter(t), "an", an())
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

// TestSweep: what a dead process left goes with the next bundle, what a living one writes stays.
func TestSweep(t *testing.T) {
	dir, b := t.TempDir(), bundle(t)
	old, young := filepath.Join(dir, ".x.zip.1"), filepath.Join(dir, ".x.zip.2")
	long := time.Now().Add(-2 * staleAfter)
	if err := errors.Join(os.WriteFile(old, nil, 0o600), os.WriteFile(young, nil, 0o600), os.Chtimes(old, long, long)); err != nil {
		t.Fatal(err)
	}
	if _, err := Directory(dir).Send(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	_, gone := os.Stat(old)
	if _, err := os.Stat(young); err != nil || !errors.Is(gone, os.ErrNotExist) {
		t.Errorf("%v, %v", err, gone)
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

// victim is the environment of a process that sends a bundle again and again: the file of the bundle.
const victim = "MOTCUA_TEST_PORTAL_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		fmt.Println(sendForEver(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func sendForEver(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	o, err := Open(data)
	if err != nil {
		return err
	}
	b := Bundle{Manifest: o.Manifest, Digest: o.Digest, Data: data}
	out := Directory(filepath.Join(filepath.Dir(path), "out"))
	for n := 0; ; n++ {
		if _, err := out.Send(context.Background(), b); err != nil {
			return err
		}
		if n == 0 {
			fmt.Println("sent")
		}
		if err := os.Remove(filepath.Join(string(out), b.Manifest.Reference.String()+".zip")); err != nil {
			return err
		}
	}
}

// TestDirectoryKilled: whenever the sender dies, what has a bundle's name is a whole bundle.
func TestDirectoryKilled(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	bundleFile := filepath.Join(dir, "bundle")
	if err := errors.Join(os.Mkdir(out, 0o700), os.WriteFile(bundleFile, bundle(t).Data, 0o600)); err != nil {
		t.Fatal(err)
	}
	rounds, whole, torn := 30, 0, 0
	if testing.Short() {
		rounds = 5
	}
	for range rounds {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victim+"="+bundleFile)
		said, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(said).ReadString('\n')
		if err != nil || line != "sent\n" {
			t.Fatalf("%q, %v", line, err)
		}
		time.Sleep(rand.N(20 * time.Millisecond)) // anywhere in its work
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		left, err := os.ReadDir(out)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range left {
			path := filepath.Join(out, one.Name())
			if strings.HasPrefix(one.Name(), ".") {
				torn++
			} else if _, err := readBundle(path); err != nil {
				t.Errorf("%s: %v", one.Name(), err)
			} else {
				whole++
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d bundles, %d beginnings of one", whole, torn)
}

func TestDirectoryMissing(t *testing.T) {
	_, err := Directory(filepath.Join(t.TempDir(), "none")).Send(t.Context(), bundle(t))
	if fault.CodeOf(err) != fault.PortalUnreachable || !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
