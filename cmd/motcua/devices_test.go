package main

import (
	"fmt"
	"strings"
	"testing"

	"motcua/cmd/internal/walk"
	"motcua/kiosk/checkup"
	"motcua/kiosk/session"
	"motcua/kiosk/store/storetest"
)

// TestDeskTestsKiosk: from the desk's window the scanner, the printer and the screen of a kiosk in a window of its own are tested; the kiosk
// says so meanwhile, and is the citizens' again afterwards.
func TestDeskTestsKiosk(t *testing.T) {
	r := newRig(t, 1920, 1080, "sim")
	b := newBureau(t, r)
	b.sees("Cán bộ đăng nhập", "Bùi Văn An")
	b.types(storetest.TestPIN)
	b.press("Return")
	b.sees("Gọi người tiếp theo")
	b.press("F4")
	b.sees("Thử đọc thẻ", "Thử quét", "In thử", "Thử chạm")
	at := func(what string) {
		t.Helper()
		m, err := r.kiosk.Until(t.Context(), soon, what, func(m walk.Map) bool { return strings.Contains(strings.Join(m.Texts, " "), what) })
		if err != nil {
			t.Fatalf("%v: %q", err, m.Texts)
		}
	}
	b.press("Right", "Return")
	b.sees("Đưa mã vào máy quét", "Dừng thử")
	at("Đang thử máy")
	r.picture("tested-scanner")
	if err := r.scanner.Send(t.Context(), checkup.TestText); err != nil {
		t.Fatal(err)
	}
	b.sees("Mã thử đúng từng chữ")
	b.press("c")
	b.sees("Ki-ốt K1 dùng máy quét nào?", "Ghi trong motcua.toml")
	b.press("Escape")
	b.press("Left", "Down", "Return")
	b.sees("In xong sau")
	b.press("Down", "Return")
	b.sees("được 0 trong 5")
	for n := range session.ScreenMarks {
		if err := r.kiosk.Touch(t.Context(), fmt.Sprint("option.", n)); err != nil {
			t.Fatal(err)
		}
	}
	b.sees("Chạm đủ 5 điểm")
	if _, err := r.kiosk.Page(t.Context(), "welcome", soon); err != nil {
		t.Error(err)
	}
}
