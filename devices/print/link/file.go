package link

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"motcua/devices/print"
)

// maxJob bounds what one job may collect in memory before it is written. A long slip has a hundredth of it.
const maxJob = 16 << 20

// maxJobFiles bounds the search for a free name in a directory of jobs.
const maxJobFiles = 1_000_000

// file is a Link that writes each job into a file, whole or not at all: temporary file, fsync, rename. If the path is
// a directory (or ends in a slash), jobs are numbered in it; otherwise the latest job replaces the one before.
type file struct {
	address string
	path    string
	dir     bool

	mu     sync.Mutex
	job    []byte
	next   int
	closed bool
}

var _ Link = (*file)(nil)

func newFile(address, path string) *file {
	info, err := os.Stat(path)
	dir := os.IsPathSeparator(path[len(path)-1]) || err == nil && info.IsDir()
	return &file{address: address, path: filepath.Clean(path), dir: dir, next: 1}
}

func (f *file) String() string       { return f.address }
func (f *file) HasBackChannel() bool { return false }

func (f *file) Write(ctx context.Context, p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.closed:
		return 0, fmt.Errorf("%w: link closed", print.ErrGone)
	case ctx.Err() != nil:
		return 0, fmt.Errorf("%w: %w", ErrTimeout, ctx.Err())
	case len(f.job)+len(p) > maxJob:
		return 0, fmt.Errorf("%w: a job of more than %d bytes", print.ErrOffline, maxJob)
	}
	f.job = append(f.job, p...)
	return len(p), nil
}

func (f *file) Read(context.Context, []byte) (int, error) { return 0, ErrOneWay }

func (f *file) EndJob(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	job := f.job
	f.job = nil
	if len(job) == 0 {
		return nil
	}
	if err := f.save(job); err != nil {
		return fmt.Errorf("%w: %w", print.ErrGone, err)
	}
	return nil
}

func (f *file) save(job []byte) error {
	dir := filepath.Dir(f.path)
	if f.dir {
		dir = f.path
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := writeTemp(dir, job)
	if err != nil {
		return err
	}
	defer os.Remove(temp) // what is left of it: nothing after a rename, the second name after a link
	if !f.dir {
		return os.Rename(temp, f.path)
	}
	return f.linkNext(temp)
}

func writeTemp(dir string, job []byte) (path string, err error) {
	t, err := os.CreateTemp(dir, ".job-*")
	if err != nil {
		return "", err
	}
	_, err = t.Write(job)
	err = errors.Join(err, t.Sync(), t.Close())
	if err != nil {
		_ = os.Remove(t.Name())
	}
	return t.Name(), err
}

// linkNext gives the file the next free number. A hard link fails where the name is taken, so that a job of an earlier
// run is never overwritten.
func (f *file) linkNext(temp string) error {
	for ; f.next < maxJobFiles; f.next++ {
		err := os.Link(temp, filepath.Join(f.path, fmt.Sprintf("job-%06d.bin", f.next)))
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return fmt.Errorf("%s: no number left", f.path)
}

func (f *file) Drop() {
	f.mu.Lock()
	f.job = nil
	f.mu.Unlock()
}

func (f *file) Close() error {
	f.mu.Lock()
	f.job, f.closed = nil, true
	f.mu.Unlock()
	return nil
}
