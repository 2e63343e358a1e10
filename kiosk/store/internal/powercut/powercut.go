// Package powercut says what a disk may hold after the power went, from what processes really did to the files of one directory.
//
// A Recorder watches processes (systrace) and makes a Recording: every write, truncation, creation, renaming, removal and fsync in order, and
// the lines that a process said on its standard output in between, which are its promises to the world. Recording.Cut takes a moment of it
// and a source of chance, and gives one of the many states in which the disk may be if the power went then. One recorded run gives any number of
// them, so that hundreds are looked at in seconds.
//
// # What may be lost
//
// What was synced is there. Of everything else the worst that POSIX allows, which is more than ext4, XFS or NTFS do:
//
//   - A file keeps what an fsync (or fdatasync) of it that returned in time covers: the calls that had ended when it began. Of each sector of 512 bytes that was written
//     later, the disk has any of its versions since, each sector for itself: a write may be there, not there, or torn. The bytes of a write
//     that was not synced may also be noise. The length is any of those since, and what is missing below it is zeros.
//   - A name (creation, renaming, removal) is there for certain only after an fsync of the directory. Of those after it any selection may be
//     there; a renaming by itself is there or not.
//   - A file that is shared memory (motcua.db-shm) may be missing, zeros or noise.
//
// What is believed: a sector is written whole, or noise is left only where it was being written (SQLite calls it powersafe overwrite and relies on it, too), and a
// disk that says it has written has. Options.Lies takes the second belief away, to see that a test would notice.
package powercut

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// file is an inode.
type file struct {
	name   string // under which it came to be
	inode  uint64 // as the file system had it
	start  []byte // its content when recording began
	shared bool   // mapped into memory for writing
}

// kind of an op.
type kind int

const (
	write  kind = iota // data at offset
	resize             // to offset
	sync               // of the file; of the directory if it is nil
	create             // name
	rename             // from name to target
	remove             // name
)

// op is one call that changed something, or made it durable.
type op struct {
	kind         kind
	file         *file
	offset       int64
	data         []byte
	name, target string
	begin, end   int // moments
}

// Mark is a line that a process said.
type Mark struct {
	At   int // moment
	Text string
}

// Recording is what happened, in order. Its moments count the beginnings and ends of the calls, from 0.
type Recording struct {
	names map[string]*file // when it began
	ops   []op             // by their end
	Marks []Mark
	End   int // the last moment
}

// Syncs counts the fsyncs, for a test to see that it recorded something.
func (r *Recording) Syncs() (n int) {
	for _, o := range r.ops {
		if o.kind == sync {
			n++
		}
	}
	return n
}

// Writes counts the writes to files by the name under which each came to be.
func (r *Recording) Writes() map[string]int {
	n := map[string]int{}
	for _, o := range r.ops {
		if o.kind == write || o.kind == resize {
			n[o.file.name]++
		}
	}
	return n
}

// Options of a Cut.
type Options struct {
	// Lies are files of which the disk says that it has written them when it has not: their fsync does not count. They are called by the
	// name under which they came to be, the directory Directory.
	Lies []string
}

// Directory is the name of the directory itself in Options.
const Directory = "."

// Cut is a disk after the power went at a moment.
type Cut struct {
	At     int
	files  map[string]*file
	data   map[*file][]byte // nil: the file is not there
	Choice []string         // what was chosen, for whoever has to find out why it went wrong
}

// Cut takes the power away at a moment.
func (r *Recording) Cut(at int, chance *rand.Rand, o Options) *Cut {
	c := &Cut{At: at, data: map[*file][]byte{}}
	c.files = r.namesAt(c, at, chance, o)
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		f := c.files[name]
		if _, done := c.data[f]; !done {
			c.data[f] = r.contentAt(c, name, f, at, chance, o)
		}
	}
	return c
}

// inDirectory says that an op is about the names in a directory: Directory, or one under it. A directory itself counts as durable once it is there.
func (o op) inDirectory(dir string) bool {
	if o.kind == sync {
		return o.file == nil && o.name == dir
	}
	return o.kind >= create && filepath.Dir(o.name) == dir
}

