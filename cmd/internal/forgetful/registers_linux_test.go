package forgetful

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

// vector is a register's size in bytes, of those that what is copied goes through.
const vector = 16

// secret is byte i of what is copied: nowhere as a whole but where it was put.
func secret(i int) byte { return byte(i*i + 37*i + 11) }

// copies copies a text again and again while the collector wants the processor, forgets it, and says how many pieces of it are left.
func copies() {
	if err := Start(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	from, to := make([]byte, vector*vector), make([]byte, vector*vector)
	for i := range from {
		from[i] = secret(i)
	}
	const times, rounds = 3_000_000, 20
	for range rounds {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range times {
				copy(to, from)
			}
		}()
		for waits := true; waits; {
			runtime.GC()
			select {
			case <-done:
				waits = false
			case <-time.After(time.Millisecond):
			}
		}
	}
	clear(from)
	clear(to)
	fmt.Println(pieces())
}

// pieces counts what is left of the secret in what this process can write.
func pieces() (n int, err error) {
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return 0, err
	}
	defer maps.Close()
	mem, err := os.Open("/proc/self/mem")
	if err != nil {
		return 0, err
	}
	defer mem.Close()
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		var from, to int64
		var mode string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &mode); err != nil || !strings.HasPrefix(mode, "rw") {
			continue
		}
		piece := make([]byte, 1<<20)
		for ; from < to; from += int64(len(piece)) {
			got, err := mem.ReadAt(piece[:min(int64(len(piece)), to-from)], from)
			if err != nil && err != io.EOF {
				break // what the kernel keeps for itself
			}
			for at := 0; at+vector <= got; at += 8 {
				if is(piece[at : at+vector]) {
					n++
				}
			}
		}
	}
	return n, nil
}

// is reports whether a vector is one of the secret's.
func is(b []byte) bool {
	for k := 0; k < vector*vector; k += vector {
		same := 0
		for same < vector && b[same] == secret(k+same) {
			same++
		}
		if same == vector {
			return true
		}
	}
	return false
}

// TestRegisters: what is copied while the runtime wants something else is in no place where it kept registers.
func TestRegisters(t *testing.T) {
	out, err := exec.Command(os.Args[0], "copies").CombinedOutput()
	if err != nil || string(out) != "0 <nil>\n" {
		t.Errorf("%s, %v", out, err)
	}
}
