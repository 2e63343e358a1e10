package desk

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"motcua/kiosk/board"
	"motcua/kiosk/fault"
)

var allPages = []board.Page{board.Queue, board.Figures, board.Devices, board.Admin}

func page(p board.Page) board.Snapshot {
	return board.Snapshot{Page: p, Pages: allPages, Office: "Công an xã Mai Châu · tỉnh Phú Thọ", Now: now, Officer: "Đinh Thị Hoa"}
}

// october is a month as offices have it.
func october() *board.Month {
	from := time.Date(2026, 10, 1, 0, 0, 0, 0, now.Location())
	m := &board.Month{From: from, To: from.AddDate(0, 1, 0), Next: true, Prints: true, Exports: true, Registers: true, Made: now, Complete: true, OnTimeShare: 97.2, KioskShare: 63.5, LateBefore: 11,
		Rated: 214, Stars: 4.7, Wait: board.Span{Count: 400, Median: 7 * time.Minute, P90: 21 * time.Minute}, Handling: board.Span{Count: 380, Median: 6 * time.Minute, P90: 14 * time.Minute},
		Resolution: board.Span{Count: 287, Median: 51 * time.Hour, P90: 140 * time.Hour}}
	for i, name := range []string{"Đăng ký tạm trú", "Thông báo lưu trú", "Đăng ký thường trú", "Xác nhận thông tin cư trú", "Cấp, đổi thẻ căn cước", "Khai báo tạm vắng"} {
		in, out := []int{96, 74, 58, 37, 26, 21}[i], []int{90, 74, 49, 36, 17, 21}[i]
		m.Bars = append(m.Bars, board.Bar{Name: name, Received: in, Resolved: out})
		m.Rows = append(m.Rows, board.MonthRow{Name: name, Carried: i, Received: in, Kiosk: in / 2, Portal: in / 4, Desk: in - in/2 - in/4, Resolved: out, OnTime: out - i%3, Late: i % 3, Pending: in + i - out})
	}
	m.Total = board.MonthRow{Carried: 16, Received: 312, Kiosk: 198, Portal: 59, Desk: 55, Resolved: 287, OnTime: 279, Late: 8, Pending: 41}
	for i, n := range []int{241, 255, 268, 290, 281, 312} {
		m.Months = append(m.Months, board.MonthBar{Month: from.AddDate(0, i-5, 0), Received: n})
	}
	return m
}

