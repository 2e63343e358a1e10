// Package desk is what the officer sees: dense, and made for the keyboard.
//
// Make one Screen for the window with New, put Screen.Object into the window, hand it the keys of the window (TypedRune, TypedKey,
// Shortcut), and call Show with every board.Snapshot, all on the thread of the user interface. What the officer does comes out as board.Intents. Like the
// citizen's screen it holds no truth: it draws the page anew from every Snapshot.
package desk

import (
	"errors"
	"strconv"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"motcua/assets"
	"motcua/kiosk/board"
	domain "motcua/kiosk/desk"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
	"motcua/kiosk/text"
	"motcua/ui/citizen"
	"motcua/ui/parts"
	"motcua/ui/photo"
	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// Options are what a Screen needs from its surroundings.
type Options struct {
	Texts *text.Table
	// Intent is called with everything the officer does, on the thread of the user interface: it must not wait.
	Intent func(board.Intent)
	// Changed is called after something else was drawn. May be nil.
	Changed func()
	// Later runs a function on the thread of the user interface, from another one; nil is fyne.Do.
	Later func(func())
}

// Screen is the window's content.
type Screen struct {
	opt     Options
	kit     parts.Kit
	root    *fyne.Container
	page    *fyne.Container
	guest   *citizen.Screen // the citizen's page, while the officer is in a session
	glass   *parts.Glass
	frame   parts.Frame
	sheet   *parts.Sheet
	snap    board.Snapshot
	down    string // what the pointer is on
	ahead   int    // Snapshots that are awaited for one with a text to write into
	face    portrait
	pages   *pictures
	reading reading
	photo   photo.Decoder
}

// New makes a Screen.
func New(opt Options) (*Screen, error) {
	if opt.Texts == nil || opt.Intent == nil {
		return nil, errors.New("desk: texts and a taker of intents are needed")
	}
	fonts, err := typeset.Load(assets.FS)
	if err != nil {
		return nil, err
	}
	if opt.Later == nil {
		opt.Later = fyne.Do
	}
	s := &Screen{opt: opt, pages: newPictures(), kit: parts.Kit{Fonts: fonts, Images: parts.NewImages(assets.FS)}}
	s.glass = parts.NewGlass(s.press, s.release)
	if s.guest, err = citizen.New(citizen.Options{Texts: opt.Texts, Intent: func(i session.Intent) { opt.Intent(board.Citizen{Intent: i}) },
		Changed: func() { s.changed() }}); err != nil {
		return nil, err
	}
	s.page = &fyne.Container{}
	s.guest.Object().Hide()
	s.root = &fyne.Container{Layout: layout{s}, Objects: []fyne.CanvasObject{s.page, s.glass, s.guest.Object()}}
	return s, nil
}

// Object is what the window shows.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Show draws a Snapshot.
func (s *Screen) Show(snap board.Snapshot) {
	s.snap = snap
	if s.ahead--; s.ahead < 0 || snap.Search || snap.Dialog != nil {
		s.ahead = 0
	}
	s.reading.begin(snap.Open)
	s.showGuest()
	var of *identity.Photo
	if snap.Open != nil {
		of = snap.Open.Photo
	}
	s.face.show(of, &s.photo, s.opt.Later, s.draw)
	s.showPictures()
	s.draw()
}

// showGuest shows the citizen's page under the head, or takes it away with all that it holds.
func (s *Screen) showGuest() {
	o := s.guest.Object()
	switch inside := s.snap.Page == board.Inside; {
	case inside:
		s.guest.Tick(s.snap.Now)
		s.guest.Show(*s.snap.Citizen)
		if o.Visible() {
			return
		}
		o.Show()
	case o.Visible():
		s.guest.Forget()
		s.guest.Show(session.Snapshot{})
		o.Hide()
	default:
		return
	}
	s.root.Refresh()
}

func (s *Screen) changed() {
	if s.opt.Changed != nil {
		s.opt.Changed()
	}
}

// TouchMap lists everything that can be clicked: row.N, copy.N, filter.ID, do.ACTION, key.NAME, look.WAY, sheet.N, name.N, tab.PAGE, part.N, test.N, change.N, device.N.
func (s *Screen) TouchMap() []parts.Touch {
	if s.sheet == nil {
		return nil
	}
	if s.snap.Page == board.Inside {
		return append(s.sheet.Touches(), s.guest.TouchMap()...)
	}
	return s.sheet.Touches()
}

// Texts lists everything that is written, line by line.
func (s *Screen) Texts() []string {
	if s.sheet == nil {
		return nil
	}
	var texts []string
	for _, w := range s.sheet.Written() {
		texts = append(texts, w.Text)
	}
	if s.snap.Page == board.Inside {
		texts = append(texts, s.guest.Texts()...)
	}
	return texts
}

// Sheet is the page as it was drawn last, for tests.
func (s *Screen) Sheet() *parts.Sheet { return s.sheet }

func (s *Screen) draw() {
	if s.frame.K == 0 || s.snap.Page == "" {
		return
	}
	sheet := parts.NewSheet(s.kit, s.frame, theme.Light(), s.down)
	drawing{sheet, s, s.snap}.whole()
	s.sheet = sheet
	s.page.Objects = sheet.Objects()
	s.page.Resize(s.root.Size())
	s.page.Move(fyne.NewPos(0, 0))
	s.changed()
}

func (s *Screen) at(p fyne.Position) string {
	if s.sheet == nil {
		return ""
	}
	x, y := s.frame.Design(p)
	found, size := "", float32(0)
	for id, r := range s.sheet.TouchAreas() {
		if x < r.X || x >= r.Right() || y < r.Y || y >= r.Bottom() {
			continue
		}
		if found == "" || r.W*r.H < size { // a key inside something that can be chosen
			found, size = id, r.W*r.H
		}
	}
	return found
}

func (s *Screen) press(p fyne.Position) { s.down = s.at(p) }

func (s *Screen) release(p fyne.Position) {
	id := s.down
	s.down = ""
	if id == "" || s.at(p) != id {
		return
	}
	switch id {
	case "look.guide":
		s.look(wayGuide)
	case "look.face":
		s.look(wayFace)
	case "look.papers":
		s.look(wayPapers)
	case "look.remove":
		s.pictureKey(fyne.KeyDelete)
	case "look.up":
		s.turn(-1)
	case "look.down":
		s.turn(1)
	}
	if at, ok := strings.CutPrefix(id, "sheet."); ok && s.snap.Open != nil {
		n, _ := strconv.Atoi(at)
		s.toPicture(n)
	}
	if i := intentOf(id); i != nil {
		s.opt.Intent(i)
	}
}

// intentOf is what a click means.
func intentOf(id string) board.Intent {
	kind, what, _ := strings.Cut(id, ".")
	n, _ := strconv.Atoi(what)
	switch kind {
	case "tab":
		if what == "find" {
			return board.Find{}
		}
		return board.Open{Page: board.Page(what)}
	case "section":
		return board.Section{At: n}
	case "pick":
		field, choice, _ := strings.Cut(what, ".")
		f, _ := strconv.Atoi(field)
		c, _ := strconv.Atoi(choice)
		return board.Pick{Field: f, Choice: c}
	case "act":
		return board.Act{ID: what}
	case "test":
		return board.Test{Row: n}
	case "change":
		return board.PickDevice{Row: n}
	case "part":
		return board.Choose{Row: n}
	case "row", "name", "own", "device":
		return board.Choose{Row: n}
	case "copy":
		return board.Copy{Row: n}
	case "filter":
		return board.Show{Filter: what}
	case "person":
		return board.Person{Do: board.PersonAction(what)}
	case "do":
		return board.Begin{Action: domain.Action(what)}
	case "key":
		return map[string]board.Intent{"card": board.Open{Page: board.OwnCard}, "portal": board.Portal{}, "papers": board.Papers{}, "send": board.Send{}, "control": board.Control{}, "register": board.Register{}, "register-day": board.Register{Today: true}, "call": board.CallNext{}, "people": board.People{}, "help": board.GoHelp{}, "rank": board.Type{Rune: 'U'}, "lock": board.Lock{}, "find": board.Find{}, "undo": board.Undo{}, "print": board.Print{}, "enter": board.Enter{},
			"escape": board.Escape{}, "before": board.Turn{By: -1}, "after": board.Turn{By: 1}, "export": board.Export{}, "day": board.PrintDay{}, "again": board.Refresh{}, "test-all": board.TestAll{}, "up": board.Move{By: -board.RowsOnPage}, "down": board.Move{By: board.RowsOnPage}}[what]
	}
	return nil
}

// awaits is how many Snapshots may come until the one with the text that was opened: those that were on their way, and the clock's.
const awaits = 3

// toText tells an intent that opens a text. What is typed goes there from now on: letters are keys of the page, and the next one may come before the page is drawn
// that has the text.
func (s *Screen) toText(i board.Intent) {
	s.ahead = awaits
	s.opt.Intent(i)
}

// typing reports whether letters go into a text.
func (s *Screen) typing() bool {
	return s.ahead > 0 || s.snap.Page == board.SignIn || s.snap.Page == board.OwnCard || s.snap.Search || s.snap.Dialog != nil || s.snap.Ask != nil
}

// TypedRune is a character of the keyboard.
func (s *Screen) TypedRune(r rune) {
	switch {
	case s.snap.Page == board.Inside:
		s.guest.TypedRune(r)
	case s.typing():
		s.opt.Intent(board.Type{Rune: r})
	case unicode.ToUpper(r) == 'Q':
		s.opt.Intent(board.Open{Page: board.Admin})
	case s.snap.Page == board.Admin:
		s.typedInAdmin(r)
	case s.snap.Page != board.Queue:
		switch {
		case s.snap.Page == board.Figures:
			s.figureRune(unicode.ToUpper(r))
		case s.snap.Page == board.Devices && unicode.ToUpper(r) == 'C':
			s.opt.Intent(board.PickDevice{Row: -1})
		}
	case r == '/':
		s.toText(board.Find{})
	case r >= '1' && r <= '9':
		if p := s.snap.People; p != nil && p.Now != nil && int(r-'1') < len(p.Now.May) {
			s.opt.Intent(board.Person{Do: p.Now.May[r-'1']})
		}
	case unicode.ToUpper(r) == 'L':
		s.opt.Intent(board.People{})
	case unicode.ToUpper(r) == 'H':
		s.opt.Intent(board.Help{})
	case unicode.ToUpper(r) == 'N':
		s.opt.Intent(board.NewFiling{})
	case unicode.ToUpper(r) == 'G':
		s.look(wayGuide)
	case unicode.ToUpper(r) == 'A':
		s.look(wayFace)
	case unicode.ToUpper(r) == 'B':
		s.opt.Intent(board.Papers{})
	case r == ' ':
		s.look(wayPapers)
	default:
		s.act(strings.ToUpper(string(r)))
	}
}

// figureRune is a letter on the page of figures.
func (s *Screen) figureRune(r rune) {
	switch m := s.snap.Month; {
	case r == 'D':
		s.opt.Intent(board.PrintDay{})
	case m != nil && m.Registers && (r == 'S' || r == 'H'):
		s.opt.Intent(board.Register{Today: r == 'H'})
	}
}

// act begins the action of a key, if it can be taken now.
func (s *Screen) act(key string) {
	if s.snap.Open == nil || s.snap.Dialog != nil {
		return
	}
	for _, a := range s.snap.Open.Legal {
		if board.KeyOf(a) == key {
			s.toText(board.Begin{Action: a})
		}
	}
}

// Shortcuts are the keys that are held with Ctrl, for the window.
func (s *Screen) Shortcuts() map[fyne.Shortcut]func() {
	intent := func(i board.Intent) func() {
		return func() {
			if s.snap.Dialog == nil && s.snap.Ask == nil && s.snap.Page != board.SignIn {
				s.opt.Intent(i)
			}
		}
	}
	ctrl := func(k fyne.KeyName) fyne.Shortcut {
		return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierControl}
	}
	return map[fyne.Shortcut]func(){&fyne.ShortcutUndo{}: intent(board.Undo{}), ctrl(fyne.KeyP): intent(board.Print{}), ctrl(fyne.KeyM): intent(board.Portal{}), ctrl(fyne.KeyL): intent(board.Control{}),
		ctrl(fyne.KeyE): intent(board.Export{}), ctrl(fyne.KeyT): intent(board.TestAll{}), ctrl(fyne.KeyK): intent(board.Open{Page: board.OwnCard})}
}

