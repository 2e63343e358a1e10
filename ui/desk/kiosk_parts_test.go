package desk

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"motcua/kiosk/board"
	"motcua/kiosk/fault"
)

// kioskParts are the page of devices with a kiosk that can be tested from here.
func kioskParts() map[string]board.Snapshot {
	since := func(device string) board.Words {
		return board.Words{Key: "desk.part.used", Args: []any{device, "K1", now.Add(-98 * time.Minute)}}
	}
	panels := []board.Panel{
		{Station: "K1", Name: "reader", Lines: []board.Words{since("ACS ACR1252 1S CL Reader 00 00"), {Key: "desk.part.reader.works"}}, Chooses: true,
			Result: &board.Words{Key: "desk.test.reader.yes", Args: []any{"14", "31", 12}}},
		{Station: "K1", Name: "scanner", Lines: []board.Words{since("Honeywell Imaging 3320G 18123B4567"), {Key: "desk.part.scanner.works"}}, Chooses: true,
			Result: &board.Words{Key: "desk.test.scanner.exact", Args: []any{71, 16}}},
		{Station: "K1", Name: "printer", Mood: board.Care, Code: fault.PrinterNoPaper, Lines: []board.Words{since("usb:/dev/usb/lp0"), {Key: "fault.printer-no-paper.do"}}, Chooses: true},
		{Station: "K1", Name: "voice", Lines: []board.Words{{Key: "desk.part.since", Args: []any{"K1", now.Add(-98 * time.Minute)}}, {Key: "desk.part.voice.works"}},
			Result: &board.Words{Key: "desk.test.voice.done", Args: []any{"4,2"}}},
		{Station: "K1", Name: "screen", Lines: []board.Words{{Key: "desk.part.said", Args: []any{"K1", now}}, {Key: "desk.part.screen.works"}}, Testing: true,
			Told: &board.Words{Key: "desk.test.hands.screen", Args: []any{2, 5}}},
		{Name: "paper", Lines: []board.Words{{Key: "desk.part.paper.queue", Args: []any{"HP_LaserJet", 0}}, {Key: "desk.part.paper.idle"}}},
		{Name: "store", Lines: []board.Words{{Key: "desk.part.store.room", Args: []any{uint64(212_300_000_000)}}, {Key: "desk.part.store.verified", Args: []any{now}}}},
		{Name: "portal", Lines: []board.Words{{Key: "desk.part.portal.http"}, {Key: "desk.part.portal.clear"}}},
	}
	for i := range panels {
		panels[i].Tests = panels[i].Name != "portal"
		if panels[i].Mood == "" {
			panels[i].Mood = board.Ready
		}
	}
	tests := page(board.Devices)
	tests.Parts = &board.Parts{Panels: panels, Good: 7, Care: 1, At: 0, Tests: true, Chooses: true}
	waits := page(board.Devices)
	long := make([]board.Panel, 0, len(panels))
	for i, result := range []board.Words{{Key: "desk.test.reader.no", Args: []any{"1999", "9999", 9999}}, {Key: "desk.test.scanner.spoilt", Args: []any{4096}}, {Key: "desk.test.printer.unsure"},
		{Key: "fault.test-silent.what"}, {Key: "desk.test.waiting"}, {Key: "desk.choose.later", Args: []any{"usb-Honeywell_Imaging_and_Mobility_3320…"}}} {
		p := panels[i]
		p.Station, p.Testing, p.Told, p.Mood, p.Code = "KIOSK012", i%2 == 1, nil, board.Faulty, fault.ReaderAbsent
		p.Lines = []board.Words{{Key: "desk.part.used", Args: []any{"Omnikey AG 5422 Smartcard Reader [OMNIKE…", "KIOSK012", now.AddDate(0, -1, 0)}}, {Key: "fault.reader-absent.do"}}
		p.Result = &result
		long = append(long, p)
	}
	long[1].Told = &board.Words{Key: "desk.test.hands.scanner", Args: []any{0, 0}}
	long[3].Told = &board.Words{Key: "desk.test.waiting"}
	waits.Parts = &board.Parts{Panels: long, Bad: 6, At: 2, Tests: true, Chooses: true}
	choose := page(board.Devices)
	choose.Parts = &board.Parts{Panels: panels, Good: 7, Care: 1, At: 1, Tests: true, Chooses: true, Chooser: &board.Chooser{Station: "K1", Part: "scanner", At: 1, Rows: []board.Candidate{
		{Name: "/dev/serial/by-id/usb-Honeywell_Imaging_3320G_18123B4567-if00", Model: "Honeywell Imaging 3320G 18123B4567", Used: true},
		{Name: "/dev/serial/by-id/usb-NEWLAND_FM430_2103-if00", Model: "NEWLAND FM430 2103"}, {Name: "/dev/ttyACM2"}}}}
	many := page(board.Devices)
	list := &board.Chooser{Station: "KIOSK012", Part: "printer", At: 9, Busy: true}
	for i := range 12 {
		list.Rows = append(list.Rows, board.Candidate{Name: fmt.Sprintf("serial:/dev/serial/by-id/usb-SEIKO_EPSON_CORPORATION_TM-T88VII_58354D4A0%02d_with_a_very_long_serial_number_and_more_words-if00", i),
			Model: "SEIKO EPSON CORPORATION TM-T88VII 58354D4A0 with a very long serial number and even more words", Used: i == 9, Absent: i == 9})
	}
	many.Parts = &board.Parts{Panels: panels, At: 0, Tests: true, Chooses: true, Chooser: list}
	fixed := page(board.Devices)
	fixed.Parts = &board.Parts{Panels: panels, At: 0, Tests: true, Chooses: true, Chooser: &board.Chooser{Station: "K1", Part: "reader", Rows: []board.Candidate{{Name: "simulator", Used: true, Fixed: true}}}}
	return map[string]board.Snapshot{"devices-kiosk": tests, "devices-kiosk-long": waits, "devices-choose": choose, "devices-choose-many": many, "devices-choose-fixed": fixed}
}

// Tests and the list of devices have keys and can be clicked.
func TestKioskKeys(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	s.Show(kioskParts()["devices-choose"])
	click := func(id string) {
		t.Helper()
		a, ok := s.Sheet().TouchAreas()[id]
		if !ok {
			t.Fatalf("nothing is called %s", id)
		}
		at := fyne.NewPos((a.X+a.W/2)*s.frame.K, (a.Y+a.H/2)*s.frame.K)
		s.press(at)
		s.release(at)
	}
	s.TypedRune('c')
	s.TypedRune('C')
	click("device.2")
	click("key.escape")
	s.Show(kioskParts()["devices-kiosk"])
	click("change.1")
	click("test.4")
	want := []board.Intent{board.PickDevice{Row: -1}, board.PickDevice{Row: -1}, board.Choose{Row: 2}, board.Escape{}, board.PickDevice{Row: 1}, board.Test{Row: 4}}
	if fmt.Sprintf("%#v", did) != fmt.Sprintf("%#v", want) {
		t.Errorf("%#v", did)
	}
}
