package desk

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"motcua/assets"
	"motcua/kiosk/board"
	domain "motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/portal"
	"motcua/kiosk/text"
	"motcua/ui/parts"
	"motcua/ui/typeset"
)

var now = time.Date(2026, 11, 23, 9, 26, 0, 0, time.FixedZone("+07", 7*60*60))

const long = "Công Tằng Tôn Nữ Hoàng Phương Nghiêm Thượng Trường Khuyến Nguyệt"

func rows() []board.Row {
	var list []board.Row
	names := []string{"Bùi Thị Nguyệt", "Hà Công Thìn", long, "Đinh Văn Quyết", "Ngần Thị Quỳnh"}
	for i := range board.RowsOnPage {
		list = append(list, board.Row{Short: fmt.Sprintf("K1-2311-%03d", 47-i), Service: []string{"Đăng ký tạm trú", "Thông báo lưu trú", "Xác nhận số CMND"}[i%3],
			Name: names[i%5], Filed: now.Add(-time.Duration(i) * 5 * time.Hour), Due: now.AddDate(0, 0, i-1), Status: filing.Statuses[i%3], Late: i == 0, Today: i == 1})
	}
	list[2].Mine, list[3].Holder = true, "binh"
	return list
}

func view(name string) *board.View {
	return &board.View{Title: "Đăng ký tạm trú · " + name, Short: "K1-2311-047", Filed: now, Due: now.AddDate(0, 0, 4), DaysLeft: 3, Status: filing.Filed,
		Verdict: identity.IssuerUnknown, Checks: []identity.Check{{Name: "access", Outcome: "passed"}, {Name: "data-groups", Outcome: "passed"},
			{Name: "passive-authentication", Outcome: "not-possible"}, {Name: "active-authentication", Outcome: "passed"}},
		Facts: []board.Fact{{Item: "1", Label: "Họ, chữ đệm và tên", Value: name, Source: identity.FromChip}, {Item: "2", Label: "Ngày, tháng, năm sinh", Value: "12/03/1974", Source: identity.FromChip},
			{Item: "4", Label: "Số định danh cá nhân", Value: "099174000123", Source: identity.FromChip},
			{Item: "", Label: "Nơi thường trú", Value: "Xóm Chiềng, Phong Phú, Tân Lạc, Hòa Bình", Note: "Địa chỉ cũ. Nay là xã Mường Bi, tỉnh Phú Thọ", Source: identity.FromQR},
			{Item: "5", Label: "Số điện thoại liên hệ", Value: "0900000214", Source: identity.FromTyped}, {Item: "7", Label: "Họ, chữ đệm và tên chủ hộ", Value: "Hà Văn Thuyết", Source: identity.FromTyped},
			{Item: "10", Label: "Nội dung đề nghị", Value: "Tạm trú tại xóm Văn, xã Mai Châu, tỉnh Phú Thọ, từ ngày 25/11/2026 đến ngày 24/11/2027", Source: identity.FromComputed}},
		Papers:  []filing.Paper{{Name: "Tờ khai CT01", State: filing.PaperMade}, {Name: "Giấy tờ chứng minh chỗ ở hợp pháp", State: filing.PaperBrought}, {Name: "Ý kiến chủ hộ", State: filing.PaperMissing}},
		History: []board.Event{{At: now, Text: "filed"}, {At: now, Text: "receive", Who: "Đinh Thị Hoa"}}, Legal: []domain.Action{domain.Receive, domain.Ask, domain.Refuse, domain.Forward, domain.Withdraw},
		CanUndo: true, Control: true, Portal: board.Words{Key: "desk.portal.sent", Args: []any{now.AddDate(0, 0, -1)}}, Guide: handbook()}
}

