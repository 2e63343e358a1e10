package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/cmd/internal/walk"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/pcsc/pcsctest"
	"motcua/devices/scan/scansim"
	"motcua/kiosk/filing"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// bureauRig is a desk on a display of its own, on the data directory of a running kiosk.
type bureauRig struct {
	t       *testing.T
	display *walk.Display
	desk    *walk.Kiosk
	shots   string
	shot    int
	slow    time.Duration // how long anything may take; soon if zero
}

func newBureau(t *testing.T, r *rig) *bureauRig {
	t.Helper()
	display, err := walk.StartDisplay(t.Context(), 1920, 1080)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(display.Close)
	b := &bureauRig{t: t, display: display, shots: r.shots}
	b.desk, err = walk.StartKiosk(t.Context(), display, binary, filepath.Join(r.shots, "desk.log"), "-config", r.config, "-data", r.data, "desk")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.desk.Stop() })
	return b
}

// setDesk sets a key of the desk in the configuration.
func (r *rig) setDesk(key, value string) {
	r.t.Helper()
	settings, err := os.ReadFile(r.config)
	if err == nil {
		set := strings.Replace(string(settings), "[desk]\n", fmt.Sprintf("[desk]\n%s = %q\n", key, value), 1)
		err = os.WriteFile(r.config, []byte(set), 0o600)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// sees waits until the words are on the screen, and takes a picture.
func (b *bureauRig) sees(words ...string) {
	b.t.Helper()
	m, err := b.desk.Until(b.t.Context(), cmp.Or(b.slow, soon), strings.Join(words, ", "), func(m walk.Map) bool {
		text := strings.Join(m.Texts, "\n")
		for _, w := range words {
			if !strings.Contains(text, w) {
				return false
			}
		}
		return true
	})
	if err != nil {
		b.t.Fatalf("%v: %q", err, m.Texts)
	}
	time.Sleep(walk.Settle)
	b.shot++
	if err := b.display.Save(filepath.Join(b.shots, fmt.Sprintf("desk-%02d.png", b.shot))); err != nil {
		b.t.Error(err)
	}
}

func (b *bureauRig) press(keys ...string) {
	b.t.Helper()
	if err := b.display.Press(b.t.Context(), keys...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bureauRig) types(text string) {
	b.t.Helper()
	if err := b.display.Type(b.t.Context(), text); err != nil {
		b.t.Fatal(err)
	}
}

// comes is the citizen coming back to the kiosk with the slip: its code is scanned, the page says how things stand, a key is touched.
func comes(r *rig, f filing.Filing, sees, touch string) {
	r.t.Helper()
	ctx := r.t.Context()
	if _, err := r.kiosk.Page(ctx, "welcome", soon); err != nil {
		r.t.Fatal(err)
	}
	if err := r.scanner.Send(ctx, f.Reference.String()); err != nil {
		r.t.Fatal(err)
	}
	m, err := r.kiosk.Page(ctx, "status", soon)
	if err != nil || !strings.Contains(strings.Join(m.Texts, "\n"), sees) {
		r.t.Fatalf("%v: %q", err, m.Texts)
	}
	if strings.Contains(strings.Join(m.Texts, " "), f.Applicant.Name) {
		r.t.Error("the page of a slip names somebody")
	}
	r.picture("status-" + touch)
	for _, id := range []string{touch, "key.next"} {
		if id == "" {
			continue
		}
		if err := r.kiosk.Touch(ctx, id); err != nil {
			r.t.Fatal(err)
		}
	}
}

// helps is the officer taking over a session at the kiosk: both screens say so, what is typed at the desk stands at the kiosk, and the session is
// handed back.
func helps(r *rig, b *bureauRig) {
	r.t.Helper()
	ctx := r.t.Context()
	if _, err := r.kiosk.Page(ctx, "welcome", soon); err != nil {
		r.t.Fatal(err)
	}
	if err := r.kiosk.Touch(ctx, "nocard"); err != nil {
		r.t.Fatal(err)
	}
	at := func(what string) {
		r.t.Helper()
		m, err := r.kiosk.Until(ctx, soon, what, func(m walk.Map) bool { return strings.Contains(strings.Join(m.Texts, " "), what) })
		if err != nil {
			r.t.Fatalf("%v: %q", err, m.Texts)
		}
	}
	b.press("Escape", "h")
	b.sees("Đang giúp công dân ở K1")
	at("Cán bộ Bùi Văn An đang giúp")
	b.types("099174000123")
	at("099 174 000 123")
	r.picture("helped")
	b.press("Escape")
	b.sees("Hồ sơ", "Gọi người tiếp theo")
	at("Công an xã Mai Châu")
	if err := r.kiosk.Touch(ctx, "key.back"); err != nil {
		r.t.Fatal(err)
	}
}

// scanned is a paper of the open filing going through the document scanner, which leaves it in a folder: it is put beside the form, looked at, and gone from
// the folder.
func scanned(b *bureauRig, folder string) {
	b.t.Helper()
	sheet := image.NewRGBA(image.Rect(0, 0, 1240, 1754)) // A4 with 150 dots an inch
	for y := range 1754 {
		for x := range 1240 {
			ink := color.Gray{Y: 255}
			if line := y / 40; line > 4 && line < 36 && y%40 < 12 && x > 150 && x < 1090-200*(line%3) {
				ink.Y = 60
			}
			sheet.Set(x, y, ink)
		}
	}
	var file bytes.Buffer
	err := png.Encode(&file, sheet)
	path := filepath.Join(folder, "scan-0001.png")
	if err == nil {
		err = os.WriteFile(path, file.Bytes(), 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.press("b")
	b.sees("Nhập ảnh giấy tờ", "1 ảnh đang chờ")
	b.press("2", "Return")
	b.sees("Đã nhập 1 ảnh", "xem ảnh")
	b.press("space")
	b.sees("Xóa ảnh này", "về hồ sơ", "PgDn")
	b.press("Escape")
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		b.t.Errorf("%v is left of the scan, %v", left, err)
	}
}

// picture keeps what the kiosk shows.
func (r *rig) picture(name string) {
	r.t.Helper()
	time.Sleep(walk.Settle)
	if err := r.display.Save(filepath.Join(r.shots, name+".png")); err != nil {
		r.t.Error(err)
	}
}

// TestDesk: two processes with a real window each on one data directory. A citizen files at the kiosk, the officer signs in, takes the
// filing, receives it, asks for what is lacking, gets it, finishes, hands over; the kiosk runs on.
func TestDesk(t *testing.T) {
	pcsctest.Start(t)
	p := cardsim.Personas()[0]
	r := newRig(t, 1920, 1080, "pcsc")
	scanner, err := scansim.Start(t.Context(), scansim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = scanner.Close() })
	r.setDesk("scanner", scanner.Path())
	scans := t.TempDir()
	r.setDesk("scans", scans)
	b := newBureau(t, r)
	b.sees("Cán bộ đăng nhập", "Bùi Văn An")
	filed := r.file(r.citizen(walk.Demonstration(), ourCard(t, p), p.QR()))
	b.types(storetest.TestPIN)
	b.press("Return")
	b.sees(filed.Reference.Short(), p.Name, "Mới nộp")
	b.press("F8") // the number of the slip is called: it stands on the kiosk
	b.sees("Đã gọi 1 lần", "1 Đến")
	if m, err := r.kiosk.Until(t.Context(), soon, "the call", func(m walk.Map) bool {
		return strings.Contains(strings.Join(m.Texts, " "), "Mời số 1 đến quầy 1")
	}); err != nil {
		t.Fatalf("%v: %q", err, m.Texts)
	}
	r.picture("call")
	b.press("1")
	b.sees("Đăng ký tạm trú · "+p.Name, "Tiếp nhận", "Các bước và căn cứ", "Đang làm")
	b.press("F5")
	b.sees("in CT04")
	b.press("Return")
	b.sees("Đã tiếp nhận.", "Giải quyết xong")
	b.press("F6")
	b.sees("Lý do")
	b.types("Hopwj ddoongf thuee nhaf")
	b.press("Up")
	b.types("Hopwj ddoongf chuwa cos chuwx kys")
	b.press("Return")
	b.sees("Đã yêu cầu bổ sung.", "Công dân đã bổ sung")
	b.press("Escape")
	comes(r, filed, "Hồ sơ còn thiếu giấy tờ", "brought")
	b.sees("Đã mang đến")
	if err := scanner.Send(t.Context(), filed.Reference.String()); err != nil { // the slip lies on the desk
		t.Fatal(err)
	}
	b.sees("Công dân đã bổ sung")
	scanned(b, scans)
	b.press("F5", "Return")
	b.sees("Đã ghi bổ sung.")
	b.press("F5", "Return")
	b.sees("Đã ghi xong.", "Trả kết quả")
	comes(r, filed, "Hồ sơ đã có kết quả", "")
	b.press("F5", "2", "Return")
	b.sees("Đã trả kết quả.", "Đã trả")
	helps(r, b)
	b.press("F3")
	b.sees("Số liệu tháng", "Đăng ký tạm trú", "Tiếp nhận sáu tháng", "Cộng")
	b.press("F4")
	b.sees("Đầu đọc thẻ chip", "Ki-ốt K1", "Máy in A4", "Kho hồ sơ", "Cổng dịch vụ công")
	b.press("F10")
	b.sees("Cán bộ đăng nhập")
	if m, err := b.desk.Map(); err != nil || strings.Contains(strings.Join(m.Texts, " "), p.Name) {
		t.Errorf("a name stays on the screen: %v", err)
	}
	if _, err := r.kiosk.Page(t.Context(), "welcome", soon); err != nil {
		t.Error(err)
	}
	db, err := store.OpenReadOnly(r.data)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c, err := db.Case(t.Context(), filed.Reference, r.officer)
	if err != nil || c.Status != filing.Handed || len(c.History) != 5 || c.History[1].Items[0] != "Hợp đồng thuê nhà" {
		t.Errorf("%+v, %v", c, err)
	}
	if list, err := db.Pictures(t.Context(), filed.Reference, r.officer); err != nil || len(list) != 1 || list[0].Paper != filed.Papers[1].Name {
		t.Errorf("%d pictures, %v", len(list), err)
	}
	if v, err := db.VerifyJournal(t.Context()); err != nil || v.Signed != 5+1+1 { // decisions, a picture, the key of what people are looked for by
		t.Errorf("%+v, %v", v, err)
	}
}
