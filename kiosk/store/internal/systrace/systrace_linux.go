//go:build amd64 || arm64

package systrace

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Process is a traced process.
type Process struct {
	PID int

	ended  chan struct{}
	status unix.WaitStatus
	err    error
}

// Start starts the command. Its standard streams must be files or pipes of the command (StdoutPipe); its Wait must not be called.
func Start(cmd *exec.Cmd, watch Watch) (*Process, error) {
	p := &Process{ended: make(chan struct{})}
	started := make(chan error)
	// Ends with the process. Only the thread that started it may trace it.
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.start(cmd)
		started <- err
		if err != nil {
			return
		}
		p.err = p.trace(watch)
		close(p.ended)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// start runs the command up to its first instruction.
func (p *Process) start(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true, Setpgid: true} // its own group, so that we wait for nobody else
	if err := cmd.Start(); err != nil {
		if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSYS) {
			err = fmt.Errorf("%w: %w", ErrRefused, err)
		}
		return err
	}
	p.PID = cmd.Process.Pid
	if _, _, err := p.next(); err != nil {
		return err
	}
	const options = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_EXITKILL
	if err := unix.PtraceSetOptions(p.PID, options); err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return cmd.Process.Release()
}

// Kill ends the process with SIGKILL, wherever it is.
func (p *Process) Kill() error { return unix.Kill(p.PID, unix.SIGKILL) }

// Wait waits for the end of the process and says how it ended.
func (p *Process) Wait() (unix.WaitStatus, error) {
	<-p.ended
	return p.status, p.err
}

// next waits for something to happen to a thread of the process.
func (p *Process) next() (thread int, status unix.WaitStatus, err error) {
	for {
		thread, err = unix.Wait4(-p.PID, &status, unix.WALL, nil)
		if err != unix.EINTR {
			return thread, status, err
		}
	}
}

// sysgood is what PTRACE_O_TRACESYSGOOD adds to the SIGTRAP of a system call.
const sysgood = 0x80

// trace lets the process run from call to call until it has ended.
func (p *Process) trace(watch Watch) error {
	calls := map[int]*Call{} // by thread: the call it is in
	known := map[int]bool{p.PID: true}
	if err := resume(p.PID, 0); err != nil {
		return err
	}
	for {
		thread, status, err := p.next()
		if err != nil {
			return err
		}
		if !status.Stopped() {
			if thread == p.PID {
				p.status = status
				return nil
			}
			continue
		}
		signal := int(status.StopSignal())
		switch {
		case signal == int(unix.SIGTRAP)|sysgood:
			if err := p.call(thread, calls, watch); err != nil {
				return errors.Join(err, p.Kill())
			}
			signal = 0
		case signal == int(unix.SIGTRAP), signal == int(unix.SIGSTOP) && !known[thread]:
			signal = 0 // a new thread's beginning
		}
		known[thread] = true
		if err := resume(thread, signal); err != nil {
			return err
		}
	}
}

// resume lets a thread run to its next call. That it is gone meanwhile, by SIGKILL, is no error.
func resume(thread, signal int) error {
	if err := unix.PtraceSyscall(thread, signal); err != nil && err != unix.ESRCH {
		return err
	}
	return nil
}

// info is struct ptrace_syscall_info.
type info struct {
	op   uint8
	_    [3]uint8
	_    uint32 // architecture
	_, _ uint64 // instruction and stack pointer
	data [8]uint64
}

// The kinds of info.
const (
	opEntry = 1
	opExit  = 2
)

// call tells watch about the call at which a thread stopped, and does what it says.
func (p *Process) call(thread int, calls map[int]*Call, watch Watch) error {
	var in info
	const request = 0x420e // PTRACE_GET_SYSCALL_INFO
	if _, _, e := unix.Syscall6(unix.SYS_PTRACE, request, uintptr(thread), unsafe.Sizeof(in), uintptr(unsafe.Pointer(&in)), 0, 0); e != 0 {
		if e == unix.ESRCH {
			return nil
		}
		return fmt.Errorf("%w: %w", ErrRefused, e)
	}
	c := calls[thread]
	switch {
	case in.op == opEntry:
		c = &Call{PID: p.PID, Number: int(in.data[0]), thread: thread}
		copy(c.Args[:], in.data[1:])
		calls[thread] = c
	case in.op == opExit && c != nil: // nil: it was in this call when tracing began
		delete(calls, thread)
		c.Done, c.Result = true, int64(in.data[0])
		if c.failed != 0 {
			if err := setResult(thread, c.failed); err != nil {
				return err
			}
			c.Result = -int64(c.failed)
		}
	default:
		return nil
	}
	verdict := watch(c)
	switch {
	case verdict == Kill:
		return p.Kill()
	case verdict > 0 && !c.Done:
		c.failed = syscall.Errno(verdict)
		return suppress(thread)
	}
	return nil
}

// Bytes reads n bytes of the process at an address.
func (c *Call) Bytes(at uint64, n int) ([]byte, error) {
	b := make([]byte, n)
	for done := 0; done < n; {
		local := []unix.Iovec{{Base: &b[done]}}
		local[0].SetLen(n - done)
		more, err := unix.ProcessVMReadv(c.thread, local, []unix.RemoteIovec{{Base: uintptr(at) + uintptr(done), Len: n - done}}, 0)
		if err != nil {
			return nil, fmt.Errorf("systrace: read: %w", err)
		}
		if more == 0 {
			return nil, errors.New("systrace: read: nothing there")
		}
		done += more
	}
	return b, nil
}

// maxText is the length of a path.
const maxText = 4096

// Text reads a text that ends with a zero byte.
func (c *Call) Text(at uint64) (string, error) {
	var text []byte
	for len(text) < maxText {
		b, err := c.Bytes(at+uint64(len(text)), 1+int(^(at+uint64(len(text)))&63)) // never over the edge of a page
		if err != nil {
			return "", err
		}
		for i, x := range b {
			if x == 0 {
				return string(append(text, b[:i]...)), nil
			}
		}
		text = append(text, b...)
	}
	return "", errors.New("systrace: a text without an end")
}
