package citizen

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"motcua/kiosk/session"
	"motcua/ui/parts"
	"motcua/ui/theme"
)

// flaws looks at a page as a strict reader does.
func flaws(s *parts.Sheet) []string {
	var found []string
	report := func(what string, texts ...string) { found = append(found, what+": "+strings.Join(texts, " | ")) }
	written := s.Written()
	for i, w := range written {
		if w.Tiny {
			continue
		}
		if w.Size < theme.MinSmall {
			report("smaller than anything may be", w.Text)
		}
		if w.Tight {
			report("made too small to fit", w.Text)
		}
		if w.Room > 0 && w.Area.W > w.Room+2 {
			report("wider than its room", w.Text)
		}
		if outside(ink(w), s.Page()) {
			report("leaves the page", w.Text)
		}
		for _, other := range written[:i] {
			if !other.Tiny && gap(ink(w), ink(other)) < 0 {
				report("overlap", w.Text, other.Text)
			}
		}
	}
	areas := s.TouchAreas()
	for id, r := range areas {
		if r.W < theme.MinTouch || r.H < theme.MinTouch {
			report("too small to touch", id)
		}
		if outside(r, s.Page()) {
			report("leaves the page", id)
		}
		for other, o := range areas {
			if id < other && gap(r, o) < theme.MinGap-0.1 {
				report("too near to each other", id, other)
			}
		}
	}
	if len(areas) != len(s.Touches()) {
		report("two things to touch with one id")
	}
	return found
}

// ink is what the letters of a text take at least: accents above them may reach between the lines.
func ink(w parts.Written) parts.Rect { return w.Area.Inset(0, 0.13*w.Size) }

func outside(r, page parts.Rect) bool {
	const touch = 1
	return r.X < page.X-touch || r.Y < page.Y-touch || r.Right() > page.Right()+touch || r.Bottom() > page.Bottom()+touch
}

// gap is how far two areas are apart; negative if they overlap.
func gap(a, b parts.Rect) float32 {
	dx := max(a.X-b.Right(), b.X-a.Right())
	dy := max(a.Y-b.Bottom(), b.Y-a.Bottom())
	return max(dx, dy)
}

// TestPagesAreSound draws the whole gallery in both shapes.
func TestPagesAreSound(t *testing.T) {
	for shape, size := range shapes {
		r := newRig(t, size)
		for _, state := range everything() {
			r.Show(state.Snapshot)
			for _, flaw := range slices.Concat(flaws(r.Sheet()), wordless(r), moved(r, shape)) {
				t.Errorf("%s %s: %s", shape, state.Name, flaw)
			}
			for _, o := range r.Sheet().Objects() {
				if text, ok := o.(*canvas.Text); ok && beyond(text, size) {
					t.Errorf("%s %s: %q is drawn outside the window", shape, state.Name, text.Text)
				}
			}
		}
	}
}

// beyond reports whether a text leaves the window. The upper part of its picture is room for two accents on a capital.
func beyond(o *canvas.Text, size fyne.Size) bool {
	const accents = 0.2
	at, end := o.Position(), o.Position().Add(o.Size())
	return at.X < 0 || at.Y < -accents*o.TextSize || end.X > size.Width+1 || end.Y > size.Height+1
}

// TestFlawsAreFound holds that the strict reader sees what it is there for.
func TestFlawsAreFound(t *testing.T) {
	r := newRig(t, landscape)
	sheet := parts.NewSheet(r.kit, r.frame, theme.Light(), "")
	big := parts.Type{Size: 40, Weight: 400, Color: theme.Light().Ink}
	sheet.Line("one", big, 100, 100)
	sheet.Line("over", big, 110, 110)
	sheet.Line("gone", big, 1900, 500)
	sheet.Line("tiny", parts.Type{Size: 20, Weight: 400, Color: theme.Light().Ink}, 100, 300)
	sheet.LineIn(strings.Repeat("long ", 40), big, 100, 600, 200)
	sheet.Touchable("a", parts.Rect{X: 0, Y: 0, W: 80, H: 200})
	sheet.Touchable("b", parts.Rect{X: 90, Y: 0, W: 100, H: 200})
	all := strings.Join(flaws(sheet), "\n")
	for _, want := range []string{"overlap: over | one", "leaves the page: gone", "smaller than anything may be: tiny", "made too small",
		"too small to touch: a", "too near to each other: a | b"} {
		if !strings.Contains(all, want) {
			t.Errorf("not found: %s in\n%s", want, all)
		}
	}
}

// TestOtherPanels draws the gallery in windows of other shapes and sizes.
func TestOtherPanels(t *testing.T) {
	for _, size := range []fyne.Size{fyne.NewSize(1366, 768), fyne.NewSize(1280, 1024), fyne.NewSize(768, 1366)} {
		r := newRig(t, size)
		for _, state := range everything() {
			r.Show(state.Snapshot)
			for _, o := range r.Sheet().Objects() {
				if text, ok := o.(*canvas.Text); ok && beyond(text, size) {
					t.Errorf("%v %s: %q is drawn outside the window", size, state.Name, text.Text)
				}
			}
			for _, touch := range r.TouchMap() {
				if touch.X < 0 || touch.Y < 0 || touch.X+touch.Width > size.Width+1 || touch.Y+touch.Height > size.Height+1 {
					t.Errorf("%v %s: %s is outside the window", size, state.Name, touch.ID)
				}
			}
		}
	}
}

var keyLike = regexp.MustCompile(`^[a-z]+(\.[a-zA-Z0-9-]+)+$`)

// wordless finds names of texts that are shown instead of the texts.
func wordless(r *rig) (found []string) {
	for _, text := range r.Texts() {
		if keyLike.MatchString(text) || strings.Contains(text, "{0}") {
			found = append(found, text+" is no text")
		}
	}
	return found
}

// barPlaces is where the three keys are, on every page.
var barPlaces = map[string]map[string]parts.Rect{
	"wide":    {backID: {X: 64, Y: 957, W: 372, H: 104}, callID: {X: 742, Y: 957, W: 436, H: 104}, nextID: {X: 1336, Y: 957, W: 520, H: 104}},
	"upright": {backID: {X: 48, Y: 1798, W: 486, H: 100}, callID: {X: 546, Y: 1798, W: 486, H: 100}, nextID: {X: 48, Y: 1678, W: 984, H: 108}},
}

// moved finds bar keys that are not in their place. The idle page alone has two of them larger, in the middle.
func moved(r *rig, shape string) (found []string) {
	for id, area := range r.Sheet().TouchAreas() {
		place, fixed := barPlaces[shape][id]
		if fixed && area != place && !(r.snap.Page == session.PageIdle && id != callID) {
			found = append(found, fmt.Sprintf("%s is at %v, want %v", id, area, place))
		}
	}
	return found
}

func BenchmarkPage(b *testing.B) {
	r := newRig(b, landscape)
	states := everything()
	for b.Loop() {
		for _, state := range states {
			r.Show(state.Snapshot)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(states)), "µs/page")
}
