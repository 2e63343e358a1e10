package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestDemonstration is what make run does without a display: a citizen files with nothing attached, and pictures and the slip are there.
func TestDemonstration(t *testing.T) {
	dir := t.TempDir()
	tool, out := filepath.Join(dir, "motcuactl"), filepath.Join(dir, "out")
	if said, err := exec.CommandContext(t.Context(), "go", "build", "-o", tool, "../motcuactl").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if said, err := exec.CommandContext(t.Context(), tool, "sim", "run", "--motcua", binary, "--out", out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	const pages = 10 // at the least: a page for each thing that is asked
	if pictures, err := filepath.Glob(filepath.Join(out, "[0-9][0-9]-*.png")); err != nil || len(pictures) < pages {
		t.Errorf("%d pictures, %v", len(pictures), err)
	}
	if slip, err := os.Stat(filepath.Join(out, "slip.png")); err != nil || slip.Size() == 0 {
		t.Errorf("no slip: %v", err)
	}
}
