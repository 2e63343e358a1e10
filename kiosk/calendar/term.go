package calendar

import (
	"errors"
	"time"

	"motcua/kiosk/identity"
)

// Term is how long the law gives an office. At most one of Days, Calendar, Hours and SameDay is set; Half adds to Days.
type Term struct {
	Days     int    // working days
	Calendar int    // days of the calendar; an end on a day off moves to the next working day
	Hours    int    // working hours
	Half     bool   // and half a working day
	SameDay  bool   // on the day of receipt
	Cutoff   string // "15:00": what is received later counts as received on the next working day
	Max      int    // working days, if it has to be looked into
}

// IsZero reports whether there is no term: the officer says when.
func (t Term) IsZero() bool {
	return t.Days == 0 && t.Calendar == 0 && t.Hours == 0 && !t.Half && !t.SameDay
}

// The rules by which a due date came about.
const (
	RuleDays     = "days"
	RuleCalendar = "calendar"
	RuleHours    = "hours"
	RuleHalf     = "half"
	RuleSameDay  = "same-day"
	RuleNextDay  = "next-day" // same day, but received after the cut-off or when the office does not work
)

// Due is when a term ends, and why then.
type Due struct {
	At      time.Time     // the moment: the end of office hours where the law counts days
	Rule    string        // one of the rules
	Skipped []Skip        // days off in between that fall on Monday to Friday
	Latest  identity.Date // if it has to be looked into; zero if the law says nothing of that
	Unsure  bool          // it rests on a year whose days off are not decided yet
}

// Skip is a day that does not count.
type Skip struct {
	Day identity.Date
	Why string // name of the holiday
}

// ErrTerm: a term that no law has.
var ErrTerm = errors.New("calendar: wrong term")

// maxTerm is the longest term in days, two years.
const maxTerm = 730

// Due is when a filing received at a moment is due.
func (c *Calendar) Due(received time.Time, t Term) (Due, error) {
	if t.IsZero() || min(t.Days, t.Calendar, t.Hours, t.Max) < 0 || max(t.Days, t.Calendar, t.Hours, t.Max) > maxTerm {
		return Due{}, ErrTerm
	}
	day := identity.DateOf(received)
	late, err := c.late(received, t.Cutoff)
	if err != nil {
		return Due{}, err
	}
	if late && !t.SameDay {
		day = c.nextWorking(day)
		received = c.at(day, c.hours.Morning.From)
	}
	d := c.end(received, day, t, late)
	for x := day.AddDays(1); x.Before(identity.DateOf(d.At)); x = x.AddDays(1) {
		if why := c.Holiday(x); why != "" && !weekend(x) {
			d.Skipped = append(d.Skipped, Skip{x, why})
		}
	}
	d.Unsure = c.Unsure(day.Year) || c.Unsure(d.At.Year())
	if t.Max > 0 {
		d.Latest = c.After(day, t.Max)
		d.Unsure = d.Unsure || c.Unsure(d.Latest.Year)
	}
	return d, nil
}

// end is where the term ends, by the way in which it counts.
func (c *Calendar) end(received time.Time, day identity.Date, t Term, late bool) Due {
	closing := c.hours.Afternoon.To
	switch {
	case t.SameDay && !late && c.Working(day) && received.Before(c.atIn(received, day, closing)):
		return Due{At: c.atIn(received, day, closing), Rule: RuleSameDay}
	case t.SameDay:
		return Due{At: c.atIn(received, c.nextWorking(day), closing), Rule: RuleNextDay}
	case t.Hours > 0:
		return Due{At: c.add(received, time.Duration(t.Hours)*time.Hour), Rule: RuleHours}
	case t.Calendar > 0:
		end := day.AddDays(t.Calendar)
		if !c.Working(end) {
			end = c.nextWorking(end)
		}
		return Due{At: c.atIn(received, end, closing), Rule: RuleCalendar}
	case t.Half:
		half := (c.hours.Morning.To - c.hours.Morning.From + c.hours.Afternoon.To - c.hours.Afternoon.From) / 2
		if t.Days == 0 {
			return Due{At: c.add(received, half), Rule: RuleHalf}
		}
		return Due{At: c.add(c.atIn(received, c.After(day, t.Days), closing), half), Rule: RuleHalf}
	}
	return Due{At: c.atIn(received, c.After(day, t.Days), closing), Rule: RuleDays}
}

