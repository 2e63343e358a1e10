//go:build unix

package forgetful

import (
	"fmt"
	"os"
	"syscall"
)

// Start begins the program anew, with the setting and more of the environment (NAME=VALUE), unless it has the setting. It does not return if it
// does; nothing must have begun before.
func Start(more ...string) error {
	if Set() {
		return nil
	}
	self, err := os.Executable()
	if err == nil {
		err = syscall.Exec(self, os.Args, with(os.Environ(), more...))
	}
	return fmt.Errorf("forgetful: %w", err)
}
