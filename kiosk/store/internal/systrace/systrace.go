// Package systrace runs processes under ptrace and shows each of their system calls, for tests that kill a process between two of
// them, have one fail, or need to know what it really did to its files.
//
// Start runs a command and calls a Watch at the beginning and at the end of every call of every thread of it. It needs no
// privilege but that of debugging one's own children, which containers give by default since Linux 4.8; where it is refused, Start
// says ErrRefused. It works on Linux, amd64 and arm64.
//
// Why not strace: it counts calls by thread, and the Go runtime moves work between threads, so "the 17th write of the process" could
// not be said; and what a program wrote would have to be parsed out of text.
package systrace

import (
	"errors"
	"syscall"
)

// ErrRefused: this machine does not let us trace, or the program does not know how to here.
var ErrRefused = errors.New("systrace: tracing is not possible here")

// Call is one system call, at its beginning or at its end.
type Call struct {
	PID    int // the process
	Number int // SYS_…
	Args   [6]uint64
	Done   bool  // at its end
	Result int64 // at its end; a negative number is an errno
	Note   any   // whatever Watch left at the beginning of the call

	thread int
	failed syscall.Errno // what the process is told instead
}

// Verdict is what becomes of a process and of the call at which it stands.
type Verdict int

// Verdicts; Fail is the third.
const (
	Continue Verdict = 0
	Kill     Verdict = -1 // the process is killed with SIGKILL: at the beginning of a call, the call does not take place
)

// Fail is for the beginning of a call: it does not take place, and the process is told that errno came of it. Only on amd64.
func Fail(errno syscall.Errno) Verdict { return Verdict(errno) }

// Watch looks at a call while the thread that makes it stands still. Of one process it is called from one goroutine.
type Watch func(*Call) Verdict
