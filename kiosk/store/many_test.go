package store_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// manyFilings is what a commune of this station has after years.
const manyFilings = 200_000

// The directory that is opened in another process, so that its memory can be told from what making it took; and what it does there.
const (
	manyDir = "MOTCUA_TEST_MANY_DIR"
	manyDo  = "MOTCUA_TEST_MANY_DO"
)

// TestManyChild is the other process of BenchmarkMany: it writes how long it took, in milliseconds, and the most memory it had, in MB.
func TestManyChild(t *testing.T) {
	dir := os.Getenv(manyDir)
	if dir == "" {
		t.Skip("run by BenchmarkMany")
	}
	began := time.Now()
	s, err := store.Open(dir, store.Options{Station: "K1", Commune: "05200", Recipients: storetest.Recipients()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	opened := time.Since(began)
	backups := filepath.Join(filepath.Dir(dir), "backups")
	switch os.Getenv(manyDo) {
	case "verify":
		_, err = s.VerifyJournal(t.Context())
	case "check":
		_, err = s.Check(t.Context(), backups)
	case "backup":
		_, err = s.Backup(t.Context(), backups, store.DefaultKeep)
	}
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("many %d %d %d\n", opened.Milliseconds(), time.Since(began).Milliseconds(), peak(t))
}

// peak is the most memory that this process has had, in MB.
func peak(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kB, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kB / 1024
}

// BenchmarkMany measures 200,000 filings: opening, verifying the journal, a backup, a check. Contents are of 1 kB, or MOTCUA_BENCH_CONTENT bytes.
func BenchmarkMany(b *testing.B) {
	size := 1024
	if text := os.Getenv("MOTCUA_BENCH_CONTENT"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	dir := filepath.Join(b.TempDir(), "data")
	storetest.Fill(b, dir, manyFilings, size)
	info, err := os.Stat(filepath.Join(dir, "motcua.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d filings, %d MB", manyFilings, info.Size()>>20)
	for _, do := range []string{"open", "verify", "backup", "check"} {
		b.Run(do, func(b *testing.B) {
			var opened, all, most int
			for b.Loop() {
				cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestManyChild$", "-test.v")
				cmd.Env = append(os.Environ(), manyDir+"="+dir, manyDo+"="+do)
				out, err := cmd.CombinedOutput()
				if err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
				_, line, _ := strings.Cut(string(out), "many ")
				if _, err := fmt.Sscan(line, &opened, &all, &most); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
			b.ReportMetric(float64(opened), "ms/open")
			b.ReportMetric(float64(all), "ms/all")
			b.ReportMetric(float64(most), "MB")
		})
	}
}

// What Fill makes is a directory like one that was worked in.
func TestFill(t *testing.T) {
	dir, clock := newDir(t), storetest.NewClock()
	storetest.Fill(t, dir, 1000, 100)
	s := open(t, dir, clock)
	if v, err := s.VerifyJournal(t.Context()); err != nil || v.Filings != 1000 {
		t.Errorf("%+v, %v", v, err)
	}
	gives(t, s, "next", "K1-2311-001")
	to := filepath.Join(t.TempDir(), "backups")
	backup(t, s, to)
	clock.AddDays(1)
	if b := backup(t, s, to); !b.Compared {
		t.Error("not compared")
	}
}
