package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"motcua/kiosk/fault"
)

// Usable says what would keep a Store from working on the data directory now, for the doctor: StoreLocked if another
// program has it, StoreFull if there is no room for a filing. It writes nothing; the lock is held for a moment only.
func Usable(dir string) error {
	if noRoom(dir) {
		return fault.Newf(fault.StoreFull, "store: no room for a filing is left")
	}
	locks, err := filepath.Glob(filepath.Join(dir, lockName+"*"))
	if err != nil {
		return failed("lock", err)
	}
	for _, path := range locks {
		if err := free(path); err != nil {
			return err
		}
	}
	return nil
}

// free says whether nobody holds the lock at path.
func free(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, privateFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return failed("lock", err)
	}
	defer f.Close() // and with it the lock
	held, err := tryLock(f)
	switch {
	case err != nil:
		return failed("lock", err)
	case held:
		return fault.Newf(fault.StoreLocked, "store: the data directory is in use by process %s", holder(f))
	}
	return nil
}
