package main

import (
	"encoding/json"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"motcua/assets"
	"motcua/kiosk/config"
	"motcua/kiosk/session"
	"motcua/kiosk/station"
	"motcua/kiosk/text"
	"motcua/ui/citizen"
	"motcua/ui/parts"
	"motcua/ui/theme"
)

// textFile is the table of the words on the screen.
const textFile = "text/vi.yaml"

// front is the window: the only place from which the rest of the program reaches the thread of the screen.
type front struct {
	app      fyne.App
	window   fyne.Window
	screen   *citizen.Screen
	log      *slog.Logger
	touchMap string
	closed   atomic.Bool // the window is gone

	mu   sync.Mutex
	send func(session.Event) // nil while no kiosk runs
	sims *station.Simulators // nil while no kiosk runs
	maps uint64              // touch maps written
	last session.Snapshot    // for the touch map
}

// newFront makes the window and its screen.
func newFront(a fyne.App, cfg config.Config, args arguments, log *slog.Logger) (*front, error) {
	texts, err := text.Load(assets.FS, textFile)
	if err != nil {
		return nil, err
	}
	a.Settings().SetTheme(theme.NewWindow(theme.Light()))
	f := &front{app: a, window: a.NewWindow("Motcua"), log: log, touchMap: args.touchMap}
	f.screen, err = citizen.New(citizen.Options{
		Texts: texts, Intent: f.intent, Simulator: f.simulator, Changed: f.changed,
	})
	if err != nil {
		return nil, err
	}
	f.screen.Show(session.Snapshot{Page: session.PageWelcome, Office: officeOf(cfg)})
	f.screen.Tick(time.Now())
	f.window.SetPadded(false)
	f.window.SetContent(f.screen.Object())
	f.window.Canvas().SetOnTypedRune(f.screen.TypedRune)
	f.window.Canvas().SetOnTypedKey(f.screen.TypedKey)
	f.window.Resize(fyne.NewSize(float32(cfg.Screen.Width), float32(cfg.Screen.Height)))
	f.window.SetFullScreen(cfg.Screen.Mode == config.ModeFullscreen)
	return f, nil
}

// clock lets the screen's clock tick until the window is gone.
func (f *front) clock() {
	for now := range time.Tick(time.Second) {
		if f.closed.Load() {
			return
		}
		fyne.Do(func() { f.screen.Tick(now) })
	}
}

// show hands a snapshot to the screen.
func (f *front) show(s session.Snapshot) {
	if f.closed.Load() {
		return
	}
	fyne.Do(func() {
		f.last = s
		f.screen.Show(s)
	})
}

// forget drops what the screen holds of a person, and returns when it has.
func (f *front) forget() {
	if !f.closed.Load() {
		fyne.DoAndWait(f.screen.Forget)
		dropDrawn(f.window, &f.closed)
	}
}

// connect says whom intents go to; nil while no kiosk runs.
func (f *front) connect(send func(session.Event), sims *station.Simulators) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.send, f.sims = send, sims
}

// intent passes on what somebody did on the screen.
func (f *front) intent(i session.Intent) {
	f.mu.Lock()
	send := f.send
	f.mu.Unlock()
	if send != nil {
		send(i)
	}
}

// simulator is a touch at the mark that says what is simulated.
func (f *front) simulator() {
	f.mu.Lock()
	sims := f.sims
	f.mu.Unlock()
	if sims == nil {
		return
	}
	if err := sims.Toggle(); err != nil {
		f.log.Warn("simulator.failed", "err", err)
	}
}

// drawn is what the touch map file holds; cmd/internal/walk reads it.
type drawn struct {
	Page    session.Page  `json:"page"`
	Serial  uint64        `json:"serial"`
	Shown   uint64        `json:"shown"`
	Part    int           `json:"part,omitempty"` // page of a list that goes over several
	Field   string        `json:"field,omitempty"`
	Touches []parts.Touch `json:"touches"`
	Texts   []string      `json:"texts"`
}

// changed is called by the screen after it drew something else: the touch map follows.
func (f *front) changed() {
	if f.touchMap == "" {
		return
	}
	f.maps++
	d := drawn{Page: f.last.Page, Serial: f.last.Serial, Shown: f.maps,
		Touches: f.screen.TouchMap(), Texts: f.screen.Texts()}
	switch {
	case f.last.Form != nil:
		d.Field = string(f.last.Form.Field)
	case f.last.Choice != nil:
		d.Field, d.Part = string(f.last.Choice.Field), f.last.Choice.Page
	case f.last.Review != nil:
		d.Part = f.last.Review.Page
	}
	if err := d.write(f.touchMap); err != nil {
		f.log.Warn("touchmap.failed", "err", err)
	}
}

// write puts the touch map into its file: a reader never sees half of it.
func (d drawn) write(path string) error {
	data, err := json.Marshal(d)
	if err != nil {
		return err
	}
	const ownerOnly = 0o600
	if err := os.WriteFile(path+".new", data, ownerOnly); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
