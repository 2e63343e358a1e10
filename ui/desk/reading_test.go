package desk

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"motcua/kiosk/board"
	"motcua/kiosk/identity"
)

// keysFor are the keys that lead to a way of looking.
var keysFor = map[string][]rune{"reading-guide": {'g'}, "reading-face": {'A'}, "pictures-look": {' '}}

// readings are filings with more than has room.
func readings() map[string]board.Snapshot {
	s := map[string]board.Snapshot{}
	for _, name := range []string{"reading-long", "reading-guide", "reading-face"} {
		x := queue()
		x.Open = view("Bùi Thị Nguyệt")
		x.Open.Short = name // another filing: how the one before was looked at is forgotten
		for i := range 30 {
			x.Open.Facts = append(x.Open.Facts, board.Fact{Item: fmt.Sprint(11 + i), Label: "Họ, chữ đệm và tên mẹ", Value: "Lò Thị Ủn", Card: "Lò Thị Un", Source: identity.FromTyped})
		}
		x.Open.Unlike = []identity.Difference{{Fact: "name", One: identity.PartQR, Other: identity.PartDG13}, {Fact: "expires", One: identity.PartQR, Other: identity.PartDG1}}
		x.Open.Photo = face()
		s[name] = x
	}
	return s
}

func face() *identity.Photo {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 40)), nil)
	return &identity.Photo{Data: b.Bytes()}
}

func written(s *Screen) string { return strings.Join(s.Texts(), "\n") }

// Every answer of a long filing can be read, a page after the other and back, and the guide to its end.
func TestEveryAnswerCanBeRead(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	long := readings()["reading-long"]
	for i := range long.Open.Facts {
		long.Open.Facts[i].Value = fmt.Sprintf("value %d.", i)
	}
	s.Show(long)
	read := func(want int, word string) {
		t.Helper()
		seen := map[int]bool{}
		for pages := 0; ; pages++ {
			for i := range want {
				seen[i] = seen[i] || strings.Contains(written(s), fmt.Sprintf(word, i))
			}
			if s.reading.below == 0 {
				break
			}
			if pages > want {
				t.Fatal("no end")
			}
			s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
		}
		for i := range want {
			if !seen[i] {
				t.Errorf("nobody sees "+word, i)
			}
		}
	}
	read(len(long.Open.Facts), "value %d.")
	if !strings.Contains(written(s), "PgUp") || strings.Contains(written(s), "PgDn") {
		t.Error("the keys at the end")
	}
	for s.reading.top > 0 {
		s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageUp})
	}
	if !strings.Contains(written(s), "value 0.") {
		t.Error("not at the beginning")
	}
	guide := long
	view := *long.Open
	view.Short, view.Guide.Doubts = "other", nil
	for i := range 60 {
		view.Guide.Doubts = append(view.Guide.Doubts, fmt.Sprintf("doubt %d.", i))
	}
	guide.Open = &view
	s.Show(guide)
	s.TypedRune('g')
	read(60, "doubt %d.")
	if len(did) > 0 {
		t.Errorf("reading did %v", did)
	}
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) // leaves the guide, and the second one the filing
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !slices.Equal(did, []board.Intent{board.Escape{}}) || !strings.Contains(written(s), "value 0.") {
		t.Errorf("%v", did)
	}
}

// What is looked at does not stay when another filing is opened, nor do the keys lead into a list that is searched.
func TestReadingBeginsAnew(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	all := readings()
	s.Show(all["reading-long"])
	s.TypedRune('G')
	s.Show(all["reading-guide"])
	if s.reading.way != wayForm {
		t.Error("the guide of the filing before")
	}
	searched := all["reading-guide"]
	searched.Search = true
	s.Show(searched)
	s.TypedRune('g')
	if s.reading.way != wayForm || !slices.Equal(did, []board.Intent{board.Type{Rune: 'g'}}) {
		t.Errorf("a letter of a search: %v", did)
	}
}
