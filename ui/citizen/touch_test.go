package citizen

import (
	"context"
	"image"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"motcua/assets"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
	"motcua/ui/citizen/gallery"
)

// state finds a picture of the gallery.
func state(t testing.TB, name string) session.Snapshot {
	t.Helper()
	all := everything()
	i := slices.IndexFunc(all, func(s gallery.State) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("the gallery has no %s", name)
	}
	return all[i].Snapshot
}

// show shows a page and waits until it may be touched.
func (r *rig) show(snap session.Snapshot) {
	r.Show(snap)
	r.wait(time.Second)
}

func mouse(p fyne.Position) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p, AbsolutePosition: p}, Button: desktop.MouseButtonPrimary}
}

// middle is where a finger aims.
func (r *rig) middle(t testing.TB, id string) fyne.Position {
	t.Helper()
	for _, touch := range r.TouchMap() {
		if touch.ID == id {
			return fyne.NewPos(touch.X+touch.Width/2, touch.Y+touch.Height/2)
		}
	}
	t.Fatalf("%s is not on the page: %v", id, r.TouchMap())
	return fyne.Position{}
}

func (r *rig) touch(t testing.TB, id string) {
	t.Helper()
	p := r.middle(t, id)
	r.glass.MouseDown(mouse(p))
	r.glass.MouseUp(mouse(p))
}

// take gives the intents so far and forgets them.
func (r *rig) take() []session.Intent {
	list := r.intents
	r.intents = nil
	return list
}

func TestTouchesAreIntents(t *testing.T) {
	for _, c := range []struct {
		page, id string
		want     session.Intent
	}{
		{"welcome", "nocard", session.NoCard{}}, {"welcome", "key.call", session.CallOfficer{}},
		{"confirm", "key.next", session.Next{}}, {"confirm", "key.back", session.Back{}},
		{"service", "option.luu-tru", session.Choose{ID: "luu-tru"}}, {"service", "turn.down", session.Turn{By: 1}},
		{"extreme-service", "turn.up", session.Turn{By: -1}}, {"question", "option.own", session.Choose{ID: "own"}},
		{"papers", "paper.head-consent", session.Toggle{ID: "head-consent"}}, {"review", "row.edit.dwelling", session.Edit{Field: "dwelling"}},
		{"idle", "key.next", session.StillHere{}}, {"idle", "key.back", session.Back{}}, {"form", "kbd.done", session.Next{}},
		{"form", "kbd.t", session.Type{Text: "Hà Văn Thuyết"}}, {"form", "kbd.huyen", session.Type{Text: "Hà Văn Thuyề"}},
		{"form", "kbd.delete", session.Type{Text: "Hà Văn Thuy"}}, {"form", "kbd.space", session.Type{Text: "Hà Văn Thuyế "}},
		{"form-digits", "kbd.7", session.Type{Text: "091234567"}},
	} {
		for shape, size := range shapes {
			r := newRig(t, size)
			r.show(state(t, c.page))
			r.touch(t, c.id)
			if got := r.take(); !reflect.DeepEqual(got, []session.Intent{c.want}) {
				t.Errorf("%s %s: %s gives %#v, want %#v", shape, c.page, c.id, got, c.want)
			}
		}
	}
}

func TestWhatIsOffCannotBeTouched(t *testing.T) {
	r := newRig(t, landscape)
	r.show(state(t, "reading"))
	for _, touch := range r.TouchMap() {
		if touch.ID == "key.next" {
			t.Error("continue can be touched while it is off")
		}
	}
	r.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got := r.take(); len(got) > 0 {
		t.Errorf("Enter gives %v while continue is off", got)
	}
}

func TestADoubleTouchDoesNotSkipAPage(t *testing.T) {
	r := newRig(t, landscape)
	r.show(state(t, "question"))
	r.touch(t, "key.next")
	r.wait(80 * time.Millisecond)
	r.touch(t, "key.next") // the page is still there: the session was slow
	r.Show(state(t, "form"))
	r.wait(80 * time.Millisecond)
	r.touch(t, "key.next") // the next page came under the finger
	if got := r.take(); len(got) != 1 {
		t.Fatalf("a trembling finger gave %d intents, want 1", len(got))
	}
	r.wait(fresh)
	r.touch(t, "key.next")
	if got := r.take(); len(got) != 1 {
		t.Errorf("a touch after %v gave %d intents, want 1", fresh, len(got))
	}
}

