package parts

import (
	"image/color"

	"motcua/ui/theme"
	"motcua/ui/typeset"
)

// Look is how a key stands out.
type Look uint8

// The looks.
const (
	Plain   Look = iota // white with a dark edge
	Primary             // filled: what most people touch next
	Accent              // white, edge and word in the primary colour
	Tone                // the keyboard's accent keys
	Done                // in the band colour: it was touched, and worked
)

// Key is something to press with a word on it.
type Key struct {
	ID    string
	Word  string
	Icon  string
	After bool // the icon stands behind the word
	Look  Look
	Off   bool // visible, and cannot be touched
	Size  float32
	Icons float32 // size of the icon
	Edge  float32 // width of its edge; 0 is theme.EdgeWidth
	Round float32 // 0 is theme.Radius
	Light bool    // a thin word: letters of the keyboard
}

// Sizes of words and icons on keys.
const (
	keyWord = 40
	keyIcon = 44
)

// keyColours are fill, edge and ink.
type keyColours struct{ fill, edge, ink color.NRGBA }

func (s *Sheet) keyColours(look Look, off, pressed bool) keyColours {
	p := s.Palette
	if off {
		return keyColours{p.Ground, p.Line, p.Muted}
	}
	c := map[Look]keyColours{
		Plain:   {p.Surface, p.Edge, p.Ink},
		Primary: {p.Primary, p.Primary, p.OnPrimary},
		Accent:  {p.Surface, p.Primary, p.Primary},
		Tone:    {p.Warning, p.WarningInk, p.WarningInk},
		Done:    {p.Band, p.BandInk, p.BandInk},
	}[look]
	switch {
	case pressed && look == Primary: // turned round, so that it is seen at once
		return keyColours{p.Surface, p.Primary, p.Primary}
	case pressed:
		return keyColours{p.Primary, p.Primary, p.OnPrimary}
	}
	return c
}

// Key draws a key and makes it touchable unless it is off.
func (s *Sheet) Key(k Key, area Rect) {
	c := s.keyGround(k, area)
	weight := typeset.SemiBold
	if k.Light {
		weight = typeset.Medium
	}
	t := Type{Size: orElse(k.Size, keyWord), Weight: weight, Color: c.ink, Leading: theme.Tight}
	s.Labelled(k.Icon, orElse(k.Icons, keyIcon), k.Word, t, area, k.After)
}

// keyGround draws the key without its word.
func (s *Sheet) keyGround(k Key, area Rect) keyColours {
	pressed := !k.Off && s.Touchable(k.ID, area)
	c := s.keyColours(k.Look, k.Off, pressed)
	s.Box(area, Shape{c.fill, c.edge, orElse(k.Edge, theme.EdgeWidth), orElse(k.Round, theme.Radius)})
	return c
}

func orElse(v, other float32) float32 {
	if v == 0 {
		return other
	}
	return v
}

// ToneKey draws a key of the keyboard that puts a tone on the syllable: a letter with it, and its name.
func (s *Sheet) ToneKey(id, letter, name string, area Rect) {
	const letterSize, gap = 44, 8
	c := s.keyGround(Key{ID: id, Look: Tone, Edge: theme.LineWidth}, area)
	word := Type{Size: theme.MinSmall, Weight: typeset.SemiBold, Color: c.ink, Min: theme.MinSmall}
	big := Type{Size: letterSize, Weight: typeset.SemiBold, Color: c.ink}
	w := s.Fonts.Width(letter, big.Weight, big.Size)
	room := area.W - 2*6 - w - gap
	set := s.set(name, Type{Size: word.Size, Weight: word.Weight, Min: word.Min, Lines: 1}, Rect{W: room})
	nw := s.Fonts.Width(name, word.Weight, set.Size)
	x := area.MidX() - (w+gap+nw)/2
	s.Line(letter, big, x, area.MidY())
	s.LineIn(name, word, x+w+gap, area.MidY(), room+1)
}

// Turn draws the keys that turn the pages of a long list, in a rail (or a row, upright), with the page number between.
type Turn struct {
	Up, Down           string // words: "Trang trước", "Trang sau"
	Page, Number       string // "Trang", "1 / 3"
	UpOff, DownOff     bool
	UpTouch, DownTouch string // ids
}

// Rail draws the keys one above the other.
func (s *Sheet) Rail(t Turn, area Rect) {
	const keyHigh = 228
	up := Rect{area.X, area.Y, area.W, keyHigh}
	down := Rect{area.X, area.Bottom() - keyHigh, area.W, keyHigh}
	s.turnKey(t.UpTouch, t.Up, "chevron-up", t.UpOff, up, true)
	s.turnKey(t.DownTouch, t.Down, "chevron-down", t.DownOff, down, false)
	number := Type{Size: theme.Body, Weight: typeset.SemiBold, Color: s.Palette.Ink, Align: Middle}
	middle := (up.Bottom() + down.Y) / 2
	s.LineIn(t.Page, number, area.X, middle-28, area.W)
	s.LineIn(t.Number, number, area.X, middle+28, area.W)
}

func (s *Sheet) turnKey(id, word, icon string, off bool, area Rect, iconAbove bool) {
	const iconSize, margin = 72, 20
	c := s.keyGround(Key{ID: id, Off: off}, area)
	at, text := area.Y+62, Rect{area.X + margin, area.Y + 100, area.W - 2*margin, area.H - 112}
	if !iconAbove {
		at, text.Y = area.Bottom()-62, area.Y+12
	}
	s.Icon(icon, area.MidX(), at, iconSize, c.ink)
	s.Paragraph(word, Type{Size: keyWord, Weight: typeset.SemiBold, Color: c.ink, Align: Middle, Leading: 1.3}, text)
}

// TurnRow draws the keys side by side, for upright panels.
func (s *Sheet) TurnRow(t Turn, area Rect) {
	const wide = 364
	left := Rect{area.X, area.Y, wide, area.H}
	right := Rect{area.Right() - wide, area.Y, wide, area.H}
	s.Key(Key{ID: t.UpTouch, Word: t.Up, Icon: "chevron-up", Icons: 58, Off: t.UpOff}, left)
	s.Key(Key{ID: t.DownTouch, Word: t.Down, Icon: "chevron-down", Icons: 58, After: true, Off: t.DownOff}, right)
	s.LineIn(t.Page+" "+t.Number, Type{Size: keyWord, Weight: typeset.SemiBold, Color: s.Palette.Ink, Align: Middle},
		left.Right(), area.MidY(), right.X-left.Right())
}
