package desk

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"motcua/kiosk/board"
	"motcua/kiosk/filing"
)

// sheetOf is a picture of a sheet with lines, in a colour by which it is known again.
func sheetOf(w, h int, ink color.Color) []byte {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if p.Set(x, y, color.White); y%40 < 14 && x > w/10 && x < w*9/10 {
				p.Set(x, y, ink)
			}
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, p, nil)
	return b.Bytes()
}

// pictureStates are filings with pictures of their papers.
func pictureStates() map[string]board.Snapshot {
	s := map[string]board.Snapshot{}
	for _, name := range []string{"pictures", "pictures-look", "pictures-take", "pictures-remove"} {
		x := queue()
		x.Open = view("Bùi Thị Nguyệt")
		x.Open.Short, x.Open.Scans = name, true
		x.Open.Pictures = []filing.Picture{{Number: 2, Paper: x.Open.Papers[0].Name, At: now, Data: sheetOf(620, 877, color.Black)},
			{Number: 1, Paper: x.Open.Papers[1].Name, At: now, Data: sheetOf(620, 877, color.RGBA{0, 0, 160, 255})},
			{Number: 3, Paper: x.Open.Papers[1].Name, At: now, Data: sheetOf(877, 620, color.RGBA{160, 0, 0, 255})}}
		s[name] = x
	}
	take := s["pictures-take"]
	take.Dialog = &board.Dialog{ID: board.DialogPapers, At: 1, Choices: []string{"Tờ khai CT01", "Giấy tờ chứng minh chỗ ở hợp pháp", "Ý kiến chủ hộ"}, Problem: "no-sheets",
		Stack: &board.Stack{Count: 12, Others: 3, Newest: now, Old: 2, Sent: true}}
	s["pictures-take"] = take
	remove := s["pictures-remove"]
	remove.Dialog = &board.Dialog{ID: board.DialogUnpicture}
	s["pictures-remove"] = remove
	return s
}

// decoded waits until so many pictures are decoded, and draws them.
func decoded(s *Screen, n int) {
	for range n {
		(<-portraits[s])()
	}
}

// looking shows a filing with three pictures, of which the first is looked at.
func looking(s *Screen) board.Snapshot {
	snap := pictureStates()["pictures-look"]
	s.Show(snap)
	decoded(s, 3)
	s.TypedRune(' ')
	decoded(s, 1)
	return snap
}

// inks are the parts of pictures that are drawn: L and S with the number, large and small.
func (s *Screen) inks() (found []string) {
	for id := range s.pages.shown {
		found = append(found, id)
	}
	slices.Sort(found)
	return found
}

// The pictures are looked at one after the other, from top to bottom, and one can be removed; the keys do that only on their page.
func TestPicturesAreLookedAt(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	snap := pictureStates()["pictures"]
	s.Show(snap)
	decoded(s, 3)
	if got := fmt.Sprint(s.inks()); got != "[S1 S2]" { // the first of each paper
		t.Errorf("%s are drawn", got)
	}
	if !strings.Contains(written(s), "2 ảnh") || !strings.Contains(written(s), "1 ảnh") {
		t.Error("how many there are is not said")
	}
	press := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			s.TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	press(fyne.KeyDelete, fyne.KeyLeft)
	if !slices.Equal(did, []board.Intent{board.Turn{By: -1}}) {
		t.Errorf("on the page of the form: %v", did)
	}
	did = nil
	s.TypedRune(' ')
	decoded(s, 1)
	if got := fmt.Sprint(s.inks()); got != "[L2/0 S1 S2 S3]" {
		t.Errorf("%s are drawn", got)
	}
	below := s.reading.below
	if below == 0 {
		t.Fatal("a whole page has room")
	}
	for range below {
		press(fyne.KeyPageDown)
	}
	if s.reading.below != 0 || !slices.Contains(s.inks(), fmt.Sprint("L2/", below)) {
		t.Errorf("not at its end: %v", s.inks())
	}
	press(fyne.KeyRight)
	decoded(s, 1)
	press(fyne.KeyDelete)
	press(fyne.KeyRight)
	decoded(s, 1)
	press(fyne.KeyRight) // there is none after it
	if got := s.inks(); slices.ContainsFunc(got, func(id string) bool { return strings.HasPrefix(id, "L") && !strings.HasPrefix(id, "L3") }) {
		t.Errorf("pictures of before are kept: %v", got)
	}
	if s.reading.below != 0 {
		t.Error("a sheet that lies across has room")
	}
	press(fyne.KeyEscape)
	if !slices.Equal(did, []board.Intent{board.Unpicture{Number: 1}}) || s.reading.way != wayForm || s.pages.large != nil {
		t.Errorf("%v", did)
	}
}

