package qr

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"motcua/devices/scan"
	"motcua/devices/scan/internal/plain"
)

const (
	// defaultPoll is how often a FileScanner looks.
	defaultPoll = 250 * time.Millisecond
	// fileBudget is the time for one picture file: nobody holds it in the hand, so it may take longer than a frame.
	fileBudget = time.Second
	// maxEntries bounds how many names of a directory are looked at.
	maxEntries = 4096
)

// FileScanner is a scanner made of picture files, so that a demonstration needs no device: a file, read at the start and
// whenever it changes, or a directory, in which each picture that appears or changes after the start is read.
//
// A file counts when it was the same at two looks, so that one still being written is not taken for a damaged one.
type FileScanner struct {
	Path string
	Poll time.Duration // how often to look; 0: four times a second

	Decoder Decoder // for its budget; 0 there means one second here
}

var _ scan.Scanner = (*FileScanner)(nil)

// Name is the path.
func (s *FileScanner) Name() string { return s.Path }

// Watch implements scan.Scanner: Gone while the path does not exist, Rejected for a picture without a readable code (the
// error unwraps to scan.ErrNoCode, ErrFormat or ErrTooBig).
func (s *FileScanner) Watch(ctx context.Context) <-chan scan.Event {
	out := make(chan scan.Event)
	go func() {
		defer close(out)
		w := fileWatch{FileScanner: s, ctx: ctx, out: out, dec: s.Decoder}
		if w.dec.Budget == 0 {
			w.dec.Budget = fileBudget
		}
		w.run()
	}()
	return out
}

// stamp tells one state of a file from another.
type stamp struct {
	size int64
	mod  time.Time
}

// seen is what is known of a file.
type seen struct {
	stamp
	done bool // read, or there before the start
}

// fileWatch is one run of Watch, in one goroutine.
type fileWatch struct {
	*FileScanner
	ctx   context.Context
	out   chan<- scan.Event
	dec   Decoder
	said  scan.EventKind
	files map[string]seen
}

// run looks until ctx ends.
func (w *fileWatch) run() {
	poll := w.Poll
	if poll <= 0 {
		poll = defaultPoll
	}
	t := time.NewTicker(poll)
	defer t.Stop()
	for {
		w.look()
		select {
		case <-t.C:
		case <-w.ctx.Done():
			return
		}
	}
}

// look compares the path with what was seen last.
func (w *fileWatch) look() {
	now, dir, err := list(w.Path)
	if err != nil {
		w.state(scan.Gone, fmt.Errorf("%w: %w", scan.ErrGone, err))
		return
	}
	w.state(scan.Connected, nil)
	first := w.files == nil
	next := make(map[string]seen, len(now))
	for name, st := range now {
		old, known := w.files[name]
		next[name] = seen{st, known && old.stamp == st && old.done || first && dir}
		if known && old.stamp == st && !old.done {
			next[name] = seen{st, true}
			w.read(name)
		}
	}
	w.files = next
}

// list is the pictures at path, which may be one itself.
func list(path string) (m map[string]stamp, dir bool, err error) {
	fi, err := os.Stat(path)
	if err != nil {
		return nil, false, err
	}
	if !fi.IsDir() {
		return map[string]stamp{path: {fi.Size(), fi.ModTime()}}, false, nil
	}
	d, err := os.Open(path)
	if err != nil {
		return nil, true, err
	}
	defer d.Close()
	entries, err := d.ReadDir(maxEntries)
	if err != nil && err != io.EOF {
		return nil, true, err
	}
	m = make(map[string]stamp)
	for _, e := range entries {
		if fi, err := e.Info(); err == nil && fi.Mode().IsRegular() && isPicture(e.Name()) {
			m[filepath.Join(path, e.Name())] = stamp{fi.Size(), fi.ModTime()}
		}
	}
	return m, true, nil
}

// isPicture goes by the name, so that a note beside the pictures is not a rejected scan.
func isPicture(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".png", ".jpg", ".jpeg", ".pgm":
		return !strings.HasPrefix(name, ".")
	}
	return false
}

// read decodes one picture and reports.
func (w *fileWatch) read(path string) {
	defer w.dec.Forget()
	l, err := OpenFile(path)
	var text string
	if err == nil {
		var r Result
		if r, err = w.dec.Decode(w.ctx, l); err == nil {
			text, err = plain.Text([]byte(r.Text))
		}
	}
	if err != nil {
		w.send(scan.Event{Kind: scan.Rejected, Err: err})
		return
	}
	w.send(scan.Event{Kind: scan.Read, Text: text})
}

// state reports being there or not, when it is news.
func (w *fileWatch) state(k scan.EventKind, err error) {
	if w.said != k {
		w.said = k
		w.send(scan.Event{Kind: k, Err: err})
	}
}

func (w *fileWatch) send(e scan.Event) {
	select {
	case w.out <- e:
	case <-w.ctx.Done():
	}
}
