package desk

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"motcua/kiosk/board"
)

// people are the officers of a list.
func people(n int) []board.Entry {
	var list []board.Entry
	for i := range n {
		name, role := []string{"Bùi Văn An", "Đinh Thị Hoa", "Lê Văn Kỹ", long}[i%4], []string{"head", "officer", "technician", "officer"}[i%4]
		e := board.Entry{Name: board.As(name), Text: board.Words{Key: "desk.officer.line", Args: []any{board.Words{Key: "desk.role." + role}, fmt.Sprint("cb", i)}},
			Mark: board.Words{Key: "desk.officer.active"}, Mood: board.Ready}
		if i == 2 {
			e.Mark, e.Mood = board.Words{Key: "desk.officer.locked"}, board.Off
		}
		list = append(list, e)
	}
	return list
}

func adminPage(section int) board.Snapshot {
	s := page(board.Admin)
	s.Admin = &board.Administration{Sections: adminSections, At: section, Row: -1}
	return s
}

var adminSections = []string{"self", "officers"}

// adminPages are the states of the page of administration that are looked at.
func adminPages() map[string]board.Snapshot {
	s := map[string]board.Snapshot{}
	officers := adminPage(1)
	officers.Admin.Entries, officers.Admin.Row = people(4), 1
	officers.Admin.About = board.About{Title: board.As("Đinh Thị Hoa"), Lines: []board.Remark{
		{Label: "desk.officer.id", Words: board.As("hoa")},
		{Label: "desk.officer.role", Words: board.Words{Key: "desk.role.officer"}},
		{Words: board.Words{Key: "desk.role.head.text"}},
		{Label: "desk.officer.signs-in", Words: board.Words{Key: "desk.officer.secret.both"}},
		{Label: "desk.officer.added", Words: board.Words{Key: "desk.at", Args: []any{now.AddDate(0, -3, 0)}}}}}
	s["admin-officers"] = officers
	second := officers
	second.Ask = &board.Ask{ID: "second", Grim: true, At: 1, Problem: "wrong", Fields: []board.Field{
		{ID: "second", Kind: board.FieldChoice, Chosen: 1, Choices: []board.Words{board.As("Bùi Văn An"), board.As(long), board.As("Lê Văn Kỹ")}},
		{ID: "pin-of", Kind: board.FieldSecret, Digits: 8}}}
	s["admin-second"] = second
	return s
}

// What the page of administration offers has keys and can be clicked.
func TestAdminKeys(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	s.Show(page(board.Figures))
	s.TypedRune('q')
	open := adminPages()["admin-officers"]
	open.Admin.About.Deeds = []board.Deed{{ID: "pin", Key: "M"}, {ID: "lock", Key: "K", Off: true}}
	s.Show(open)
	s.TypedRune('2')
	s.TypedRune('m')
	s.TypedRune('x')
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF5})
	click := func(id string) {
		a, ok := s.Sheet().TouchAreas()[id]
		if !ok {
			t.Errorf("nothing is called %s", id)
		}
		s.press(fyne.NewPos(a.MidX(), a.MidY()))
		s.release(fyne.NewPos(a.MidX(), a.MidY()))
	}
	for _, id := range []string{"tab.admin", "section.0", "row.2", "act.pin"} {
		click(id)
	}
	if _, ok := s.Sheet().TouchAreas()["act.lock"]; ok {
		t.Error("what cannot be done now can be clicked")
	}
	want := []board.Intent{board.Open{Page: board.Admin}, board.Section{At: 1}, board.Act{ID: "pin"}, board.Refresh{}, board.Open{Page: board.Admin}, board.Section{At: 0}, board.Choose{Row: 2}, board.Act{ID: "pin"}}
	if fmt.Sprintf("%#v", did) != fmt.Sprintf("%#v", want) {
		t.Errorf("%#v, want %#v", did, want)
	}
	// In a dialog letters are text.
	did = nil
	s.Show(adminPages()["admin-second"])
	s.TypedRune('2')
	s.TypedRune('q')
	click("key.enter")
	click("key.escape")
	want = []board.Intent{board.Type{Rune: '2'}, board.Type{Rune: 'q'}, board.Enter{}, board.Escape{}}
	if fmt.Sprintf("%#v", did) != fmt.Sprintf("%#v", want) {
		t.Errorf("%#v, want %#v", did, want)
	}
}
