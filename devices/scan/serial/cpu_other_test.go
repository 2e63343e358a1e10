//go:build !linux

package serial

import (
	"testing"
	"time"
)

// cpuTime is only measured on Linux.
func cpuTime(t *testing.T) time.Duration {
	t.Skip("processor time is only measured on Linux")
	return 0
}
