package powercut

import "golang.org/x/sys/unix"

// Calls that amd64 still has beside those with a directory.
const (
	sysOpen   = unix.SYS_OPEN
	sysUnlink = unix.SYS_UNLINK
	sysRename = unix.SYS_RENAME
)
