package vncard_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"motcua/devices/card"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/vncard"
)

// spacing of the faults of one chip.py: each reading is led up to its fault with commands that do nothing, so that one
// process serves every kind and index. A reading takes fewer commands than this.
const spacing = 70

// plainPhase is how many commands a reading with PACE sends in the clear.
const plainPhase = 6

// faulty is one chip that has a fault every spacing commands.
type faulty struct {
	chip *cardtest.Chip
	sent int
	next int // index of the next fault

	proof int // index in a reading of the command that proves the chip
}

// strike is one fault to be tried.
type strike struct {
	kind  string
	index int // of the command in its reading, from 1
}

func startFaulty(t *testing.T, profile string, strikes []strike, options ...string) *faulty {
	t.Helper()
	options = append(options, "--reinsert-ms", "1", "--fault")
	for i, s := range strikes {
		options = append(options, fmt.Sprintf("%s@%d", s.kind, (i+1)*spacing))
	}
	return &faulty{chip: cardtest.StartChip(t, profile, options...), next: spacing}
}

func (f *faulty) ATR() []byte  { return f.chip.ATR() }
func (f *faulty) Close() error { return nil }

func (f *faulty) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	f.sent++
	return f.chip.Transmit(ctx, command)
}

// approach makes the index-th command from now the faulty one.
func (f *faulty) approach(t *testing.T, ctx context.Context, index int) {
	t.Helper()
	for f.sent < f.next-index {
		if _, err := f.Transmit(ctx, []byte{0, 0xFE, 0, 0}); err != nil {
			t.Fatal(err)
		}
	}
	f.next += spacing
	if err := f.chip.Reset(ctx); err != nil {
		t.Fatal(err)
	}
}

// expectedFaults are what a fault kind may end in after secure messaging began. nil: the reading may succeed.
func expectedFaults(kind string) []error {
	switch kind {
	case "tear":
		return []error{card.ErrRemoved}
	case "huge-file":
		return []error{nil}
	case "sw-6700":
		return []error{nil, vncard.ErrSecureMessaging}
	}
	return []error{vncard.ErrSecureMessaging}
}

// plainFaults are what any fault may end in before: nobody protects that phase.
func plainFaults(kind string) []error {
	if kind == "tear" {
		return []error{card.ErrRemoved}
	}
	return []error{nil, vncard.ErrAccess, vncard.ErrWrongKey, vncard.ErrSecureMessaging, vncard.ErrKeyMissing}
}

func isOneOf(err error, allowed []error) bool {
	for _, a := range allowed {
		if a == nil && err == nil || a != nil && errors.Is(err, a) {
			return true
		}
	}
	return false
}

// TestFaults: every kind of fault at every index. What is read is right or is not read, the error is the right one,
// nothing goes out after an answer that is not genuine, and nothing in the clear after secure messaging began.
func TestFaults(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	kinds := []string{"flip-mac", "flip-cryptogram", "drop-do8e", "drop-do99", "wrong-sw99", "wrong-sw", "replay", "plain-9000",
		"empty-9000", "sw-6f00", "sw-6700", "truncate", "huge-length", "huge-file", "tear"}
	for _, length := range []string{"short", "extended"} {
		for _, half := range [][]string{kinds[:len(kinds)/2], kinds[len(kinds)/2:]} {
			t.Run(length+" from "+half[0], func(t *testing.T) {
				t.Parallel()
				var strikes []strike
				for _, kind := range half {
					for _, index := range faultIndices(length) {
						strikes = append(strikes, strike{kind, index})
					}
				}
				f := startFaulty(t, smallProfile(t), strikes, "--"+length)
				f.proof = map[string]int{"short": shortProof, "extended": extendedProof}[length]
				for _, s := range strikes {
					oneFault(t, f, smallProfile(t), s.kind, s.index)
				}
			})
		}
	}
}

// smallProfile has a small portrait, so that a reading has few commands and each of them can be struck.
func smallProfile(t testing.TB) string {
	t.Helper()
	jpeg := filepath.Join("testdata", "portrait.jpg")
	return cardtest.Profile(t, "--photo", jpeg)
}

// allFaults is the environment variable that makes TestFaults strike every command of both readings, which takes
// half a minute more.
const allFaults = "MOTCUA_ALL_FAULTS"