// pages are the states of figures and devices that are looked at.
func pages() map[string]board.Snapshot {
	s := map[string]board.Snapshot{}
	figures := page(board.Figures)
	figures.Month = october()
	s["figures"] = figures

	extreme := page(board.Figures)
	extreme.Officer, extreme.Office = long, "Công an "+long
	extreme.Month = october()
	m := extreme.Month
	m.From, m.To, m.Complete, m.Next, m.Busy = m.From.AddDate(0, 1, 0), m.To.AddDate(0, 1, 0), false, false, true
	m.Above, m.Below = 3, 12
	m.Bars = append(m.Bars, board.Bar{Received: 123456, Resolved: 98765})
	for i := range m.Rows {
		m.Rows[i] = board.MonthRow{Name: "Xác nhận số chứng minh nhân dân 9 số và số định danh cá nhân đã cấp trước đây", Carried: 199999, Received: 199999, Portal: 199999, Kiosk: 199999, Desk: 199999,
			Resolved: 199999, OnTime: 199999, Late: 199999, Returned: 199999, Pending: 199999}
		m.Bars[i].Name = m.Rows[i].Name
	}
	m.Total = m.Rows[0]
	m.OnTimeShare, m.KioskShare, m.LateBefore, m.Rated = 100, 0.1, 199999, 199999
	m.Wait.P90, m.Wait.Median, m.Handling, m.Resolution = 119*time.Minute, 119*time.Minute, board.Span{Count: 1, Median: 119 * time.Minute, P90: 119 * time.Minute}, board.Span{Count: 1, Median: 900 * 24 * time.Hour, P90: 999 * 24 * time.Hour}
	for i := range m.Months {
		m.Months[i].Received = 199999
	}
	extreme.Bells = []board.Bell{{Station: "KIOSK012", Since: now}}
	extreme.Notice, extreme.Of = "desk.notice.exported", []any{"so-lieu-2026-11.xlsx", "~/Documents/" + long + long}
	s["figures-extreme"] = extreme

	nothing := page(board.Figures)
	nothing.Month = &board.Month{From: m.From, To: m.To, Made: now, LateBefore: -1, Months: []board.MonthBar{{Month: m.From}}}
	s["figures-empty"] = nothing
	few := page(board.Figures)
	few.Month = october()
	few.Month.Bars, few.Month.Rows = few.Month.Bars[:1], few.Month.Rows[:1]
	few.Month.Wait = board.Span{Count: 1}
	s["figures-few"] = few
	computing := page(board.Figures)
	computing.Month = &board.Month{From: m.From, To: m.To, Computing: true, Prints: true, Exports: true}
	s["figures-computing"] = computing
	failed := page(board.Figures)
	failed.Month = &board.Month{From: m.From, To: m.To, Failed: fault.StoreFailed}
	s["figures-failed"] = failed

	devices := page(board.Devices)
	devices.Parts = &board.Parts{Good: 4, Care: 3, Bad: 1, At: 4, Tests: true}
	said := board.Words{Key: "desk.part.said", Args: []any{"K1", now.Add(-8 * time.Minute)}}
	for _, name := range []string{"reader", "scanner", "printer", "voice"} {
		devices.Parts.Panels = append(devices.Parts.Panels, board.Panel{Station: "K1", Name: name, Mood: board.Ready, Lines: []board.Words{said, {Key: "desk.part." + name + ".works"}}})
	}
	printer := &devices.Parts.Panels[2]
	printer.Mood, printer.Code, printer.Lines = board.Care, fault.PrinterNoPaper, []board.Words{said, {Key: "fault.printer-no-paper.do"}}
	scanner := &devices.Parts.Panels[1]
	scanner.Mood, scanner.Code, scanner.Lines = board.Missing, fault.ScannerAbsent, []board.Words{said, {Key: "fault.scanner-absent.do"}}
	devices.Parts.Panels = append(devices.Parts.Panels,
		board.Panel{Name: "paper", Mood: board.Ready, Tests: true, Lines: []board.Words{{Key: "desk.part.paper.queue", Args: []any{"HP_LaserJet", 0}}, {Key: "desk.part.paper.idle"}}, Result: &board.Words{Key: "desk.part.paper.printed"}},
		board.Panel{Name: "store", Mood: board.Care, Tests: true, Testing: true, Share: 0.42, Lines: []board.Words{{Key: "desk.part.store.room", Args: []any{uint64(212_300_000_000)}}, {Key: "desk.part.store.unverified"}}},
		board.Panel{Name: "portal", Mood: board.Care, Lines: []board.Words{{Key: "desk.part.portal.http"}, {Key: "desk.part.portal.waiting", Args: []any{1234, now.AddDate(0, 0, -3)}}}},
		board.Panel{Name: "sheets", Mood: board.Ready, Lines: []board.Words{{Key: "desk.part.sheets.waiting", Args: []any{12}}, {Key: "desk.part.sheets.others", Args: []any{3}}}})
	s["devices"] = devices

	off := page(board.Devices)
	off.Pages, off.Officer = []board.Page{board.Devices}, long
	off.Bells = extreme.Bells
	off.Parts = &board.Parts{Good: 12, Care: 13, Bad: 14, Above: 4, Below: 28, At: 1, Tests: true, Looking: true}
	for i, code := range []fault.Code{fault.ReaderAbsent, fault.ReaderGone, fault.PrinterOffline, fault.PrinterUnsure, fault.StoreFull, fault.StoreDamaged, fault.PrinterAbsent, fault.ConfigBad} {
		off.Parts.Panels = append(off.Parts.Panels, board.Panel{Station: "KIOSK012", Name: []string{"reader", "scanner", "printer", "voice", "store", "store", "paper", "store"}[i], Mood: board.Faulty, Code: code, Tests: i > 3,
			Lines: []board.Words{{Key: "desk.part.said", Args: []any{"KIOSK012", now.AddDate(0, 0, -30)}}, {Key: "fault." + string(code) + ".do"}}})
	}
	off.Parts.Panels[0].Mood, off.Parts.Panels[0].Lines[1] = board.Off, board.Words{Key: "desk.part.off", Args: []any{"KIOSK012"}}
	off.Parts.Panels[7].Result = &board.Words{Key: "desk.part.store.cut", Args: []any{12}}
	s["devices-extreme"] = off
	for name, snap := range kioskParts() {
		s[name] = snap
	}
	none := page(board.Devices)
	none.Parts = &board.Parts{At: -1}
	s["devices-none"] = none
	return s
}

