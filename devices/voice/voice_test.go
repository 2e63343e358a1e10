package voice

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// open is a voice whose sound goes into a file.
func open(t *testing.T, player ...string) *Voice {
	t.Helper()
	v, err := Open(Options{Player: player})
	if errors.Is(err, ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// seconds is how long the WAV in the file sounds, by its data and its rate.
func seconds(t *testing.T, file string) float64 {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil || len(data) < 44 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		t.Fatalf("no WAV: %d bytes, %v", len(data), err)
	}
	return float64(len(data)-44) / float64(binary.LittleEndian.Uint32(data[28:]))
}

func TestSays(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out.wav")
	v := open(t, "tee", file)
	for text, least := range map[string]float64{
		"Tiếp tục": 0.3, "Ông bà có đồng ý nộp hồ sơ không? Chỉ cán bộ giải quyết hồ sơ này được xem.": 3, strings.Repeat("một hai ba bốn năm. ", 20): 15,
	} {
		if err := v.Say(t.Context(), text); err != nil {
			t.Fatal(err)
		}
		if got := seconds(t, file); got < least || got > 60 {
			t.Errorf("%d bytes of text sound for %.1f s", len(text), got)
		}
	}
}

// A voice without a loudspeaker takes as long as the sound, unless it is ended, and leaves a file that any player knows.
func TestSimulated(t *testing.T) {
	dir := t.TempDir()
	v, err := Open(Options{Simulated: true, Dir: dir, Player: []string{"no-such-player"}})
	if errors.Is(err, ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := v.Say(t.Context(), "Tiếp tục"); err != nil {
		t.Fatal(err)
	}
	took, sound := time.Since(began).Seconds(), seconds(t, filepath.Join(dir, "speech-001.wav"))
	if sound < 0.3 || took < sound {
		t.Errorf("%.1f s for %.1f s of sound", took, sound)
	}
	data, err := os.ReadFile(filepath.Join(dir, "speech-001.wav"))
	if err != nil || int(binary.LittleEndian.Uint32(data[40:])) != len(data)-header {
		t.Errorf("the file says it has %d bytes of sound", binary.LittleEndian.Uint32(data[40:]))
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	if err := v.Say(ctx, strings.Repeat("một hai ba bốn năm. ", 50)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ended: %v", err)
	}
	if length(nil) != 0 || sized(nil) != nil {
		t.Error("no sound has no length")
	}
}

// A page that changes ends what is spoken, and what comes next is spoken after it.
func TestEndsWithItsContext(t *testing.T) {
	v := open(t, "sleep", "600")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- v.Say(ctx, "một") }()
	waiting, giveUp := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer giveUp()
	if err := v.Say(waiting, "hai"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("two at once: %v", err)
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func TestFailures(t *testing.T) {
	if _, err := Open(Options{Player: []string{"no-such-player"}}); !errors.Is(err, ErrAbsent) {
		t.Errorf("no player: %v", err)
	}
	v := open(t, "false")
	if err := v.Say(t.Context(), "một"); err == nil || errors.Is(err, ErrAbsent) {
		t.Errorf("a player that fails: %v", err)
	}
	if err := v.Say(t.Context(), "  "); err != nil {
		t.Errorf("nothing to say: %v", err)
	}
	if got := cut(strings.Repeat("ộ", MaxText)); len(got) > MaxText || !utf8.ValidString(got) {
		t.Errorf("%d bytes", len(got))
	}
}
