package keyboard

import (
	"testing"
	"unicode/utf8"

	"motcua/kiosk/form"
	"motcua/ui/parts"
	"motcua/ui/theme"
)

// TestLayoutsCanBeTouched measures every layout in design pixels.
func TestLayoutsCanBeTouched(t *testing.T) {
	for name, c := range map[string]struct {
		l      layout
		within parts.Rect
	}{
		"letters": {letters, parts.Rect{X: 63, Y: 458, W: 1794, H: 470}}, "numbers": {numbers, parts.Rect{X: 63, Y: 458, W: 1794, H: 470}},
		"digits": {digits, parts.Rect{X: 63, Y: 458, W: 1794, H: 470}}, "letters upright": {lettersUpright, parts.Rect{X: 23, Y: 946, W: 1034, H: 700}},
		"numbers upright": {numbersUpright, parts.Rect{X: 23, Y: 946, W: 1034, H: 700}}, "digits upright": {digitsUpright, parts.Rect{X: 23, Y: 946, W: 1034, H: 700}},
	} {
		for i, k := range c.l.keys {
			r := c.l.area(k)
			if r.W < theme.MinTouch || r.H < theme.MinTouch {
				t.Errorf("%s: %s is only %v", name, k.id, r)
			}
			if r.X < c.within.X || r.Y < c.within.Y || r.Right() > c.within.Right() || r.Bottom() > c.within.Bottom() {
				t.Errorf("%s: %s is at %v, outside %v", name, k.id, r, c.within)
			}
			for _, other := range c.l.keys[:i] {
				o := c.l.area(other)
				if dx, dy := max(r.X-o.Right(), o.X-r.Right()), max(r.Y-o.Bottom(), o.Y-r.Bottom()); max(dx, dy) < theme.MinGap-0.1 {
					t.Errorf("%s: %s and %s are too near", name, k.id, other.id)
				}
			}
		}
	}
}

// TestEveryKeyDoesSomething presses each key of each layout.
func TestEveryKeyDoesSomething(t *testing.T) {
	for name, l := range map[string]layout{"letters": letters, "numbers": numbers, "digits": digits, "letters upright": lettersUpright,
		"numbers upright": numbersUpright, "digits upright": digitsUpright} {
		ids := map[string]bool{}
		for _, k := range l.keys {
			if ids[k.id] || !Is(k.id) {
				t.Errorf("%s: %s is there twice, or no key", name, k.id)
			}
			ids[k.id] = true
			b := Board{}
			before := b
			r := b.Press(k.id, "hoa")
			if r.Text == "hoa" && !r.Done && b == before {
				t.Errorf("%s: %s does nothing", name, k.id)
			}
			if !utf8.ValidString(r.Text) {
				t.Errorf("%s: %s makes %q", name, k.id, r.Text)
			}
		}
		if !ids[idDelete] || !ids[idDone] {
			t.Errorf("%s: delete or done is missing", name)
		}
	}
}

func TestTypingAName(t *testing.T) {
	var b Board
	text := ""
	for _, id := range []string{"h", "a", "huyen", "space", "space", "v", "ă", "n", "space", "t", "h", "u", "y", "ê", "t", "sac"} {
		text = b.Press(prefix+id, text).Text
	}
	if text != "Hà Văn Thuyết" {
		t.Errorf("typed %q", text)
	}
}

func TestShift(t *testing.T) {
	var b Board
	text := b.Press(idShift, "").Text
	if text = b.Press(prefix+"a", text).Text; text != "a" {
		t.Errorf("shift at the beginning of a word gives %q", text)
	}
	b.Press(idShift, text)
	if text = b.Press(prefix+"b", text).Text; text != "aB" {
		t.Errorf("shift inside a word gives %q", text)
	}
	if text = b.Press(prefix+"c", text).Text; text != "aBc" {
		t.Errorf("shift stays: %q", text)
	}
}

func TestPages(t *testing.T) {
	var b Board
	has := func(id string, portrait bool) bool {
		for _, k := range b.layout(form.Text, portrait).keys {
			if k.id == id {
				return true
			}
		}
		return false
	}
	if !has("kbd.q", false) || has("kbd.7", true) {
		t.Error("the first page has no letters")
	}
	b.Press(idPage, "")
	for _, id := range []string{"kbd.7", "kbd./", "kbd.,", "kbd..", "kbd.-"} {
		if !has(id, false) || !has(id, true) {
			t.Errorf("the second page has no %s", id)
		}
	}
	b.Press(idPage, "")
	if !has("kbd.q", true) {
		t.Error("there is no way back to the letters")
	}
}
