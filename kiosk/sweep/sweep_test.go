package sweep

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

// TestMain is a program that keeps small stacks when it is called so.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "stacks" {
		os.Stdout.WriteString(onStacks())
		return
	}
	os.Exit(m.Run())
}

// onStacks leaves a name on stacks of many sizes and says how often it is there before and after.
func onStacks() string {
	const name, many, neighbours = "Lò Thị Ủn chưa về", 100, 7
	all := make([]uintptr, many)
	var left, ended, stay sync.WaitGroup
	left.Add(many)
	stay.Add(1)
	for i := range many {
		do := func() {
			all[i] = leave(i%20*3, name)
			left.Done()
			left.Wait() // so that each has a stack of its own
		}
		if i%neighbours == 0 { // these live on, so that the memory of the others is not given back as a whole
			go func() {
				do()
				stay.Wait()
			}()
			continue
		}
		ended.Go(do)
	}
	ended.Wait()
	count := func() string {
		n := 0
		for i, p := range all {
			if i%neighbours != 0 && stands(p, name) {
				n++
			}
		}
		return strings.Repeat("+", n) + "."
	}
	before := count()
	Memory()
	after := count()
	stay.Done()
	return before + after
}

// stands reports whether a name is at an address. Nothing there is ours any more, so no pointer to it may be kept.
//
//go:nocheckptr
//go:norace
func stands(p uintptr, name string) bool {
	for i := range len(name) {
		at := p + uintptr(i)
		if **(**byte)(unsafe.Pointer(&at)) != name[i] {
			return false
		}
	}
	return true
}

// leave puts a name on the stack at a depth, and gives where.
//
//go:noinline
func leave(depth int, name string) uintptr {
	var b [200]byte
	if depth > 0 {
		return leave(depth-1, name)
	}
	copy(b[:], name)
	return uintptr(unsafe.Pointer(&b))
}

// TestStacks: what goroutines that ended left on their stacks is gone, but for the few whose memory something else got.
func TestStacks(t *testing.T) {
	cmd := exec.Command(os.Args[0], "stacks")
	cmd.Env = append(os.Environ(), "GODEBUG=clobberfree=1,gcshrinkstackoff=1,adaptivestackstart=0,asyncpreemptoff=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	before, after, ok := strings.Cut(string(out), ".")
	if !ok || len(before) < 10 || len(after) > len(before)/4 {
		t.Errorf("before and after: %s", out)
	}
}

// TestStack: a function's own stack has nothing of it when it has ended.
func TestStack(t *testing.T) {
	const name = "Lò Thị Ủn chưa về"
	for depth := range 150 {
		var p uintptr
		Stack(func() { p = leave(depth, name) })
		if stands(p, name) {
			t.Fatalf("at depth %d it is there", depth)
		}
	}
}

func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		Memory()
	}
}
