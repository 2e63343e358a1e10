package report

import (
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
)

// Record is what the figures know of a filing: nothing of a person.
type Record struct {
	Reference filing.Reference `json:"reference"`
	Service   string           `json:"service"` // id
	Filed     time.Time        `json:"filed"`
	Due       time.Time        `json:"due,omitzero"` // as it was promised when it was filed
	Channel   filing.Channel   `json:"channel,omitempty"`
	Chip      string           `json:"chip,omitempty"` // filing.Facts
	Case      string           `json:"case,omitempty"` // filing.Facts
	Level     Level            `json:"level,omitempty"`
	Steps     []Step           `json:"steps,omitempty"` // oldest first, without those that were taken back
	Stars     int              `json:"stars,omitempty"` // 1 to 5; 0: not rated
	Rated     time.Time        `json:"rated,omitzero"`
}

// Step is a decision and what it led to.
type Step struct {
	At      time.Time     `json:"at"`
	Action  desk.Action   `json:"action"`
	Officer string        `json:"officer,omitempty"` // account
	Status  filing.Status `json:"status"`            // from then on
	Due     time.Time     `json:"due,omitzero"`      // from then on
}

// Level is that of the authority that decides.
type Level string

// The levels. There have been no districts since 1 July 2025; older figures have them.
const (
	AtCommune  Level = "commune"
	AtDistrict Level = "district"
	AtProvince Level = "province"
)

// Visit is one person in the queue; a time that did not come is zero.
type Visit struct {
	Taken    time.Time // the number was drawn
	Called   time.Time // first
	Began    time.Time // at the counter
	Ended    time.Time
	Priority bool // called before others: elderly, disabled, pregnant, with a small child, merit
}

// Visits are the people of tickets.
func Visits(tickets []desk.Ticket) []Visit {
	list := make([]Visit, len(tickets))
	for i, t := range tickets {
		list[i] = Visit{Taken: t.Taken, Called: t.Called, Began: t.Began, Ended: t.Ended, Priority: t.Priority != desk.Usual}
	}
	return list
}

// end is the step that ended the filing, false if there is none. A result is an end when it is there, fetched or not.
func (r *Record) end() (Step, bool) {
	for _, s := range r.Steps {
		if s.Status == filing.Done || s.Status.Ended() {
			return s, true
		}
	}
	return Step{}, false
}

// first is the first step of a kind.
func (r *Record) first(a desk.Action) (Step, bool) {
	for _, s := range r.Steps {
		if s.Action == a {
			return s, true
		}
	}
	return Step{}, false
}

// at is the status and the date that held just before a moment.
func (r *Record) at(t time.Time) (status filing.Status, due time.Time) {
	status, due = filing.Filed, r.Due
	for _, s := range r.Steps {
		if !s.At.Before(t) {
			break
		}
		status, due = s.Status, s.Due
	}
	return status, due
}

// owed is how long the citizen owed a supplement, until a moment.
func (r *Record) owed(until time.Time) time.Duration {
	ask, asked := r.first(desk.Ask)
	if !asked || !ask.At.Before(until) {
		return 0
	}
	for _, s := range r.Steps {
		if s.At.After(ask.At) || s.Action == desk.Supply {
			return min(s.At.Sub(ask.At), until.Sub(ask.At))
		}
	}
	return until.Sub(ask.At)
}
