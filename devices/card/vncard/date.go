package vncard

import (
	"fmt"
	"slices"
	"time"
)

// Date is a calendar day. The zero Date is an unknown one.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NoExpiry is what cards without expiry carry: 991231 in the MRZ.
func NoExpiry() Date { return Date{2099, time.December, 31} }

// IsZero says whether the date is unknown.
func (d Date) IsZero() bool { return d == Date{} }

// String gives YYYY-MM-DD.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MRZ gives YYMMDD.
func (d Date) MRZ() string { return fmt.Sprintf("%02d%02d%02d", d.Year%100, d.Month, d.Day) }

// Before says whether d comes before e.
func (d Date) Before(e Date) bool { return d.time().Before(e.time()) }

func (d Date) time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// DateOf is the day of t.
func DateOf(t time.Time) Date { return Date{t.Year(), t.Month(), t.Day()} }

// valid says whether the day exists.
func (d Date) valid() bool { return d.Year > 0 && DateOf(d.time()) == d }

// ParseDate reads dd/MM/yyyy, the form of DG13.
func ParseDate(s string) (Date, bool) {
	t, err := time.Parse("02/01/2006", s)
	if err != nil {
		return Date{}, false
	}
	return DateOf(t), true
}

// Milestones of life at which a card is changed: Law on Citizen Identification 2014 art. 21, and Law on Identity 2023
// art. 21, in force since 1 July 2024, which adds 14 (the cards of those under it end there). A card issued within two
// years before a milestone holds until the next one.
func milestones(issued Date) []int {
	identityLaw := Date{2024, time.July, 1}
	if issued.Before(identityLaw) {
		return []int{25, 40, 60}
	}
	return []int{14, 25, 40, 60}
}

const (
	earlyRenewal = 2  // years before a milestone
	boundaryDays = 31 // how near to the two-year boundary the office may have counted otherwise
)

// ExpiryCandidates are the dates of expiry that a card can have which was issued on a day to a person born on a day,
// the likeliest first: each costs one attempt at the chip. nil if the days make no sense.
//
// The law gives one answer. Near its two-year boundary the other side of it follows, for whether the boundary's own day
// is within it, and which of application and issue counts, is nowhere said. Then come the remaining milestones after
// issue and "no expiry", for cards that were issued in another way than the law says: first among them the milestone
// that the two-year rule skips. For births on 29 February see birthdays.
func ExpiryCandidates(birth, issued Date) []Date {
	if !birth.valid() || !issued.valid() || issued.Before(birth) {
		return nil
	}
	ages := milestones(issued)
	var out []Date
	for _, i := range milestoneOrder(birth, issued, ages) {
		if i == len(ages) {
			out = appendNew(out, NoExpiry())
			continue
		}
		for _, d := range birthdays(birth, ages[i]) {
			if issued.Before(d) {
				out = appendNew(out, d)
			}
		}
	}
	return out
}

// milestoneOrder lists indexes of ages, the likeliest end of a card first; len(ages) stands for no expiry. Some come
// twice.
func milestoneOrder(birth, issued Date, ages []int) []int {
	boundary := func(i int) Date { return anniversary(birth, ages[i]-earlyRenewal) }
	lawful := len(ages)
	for i := range ages {
		if issued.Before(boundary(i)) {
			lawful = i
			break
		}
	}
	order := []int{lawful}
	if lawful > 0 && near(issued, boundary(lawful-1)) {
		order = append(order, lawful-1)
	}
	if lawful < len(ages) && near(issued, boundary(lawful)) {
		order = append(order, lawful+1)
	}
	for i := range len(ages) + 1 {
		order = append(order, i)
	}
	return order
}

func near(a, b Date) bool {
	const day = 24 * time.Hour
	return a.time().Sub(b.time()).Abs() <= boundaryDays*day
}

func appendNew(out []Date, d Date) []Date {
	if slices.Contains(out, d) {
		return out
	}
	return append(out, d)
}

// anniversary is the birthday of that age; of 29 February in other years 1 March, as Go counts.
func anniversary(birth Date, age int) Date {
	return DateOf(time.Date(birth.Year+age, birth.Month, birth.Day, 0, 0, 0, 0, time.UTC))
}

// birthdays are the days that a card may name as the birthday of that age: one, but for births on 29 February. What
// their cards say in other years was never published: the month's last day, as the Civil Code 2015 art. 148 counts
// periods; the day after it; or 29 February all the same, where a program only adds to the year. The last is no day of
// the calendar, and makes a key like any other six digits.
func birthdays(birth Date, age int) []Date {
	day := Date{birth.Year + age, birth.Month, birth.Day}
	if day.valid() {
		return []Date{day}
	}
	return []Date{{day.Year, time.February, 28}, {day.Year, time.March, 1}, day}
}
