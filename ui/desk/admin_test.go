package desk

import (
	"fmt"
	"testing"
	"time"

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

var adminSections = []string{"self", "officers", "keys", "retention", "backup", "health"}

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
	second.Ask.Lines = []board.Words{{Key: "desk.will.retention-end", Args: []any{1234}}}
	s["admin-second"] = second
	for _, problem := range []string{"card", "lay", "digits-of", "card-mute", "card-bad", board.AskReading} {
		x, ask := second, *second.Ask
		ask.Problem, ask.At, ask.Fields = problem, 2, append(ask.Fields[:2:2], board.Field{ID: "digits-of", Kind: board.FieldSecret, Digits: 6})
		x.Ask = &ask
		s["admin-second-"+problem] = x
	}
	officers.Admin = &board.Administration{Sections: adminSections, At: 1, Entries: people(11), Above: 4, Below: 30, Row: 3, About: officers.Admin.About,
		Doing: &board.Words{Key: "desk.doing.retention-end", Args: []any{123456}}}
	officers.Admin.About.Title = board.As(long)
	officers.Admin.About.Lines = append(officers.Admin.About.Lines, board.Remark{Words: board.Words{Key: "desk.officer.yourself"}}, board.Remark{Words: board.Words{Key: "desk.officer.card-too"}, Mood: board.Care})
	officers.Admin.About.Deeds = []board.Deed{{ID: "officer-add", Key: "T"}, {ID: "officer-role", Key: "V", Off: true}, {ID: "officer-unlock", Key: "K", Off: true}, {ID: "officer-renew", Key: "G", Grim: true}}
	s["admin-officers-extreme"] = officers
	adminAsks(s)
	adminSnaps(s)
	return s
}

// adminAsks are the dialogs.
func adminAsks(s map[string]board.Snapshot) {
	roles := []board.Words{{Key: "desk.role.officer"}, {Key: "desk.role.head"}, {Key: "desk.role.technician"}}
	pins := []board.Field{{ID: "pin", Kind: board.FieldSecret, Digits: 16}, {ID: "again", Kind: board.FieldSecret, Digits: 3}}
	add := adminPage(1)
	add.Admin.Entries, add.Admin.Row = people(2), 0
	add.Ask = &board.Ask{ID: "officer-add", At: 2, Problem: "account", Fields: append([]board.Field{{ID: "id", Kind: board.FieldLine, Value: "hoa"}, {ID: "name", Kind: board.FieldWords, Value: long + long},
		{ID: "role", Kind: board.FieldChoice, Choices: roles, Chosen: 1}}, pins...)}
	s["admin-ask-add"] = add
	for _, id := range []string{"officer-role", "officer-lock", "officer-unlock", "officer-renew", "pin", "recovery-use", "sheets"} {
		x := add
		x.Ask = &board.Ask{ID: id, Lines: []board.Words{board.As(long)}, Wait: 119 * time.Second}
		switch id {
		case "officer-role":
			x.Ask.Fields = []board.Field{{ID: "role", Kind: board.FieldChoice, Choices: roles}}
		case "officer-renew":
			x.Ask.Fields, x.Ask.Grim = pins, true
		case "pin":
			x.Ask.Fields = append([]board.Field{{ID: "pin-now", Kind: board.FieldSecret}}, pins...)
		case "recovery-use":
			x.Ask.Wait, x.Ask.Problem = 0, "sheets"
			x.Ask.Fields = append([]board.Field{{ID: "sheet-1", Kind: board.FieldSheet, Digits: 212}, {ID: "sheet-2", Kind: board.FieldSheet}, {ID: "id", Kind: board.FieldLine}, {ID: "name", Kind: board.FieldWords}}, pins...)
		}
		s["admin-ask-"+id] = x
	}
}

