//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/cmd/internal/walk"
)

// soon is how long the kiosk or the desk may take to say something on a machine that does ten other things.
const soon = 40 * time.Second

// says waits until the screen says all of the words.
func (r *rig) says(k *walk.Kiosk, page string, words ...string) {
	r.t.Helper()
	_, err := k.Until(r.t.Context(), soon, page+" that says "+strings.Join(words, ", "), func(m walk.Map) bool {
		text := strings.Join(m.Texts, " ")
		for _, w := range words {
			if !strings.Contains(text, w) {
				return false
			}
		}
		return m.Page == page
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// TestSecondInstance: a second kiosk on the same data says so on its screen, and takes over when the first has ended.
func TestSecondInstance(t *testing.T) {
	first := newRig(t, 1920, 1080, "none")
	if _, err := first.kiosk.Page(t.Context(), "welcome", soon); err != nil {
		t.Fatal(err)
	}
	second := newRig(t, 1080, 1920, "none")
	_ = second.kiosk.Stop()
	second.data = first.data
	second.start()
	second.says(second.kiosk, "fault", "STORE-LOCKED")
	if err := second.display.Save(filepath.Join(second.shots, "second-instance.png")); err != nil {
		t.Fatal(err)
	}
	if err := first.kiosk.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := second.kiosk.Page(t.Context(), "welcome", soon); err != nil {
		t.Error(err)
	}
}

// TestBadConfiguration: mistakes in motcua.toml are said on the screen, and the kiosk goes on once they are mended.
func TestBadConfiguration(t *testing.T) {
	r := newRig(t, 1920, 1080, "none")
	_ = r.kiosk.Stop()
	good, err := os.ReadFile(r.config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.config, append(good, "\n[sreen]\nmode = 1\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	r.start()
	r.says(r.kiosk, "fault", "CONFIG-BAD")
	if err := os.WriteFile(r.config, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.kiosk.Page(t.Context(), "welcome", soon); err != nil {
		t.Error(err)
	}
}

// TestDevicesAbsent: with every device pulled, the welcome page says what cannot be done, and the way without a card
// is open; when they come back, so does the page.
func TestDevicesAbsent(t *testing.T) {
	r := newRig(t, 1920, 1080, "none")
	if _, err := r.kiosk.Page(t.Context(), "welcome", soon); err != nil {
		t.Fatal(err)
	}
	r.scanner.Unplug()
	r.printer.Unplug()
	r.says(r.kiosk, "welcome", "quét")
	if err := r.kiosk.Touch(t.Context(), "nocard"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.kiosk.Page(t.Context(), "manual", soon); err != nil {
		t.Fatal(err)
	}
	if err := r.display.Type(t.Context(), "099090000017"); err != nil {
		t.Fatal(err)
	}
	if err := r.scanner.Plug(); err != nil {
		t.Fatal(err)
	}
	if err := r.printer.Plug(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Second) // both are noticed; what was typed stays
	m, err := r.kiosk.Map()
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(m.Texts, " "); m.Page != "manual" || !strings.Contains(strings.ReplaceAll(text, " ", ""), "099090000017") {
		t.Errorf("page %s: %q", m.Page, text)
	}
}