// directories are those in which names change.
func (r *Recording) directories() []string {
	found := map[string]bool{Directory: true}
	for _, x := range r.ops {
		if x.kind >= create {
			found[filepath.Dir(x.name)] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// about is the name of what is synced.
func (o op) about() string {
	if o.file == nil {
		return o.name
	}
	return o.file.name
}

// split gives the ops about one file, or about the directory, that had begun: those that are durable, and those that are not.
func (r *Recording) split(at int, o Options, about func(op) bool) (durable, pending []op) {
	covered := -1
	var all []op
	for _, x := range r.ops {
		if x.begin >= at || !about(x) {
			continue
		}
		if x.kind == sync {
			if x.end < at && !slices.Contains(o.Lies, x.about()) {
				covered = max(covered, x.begin)
			}
			continue
		}
		all = append(all, x)
	}
	for _, x := range all {
		if x.end < covered {
			durable = append(durable, x)
		} else {
			pending = append(pending, x)
		}
	}
	return durable, pending
}

// fate decides which of n ops are there.
func fate(n int, chance *rand.Rand) (keep []bool, name string) {
	keep = make([]bool, n)
	switch chance.IntN(4) {
	case 0:
		return keep, "none"
	case 1:
		for i := range keep {
			keep[i] = true
		}
		return keep, "all"
	case 2:
		first := chance.IntN(n + 1)
		for i := range first {
			keep[i] = true
		}
		return keep, fmt.Sprint("the first ", first)
	}
	odds := chance.Float64()
	for i := range keep {
		keep[i] = chance.Float64() < odds
	}
	return keep, "some"
}

// namesAt are the names in the directory and those under it.
func (r *Recording) namesAt(c *Cut, at int, chance *rand.Rand, o Options) map[string]*file {
	names := maps.Clone(r.names)
	for _, dir := range r.directories() {
		durable, pending := r.split(at, o, func(x op) bool { return x.inDirectory(dir) })
		for _, x := range durable {
			x.rename(names)
		}
		if len(pending) == 0 {
			continue
		}
		keep, chosen := fate(len(pending), chance)
		c.Choice = append(c.Choice, fmt.Sprintf("names in %s: %s of %d", dir, chosen, len(pending)))
		for i, x := range pending {
			if keep[i] {
				x.rename(names)
			}
		}
	}
	return names
}

// rename makes one change of a name.
func (o op) rename(names map[string]*file) {
	switch o.kind {
	case create:
		names[o.name] = o.file
	case rename:
		if names[o.name] == o.file {
			delete(names, o.name)
		}
		names[o.target] = o.file
	case remove:
		if names[o.name] == o.file {
			delete(names, o.name)
		}
	}
}

// sector is what a disk writes whole.
const sector = 512

// contentAt is one file.
func (r *Recording) contentAt(c *Cut, name string, f *file, at int, chance *rand.Rand, o Options) []byte {
	if f.shared {
		return r.sharedAt(c, name, chance)
	}
	durable, pending := r.split(at, o, func(x op) bool { return x.file == f && !(x.kind >= create) })
	disk := bytes.Clone(f.start)
	for _, x := range durable {
		disk = x.apply(disk)
	}
	if disk == nil {
		disk = []byte{}
	}
	if len(pending) == 0 {
		return disk
	}
	keep, chosen := fate(len(pending), chance)
	torn, noise := 0.0, 0.0
	if chance.IntN(3) > 0 {
		torn = chance.Float64()
		if chance.IntN(3) == 0 {
			noise = chance.Float64() / 4
		}
	}
	c.Choice = append(c.Choice, fmt.Sprintf("%s: %s of %d, torn %.2f, noise %.2f", name, chosen, len(pending), torn, noise))
	cache, size := bytes.Clone(disk), len(disk)
	for i, x := range pending {
		cache = x.apply(cache)
		if !keep[i] {
			continue
		}
		if len(cache) != size || chance.IntN(2) == 0 {
			size = len(cache)
		}
		disk = x.reach(disk, cache, chance, torn, noise)
	}
	return fit(disk, size)
}

// apply does what the op does to a file's content.
func (o op) apply(to []byte) []byte {
	switch o.kind {
	case resize:
		return fit(to, int(o.offset))
	case write:
		to = fit(to, max(len(to), int(o.offset)+len(o.data)))
		copy(to[o.offset:], o.data)
	}
	return to
}

// reach brings the sectors that the op touched from the cache to the disk, but for those that are torn off, which stay as they were.
func (o op) reach(disk, cache []byte, chance *rand.Rand, torn, noise float64) []byte {
	if o.kind == resize {
		return fit(disk, min(len(disk), int(o.offset))) // what is cut off is zeros when the file grows again
	}
	end := int(o.offset) + len(o.data)
	for from := int(o.offset) / sector * sector; from < end; from += sector {
		to := min(from+sector, len(cache))
		if chance.Float64() < torn {
			continue
		}
		disk = fit(disk, max(len(disk), to))
		copy(disk[from:to], cache[from:to])
		if chance.Float64() < noise {
			for i := max(from, int(o.offset)); i < min(to, end); i++ {
				disk[i] = byte(chance.Uint32())
			}
		}
	}
	return disk
}

// fit makes b size long.
func fit(b []byte, size int) []byte {
	if size <= len(b) {
		return b[:size]
	}
	return append(b, make([]byte, size-len(b))...)
}

// sharedAt is a file that is shared memory.
func (r *Recording) sharedAt(c *Cut, name string, chance *rand.Rand) []byte {
	const size = 32 << 10
	chosen := chance.IntN(4)
	c.Choice = append(c.Choice, name+": "+[]string{"missing", "empty", "zeros", "noise"}[chosen])
	switch chosen {
	case 0:
		return nil
	case 1:
		return []byte{}
	}
	b := make([]byte, size)
	if chosen == 3 {
		for i := range b {
			b[i] = byte(chance.Uint32())
		}
	}
	return b
}

// Inode is the number that the file of a name had when it was recorded, 0 if there is none of that name.
func (c *Cut) Inode(name string) uint64 {
	if f := c.files[name]; f != nil {
		return f.inode
	}
	return 0
}

// Write makes the directory as the disk has it.
func (c *Cut) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for name, f := range c.files {
		if data := c.data[f]; data != nil {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// Said are the lines that were said before a moment.
func (r *Recording) Said(at int) []string {
	var said []string
	for _, m := range r.Marks {
		if m.At < at {
			said = append(said, m.Text)
		}
	}
	return said
}

// String says what the cut chose, and when.
func (c *Cut) String() string {
	return fmt.Sprintf("cut at %d: %s", c.At, strings.Join(c.Choice, "; "))
}
