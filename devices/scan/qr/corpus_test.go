package qr

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// corpusPython is Debian's, which sees Debian's OpenCV.
const corpusPython = "/usr/bin/python3"

// TestCorpus reads synthetic frames of cards that the shared folder's generator makes, grades g1 (easy) to g5 (very
// hard), and frames without a code. It makes few, to be quick; to measure, set MOTCUA_QR_FRAMES (600 is the usual
// number) and MOTCUA_QR_SEED, and read the log.
func TestCorpus(t *testing.T) {
	gen := filepath.Join("..", "..", "..", "..", "shared", "qr", "gen_cards.py")
	if _, err := os.Stat(gen); err != nil {
		t.Skip("the shared folder with the generator of frames is not here")
	}
	frames, seed := number("MOTCUA_QR_FRAMES", 15), number("MOTCUA_QR_SEED", 20261123)
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), corpusPython, gen, dir, "--n", strconv.Itoa(frames), "--sweep", "0",
		"--neg", strconv.Itoa(frames/5), "--seq", "0", "--seed", strconv.Itoa(seed))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("the generator of frames does not run here (python3-opencv, python3-numpy, libqrencode4): %v %.300s", err, out)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	read, all, took := corpus(t, strings.Split(strings.TrimSpace(string(manifest)), "\n"))
	for _, g := range []string{"g1", "g2", "g3", "g4", "g5"} {
		t.Logf("%s: %d of %d", g, read[g], all[g])
	}
	slices.Sort(took)
	t.Logf("median %v, 95th percentile %v", took[len(took)/2], took[len(took)*95/100])
	for g, least := range map[string]float64{"g1": 1, "g2": 0.95, "g3": 0.9, "g4": 0.6} {
		if float64(read[g]) < least*float64(all[g]) {
			t.Errorf("%s: %d of %d read; at least %.0f %% are expected", g, read[g], all[g], 100*least)
		}
	}
}

// corpus decodes the manifest's frames: how many of each class were read, how many there are, and the times of those
// with a code. A wrong text fails the test, whatever the rate.
func corpus(t *testing.T, lines []string) (read, all map[string]int, took []time.Duration) {
	read, all = map[string]int{}, map[string]int{}
	d := Decoder{Budget: time.Duration(number("MOTCUA_QR_BUDGET_MS", 2000)) * time.Millisecond}
	for _, line := range lines {
		var corpus, id, pgm, truthFile, class string
		if _, err := fmt.Sscan(line, &corpus, &id, &pgm, &truthFile, &class); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		truth, err := os.ReadFile(truthFile)
		if err != nil {
			t.Fatal(err)
		}
		l, err := OpenFile(pgm)
		if err != nil {
			t.Fatal(err)
		}
		d.next = 0 // each frame for itself
		r, err := d.Decode(context.Background(), l)
		if err == nil && r.Text != string(truth) {
			t.Errorf("%s: wrong text", id)
		}
		all[class]++
		if err == nil {
			read[class]++
		}
		if class != "neg" {
			took = append(took, r.Took)
		}
	}
	return read, all, took
}

// number is an environment variable's, or the usual one.
func number(name string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return usual
}
