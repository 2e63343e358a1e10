package qr

import (
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"motcua/devices/scan"
)

// picture is a PNG of a code with text.
func picture(t *testing.T, text string) []byte {
	l, _ := scene{module: 4, dark: 30, light: 220, turn: 12}.render(t, text, 300, 300)
	return asPNG(t, &image.Gray{Pix: l.Pix, Stride: l.Stride, Rect: image.Rect(0, 0, l.W, l.H)})
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// watch starts a FileScanner and returns how to expect its next event.
func watch(t *testing.T, path string) func(k scan.EventKind, text string, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &FileScanner{Path: path, Poll: 20 * time.Millisecond, Decoder: Decoder{Budget: patient}}
	c := s.Watch(ctx)
	t.Cleanup(func() {
		cancel()
		for range c { // ends: the channel is closed
		}
	})
	return func(k scan.EventKind, text string, err error) {
		t.Helper()
		select {
		case e := <-c:
			if e.Kind != k || e.Text != text || !errors.Is(e.Err, err) || (err == nil) != (e.Err == nil) {
				t.Fatalf("got %v %q %v; want %v %q %v", e.Kind, e.Text, e.Err, k, text, err)
			}
		case <-time.After(patient):
			t.Fatalf("no event; want %v", k)
		}
	}
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "card.png")
	want := watch(t, path)
	want(scan.Gone, "", scan.ErrGone)
	write(t, path, picture(t, "one"))
	want(scan.Connected, "", nil)
	want(scan.Read, "one", nil)
	write(t, path, picture(t, "the second"))
	want(scan.Read, "the second", nil)
	write(t, path, []byte("no picture"))
	want(scan.Rejected, "", ErrFormat)
	write(t, path, asPNG(t, image.NewGray(image.Rect(0, 0, 99, 99))))
	want(scan.Rejected, "", scan.ErrNoCode)
	write(t, path, picture(t, "two\nlines"))
	want(scan.Rejected, "", scan.ErrNotText)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	want(scan.Gone, "", scan.ErrGone)
}

func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "old.png"), picture(t, "somebody before"))
	want := watch(t, dir)
	want(scan.Connected, "", nil)
	time.Sleep(100 * time.Millisecond) // a few looks
	write(t, filepath.Join(dir, "note.txt"), []byte("x"))
	write(t, filepath.Join(dir, ".hidden.png"), picture(t, "half written"))
	write(t, filepath.Join(dir, "new.png"), picture(t, "new"))
	want(scan.Read, "new", nil)
	write(t, filepath.Join(dir, "next.png"), picture(t, "next"))
	want(scan.Read, "next", nil)
}
