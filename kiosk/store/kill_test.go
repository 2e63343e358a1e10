package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// This file kills a process that files under load, at random moments, and looks at what is left. The process is this
// test binary again, told by childDir to be one. By default it dies shortRun times; all of issue 2's longRun with
//
//	MOTCUA_SOAK=1 go test -run TestKill -v ./kiosk/store
const (
	childDir = "MOTCUA_TEST_KILL_DIR"
	soak     = "MOTCUA_SOAK"

	shortRun  = 25
	longRun   = 200
	mostLives = 20 // times as many, until something was printed

	filers      = 4                     // goroutines of the child that file at once
	longestLife = 60 * time.Millisecond // of load
	eachDir     = 20                    // lives in one directory, before the next one begins empty
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		fmt.Fprintln(os.Stderr, child(dir))
		os.Exit(1)
	}
	if name := os.Getenv(atStation); name != "" {
		if err := work(name, os.Getenv(atDir), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// slips is what the printer of the child printed: one line for each reference, written when File has returned.
const slips = "slips"

// child files until it is killed. It says "ready" when the store is open.
func child(dir string) error {
	s, err := store.Open(filepath.Join(dir, "data"), store.Options{Station: "K1", Commune: "05200", Recipients: storetest.Recipients()})
	if err != nil {
		return err
	}
	paper, err := os.OpenFile(filepath.Join(dir, slips), os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_SYNC, 0o600)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	failed := make(chan error)
	for g := range filers {
		go func() { // ends with the process
			for i := 0; ; i++ {
				failed <- fileAndPrint(s, paper, fmt.Sprintf("%d-%d-%d", os.Getpid(), g, i))
			}
		}()
	}
	for err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// fileAndPrint is what a kiosk does: the slip comes after the commit.
func fileAndPrint(s *store.Store, paper *os.File, key string) error {
	f, err := s.File(context.Background(), storetest.Draft(key))
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(paper, "%s %s\n", f.Reference, key); err != nil {
		return err
	}
	return s.Printed(context.Background(), f.Reference, store.OutcomePrinted)
}

// start starts a child on dir; ready tells when it has opened the store.
func start(t *testing.T, dir string) (cmd *exec.Cmd, ready <-chan bool) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	opened := make(chan bool, 1)
	go func() { // ends with the child, whose end of the pipe closes
		opened <- bufio.NewScanner(out).Scan()
	}()
	return cmd, opened
}

// kill ends a child with SIGKILL; it is an error if it had ended by itself.
func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the child ended by itself: %v", cmd.ProcessState)
	}
}

func TestKill(t *testing.T) {
	lives := shortRun
	if os.Getenv(soak) != "" {
		lives = longRun
	}
	began := time.Now()
	printed, unprinted, young := 0, 0, 0
	// On a machine that is busy most lives end before the first slip: then it takes more of them.
	done := 0
	for done < lives || printed == 0 && done < mostLives*lives {
		dir := t.TempDir()
		for range min(eachDir, max(1, lives-done)) {
			if !oneLife(t, dir) {
				young++
			}
			done++
		}
		p, f := lookAtWhatIsLeft(t, dir)
		rebuildWhatIsLeft(t, dir, f)
		printed += p
		unprinted += f - p
	}
	t.Logf("killed %d times (%d of them while opening) in %.1f s: %d slips, every one with its filing, and %d filings without a slip",
		done, young, time.Since(began).Seconds(), printed, unprinted)
	if printed == 0 {
		t.Error("nothing was ever printed")
	}
}

// oneLife starts a child, kills it at a random moment, and looks at what is left. One child in five is killed before it
// is known to have opened the store; loaded reports whether it had.
func oneLife(t *testing.T, dir string) (loaded bool) {
	t.Helper()
	cmd, ready := start(t, dir)
	life := time.Duration(rand.Int64N(int64(longestLife)))
	if rand.IntN(5) == 0 {
		time.Sleep(life)
	} else {
		if !<-ready {
			cmd.Wait()
			t.Fatal("the child could not open the store")
		}
		loaded = true
		if rand.IntN(2) == 0 { // on a busy machine a life is too short for anything
			awaitSlip(t, dir, len(printedLines(t, dir)))
		}
		time.Sleep(life)
	}
	kill(t, cmd)
	lookAtWhatIsLeft(t, dir)
	return loaded
}

// awaitSlip waits until more than so many slips were printed.
func awaitSlip(t *testing.T, dir string, slips int) {
	t.Helper()
	for len(printedLines(t, dir)) <= slips {
		if t.Context().Err() != nil {
			t.Fatal(t.Context().Err())
		}
		time.Sleep(time.Millisecond)
	}
}

