package board

import (
	"context"
	"slices"
	"strings"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/service"
)

// Snapshot is what is to be seen now.
func (b *Board) Snapshot(ctx context.Context) Snapshot {
	now := b.opt.Now()
	s := Snapshot{Page: b.page, Office: b.opt.Office, Now: now, Officer: b.me.Name, Notice: b.notice, Of: b.noticeOf, Query: b.query, Search: b.search, At: -1}
	if b.key == nil {
		s.Page, s.SignIn = SignIn, b.door(now)
		return s
	}
	if b.visit != nil {
		page := b.visit.page
		s.Page, s.Citizen, s.Station = Inside, &page, b.visit.station
		return s
	}
	s.Pages, s.HasCard = b.pages(), b.opt.ReadCard != nil
	if b.reads() {
		s.Bells = b.bells()
	}
	switch b.page {
	case Figures:
		s.Month = b.month(now)
	case Devices:
		s.Parts = b.parts()
	case OwnCard:
		s.Own = b.ownCard(now)
	case Admin:
		s.Admin, s.Ask = b.administration(), b.asked()
	case Queue:
		b.queue(ctx, now, &s)
	}
	return s
}

// queue is the page of filings and people.
func (b *Board) queue(ctx context.Context, now time.Time, s *Snapshot) {
	for _, id := range filters {
		n := 0
		for _, f := range b.all {
			if b.passes(f, id, now) {
				n++
			}
		}
		if id == FilterUnsent {
			n = b.handing.count
		}
		s.Filters = append(s.Filters, Filter{id, n, id == b.filter})
	}
	list, more := b.listed(ctx)
	b.stay(list)
	end := min(len(list), b.top+RowsOnPage)
	b.shown = nil
	for at := b.top; at < end; at++ {
		f := list[at]
		row := Row{Short: f.Short, Service: b.serviceName(f.Service, f.Filed), Name: b.name(ctx, f.Reference), Filed: f.Filed, Due: f.Due, Status: f.Status,
			Brought: f.Brought, Late: caseOf(f).Late(now), Today: caseOf(f).DueToday(now), Portal: string(b.ahead(f))}
		row.Mine = b.open != nil && b.open.filing.Reference == f.Reference
		if f.Holder != "" && f.Holder != b.me.ID {
			row.Holder = f.Holder
		}
		if at == b.row {
			s.At = at - b.top
		}
		s.Rows, b.shown = append(s.Rows, row), append(b.shown, f.Reference)
	}
	s.More = len(list) - end + more
	s.People, s.Devices = b.people(ctx, now), b.deviceList()
	if b.open != nil {
		s.Open = b.view(now)
	}
	if b.dialog != nil {
		d := *b.dialog
		d.Fields, d.People = slices.Clone(d.Fields), slices.Clone(d.People)
		if d.ID == DialogPortal {
			d.Portal = b.handed()
		}
		if d.ID == DialogPapers {
			stack := b.sheets.stack
			d.Stack = &stack
		}
		s.Dialog = &d
	}
}

func (b *Board) door(now time.Time) *Door {
	d := &Door{At: b.at, Digit: len(b.pin), Wrong: b.wrong, Card: b.cardAtDoor()}
	for _, a := range b.accounts {
		d.Names = append(d.Names, a.Name)
	}
	if len(b.accounts) > 0 {
		if t := b.tries[b.accounts[b.at].ID]; t != nil {
			d.Wait = t.Wait(now)
		}
	}
	return d
}

// view is the open filing.
func (b *Board) view(now time.Time) *View {
	f, c := b.open.filing, b.open.is
	v := &View{Title: f.Applicant.Name, Short: f.Reference.Short(), Filed: f.Filed, Due: c.Due, Status: c.Status, Late: c.Late(now),
		Dossier: string(f.Dossier), Verdict: f.Evidence.Verdict(), NoChip: f.Evidence.NoChip, Checks: f.Evidence.Checks, Papers: f.Papers,
		Pictures: slices.Clone(b.open.pictures), Scans: b.scans(), Taking: b.sheets.take.busy() && b.sheets.of == f.Reference,
		Legal: c.Offered(b.kind()), CanUndo: c.CanUndo(b.me.ID, now), Photo: f.Photo, Portal: b.portalWord(), Control: b.prints()}
	if !c.Due.IsZero() {
		v.DaysLeft = b.opt.Calendar.Left(identity.DateOf(now), identity.DateOf(c.Due))
	}
	rows, svc, err := b.opt.Printer.Rows(f)
	if err == nil {
		v.Title = svc.Plain + " · " + f.Applicant.Name
		v.Guide = b.guide(svc, f)
		v.Facts, v.Unlike = facts(rows, warned(svc, f)), f.Evidence.Differences
	}
	if x := b.shift.finder(); x != nil {
		for _, l := range x.Likes(f.Reference) {
			v.Likes = append(v.Likes, Same{l.Short, l.Name, l.Filed, l.Status, l.Same})
		}
	}
	for _, t := range b.line.Tickets {
		if t.Reference == f.Reference.String() {
			v.Ticket = t.Number
		}
	}
	v.History = append(v.History, b.came(f))
	for _, d := range c.History {
		v.History = append(v.History, Event{d.At, string(d.Action), b.officerName(d.Officer)})
	}
	return v
}

