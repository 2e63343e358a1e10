package remains

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Process looks at the memory of a process: at everything that it could read itself, as a core of it would have it, but for what it
// has of its own program file, which is the same on every machine. bytes says how much was read. It takes the right to debug the process.
func (s *Seeker) Process(pid int) (all []Found, bytes int64, err error) {
	program, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil {
		return nil, 0, err
	}
	maps, err := os.Open(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return nil, 0, err
	}
	defer maps.Close()
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return nil, 0, err
	}
	defer memory.Close()
	lines := bufio.NewScanner(maps)
	for lines.Scan() {
		m, ok := parseMapping(lines.Text())
		if !ok || m.path == program && !m.writable || m.path == "[vvar]" || m.path == "[vvar_vclock]" || m.path == "[vsyscall]" {
			continue
		}
		where := fmt.Sprintf("process %d %s", pid, m)
		found, err := s.stream(where, m.from, io.NewSectionReader(memory, m.from, m.to-m.from))
		all = append(all, found...)
		if errors.Is(err, syscall.EIO) || errors.Is(err, syscall.EFAULT) { // a page behind the end of a file
			continue
		}
		if err != nil {
			return all, bytes, err
		}
		bytes += m.to - m.from
	}
	return all, bytes, lines.Err()
}

// mapping is a line of /proc/PID/maps.
type mapping struct {
	from, to int64
	writable bool
	path     string
}

// String is the mapping's range and file.
func (m mapping) String() string { return fmt.Sprintf("%x-%x %s", m.from, m.to, m.path) }

// parseMapping reads one; false if the process cannot read there.
func parseMapping(line string) (mapping, bool) {
	fields := strings.Fields(line)
	const least, withPath = 5, 6
	if len(fields) < least || !strings.HasPrefix(fields[1], "r") {
		return mapping{}, false
	}
	from, to, ok := strings.Cut(fields[0], "-")
	a, err := strconv.ParseInt(from, 16, 64)
	b, wrong := strconv.ParseInt(to, 16, 64)
	if !ok || err != nil || wrong != nil {
		return mapping{}, false // the kernel's own page has an address beyond
	}
	m := mapping{from: a, to: b, writable: strings.Contains(fields[1], "w")}
	if len(fields) >= withPath {
		m.path = fields[5]
	}
	return m, true
}