func handbook() board.Guide {
	g := board.Guide{Steps: []string{"So ảnh trong chip với người nộp.", "Tra dữ liệu cư trú: chỗ ở hợp pháp, chủ hộ.", "Tiếp nhận, in CT04, hẹn ngày trả."},
		Law: []string{"Luật Cư trú 68/2020/QH14 (01/07/2021)", "Thông tư 116/2026/TT-BCA (01/07/2026)"}, Papers: []string{"Giấy tờ chỗ ở hợp pháp · Hợp đồng thuê nhà hoặc giấy cho mượn, cho ở nhờ; không cần công chứng"},
		Grounds: []string{"Chỗ ở thuộc nơi cấm đăng ký (Điều 23 Luật Cư trú)"}, Authority: "Công an cấp xã nơi đến tạm trú", Term: []board.Words{{Key: "desk.term.days", Args: []any{3}}, {Args: []any{"Kể từ ngày nhận đủ hồ sơ hợp lệ"}}},
		Fee: []board.Words{{Key: "desk.fee.dong", Args: []any{15000}}, {Args: []any{"Thông tư 75/2022/TT-BTC"}}}, Result: "Thông báo CT08"}
	for range 9 {
		g.Doubts = append(g.Doubts, "Hồ sơ này phải lưu bao nhiêu năm (Luật Lưu trữ 33/2024/QH15, bảng thời hạn của ngành)? Chưa biết thì máy không hủy hồ sơ; đơn vị ghi thời hạn vào keep.yaml.")
	}
	return g
}

func queue() board.Snapshot {
	return board.Snapshot{Page: board.Queue, Office: "Công an xã Mai Châu · tỉnh Phú Thọ", Now: now, Officer: "Đinh Thị Hoa", Rows: rows(), At: 2, More: 12,
		Filters: []board.Filter{{ID: "all", Count: 23, On: true}, {ID: "filed", Count: 4}, {ID: "received", Count: 13}, {ID: "supplement", Count: 5}, {ID: "late", Count: 1}, {ID: "unsent", Count: 12}}}
}

// states are the pages that are looked at.
func states() map[string]board.Snapshot {
	s := map[string]board.Snapshot{"queue": queue(), "door": {Page: board.SignIn, Now: now, Office: "Công an xã Mai Châu", SignIn: &board.Door{Names: []string{"Bùi Văn An", long}, At: 1, Digit: 8, Wrong: true}},
		"door-nobody": {Page: board.SignIn, Now: now, SignIn: &board.Door{}}}
	open := queue()
	open.Open = view("Bùi Thị Nguyệt")
	s["open"] = open
	sent, elsewhere := queue(), *open.Open
	elsewhere.Legal = []domain.Action{domain.Forward, domain.Receive, domain.Ask, domain.Refuse, domain.Withdraw}
	sent.Open = &elsewhere
	s["sent"] = sent
	extreme := queue()
	extreme.Open = view(long)
	extreme.Open.Legal = []domain.Action{domain.Finish, domain.Ask, domain.Refuse, domain.Extend, domain.Stop, domain.Forward, domain.Withdraw}
	extreme.Open.Late, extreme.Search, extreme.Query, extreme.Notice = true, true, "nguyet", "desk.notice.receive"
	extreme.Open.NoChip = "card-absent"
	extreme.Open.Likes = []board.Same{{Short: "K1-2011-007", Filed: now, Status: filing.Received, Sure: true}, {Short: "K1-2011-017", Name: long, Filed: now, Status: filing.Received}}
	extreme.Bells = []board.Bell{{Station: "K2", Since: now.Add(-time.Minute)}}
	extreme.People = &board.Line{Waiting: 3, Longest: 12 * time.Minute, Next: 27, Now: &board.Called{Number: 126, Name: long, State: domain.Called, Calls: 2, Since: now,
		May: []board.PersonAction{board.Arrived, board.Again, board.Absent, board.Transfer}}}
	extreme.Devices = []board.Device{{Station: "K1", Name: "reader", State: "present"}, {Station: "K1", Name: "scanner", State: "present"}, {Station: "K1", Name: "printer", State: "failed"},
		{Station: "K2", Name: "reader", State: "failed"}}
	s["extreme"] = extreme
	people := open
	people.People = &board.Line{Now: &board.Called{Number: 7, State: domain.Serving, Since: now, May: []board.PersonAction{board.Served, board.Absent, board.Transfer}}}
	people.Dialog = &board.Dialog{ID: board.DialogPeople, At: 9}
	for i := range 12 {
		people.Dialog.People = append(people.Dialog.People, board.Waiting{Number: 20 + i, Service: []string{"", "Đăng ký tạm trú", "Xác nhận số chứng minh nhân dân 9 số và số định danh cá nhân"}[i%3],
			Priority: domain.Priorities[i%6], State: []domain.State{domain.Waiting, domain.Holding, domain.Called, domain.Serving}[i%4], Counter: "1", Wait: 12 * time.Minute})
	}
	s["people"] = people
	ahead := open
	ahead.Rows, ahead.Filters = rows(), append([]board.Filter{{ID: "ahead", Count: 7}}, open.Filters...)
	for i := range 7 {
		ahead.Rows[i+3].Portal = string(portal.Statuses[i+2])
	}
	s["ahead"] = ahead
	for name, x := range portals(open) {
		s[name] = x
	}
	for _, a := range []domain.Action{domain.Receive, domain.Ask, domain.Extend, domain.Hand} {
		x := open
		x.Dialog = &board.Dialog{ID: string(a), Form: domain.Form(a, domain.Kind{Residence: true}), Problem: "reason"}
		switch a {
		case domain.Ask:
			x.Dialog.Fields = []board.Input{{ID: "item", Value: "Hợp đồng thuê nhà có chữ ký của chủ nhà"}, {ID: "item"}, {ID: "item"}, {ID: "item"}, {ID: "reason", Value: "Hợp đồng chưa có chữ ký"}}
		case domain.Extend:
			x.Dialog.Fields = []board.Input{{ID: "due", Value: "30/11/2026"}, {ID: "reason"}}
		case domain.Hand:
			x.Dialog.Fields, x.Dialog.Choices = []board.Input{{ID: "confirm", Value: "thumb"}}, []string{"signature", "thumb", "post"}
		}
		s["dialog-"+string(a)] = x
	}
	for name, x := range pages() {
		s[name] = x
	}
	for name, x := range cardPages() {
		s[name] = x
	}
	for name, x := range readings() {
		s[name] = x
	}
	for name, x := range pictureStates() {
		s[name] = x
	}
	for name, x := range adminPages() {
		s[name] = x
	}
	for name, x := range officePages() {
		s[name] = x
	}
	return s
}

