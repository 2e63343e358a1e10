package photo

import (
	"github.com/tetratelabs/wazero/experimental"
)

// arenas gives each instance of a module an arena.
type arenas struct{}

var _ experimental.MemoryAllocator = arenas{}

// Allocate makes memory that may have up to most bytes.
func (arenas) Allocate(_, most uint64) experimental.LinearMemory { return &arena{most: most} }

// arena is a module's memory. It is cleared whenever it moves and when it is freed: a portrait was in it.
type arena struct {
	bytes []byte
	most  uint64
}

// Reallocate makes the memory size bytes long, or gives nil if that is too many. It moves to twice the room, so that a
// module that grows page by page is not copied at every page.
func (a *arena) Reallocate(size uint64) []byte {
	if size > a.most {
		return nil
	}
	if size > uint64(cap(a.bytes)) {
		moved := make([]byte, len(a.bytes), min(2*size, a.most))
		copy(moved, a.bytes)
		clear(a.bytes)
		a.bytes = moved
	}
	a.bytes = a.bytes[:size]
	return a.bytes
}

// Free clears the memory.
func (a *arena) Free() {
	clear(a.bytes)
	a.bytes = nil
}
