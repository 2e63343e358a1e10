// Package calendar knows which days the office works, and so when a filing is due.
//
// Days come in three layers, each stronger than the one before: weekends, public holidays, and days that the government
// moved for the year (days off in exchange, and Saturdays that are worked). The first follows from the week; holidays
// follow from the Labour Code and the lunar calendar (lunar.go) and are computed for any year; what is decided from year
// to year is data, assets/calendar/years.yaml, to which an office can add. What rests on a year that was not decided yet
// is marked as unsure (Unsure, Due.Unsure).
//
// A Term is how the law counts; Calendar.Due gives the moment at which it ends, with the rule that gave it. Why Saturday
// morning does not count: residence is received then (Circular 116/2026), but a working day of a term is Monday to Friday.
package calendar

import (
	"maps"
	"time"

	"motcua/kiosk/identity"
)

// Calendar knows the days off. It is immutable.
type Calendar struct {
	years map[int]Year // that were decided, or about which something is known
	hours Hours
	off   map[identity.Date]string // by year from firstYear on, why nobody works
	work  map[identity.Date]bool   // Saturdays and Sundays that are worked
}

// The years for which holidays are computed.
const firstYear, lastYear = 1970, 2100

// New is the calendar that the law alone gives, with the office hours that most have.
func New() *Calendar { return build(nil, DefaultHours()) }

func build(years map[int]Year, hours Hours) *Calendar {
	c := &Calendar{years, hours, map[identity.Date]string{}, map[identity.Date]bool{}}
	for y := firstYear; y <= lastYear; y++ {
		c.addYear(y)
	}
	return c
}

// addYear adds the holidays of a year and what was decided for it, then the rest that moves: a holiday on a weekly day of
// rest is taken on the next working day (Labour Code 2019 article 111.3).
func (c *Calendar) addYear(y int) {
	decided := c.years[y]
	for _, d := range decided.Worked {
		c.work[d] = true
	}
	for _, o := range decided.Off {
		c.off[o.Day] = o.Name
	}
	all := holidays(y, decided)
	var moved []holiday
	for _, h := range all {
		c.off[h.day] = h.name
		if weekend(h.day) && !c.work[h.day] {
			moved = append(moved, h)
		}
	}
	for _, h := range moved {
		c.off[c.nextWorking(h.day)] = "nghỉ bù " + h.name
	}
}

// Closing is the calendar with days on which this office is closed, besides all others; the name of each is why.
func (c *Calendar) Closing(days ...Off) *Calendar {
	if len(days) == 0 {
		return c
	}
	more := *c
	more.off = maps.Clone(c.off)
	for _, d := range days {
		if more.off[d.Day] == "" { // a holiday stays one
			more.off[d.Day] = d.Name
		}
	}
	return &more
}

// Unsure reports whether the days off of the year are computed only: the government has not decided, or the decision was
// not entered.
func (c *Calendar) Unsure(year int) bool { return !c.years[year].Decided }

// Doubts lists what of the years that are entered has to be confirmed.
func (c *Calendar) Doubts() []string {
	var doubts []string
	for y := firstYear; y <= lastYear; y++ {
		doubts = append(doubts, c.years[y].Doubts...)
	}
	return doubts
}

// Working reports whether the office works on the day.
func (c *Calendar) Working(d identity.Date) bool {
	if c.Holiday(d) != "" {
		return false
	}
	return !weekend(d) || c.work[d]
}

// Holiday is the name of the public holiday on the day, or of the one it is taken for; empty on other days,
// weekends included.
func (c *Calendar) Holiday(d identity.Date) string { return c.off[d] }

// After is the n-th working day after a day: the day on which a term of so many working days ends. The day of receipt
// does not count, and the term ends with its last day (Civil Code 2015 articles 147, 148).
func (c *Calendar) After(received identity.Date, n int) identity.Date {
	day := received
	for range n {
		day = c.nextWorking(day)
	}
	return day
}

// Left is how many working days of a term are left at the end of a day: those after it, up to the day on which it is due.
func (c *Calendar) Left(day, due identity.Date) int {
	n := 0
	for d := day.AddDays(1); !due.Before(d); d = d.AddDays(1) {
		if c.Working(d) {
			n++
		}
	}
	return n
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
