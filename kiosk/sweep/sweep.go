// Package sweep rids the memory of this process of what it no longer needs.
//
// Soon is called when somebody has left the kiosk, or an officer the desk. What was read of people is bytes, which their owners overwrite,
// and strings, which nobody can: it has the collector free them at once. In a program that cmd/internal/forgetful started, the runtime
// overwrites what is freed; in others it stays until something else comes there.
//
// Stacks are no part of that: what a call leaves on one (a number that is being hashed) stays when the call returns, and when the
// goroutine ends the stack waits for the next. So what is known to leave something there runs in Stack, which overwrites it, and Memory overwrites
// the stacks that wait. It does not come to those whose memory has become part of the heap meanwhile, which are few, nor below what
// still runs.
package sweep

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
	"unsafe"
)

// one at a time is enough; whoever comes meanwhile waits, since what they left may have been passed already.
var one sync.Mutex

// Memory frees and overwrites what nobody needs any more. It takes some ten milliseconds for each 100 MB.
func Memory() {
	one.Lock()
	defer one.Unlock()
	runtime.GC()         // what a sync.Pool holds (encoding/json keeps the text of the last filing in one) is freed by the second round only
	debug.FreeOSMemory() // what was freed as a whole goes back to the system, which gives zeros in its place
	pages()
	stacks()
	debug.FreeOSMemory()
}

// Soon sweeps at once, and again when what somebody was doing beside as they left (a screen being drawn, a tag being computed, a read that
// runs out of time) has ended. It does not wait. Whoever leaves before that puts it off: then it is swept for both.
func Soon() {
	again.Lock()
	defer again.Unlock()
	for i, later := range []time.Duration{0, 3 * time.Second, 30 * time.Second} {
		if again.timers[i] == nil {
			again.timers[i] = time.AfterFunc(later, Memory)
			continue
		}
		again.timers[i].Reset(later)
	}
}

var again struct {
	sync.Mutex
	timers [3]*time.Timer
}

// Stack runs do, on a stack that is overwritten afterwards; do must leave nothing that runs. It is large from the start, since one that grows is
// copied, and what was there stays.
func Stack(do func()) {
	const large = 64 << 10
	done := make(chan struct{})
	go func() {
		defer close(done)
		var top byte
		deep(&top, large)
		do()
		deep(&top, large)
	}()
	<-done
}

// The sizes in which the runtime keeps stacks for the next goroutine; larger ones it gives back when it collects.
const (
	least = 2 << 10
	most  = 16 << 10
)

// stacks overwrites the stacks that wait for a goroutine: so many goroutines take them at the same time that none is left over.
func stacks() {
	reserved := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(reserved)
	total := reserved[0].Value.Uint64()
	for size := least; size <= most; size *= 2 {
		count := total/uint64(size) + 1
		var have, done sync.WaitGroup
		have.Add(int(count))
		for range count {
			done.Go(func() {
				var top byte
				deep(&top, uintptr(size))
				have.Done()
				have.Wait()
			})
		}
		done.Wait()
	}
}

// A goroutine gets a larger stack when less than guard is left, but for functions that do not ask: below is one. A call of deep needs
// local and some more.
const (
	guard = 928
	local = 192
	more  = 64
)

// deep overwrites the stack below it, as far as it can without getting a larger one than size; top is where the stack
// begins, about; it is a pointer since those are mended when the stack moves.
//
//go:noinline
func deep(top *byte, size uintptr) {
	var b [local]byte
	clear(b[:])
	below()
	if used := uintptr(unsafe.Pointer(top)) - uintptr(unsafe.Pointer(&b)); used+guard+2*(local+more) < size {
		deep(top, size)
	}
	runtime.KeepAlive(&b)
}

// below overwrites what only functions that do not ask for a larger stack use.
//
//go:noinline
//go:nosplit
func below() {
	var b [704]byte
	clear(b[:])
	runtime.KeepAlive(&b)
}

// pages overwrites the pages that each processor of the runtime has put aside for itself, 64 at most: a stack may have been there.
func pages() {
	const count, page, each = 64, 8 << 10, 4
	var all sync.WaitGroup
	for range each * runtime.GOMAXPROCS(0) {
		all.Go(func() {
			var held [count][]byte
			for i := range held {
				held[i] = make([]byte, page)
				runtime.Gosched() // so that no processor does it all
			}
			runtime.KeepAlive(&held)
		})
	}
	all.Wait()
}