// adminSnaps are the other sections.
func adminSnaps(s map[string]board.Snapshot) {
	words := func(key string, args ...any) board.Words { return board.Words{Key: key, Args: args} }
	self := adminPage(0)
	self.Admin.Entries, self.Admin.Row = people(1), 0
	self.Admin.About = board.About{Title: board.As("Bùi Văn An"), Deeds: []board.Deed{{ID: "pin", Key: "M"}}}
	self.Admin.Result = &board.Words{Key: "desk.done.pin"}
	s["admin-self"] = self
	keys := adminPage(2)
	keys.Admin.Row = 0
	keys.Admin.Entries = []board.Entry{{Name: words("desk.key.recovery"), Text: words("desk.key.recovery.none"), Mark: words("desk.key.lacking"), Mood: board.Care},
		{Name: words("desk.key.sealing"), Text: words("desk.key.sealing.is", 4), Mark: words("desk.key.stale", 123456), Mood: board.Care}}
	keys.Admin.About = board.About{Title: words("desk.key.recovery"), Lines: []board.Remark{{Words: words("desk.key.recovery.text")}, {Label: "desk.key.fingerprint", Words: board.As("ABCD-EF01")},
		{Label: "desk.key.set", Words: words("desk.at", now)}, {Words: words("desk.key.recovery.warn"), Mood: board.Care}, {Words: words("desk.key.no-printer"), Mood: board.Care}},
		Deeds: []board.Deed{{ID: "recovery-make", Key: "R", Grim: true}, {ID: "recovery-use", Key: "U"}}}
	keys.Admin.Result = &board.Words{Key: "desk.done.recovery-use", Args: []any{long, 123456, 123456}}
	s["admin-keys"] = keys
	keep := adminPage(3)
	keep.Admin.Row = 0
	for range board.EntriesOnPage {
		keep.Admin.Entries = append(keep.Admin.Entries, board.Entry{Name: words("desk.keep.line", "K1-2311-047", "Xác nhận số chứng minh nhân dân 9 số và số định danh cá nhân đã cấp"), Text: words("desk.keep.until", "31/12/2025")})
	}
	keep.Admin.Below = 1200
	keep.Admin.About = board.About{Title: words("desk.keep.title", 1211), Lines: []board.Remark{{Label: "desk.keep.reference", Words: board.As("05200-K1-201123-047")}, {Label: "desk.keep.law", Words: board.As("Thông tư 33/2024/QH15, điều 12, khoản 3, điểm a")},
		{Words: words("desk.keep.text")}}, Deeds: []board.Deed{{ID: "retention-end", Key: "H", Grim: true}}}
	s["admin-retention"] = keep
	none := adminPage(3)
	none.Admin.About = board.About{Title: words("desk.keep.title", 0), Lines: []board.Remark{{Words: words("desk.keep.text")}}}
	s["admin-retention-none"] = none
	backup := adminPage(4)
	backup.Admin.Row = 1
	for i, m := range []board.Mood{board.Ready, board.Faulty, ""} {
		backup.Admin.Entries = append(backup.Admin.Entries, board.Entry{Name: words("desk.backup.made", now.AddDate(0, 0, -i)), Text: words("desk.backup.holds", 12345, uint64(3_412_000_000)), Mark: words([]string{"desk.backup.good", "desk.backup.bad", ""}[i]), Mood: m})
	}
	backup.Admin.About = board.About{Title: words("desk.backup.made", now), Lines: []board.Remark{{Label: "desk.backup.size", Words: words("desk.count", uint64(3_412_000_000))}, {Label: "desk.backup.name", Words: board.As("motcua-20261123-092600.backup")},
		{Label: "desk.backup.where", Words: board.As("/media/motcua/sao-luu/cong-an-xa-mai-chau/backups")}, {Words: words("desk.backup.old"), Mood: board.Care}, {Words: words("desk.backup.bad.text"), Mood: board.Faulty},
		{Words: words("desk.backup.restore.text")}, {Words: board.As("motcuactl restore /media/motcua/sao-luu/cong-an-xa-mai-chau/backups/motcua-20261123-092600.backup --as … --with …")}},
		Deeds: []board.Deed{{ID: "backup-make", Key: "S"}, {ID: "backup-check", Key: "C"}, {ID: "restore", Key: "P", Grim: true, Off: true}}}
	s["admin-backup"] = backup
	health := adminPage(5)
	health.Admin.Row = 3
	for i, name := range []string{"store", "backup", "clock", "keys"} {
		health.Admin.Entries = append(health.Admin.Entries, board.Entry{Name: words("desk.part." + name), Mark: words("desk.badge." + string([]board.Mood{board.Ready, board.Care, board.Care, board.Faulty}[i])), Mood: []board.Mood{board.Ready, board.Care, board.Care, board.Faulty}[i],
			Text: []board.Words{words("desk.part.store.room", uint64(212_300_000_000)), words("desk.part.backup.last", now.AddDate(0, 0, -3)), words("desk.part.clock.now", now), words("desk.part.keys.officers", 1, 1)}[i]})
	}
	health.Admin.About = board.About{Title: words("desk.part.keys"), Deeds: []board.Deed{{ID: "health-store", Key: "T"}}}
	for _, key := range []string{"store.text", "backup.text", "backup.none", "backup.old", "backup.due", "clock.text", "clock.zone", "keys.text", "keys.no-recovery", "keys.alone"} {
		health.Admin.About.Lines = append(health.Admin.About.Lines, board.Remark{Words: words("desk.part." + key)})
	}
	health.Admin.About.Lines = append(health.Admin.About.Lines, board.Remark{Words: words("fault.store-full.what"), Mood: board.Faulty}, board.Remark{Words: words("desk.part.clock.behind", now), Mood: board.Care})
	s["admin-health"] = health
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
	click("pick.0.2")
	click("key.enter")
	click("key.escape")
	want = []board.Intent{board.Type{Rune: '2'}, board.Type{Rune: 'q'}, board.Pick{Field: 0, Choice: 2}, board.Enter{}, board.Escape{}}
	if fmt.Sprintf("%#v", did) != fmt.Sprintf("%#v", want) {
		t.Errorf("%#v, want %#v", did, want)
	}
}
