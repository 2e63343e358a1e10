//go:build amd64 || arm64

package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"motcua/kiosk/desk"
	"motcua/kiosk/store/internal/powercut"
)

// This file takes the power away from a kiosk and a desk that work on one directory. They run once for each scene, for real, under ptrace; then
// the disk is looked at as it may have been at many moments of it (package powercut). For more of them
//
//	MOTCUA_SOAK=1 go test -run TestPowerCut -v ./kiosk/store
const (
	cuts     = 500 // over all scenes
	longCuts = 5000
	raceCuts = 25 // with -short, as under the race detector, which sees little of processes that only share files
)

// carriedOver is the scene in which SQLite carries its log over into the database while both work.
const carriedOver = "the log is carried over"

// scene is something that an office does.
type scene struct {
	name string
	play func(*tracedOffice)
}

var scenes = []scene{
	{"first start", func(o *tracedOffice) { firstStart(o) }},
	{"a busy hour", func(o *tracedOffice) { firstStart(o); busyHour(o, "", 14) }},
	{carriedOver, func(o *tracedOffice) { firstStart(o); busyHour(o, "large", 7) }},
	{"closed and opened", closedAndOpened},
	{"killed, and then", killed},
}

// firstStart opens an empty directory from both sides at once and adds the officer; false if a station ended meanwhile.
func firstStart(o *tracedOffice) bool {
	var k, d bool
	both(
		func() { _, k = o.tell(kiosk, "open", "", "") },
		func() { _, d = o.tell(counter, "open", "", "") },
	)
	if !k || !d {
		return false
	}
	if _, ok := o.tell(counter, "officer", "", ""); !ok {
		return false
	}
	ref, ok := o.tell(kiosk, "file", "first", "")
	if ok {
		_, ok = o.tell(kiosk, "print", ref, "")
	}
	if ok {
		_, ok = o.tell(counter, "decide", ref, string(desk.Receive))
	}
	return ok
}

func both(a, b func()) {
	var work sync.WaitGroup
	work.Go(a)
	work.Go(b)
	work.Wait()
}

// busyHour is a kiosk that files and a desk that decides at the same time.
func busyHour(o *tracedOffice, key string, filings int) {
	filed, asked := make(chan string, filings), make(chan string, filings)
	both(func() {
		defer close(filed)
		for i := range filings {
			if !o.atTheKiosk(key+strconv.Itoa(i), filed, asked) {
				return
			}
		}
	}, func() {
		for i := 0; ; i++ {
			ref, more := <-filed
			if !more {
				return
			}
			if o.atTheDesk(ref, i) && i%3 == 1 {
				asked <- ref
			}
		}
	})
}

// atTheKiosk files and prints, and says of what was asked for that it is there; false if the kiosk ended meanwhile.
func (o *office) atTheKiosk(key string, filed chan<- string, asked <-chan string) (ok bool) {
	ref, ok := o.tell(kiosk, "file", key, "")
	if !ok {
		return false
	}
	filed <- ref
	if _, ok = o.tell(kiosk, "print", ref, ""); !ok {
		return false
	}
	select {
	case back := <-asked:
		_, ok = o.tell(kiosk, "brought", back, "")
	default:
	}
	return ok
}

// atTheDesk decides on one filing, in one of three ways; false if the desk ended meanwhile.
func (o *office) atTheDesk(ref string, way int) bool {
	steps := [][][2]string{
		{{"hold"}, {"decide", "receive"}, {"undo", "1"}, {"decide", "receive"}, {"form", "2"}, {"decide", "finish"}, {"release"}},
		{{"hold"}, {"picture"}, {"decide", "receive"}, {"decide", "ask"}, {"release"}},
		{{"hold"}, {"decide", "refuse"}, {"undo", "1"}, {"decide", "withdraw"}, {"release"}},
	}
	for _, step := range steps[way%len(steps)] {
		if _, ok := o.tell(counter, step[0], ref, step[1]); !ok {
			return false
		}
	}
	return true
}