// Nothing of a filing's pictures is left once it is closed, nor of one that was removed; another filing's are its own.
func TestPicturesAreForgotten(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	snap := looking(s)
	large, small := s.pages.large, s.pages.small[1]
	fewer := *snap.Open
	fewer.Pictures = fewer.Pictures[1:]
	snap.Open = &fewer
	s.Show(snap)
	wiped := func(p *image.RGBA) bool { return !slices.ContainsFunc(p.Pix, func(b byte) bool { return b != 0 }) }
	if !wiped(large) || !wiped(small) {
		t.Error("a picture that was removed is in memory")
	}
	decoded(s, 2) // one of them is looked at now
	large = s.pages.large
	s.Show(queue())
	if !wiped(large) || s.pages.large != nil || len(s.pages.small) != 0 {
		t.Error("pictures of a closed filing are in memory")
	}
	other := pictureStates()["pictures"]
	s.Show(other)
	if s.pages.small[1] != nil {
		t.Error("another filing has this one's picture")
	}
	decoded(s, 3)
}

// Next year's filing of the same short number is another one; and what is left once a picture was removed is not decoded again and again.
func TestPicturesAreOfTheirFiling(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	snap := looking(s)
	fewer := *snap.Open
	fewer.Pictures = fewer.Pictures[:2]
	snap.Open = &fewer
	s.Show(snap)
	decoded(s, 2)
	large := s.pages.large
	s.Show(snap)
	if large == nil || s.pages.large != large {
		t.Error("what did not change is forgotten")
	}
	later := fewer
	later.Filed = fewer.Filed.AddDate(1, 0, 0)
	snap.Open = &later
	s.Show(snap)
	if s.pages.small[1] != nil || s.pages.large != nil || s.reading.way != wayForm {
		t.Error("a filing shows the pictures of one of the year before")
	}
	decoded(s, 2)
}

// Of more pictures than the list has room for, the one that is looked at is in it, under the keys of none.
func TestPictureInTheList(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	snap := pictureStates()["pictures"]
	many := *snap.Open
	many.Pictures = nil
	page := sheetOf(62, 88, color.Black)
	for i := range 20 {
		many.Pictures = append(many.Pictures, filing.Picture{Number: i + 1, Paper: many.Papers[0].Name, At: now, Data: page})
	}
	snap.Open = &many
	s.Show(snap)
	for i := range many.Pictures {
		s.toPicture(i)
		var list []string
		low, key := float32(0), float32(0)
		for _, m := range s.TouchMap() {
			switch {
			case strings.HasPrefix(m.ID, "sheet."):
				list, low = append(list, m.ID), max(low, m.Y+m.Height)
			case m.ID == "look.remove":
				key = m.Y
			}
		}
		if !slices.Contains(list, fmt.Sprint("sheet.", i)) || low > key {
			t.Errorf("picture %d is looked at, %v are in the list, down to %v of %v", i, list, low, key)
		}
	}
}

// Keys and clicks go the same ways.
func TestPictureClicks(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	s.Show(pictureStates()["pictures"])
	decoded(s, 3)
	click(t, s, "key.papers")
	s.TypedRune('b')
	click(t, s, "look.papers")
	decoded(s, 1)
	click(t, s, "sheet.2")
	decoded(s, 1)
	click(t, s, "look.remove")
	click(t, s, "look.papers")
	if want := []board.Intent{board.Papers{}, board.Papers{}, board.Unpicture{Number: 3}}; !slices.Equal(did, want) || s.reading.way != wayForm {
		t.Errorf("%v", did)
	}
}

// While it is asked whether a picture is to be removed, it stays the one that is looked at.
func TestPictureStaysWhileAsked(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	snap := looking(s)
	click(t, s, "look.remove")
	number := snap.Open.Pictures[s.reading.sheet].Number
	snap.Dialog = &board.Dialog{ID: board.DialogUnpicture}
	s.Show(snap)
	click(t, s, "sheet.2")
	if at := snap.Open.Pictures[s.reading.sheet].Number; at != number || !slices.Equal(did, []board.Intent{board.Unpicture{Number: number}}) {
		t.Errorf("picture %d is looked at, %v", at, did)
	}
}
