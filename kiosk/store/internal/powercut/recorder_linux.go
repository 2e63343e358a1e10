//go:build amd64 || arm64

package powercut

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	gosync "sync"
	"syscall"

	"golang.org/x/sys/unix"

	"motcua/kiosk/store/internal/systrace"
)

// Recorder notes what processes do to the files of one directory. Its Watch may be used for several processes at once.
type Recorder struct {
	mu      gosync.Mutex
	dir     string
	moment  int
	names   map[string]*file // as the processes see them
	handles map[handleKey]*handle
	rec     Recording
	err     error
}

// handle is an open file; file is nil for a directory.
type handle struct {
	file     *file
	dir      string // the directory's name
	position int64
	appends  bool
}

type handleKey struct{ pid, fd int }

// NewRecorder begins with what is in dir, which counts as durable. dir must be absolute.
func NewRecorder(dir string) (*Recorder, error) {
	r := &Recorder{dir: filepath.Clean(dir), names: map[string]*file{}, handles: map[handleKey]*handle{}}
	r.rec.names = map[string]*file{}
	err := filepath.WalkDir(r.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(r.dir, path)
		if err != nil {
			return err
		}
		f := r.newFile(name, info)
		f.start = data
		r.names[name], r.rec.names[name] = f, f
		return nil
	})
	return r, err
}

func (r *Recorder) newFile(name string, info os.FileInfo) *file {
	f := &file{name: name}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		f.inode = st.Ino
	}
	return f
}

// Recording is what was noted. The processes must have ended. An error is a call that changes files and that we do not understand.
func (r *Recorder) Recording() (*Recording, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rec.End = r.moment
	return &r.rec, r.err
}

// begun is what is known at the beginning of a call.
type begun struct {
	at           int
	handle       *handle
	data         []byte
	name, target string // in the directory; "" elsewhere
	dir          bool   // the path is the directory itself
}

// Watch notes a call; it is a systrace.Watch.
func (r *Recorder) Watch(c *systrace.Call) systrace.Verdict {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.moment++
	if r.err != nil {
		return systrace.Continue
	}
	var err error
	if !c.Done {
		err = r.begin(c)
	} else if b, ok := c.Note.(*begun); ok {
		err = r.end(c, b)
	}
	if err != nil {
		r.err = err
	}
	return systrace.Continue
}

// standardOutput is where a process says its lines.
const standardOutput = 1

// begin keeps what the end of a call will need: its paths, and what it writes.
func (r *Recorder) begin(c *systrace.Call) (err error) {
	b := &begun{at: r.moment, handle: r.handles[handleKey{c.PID, int(int32(c.Args[0]))}]}
	switch c.Number {
	case sysOpen, sysUnlink:
		err = r.path(c, c.Args[0], &b.name, b)
	case unix.SYS_OPENAT, unix.SYS_UNLINKAT:
		err = r.path(c, c.Args[1], &b.name, b)
	case sysRename:
		err = r.paths(c, c.Args[0], c.Args[1], b)
	case unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2:
		err = r.paths(c, c.Args[1], c.Args[3], b)
	case unix.SYS_WRITE, unix.SYS_PWRITE64:
		if b.handle == nil && c.Args[0] != standardOutput {
			return nil
		}
		b.data, err = c.Bytes(c.Args[1], int(c.Args[2]))
	case unix.SYS_CLOSE: // at its end the number may be another thread's file already
		delete(r.handles, handleKey{c.PID, int(int32(c.Args[0]))})
		return nil
	case unix.SYS_MMAP:
		return r.mapped(c)
	case unix.SYS_FSYNC, unix.SYS_FDATASYNC, unix.SYS_FTRUNCATE, unix.SYS_READ, unix.SYS_LSEEK, unix.SYS_DUP, unix.SYS_DUP3, unix.SYS_FCNTL:
		if b.handle == nil {
			return nil
		}
	case unix.SYS_WRITEV, unix.SYS_PWRITEV, unix.SYS_PWRITEV2, unix.SYS_FALLOCATE:
		if b.handle != nil {
			return fmt.Errorf("powercut: call %d is not understood", c.Number)
		}
		return nil
	case unix.SYS_TRUNCATE, unix.SYS_LINKAT, unix.SYS_SYMLINKAT, unix.SYS_COPY_FILE_RANGE, unix.SYS_SENDFILE, unix.SYS_SPLICE, unix.SYS_IO_URING_SETUP:
		return fmt.Errorf("powercut: call %d is not understood", c.Number)
	default:
		return nil
	}
	c.Note = b
	return err
}

// path reads a path: the name if it is in the directory.
func (r *Recorder) path(c *systrace.Call, at uint64, name *string, b *begun) error {
	text, err := c.Text(at)
	if err != nil {
		return err
	}
	text = filepath.Clean(text)
	b.dir = text == r.dir
	if in, ok := strings.CutPrefix(text, r.dir+"/"); ok {
		*name = in
	}
	return nil
}