// closedAndOpened: who closes last carries the log over and removes it.
func closedAndOpened(o *tracedOffice) {
	firstStart(o)
	for i := range 4 {
		busyHour(o, fmt.Sprint("round", i, "-"), 2)
		if i%2 == 0 {
			o.tell(kiosk, "close", "", "")
			o.tell(counter, "close", "", "")
		} else {
			both(
				func() { o.tell(counter, "close", "", "") },
				func() { o.tell(kiosk, "close", "", "") },
			)
		}
		both(
			func() { o.tell(kiosk, "open", "", "") },
			func() { o.tell(counter, "open", "", "") },
		)
	}
}

// killed: the kiosk is killed in the middle of filing, and once more, and the desk in the middle of deciding; then the power goes.
func killed(o *tracedOffice) {
	firstStart(o)
	for i, victim := range []string{kiosk, kiosk, counter, kiosk, counter} {
		both(
			func() { busyHour(o, fmt.Sprint("before", i, "-"), 3) },
			func() {
				time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
				o.doomed[victim].Store(true)
			},
		)
		if err := o.restart(victim); err != nil {
			o.t.Fatal(err)
		}
	}
	busyHour(o, "after-", 2)
}

// record plays a scene under a Recorder.
func record(t *testing.T, sc scene, env ...string) (*powercut.Recording, []order) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	recorder, err := powercut.NewRecorder(dir)
	if err != nil {
		t.Fatal(err)
	}
	o := newTraced(t, dir, recorder.Watch)
	o.env = env
	skipUntraced(t, errors.Join(o.connect(kiosk), o.connect(counter)))
	sc.play(o)
	o.hangUp()
	for _, p := range o.processes {
		if status, err := p.Wait(); err != nil || !status.Exited() || status.ExitStatus() != 0 {
			t.Fatalf("a process ended with %v, %v", status, err)
		}
	}
	recording, err := recorder.Recording()
	if err != nil {
		t.Fatal(err)
	}
	if t.Failed() {
		t.FailNow()
	}
	return recording, o.orders
}

// moment chooses when the power goes: half of the time right after an answer, when there is most to lose.
func moment(r *powercut.Recording, chance *rand.Rand) int {
	if chance.IntN(2) == 0 {
		return r.Marks[chance.IntN(len(r.Marks))].At + 1 + chance.IntN(3)
	}
	return chance.IntN(r.End + 1)
}

// memory is where looking at a disk costs no fsync, if there is such a place.
func memory() string {
	const dir = "/dev/shm"
	if unix.Access(dir, unix.W_OK) != nil {
		return ""
	}
	return dir
}

// cutAndCheck takes the power away once and looks at what is left.
func cutAndCheck(t *testing.T, r *powercut.Recording, orders []order, chance *rand.Rand, o powercut.Options) (*powercut.Cut, error) {
	dir, err := os.MkdirTemp(memory(), "motcua-cut-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	cut := r.Cut(moment(r, chance), chance, o)
	data := filepath.Join(dir, "data")
	if err := cut.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := sameInode(data, cut); err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, line := range r.Said(cut.At) {
		id, answer, _ := strings.Cut(line, " ")
		if answer == began {
			id += began
		}
		said[id] = true
	}
	then := make([]order, len(orders))
	for i, x := range orders {
		x.begun, x.answered = said[x.id+began], x.answered && said[x.id]
		then[i] = x
	}
	return cut, check(t.Context(), data, then)
}

var inodeOf = regexp.MustCompile(`"inode":\{"number":(\d+),"born":\d+\}`)

// sameInode makes the file numbers the inode that it says it is, if it was: on a real disk it would still be.
func sameInode(dir string, cut *powercut.Cut) error {
	path := filepath.Join(dir, "numbers")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	found := inodeOf.FindSubmatch(text)
	if err != nil || found == nil || string(found[1]) != strconv.FormatUint(cut.Inode("numbers"), 10) {
		return err
	}
	var st unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, path, 0, unix.STATX_INO|unix.STATX_BTIME, &st); err != nil {
		return err
	}
	is := fmt.Sprintf(`"inode":{"number":%d,"born":%d}`, st.Ino, st.Btime.Sec*1e9+int64(st.Btime.Nsec))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(inodeOf.ReplaceAll(text, []byte(is)))
	return errors.Join(err, f.Close())
}

