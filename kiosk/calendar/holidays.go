package calendar

import (
	"cmp"
	"time"

	"motcua/kiosk/identity"
)

type holiday struct {
	day  identity.Date
	name string
}

const (
	newYear = "Tết Âm lịch"
	kings   = "Giỗ Tổ Hùng Vương"
	nation  = "Quốc khánh"
)

// culture is the first year in which 24 November is a holiday (resolution 28/2026/QH16, in force 1 July 2026).
const culture = 2026

// tetDays is how many days of Tết are paid holidays, tetBefore how many of them come before the first of the year where
// nothing is decided.
const tetDays, tetBefore = 5, 1

// holidays lists those of a year (Labour Code 2019 article 112.1): fixed, lunar, and the day beside the National Day.
func holidays(y int, decided Year) []holiday {
	on := func(month time.Month, day int) identity.Date { return identity.Date{Year: y, Month: month, Day: day} }
	days := []holiday{
		{on(time.January, 1), "Tết Dương lịch"}, {on(time.April, 30), "Ngày Chiến thắng"},
		{on(time.May, 1), "Ngày Quốc tế lao động"}, {on(time.September, 2), nation},
		{on(time.September, cmp.Or(decided.Nation, beside(on(time.September, 2)))), nation},
		{Lunar(y, 3, 10), kings},
	}
	if y >= culture {
		days = append(days, holiday{on(time.November, 24), "Ngày Văn hóa Việt Nam"})
	}
	first := Lunar(y, 1, 1)
	for i := range tetDays {
		days = append(days, holiday{first.AddDays(i - cmp.Or(decided.TetBefore, tetBefore)), newYear})
	}
	return days
}

// beside guesses which day beside the National Day will be free: the one that makes the longer row of free days.
func beside(national identity.Date) int {
	const before, after = 1, 3
	switch national.Time().Weekday() {
	case time.Monday, time.Thursday, time.Sunday:
		return after
	}
	return before
}
