//go:build !linux

package printsim

import (
	"errors"
	"os"
)

// errPlatform is the answer where there are no pseudo-terminals of Linux's kind.
var errPlatform = errors.New("printsim: pseudo-terminals need Linux; use Listen")

func openTTY() (master, slave *os.File, err error) { return nil, nil, errPlatform }

func makeRaw(*os.File) error { return errPlatform }
