package cardtest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/cardtest"
)

// judge stands for the test that a Playback fails.
type judge struct {
	testing.TB
	complaints []string
	atEnd      []func()
}

func (j *judge) Helper()          {}
func (j *judge) Failed() bool     { return len(j.complaints) > 0 }
func (j *judge) Cleanup(f func()) { j.atEnd = append(j.atEnd, f) }
func (j *judge) Errorf(format string, _ ...any) {
	j.complaints = append(j.complaints, format)
}

func (j *judge) end() string {
	for _, f := range j.atEnd {
		f()
	}
	return strings.Join(j.complaints, "; ")
}

func TestPlaybackIsStrict(t *testing.T) {
	recording := cardtest.Recording{ATR: "3b00", Steps: []cardtest.Step{{Command: "00a40000", Response: "9000"}, {Command: "00b00000", Removed: true}}}
	ctx := context.Background()
	a, b := []byte{0, 0xA4, 0, 0}, []byte{0, 0xB0, 0, 0}
	for name, v := range map[string]struct {
		commands  [][]byte
		complaint string
	}{
		"as recorded":    {[][]byte{a, b}, ""},
		"other order":    {[][]byte{b}, "recorded is"},
		"one missing":    {[][]byte{a}, "not taken"},
		"one too many":   {[][]byte{a, b, a}, "after the last"},
		"nothing at all": {nil, "not taken"},
	} {
		j := &judge{}
		p := cardtest.NewPlayback(j, recording)
		for _, c := range v.commands {
			response, err := p.Transmit(ctx, c)
			if err == nil && string(response) != "\x90\x00" {
				t.Errorf("%s: %X", name, response)
			}
		}
		if got := j.end(); (got == "") != (v.complaint == "") || !strings.Contains(got, v.complaint) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestChip: insertion, reset, the end of a context, removal and return.
func TestChip(t *testing.T) {
	profile := cardtest.Profile(t)
	chip := cardtest.StartChip(t, profile, "--tear-after", "3", "--reinsert-ms", "10", "--delay-ms", "1")
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if atr := chip.ATR(); len(atr) < 4 || atr[0] != 0x3B {
		t.Errorf("ATR %X", atr)
	}
	unknown := []byte{0, 0xFE, 0, 0}
	for i := range 3 {
		if r, err := chip.Transmit(ctx, unknown); err != nil || string(r) != "\x6D\x00" {
			t.Fatalf("command %d: %X, %v", i+1, r, err)
		}
	}
	for range 2 {
		if _, err := chip.Transmit(ctx, unknown); !errors.Is(err, card.ErrRemoved) {
			t.Errorf("after the tear: %v", err)
		}
	}
	if err := chip.Insert(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := chip.Transmit(ctx, unknown); err != nil {
		t.Errorf("after the return: %v", err)
	}
	gone, stop := context.WithCancel(ctx)
	stop()
	if _, err := chip.Transmit(gone, unknown); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := errors.Join(chip.Close(), chip.Close()); err != nil {
		t.Error(err)
	}
	if _, err := chip.Transmit(ctx, unknown); !errors.Is(err, card.ErrRemoved) {
		t.Errorf("after Close: %v", err)
	}
}