func (r *Recorder) paths(c *systrace.Call, from, to uint64, b *begun) error {
	if err := r.path(c, from, &b.name, b); err != nil {
		return err
	}
	if err := r.path(c, to, &b.target, b); err != nil {
		return err
	}
	if (b.name == "") != (b.target == "") {
		return fmt.Errorf("powercut: a file is moved into the directory or out of it")
	}
	return nil
}

// mapped notes that a file is shared memory.
func (r *Recorder) mapped(c *systrace.Call) error {
	h := r.handles[handleKey{c.PID, int(int32(c.Args[4]))}]
	const anonymous = unix.MAP_ANONYMOUS
	if h != nil && h.file != nil && c.Args[3]&(unix.MAP_SHARED|anonymous) == unix.MAP_SHARED && c.Args[2]&unix.PROT_WRITE != 0 {
		h.file.shared = true
	}
	return nil
}

// end notes what a call did.
func (r *Recorder) end(c *systrace.Call, b *begun) error {
	if c.Result < 0 {
		return nil
	}
	o := op{begin: b.at, end: r.moment}
	switch c.Number {
	case sysOpen:
		return r.opened(c, b, c.Args[1])
	case unix.SYS_OPENAT:
		return r.opened(c, b, c.Args[2])
	case sysUnlink, unix.SYS_UNLINKAT:
		if b.name == "" {
			return nil
		}
		o.kind, o.name, o.file = remove, b.name, r.names[b.name]
		delete(r.names, b.name)
	case sysRename, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2:
		if b.name == "" {
			return nil
		}
		o.kind, o.name, o.target, o.file = rename, b.name, b.target, r.names[b.name]
		r.names[b.target] = o.file
		delete(r.names, b.name)
	case unix.SYS_WRITE, unix.SYS_PWRITE64:
		return r.wrote(c, b, o)
	case unix.SYS_FTRUNCATE:
		o.kind, o.file, o.offset = resize, b.handle.file, int64(c.Args[1])
	case unix.SYS_FSYNC, unix.SYS_FDATASYNC:
		o.kind, o.file, o.name = sync, b.handle.file, b.handle.dir
	case unix.SYS_READ:
		b.handle.position += c.Result
		return nil
	case unix.SYS_LSEEK:
		b.handle.position = c.Result
		return nil
	case unix.SYS_DUP, unix.SYS_DUP3:
		r.handles[handleKey{c.PID, int(c.Result)}] = b.handle
		return nil
	case unix.SYS_FCNTL:
		if c.Args[1] == unix.F_DUPFD || c.Args[1] == unix.F_DUPFD_CLOEXEC {
			r.handles[handleKey{c.PID, int(c.Result)}] = b.handle
		}
		return nil
	}
	r.rec.ops = append(r.rec.ops, o)
	return nil
}

// opened notes an open file, and that it is new.
func (r *Recorder) opened(c *systrace.Call, b *begun, flags uint64) error {
	if b.name == "" && !b.dir {
		return nil
	}
	h := &handle{appends: flags&unix.O_APPEND != 0}
	r.handles[handleKey{c.PID, int(c.Result)}] = h
	if b.dir {
		h.dir = Directory
		return nil
	}
	info, err := os.Stat(fmt.Sprintf("/proc/%d/fd/%d", c.PID, c.Result))
	if err != nil {
		return err
	}
	if info.IsDir() {
		h.dir = b.name
		return nil
	}
	if flags&unix.O_TRUNC != 0 {
		return fmt.Errorf("powercut: %s is opened with O_TRUNC, which is not understood", b.name)
	}
	h.file = r.names[b.name]
	if h.file == nil {
		h.file = r.newFile(b.name, info)
		r.names[b.name] = h.file
		r.rec.ops = append(r.rec.ops, op{kind: create, file: h.file, name: b.name, begin: b.at, end: r.moment})
	}
	return nil
}

// wrote notes a write, or a line that was said.
func (r *Recorder) wrote(c *systrace.Call, b *begun, o op) error {
	if b.handle == nil {
		for line := range bytes.Lines(b.data) {
			r.rec.Marks = append(r.rec.Marks, Mark{b.at, string(bytes.TrimRight(line, "\n"))})
		}
		return nil
	}
	o.kind, o.file, o.data = write, b.handle.file, b.data[:c.Result]
	switch {
	case b.handle.appends:
		return fmt.Errorf("powercut: a write that appends is not understood")
	case c.Number == unix.SYS_PWRITE64:
		o.offset = int64(c.Args[3])
	default:
		o.offset = b.handle.position
		b.handle.position += c.Result
	}
	r.rec.ops = append(r.rec.ops, o)
	return nil
}
