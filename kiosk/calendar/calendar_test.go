package calendar

import (
	"testing"
	"time"

	"motcua/kiosk/identity"
)

func day(t *testing.T, s string) identity.Date {
	t.Helper()
	d, err := identity.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDue(t *testing.T) {
	tests := []struct {
		name, received string
		days           int
		want           string
	}{
		{"a holiday in between: Tuesday 24 November", "2026-11-23", 3, "2026-11-27"},
		{"received on the holiday", "2026-11-24", 3, "2026-11-27"},
		{"an ordinary week", "2026-11-09", 3, "2026-11-12"},
		{"over a weekend", "2026-11-12", 3, "2026-11-17"},
		{"received on a Saturday morning", "2026-11-14", 3, "2026-11-18"},
		{"over Tết 2026", "2026-02-13", 3, "2026-02-25"},
		{"Tết 2027 covers a weekend: two more days are off after it", "2027-02-04", 1, "2027-02-12"},
		{"the Hùng kings' day on a Sunday is taken on Monday", "2026-04-24", 1, "2026-04-28"},
		{"30 April and 1 May", "2026-04-29", 1, "2026-05-04"},
		{"1 May 2027 is a Saturday: off on Monday", "2027-04-29", 1, "2027-05-04"},
		{"National Day and the day beside it", "2026-08-31", 1, "2026-09-03"},
		{"over the turn of the year", "2026-12-31", 1, "2027-01-04"},
		{"a year without data: weekends and fixed days", "2031-04-29", 1, "2031-05-02"},
		{"the same day for a term of nothing", "2026-11-23", 0, "2026-11-23"},
	}
	c := New()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.After(day(t, tt.received), tt.days); got != day(t, tt.want) {
				t.Errorf("After(%s, %d) = %v, want %s", tt.received, tt.days, got, tt.want)
			}
		})
	}
}

func TestWorking(t *testing.T) {
	c := New()
	for s, want := range map[string]bool{
		"2026-11-23": true, "2026-11-24": false, "2026-11-28": false, "2026-11-29": false,
		"2026-02-16": false, "2026-02-17": false, "2026-02-20": false, "2026-02-23": true, "2026-04-27": false,
		"2025-11-24": true, "2028-11-24": false, "2028-01-01": false,
	} {
		if got := c.Working(day(t, s)); got != want {
			t.Errorf("Working(%s) = %v", s, got)
		}
	}
}

func TestWorkedSaturday(t *testing.T) {
	saturday, friday := day(t, "2030-03-09"), day(t, "2030-03-08")
	c := build(map[int]Year{2030: {Year: 2030, Off: []Off{{friday, "đổi ngày"}}, Worked: []identity.Date{saturday}}}, DefaultHours())
	if !c.Working(saturday) || c.Working(friday) {
		t.Error("the swapped days must be exchanged")
	}
	if got := c.After(day(t, "2030-03-07"), 1); got != saturday {
		t.Errorf("After = %v, want the worked Saturday", got)
	}
}

func TestBetween(t *testing.T) {
	c := New()
	got := c.Between(day(t, "2026-11-23"), day(t, "2026-11-27"))
	if len(got) != 1 || got[0] != day(t, "2026-11-24") {
		t.Errorf("Between = %v, want 24/11", got)
	}
	if got := c.Between(day(t, "2026-11-09"), day(t, "2026-11-13")); got != nil {
		t.Errorf("Between = %v in a week without holidays", got)
	}
	// A holiday on a Sunday costs nobody a day; the Monday that replaces it does.
	got = c.Between(day(t, "2026-04-24"), day(t, "2026-04-28"))
	if len(got) != 1 || got[0] != day(t, "2026-04-27") {
		t.Errorf("Between = %v, want 27/04", got)
	}
}

func TestWeekday(t *testing.T) {
	start := identity.Date{Year: 2026, Month: time.November, Day: 22}
	want := []string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"}
	for i, w := range want {
		if got := Weekday(start.AddDays(i)); got != w {
			t.Errorf("Weekday(%v) = %s, want %s", start.AddDays(i), got, w)
		}
	}
}

// A day on which the office is closed counts for no term and takes nothing; a holiday keeps its name; the calendar of before is as it was.
func TestClosing(t *testing.T) {
	all := New()
	day := identity.Date{Year: 2026, Month: time.November, Day: 26} // a Thursday
	holiday := identity.Date{Year: 2026, Month: time.November, Day: 24}
	c := all.Closing(Off{day, "Sửa trụ sở"}, Off{holiday, "Họp"})
	if c.Working(day) || c.Holiday(day) != "Sửa trụ sở" || c.Holiday(holiday) == "Họp" {
		t.Errorf("%q, %q", c.Holiday(day), c.Holiday(holiday))
	}
	if !all.Working(day) || all.Closing() != all {
		t.Error("the calendar of before changed")
	}
	received := time.Date(2026, time.November, 25, 9, 0, 0, 0, Zone)
	before, err := all.Due(received, Term{Days: 1})
	after, err2 := c.Due(received, Term{Days: 1})
	if err != nil || err2 != nil || before.At.Day() != 26 || after.At.Day() != 27 || len(after.Skipped) != 1 || after.Skipped[0] != (Skip{day, "Sửa trụ sở"}) {
		t.Errorf("%+v, %+v, %v %v", before, after, err, err2)
	}
	if open, next := c.Receives(received.AddDate(0, 0, 1)); open || next.Day() != 27 {
		t.Errorf("%v, %v", open, next)
	}
}
