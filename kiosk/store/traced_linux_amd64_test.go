package store_test

import "golang.org/x/sys/unix"

// oldChanges are calls that change something and that only amd64 still has.
var oldChanges = map[int]bool{unix.SYS_RENAME: true, unix.SYS_UNLINK: true}
