package report

import (
	"fmt"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/identity"
)

// Period is [From, To).
type Period struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Month is a month in Vietnam's time.
func Month(year int, month time.Month) Period {
	from := time.Date(year, month, 1, 0, 0, 0, 0, calendar.Zone)
	return Period{from, from.AddDate(0, 1, 0)}
}

// DayOf is a day in Vietnam's time.
func DayOf(d identity.Date) Period {
	from := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, calendar.Zone)
	return Period{from, from.AddDate(0, 0, 1)}
}

// ParseMonth reads 2026-10.
func ParseMonth(s string) (Period, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil || t.Year() < 2000 || t.Year() > 2099 {
		return Period{}, fmt.Errorf("report: a month is written 2026-10")
	}
	return Month(t.Year(), t.Month()), nil
}

// ParseDay reads 2026-10-05.
func ParseDay(s string) (Period, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 2000 || t.Year() > 2099 {
		return Period{}, fmt.Errorf("report: a day is written 2026-10-05")
	}
	return DayOf(identity.DateOf(t)), nil
}

// In reports whether a moment lies in the period; the zero time never does.
func (p Period) In(t time.Time) bool { return !t.Before(p.From) && t.Before(p.To) }

// Since is from when on records are read for the figures of a month, so that the months before it stand beside it.
func (p Period) Since() time.Time { return p.before(trend - 1).From }

// before is the period of the same kind n months earlier, for a month.
func (p Period) before(n int) Period {
	from := p.From.AddDate(0, -n, 0)
	return Period{from, from.AddDate(0, 1, 0)}
}

// isMonth reports whether it is a whole month.
func (p Period) isMonth() bool { return p.From.Day() == 1 && p.To.Equal(p.From.AddDate(0, 1, 0)) }
