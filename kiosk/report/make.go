package report

import (
	"cmp"
	"slices"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
)

// Input is what figures are made from.
type Input struct {
	Office   Office
	Services []Service // in the order in which they are shown
	Records  []Record  // at least all that were filed in the period or had no end when it began; others do no harm
	Visits   []Visit   // at least those of the period
	// Level is whose the vehicles of records without one are; the commune's if empty.
	Level Level
	// Since is from when on Records are whole: months before it are not compared with.
	Since time.Time
}

// trend is how many months are shown side by side.
const trend = 6

// Make makes the figures of a period as they are at a moment, or as they were at its end.
func Make(p Period, in Input, now time.Time) Report {
	m := maker{p: p, until: p.To, in: in, services: map[string]*Row{}, groups: map[string]*Row{}, channels: map[string]*Row{}, info: map[string]Service{}}
	if now.Before(p.To) {
		m.until = now
	}
	m.r = Report{Office: in.Office, Period: p, Made: now.Round(time.Second), Complete: !now.Before(p.To),
		NoChip: map[string]int{}, Vehicles: map[string]Vehicle{"motorcycle": {}, "car": {}}}
	m.open()
	for i := range in.Records {
		m.record(&in.Records[i])
	}
	m.queue()
	m.close()
	return m.r
}

// maker is a report being made.
type maker struct {
	r     Report
	p     Period
	until time.Time // what is after it did not happen yet
	in    Input

	info                       map[string]Service
	services, groups, channels map[string]*Row
	days                       map[string]*DayRow
	months                     []Period
	reception, resolution      []time.Duration
}

// open lays out what has a place even if it is nought.
func (m *maker) open() {
	for _, s := range m.in.Services {
		m.info[s.ID] = s
	}
	m.r.Days = []DayRow{}
	for d := m.p.From; d.Before(m.p.To); d = d.AddDate(0, 0, 1) {
		m.r.Days = append(m.r.Days, DayRow{Day: d.Format(time.DateOnly)})
	}
	m.days = map[string]*DayRow{}
	for i := range m.r.Days {
		m.days[m.r.Days[i].Day] = &m.r.Days[i]
	}
	m.r.Months = []Trend{}
	if !m.p.isMonth() {
		return
	}
	for n := trend - 1; n >= 0; n-- {
		if month := m.p.before(n); n == 0 || !m.in.Since.IsZero() && !month.From.Before(m.in.Since) {
			m.months = append(m.months, month)
			m.r.Months = append(m.r.Months, Trend{Month: month.From.Format("2006-01")})
		}
	}
}

// day is the day's row, a spare one outside the period.
func (m *maker) day(t time.Time) *DayRow {
	if d := m.days[t.In(calendar.Zone).Format(time.DateOnly)]; d != nil {
		return d
	}
	return &DayRow{}
}

// happened reports whether a moment lies in the period, and before now.
func (m *maker) happened(t time.Time) bool { return m.p.In(t) && t.Before(m.until) }

// record counts one filing.
func (m *maker) record(r *Record) {
	if !r.Filed.Before(m.until) {
		return
	}
	end, ended := r.end()
	ended = ended && end.At.Before(m.until)
	m.compare(r, end, ended)
	if hand, ok := r.first(desk.Hand); ok && m.happened(hand.At) {
		m.put(r, Figures{Handed: 1})
	}
	if m.happened(r.Rated) && r.Stars >= 1 && r.Stars <= len(m.r.Ratings.Stars) {
		m.r.Ratings.Stars[r.Stars-1]++
	}
	if ended && end.At.Before(m.p.From) {
		return
	}
	var f Figures
	if m.p.In(r.Filed) {
		f.received(r)
		m.day(r.Filed).Received++
		if r.Chip != "" && r.Chip != filing.ChipRead {
			m.r.NoChip[r.Chip]++
		}
	} else {
		f.Carried++
	}
	m.steps(r, &f)
	if ended {
		m.ended(r, end, &f)
	} else {
		m.pending(r, &f)
	}
	m.put(r, f)
}

// steps counts what happened on the way.
func (m *maker) steps(r *Record, f *Figures) {
	if ask, ok := r.first(desk.Ask); ok && m.happened(ask.At) {
		f.Supplemented++
	}
	if receive, ok := r.first(desk.Receive); ok && m.happened(receive.At) {
		m.reception = append(m.reception, receive.At.Sub(r.Filed))
	}
}

func (m *maker) ended(r *Record, end Step, f *Figures) {
	day := m.day(end.At)
	if end.Status != filing.Done {
		f.Returned++
		day.Returned++
		switch end.Status {
		case filing.Refused:
			f.Refused++
		case filing.Stopped:
			f.Stopped++
		case filing.Forwarded:
			f.Forwarded++
		default:
			f.Withdrawn++
		}
		return
	}
	f.Resolved++
	day.Resolved++
	_, due := r.at(end.At)
	switch {
	case due.IsZero():
		f.OnTime++
		f.NoTerm++
	case end.At.After(due):
		f.Late++
	default:
		f.OnTime++
		if dayBefore(end.At, due) {
			f.Early++
		}
	}
	if _, extended := r.first(desk.Extend); extended {
		f.Extended++
	}
	m.resolution = append(m.resolution, end.At.Sub(r.Filed)-r.owed(end.At))
	m.vehicle(r)
}

// dayBefore reports whether a is on an earlier day than b.
func dayBefore(a, b time.Time) bool {
	return a.In(calendar.Zone).Format(time.DateOnly) < b.In(calendar.Zone).Format(time.DateOnly)
}