// came is how a filing came in, and which officer helped with it.
func (b *Board) came(f filing.Filing) Event {
	e := Event{At: f.Filed, Text: "filed"}
	if f.Channel == filing.AtDesk {
		e.Text = "filed-desk"
	}
	if f.Officer != "" {
		e.Who = b.officerName(f.Officer)
	}
	return e
}

func (b *Board) officerName(id string) string {
	for _, a := range b.accounts {
		if a.ID == id {
			return a.Name
		}
	}
	return id
}

// guide is what a service says of itself; of its papers, those that this filing needs.
func (b *Board) guide(svc *service.Service, f filing.Filing) Guide {
	g := Guide{Steps: svc.Guide, Grounds: svc.Refuse, Doubts: svc.Doubts, Authority: svc.Authority, Result: svc.Result}
	for _, l := range svc.Legal {
		g.Law = append(g.Law, l.String())
	}
	if d, err := b.opt.Printer.Deadline(f); err == nil {
		g.Term = term(d)
	}
	if c, err := b.opt.Printer.Cost(f); err == nil {
		g.Fee = fee(c, svc.Fee.Law)
	}
	for _, p := range svc.Papers {
		if len(p.Cases) > 0 && !slices.Contains(p.Cases, f.Case) || !slices.ContainsFunc(f.Papers, func(one filing.Paper) bool { return one.Name == p.Name }) {
			continue
		}
		g.Papers = append(g.Papers, strings.TrimSuffix(p.Name+" · "+p.Note, " · "))
	}
	for _, x := range svc.Fee.Free {
		g.Free = append(g.Free, x.Text)
	}
	return g
}

// term is how long the law gives, as it counts.
func term(d service.Deadline) []Words {
	var list []Words
	for _, one := range []struct {
		count string
		n     int
		holds bool
	}{{"days", d.Days, d.Days > 0}, {"calendar", d.Calendar, d.Calendar > 0}, {"hours", d.Hours, d.Hours > 0}, {"half", 0, d.Half}, {"same-day", 0, d.SameDay},
		{"max", d.Max, d.Max > 0}} {
		if one.holds {
			list = append(list, Words{"desk.term." + one.count, []any{one.n}})
		}
	}
	return append(list, plain(d.Note)...)
}

// fee is what is paid at the counter, and why.
func fee(c service.Cost, law string) []Words {
	var list []Words
	switch {
	case c.Dong > 0:
		list = append(list, Words{"desk.fee.dong", []any{c.Dong}})
	case c.Exempt != nil:
		list = append(list, Words{"desk.fee.exempt", []any{c.Exempt.Text}})
	case c.Note == "":
		list = append(list, Words{"desk.fee.none", nil})
	}
	if !c.HalfUntil.IsZero() {
		list = append(list, Words{"desk.fee.half", []any{c.Full, c.HalfUntil.String()}})
	}
	return append(list, append(plain(c.Note), plain(law)...)...)
}

// plain is a text of a service as it is, nothing for "".
func plain(text string) []Words {
	if text == "" {
		return nil
	}
	return []Words{{"", []any{text}}}
}

// warned are the sentences of the checks that warned and were let through, by field.
func warned(svc *service.Service, f filing.Filing) map[form.FieldID]string {
	notes := map[form.FieldID]string{}
	for _, c := range svc.Form.Checks {
		if slices.Contains(f.Checks, c.ID) && len(c.Fields) > 0 {
			notes[c.Fields[0]] = c.Text
		}
	}
	return notes
}

// facts are the rows of the form, numbers as they are: the officer compares them with papers.
func facts(rows []official.Row, notes map[form.FieldID]string) []Fact {
	var list []Fact
	for _, r := range rows {
		list = append(list, Fact{r.Item, r.Label, r.Value, notes[r.Field], r.Card, r.Source})
	}
	return list
}

// KeyOf is the key of an action: those of a page keep their place, whatever is legal.
func KeyOf(a desk.Action) string {
	return map[desk.Action]string{desk.Receive: "F5", desk.Finish: "F5", desk.Hand: "F5", desk.Supply: "F5", desk.Ask: "F6", desk.Refuse: "F7",
		desk.Extend: "D", desk.Stop: "S", desk.Forward: "F11", desk.Withdraw: "F12"}[a]
}

// deviceList are the parts of all stations that do not work, and in short those that do.
func (b *Board) deviceList() []Device {
	var list []Device
	for _, s := range b.stations {
		for _, d := range devicesOf(s.State) {
			d.Station = s.Name
			list = append(list, d)
		}
	}
	return list
}