// portraits are what screens draw once a portrait is decoded: that is done beside, and drawn in the test's own goroutine.
var portraits = map[*Screen]chan func(){}

func screen(t *testing.T, did *[]board.Intent) (*Screen, fyne.Window) {
	t.Helper()
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	test.NewApp()
	decoded := make(chan func(), 99)
	s, err := New(Options{Texts: texts, Intent: func(i board.Intent) { *did = append(*did, i) }, Later: func(f func()) { decoded <- f }})
	if err != nil {
		t.Fatal(err)
	}
	w := test.NewWindow(s.Object())
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1920, 1080))
	t.Cleanup(w.Close)
	portraits[s] = decoded
	return s, w
}

// Nothing is cut, overlaps or leaves the page, no text is smaller than an officer's screen may have, and every text is there.
func TestPagesAreSound(t *testing.T) {
	var did []board.Intent
	s, w := screen(t, &did)
	dir := os.Getenv("MOTCUA_GALLERY")
	for name, snap := range states() {
		s.Show(snap)
		if snap.Open != nil && snap.Open.Photo != nil {
			(<-portraits[s])()
		}
		if snap.Open != nil {
			decoded(s, len(snap.Open.Pictures))
		}
		for _, k := range keysFor[name] {
			if s.TypedRune(k); k == ' ' {
				decoded(s, 1)
			}
		}
		written := s.Sheet().Written()
		if n := snap.Notice; n != "" && len(snap.Of) == 0 && !slices.Contains(s.Texts(), s.opt.Texts.Get(n)) { // a path may be longer than the page
			t.Errorf("%s: what was done is not said whole", name)
		}
		dialog := snap.Dialog != nil || snap.Parts != nil && snap.Parts.Chooser != nil || snap.Ask != nil
		for i, x := range written {
			if x.Size < 16 {
				t.Errorf("%s: smaller than 16: %s", name, x.Text)
			}
			if x.Tight || x.Room > 0 && x.Area.W > x.Room+2 {
				t.Errorf("%s: does not fit: %s", name, x.Text)
			}
			if x.Area.X < 0 || x.Area.Right() > 1921 || x.Area.Bottom() > 1085 {
				t.Errorf("%s: leaves the page: %s", name, x.Text)
			}
			if strings.HasPrefix(x.Text, "desk.") || strings.HasPrefix(x.Text, "verdict.") || strings.HasPrefix(x.Text, "fault.") {
				t.Errorf("%s: no text for %s", name, x.Text)
			}
			for _, o := range written[:i] {
				if !dialog && overlap(x.Area.X, x.Area.Right(), o.Area.X, o.Area.Right()) > 1 && overlap(x.Area.Y+4, x.Area.Bottom()-4, o.Area.Y+4, o.Area.Bottom()-4) > 2 {
					t.Errorf("%s: %q lies over %q", name, x.Text, o.Text)
				}
			}
		}
		if dir != "" {
			f, err := os.Create(filepath.Join(dir, "desk-"+name+".png"))
			if err == nil {
				err = png.Encode(f, w.Canvas().Capture())
			}
			if err != nil {
				t.Error(err)
			}
			f.Close()
		}
	}
}

