//go:build unix

package forgetful

import (
	"fmt"
	"os"
	"syscall"
)

// Start begins the program anew, with the setting, unless it has it. It does not return if it does; nothing must have begun before.
func Start() error {
	if Set() {
		return nil
	}
	self, err := os.Executable()
	if err == nil {
		err = syscall.Exec(self, os.Args, with(os.Environ()))
	}
	return fmt.Errorf("forgetful: %w", err)
}