// lookAtWhatIsLeft opens the store as the next start of the kiosk would, and compares it with what was printed.
func lookAtWhatIsLeft(t *testing.T, dir string) (printed, filed int) {
	t.Helper()
	s, err := store.Open(filepath.Join(dir, "data"), store.Options{Station: "K1", Commune: "05200", Recipients: storetest.Recipients()}) // checks the pages too
	if err != nil {
		t.Fatalf("reopening: %v", err)
	}
	defer s.Close()
	v, err := s.VerifyJournal(t.Context())
	if err != nil {
		t.Fatalf("journal: %v", err)
	}
	list, err := s.List(t.Context(), store.Filter{})
	if err != nil || len(list) != v.Filings {
		t.Fatalf("%d filings, %d in the journal, %v", len(list), v.Filings, err)
	}
	there := map[string]int{}
	for _, f := range list {
		there[f.Reference.String()]++
	}
	for _, line := range printedLines(t, dir) {
		ref, key, _ := strings.Cut(line, " ")
		if there[ref] != 1 {
			t.Fatalf("a slip was printed for %s, and it is there %d times", ref, there[ref])
		}
		there[ref] = -1 // printed twice would be a number issued twice
		printed++
		if printed%50 == 1 {
			if f, err := s.Get(t.Context(), ref); err != nil || f.Key != key {
				t.Fatalf("%s belongs to %s, not to %s (%v)", ref, f.Key, key, err)
			}
		}
	}
	if entries := lastOf(t, s, store.Restored); entries != nil {
		t.Fatal("a kill was taken for a restore")
	}
	return printed, len(list)
}

// rebuildWhatIsLeft makes the database again from the redo log alone: everything is in it, and at most the one transaction that was under
// way when the process died is there besides.
func rebuildWhatIsLeft(t *testing.T, dir string, filed int) {
	t.Helper()
	r, err := store.Rebuild(t.Context(), filepath.Join(dir, "data"), "", store.Options{Station: "CTL", Commune: "05200"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Lacking != "" || r.Verdict.Filings != filed && r.Verdict.Filings != filed+1 {
		t.Fatalf("%d filings in the log, %d in the database; %q", r.Verdict.Filings, filed, r.Lacking)
	}
	for _, line := range printedLines(t, dir) {
		ref, key, _ := strings.Cut(line, " ")
		if f, err := r.Get(t.Context(), ref); err != nil || f.Key != key {
			t.Fatalf("a slip was printed for %s, and it is not in the log (%v)", ref, err)
		}
	}
}

// printedLines are the whole lines of the slips; a kill can cut the last one.
func printedLines(t *testing.T, dir string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, slips))
	if err != nil {
		if os.IsNotExist(err) {
			return nil
		}
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	return lines[:len(lines)-1]
}

func TestSecondProcess(t *testing.T) {
	dir := t.TempDir()
	cmd, ready := start(t, dir)
	if !<-ready {
		t.Fatal("the child could not open the store")
	}
	opts := store.Options{Station: "K1", Commune: "05200", Recipients: storetest.Recipients()}
	_, err := store.Open(filepath.Join(dir, "data"), opts)
	if fault.CodeOf(err) != fault.StoreLocked || !strings.Contains(err.Error(), strconv.Itoa(cmd.Process.Pid)) {
		t.Errorf("%v does not name process %d", err, cmd.Process.Pid)
	}
	readBeside(t, filepath.Join(dir, "data"))
	kill(t, cmd)
	s, err := store.Open(filepath.Join(dir, "data"), opts)
	if err != nil {
		t.Fatalf("after its end: %v", err)
	}
	s.Close()
}

// readBeside reads while another process files, as motcuactl does, until it has seen some of it.
func readBeside(t *testing.T, dir string) {
	t.Helper()
	r, err := store.OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	seen := 0
	for deadline := time.Now().Add(5 * time.Second); seen < 30; {
		if time.Now().After(deadline) {
			t.Fatalf("only %d filings meanwhile", seen)
		}
		list, err := r.List(t.Context(), store.Filter{})
		if err != nil || len(list) < seen {
			t.Fatalf("%d filings after %d, %v", len(list), seen, err)
		}
		seen = len(list)
		v, err := r.VerifyJournal(t.Context())
		if err != nil || v.Filings < seen {
			t.Fatalf("%+v, %v", v, err)
		}
	}
}