func overlap(a, b, c, d float32) float32 { return min(b, d) - max(a, c) }

func TestKeys(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	press := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			s.TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	open := states()["open"]
	s.Show(open)
	press(fyne.KeyDown, fyne.KeyReturn, fyne.KeyF5, fyne.KeyF6, fyne.KeyF8, fyne.KeyF10, fyne.KeyF2, fyne.KeyEscape)
	s.TypedRune('x') // no text is being written
	s.TypedRune('l')
	s.TypedRune('2') // nobody is called
	open.People = &board.Line{Now: &board.Called{May: []board.PersonAction{board.Arrived, board.Again}}}
	s.Show(open)
	s.TypedRune('2')
	s.TypedRune('3')
	for k, do := range s.Shortcuts() {
		if k.ShortcutName() == "Undo" {
			do()
		}
	}
	s.TypedRune('/')
	want := []board.Intent{board.Move{By: 1}, board.Enter{}, board.Begin{Action: domain.Receive}, board.Begin{Action: domain.Ask}, board.CallNext{}, board.Lock{}, board.Find{}, board.Escape{},
		board.People{}, board.Person{Do: board.Again}, board.Undo{}, board.Find{}}
	if fmt.Sprint(did) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", did, want)
	}
	did = nil
	open.Search = true
	s.Show(open)
	s.TypedRune('/')
	press(fyne.KeyBackspace)
	if want := []board.Intent{board.Type{Rune: '/'}, board.Delete{}}; fmt.Sprint(did) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", did, want)
	}
}

// What is typed after the key that opens a text goes into it, also before that is drawn: its letters are keys of the page.
func TestTypedAhead(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	open := states()["open"]
	for name, w := range map[string]struct {
		key  func()
		does board.Intent
	}{
		"/":  {func() { s.TypedRune('/') }, board.Find{}},
		"F2": {func() { s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF2}) }, board.Find{}},
		"F6": {func() { s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF6}) }, board.Begin{Action: domain.Ask}},
	} {
		s.Show(open)
		did = nil
		w.key()
		s.TypedRune('n')
		s.Show(open) // was on its way
		s.TypedRune('h')
		if want := []board.Intent{w.does, board.Type{Rune: 'n'}, board.Type{Rune: 'h'}}; fmt.Sprint(did) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", name, did, want)
		}
		found := open
		found.Search = true
		s.Show(found)
		s.Show(open) // the search is over
		did = nil
		s.TypedRune('n')
		if want := []board.Intent{board.NewFiling{}}; fmt.Sprint(did) != fmt.Sprint(want) {
			t.Errorf("%s, and then: %v, want %v", name, did, want)
		}
	}
	s.TypedRune('/')
	for range awaits { // nothing was opened
		s.Show(open)
	}
	did = nil
	s.TypedRune('l')
	if want := []board.Intent{board.People{}}; fmt.Sprint(did) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", did, want)
	}
}