func TestAPressThatOutlivesItsPageIsNone(t *testing.T) {
	r := newRig(t, landscape)
	r.show(state(t, "question"))
	p := r.middle(t, "key.next")
	r.glass.MouseDown(mouse(p))
	r.Show(state(t, "review"))
	r.glass.MouseUp(mouse(p))
	if got := r.take(); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

func TestAPressSurvivesARedraw(t *testing.T) {
	r := newRig(t, landscape)
	r.show(state(t, "reading"))
	p := r.middle(t, "key.back")
	r.glass.MouseDown(mouse(p))
	further := state(t, "reading")
	view := *further.Reading
	view.Progress = 0.9
	further.Reading = &view
	r.Show(further)
	r.glass.MouseUp(mouse(p.AddXY(3, 3)))
	if got := r.take(); !reflect.DeepEqual(got, []session.Intent{session.Back{}}) {
		t.Errorf("got %v", got)
	}
}

func TestAFingerThatSlidesAwayMeansNothing(t *testing.T) {
	r := newRig(t, landscape)
	r.show(state(t, "question"))
	p := r.middle(t, "key.next")
	r.glass.MouseDown(mouse(p))
	if r.finger.pressed != "key.next" {
		t.Error("the key does not show that it is pressed")
	}
	r.glass.MouseUp(mouse(p.AddXY(0, -400)))
	if got := r.take(); len(got) > 0 || r.finger.pressed != "" {
		t.Errorf("got %v", got)
	}
}

// TestTypingIsAheadOfTheSession types faster than Snapshots come back.
func TestTypingIsAheadOfTheSession(t *testing.T) {
	r := newRig(t, landscape)
	snap := state(t, "form")
	answer := func(value string) {
		f := *snap.Form
		f.Value = value
		snap.Form = &f
		r.Show(snap)
	}
	answer("")
	r.wait(time.Second)
	for _, id := range []string{"kbd.h", "kbd.o", "kbd.a", "kbd.sac", "kbd.n"} {
		r.touch(t, id)
		r.wait(40 * time.Millisecond)
	}
	answer("H")
	answer("Ho")
	if got := r.draft.text(); got != "Hoán" {
		t.Fatalf("the field shows %q, want Hoán", got)
	}
	answer("Hoán")
	if got := r.draft.text(); got != "Hoán" || len(r.draft.sent) != 0 {
		t.Errorf("the field shows %q", got)
	}
	answer("Hoàng") // the session's own word counts
	if got := r.draft.text(); got != "Hoàng" {
		t.Errorf("the field shows %q", got)
	}
	r.touch(t, "kbd.x")
	r.wait(2 * patience) // never answered
	r.Tick(r.clock)
	if got := r.draft.text(); got != "Hoàng" {
		t.Errorf("the field still shows %q", got)
	}
}

func TestKeyboardThatIsPluggedIn(t *testing.T) {
	r := newRig(t, landscape)
	r.show(state(t, "form"))
	for _, letter := range "t Đ" {
		r.TypedRune(letter)
	}
	r.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	r.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	want := []session.Intent{session.Type{Text: "Hà Văn Thuyết"}, session.Type{Text: "Hà Văn Thuyết "}, session.Type{Text: "Hà Văn Thuyết Đ"},
		session.Type{Text: "Hà Văn Thuyết "}, session.Next{}}
	if got := r.take(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v", got)
	}
	r.show(state(t, "form-digits"))
	r.TypedRune('x')
	if got := r.take(); len(got) > 0 {
		t.Errorf("a letter in a field of digits gives %v", got)
	}
	r.show(state(t, "question"))
	r.TypedRune('x')
	if got := r.take(); len(got) > 0 {
		t.Errorf("a letter on a page without a field gives %v", got)
	}
}

func TestFieldsHaveAnEnd(t *testing.T) {
	r := newRig(t, landscape)
	snap := state(t, "form-digits")
	f := *snap.Form
	f.Value = "0912345678"
	snap.Form = &f
	r.show(snap)
	r.touch(t, "kbd.9")
	r.TypedRune('9')
	if got := r.take(); len(got) > 0 {
		t.Errorf("an eleventh digit gives %v", got)
	}
	r.touch(t, "kbd.delete")
	if got := r.take(); len(got) != 1 {
		t.Errorf("delete gives %v", got)
	}
}

func TestEasyToSee(t *testing.T) {
	r := newRig(t, landscape)
	r.show(state(t, "question"))
	before := r.window.Canvas().Capture().At(5, 500)
	r.touch(t, "top.contrast")
	after := r.window.Canvas().Capture().At(5, 500)
	if before == after || len(r.take()) > 0 {
		t.Errorf("paper was %v and is %v", before, after)
	}
	next := state(t, "welcome")
	next.Serial = 2
	r.Show(next)
	if r.contrast {
		t.Error("the next citizen finds high contrast on")
	}
}

func TestSimulatorMark(t *testing.T) {
	r := newRig(t, landscape)
	r.show(state(t, "welcome-simulated"))
	r.touch(t, "simulator")
	if r.marks != 1 || len(r.take()) > 0 {
		t.Errorf("touched %d times", r.marks)
	}
	if !strings.Contains(strings.Join(r.Texts(), " "), "Máy giả lập: đầu đọc thẻ, ô quét mã, máy in") {
		t.Error("the mark does not say what is simulated")
	}
}

func TestClockTicks(t *testing.T) {
	r := newRig(t, landscape)
	r.show(state(t, "welcome"))
	drawn := r.changed
	r.Tick(time.Date(2026, 11, 23, 9, 12, 40, 0, time.UTC))
	if r.changed != drawn {
		t.Error("the page is drawn although nothing on it changed")
	}
	r.Tick(time.Date(2026, 11, 23, 9, 13, 0, 0, time.UTC))
	if !slices.Contains(r.Texts(), "09:13") || !slices.Contains(r.Texts(), "Thứ Hai, ngày 23/11/2026") {
		t.Errorf("the clock shows %q", r.Texts())
	}
}

// TestForget holds that nothing of a person is left in what the screen holds.
func TestForget(t *testing.T) {
	for name, leave := range map[string]func(r *rig){
		"forget":       func(r *rig) { r.Forget() },
		"next citizen": func(r *rig) { s := state(t, "welcome"); s.Serial = 2; r.Show(s) },
	} {
		r := newRig(t, landscape)
		r.show(state(t, "confirm"))
		pixels, shown := r.photo.pixels, r.photo.shown
		if pixels == nil || !slices.Contains(r.Texts(), "BÙI THỊ NGUYỆT") {
			t.Fatal("the page does not show the person")
		}
		leave(r)
		if slices.ContainsFunc(pixels.Pix, func(b byte) bool { return b != 0 }) {
			t.Errorf("%s: the portrait's pixels are still there", name)
		}
		if r.photo.pixels != nil || shown.Image == image.Image(pixels) {
			t.Errorf("%s: the portrait is still held", name)
		}
		if all := strings.Join(r.Texts(), "\n"); strings.Contains(all, "NGUYỆT") || strings.Contains(all, "099") {
			t.Errorf("%s: the page still says %s", name, all)
		}
		if r.snap.Confirm != nil {
			t.Errorf("%s: the snapshot is still held", name)
		}
	}
}

// TestIdleIsNobody holds that the idle page has nothing personal, whatever lay under it.
func TestIdleIsNobody(t *testing.T) {
	r := newRig(t, landscape)
	r.show(state(t, "confirm"))
	r.show(state(t, "idle"))
	if all := strings.Join(r.Texts(), "\n"); strings.Contains(all, "NGUYỆT") || strings.Contains(all, "099") {
		t.Errorf("the idle page says %s", all)
	}
}

// withPhoto is the confirm page with another photo.
func withPhoto(t *testing.T, data []byte) session.Snapshot {
	snap := state(t, "confirm")
	c := *snap.Confirm
	c.Photo = &identity.Photo{Type: "image/jp2", Data: data}
	snap.Confirm = &c
	return snap
}

func jpeg2000(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("../photo/testdata/480x640.jp2")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const unseen = "Máy không mở được ảnh trong thẻ"

// TestAPhotoThatIsNone holds that a page with bytes nobody can read shows the outline of somebody, and says so.
func TestAPhotoThatIsNone(t *testing.T) {
	for name, size := range shapes {
		r := newRig(t, size)
		r.show(withPhoto(t, []byte("\x00\x00\x00\x0cjP  \r\n\x87\n")))
		said := strings.Join(r.Texts(), " ")
		if r.photo.shown != nil || !strings.Contains(said, "BÙI THỊ NGUYỆT") || !strings.Contains(said, unseen) {
			t.Errorf("%s: the page is not what it should be: %s", name, said)
		}
		r.show(state(t, "confirm-typed"))
		if said := strings.Join(r.Texts(), " "); strings.Contains(said, unseen) {
			t.Errorf("%s: a photo that nobody has is missed", name)
		}
	}
}

// TestJPEG2000 holds that such a photo is shown like any other.
func TestJPEG2000(t *testing.T) {
	r := newRig(t, landscape)
	r.show(withPhoto(t, jpeg2000(t)))
	if r.photo.shown == nil || r.photo.pixels.Bounds() != image.Rect(0, 0, 480, 640) || strings.Contains(strings.Join(r.Texts(), " "), unseen) {
		t.Error("the photo is not shown")
	}
}

// TestALatePhoto holds that the page does not wait for a photo, that it is drawn when it has come, and that nothing
// is drawn that came for somebody who has left.
func TestALatePhoto(t *testing.T) {
	r := newRig(t, landscape)
	r.opt.PhotoWait = 1 // a nanosecond
	gate, decode := make(chan struct{}), r.decode
	r.decode = func(ctx context.Context, data []byte) (*image.RGBA, error) {
		<-gate
		return decode(ctx, data)
	}
	snap := withPhoto(t, jpeg2000(t))
	r.Show(snap)
	if r.photo.coming == nil || r.photo.shown != nil || strings.Contains(strings.Join(r.Texts(), " "), unseen) {
		t.Fatal("the photo came too early, or is missed too early")
	}
	gate <- struct{}{}
	(<-r.later)()
	if r.photo.shown == nil || r.photo.coming != nil {
		t.Fatal("the photo that came was not drawn")
	}
	snap.Serial++
	snap.Confirm.Photo = &identity.Photo{Data: jpeg2000(t)}
	r.Show(snap)
	late := r.photo.coming
	close(gate)
	r.Forget()
	if late == nil || r.photo.coming != nil {
		t.Fatal("the photo is still awaited")
	}
	if late.pixels != nil && slices.ContainsFunc(late.pixels.Pix, func(b byte) bool { return b != 0 }) {
		t.Error("the photo of somebody who has left is still there")
	}
	(<-r.later)()
	if r.photo.of != nil || r.photo.shown != nil {
		t.Error("the photo of somebody who has left was drawn")
	}
}

// TestPicturesOfTheCatalogueExist reads which pictures and icons the services name.
func TestPicturesOfTheCatalogueExist(t *testing.T) {
	files, err := fs.Glob(assets.FS, "services/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no services", err)
	}
	for _, name := range files {
		data, _ := fs.ReadFile(assets.FS, name)
		for _, word := range []struct{ key, dir string }{{"picture: ", "pictures"}, {"icon: ", "icons"}} {
			for _, rest := range strings.Split(string(data), word.key)[1:] {
				file := strings.Trim(rest[:strings.IndexAny(rest, ",}\n")], ` "'`)
				if _, err := fs.Stat(assets.FS, word.dir+"/"+file+".svg"); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
}
