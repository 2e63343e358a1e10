package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"motcua/kiosk/fault"
)

// maxFile is the largest file that is read, in bytes. The complete example has about 5,000.
const maxFile = 64 << 10

// EnvFile names the environment variable that says which file to use.
const EnvFile = "MOTCUA_CONFIG"

// Load reads the file at path over the defaults; "" is the defaults alone. What cannot be read, and a file with
// problems, is a *fault.Error of code ConfigBad that unwraps to *Problems; the Config is then the defaults.
func Load(path string) (Config, error) {
	if path == "" {
		return Default(), nil
	}
	name := filepath.Base(path)
	data, err := readLimited(path)
	if err != nil {
		return Default(), fault.New(fault.ConfigBad, &Problems{name, []Problem{{Message: err.Error()}}})
	}
	return Parse(name, data)
}

// Parse is Load for a file that was already read. name stands in the problems.
func Parse(name string, data []byte) (Config, error) {
	if len(data) > maxFile {
		return Default(), fault.New(fault.ConfigBad, &Problems{name, []Problem{{Message: errTooLarge.Error()}}})
	}
	c := Default()
	if problems := decode(name, data, &c); len(problems.List) > 0 {
		return Default(), fault.New(fault.ConfigBad, problems)
	}
	return c, nil
}

var errTooLarge = fmt.Errorf("larger than %d bytes: this is no motcua.toml", maxFile)

func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, errTooLarge
	}
	return data, nil
}

// Find is the file that a start without -config uses: $MOTCUA_CONFIG, else the first there is of ./motcua.toml,
// ~/.config/motcua/motcua.toml and /etc/motcua/motcua.toml, else "". A file that is there and cannot be looked at is
// taken too: Load then says why, where passing over it would run another office's settings.
func Find() string {
	if path := os.Getenv(EnvFile); path != "" {
		return path
	}
	candidates := []string{"motcua.toml"}
	if home, err := os.UserHomeDir(); err == nil {
		candidates = append(candidates, filepath.Join(home, ".config", "motcua", "motcua.toml"))
	}
	return firstThere(append(candidates, "/etc/motcua/motcua.toml"))
}

func firstThere(paths []string) string {
	for _, path := range paths {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return path
		}
	}
	return ""
}

// Expand makes a path of a Config usable: "~/" at its beginning is the home directory. Other paths stay as they are,
// relative ones to the directory in which the program was started.
func Expand(path string) (string, error) {
	rest, ok := strings.CutPrefix(path, "~/")
	if !ok {
		return path, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fault.New(fault.ConfigBad, fmt.Errorf("%s: %w", path, err))
	}
	return filepath.Join(home, rest), nil
}
