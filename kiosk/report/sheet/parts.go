package sheet

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/report"
	"motcua/kiosk/text"
)

// Part is some figures under a heading.
type Part struct {
	Title string
	Lines []Line
}

// Line is one figure.
type Line struct {
	Label string
	Count int
	Share float64 // of one hundred
	Of    bool    // there is a share
	Mean  bool    // Share is a mean and no share, and there is no count
	Deep  bool    // a part of the line above
}

// parts makes lines with the words of a table.
type parts struct {
	t    *text.Table
	list []Part
}

func (p *parts) open(key string) {
	p.list = append(p.list, Part{Title: p.t.Get("report.part." + key)})
}

func (p *parts) put(l Line) {
	last := &p.list[len(p.list)-1]
	last.Lines = append(last.Lines, l)
}

// line puts a count.
func (p *parts) line(key string, n int, args ...any) {
	p.put(Line{Label: p.t.Get("report."+key, args...), Count: n})
}

// share puts a count that is a part of others.
func (p *parts) share(key string, n, of int) {
	p.put(Line{Label: p.t.Get("report." + key), Count: n, Share: report.Percent(n, of), Of: of > 0, Deep: true})
}

// Parts are the figures of a month in the order in which people are shown them.
func Parts(r report.Report, t *text.Table) []Part {
	p := &parts{t: t}
	f := r.Total
	p.open("filings")
	p.line("carried", f.Carried)
	p.line("received", f.Received)
	p.line("supplemented", f.Supplemented)
	p.line("handed", f.Handed)
	p.open("resolved")
	p.line("resolved", f.Resolved)
	p.share("on-time", f.OnTime, f.Resolved)
	p.share("early", f.Early, f.Resolved)
	p.share("no-term", f.NoTerm, f.Resolved)
	p.share("late", f.Late, f.Resolved)
	p.share("extended", f.Extended, f.Resolved)
	p.open("returned")
	p.line("returned", f.Returned)
	p.share("refused", f.Refused, f.Returned)
	p.share("stopped", f.Stopped, f.Returned)
	p.share("forwarded", f.Forwarded, f.Returned)
	p.share("withdrawn", f.Withdrawn, f.Returned)
	p.open("pending")
	p.line("pending", f.Pending)
	p.share("pending-new", f.PendingNew, f.Pending)
	p.share("pending-supplement", f.PendingSupplement, f.Pending)
	p.share("pending-late", f.PendingLate, f.Pending)
	p.open("channels")
	p.share("channel.kiosk", f.Kiosk, f.Received)
	p.share("channel.desk", f.Desk, f.Received)
	p.share("channel.portal", f.Portal, f.Received)
	p.share("channel.unknown", f.ChannelUnknown, f.Received)
	p.chip(r)
	p.groups(r)
	p.rest(r)
	return p.list
}

func (p *parts) chip(r report.Report) {
	p.open("chip")
	p.share("chip.read", r.Total.Chip, r.Total.Received)
	p.share("chip.none", r.Total.NoChip, r.Total.Received)
	for _, why := range slices.Sorted(maps.Keys(r.NoChip)) {
		label := p.t.Get("report.chip." + why)
		if key := "fault." + why + ".title"; p.t.Has(key) {
			label = p.t.Get(key)
		}
		p.put(Line{Label: label, Count: r.NoChip[why], Share: report.Percent(r.NoChip[why], r.Total.Received), Of: true, Deep: true})
	}
	p.share("chip.unknown", r.Total.ChipUnknown, r.Total.Received)
}

func (p *parts) groups(r report.Report) {
	p.open("groups")
	for _, g := range r.Groups {
		key := "group." + g.ID
		if g.ID == "" {
			key = "group.unknown"
		}
		p.share(key, g.Received, r.Total.Received)
	}
}

