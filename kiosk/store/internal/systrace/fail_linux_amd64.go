package systrace

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// suppress makes the kernel skip the call at whose beginning the thread stands.
func suppress(thread int) error {
	return change(thread, func(r *unix.PtraceRegs) { r.Orig_rax = ^uint64(0) })
}

// setResult tells the thread what came of the call at whose end it stands.
func setResult(thread int, errno syscall.Errno) error {
	return change(thread, func(r *unix.PtraceRegs) { r.Rax = -uint64(errno) })
}

// change changes the registers of a thread.
func change(thread int, what func(*unix.PtraceRegs)) error {
	var r unix.PtraceRegs
	if err := unix.PtraceGetRegs(thread, &r); err != nil {
		return err
	}
	what(&r)
	return unix.PtraceSetRegs(thread, &r)
}
