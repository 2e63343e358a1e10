package sheet

import (
	"bytes"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"motcua/assets"
	"motcua/kiosk/calendar"
	"motcua/kiosk/identity"
	"motcua/kiosk/paper"
	"motcua/kiosk/report"
	"motcua/kiosk/report/reporttest"
	"motcua/kiosk/text"
)

var now = time.Date(2022, time.June, 5, 9, 0, 0, 0, calendar.Zone)

func words(t *testing.T) *text.Table {
	t.Helper()
	table, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func shelf(t *testing.T) *paper.Shelf {
	t.Helper()
	s, err := paper.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func render(t *testing.T, id string, v paper.Values) []byte {
	t.Helper()
	form, ok := shelf(t).On(id, identity.Date{Year: 2022, Month: time.June, Day: 1})
	if !ok {
		t.Fatalf("no form %s", id)
	}
	var b bytes.Buffer
	if err := form.Render(&b, v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func someDay(t *testing.T) report.Day {
	t.Helper()
	in := reporttest.Province()
	day := identity.Date{Year: 2022, Month: time.May, Day: 24}
	return report.MakeDay(day, day.AddDays(1), in, report.DayLog{Slips: 40, Failed: map[string]int{"printer-no-paper": 2}, Forms: map[string]int{"CT04": 12}}, now)
}

// printed is the text of a PDF as another program reads it.
func printed(t *testing.T, pdf []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed: make deps brings it")
	}
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return norm.NFC.String(string(out))
}

func province(t *testing.T) report.Report {
	t.Helper()
	return report.Make(reporttest.Month(), reporttest.Province(), now)
}

// The month on paper says what was published, in Vietnamese.
func TestMonthOnPaper(t *testing.T) {
	text := printed(t, render(t, MonthForm, Month(province(t), words(t))))
	for _, want := range []string{`CÔNG AN TỈNH HÒA BÌNH`, `BÁO CÁO SỐ LIỆU THÁNG 05/2022`, `Từ ngày 01/05/2022 đến ngày 31/05/2022`, `Tiếp nhận trong kỳ +2\.427\n`,
		`Đã giải quyết +2\.150\n`, `Nhận tại đây, trên 15 dịch vụ +11 +73,3 %`, `Mô tô, xe máy đăng ký mới +562\n`, `Tại cấp xã +50 +8,9 %`, `Tại cấp tỉnh +85 +42,1 %`,
		`Tại cấp dưới +117 +57,9 %`, `Đăng ký, cấp biển số xe ô tô +0 +202 `, `THỦ TRƯỞNG ĐƠN VỊ`} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("%q is not there", want)
		}
	}
}

func TestDayOnPaper(t *testing.T) {
	d := someDay(t)
	d.Skipped = []report.Gap{{Station: "K1", First: 3, Last: 3}, {Station: "K1", First: 7, Last: 1006}}
	text := printed(t, render(t, DayForm, Day(d, map[string]string{"an": "Đinh Thị Hoa"}, words(t))))
	for _, want := range []string{`TỜ CUỐI NGÀY 24/05/2022`, `Nộp trong ngày +111 `, `U2-2405-019 +07:22 +Đăng ký thường trú +Trực tuyến +Có đọc chip +Từ chối`, `Tiếp nhận +Đinh Thị Hoa`,
		`3. Phải xong đến hết ngày 25/05/2022`, `Số phiếu không dùng đến +K1-3 +1\n`, `K1-7 – 1\.006 +1\.000`, `Phiếu không in được +Máy in hết giấy +2`, `NGƯỜI GIAO +NGƯỜI NHẬN`} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("%q is not there", want)
		}
	}
}

// A day on which nothing happened, and one with more than paper holds.
func TestDayBounds(t *testing.T) {
	empty := report.MakeDay(identity.Date{Year: 2026, Month: time.November, Day: 25}, identity.Date{Year: 2026, Month: time.November, Day: 26}, report.Input{}, report.DayLog{}, now)
	if v := Day(empty, nil, words(t)); v.Rows["filed"][0]["service"] != "Không có" || v.Rows["gaps"][0]["what"] != "Không có" {
		t.Errorf("%v", v.Rows)
	}
	full := someDay(t)
	for len(full.Filed) < 2500 {
		full.Filed = append(full.Filed, full.Filed...)
	}
	v := Day(full, nil, words(t))
	if n := len(v.Rows["filed"]); n != paper.MaxRows || v.Rows["filed"][n-1]["service"] != words(t).Get("report.day.more", number(len(full.Filed)-paper.MaxRows+1)) {
		t.Errorf("%d rows, the last is %v", n, v.Rows["filed"][n-1])
	}
	render(t, DayForm, v)
}

// A word that is missing would stand there by its key.
func TestNoMissingWords(t *testing.T) {
	r := province(t)
	r.Complete = false
	r.Groups = append(r.Groups, report.Row{})
	r.Months = []report.Trend{{Month: "2022-04"}, {Month: "2022-05"}}
	var b bytes.Buffer
	if err := Workbook(&b, r, words(t)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, sheet := range f.GetSheetList() {
		all, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range append(all, []string{sheet}) {
			clean(t, row...)
		}
	}
	for _, v := range []paper.Values{Month(r, words(t)), Day(someDay(t), nil, words(t))} {
		clean(t, slices.Collect(maps.Values(v.Text))...)
		for _, table := range v.Rows {
			for _, row := range table {
				clean(t, slices.Collect(maps.Values(row))...)
			}
		}
	}
}

func clean(t *testing.T, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(s, "report.") || strings.Contains(s, "desk.") || strings.Contains(s, "fault.") {
			t.Errorf("a word is missing: %s", s)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1.000", 1234567: "1.234.567", -1000: "-1.000"} {
		if got := number(n); got != want {
			t.Errorf("%d is written %s", n, got)
		}
	}
	if percent(8.9) != "8,9 %" || percent(100) != "100,0 %" || decimal(4.25, 2) != "4,25" || span(26*time.Hour+5*time.Minute+29*time.Second) != "26:05" {
		t.Error(percent(8.9), decimal(4.25, 2), span(26*time.Hour))
	}
}
