package board

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/setting"
)

// This file is when the office is open, for its head: its hours, and the days on which it is closed besides holidays.

// Limits of what is shown and asked.
const (
	holidaysShown = 200 // days from today
	longestClosed = 31  // days in one go: a slip of the pen closes no office for a year
)

// hours is the hours first, then the days that are ahead, then those that are over, the last one first.
type hours struct{ days []freeDay }

// freeDay is a day on which nobody works.
type freeDay struct {
	calendar.Off
	decided bool // by a head; else it is a holiday
}

func (*hours) name() string            { return "hours" }
func (*hours) may(r officer.Role) bool { return r.May(officer.SetCalendar) }

func (h *hours) open(ctx context.Context, b *Board) error {
	b.obey(ctx)
	h.days = nil
	today := b.today()
	for _, d := range b.obeyed.rules.Office.Closed {
		h.days = append(h.days, freeDay{d, true})
	}
	for d := today; d.Before(today.AddDays(holidaysShown)); d = d.AddDays(1) {
		if name := b.opt.Calendar.Holiday(d); name != "" && !slices.ContainsFunc(h.days, func(x freeDay) bool { return x.Day == d }) {
			h.days = append(h.days, freeDay{calendar.Off{Day: d, Name: name}, false})
		}
	}
	slices.SortFunc(h.days, func(x, y freeDay) int {
		past := func(d identity.Date) int {
			if d.Before(today) {
				return 1
			}
			return 0
		}
		order := x.Day.Time().Compare(y.Day.Time())
		if past(x.Day) == 1 {
			order = -order
		}
		return cmp.Or(cmp.Compare(past(x.Day), past(y.Day)), order)
	})
	return nil
}

func (h *hours) entries(b *Board) []Entry {
	list := []Entry{{Name: Words{"desk.hours.open", nil}, Text: b.hoursText()}}
	for _, d := range h.days {
		e := Entry{Name: Words{"desk.hours.day", []any{calendar.Weekday(d.Day), d.Day.String()}}, Text: As(d.Name), Mark: Words{"desk.hours.holiday", nil}, Mood: Unused}
		switch {
		case d.Day.Before(b.today()):
			e.Mark, e.Mood = Words{"desk.hours.over", nil}, Unused
		case d.decided:
			e.Mark, e.Mood = Words{"desk.hours.closed", nil}, Care
		}
		list = append(list, e)
	}
	return list
}

// hoursText is when the office is open, in one line.
func (b *Board) hoursText() Words {
	o := b.obeyed.rules.Office.Config.Hours
	return Words{"desk.hours.line", []any{o.Morning, o.Afternoon, Words{"desk.hours.saturday." + o.Saturday, nil}}}
}

func (h *hours) about(b *Board, at int) About {
	add := Deed{ID: "day-add", Key: "N"}
	if at == 0 {
		o := b.obeyed.rules.Office.Config.Hours
		return About{Title: Words{"desk.hours.open", nil}, Lines: []Remark{
			{Label: "desk.hours.morning", Words: As(o.Morning)}, {Label: "desk.hours.afternoon", Words: As(o.Afternoon)},
			{Label: "desk.hours.saturday", Words: Words{"desk.hours.saturday." + o.Saturday, nil}}, b.whose(setting.Hours), {Words: Words{"desk.hours.text", nil}},
		}, Deeds: []Deed{{ID: "hours-set", Key: "G"}, add, {ID: "as-file", Key: "M", Off: !b.hasDecided(setting.Hours)}}}
	}
	d := h.days[at-1]
	a := About{Title: Words{"desk.hours.day", []any{calendar.Weekday(d.Day), d.Day.String()}}, Lines: []Remark{{Label: "desk.hours.why", Words: As(d.Name)}}, Deeds: []Deed{add}}
	if !d.decided {
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.hours.holiday.text", nil}})
		return a
	}
	a.Lines = append(a.Lines, b.whose(setting.Closed(d.Day)), b.dueOn(d.Day), Remark{Words: Words{"desk.hours.promised", nil}})
	a.Deeds = append(a.Deeds, Deed{ID: "day-remove", Key: "X"})
	return a
}

