// Package cost is what a try of a PIN costs: a package of its own so that sealtest can make it little, and nobody else.
package cost

// What argon2id takes for a PIN: KiB of memory, and passes.
const (
	PINMemory = 192 << 10
	PINTime   = 3
)

// Memory and Time are what keys that are locked from now on take.
var Memory, Time uint32 = PINMemory, PINTime
