// Package calendar knows which days the office works, and so when a filing is due.
//
// New gives the calendar of the law; Calendar.Due counts working days. Days come in three layers, each stronger than
// the one before: weekends, public holidays, and days that the government moved for the year (compensatory rest days
// and working Saturdays). The first two follow from the Labour Code and are computed; Tết, the Hùng kings' day and
// the day beside the National Day are decided or computed by the lunar calendar for each year, so they are data
// (holidays.go), and a year without data is answered by what is fixed alone: Known says whether there was data.
//
// Why Saturday morning does not count: residence is received then (Circular 116/2026), but a working day of a term
// is Monday to Friday.
package calendar

import (
	"time"

	"motcua/kiosk/identity"
)

// Calendar knows the days off. It is immutable.
type Calendar struct {
	off     map[identity.Date]string // why nobody works, as text for people
	working map[identity.Date]bool   // Saturdays and Sundays that are worked
	years   map[int]bool             // with data
}

// New is the calendar of Vietnam's public holidays (Labour Code 2019 article 112; resolution 28/2026/QH16 for 24
// November) with the data known for each year.
func New() *Calendar {
	c := &Calendar{map[identity.Date]string{}, map[identity.Date]bool{}, map[int]bool{}}
	for _, y := range decided {
		c.years[y.year] = true
		c.addYear(y)
	}
	return c
}

// addYear adds the fixed holidays of a year and those decided for it, then the rest that moved: a holiday on a
// weekly day of rest is taken on the next working day (Labour Code 2019 article 111.3).
func (c *Calendar) addYear(y year) {
	all := append(fixed(y.year), y.holidays...)
	for _, d := range y.worked {
		c.working[d] = true
	}
	var moved []holiday
	for _, h := range all {
		c.off[h.day] = h.name
		if weekend(h.day) && !c.working[h.day] {
			moved = append(moved, h)
		}
	}
	for _, h := range moved {
		c.off[c.nextWorking(h.day)] = "nghỉ bù " + h.name
	}
}

// Known reports whether the year's lunar holidays are in the data; due dates in other years are counted by weekends
// and fixed holidays alone.
func (c *Calendar) Known(year int) bool { return c.years[year] }

// Working reports whether the office works on the day.
func (c *Calendar) Working(d identity.Date) bool {
	if c.Holiday(d) != "" {
		return false
	}
	return !weekend(d) || c.working[d]
}

// Holiday is the name of the public holiday on the day, or of the one it is taken for; empty on other days,
// weekends included.
func (c *Calendar) Holiday(d identity.Date) string {
	if name := c.off[d]; name != "" {
		return name
	}
	if c.years[d.Year] {
		return ""
	}
	for _, h := range fixed(d.Year) {
		if h.day == d {
			return h.name
		}
	}
	return ""
}

// Due is the day on which a term of so many working days ends. The day of receipt does not count, and the term ends
// with its last day (Civil Code 2015 articles 147, 148).
func (c *Calendar) Due(received identity.Date, workingDays int) identity.Date {
	day := received
	for range workingDays {
		day = c.nextWorking(day)
	}
	return day
}

// Between lists the public holidays after from and before to that fall on Monday to Friday: those that make a term
// longer than people count.
func (c *Calendar) Between(from, to identity.Date) []identity.Date {
	var days []identity.Date
	for d := from.AddDays(1); d.Before(to); d = d.AddDays(1) {
		if !weekend(d) && c.Holiday(d) != "" {
			days = append(days, d)
		}
	}
	return days
}

// nextWorking is the first working day after d.
func (c *Calendar) nextWorking(d identity.Date) identity.Date {
	for d = d.AddDays(1); !c.Working(d); {
		d = d.AddDays(1)
	}
	return d
}

// Weekday is the day of the week as people write it: thứ Hai … thứ Bảy, Chủ nhật.
func Weekday(d identity.Date) string { return weekdays[d.Time().Weekday()] }

var weekdays = [...]string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"}

func weekend(d identity.Date) bool {
	w := d.Time().Weekday()
	return w == time.Saturday || w == time.Sunday
}
