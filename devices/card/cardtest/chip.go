// Package cardtest has what tests of card code need: a software chip that shares no code with this program
// (StartChip), Transports that record, replay, count and cut (Record, Playback, Cut), and nothing that a build of the
// program ever links.
//
// Start with StartChip: it makes a profile with make_profile.py, starts chip.py of the shared folder against a socket
// of its own that behaves like vpcd, and returns a card.Transport. No pcscd is involved, so any number of tests can
// run at the same time. Where the shared folder is not there, the test is skipped.
package cardtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// debianPython has Debian's modules; another python3 may come first on the path.
const debianPython = "/usr/bin/python3"

const (
	startTimeout = 10 * time.Second
	stopTimeout  = 5 * time.Second
)

// Shared is the folder beside the repository, or the test is skipped.
func Shared(t testing.TB) string {
	t.Helper()
	directory, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(directory, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(directory)
		if parent == directory {
			t.Fatal("cardtest: no go.mod above the test")
		}
		directory = parent
	}
	shared := filepath.Join(directory, "..", "shared")
	if _, err := os.Stat(filepath.Join(shared, "chip", "chip.py")); err != nil {
		t.Skip("the shared folder with chip.py is not beside the repository")
	}
	return shared
}

// Profile makes a card with make_profile.py and returns its directory. The same options give the same directory: it
// is kept in the system's folder for temporary files, because making one takes seconds.
func Profile(t testing.TB, options ...string) string {
	t.Helper()
	script := filepath.Join(Shared(t), "chip", "make_profile.py")
	stat, err := os.Stat(script)
	if err != nil {
		t.Fatal(err)
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%s %d %d %q", script, stat.Size(), stat.ModTime().UnixNano(), options))
	directory := filepath.Join(os.TempDir(), fmt.Sprintf("motcua-cardtest-%d", os.Getuid()), hex.EncodeToString(key[:8]))
	if _, err := os.Stat(filepath.Join(directory, "chip.json")); err == nil {
		return directory
	}
	if err := os.MkdirAll(filepath.Dir(directory), 0o700); err != nil {
		t.Fatal(err)
	}
	made, err := os.MkdirTemp(filepath.Dir(directory), "making-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(made)
	command := exec.Command(debianPython, append([]string{"-B", script, made}, options...)...)
	if out, err := command.CombinedOutput(); err != nil {
		if strings.Contains(string(out), "ModuleNotFoundError") {
			t.Skipf("make_profile.py lacks a Python module:\n%s", out)
		}
		t.Fatalf("make_profile.py %v: %v\n%s", options, err, out)
	}
	// Another test may have been faster; its directory is as good.
	if err := os.Rename(made, directory); err != nil && !errors.Is(err, os.ErrExist) {
		if _, stat := os.Stat(filepath.Join(directory, "chip.json")); stat != nil {
			t.Fatal(err)
		}
	}
	return directory
}

// Damage makes a copy of a profile with one file changed ("DG1.bin"); a change to nil takes the file away.
func Damage(t testing.TB, profile, file string, change func([]byte) []byte) string {
	t.Helper()
	directory := t.TempDir()
	if err := os.CopyFS(directory, os.DirFS(profile)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(directory, file)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if raw = change(raw); raw == nil {
		err = os.Remove(path)
	} else {
		err = os.WriteFile(path, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return directory
}

// Persona is what make_profile.py wrote down about the holder, as in persona.json.
type Persona map[string]any

// Text is a fact of the persona, "" if it has none.
func (p Persona) Text(key string) string {
	s, _ := p[key].(string)
	return s
}

// ReadPersona reads persona.json of a profile.
func ReadPersona(t testing.TB, profile string) Persona {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(profile, "persona.json"))
	if err != nil {
		t.Fatal(err)
	}
	var p Persona
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// StartChip starts chip.py on a profile with its options ("--extended", "--fault", "flip-mac@12" …) and powers it.
// The process ends with the test, or with Close.
func StartChip(t testing.TB, profile string, options ...string) *Chip {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	chip := &Chip{listener: listener, laid: LayChip(t, listener.Addr().String(), profile, options...)}
	t.Cleanup(func() { _ = chip.Close() })
	go func() { // ends with the process, which Close stops and waits for
		<-chip.laid.ended
		_ = listener.Close()
	}()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if err := chip.Insert(ctx); err != nil {
		t.Fatalf("chip.py %v: %v", options, err)
	}
	return chip
}

// Laid is a running chip.py on a reader of somebody else's vpcd.
type Laid struct {
	process *exec.Cmd
	ended   chan struct{}
	once    sync.Once
}

// LayChip starts chip.py on a profile with its options and lays it on the virtual reader that listens at addr, that of a
// real pcscd for instance. The process ends with the test, or with Lift.
func LayChip(t testing.TB, addr, profile string, options ...string) *Laid {
	t.Helper()
	script := filepath.Join(Shared(t), "chip", "chip.py")
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	arguments := append([]string{"-B", script, "--host", host, "--port", port, "--profile", profile}, options...)
	l := &Laid{process: exec.Command(debianPython, arguments...), ended: make(chan struct{})}
	var output strings.Builder
	l.process.Stdout, l.process.Stderr = &output, &output
	if err := l.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { // ends with the process, which Lift stops and waits for
		_ = l.process.Wait()
		close(l.ended)
	}()
	t.Cleanup(func() {
		l.Lift()
		if t.Failed() && output.Len() > 0 {
			t.Logf("chip.py %v:\n%s", options, output.String())
		}
	})
	return l
}

// Away takes the card off the reader, Back puts it there again. The chip keeps its count of commands.
func (l *Laid) Away() { _ = l.process.Process.Signal(syscall.SIGUSR1) }

// Back puts the card where it was.
func (l *Laid) Back() { _ = l.process.Process.Signal(syscall.SIGUSR2) }

// Lift takes the card away for good and waits until the process has ended.
func (l *Laid) Lift() {
	l.once.Do(func() {
		_ = l.process.Process.Signal(syscall.SIGTERM)
		select {
		case <-l.ended:
		case <-time.After(stopTimeout):
			_ = l.process.Process.Kill()
			<-l.ended
		}
	})
}
