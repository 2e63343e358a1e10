package day

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMain is a part of a day when it is called so, as motcuactl is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == PartName {
		if err := Part(context.Background(), os.Args[2:], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// command is this program as a part.
func command(ctx context.Context, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return exec.CommandContext(ctx, self, append([]string{PartName}, args...)...)
}

// TestDay: three processes on one data directory, citizens with every kind of wish. Nothing goes wrong: no error, every slip's filing
// is there and decided once, everybody is called once, the journal holds.
func TestDay(t *testing.T) {
	citizens := 30
	if testing.Short() {
		citizens = 12
	}
	if os.Getenv("MOTCUA_SOAK") != "" {
		citizens = 300
	}
	r, err := Run(t.Context(), Options{Citizens: citizens, Dir: t.TempDir(), Command: command, Say: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := r.Write(&table); err != nil {
		t.Fatal(err)
	}
	t.Log(table.String())
	for _, wrong := range r.Wrong {
		t.Error(wrong)
	}
	if r.Filings+r.Numbers != citizens || r.Returns == 0 || r.Numbers == 0 || r.Tickets < r.Numbers+r.Returns {
		t.Errorf("not the day that was planned: %+v", r)
	}
}

// A day on which the last kiosk breaks down ends, and says how many nobody could serve.
func TestNoKioskIsLeft(t *testing.T) {
	d := &house{serving: 2, coming: make([]visit, 3)}
	if d.lost(); d.quiet() || len(d.wrong) != 0 {
		t.Errorf("with one left: %q", d.wrong)
	}
	if d.lost(); !d.quiet() || len(d.wrong) != 1 || !strings.Contains(d.wrong[0], "3 visits") {
		t.Errorf("with none: %q", d.wrong)
	}
	if d.come(visit{}); !d.quiet() || len(d.wrong) != 2 {
		t.Errorf("who is sent back: %q", d.wrong)
	}
}
