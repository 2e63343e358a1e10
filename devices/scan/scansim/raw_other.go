//go:build !linux

package scansim

import (
	"errors"
	"os"
)

// makeRaw is only known for Linux.
func makeRaw(*os.File) error { return errors.ErrUnsupported }

// pollable is only needed on Linux.
func pollable(f *os.File) (*os.File, error) { return f, nil }
