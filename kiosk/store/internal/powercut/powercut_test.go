package powercut

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// old and young are two versions of three sectors.
var (
	old   = bytes.Repeat([]byte{'o'}, 3*sector)
	young = bytes.Repeat([]byte{'y'}, 3*sector)
)

// recording: a file is made, written, and durable with its name at 10; from 11 on it is written over, grows, another one is made and renamed, and a
// third is removed, none of which is synced.
func recording() *Recording {
	a, b, c := &file{name: "a"}, &file{name: "b"}, &file{name: "c", start: old}
	return &Recording{names: map[string]*file{"c": c}, End: 40, ops: []op{
		{kind: create, file: a, name: "a", begin: 1, end: 2},
		{kind: write, file: a, data: old, begin: 3, end: 4},
		{kind: sync, file: a, begin: 5, end: 6},
		{kind: sync, name: Directory, begin: 7, end: 8},
		{kind: write, file: a, data: young, begin: 11, end: 12},
		{kind: write, file: a, offset: int64(len(old)), data: young, begin: 13, end: 14},
		{kind: create, file: b, name: "b.tmp", begin: 15, end: 16},
		{kind: rename, file: b, name: "b.tmp", target: "b", begin: 17, end: 18},
		{kind: remove, file: c, name: "c", begin: 19, end: 20},
		{kind: sync, file: a, begin: 21, end: 30},
	}, Marks: []Mark{{9, "said"}}}
}

// seen collects what cuts at a moment leave of one thing.
func seen(at int, o Options, look func(*Cut) string) []string {
	all := map[string]bool{}
	for i := range 400 {
		all[look(recording().Cut(at, rand.New(rand.NewPCG(1, uint64(i))), o))] = true
	}
	var list []string
	for s := range all {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}

// content is how the sectors of a look: old, young, mixed, or zeros; "" if it is not there.
func content(c *Cut) string {
	f := c.files["a"]
	if f == nil {
		return "missing"
	}
	var s []byte
	for part := range slices.Chunk(c.data[f], sector) {
		switch {
		case bytes.Equal(part, old[:len(part)]):
			s = append(s, 'o')
		case bytes.Equal(part, young[:len(part)]):
			s = append(s, 'y')
		case bytes.Count(part, []byte{0}) == len(part):
			s = append(s, '0')
		default:
			s = append(s, '?')
		}
	}
	return string(s)
}

func TestSyncedStays(t *testing.T) {
	if got := seen(10, Options{}, content); !slices.Equal(got, []string{"ooo"}) {
		t.Errorf("synced: %v", got)
	}
	for _, at := range []int{31, 40} {
		if got := seen(at, Options{}, content); !slices.Equal(got, []string{"yyyyyy"}) {
			t.Errorf("synced once more, at %d: %v", at, got)
		}
	}
	if got := recording().Said(10); !slices.Equal(got, []string{"said"}) || len(recording().Said(9)) != 0 {
		t.Errorf("said: %v", got)
	}
}

func TestUnsyncedMayBeAnything(t *testing.T) {
	for _, at := range []int{20, 29} { // also while the fsync is under way
		got := seen(at, Options{}, content)
		for _, want := range []string{"ooo", "yyy", "oyo", "yyyyyy", "ooo0y0", "oooyyy"} {
			if !slices.Contains(got, want) {
				t.Errorf("at %d: never %q in %d states", at, want, len(got))
			}
		}
		if slices.ContainsFunc(got, func(s string) bool { return len(s) < 3 || len(s) > 6 }) || slices.Contains(got, "missing") {
			t.Errorf("at %d: %v", at, got)
		}
	}
}

func TestNames(t *testing.T) {
	names := func(c *Cut) string {
		s := ""
		for _, name := range []string{"a", "b.tmp", "b", "c"} {
			if c.files[name] != nil {
				s += name + " "
			}
		}
		return s
	}
	want := []string{"a ", "a b ", "a b c ", "a b.tmp ", "a b.tmp c ", "a c "}
	if got := seen(20, Options{}, names); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := seen(20, Options{Lies: []string{Directory}}, names); !slices.Contains(got, "c ") {
		t.Errorf("a directory that lies: %q", got)
	}
}

func TestLies(t *testing.T) {
	if got := seen(10, Options{Lies: []string{"a"}}, content); !slices.Contains(got, "") || !slices.Contains(got, "ooo") {
		t.Errorf("%q", got)
	}
	if got := seen(10, Options{Lies: []string{"b"}}, content); !slices.Equal(got, []string{"ooo"}) {
		t.Errorf("another one lies: %q", got)
	}
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := recording().Cut(10, rand.New(rand.NewPCG(1, 1)), Options{})
	if err := c.Write(dir); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "a"))
	if err != nil || !bytes.Equal(got, old) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("%d files, %v", len(entries), err)
	}
}

func TestCounts(t *testing.T) {
	r := recording()
	if r.Syncs() != 3 || r.Writes()["a"] != 3 || len(r.Writes()) != 1 {
		t.Errorf("%d, %v", r.Syncs(), r.Writes())
	}
}
