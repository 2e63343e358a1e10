package citizen

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"motcua/assets"
	"motcua/kiosk/session"
	"motcua/kiosk/text"
	"motcua/ui/citizen/gallery"
)

// The two shapes of panels.
var (
	landscape = fyne.NewSize(1920, 1080)
	upright   = fyne.NewSize(1080, 1920)
	shapes    = map[string]fyne.Size{"wide": landscape, "upright": upright}
)

// rig is a Screen in a window in memory, with a clock that a test turns.
type rig struct {
	*Screen
	window  fyne.Window
	intents []session.Intent
	clock   time.Time
	changed int
	marks   int
	later   chan func() // what another goroutine wants done
}

func newRig(t testing.TB, size fyne.Size) *rig {
	t.Helper()
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{later: make(chan func(), 1), clock: time.Date(2026, 11, 23, 9, 12, 0, 0, time.UTC)}
	test.NewTempApp(t)
	r.Screen, err = New(Options{
		Texts: texts, Intent: func(i session.Intent) { r.intents = append(r.intents, i) },
		Later: func(do func()) { r.later <- do }, PhotoWait: time.Minute,
		Simulator: func() { r.marks++ }, Changed: func() { r.changed++ }, Clock: func() time.Time { return r.clock },
	})
	if err != nil {
		t.Fatal(err)
	}
	r.window = test.NewTempWindow(t, r.Object())
	r.window.SetPadded(false)
	r.window.Resize(size)
	r.Tick(r.clock)
	return r
}

// wait lets time pass.
func (r *rig) wait(d time.Duration) { r.clock = r.clock.Add(d) }

// everything is the whole gallery.
func everything() []gallery.State { return append(gallery.States(), gallery.Extremes()...) }

// TestPictures writes every page as PNG into the directory that MOTCUA_GALLERY names, for people to look at.
func TestPictures(t *testing.T) {
	dir := os.Getenv("MOTCUA_GALLERY")
	if dir == "" {
		t.Skip("MOTCUA_GALLERY names no directory")
	}
	for shape, size := range shapes {
		r := newRig(t, size)
		for _, state := range everything() {
			if only := os.Getenv("MOTCUA_ONLY"); only != "" {
				if ok, _ := filepath.Match(only, state.Name); !ok {
					continue
				}
			}
			r.Show(state.Snapshot)
			if os.Getenv("MOTCUA_CONTRAST") != "" {
				r.contrast = true
				r.draw()
			}
			f, err := os.Create(filepath.Join(dir, state.Name+"-"+shape+".png"))
			if err != nil {
				t.Fatal(err)
			}
			if err := png.Encode(f, r.window.Canvas().Capture()); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
	}
}
