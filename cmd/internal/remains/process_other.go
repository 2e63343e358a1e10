//go:build !linux

package remains

import "errors"

// Process is for Linux.
func (s *Seeker) Process(int) ([]Found, int64, error) { return nil, 0, errors.ErrUnsupported }