func (p *parts) rest(r report.Report) {
	e := r.Essential
	p.open("essential")
	p.put(Line{Label: p.t.Get("report.essential.offered", e.Listed), Count: e.Offered, Share: r.Share.Essential, Of: e.Listed > 0})
	p.line("essential.used", e.Used)
	p.line("essential.received", e.Received)
	p.line("essential.resolved", e.Resolved)
	p.open("vehicles")
	for _, kind := range []string{"motorcycle", "car"} {
		v := r.Vehicles[kind]
		p.line(kind+".new", v.New.Total)
		p.share("level.province", v.New.Province, v.New.Total)
		p.share("level.below", v.New.Below(), v.New.Total)
		if v.New.District > 0 {
			p.share("level.district", v.New.District, v.New.Total)
		}
		p.share("level.commune", v.New.Commune, v.New.Total)
		p.line(kind+".other", v.Other.Total)
	}
	p.open("accounts")
	p.line("accounts.received", r.Accounts.Received)
	p.line("accounts.issued", r.Accounts.Issued)
	p.open("ratings")
	p.line("ratings.count", r.Ratings.Count)
	p.put(Line{Label: p.t.Get("report.ratings.mean"), Share: r.Ratings.Mean, Mean: true})
	p.share("ratings.satisfied", r.Ratings.Stars[3]+r.Ratings.Stars[4], r.Ratings.Count)
	p.open("queue")
	p.line("queue.taken", r.Queue.Taken)
	p.share("queue.priority", r.Queue.Priority, r.Queue.Taken)
	p.share("queue.served", r.Queue.Served, r.Queue.Taken)
	p.share("queue.left", r.Queue.Left, r.Queue.Taken)
}

// timing is a kind of time with its words.
type timing struct {
	label string
	report.Spread
}

func timings(r report.Times, t *text.Table) []timing {
	return []timing{{t.Get("report.time.wait"), r.Wait}, {t.Get("report.time.wait-priority"), r.WaitPriority}, {t.Get("report.time.handling"), r.Handling},
		{t.Get("report.time.reception"), r.Reception}, {t.Get("report.time.resolution"), r.Resolution}}
}

// column is one column of the table of services.
type column struct {
	key   string // of the words, report.short.…, and of the form
	value func(report.Figures) int
}

// columns of the table of services; those in the middle are parts of the one before them.
var columns = []column{
	{"carried", func(f report.Figures) int { return f.Carried }},
	{"received", func(f report.Figures) int { return f.Received }},
	{"portal", func(f report.Figures) int { return f.Portal }},
	{"kiosk", func(f report.Figures) int { return f.Kiosk }},
	{"desk", func(f report.Figures) int { return f.Desk }},
	{"resolved", func(f report.Figures) int { return f.Resolved }},
	{"on-time", func(f report.Figures) int { return f.OnTime }},
	{"late", func(f report.Figures) int { return f.Late }},
	{"returned", func(f report.Figures) int { return f.Returned }},
	{"pending", func(f report.Figures) int { return f.Pending }},
}

// name is what a row of services is called.
func name(r report.Row) string {
	if r.Name != "" {
		return r.Name
	}
	return r.ID
}

// title is the report's, and rangeOf the days it covers.
func title(r report.Report, t *text.Table) string {
	return t.Get("report.month", r.Period.From.In(calendar.Zone).Format("01/2006"))
}

func rangeOf(r report.Report, t *text.Table) string {
	return t.Get("report.range", day(r.Period.From), day(r.Period.To.Add(-time.Second)))
}

func made(at time.Time, complete bool, t *text.Table) string {
	key := "report.running"
	if complete {
		key = "report.made"
	}
	return t.Get(key, at.In(calendar.Zone).Format("15:04, 02/01/2006"))
}

func day(at time.Time) string { return at.In(calendar.Zone).Format("02/01/2006") }

// number writes 2.427.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// percent writes 97,2 %.
func percent(share float64) string { return decimal(share, 1) + " %" }

// decimal writes 4,25.
func decimal(x float64, digits int) string {
	return strings.Replace(strconv.FormatFloat(x, 'f', digits, 64), ".", ",", 1)
}

// span writes 26:05, hours and minutes.
func span(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	return fmt.Sprintf("%d:%02d", minutes/60, minutes%60)
}