// late reports whether something comes after the cut-off, or on a day on which the office does not work.
func (c *Calendar) late(received time.Time, cutoff string) (bool, error) {
	if cutoff == "" {
		return false, nil
	}
	limit, err := time.Parse("15:04", cutoff)
	if err != nil {
		return false, ErrTerm
	}
	clock := time.Duration(received.Hour())*time.Hour + time.Duration(received.Minute())*time.Minute
	return clock > time.Duration(limit.Hour())*time.Hour+time.Duration(limit.Minute())*time.Minute || !c.Working(identity.DateOf(received)), nil
}

// at is a time of day in Vietnam, atIn one at the place of another moment.
func (c *Calendar) at(d identity.Date, since time.Duration) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Zone).Add(since)
}

func (c *Calendar) atIn(place time.Time, d identity.Date, since time.Duration) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, place.Location()).Add(since)
}

// Zone is Vietnam's time, the same everywhere and all year. A program that promises days to people makes it time.Local,
// whatever the machine was set to.
var Zone = time.FixedZone("+07", 7*60*60)

// add is a moment so much office time later. What comes outside office hours begins with the next ones.
func (c *Calendar) add(from time.Time, work time.Duration) time.Time {
	day := identity.DateOf(from)
	since := from.Sub(c.atIn(from, day, 0))
	for {
		if c.Working(day) {
			for _, span := range []Span{c.hours.Morning, c.hours.Afternoon} {
				begin := max(since, span.From)
				if begin >= span.To {
					continue
				}
				if room := span.To - begin; work > room {
					work -= room
					continue
				}
				return c.atIn(from, day, begin+work)
			}
		}
		day, since = day.AddDays(1), 0
	}
}

// worked is how much office time lies between two moments of one place.
func (c *Calendar) worked(from, to time.Time) time.Duration {
	var sum time.Duration
	for day := identity.DateOf(from); !identity.DateOf(to).Before(day); day = day.AddDays(1) {
		if !c.Working(day) {
			continue
		}
		midnight := c.atIn(from, day, 0)
		for _, span := range []Span{c.hours.Morning, c.hours.Afternoon} {
			sum += max(0, min(span.To, to.Sub(midnight))-max(span.From, from.Sub(midnight)))
		}
	}
	return sum
}

// EndOf is the end of office hours on a day, at the place of another moment: when a term ends that the law counts in days.
func (c *Calendar) EndOf(d identity.Date, place time.Time) time.Time {
	return c.atIn(place, d, c.hours.Afternoon.To)
}

// Resumed is when a term ends that stood still while a citizen brought what was lacking, from the moment it was asked for until it was back. The time
// in between is not the office's, and the rest of the term goes on: where the law counts it in days, the whole working days after that of asking, until
// the hour that was promised; where it was asked for on the last day, or the law counts hours, the office hours. A term that was over by then has no
// rest, and ends when it did.
func (c *Calendar) Resumed(due, asked, back time.Time, days bool) time.Time {
	if !asked.Before(due) {
		return due
	}
	asked, ends := asked.In(back.Location()), due.In(back.Location())
	var end time.Time
	if left := c.Left(identity.DateOf(asked), identity.DateOf(ends)); days && left > 0 {
		end = c.atIn(back, c.After(identity.DateOf(back), left), ends.Sub(c.atIn(ends, identity.DateOf(ends), 0)))
	} else {
		end = c.add(back, c.worked(asked, ends))
	}
	if end.Before(due) { // the office closes earlier than it did
		return due
	}
	return end
}

// Receives reports whether the office takes filings at a moment, and if not, when it does next.
func (c *Calendar) Receives(at time.Time) (open bool, next time.Time) {
	day := identity.DateOf(at)
	since := at.Sub(c.atIn(at, day, 0))
	for first := true; ; first = false {
		for _, span := range c.spans(day) {
			if first && since >= span.From && since < span.To {
				return true, at
			}
			if !first || since < span.From {
				return false, c.atIn(at, day, span.From)
			}
		}
		day = day.AddDays(1)
	}
}

// spans are the office hours of a day on which filings are taken.
func (c *Calendar) spans(d identity.Date) []Span {
	switch {
	case c.Working(d):
		return []Span{c.hours.Morning, c.hours.Afternoon}
	case c.hours.Saturday && d.Time().Weekday() == time.Saturday && c.Holiday(d) == "":
		return []Span{c.hours.Morning}
	}
	return nil
}
