package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// identify tells which inode f is and when it was born. The birth time, where the file system keeps it (ext4, XFS, Btrfs,
// tmpfs), is what copying cannot reproduce: inode numbers alone are given again soon.
func identify(f *os.File) (inode, error) {
	var st unix.Statx_t
	const want = unix.STATX_INO | unix.STATX_BTIME
	if err := unix.Statx(int(f.Fd()), "", unix.AT_EMPTY_PATH, want, &st); err != nil {
		return inode{}, &os.PathError{Op: "statx", Path: f.Name(), Err: err}
	}
	id := inode{Number: st.Ino}
	if st.Mask&unix.STATX_BTIME != 0 {
		id.Born = st.Btime.Sec*1e9 + int64(st.Btime.Nsec)
	}
	return id, nil
}
