package report

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// DayLog is what happened in a day that no record says.
type DayLog struct {
	Slips  int            `json:"slips"`           // that came out of a printer
	Failed map[string]int `json:"slips_failed"`    // that did not, by fault code
	Forms  map[string]int `json:"forms,omitempty"` // of decisions, on paper, by form
}

// Day is the sheet that ends a day: what the office takes over into the next.
type Day struct {
	Office   Office    `json:"office"`
	Day      string    `json:"day"`  // 2026-10-05
	Next     string    `json:"next"` // the next working day
	Made     time.Time `json:"made"`
	Complete bool      `json:"complete"`
	Total    Figures   `json:"total"`
	DayLog
	Filed     []DayFiling   `json:"filed"`
	Decisions []DayDecision `json:"decisions"` // handing over is among them
	Due       []DayFiling   `json:"due"`       // to be finished by the end of the next working day, what is late first
	Skipped   []Gap         `json:"skipped"`   // numbers of the day that no filing has
	Queue     Queue         `json:"queue"`
	Times     Times         `json:"times"`
}

// DayFiling is a filing on that sheet.
type DayFiling struct {
	Short   string         `json:"short"`
	Service string         `json:"service"` // name
	Filed   time.Time      `json:"filed"`
	Channel filing.Channel `json:"channel,omitempty"`
	Chip    string         `json:"chip,omitempty"`
	Status  filing.Status  `json:"status"` // at the end of the day
	Due     time.Time      `json:"due,omitzero"`
	Late    bool           `json:"late,omitempty"`
}

// DayDecision is a decision on that sheet.
type DayDecision struct {
	Short   string        `json:"short"`
	Service string        `json:"service"` // name
	At      time.Time     `json:"at"`
	Action  desk.Action   `json:"action"`
	Officer string        `json:"officer"` // account
	Status  filing.Status `json:"status"`  // that it led to
}

// Gap is a run of numbers that were left out: a filing that did not reach the disk, or a directory that came from a backup.
type Gap struct {
	Station string `json:"station"`
	First   int    `json:"first"`
	Last    int    `json:"last"`
}

// MakeDay makes the sheet of a day. Next is the working day after it.
func MakeDay(day, next identity.Date, in Input, log DayLog, now time.Time) Day {
	p := DayOf(day)
	r := Make(p, in, now)
	until := p.To
	if now.Before(until) {
		until = now
	}
	d := Day{Office: in.Office, Day: p.From.Format(time.DateOnly), Next: DayOf(next).From.Format(time.DateOnly), Made: r.Made, Complete: r.Complete,
		Total: r.Total, DayLog: log, Filed: []DayFiling{}, Decisions: []DayDecision{}, Due: []DayFiling{}, Skipped: []Gap{}, Queue: r.Queue, Times: r.Times}
	names := map[string]string{}
	for _, s := range in.Services {
		names[s.ID] = s.Name
	}
	serials := map[string][]int{}
	for i := range in.Records {
		x := &in.Records[i]
		if !x.Filed.Before(until) {
			continue
		}
		if x.Reference.Day == day {
			serials[x.Reference.Station] = append(serials[x.Reference.Station], x.Reference.Serial)
		}
		name := cmp.Or(names[x.Service], x.Service)
		status, due := x.at(until)
		one := DayFiling{x.Reference.Short(), name, x.Filed, x.Channel, x.Chip, status, due, false}
		if p.In(x.Filed) {
			d.Filed = append(d.Filed, one)
		}
		if open := status == filing.Filed || status == filing.Received; open && !due.IsZero() && due.Before(DayOf(next).To) {
			one.Late = until.After(due)
			d.Due = append(d.Due, one)
		}
		for _, s := range x.Steps {
			if p.In(s.At) && s.At.Before(until) {
				d.Decisions = append(d.Decisions, DayDecision{one.Short, name, s.At, s.Action, s.Officer, s.Status})
			}
		}
	}
	slices.SortStableFunc(d.Filed, func(a, b DayFiling) int { return a.Filed.Compare(b.Filed) })
	slices.SortStableFunc(d.Decisions, func(a, b DayDecision) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(d.Due, func(a, b DayFiling) int { return a.Due.Compare(b.Due) })
	for _, station := range slices.Sorted(maps.Keys(serials)) {
		d.Skipped = append(d.Skipped, gaps(station, serials[station])...)
	}
	return d
}

// gaps are the numbers below the highest that are not there.
func gaps(station string, serials []int) []Gap {
	slices.Sort(serials)
	var list []Gap
	last := 0
	for _, n := range serials {
		if n > last+1 {
			list = append(list, Gap{station, last + 1, n - 1})
		}
		last = n
	}
	return list
}

// Count is how many actions of a kind were decided.
func (d Day) Count(a desk.Action) int {
	n := 0
	for _, x := range d.Decisions {
		if x.Action == a {
			n++
		}
	}
	return n
}