// click clicks what is called so.
func click(t *testing.T, s *Screen, id string) {
	t.Helper()
	for _, m := range s.TouchMap() {
		if m.ID == id {
			p := fyne.NewPos(m.X+m.Width/2, m.Y+m.Height/2)
			s.press(p)
			s.release(p)
			return
		}
	}
	t.Errorf("nothing is called %s", id)
}

// What can be clicked does what its key does.
func TestClicks(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	s.Show(states()["open"])
	for _, id := range []string{"row.4", "filter.late", "do.refuse", "key.lock", "key.find", "key.undo"} {
		click(t, s, id)
	}
	want := []board.Intent{board.Choose{Row: 4}, board.Show{Filter: "late"}, board.Begin{Action: domain.Refuse}, board.Lock{}, board.Find{}, board.Undo{}}
	if fmt.Sprint(did) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", did, want)
	}
}

// What is handed in elsewhere leads with the key that forwards it, and receiving it promises no date.
func TestForwardingLeads(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	first := func(state string) (int, int, string) {
		s.Show(states()[state])
		seen := written(s)
		return strings.Index(seen, s.opt.Texts.Get("desk.do.forward")), strings.Index(seen, s.opt.Texts.Get("desk.do.receive")), seen
	}
	forward, receive, seen := first("sent")
	if forward < 0 || receive < forward || !strings.Contains(seen, s.opt.Texts.Get("desk.do.receive.sent.text")) || strings.Contains(seen, s.opt.Texts.Get("desk.do.receive.text")) {
		t.Errorf("forward at %d, receive at %d:\n%s", forward, receive, seen)
	}
	if forward, receive, seen := first("open"); receive < 0 || forward >= 0 || !strings.Contains(seen, s.opt.Texts.Get("desk.do.receive.text")) {
		t.Errorf("forward at %d, receive at %d", forward, receive)
	}
}

// How many days are left is said only where they run: not while the citizen is to bring something, nor of what is done.
func TestTermIsSaid(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	for name, w := range map[string]struct {
		status filing.Status
		due    time.Time
		left   int
		want   string
	}{
		"runs":      {filing.Received, now.AddDate(0, 0, 4), 3, "Hạn thứ Sáu 27/11, còn 3 ngày làm việc"},
		"today":     {filing.Received, now.Add(2 * time.Hour), 0, "Hạn 11:26 hôm nay"},
		"rests":     {filing.Supplement, now.AddDate(0, 0, 4), 3, "Tạm dừng, hạn cũ thứ Sáu 27/11"},
		"done":      {filing.Done, now.AddDate(0, 0, -3), 0, "Hạn thứ Sáu 20/11"},
		"next year": {filing.Received, now.AddDate(0, 2, 0), 40, "Hạn thứ Bảy 23/01/2027, còn 40 ngày làm việc"},
	} {
		snap := queue()
		snap.Open = view("Bùi Thị Nguyệt")
		snap.Open.Status, snap.Open.Due, snap.Open.DaysLeft = w.status, w.due, w.left
		s.Show(snap)
		if !slices.Contains(s.Texts(), w.want) {
			t.Errorf("%s: %q is not said", name, w.want)
		}
		for _, x := range s.Sheet().Written() {
			if x.Text == w.want && (x.Tight || x.Size < 16) {
				t.Errorf("%s: %q does not fit", name, x.Text)
			}
		}
	}
}