func (m *maker) pending(r *Record, f *Figures) {
	f.Pending++
	status, due := r.at(m.until)
	switch {
	case status == filing.Supplement:
		f.PendingSupplement++
	case !due.IsZero() && m.until.After(due):
		f.PendingLate++
	}
	if status == filing.Filed {
		f.PendingNew++
	}
}

// kinds of vehicles by service.
var kinds = map[string]string{filing.Motorcycle: "motorcycle", filing.Car: "car"}

func (m *maker) vehicle(r *Record) {
	kind, ok := kinds[r.Service]
	if !ok {
		return
	}
	v := m.r.Vehicles[kind]
	v.Resolved++
	level := cmp.Or(r.Level, m.in.Level, AtCommune)
	switch r.Case {
	case "":
		v.Unknown++
	case filing.FirstRegistration:
		v.New.add(level)
	default:
		v.Other.add(level)
	}
	m.r.Vehicles[kind] = v
}

// put adds figures to everything that they belong to.
func (m *maker) put(r *Record, f Figures) {
	m.r.Total.add(f)
	row(m.services, r.Service).add(f)
	row(m.groups, m.info[r.Service].Group).add(f)
	row(m.channels, string(r.Channel)).add(f)
}

func row(rows map[string]*Row, id string) *Row {
	if rows[id] == nil {
		rows[id] = &Row{ID: id}
	}
	return rows[id]
}

// compare puts a filing into the months that are shown side by side.
func (m *maker) compare(r *Record, end Step, ended bool) {
	for i, month := range m.months {
		if month.In(r.Filed) {
			m.r.Months[i].Received++
		}
		if ended && end.Status == filing.Done && month.In(end.At) {
			m.r.Months[i].Resolved++
			if _, due := r.at(end.At); !due.IsZero() && end.At.After(due) {
				m.r.Months[i].Late++
			}
		}
	}
}

// queue counts the people at the counter.
func (m *maker) queue() {
	var wait, priority, handling []time.Duration
	for _, v := range m.in.Visits {
		if !m.happened(v.Taken) {
			continue
		}
		m.r.Queue.Taken++
		m.day(v.Taken).Visits++
		if v.Priority {
			m.r.Queue.Priority++
		}
		if !v.Called.IsZero() && v.Called.Before(m.until) {
			wait = append(wait, v.Called.Sub(v.Taken))
			if v.Priority {
				priority = append(priority, v.Called.Sub(v.Taken))
			}
		}
		if !v.Began.IsZero() && !v.Ended.IsZero() && v.Ended.Before(m.until) {
			m.r.Queue.Served++
			handling = append(handling, v.Ended.Sub(v.Began))
		}
		if v.Began.IsZero() && (m.r.Complete || !v.Ended.IsZero()) {
			m.r.Queue.Left++
		}
	}
	m.r.Times = Times{spread(wait), spread(priority), spread(handling), spread(m.reception), spread(m.resolution)}
}

// close sums up.
func (m *maker) close() {
	m.r.Services, m.r.Groups, m.r.Channels = []Row{}, []Row{}, []Row{}
	for _, s := range m.in.Services {
		if f := m.services[s.ID]; f != nil {
			f.Name = s.Name
			m.r.Services = append(m.r.Services, *f)
			delete(m.services, s.ID)
		}
	}
	m.r.Services = append(m.r.Services, sorted(m.services)...) // those that the catalogue does not know any more
	m.r.Groups = sorted(m.groups)
	for _, c := range append(slices.Clone(filing.Channels), "") {
		if f := m.channels[string(c)]; f != nil {
			m.r.Channels = append(m.r.Channels, *f)
		}
	}
	m.essential()
	for _, s := range m.r.Services {
		if s.ID == filing.Account {
			m.r.Accounts = Accounts{s.Received, s.Resolved}
		}
	}
	m.rate()
	t, cars, bikes := m.r.Total, m.r.Vehicles["car"].New, m.r.Vehicles["motorcycle"].New
	stars := m.r.Ratings
	m.r.Share = Shares{OnTime: Percent(t.OnTime, t.Resolved), Resolved: Percent(t.Resolved, t.Carried+t.Received), Kiosk: Percent(t.Kiosk, t.Received),
		Portal: Percent(t.Portal, t.Received), Chip: Percent(t.Chip, t.Chip+t.NoChip), Essential: Percent(m.r.Essential.Offered, m.r.Essential.Listed),
		MotorcycleCommune: Percent(bikes.Commune, bikes.Total), CarBelow: Percent(cars.Below(), cars.Total), Satisfied: Percent(stars.Stars[3]+stars.Stars[4], stars.Count)}
}

// sorted lists rows by id.
func sorted(rows map[string]*Row) []Row {
	list := []Row{}
	for _, f := range rows {
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b Row) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

func (m *maker) essential() {
	e := &m.r.Essential
	figures := map[string]Figures{}
	for _, s := range m.r.Services {
		figures[s.ID] = s.Figures
	}
	for _, s := range m.in.Services {
		if !s.Essential {
			continue
		}
		e.Listed++
		if s.Offered {
			e.Offered++
		} else {
			e.Missing = append(e.Missing, s.ID)
		}
		f := figures[s.ID]
		if f.Received > 0 {
			e.Used++
		}
		e.Received += f.Received
		e.Resolved += f.Resolved
	}
}

func (m *maker) rate() {
	r := &m.r.Ratings
	sum := 0
	for i, n := range r.Stars {
		r.Count += n
		sum += (i + 1) * n
	}
	if r.Count > 0 {
		r.Mean = float64((100*sum+r.Count/2)/r.Count) / 100
	}
}
