package board

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/paper"
	"motcua/kiosk/report"
	"motcua/kiosk/report/sheet"
)

// This file is the page of figures. They are made beside, because a month may lie among a great many filings.

// FigureRows is how many services the table shows at once; the chart shows as many, and the others as one.
const FigureRows = 6

// figures is the page's own.
type figures struct {
	month report.Period // that is chosen; the zero Period until the page was opened
	top   int           // first row of the table
	made  *task[report.Report]
	out   *task[Words] // what is being printed or exported: the notice that it ends with
}

// firstYear bounds how far back months are turned.
const firstYear = 2000

// thisMonth is the month of a moment.
func thisMonth(now time.Time) report.Period {
	now = now.In(calendar.Zone)
	return report.Month(now.Year(), now.Month())
}

func (b *Board) openFigures() {
	if b.figures.month.From.IsZero() {
		b.figures.month = thisMonth(b.opt.Now())
	}
	b.compute()
}

// compute makes the figures of the chosen month; those of another one, if they are being made, are given up.
func (b *Board) compute() {
	b.figures.made.stop()
	st, opt, p, now := b.store, b.opt, b.figures.month, b.opt.Now()
	b.figures.made = beside(b, func(ctx context.Context) (report.Report, error) {
		in, err := opt.input(ctx, st, p.Since(), p.To)
		return report.Make(p, in, now), err
	})
}

// input reads what the figures of [from, to) are made from.
func (o Options) input(ctx context.Context, st Store, from, to time.Time) (report.Input, error) {
	records, err := st.Records(ctx, from, to)
	if err != nil {
		return report.Input{}, err
	}
	tickets, err := st.Tickets(ctx, from, to)
	if err != nil {
		return report.Input{}, err
	}
	in := report.Input{Office: o.Report, Records: records, Visits: report.Visits(tickets), Since: from}
	if o.Services != nil {
		in.Services = o.Services(identity.DateOf(to.Add(-time.Second)))
	}
	return in, nil
}

func (b *Board) atFigures(ctx context.Context, i Intent) error {
	f := &b.figures
	switch i := i.(type) {
	case Turn:
		from := f.month.From.AddDate(0, i.By, 0)
		if from.After(b.opt.Now()) || from.Year() < firstYear {
			return nil
		}
		f.month, f.top = report.Month(from.Year(), from.Month()), 0
		b.compute()
	case Move:
		f.top += i.By
		if r := f.made.result(); r != nil {
			f.top = min(f.top, len(r.value.Services)-FigureRows)
		}
		f.top = max(0, f.top)
	case Refresh:
		b.compute()
	case Export:
		if b.opt.Export != nil {
			b.put(b.export)
		}
	case Print:
		if b.opt.Print != nil {
			b.put(b.printMonth)
		}
	case Register:
		b.printRegister(i.Today)
	case PrintDay:
		if b.opt.Print != nil && !f.out.busy() {
			f.out = beside(b, b.printDay())
		}
	}
	return nil
}

// put begins what needs the figures of the month, once they are there.
func (b *Board) put(do func(report.Report) func(context.Context) (Words, error)) {
	r := b.figures.made.result()
	switch {
	case b.figures.out.busy():
	case r == nil || r.err != nil:
		b.notice = "desk.notice.figures-wait"
	default:
		b.figures.out = beside(b, do(r.value))
	}
}

// export writes the month as a workbook.
func (b *Board) export(r report.Report) func(context.Context) (Words, error) {
	st, opt, by := b.store, b.opt, b.me.ID
	month := r.Period.From.Format("2006-01")
	return func(ctx context.Context) (Words, error) {
		name := "so-lieu-" + month + ".xlsx"
		where, err := opt.Export(name, func(w io.Writer) error { return sheet.Workbook(w, r, opt.Texts) })
		if err != nil {
			return Words{}, fault.New(fault.ExportFailed, err)
		}
		return Words{"desk.notice.exported", []any{name, where}}, st.Note(ctx, "figures.exported", map[string]string{"officer": by, "month": month})
	}
}

// printMonth puts the month on paper.
func (b *Board) printMonth(r report.Report) func(context.Context) (Words, error) {
	st, opt, by := b.store, b.opt, b.me.ID
	return func(ctx context.Context) (Words, error) {
		pdf, err := opt.render(sheet.MonthForm, r.Period, func() paper.Values { return sheet.Month(r, opt.Texts) })
		if err != nil {
			return Words{}, err
		}
		if err := opt.Print(ctx, sheet.MonthForm, pdf); err != nil {
			return Words{}, err
		}
		month := r.Period.From.Format("2006-01")
		return Words{"desk.notice.printed", nil}, st.Note(ctx, "figures.printed", map[string]string{"officer": by, "month": month})
	}
}

