package service

import (
	"motcua/kiosk/calendar"
	"motcua/kiosk/form"
)

// Deadline is how long the office has, as the law counts it.
type Deadline struct {
	Days     int        `yaml:"days"`     // working days; 0: the officer says when
	Calendar int        `yaml:"calendar"` // days of the calendar
	Hours    int        `yaml:"hours"`    // working hours
	Half     bool       `yaml:"half"`     // and half a working day
	SameDay  bool       `yaml:"same_day"`
	Cutoff   string     `yaml:"cutoff"` // "15:00": what comes later counts from the next working day
	Max      int        `yaml:"max"`    // working days, if it has to be looked into
	Note     string     `yaml:"note"`
	Law      string     `yaml:"law"`
	Rates    []TermRate `yaml:"rates"` // the first that holds replaces all of it
}

// TermRate is the term of some filings.
type TermRate struct {
	When     form.Expr `yaml:"when"`
	Days     int       `yaml:"days"`
	Calendar int       `yaml:"calendar"`
	Hours    int       `yaml:"hours"`
	Half     bool      `yaml:"half"`
	SameDay  bool      `yaml:"same_day"`
	Cutoff   string    `yaml:"cutoff"`
	Max      int       `yaml:"max"`
	Note     string    `yaml:"note"`
	Law      string    `yaml:"law"`
}

// DeadlineFor is the term of a filing; its Rates are none.
func (s *Service) DeadlineFor(sheet *form.Sheet) Deadline {
	d := s.Deadline
	for _, r := range d.Rates {
		if sheet.Holds(r.When) {
			return Deadline{r.Days, r.Calendar, r.Hours, r.Half, r.SameDay, r.Cutoff, r.Max, r.Note, r.Law, nil}
		}
	}
	d.Rates = nil
	return d
}

// Term is the deadline as the calendar counts it; its Rates do not count.
func (d Deadline) Term() calendar.Term {
	return calendar.Term{Days: d.Days, Calendar: d.Calendar, Hours: d.Hours, Half: d.Half, SameDay: d.SameDay, Cutoff: d.Cutoff, Max: d.Max}
}
