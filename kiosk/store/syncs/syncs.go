// Package syncs counts what a program asks of the disk.
//
// Of runs a command and counts its fsyncs and fdatasyncs, and what it writes, by looking at every system call that it makes. That is
// exact, needs no other program, and does not believe what our own code says of itself: SQLite syncs where we do not see it. The
// command runs some ten times slower meanwhile, so a thing is either counted or timed.
package syncs

import "errors"

// ErrRefused: system calls cannot be watched on this machine.
var ErrRefused = errors.New("syncs: system calls cannot be watched here")

// Count is what a program asked of the disk.
type Count struct {
	Syncs int   // calls of fsync and fdatasync
	Bytes int64 // written to files and pipes
}