// TypedKey is another key.
func (s *Screen) TypedKey(e *fyne.KeyEvent) {
	if s.snap.Page == board.Inside && e.Name != fyne.KeyEscape && e.Name != fyne.KeyF10 {
		s.guest.TypedKey(e)
		return
	}
	if s.readingKey(e.Name) {
		return
	}
	switch i := s.intentOfKey(e.Name).(type) {
	case nil:
	case board.Find:
		s.toText(i)
	case board.Escape:
		s.ahead = 0
		s.opt.Intent(i)
	default:
		s.opt.Intent(i)
	}
}

func (s *Screen) intentOfKey(k fyne.KeyName) board.Intent {
	switch k {
	case fyne.KeyUp:
		return board.Move{By: -1}
	case fyne.KeyDown, fyne.KeyTab:
		return board.Move{By: 1}
	case fyne.KeyPageUp:
		return board.Move{By: -board.RowsOnPage}
	case fyne.KeyPageDown:
		return board.Move{By: board.RowsOnPage}
	case fyne.KeyReturn, fyne.KeyEnter:
		return board.Enter{}
	case fyne.KeyEscape:
		return board.Escape{}
	case fyne.KeyBackspace:
		return board.Delete{}
	case fyne.KeyF10:
		return board.Lock{}
	case fyne.KeyF1:
		return board.Open{Page: board.Queue}
	case fyne.KeyF2:
		return board.Find{}
	case fyne.KeyF3:
		return board.Open{Page: board.Figures}
	case fyne.KeyF4:
		return board.Open{Page: board.Devices}
	case fyne.KeyLeft:
		return board.Turn{By: -1}
	case fyne.KeyRight:
		return board.Turn{By: 1}
	case fyne.KeyF8:
		return board.CallNext{}
	case fyne.KeyF9:
		return board.GoHelp{}
	}
	if g := s.snap.Dialog; k == fyne.KeyF5 && g != nil && g.ID == board.DialogPortal {
		return board.Send{}
	}
	if k == fyne.KeyF5 && (s.snap.Page == board.Figures || s.snap.Page == board.Devices || s.snap.Page == board.Admin) {
		return board.Refresh{}
	}
	if s.snap.Page == board.Queue {
		s.act(string(k))
	}
	return nil
}

// layout makes the page as large as the window.
type layout struct{ s *Screen }

var _ fyne.Layout = layout{}

// Layout is called when the window changes its size.
func (l layout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 || size.Height <= 0 {
		return
	}
	defer l.place(size)
	if frame := parts.NewFrame(size); frame != l.s.frame {
		l.s.frame = frame
		l.s.draw()
	}
}

// place gives the citizen's page all under the head, and the glass the rest.
func (l layout) place(size fyne.Size) {
	glass, guest := size, l.s.guest.Object()
	if guest.Visible() {
		glass.Height = size.Height * topHigh / l.s.frame.H
		guest.Move(fyne.NewPos(0, glass.Height))
		guest.Resize(fyne.NewSize(size.Width, size.Height-glass.Height))
	}
	l.s.glass.Resize(glass)
}

// MinSize lets the window be of any size.
func (l layout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }
