package store

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockOffset is the byte that is locked. Locks of Windows are mandatory, so it lies beyond the text that others read.
const lockOffset = 1 << 20

// tryLock takes a lock on f that ends with the process; held is true if another process has it.
func tryLock(f *os.File) (held bool, err error) {
	at := windows.Overlapped{Offset: lockOffset}
	const how = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(windows.Handle(f.Fd()), how, 0, 1, 0, &at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return true, nil
	}
	return false, err
}

// syncDir has nothing to do: NTFS keeps names in its own log and cannot sync a directory.
func syncDir(string) error { return nil }

// noRoom reports whether the volume of dir is as good as full.
func noRoom(dir string) bool {
	free, ok := freeSpace(dir)
	return ok && free < leastRoom
}

// freeSpace is how many bytes the volume of dir has left, if it says so.
func freeSpace(dir string) (uint64, bool) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, false
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, false
	}
	return free, true
}