// printDay puts the sheet that ends today on paper.
func (b *Board) printDay() func(context.Context) (Words, error) {
	st, opt, by, now := b.store, b.opt, b.me.ID, b.opt.Now()
	names := map[string]string{}
	for _, a := range b.accounts {
		names[a.ID] = a.Name
	}
	return func(ctx context.Context) (Words, error) {
		day := identity.DateOf(now.In(calendar.Zone))
		p := report.DayOf(day)
		in, err := opt.input(ctx, st, p.From, p.To)
		if err != nil {
			return Words{}, err
		}
		log, err := st.DayLog(ctx, p.From, p.To)
		if err != nil {
			return Words{}, err
		}
		d := report.MakeDay(day, opt.Calendar.After(day, 1), in, log, now)
		pdf, err := opt.render(sheet.DayForm, p, func() paper.Values { return sheet.Day(d, names, opt.Texts) })
		if err != nil {
			return Words{}, err
		}
		if err := opt.Print(ctx, sheet.DayForm, pdf); err != nil {
			return Words{}, err
		}
		return Words{"desk.notice.day-printed", nil}, st.Note(ctx, "figures.printed", map[string]string{"officer": by, "day": d.Day})
	}
}

// render makes the PDF of a form in the version of the last day of a period.
func (o Options) render(id string, p report.Period, values func() paper.Values) ([]byte, error) {
	form, ok := o.Printer.Shelf.On(id, identity.DateOf(p.To.Add(-time.Second)))
	if !ok {
		return nil, fault.Newf(fault.Internal, "board: there is no form %s for that time", id)
	}
	var pdf bytes.Buffer
	if err := form.Render(&pdf, values()); err != nil {
		return nil, fault.New(fault.Internal, err)
	}
	return pdf.Bytes(), nil
}

// month is the page to be seen.
func (b *Board) month(now time.Time) *Month {
	f := &b.figures
	m := &Month{From: f.month.From, To: f.month.To, Next: !f.month.To.After(now), Prints: b.opt.Print != nil, Exports: b.opt.Export != nil, Registers: b.registers(),
		Computing: f.made.busy(), Busy: f.out.busy()}
	r := f.made.result()
	if r == nil {
		return m
	}
	if r.err != nil {
		m.Failed = fault.CodeOf(r.err)
		return m
	}
	x := r.value
	m.Made, m.Complete = x.Made, x.Complete
	m.Total = rowOf("", x.Total)
	m.OnTimeShare, m.KioskShare = x.Share.OnTime, x.Share.Kiosk
	m.LateBefore = -1
	for i, t := range x.Months {
		from, err := time.Parse("2006-01", t.Month)
		if err != nil {
			continue // of another version
		}
		m.Months = append(m.Months, MonthBar{from, t.Received})
		if i == len(x.Months)-2 {
			m.LateBefore = t.Late
		}
	}
	m.Bars = bars(x)
	f.top = max(0, min(f.top, len(x.Services)-FigureRows))
	end := min(len(x.Services), f.top+FigureRows)
	for _, s := range x.Services[f.top:end] {
		m.Rows = append(m.Rows, rowOf(cmp.Or(s.Name, s.ID), s.Figures))
	}
	m.Above, m.Below = f.top, len(x.Services)-end
	m.Rated, m.Stars = x.Ratings.Count, x.Ratings.Mean
	m.Wait, m.Handling, m.Resolution = Span(x.Times.Wait), Span(x.Times.Handling), Span(x.Times.Resolution)
	return m
}

// bars are the services with the most filings, the others as one without a name.
func bars(r report.Report) []Bar {
	most := slices.Clone(r.Services)
	slices.SortStableFunc(most, func(x, y report.Row) int {
		return cmp.Or(cmp.Compare(y.Received, x.Received), cmp.Compare(y.Resolved, x.Resolved))
	})
	var list []Bar
	for i, s := range most {
		switch {
		case i < FigureRows:
			list = append(list, Bar{cmp.Or(s.Name, s.ID), s.Received, s.Resolved})
		case i == FigureRows:
			list = append(list, Bar{"", s.Received, s.Resolved})
		default:
			list[FigureRows].Received += s.Received
			list[FigureRows].Resolved += s.Resolved
		}
	}
	return list
}

func rowOf(name string, f report.Figures) MonthRow {
	return MonthRow{name, f.Carried, f.Received, f.Portal, f.Kiosk, f.Desk, f.Resolved, f.OnTime, f.Late, f.Returned, f.Pending}
}
