// Package keyboard is the keyboard on the screen: letters with their Vietnamese marks, tone keys, and large digits.
//
// A Board draws itself on a Sheet (Draw) and says what a touched key makes of the text (Press); the text itself is the
// caller's. Which letters are on it, and what is behind the key "123", is a table (layout.go). How tones are placed is
// package compose.
//
// There is no Telex: a person who has never typed finds "sắc" on a key, and cannot find it behind the letter s.
package keyboard

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"motcua/kiosk/form"
	"motcua/ui/keyboard/compose"
	"motcua/ui/parts"
	"motcua/ui/theme"
)

// prefix begins the id of every key: kbd.a, kbd.space.
const prefix = "kbd."

// The ids of the keys that are no letters.
const (
	idSpace  = prefix + "space"
	idDelete = prefix + "delete"
	idShift  = prefix + "shift"
	idPage   = prefix + "page"
	idDone   = prefix + "done"
)

// tones by the id of their key, in order.
var tones = []struct {
	id, letter, word string
	tone             compose.Tone
}{
	{prefix + "sac", "á", "keyboard.tone-sac", compose.Sac},
	{prefix + "huyen", "à", "keyboard.tone-huyen", compose.Huyen},
	{prefix + "hoi", "ả", "keyboard.tone-hoi", compose.Hoi},
	{prefix + "nga", "ã", "keyboard.tone-nga", compose.Nga},
	{prefix + "nang", "ạ", "keyboard.tone-nang", compose.Nang},
}

// Board is the keyboard as it stands: which page is up, whether shift was pressed. The zero value is ready.
type Board struct {
	numbers bool // the page behind "123"
	shifted bool // shift was pressed: the opposite of what the text suggests
}

// Is reports whether an id is that of a key of a keyboard.
func Is(id string) bool { return strings.HasPrefix(id, prefix) }

// Result is what a key did.
type Result struct {
	Text string
	Done bool // the key that says that the text is complete
}

// Press applies a key to the text.
func (b *Board) Press(id, text string) Result {
	switch id {
	case idDone:
		return Result{text, true}
	case idSpace:
		return Result{Text: b.letter(text, ' ')}
	case idDelete:
		return Result{Text: compose.Delete(text)}
	case idShift:
		b.shifted = !b.shifted
		return Result{Text: text}
	case idPage:
		b.numbers, b.shifted = !b.numbers, false
		return Result{Text: text}
	}
	for _, t := range tones {
		if t.id == id {
			return Result{Text: compose.Accent(text, t.tone)}
		}
	}
	if r, size := utf8.DecodeRuneInString(id[len(prefix):]); len(id) == len(prefix)+size && r != utf8.RuneError {
		return Result{Text: b.letter(text, r)}
	}
	return Result{Text: text}
}

func (b *Board) letter(text string, r rune) string {
	if r == ' ' && (text == "" || strings.HasSuffix(text, " ")) {
		return text
	}
	if b.upper(text) {
		r = unicode.ToUpper(r)
	}
	b.shifted = false
	return compose.Append(text, r)
}

// upper: words begin with a capital by themselves, because what is typed here are names of people and places.
func (b *Board) upper(text string) bool { return compose.WordStart(text) != b.shifted }

// Draw puts the keyboard for a kind of field on the sheet; word gives the words on the keys.
func (b *Board) Draw(s *parts.Sheet, kind form.Kind, text string, word func(key string) string) {
	l := b.layout(kind, s.Portrait)
	for _, k := range l.keys {
		b.drawKey(s, k, l.area(k), b.upper(text), word)
	}
}

func (b *Board) layout(kind form.Kind, portrait bool) layout {
	switch {
	case kind.Numeric() && portrait:
		return digitsUpright
	case kind.Numeric():
		return digits
	case b.numbers && portrait:
		return numbersUpright
	case b.numbers:
		return numbers
	case portrait:
		return lettersUpright
	}
	return letters
}

// Sizes of what stands on keys.
const (
	letterSize = 44
	digitSize  = 56
	wordSize   = 40
)

func (b *Board) drawKey(s *parts.Sheet, k key, area parts.Rect, upper bool, word func(string) string) {
	p := parts.Key{ID: k.id, Edge: theme.LineWidth, Size: wordSize}
	switch {
	case k.tone >= 0:
		t := tones[k.tone]
		s.ToneKey(t.id, t.letter, word(t.word), area)
		return
	case k.id == idDone:
		p.Word, p.Look = word("keyboard.done"), parts.Primary
	case k.id == idDelete:
		p.Word, p.Icon = word("keyboard.delete"), "delete"
	case k.id == idSpace:
		p.Word, p.Light = word("keyboard.space"), true
	case k.id == idShift:
		p.Icon = "arrow-big-up"
		if upper {
			p.Look = parts.Done
		}
	case k.id == idPage && b.numbers:
		p.Word = word("keyboard.letters")
	case k.id == idPage:
		p.Word = word("keyboard.numbers")
	default:
		p.Word, p.Size, p.Light = k.face(upper), letterSize, !k.marked
		if k.large {
			p.Size, p.Light = digitSize, false
		}
		if k.marked {
			p.Look = parts.Tone
		}
	}
	s.Key(p, area)
}
