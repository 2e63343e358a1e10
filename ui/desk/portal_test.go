package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"motcua/kiosk/board"
	"motcua/kiosk/fault"
	"motcua/ui/parts"
)

// portals are the states of the panel of the portal over an open filing.
func portals(open board.Snapshot) map[string]board.Snapshot {
	s := map[string]board.Snapshot{}
	put := func(name, typed, problem string, p board.Handing) {
		x := open
		p.Copies = true
		for i := range board.HandRows {
			p.Lines = append(p.Lines, board.CopyLine{Item: fmt.Sprint(i + 1), Label: []string{"Họ, chữ đệm và tên", "Ngày, tháng, năm sinh", "Số định danh cá nhân", "Nội dung đề nghị"}[i%4],
				Value: []string{long, "12/03/1974", "099174000123", "Tạm trú tại xóm Văn, xã Mai Châu, tỉnh Phú Thọ, từ ngày 25/11/2026 đến ngày 24/11/2027"}[i%4]})
		}
		x.Dialog = &board.Dialog{ID: board.DialogPortal, Fields: []board.Input{{ID: "code", Value: typed}}, Problem: problem, Portal: &p}
		s["portal-"+name] = x
	}
	put("hand", "", "", board.Handing{Kind: "none", Word: board.Words{Key: "desk.portal.unsent"}, At: 2, Above: 3, Below: 9})
	put("unsent", "", "", board.Handing{Kind: "http", Word: board.Words{Key: "desk.portal.unsent"}, Sends: true, Below: 3})
	put("sending", "H15.50.05.13-261008-0975", "code", board.Handing{Kind: "http", Word: board.Words{Key: "desk.portal.sending"}, Sends: true, Sending: true})
	put("sent", "", "", board.Handing{Kind: "http", Word: board.Words{Key: "desk.portal.code", Args: []any{"000.00.12.H15.50.05.13-261008-0975123"}}, Dossier: "x", Sends: true, Sent: now, By: "Đinh Thị Hoa", Target: "http",
		Status: "processing", Asked: now, Note: "Mời ông bà đến nhận kết quả trước ngày hẹn."})
	put("extreme", "H15.50.05.13-261008-0975", "code", board.Handing{Kind: "http", Word: board.Words{Key: "desk.portal.failed"}, Sends: true, Sent: now.AddDate(0, 0, -3), By: long, Target: "directory",
		Failed: fault.PortalRefused, FailedAt: now, FailedBy: long, Problem: "unauthorized", Said: []string{strings.Repeat("Thiếu giấy tờ chứng minh chỗ ở hợp pháp. ", 8)}, Status: "not-accepted", Asked: now,
		Note: strings.Repeat("Đề nghị bổ sung bản chụp hợp đồng. ", 9), At: 7, Above: 100, Below: 100})
	return s
}

// Nothing in the panel lies over something else of it.
func TestPortalIsSound(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	for name, snap := range portals(states()["open"]) {
		s.Show(snap)
		written := s.Sheet().Written()
		from := slices.IndexFunc(written, func(w parts.Written) bool { return w.Text == "Chuyển lên Cổng dịch vụ công" })
		to := slices.IndexFunc(written, func(w parts.Written) bool { return w.Text == "Thiết bị" })
		if from < 1 || to < from+10 {
			t.Fatalf("%s: %d to %d", name, from, to)
		}
		panel := written[from-1 : to]
		for i, x := range panel {
			for _, o := range panel[:i] {
				if overlap(x.Area.X, x.Area.Right(), o.Area.X, o.Area.Right()) > 1 && overlap(x.Area.Y+4, x.Area.Bottom()-4, o.Area.Y+4, o.Area.Bottom()-4) > 2 {
					t.Errorf("%s: %q lies over %q", name, x.Text, o.Text)
				}
			}
		}
	}
}

// The panel's keys, and that what is typed there is the code.
func TestPortalKeys(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	s.Show(states()["portal-unsent"])
	for _, k := range []fyne.KeyName{fyne.KeyF5, fyne.KeyDown, fyne.KeyReturn, fyne.KeyEscape} {
		s.TypedKey(&fyne.KeyEvent{Name: k})
	}
	s.TypedRune('H')
	areas := s.Sheet().TouchAreas()
	for _, id := range []string{"key.send", "copy.3", "key.enter", "key.escape"} {
		a, ok := areas[id]
		if !ok {
			t.Fatalf("nothing is called %s", id)
		}
		p := fyne.NewPos(a.MidX(), a.MidY())
		s.press(p)
		s.release(p)
	}
	want := []board.Intent{board.Send{}, board.Move{By: 1}, board.Enter{}, board.Escape{}, board.Type{Rune: 'H'}, board.Send{}, board.Copy{Row: 3}, board.Enter{}, board.Escape{}}
	if fmt.Sprintf("%#v", did) != fmt.Sprintf("%#v", want) {
		t.Errorf("%#v, want %#v", did, want)
	}
	did = nil
	s.Show(states()["open"])
	for k, do := range s.Shortcuts() {
		if k.ShortcutName() == "CustomDesktop:Control+M" {
			do()
		}
	}
	if len(did) != 1 || did[0] != (board.Portal{}) {
		t.Errorf("Ctrl+M: %#v", did)
	}
	s.Show(states()["portal-sending"])
	if _, ok := s.Sheet().TouchAreas()["key.send"]; ok {
		t.Error("what is being sent can be sent")
	}
	s.Show(board.Snapshot{Page: board.Queue, Now: now.Add(time.Second), At: -1})
	for _, text := range s.Texts() {
		if strings.Contains(text, long) {
			t.Error("the panel is still there")
		}
	}
}