// dueOn says how many filings people were told to come for on a day.
func (b *Board) dueOn(d identity.Date) Remark {
	r := Remark{Label: "desk.hours.due", Words: Words{"desk.service.filings", []any{b.promised(d, d)}}}
	if b.promised(d, d) > 0 {
		r.Mood = Care
	}
	return r
}

// promised counts the filings that are due on one of the days.
func (b *Board) promised(from, to identity.Date) (n int) {
	for _, f := range b.all {
		if due := identity.DateOf(f.Due.In(b.opt.Now().Location())); !f.Due.IsZero() && !due.Before(from) && !to.Before(due) {
			n++
		}
	}
	return n
}

func (h *hours) act(ctx context.Context, b *Board, at int, id string) error {
	switch id {
	case "hours-set":
		b.askHours()
	case "day-add":
		b.askClosed()
	case "as-file":
		if err := b.settle(ctx, setting.Set{setting.Hours: ""}); err != nil {
			return err
		}
		b.done("desk.hours.now", b.hoursText())
	case "day-remove":
		d := h.days[at-1]
		if err := b.settle(ctx, setting.Set{setting.Closed(d.Day): ""}); err != nil {
			return err
		}
		b.done("desk.hours.opened", d.Day.String())
	}
	return nil
}

// saturdays are what an office can do on Saturdays.
var saturdays = []string{config.SaturdayMorning, config.SaturdayClosed}

// askHours asks for the hours, beginning with those that hold.
func (b *Board) askHours() {
	o := b.obeyed.rules.Office.Config.Hours
	var choices []Words
	for _, s := range saturdays {
		choices = append(choices, Words{"desk.hours.saturday." + s, nil})
	}
	b.admin.ask = &question{id: "hours", fields: []blank{{id: "morning", kind: FieldLine, value: []rune(o.Morning)}, {id: "afternoon", kind: FieldLine, value: []rune(o.Afternoon)},
		{id: "saturday", kind: FieldChoice, choices: choices, chosen: max(0, slices.Index(saturdays, o.Saturday))}},
		then: func(ctx context.Context, q *question) (string, error) {
			value := setting.HoursValue(config.Hours{Morning: q.text("morning"), Afternoon: q.text("afternoon"), Saturday: saturdays[q.chosen("saturday")]})
			if errors.Is(setting.Check(setting.Hours, value), setting.ErrSetting) {
				return "hours", nil
			}
			if err := b.settle(ctx, setting.Set{setting.Hours: value}); err != nil {
				return "", err
			}
			b.done("desk.hours.now", b.hoursText())
			return "", nil
		}}
}

// askClosed asks for days on which the office is closed, and says afterwards what that does to promises: nothing.
func (b *Board) askClosed() {
	b.admin.ask = &question{id: "closed", fields: []blank{{id: "day", kind: FieldLine}, {id: "until", kind: FieldLine}, {id: "why", kind: FieldWords}},
		then: func(ctx context.Context, q *question) (string, error) {
			from, err := identity.ParseDate(q.text("day"))
			if err != nil {
				return "day", nil
			}
			to := from
			if q.text("until") != "" {
				if to, err = identity.ParseDate(q.text("until")); err != nil {
					return "day", nil
				}
			}
			set, problem := closing(from, to, q.text("why"), b.today())
			if problem != "" {
				return problem, nil
			}
			if err := b.settle(ctx, set); err != nil {
				return "", err
			}
			b.done("desk.hours.shut", len(set), b.promised(from, to))
			return "", nil
		}}
}

// closing are the decisions that close the office from one day to another, or the problem with it.
func closing(from, to identity.Date, why string, today identity.Date) (setting.Set, string) {
	switch {
	case from.Before(today):
		return nil, "past"
	case to.Before(from) || from.AddDays(longestClosed-1).Before(to):
		return nil, "until"
	case why == "":
		return nil, "why"
	}
	set := setting.Set{}
	for d := from; !to.Before(d); d = d.AddDays(1) {
		n := setting.Closed(d)
		if setting.Check(n, why) != nil {
			return nil, "why"
		}
		set[n] = why
	}
	return set, ""
}