// The line at the bottom names the keys that do something now, and no others.
func TestHintsHold(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	all := states()
	bare := all["open"]
	v := *bare.Open
	v.CanUndo, v.Control = false, false
	bare.Open = &v
	searching := queue()
	searching.Search, searching.Query = true, "ha"
	found := queue()
	found.Query = "ha"
	for name, w := range map[string]struct {
		snap      board.Snapshot
		has, lack []string
	}{
		"nothing is open": {all["queue"], []string{"choose", "open", "find", "people", "help", "new"}, []string{"guide", "print", "undo", "back", "unfind"}},
		"a filing":        {all["open"], []string{"choose", "guide", "print", "undo", "back"}, []string{"unfind", "field"}},
		"no printer":      {bare, []string{"guide", "back"}, []string{"print", "undo"}},
		"a search":        {searching, []string{"choose", "found", "unfind"}, []string{"people", "help", "new", "back"}},
		"what was found":  {found, []string{"choose", "open", "people", "unfind"}, []string{"found", "back"}},
		"a reason":        {all["dialog-ask"], []string{"field", "confirm", "cancel"}, []string{"choose", "people", "undo", "back"}},
		"one question":    {all["dialog-receive"], []string{"confirm", "cancel"}, []string{"field", "choose"}},
		"people":          {all["people"], []string{"entry", "call", "rank", "close"}, []string{"choose", "open"}},
		"a scanned paper": {all["pictures-take"], []string{"paper", "scan", "cancel"}, []string{"choose"}},
		"the portal":      {all["portal-hand"], []string{"entry", "close"}, []string{"choose", "back"}},
	} {
		s.Show(w.snap)
		if w.snap.Open != nil {
			decoded(s, len(w.snap.Open.Pictures))
		}
		for _, key := range w.has {
			if !s.hints("desk.hint." + key) {
				t.Errorf("%s: %s is not there", name, key)
			}
		}
		for _, key := range w.lack {
			if s.hints("desk.hint." + key) {
				t.Errorf("%s: %s does nothing", name, key)
			}
		}
	}
	looking(s)
	if !s.hints("desk.hint.picture") || !s.hints("desk.look.back") || s.hints("desk.hint.back") {
		t.Errorf("%v", s.Texts())
	}
}

// hints reports whether a word stands in the line at the bottom.
func (s *Screen) hints(key string) bool {
	return slices.ContainsFunc(s.Sheet().Written(), func(x parts.Written) bool { return x.Text == s.opt.Texts.Get(key) && x.Area.Y > 1080-hints })
}

// The line below the title fits, also with the longest number of a filing and of its ticket.
func TestHeadFits(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	for months, status := range []filing.Status{filing.Filed, filing.Supplement, filing.Received} {
		snap := queue()
		snap.Open = view("Bùi Thị Nguyệt")
		snap.Open.Due = now.AddDate(0, months, 0)
		snap.Open.Short, snap.Open.Ticket, snap.Open.DaysLeft, snap.Open.Status = "KIOSK012-2311-047", 126, 30, status
		s.Show(snap)
		for _, x := range s.Sheet().Written() {
			if x.Tight || x.Size < 16 {
				t.Errorf("%q does not fit", x.Text)
			}
		}
	}
}

// A store that fails has the officer look whether what was done is kept, and does not say that the citizen's filing was not made.
func TestFailuresAreForOfficers(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	for _, code := range []string{"store-full", "store-damaged", "store-failed"} {
		snap := queue()
		snap.Notice = "fault." + code + ".what"
		s.Show(snap)
		if seen := written(s); !strings.Contains(seen, "Xem lại việc vừa làm đã ghi chưa.") || strings.Contains(seen, "Hồ sơ chưa nộp") {
			t.Errorf("%s: %s", code, seen)
		}
	}
}

// The clock stays clear of the tabs, whatever the time and whoever is signed in.
func TestClockIsClearOfTabs(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	clock := func(at time.Time) string { return at.Format("15:04") + " · " + weekday(at) + at.Format(" 02/01/2006") }
	widest, most := now, float32(0)
	for at := time.Date(2026, 12, 1, 0, 0, 0, 0, now.Location()); at.Year() < 2029; at = at.Add(61 * time.Minute) {
		if w := s.kit.Fonts.Width(clock(at), typeset.SemiBold, sizeBody); w > most {
			widest, most = at, w
		}
	}
	snap := states()["figures-extreme"]
	snap.Now = widest
	s.Show(snap)
	tabs := float32(0)
	for id, area := range s.Sheet().TouchAreas() {
		if strings.HasPrefix(id, "tab.") {
			tabs = max(tabs, area.Right())
		}
	}
	for _, x := range s.Sheet().Written() {
		if x.Text == clock(widest) && x.Area.X < tabs+10 {
			t.Errorf("%q begins at %v, the tabs end at %v", x.Text, x.Area.X, tabs)
		}
	}
}
