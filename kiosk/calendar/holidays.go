package calendar

import (
	"time"

	"motcua/kiosk/identity"
)

// This file is data. It must grow by a year each autumn, when the government announces the next year's days off.

type holiday struct {
	day  identity.Date
	name string
}

// year is what was decided, or computed by the lunar calendar, for one year.
type year struct {
	year     int
	holidays []holiday
	// worked lists weekend days that are worked in exchange for another day off.
	worked []identity.Date
}

// culture is the first year in which 24 November is a holiday (resolution 28/2026/QH16, in force 1 July 2026).
const culture = 2026

// fixed lists the holidays that have the same date each year (Labour Code 2019 article 112.1).
func fixed(y int) []holiday {
	days := []holiday{
		{identity.Date{Year: y, Month: time.January, Day: 1}, "Tết Dương lịch"},
		{identity.Date{Year: y, Month: time.April, Day: 30}, "Ngày Chiến thắng"},
		{identity.Date{Year: y, Month: time.May, Day: 1}, "Ngày Quốc tế lao động"},
		{identity.Date{Year: y, Month: time.September, Day: 2}, "Quốc khánh"},
	}
	if y >= culture {
		days = append(days, holiday{identity.Date{Year: y, Month: time.November, Day: 24}, "Ngày Văn hóa Việt Nam"})
	}
	return days
}

const (
	newYear = "Tết Âm lịch"
	kings   = "Giỗ Tổ Hùng Vương"
	nation  = "Quốc khánh"
)

// decided holds what differs from year to year.
//
// Doubts: the first day of the lunar year (17 February 2026, 6 February 2027) and the Hùng kings' day 2027 (16 April)
// are computed, not read from a decision. Of the five days of Tết, which lie before the first is decided each year:
// 2026 is taken as one before and four after, 2027 as one before and four after. The day beside the National Day is
// taken as 1 September in 2026 and 3 September in 2027. The Hùng kings' day 2026 (Sunday 26 April, off on Monday 27) is
// from a published source. The decision for 2027 has to be entered when it is published.
var decided = []year{
	{2026, append(tet(identity.Date{Year: 2026, Month: time.February, Day: 17}),
		holiday{identity.Date{Year: 2026, Month: time.April, Day: 26}, kings},
		holiday{identity.Date{Year: 2026, Month: time.September, Day: 1}, nation}), nil},
	{2027, append(tet(identity.Date{Year: 2027, Month: time.February, Day: 6}),
		holiday{identity.Date{Year: 2027, Month: time.April, Day: 16}, kings},
		holiday{identity.Date{Year: 2027, Month: time.September, Day: 3}, nation}), nil},
}

// tetDays is how many days of Tết are paid holidays, tetBefore how many of them come before the first of the year.
const tetDays, tetBefore = 5, 1

// tet lists the days of Tết around the first day of the lunar year.
func tet(first identity.Date) []holiday {
	days := make([]holiday, 0, tetDays)
	for i := range tetDays {
		days = append(days, holiday{first.AddDays(i - tetBefore), newYear})
	}
	return days
}
