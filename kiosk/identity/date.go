package identity

import (
	"errors"
	"fmt"
	"time"
)

// ErrDate: not a day of the calendar.
var ErrDate = errors.New("identity: no such date")

// Date is a day of the calendar, without a time and without a place. The zero value is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// layouts that dates come in: ISO 8601 in JSON, slashes on the card and in DG13, bare digits in the QR code.
const (
	isoDate   = "2006-01-02"
	cardDate  = "02/01/2006"
	plainDate = "02012006"
)

// DateOf is the day of t at t's place.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads 2006-01-02, 02/01/2006 or 02012006; ErrDate for anything else, also for 31 February.
func ParseDate(s string) (Date, error) {
	for _, layout := range []string{isoDate, cardDate, plainDate} {
		if t, err := time.Parse(layout, s); err == nil {
			return DateOf(t), nil
		}
	}
	return Date{}, ErrDate
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Time is the beginning of the day in UTC.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Before reports whether d comes before e.
func (d Date) Before(e Date) bool { return d.Time().Before(e.Time()) }

// AddDays is the day n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// AddMonths is the same day n months later, or the last day of that month where it is shorter (Civil Code 2015
// article 148: a period of months ends on the corresponding day, else on the month's last).
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// String is the date as people here write it: 02/01/2006; empty for none.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Day, d.Month, d.Year)
}

// MarshalText makes it 2006-01-02 in JSON.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return fmt.Appendf(nil, "%04d-%02d-%02d", d.Year, d.Month, d.Day), nil
}

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(b))
	*d = parsed
	return err
}

// Expiry is the day to which a card is valid, or never. The zero value means that it is not known.
type Expiry struct {
	Date  Date
	Never bool
}

// never is Expiry's word in JSON.
const never = "never"

// IsZero reports whether the expiry is not known.
func (e Expiry) IsZero() bool { return e == Expiry{} }

// Past reports whether the card had expired on the given day: it is valid through its last day.
func (e Expiry) Past(today Date) bool { return !e.Never && !e.Date.IsZero() && e.Date.Before(today) }

// String is the expiry as the card prints it.
func (e Expiry) String() string {
	if e.Never {
		return "Không thời hạn"
	}
	return e.Date.String()
}

// MarshalText makes it 2006-01-02 or "never" in JSON.
func (e Expiry) MarshalText() ([]byte, error) {
	if e.Never {
		return []byte(never), nil
	}
	return e.Date.MarshalText()
}

// UnmarshalText reads what MarshalText writes.
func (e *Expiry) UnmarshalText(b []byte) error {
	if string(b) == never {
		*e = Expiry{Never: true}
		return nil
	}
	e.Never = false
	return e.Date.UnmarshalText(b)
}
