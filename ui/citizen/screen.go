// Package citizen is what the citizen sees: one page for every session.Page, in both orientations and two palettes.
//
// Make one Screen for the window with New, put Screen.Object into the window, call Show with every Snapshot and Tick
// once a second, all on the thread of the user interface. What the citizen does comes out as Intents. The Screen holds
// no truth: it redraws the page from the Snapshot every time. What it keeps for itself is what no session needs to
// know: which key is under the finger, which page of the keyboard is up, whether high contrast is on, the letters
// that were typed a moment ago and are not in a Snapshot yet (draft.go), and the portrait, decoded (photo.go). Forget
// drops all of that; a Snapshot of another citizen does the same.
//
// A page is a function that draws a parts.Sheet; pages.go lists them. Where things are comes from the design's
// measures, scaled to the window, so there is no scrolling and nothing to lay out.
package citizen

import (
	"errors"
	"reflect"
	"time"

	"fyne.io/fyne/v2"

	"motcua/assets"
	"motcua/kiosk/session"
	"motcua/kiosk/text"
	"motcua/ui/keyboard"
	"motcua/ui/parts"
	"motcua/ui/photo"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// Options are what a Screen needs from its surroundings.
type Options struct {
	Texts *text.Table
	// Intent is called with everything the citizen does, on the thread of the user interface: it must not wait.
	Intent func(session.Intent)
	// Simulator is called when the mark that says what is simulated is touched. Nil: the mark cannot be touched.
	Simulator func()
	// Changed is called after something else was drawn: TouchMap and Texts have news. May be nil.
	Changed func()
	// HidePointer shows no arrow: the panel is a touch screen.
	HidePointer bool
	// Later runs a function on the thread of the user interface, from another one; nil is fyne.Do.
	Later func(func())
	// PhotoWait is how long a page may wait for the decoding of the portrait; 0 is 60 ms.
	PhotoWait time.Duration
	// Clock is the time for telling a second touch from a first one; nil is time.Now.
	Clock func() time.Time
}

// Screen is the window's content.
type Screen struct {
	opt   Options
	kit   parts.Kit
	root  *fyne.Container
	page  *fyne.Container // what was drawn
	glass *parts.Glass
	frame parts.Frame
	sheet *parts.Sheet // the page as it stands; nil before the first one

	snap     session.Snapshot
	now      time.Time // of the clock on the welcome page
	contrast bool
	board    keyboard.Board
	draft    draft
	decode   decoder
	photo    portrait
	redraw   func() // draw, for what draw itself calls
	finger   finger
}

// New makes a Screen. The fonts, icons and pictures come from the program's own assets.
func New(opt Options) (*Screen, error) {
	if opt.Texts == nil || opt.Intent == nil {
		return nil, errors.New("citizen: texts and a taker of intents are needed")
	}
	fonts, err := typeset.Load(assets.FS)
	if err != nil {
		return nil, err
	}
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	if opt.Later == nil {
		opt.Later = fyne.Do
	}
	if opt.PhotoWait == 0 {
		opt.PhotoWait = photoWait
	}
	s := &Screen{opt: opt, kit: parts.Kit{Fonts: fonts, Images: parts.NewImages(assets.FS)}}
	s.glass = parts.NewGlass(s.down, s.up)
	s.glass.HidePointer = opt.HidePointer
	s.decode, s.redraw = new(photo.Decoder).Decode, s.draw
	s.page = &fyne.Container{}
	s.root = &fyne.Container{Layout: layout{s}, Objects: []fyne.CanvasObject{s.page, s.glass}}
	return s, nil
}

// Object is what the window shows.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Show draws the page of a Snapshot.
func (s *Screen) Show(snap session.Snapshot) {
	was := s.snap
	if s.sheet != nil && len(s.draft.sent) == 0 && reflect.DeepEqual(snap, was) {
		return
	}
	if snap.Serial != was.Serial {
		s.Forget()
	}
	s.snap = snap
	if identityOf(snap) != identityOf(was) {
		s.board = keyboard.Board{}
		s.draft = draft{}
		s.finger.newPage(s.opt.Clock())
	}
	s.draft.settle(formValue(snap), s.opt.Clock())
	s.draw()
}

// Tick tells the time, once a second.
func (s *Screen) Tick(now time.Time) {
	was := s.now
	s.now = now
	stale := s.draft.expire(s.opt.Clock())
	if stale || s.snap.Page == session.PageWelcome && (was.Minute() != now.Minute() || now.Sub(was) > time.Minute) {
		s.draw()
	}
}

// Forget drops everything about a person that the screen holds: the portrait, the letters, the page itself.
func (s *Screen) Forget() {
	s.photo.forget()
	s.draft, s.board, s.contrast = draft{}, keyboard.Board{}, false
	s.finger = finger{}
	s.snap = session.Snapshot{Page: session.PageWelcome, Office: s.snap.Office, Simulated: s.snap.Simulated,
		Serial: s.snap.Serial, Call: s.snap.Call}
	s.draw()
}

// TouchMap lists everything that can be touched now, in the window's coordinates. The ids are stable: key.next,
// key.back, key.call, nocard, option.<id>, paper.<id>, row.edit.<field>, turn.up, turn.down, kbd.<letter>, kbd.space,
// kbd.delete, kbd.shift, kbd.page, kbd.done, kbd.sac (huyen, hoi, nga, nang), top.contrast, simulator.
func (s *Screen) TouchMap() []parts.Touch {
	if s.sheet == nil {
		return nil
	}
	return s.sheet.Touches()
}

// Texts lists everything that is written on the page, line by line.
func (s *Screen) Texts() []string {
	if s.sheet == nil {
		return nil
	}
	var texts []string
	for _, w := range s.sheet.Written() {
		texts = append(texts, w.Text)
	}
	return texts
}

// Sheet is the page as it was drawn last, for tests that look at where things are.
func (s *Screen) Sheet() *parts.Sheet { return s.sheet }

func (s *Screen) palette() theme.Palette {
	if s.contrast {
		return theme.HighContrast()
	}
	return theme.Light()
}

// draw makes the page anew and shows it.
func (s *Screen) draw() {
	if s.frame.K == 0 {
		return // the window has no size yet
	}
	sheet := parts.NewSheet(s.kit, s.frame, s.palette(), s.finger.pressed)
	drawing{sheet, s, s.snap}.whole()
	s.sheet = sheet
	s.page.Objects = sheet.Objects()
	s.page.Resize(s.root.Size())
	// Moving marks the window as to be painted. Refresh would do so, too, and throw away every picture's texture.
	s.page.Move(fyne.NewPos(0, 0))
	if s.opt.Changed != nil {
		s.opt.Changed()
	}
}

// layout makes the page as large as the window.
type layout struct{ s *Screen }

var _ fyne.Layout = layout{}

// Layout is called when the window changes its size.
func (l layout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.s.glass.Resize(size)
	if size.Width <= 0 || size.Height <= 0 {
		return
	}
	if frame := parts.NewFrame(size); frame != l.s.frame {
		l.s.frame = frame
		l.s.draw()
	}
}

// MinSize lets the window be of any size.
func (l layout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

// shown tells pages apart: what is another page for the person in front of it.
type shown struct {
	page   session.Page
	title  string
	field  string
	number int
	serial uint64
}

func identityOf(snap session.Snapshot) shown {
	id := shown{page: snap.Page, title: snap.Title, serial: snap.Serial}
	switch {
	case snap.Form != nil:
		id.field = string(snap.Form.Field)
	case snap.Choice != nil:
		id.number = snap.Choice.Page
	case snap.Rows != nil:
		id.field, id.number = string(snap.Rows.Field), snap.Rows.Page
	case snap.Place != nil:
		id.field = string(snap.Place.Field) + snap.Place.Within + snap.Place.Level
	case snap.Review != nil:
		id.number = snap.Review.Page
	}
	return id
}

func formValue(snap session.Snapshot) string {
	if snap.Form == nil {
		return ""
	}
	return snap.Form.Value
}
