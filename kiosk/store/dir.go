package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"motcua/kiosk/fault"
)

// Modes of what is in the data directory: only the kiosk's own user.
const (
	privateDir  fs.FileMode = 0o700
	privateFile fs.FileMode = 0o600
	othersBits  fs.FileMode = 0o077
)

// prepareDir makes dir, if need be, and closes it to others. A directory that exists, is open to others and holds other
// things is refused: it is somebody's /tmp or home, and changing its mode would break more than it mends.
func prepareDir(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, privateDir); err != nil {
			return err
		}
		return syncDir(filepath.Dir(dir))
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a directory", dir)
	}
	if info.Mode().Perm()&othersBits == 0 {
		return nil
	}
	ours, err := oursOrEmpty(dir)
	if err != nil {
		return err
	}
	if !ours {
		return fmt.Errorf("%s is open to others and holds other things: give the store a directory of its own", dir)
	}
	return os.Chmod(dir, privateDir)
}

// oursOrEmpty reports whether dir holds files of ours or nothing at all.
func oursOrEmpty(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return err == nil, err
	}
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return e.Name() == databaseName || e.Name() == numbersName
	}), nil
}

// preparePrivate makes the file at path, if need be, and closes it to others. SQLite gives its side files the same mode.
func preparePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, privateFile)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Mode().Perm()&othersBits != 0 {
		return f.Chmod(privateFile)
	}
	return nil
}

// writeWhole puts a file into its place: all of it, durably, or nothing.
func writeWhole(dir, name string, text []byte) error {
	f, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(dir)
}

// syncFile makes what was written to the file at path durable.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, privateFile)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// How often, and how long apart, a lock is asked for again: who looks whether it is free (free) has it for a moment.
const (
	lockPause = 10 * time.Millisecond
	lockTries = 20
)

// lockDir takes the lock file at path: fault.StoreLocked, with the number of the process that has it, if it is taken.
func lockDir(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, privateFile)
	if err != nil {
		return nil, failed("lock", err)
	}
	held, err := tryLock(f)
	for i := 0; held && i < lockTries; i++ {
		time.Sleep(lockPause)
		held, err = tryLock(f)
	}
	switch {
	case err != nil:
		return nil, errors.Join(failed("lock", err), f.Close())
	case held:
		err := fault.Newf(fault.StoreLocked, "store: the data directory is in use by process %s", holder(f))
		return nil, errors.Join(err, f.Close())
	}
	if err := writeHolder(f); err != nil {
		return nil, errors.Join(failed("lock", err), f.Close())
	}
	return f, nil
}

// writeHolder notes the process that has the lock. On a full disk it stays as it was: the lock itself needs no room.
func writeHolder(f *os.File) error {
	text := []byte(strconv.Itoa(os.Getpid()) + "\n")
	_, err := f.WriteAt(text, 0)
	if err == nil {
		err = f.Truncate(int64(len(text)))
	}
	if err != nil && codeOf(err) == fault.StoreFull {
		return nil
	}
	return err
}

// maxPID is the length of the text that is read for a process number.
const maxPID = 16

// holder is the number of the process that has the lock, or "unknown".
func holder(f *os.File) string {
	text, err := io.ReadAll(io.NewSectionReader(f, 0, maxPID))
	if err != nil {
		return "unknown"
	}
	pid := strings.TrimSpace(string(text))
	if n, err := strconv.Atoi(pid); err != nil || n <= 0 {
		return "unknown"
	}
	return pid
}

// unlockDir gives the lock free. The file stays: removing it would let two processes each lock a file of that name.
func unlockDir(f *os.File) error {
	if f == nil {
		return nil
	}
	return f.Close()
}
