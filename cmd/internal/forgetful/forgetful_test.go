package forgetful

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// TestMain is the program that forgets when it is called so.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "copies" {
		copies()
		return
	}
	if len(os.Args) > 1 && os.Args[1] == "forgets" {
		if err := Start(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(os.Getpid(), Set(), left(), os.Args[2], os.Getenv(variable))
		return
	}
	os.Exit(m.Run())
}

// left reports whether a text that nobody needs any more can still be read where it was.
func left() bool {
	const name = "Lò Thị Ủn"
	where := leave(name)
	runtime.GC()
	debug.FreeOSMemory()
	for i := range len(name) {
		at := where + uintptr(i)
		if **(**byte)(unsafe.Pointer(&at)) != name[i] {
			return false
		}
	}
	return true
}

// leave puts a text among others into memory, beside some that stay, and gives where it was.
//
//go:noinline
func leave(name string) uintptr {
	var all [][]byte // its neighbours, so that the memory is not given back to the system as a whole
	for range 2000 {
		all = append(all, bytes.Clone([]byte(name)))
	}
	where := uintptr(unsafe.Pointer(unsafe.SliceData(all[1000])))
	all[1000] = nil
	stays = all
	return where
}

var stays [][]byte

// TestStart: the program is the same process, with the same arguments, and what it frees is gone.
func TestStart(t *testing.T) {
	cmd := exec.Command(os.Args[0], "forgets", "argument")
	cmd.Env = append(os.Environ(), variable+"=http2client=1")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	want := fmt.Sprintf("%d true false argument http2client=1,%s\n", cmd.Process.Pid, setting)
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

func TestWith(t *testing.T) {
	t.Setenv(variable, "")
	env := with([]string{"A=1", variable + "=", "B=2"}, "A=3")
	if !slices.Equal(env, []string{"B=2", "A=3", variable + "=" + setting}) {
		t.Errorf("%v", env)
	}
}
