package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// This file reads and writes the file numbers; the package comment says what it is for. Rules:
//
//   - It is replaced as a whole, and what is in it is durable before the commit that it guards.
//   - What it says of a day is never too low, as long as it is the very file that was written here.
//   - Whatever cannot be read strictly counts as damaged, not as empty.

const (
	numbersName    = "numbers"
	numbersTemp    = "numbers.tmp"
	numbersVersion = 1
	maxNumbers     = 1 << 20 // bytes that are read of it
	keptDays       = 400     // of each station: no backup that anybody restores is older
)

// errNumbersDamaged: the file is not what was written.
var errNumbersDamaged = errors.New("the file of numbers is damaged")

// inode tells one file from all others, also from its own copy.
type inode struct {
	Number uint64 `json:"number"`
	Born   int64  `json:"born,omitempty"` // nanoseconds since 1970; 0 where the file system does not say
}

// same reports whether a and b are one file. A birth that is not known to both says nothing.
func (a inode) same(b inode) bool {
	return a.Number == b.Number && (a.Born == b.Born || a.Born == 0 || b.Born == 0)
}

// serials holds the last serial number by station and day (YYYY-MM-DD).
type serials map[string]map[string]int

// with is a copy of n in which the station's day has last, and days too old to matter are gone.
func (n serials) with(station, day string, last int) serials {
	c := maps.Clone(n)
	if c == nil {
		c = serials{}
	}
	days := maps.Clone(c[station])
	if days == nil {
		days = map[string]int{}
	}
	days[day] = last
	c[station] = days
	for len(days) > keptDays {
		delete(days, slices.Min(slices.Collect(maps.Keys(days))))
	}
	return c
}

// lastDay is the latest day in it, "" if there is none.
func (n serials) lastDay() string {
	last := ""
	for _, days := range n {
		for day := range days {
			last = max(last, day)
		}
	}
	return last
}

// numbersFile is the content of the file.
type numbersFile struct {
	Version  int     `json:"version"`
	Instance string  `json:"instance"` // the installation it belongs to
	Inode    inode   `json:"inode"`    // of the file itself
	Last     serials `json:"last"`
}

// marks is the file as it is on disk now.
type marks struct {
	dir string
	numbersFile
}

// readMarks reads the file; itself reports whether it is the inode that it says it is. The error is fs.ErrNotExist,
// errNumbersDamaged, or one of the file system.
func readMarks(dir string) (m *marks, itself bool, err error) {
	f, err := os.Open(filepath.Join(dir, numbersName))
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	is, err := identify(f)
	if err != nil {
		return nil, false, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxNumbers))
	if err != nil {
		return nil, false, err
	}
	content, err := parseNumbers(text)
	if err != nil {
		return nil, false, err
	}
	return &marks{dir, content}, content.Inode.same(is), nil
}

// parseNumbers reads the file's text strictly; errNumbersDamaged for anything that encode would not write.
func parseNumbers(text []byte) (numbersFile, error) {
	var n numbersFile
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil {
		return numbersFile{}, fmt.Errorf("%w: %w", errNumbersDamaged, err)
	}
	again, err := n.encode()
	if err != nil || n.Version != numbersVersion || !bytes.Equal(again, text) {
		return numbersFile{}, errNumbersDamaged
	}
	for _, days := range n.Last {
		for _, last := range days {
			if last < 0 {
				return numbersFile{}, errNumbersDamaged
			}
		}
	}
	return n, nil
}

// encode is the file's text.
func (n numbersFile) encode() ([]byte, error) {
	text, err := json.Marshal(n)
	return append(text, '\n'), err
}

// of is the last serial of the station's day that the file knows, 0 if none.
func (m *marks) of(station, day string) int { return m.Last[station][day] }

// raise notes durably that last may be on somebody's slip. After an error what is noted is as before. It is called with the
// database's write lock, so that two stations on one directory do not write over each other: what another one noted is read first.
func (m *marks) raise(station, day string, last int) error {
	if now, itself, err := readMarks(m.dir); err == nil && itself && now.Instance == m.Instance {
		m.numbersFile = now.numbersFile
	}
	return m.replace(m.Last.with(station, day, last))
}

// replace writes the file anew with other numbers.
func (m *marks) replace(last serials) error {
	next := numbersFile{Version: numbersVersion, Instance: m.Instance, Last: last}
	if err := next.write(m.dir); err != nil {
		return err
	}
	m.numbersFile = next
	return nil
}

// write puts the file in its place: all of it, durably, or nothing. It notes the inode in n.
func (n *numbersFile) write(dir string) error {
	temp := filepath.Join(dir, numbersTemp)
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, privateFile)
	if err != nil {
		return err
	}
	if err := errors.Join(n.fill(f), f.Close()); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	if err := os.Rename(temp, filepath.Join(dir, numbersName)); err != nil {
		return err
	}
	return syncDir(dir)
}

// fill writes and syncs the text into the new file f.
func (n *numbersFile) fill(f *os.File) error {
	id, err := identify(f)
	if err != nil {
		return err
	}
	n.Inode = id
	text, err := n.encode()
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		return err
	}
	return f.Sync()
}
