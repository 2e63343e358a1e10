//go:build linux

// Package pcsctest gives tests a real pcscd with vpcd, the virtual reader, and lets them kill it.
//
// Start is what to call. pcscd's socket has one fixed place, so there is one pcscd on a machine: a lock in the
// directory for temporary files makes test programs take turns. Where pcscd or vpcd is not installed, or the test may
// not start it, the test is skipped and says why.
package pcsctest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ebfe/scard"
)

// The two readers of vpcd as Debian configures it, and where a card for each of them dials.
const (
	Reader  = "Virtual PCD 00 00"
	Addr    = "127.0.0.1:35963"
	Reader2 = "Virtual PCD 00 01"
	Addr2   = "127.0.0.1:35964"
)

// Fixed places of Debian's packages.
const (
	driverConfig = "/etc/reader.conf.d/vpcd"
	socket       = "/run/pcscd/pcscd.comm"
	pidFile      = "/run/pcscd/pcscd.pid"
)

// Patience.
const (
	turnLimit  = 5 * time.Minute // for other test programs to be done with pcscd
	startLimit = 15 * time.Second
	stopLimit  = 5 * time.Second
	lookEvery  = 20 * time.Millisecond
)

// Daemon is one pcscd that a test has to itself.
type Daemon struct {
	t      testing.TB
	mu     sync.Mutex
	output bytes.Buffer // of the process; only read once it has ended
	cmd    *exec.Cmd
	exited chan struct{}
}

// Start waits for its turn, starts pcscd and returns when both readers are there. The daemon ends with the test.
func Start(t testing.TB) *Daemon {
	t.Helper()
	requireInstalled(t)
	takeTurn(t)
	if names, err := readers(); err == nil {
		t.Skipf("a pcscd that is not ours is running (readers %q): stop it to run this test", names)
	}
	d := &Daemon{t: t}
	t.Cleanup(d.Stop)
	d.Restart()
	return d
}

// Restart starts pcscd again after Stop or Kill and waits for the readers.
func (d *Daemon) Restart() {
	d.t.Helper()
	d.Launch()
	for deadline := time.Now().Add(startLimit); ; time.Sleep(lookEvery) {
		if names, err := readers(); err == nil && slices.Contains(names, Reader) && slices.Contains(names, Reader2) {
			return
		}
		if time.Now().After(deadline) || !d.running() {
			d.Stop()
			d.t.Fatalf("pcscd did not bring up its readers:\n%s", d.output.String())
		}
	}
}

// Launch starts pcscd and does not wait until it is ready.
func (d *Daemon) Launch() {
	d.t.Helper()
	if d.running() {
		d.t.Fatal("pcscd is running already")
	}
	for _, stale := range []string{socket, pidFile} { // left by Kill; pcscd refuses to start if the pid lives again
		_ = os.Remove(stale)
	}
	d.cmd = exec.Command("pcscd", "--foreground")
	d.cmd.Stdout, d.cmd.Stderr = &d.output, &d.output
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	d.exited = make(chan struct{})
	started := make(chan error)
	go d.run(started)
	if err := <-started; err != nil {
		d.t.Fatalf("start pcscd: %v", err)
	}
}

// run starts and awaits the process on one thread: the death signal is sent when the thread that started it ends.
func (d *Daemon) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(d.exited)
	err := d.cmd.Start()
	started <- err
	if err == nil {
		_ = d.cmd.Wait() // it is killed more often than not
	}
}

// Kill ends pcscd at once, as a crash does (SIGKILL): its socket stays behind.
func (d *Daemon) Kill() { d.end(syscall.SIGKILL) }

// Stop ends pcscd in order. It may be called when none runs.
func (d *Daemon) Stop() { d.end(syscall.SIGTERM) }

// Pause halts the process (SIGSTOP), as a service that hangs, until Resume.
func (d *Daemon) Pause() { d.signal(syscall.SIGSTOP) }

// Resume lets a halted process go on.
func (d *Daemon) Resume() { d.signal(syscall.SIGCONT) }

func (d *Daemon) signal(s syscall.Signal) {
	if d.running() {
		_ = d.cmd.Process.Signal(s)
	}
}

func (d *Daemon) end(s syscall.Signal) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.running() {
		return
	}
	d.signal(s)
	d.signal(syscall.SIGCONT)
	select {
	case <-d.exited:
	case <-time.After(stopLimit):
		d.signal(syscall.SIGKILL)
		<-d.exited
	}
}

func (d *Daemon) running() bool {
	if d.exited == nil {
		return false
	}
	select {
	case <-d.exited:
		return false
	default:
		return true
	}
}

func requireInstalled(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("pcscd"); err != nil {
		t.Skip("pcscd is not installed (Debian package pcscd)")
	}
	if _, err := os.Stat(driverConfig); err != nil {
		t.Skip("vpcd is not installed (Debian package vsmartcard-vpcd)")
	}
	if os.Geteuid() != 0 {
		t.Skip("starting pcscd needs root")
	}
}

// takeTurn holds the machine's lock on pcscd until the test ends.
func takeTurn(t testing.TB) {
	t.Helper()
	file, err := os.OpenFile(filepath.Join(os.TempDir(), "motcua-pcscd.lock"), os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		t.Skipf("no lock for pcscd: %v", err)
	}
	t.Cleanup(func() { _ = file.Close() }) // and with it the lock
	ctx, cancel := context.WithTimeout(t.Context(), turnLimit)
	defer cancel()
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			t.Fatalf("lock for pcscd: %v", err)
		}
		select {
		case <-time.After(lookEvery):
		case <-ctx.Done():
			t.Fatalf("another test program kept pcscd for %v", turnLimit)
		}
	}
}

// readers asks whatever pcscd there is.
func readers() ([]string, error) {
	ctx, err := scard.EstablishContext()
	if err != nil {
		return nil, err
	}
	defer func() { _ = ctx.Release() }()
	names, err := ctx.ListReaders()
	if errors.Is(err, scard.ErrNoReadersAvailable) {
		err = nil
	}
	return names, err
}
