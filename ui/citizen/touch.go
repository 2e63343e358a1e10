package citizen

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"golang.org/x/text/unicode/norm"

	"motcua/kiosk/form"
	"motcua/kiosk/session"
	"motcua/ui/keyboard"
	"motcua/ui/keyboard/compose"
	"motcua/ui/parts"
)

const (
	// fresh is how long a page is up before it can be touched: the second half of a double touch at "continue" must not
	// answer a question that nobody has read.
	fresh = 300 * time.Millisecond
	// twice is how soon a second touch at the same thing counts as the tremble of one; keys of the keyboard are exempt.
	twice = 300 * time.Millisecond
)

// finger is what the hand does.
type finger struct {
	pressed string    // id under the finger; "" for none
	since   time.Time // when the page came
	last    string    // what was touched before, and when
	lastAt  time.Time
}

// newPage lets go of whatever the finger held.
func (f *finger) newPage(now time.Time) { *f = finger{since: now} }

// accepts reports whether a finger that comes down on id now means it.
func (f *finger) accepts(id string, now time.Time) bool {
	if now.Sub(f.since) < fresh {
		return false
	}
	return keyboard.Is(id) || id != f.last || now.Sub(f.lastAt) >= twice
}

// down is the finger coming down: the key answers at once.
func (s *Screen) down(p fyne.Position) {
	id := s.at(p, 0)
	if id == "" || !s.finger.accepts(id, s.opt.Clock()) {
		return
	}
	s.finger.pressed = id
	s.draw()
}

// up is the finger leaving: what it came down on happens, if it is still there.
func (s *Screen) up(p fyne.Position) {
	id := s.finger.pressed
	if id == "" {
		return
	}
	s.finger.pressed = ""
	if !s.over(id, p, parts.Slop) {
		s.draw()
		return
	}
	s.finger.last, s.finger.lastAt = id, s.opt.Clock()
	s.act(id)
	s.draw()
}

// at finds what is at a place of the window.
func (s *Screen) at(p fyne.Position, slop float32) string {
	if s.sheet == nil {
		return ""
	}
	for id := range s.sheet.TouchAreas() {
		if s.over(id, p, slop) {
			return id
		}
	}
	return ""
}

func (s *Screen) over(id string, p fyne.Position, slop float32) bool {
	r, ok := s.sheet.TouchAreas()[id]
	x, y := s.frame.Design(p)
	return ok && x >= r.X-slop && x < r.Right()+slop && y >= r.Y-slop && y < r.Bottom()+slop
}

// The ids that a whole family shares.
const (
	optionID = "option."
	paperID  = "paper."
	editID   = "row.edit."
)

// act does what a touched thing is for.
func (s *Screen) act(id string) {
	if keyboard.Is(id) {
		s.typed(s.board.Press(id, s.draft.text()))
		return
	}
	if intent := s.intentOf(id); intent != nil {
		s.opt.Intent(intent)
		return
	}
	switch id {
	case contrastID:
		s.contrast = !s.contrast
	case simulatorID:
		if s.opt.Simulator != nil {
			s.opt.Simulator()
		}
	}
}

// intentOf is what touching id means to the session; nil for what is the screen's own.
func (s *Screen) intentOf(id string) session.Intent {
	switch id {
	case nextID:
		if s.snap.Page == session.PageIdle {
			return session.StillHere{}
		}
		return session.Next{}
	case backID:
		return session.Back{}
	case callID:
		return session.CallOfficer{}
	case noCardID:
		return session.NoCard{}
	case starID + "1", starID + "2", starID + "3", starID + "4", starID + "5":
		return session.Rate{Stars: int(id[len(id)-1] - '0')}
	case broughtID:
		return session.SayBrought{}
	case languageID:
		return session.Language{}
	case voiceID:
		return session.Repeat{}
	case searchID:
		return session.Search{}
	case refuseID:
		return session.Refuse{}
	case addRowID:
		return session.AddRow{}
	case upID:
		return session.Turn{By: -1}
	case downID:
		return session.Turn{By: 1}
	}
	if rest, ok := strings.CutPrefix(id, optionID); ok {
		return session.Choose{ID: rest}
	}
	if rest, ok := strings.CutPrefix(id, removeRowID); ok {
		at, err := strconv.Atoi(rest)
		if err != nil {
			return nil
		}
		return session.RemoveRow{At: at}
	}
	if rest, ok := strings.CutPrefix(id, paperID); ok {
		return session.Toggle{ID: rest}
	}
	if rest, ok := strings.CutPrefix(id, editID); ok {
		return session.Edit{Field: form.FieldID(rest)}
	}
	return nil
}

// typed sends on what a key made of the text.
func (s *Screen) typed(r keyboard.Result) {
	switch {
	case s.snap.Form == nil:
	case r.Done:
		if s.snap.Next.Shown && s.snap.Next.Enabled {
			s.opt.Intent(session.Next{})
		}
	case r.Text != s.draft.text() && s.allows(r.Text):
		s.draft.send(r.Text, s.opt.Clock())
		s.opt.Intent(session.Type{Text: r.Text})
	}
}

// allows reports whether the field takes the text: not longer than it may be, unless it becomes shorter.
func (s *Screen) allows(text string) bool {
	f := s.snap.Form
	n := utf8.RuneCountInString(text)
	return f.MaxLen <= 0 || n <= f.MaxLen || n < utf8.RuneCountInString(s.draft.text())
}

// TypedRune takes a letter from a keyboard that is plugged in: an officer helps. It goes into the field as it is.
func (s *Screen) TypedRune(r rune) {
	f := s.snap.Form
	if f == nil || unicode.IsControl(r) || f.Kind.Numeric() && !unicode.IsDigit(r) {
		return
	}
	s.typed(keyboard.Result{Text: norm.NFC.String(s.draft.text() + string(r))})
	s.draw()
}

// TypedKey takes the other keys: Enter continues, Backspace deletes.
func (s *Screen) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if s.snap.Next.Shown && s.snap.Next.Enabled && s.finger.accepts(nextID, s.opt.Clock()) {
			s.finger.last, s.finger.lastAt = nextID, s.opt.Clock()
			s.opt.Intent(s.intentOf(nextID))
		}
	case fyne.KeyBackspace:
		if s.snap.Form != nil {
			s.typed(keyboard.Result{Text: compose.Delete(s.draft.text())})
			s.draw()
		}
	}
}