// howManyCuts is as many as there is time for.
func howManyCuts() int {
	switch {
	case os.Getenv(soak) != "":
		return longCuts
	case testing.Short():
		return raceCuts
	}
	return cuts
}

func TestPowerCut(t *testing.T) {
	each := howManyCuts() / len(scenes)
	for _, sc := range scenes {
		t.Run(sc.name, func(t *testing.T) {
			began := time.Now()
			recording, orders := record(t, sc)
			recorded := time.Since(began)
			if n := recording.Writes()["motcua.db"]; sc.name == carriedOver && n < 500 {
				t.Errorf("the log was carried over with %d writes only: file more", n)
			}
			seed := uint64(time.Now().UnixNano())
			each := inParallel(t, each, func(i int) error {
				cut, err := cutAndCheck(t, recording, orders, rand.New(rand.NewPCG(seed, uint64(i))), powercut.Options{})
				if err != nil {
					return fmt.Errorf("%v: %w", cut, err)
				}
				return nil
			})
			t.Logf("recorded writes %v, %d syncs and %d answers in %.1f s; the power went %d times in %.1f s",
				recording.Writes(), recording.Syncs(), len(recording.Marks), recorded.Seconds(), each, (time.Since(began) - recorded).Seconds())
		})
	}
}

// workers is how many disks are looked at at once.
const workers = 4

// inParallel does n things and reports those that fail, but not more than a few.
func inParallel(t *testing.T, n int, do func(i int) error) int {
	t.Helper()
	var next, bad atomic.Int64
	var work sync.WaitGroup
	for range workers {
		work.Go(func() {
			for i := int(next.Add(1)); i <= n && bad.Load() < 5; i = int(next.Add(1)) {
				if err := do(i); err != nil {
					bad.Add(1)
					t.Errorf("%d: %v", i, err)
				}
			}
		})
	}
	work.Wait()
	return n
}

// The same with a database that does not ask the disk to write, and with disks that say they have written one thing and have not: something is
// lost each time, and check says so. A test that could not fail would say nothing; and each fsync is there for a reason.
func TestPowerCutWouldShow(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole run does it")
	}
	busy, over := scenes[1], scenes[2]
	for _, c := range []struct {
		name  string
		scene scene
		env   []string
		lies  []string
		wants error // at least once; nil: any error
	}{
		{"database that does not sync", busy, []string{asleep + "=1"}, nil, errLost},
		{"log", busy, nil, []string{"motcua.db-wal"}, errLost},
		{"database", over, nil, []string{"motcua.db"}, nil},
		{"numbers", busy, nil, []string{"numbers.tmp"}, errRestored},
		{"directory", busy, nil, []string{powercut.Directory}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			recording, orders := record(t, c.scene, c.env...)
			found, all := 0, 0
			const disks = 40
			for i := range disks {
				_, err := cutAndCheck(t, recording, orders, rand.New(rand.NewPCG(7, uint64(i))), powercut.Options{Lies: c.lies})
				if err == nil {
					continue
				}
				all++
				if errors.Is(err, c.wants) || c.wants == nil {
					if found++; found == 1 {
						t.Log(err)
					}
				}
			}
			t.Logf("%d syncs; something was wrong with %d of %d disks, with %d as expected", recording.Syncs(), all, disks, found)
			if found == 0 {
				t.Errorf("nothing was noticed: %v", c.wants)
			}
		})
	}
}
