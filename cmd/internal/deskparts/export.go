package deskparts

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Export writes files into a directory, which it makes if need be: whole, or not at all. It says where in words for people, with ~ for their home.
func Export(dir string) func(name string, write func(io.Writer) error) (string, error) {
	return func(name string, write func(io.Writer) error) (string, error) {
		const mode = 0o755 // figures are no secret
		if err := os.MkdirAll(dir, mode); err != nil {
			return "", err
		}
		f, err := os.CreateTemp(dir, "."+name+"-*")
		if err != nil {
			return "", err
		}
		err = errors.Join(write(f), f.Sync(), f.Close())
		if err == nil {
			err = os.Rename(f.Name(), filepath.Join(dir, name))
		}
		if err != nil {
			return "", errors.Join(err, os.Remove(f.Name()))
		}
		return short(dir), nil
	}
}

// short writes ~ for the home of whoever works here.
func short(dir string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		return dir
	}
	if rest, ok := strings.CutPrefix(dir, home+string(filepath.Separator)); ok {
		return "~/" + filepath.ToSlash(rest)
	}
	return dir
}
