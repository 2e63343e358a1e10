//go:build !linux && !windows

package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// identify tells which inode f is.
func identify(f *os.File) (inode, error) {
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		return inode{}, &os.PathError{Op: "fstat", Path: f.Name(), Err: err}
	}
	return inode{Number: uint64(st.Ino)}, nil
}
