package scansim

import (
	"os"

	"golang.org/x/sys/unix"
)

// makeRaw takes the line discipline out of the way: no echo back to us, no line editing, no CR made LF. The serial
// driver sets the same when it opens the device, but what is sent before that must arrive as it is, too.
func makeRaw(tty *os.File) error {
	raw, err := tty.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		t := unix.Termios{Iflag: unix.IGNPAR, Cflag: unix.CREAD | unix.CLOCAL | unix.CS8 | unix.B115200}
		t.Cc[unix.VMIN] = 1
		failed = unix.IoctlSetTermios(int(fd), unix.TCSETS, &t)
	})
	if err != nil {
		return err
	}
	return failed
}

// pollable gives f anew as a file whose blocked writes end at a deadline and at Close, and closes f. A blocking file of
// a pseudo-terminal has neither.
func pollable(f *os.File) (*os.File, error) {
	defer f.Close()
	raw, err := f.SyscallConn()
	if err != nil {
		return nil, err
	}
	dup, failed := -1, error(nil)
	err = raw.Control(func(fd uintptr) {
		if dup, failed = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0); failed == nil {
			failed = unix.SetNonblock(dup, true)
		}
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		if dup >= 0 {
			_ = unix.Close(dup)
		}
		return nil, err
	}
	return os.NewFile(uintptr(dup), f.Name()), nil // non-blocking, so Go's poller takes it
}
