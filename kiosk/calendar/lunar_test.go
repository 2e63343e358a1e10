package calendar

import (
	"testing"

	"motcua/kiosk/identity"
)

// The first day of the lunar year and the tenth of its third month, 2021 to 2030, and the years in which Vietnam's and
// China's new year differ.
func TestLunar(t *testing.T) {
	for _, tt := range []struct {
		year        int
		first, king string
	}{
		{2021, "2021-02-12", "2021-04-21"}, {2022, "2022-02-01", "2022-04-10"}, {2023, "2023-01-22", "2023-04-29"},
		{2024, "2024-02-10", "2024-04-18"}, {2025, "2025-01-29", "2025-04-07"}, {2026, "2026-02-17", "2026-04-26"},
		{2027, "2027-02-06", "2027-04-16"}, {2028, "2028-01-26", "2028-04-04"}, {2029, "2029-02-13", "2029-04-23"},
		{2030, "2030-02-02", "2030-04-12"},
		{1968, "1968-01-29", ""}, {1985, "1985-01-21", ""}, {2007, "2007-02-17", ""},
	} {
		if got := Lunar(tt.year, 1, 1); got != day(t, tt.first) {
			t.Errorf("lunar new year %d: %v, the table has %s", tt.year, got, tt.first)
		}
		if got := Lunar(tt.year, 3, 10); tt.king != "" && got != day(t, tt.king) {
			t.Errorf("the Hùng kings' day %d: %v, the table has %s", tt.year, got, tt.king)
		}
	}
}

// Months have 29 or 30 days, years 12 or 13 months, and a year begins between 21 January and 20 February.
func TestLunarYears(t *testing.T) {
	for year := 1970; year <= 2100; year++ {
		first := Lunar(year, 1, 1)
		if d := (identity.Date{Year: year, Month: 1, Day: 20}); !d.Before(first) || !first.Before(identity.Date{Year: year, Month: 2, Day: 22}) {
			t.Errorf("%d begins on %v", year, first)
		}
		last := first
		for month := 2; month <= 12; month++ {
			next := Lunar(year, month, 1)
			n := int(next.Time().Sub(last.Time()).Hours() / 24)
			if n != 29 && n != 30 && n != 59 && n != 58 && n != 60 { // with a leap month between
				t.Errorf("%d: month %d comes %d days after the one before", year, month, n)
			}
			last = next
		}
		if n := int(Lunar(year+1, 1, 1).Time().Sub(first.Time()).Hours() / 24); n < 353 || n > 385 {
			t.Errorf("%d has %d days", year, n)
		}
	}
}