// The tabs, the months, the tests have keys and can be clicked.
func TestPageKeys(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	press := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			s.TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	click := func(ids ...string) {
		areas := s.Sheet().TouchAreas()
		for _, id := range ids {
			a, ok := areas[id]
			if !ok {
				t.Errorf("nothing is called %s", id)
				continue
			}
			p := fyne.NewPos(a.MidX(), a.MidY())
			s.press(p)
			s.release(p)
		}
	}
	shortcut := func(name string) {
		for k, do := range s.Shortcuts() {
			if k.ShortcutName() == name {
				do()
			}
		}
	}
	expect := func(what string, want ...board.Intent) {
		t.Helper()
		if fmt.Sprintf("%#v", did) != fmt.Sprintf("%#v", want) {
			t.Errorf("%s: %#v, want %#v", what, did, want)
		}
		did = nil
	}
	s.Show(pages()["figures"])
	press(fyne.KeyF1, fyne.KeyF3, fyne.KeyF4, fyne.KeyLeft, fyne.KeyRight, fyne.KeyF5, fyne.KeyF6, fyne.KeyDown)
	expect("keys", board.Open{Page: board.Queue}, board.Open{Page: board.Figures}, board.Open{Page: board.Devices}, board.Turn{By: -1}, board.Turn{By: 1}, board.Refresh{}, board.Move{By: 1})
	for _, r := range "dDlx1sH" {
		s.TypedRune(r)
	}
	expect("letters", board.PrintDay{}, board.PrintDay{}, board.Register{}, board.Register{Today: true})
	shortcut("CustomDesktop:Control+E")
	shortcut("CustomDesktop:Control+P")
	expect("with Ctrl", board.Export{}, board.Print{})
	click("tab.queue", "tab.find", "tab.figures", "tab.devices", "key.before", "key.after", "key.export", "key.print", "key.day", "key.register")
	expect("clicks", board.Open{Page: board.Queue}, board.Find{}, board.Open{Page: board.Figures}, board.Open{Page: board.Devices}, board.Turn{By: -1}, board.Turn{By: 1}, board.Export{}, board.Print{}, board.PrintDay{}, board.Register{})
	s.Show(pages()["devices"])
	press(fyne.KeyReturn, fyne.KeyF5)
	shortcut("CustomDesktop:Control+T")
	click("part.2", "test.4", "key.again", "key.test-all")
	expect("devices", board.Enter{}, board.Refresh{}, board.TestAll{}, board.Choose{Row: 2}, board.Test{Row: 4}, board.Refresh{}, board.TestAll{})
	// A technician has no other page and no search.
	s.Show(pages()["devices-extreme"])
	for id := range s.Sheet().TouchAreas() {
		if id == "tab.queue" || id == "tab.find" || id == "tab.figures" {
			t.Errorf("a technician is shown %s", id)
		}
	}
}
