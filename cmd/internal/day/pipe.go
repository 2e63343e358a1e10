package day

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"reflect"
	"sync"
	"time"
)

// request is one thing that a part is told to do.
type request struct {
	N    int             `json:"n"`
	Do   string          `json:"do"` // the name of an intent, or one of those below
	With json.RawMessage `json:"with,omitempty"`
}

// What a part does besides intents.
const (
	doLay     = "lay"     // a card, of a cardsim.Persona
	doLift    = "lift"    // it
	doAccount = "account" // for the day so far
)

// reply is what came of a request, or news of the screen if N is 0.
type reply struct {
	N     int             `json:"n,omitempty"`
	Err   string          `json:"err,omitempty"`
	View  json.RawMessage `json:"view,omitempty"`
	Took  time.Duration   `json:"took,omitempty"`
	Books *Books          `json:"books,omitempty"`
}

// Books are what a part has counted.
type Books struct {
	Took   map[string][]time.Duration `json:"took"`   // of what it did with the store
	Warned map[string]int             `json:"warned"` // messages of its log, from warnings on
	Memory Memory                     `json:"memory"`
}

// Memory is what a process takes, in kB.
type Memory struct {
	Resident int64 `json:"resident_kb"`
	Peak     int64 `json:"peak_kb"`
	Heap     int64 `json:"heap_kb"` // in use, once what is not needed was cleared away
}

// kinds are the intents of a screen, by name.
type kinds[T any] map[string]reflect.Type

func kindsOf[T any](list ...T) kinds[T] {
	k := kinds[T]{}
	for _, i := range list {
		t := reflect.TypeOf(i)
		k[t.Name()] = t
	}
	return k
}

// decode makes an intent of what came through the pipe.
func (k kinds[T]) decode(r request) (T, error) {
	var none T
	t, ok := k[r.Do]
	if !ok {
		return none, fmt.Errorf("there is no %q", r.Do)
	}
	v := reflect.New(t)
	if len(r.With) > 0 {
		if err := json.Unmarshal(r.With, v.Interface()); err != nil {
			return none, err
		}
	}
	return v.Elem().Interface().(T), nil
}

// wire is a part's end of the pipe.
type wire struct {
	mu  sync.Mutex
	out io.Writer
}

func (w *wire) send(r reply) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err = w.out.Write(append(text, '\n'))
	return err
}

// maxLine bounds a line of the pipe.
const maxLine = 4 << 20

// listen reads requests and answers each, until the pipe is shut.
func (w *wire) listen(in io.Reader, do func(request) reply) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return err
		}
		answer := do(r)
		answer.N = r.N
		if err := w.send(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

// part is a process at this end of the pipe.
type part struct {
	name string
	cmd  *exec.Cmd
	in   io.WriteCloser

	mu      sync.Mutex
	last    int
	waiting map[int]chan reply
	view    json.RawMessage
	changed chan struct{} // closed with each new view
	ended   chan struct{}
	err     error
}

// errGone: the process ended.
var errGone = errors.New("the process has ended")

// start starts a part.
func start(name string, cmd *exec.Cmd) (*part, error) {
	p := &part{name: name, cmd: cmd, waiting: map[int]chan reply{}, changed: make(chan struct{}), ended: make(chan struct{})}
	var err error
	if p.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.read(out)
		p.err = cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// read hands on what the part says.
func (p *part) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var r reply
		if json.Unmarshal(lines.Bytes(), &r) != nil {
			continue // a line that a library wrote
		}
		p.mu.Lock()
		if r.View != nil {
			p.view = r.View
			close(p.changed)
			p.changed = make(chan struct{})
		}
		waits := p.waiting[r.N]
		delete(p.waiting, r.N)
		p.mu.Unlock()
		if waits != nil {
			waits <- r
		}
	}
}

// call has the part do something, to its end.
func (p *part) call(ctx context.Context, do string, with any) (reply, error) {
	r := request{Do: do}
	if with != nil {
		var err error
		if r.With, err = json.Marshal(with); err != nil {
			return reply{}, err
		}
	}
	answer := make(chan reply, 1)
	p.mu.Lock()
	p.last++
	r.N = p.last
	p.waiting[r.N] = answer
	p.mu.Unlock()
	text, err := json.Marshal(r)
	if err != nil {
		return reply{}, err
	}
	if _, err := p.in.Write(append(text, '\n')); err != nil {
		return reply{}, err
	}
	select {
	case a := <-answer:
		if a.Err != "" {
			return a, fmt.Errorf("%s: %s", do, a.Err)
		}
		return a, nil
	case <-p.ended:
		return reply{}, errGone
	case <-ctx.Done():
		return reply{}, ctx.Err()
	}
}

// now is the last view, and a channel that is closed when another one comes.
func (p *part) now() (json.RawMessage, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.view, p.changed
}

// endTime is how long a part may take to end.
const endTime = 30 * time.Second

// close ends the part as its window's end would.
func (p *part) close() error {
	if err := p.in.Close(); err != nil {
		return err
	}
	select {
	case <-p.ended:
		return p.err
	case <-time.After(endTime):
		return errors.Join(fmt.Errorf("%s does not end", p.name), p.cmd.Process.Kill())
	}
}
