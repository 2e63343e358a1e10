package powercut

// Calls that arm64 never had.
const (
	sysOpen   = -1
	sysUnlink = -2
	sysRename = -3
)