// faultIndices are the commands that are struck: those where something new happens, or all.
func faultIndices(length string) []int {
	if os.Getenv(allFaults) == "" {
		if length == "short" {
			return []int{1, 7, 8, 9, shortProof, shortReading}
		}
		return []int{1, 2, 3, 4, 6, 7, 8, 9, 12, 13, extendedProof, 15, extendedReading}
	}
	last := extendedReading
	if length == "short" {
		last = shortReading
	}
	var out []int
	for i := 1; i <= last; i++ {
		out = append(out, i)
	}
	return out
}

// The first command after chip authentication, whose answer proves the chip: what is wrong with it is a clone's.
const (
	shortProof    = 22
	extendedProof = 14
)

// How many commands the small card takes, checked by TestSmallCard.
const (
	shortReading    = 30
	extendedReading = 16
)

func TestSmallCard(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	for length, want := range map[string]int{"--short": shortReading, "--extended": extendedReading} {
		c, err := vncard.Read(deadline(t), cardtest.StartChip(t, smallProfile(t), length), request(t, smallProfile(t)))
		if err != nil || c.Stats.APDUs != want {
			t.Errorf("%s: %v, not %d commands", length, err, want)
		}
	}
}

func oneFault(t *testing.T, f *faulty, profile, kind string, index int) {
	t.Helper()
	ctx := deadline(t)
	f.approach(t, ctx, index)
	record := cardtest.NewRecord(f)
	c, err := vncard.Read(ctx, record, request(t, profile))
	commands := record.Commands()
	cardtest.CheckCommands(t, commands)
	allowed := expectedFaults(kind)
	if index <= plainPhase {
		allowed = plainFaults(kind)
	}
	if index == f.proof && err == nil && kind != "tear" && kind != "huge-file" {
		if len(commands) != index && kind != "sw-6700" || outcome(c, vncard.CheckChip) == vncard.Passed {
			t.Errorf("%s at %d: %d commands went out, %v", kind, index, len(commands), c.Checks)
		}
		return
	}
	if !isOneOf(err, allowed) {
		t.Errorf("%s at %d: %v", kind, index, err)
	}
	if errors.Is(err, vncard.ErrSecureMessaging) && index > plainPhase && kind != "sw-6700" && len(commands) != index {
		t.Errorf("%s at %d: %d commands went out", kind, index, len(commands))
	}
	if err == nil {
		checkFiles(t, c, profile, kind, index)
	}
	if kind == "tear" {
		if err := f.chip.Insert(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// checkFiles: a file that is there is the card's; one that is not is named as damaged.
func checkFiles(t *testing.T, c *vncard.Card, profile, kind string, index int) {
	t.Helper()
	for _, file := range []emrtd.File{emrtd.SOD, emrtd.DG1, emrtd.DG2, emrtd.DG13, emrtd.DG14, emrtd.DG15} {
		want, err := os.ReadFile(filepath.Join(profile, strings.Replace(file.String(), "EF.", "EF_", 1)+".bin"))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Files[file]; got != nil && !bytes.Equal(got, want) {
			t.Errorf("%s at %d: %s is wrong", kind, index, file)
		} else if got == nil && !strings.Contains(fmt.Sprint(c.Damaged), file.String()) {
			t.Errorf("%s at %d: %s is missing without a word", kind, index, file)
		}
	}
	if len(c.Damaged) > 0 && outcome(c, vncard.CheckDataGroups) == vncard.Passed {
		t.Errorf("%s at %d: %v damaged, and the check passed", kind, index, c.Damaged)
	}
}

// TestRemoval: the card leaves after any number of commands, under PACE and BAC, short and extended.
func TestRemoval(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	for name, options := range map[string][]string{"PACE": nil, "PACE, extended": {"--extended"}, "BAC": {"--no-pace"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			profile := smallProfile(t)
			chip := cardtest.StartChip(t, profile, options...)
			ctx := deadline(t)
			for after := 0; ; after++ {
				if err := chip.Reset(ctx); err != nil {
					t.Fatal(err)
				}
				c, err := vncard.Read(ctx, &cardtest.Cut{Transport: chip, After: after}, request(t, profile))
				if err == nil {
					if after < 10 {
						t.Errorf("whole after %d commands", after)
					}
					return
				}
				if !errors.Is(err, card.ErrRemoved) || errors.Is(err, vncard.ErrWrongKey) || c != nil {
					t.Errorf("after %d: %v", after, err)
				}
			}
		})
	}
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	profile := smallProfile(t)
	chip := cardtest.StartChip(t, profile, "--delay-ms", "50")
	ctx, cancel := context.WithCancel(context.Background())
	req := request(t, profile)
	req.Progress = func(vncard.Progress) { cancel() }
	if _, err := vncard.Read(ctx, chip, req); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
