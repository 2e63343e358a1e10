package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"motcua/assets"
	"motcua/cmd/internal/office"
	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/paper"
	"motcua/kiosk/report"
	"motcua/kiosk/report/sheet"
	"motcua/kiosk/store"
	"motcua/kiosk/text"
)

// figures makes the figures of a month or the sheet of a day, which takes nobody's key.
func figures(ctx context.Context, t *tool, args []string) error {
	f := t.flags("report")
	data := f.String("data", "", "data directory")
	month := f.String("month", "", "month, 2026-10; this one if left out")
	day := f.String("day", "", "the sheet that ends a day, 2026-10-05, in place of a month")
	xlsx := f.String("xlsx", "", "write a workbook")
	pdf := f.String("pdf", "", "write a PDF")
	operands, err := parse(f, args)
	switch {
	case err != nil:
		return err
	case len(operands) > 0:
		return fault.Newf(fault.Usage, "%q is one word too many", operands[0])
	case *month != "" && *day != "":
		return fault.Newf(fault.Usage, "either --month or --day")
	case *day != "" && *xlsx != "":
		return fault.Newf(fault.Usage, "a day has no workbook: use --pdf")
	}
	cfg, texts, err := t.reportWords()
	if err != nil {
		return err
	}
	db, err := t.openStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	decided := office.Obey(ctx, db, cfg, t.logTo())
	cfg = decided.Config
	if *day != "" {
		days, err := office.Calendar(cfg, decided.Closed...)
		if err != nil {
			return fault.New(fault.ConfigBad, err)
		}
		return t.reportDay(ctx, db, cfg, days, texts, *day, *pdf)
	}
	p := report.Month(time.Now().Year(), time.Now().Month())
	if *month != "" {
		if p, err = report.ParseMonth(*month); err != nil {
			return fault.New(fault.Usage, err)
		}
	}
	return t.reportMonth(ctx, db, cfg, texts, p, *xlsx, *pdf)
}

func (t *tool) reportWords() (config.Config, *text.Table, error) {
	cfg, err := t.config()
	if err != nil {
		return cfg, nil, err
	}
	texts, err := text.Load(assets.FS, textFile)
	if err != nil {
		return cfg, nil, fault.New(fault.Internal, err)
	}
	return cfg, texts, nil
}

// input reads what the figures of [from, to) are made from.
func (t *tool) input(ctx context.Context, db *store.Reader, cfg config.Config, from, to time.Time) (report.Input, error) {
	catalogue, err := office.Catalogue(cfg)
	if err != nil {
		return report.Input{}, fault.New(fault.ConfigBad, err)
	}
	records, err := db.Records(ctx, from, to)
	if err != nil {
		return report.Input{}, err
	}
	tickets, err := db.Tickets(ctx, from, to)
	if err != nil {
		return report.Input{}, err
	}
	day := identity.DateOf(to.Add(-time.Second))
	return report.Input{Office: office.ReportOffice(cfg), Services: office.ReportServices(catalogue, cfg, day), Records: records,
		Visits: report.Visits(tickets), Since: from}, nil
}

func (t *tool) reportMonth(ctx context.Context, db *store.Reader, cfg config.Config, texts *text.Table, p report.Period, xlsx, pdf string) error {
	in, err := t.input(ctx, db, cfg, p.Since(), p.To)
	if err != nil {
		return err
	}
	r := report.Make(p, in, time.Now())
	if xlsx != "" {
		if err := writeFile(xlsx, func(w io.Writer) error { return sheet.Workbook(w, r, texts) }); err != nil {
			return err
		}
	}
	if pdf != "" {
		if err := writeForm(pdf, sheet.MonthForm, p, sheet.Month(r, texts)); err != nil {
			return err
		}
	}
	switch {
	case t.json:
		return t.line(r)
	case xlsx == "" && pdf == "":
		return t.reportText(r, texts)
	}
	return nil
}

func (t *tool) reportDay(ctx context.Context, db *store.Reader, cfg config.Config, days *calendar.Calendar, texts *text.Table, day, pdf string) error {
	p, err := report.ParseDay(day)
	if err != nil {
		return fault.New(fault.Usage, err)
	}
	in, err := t.input(ctx, db, cfg, p.From, p.To)
	if err != nil {
		return err
	}
	log, err := db.DayLog(ctx, p.From, p.To)
	if err != nil {
		return err
	}
	officers, err := db.Officers(ctx)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, a := range officers {
		names[a.ID] = a.Name
	}
	at := identity.DateOf(p.From)
	d := report.MakeDay(at, days.After(at, 1), in, log, time.Now())
	if pdf != "" {
		if err := writeForm(pdf, sheet.DayForm, p, sheet.Day(d, names, texts)); err != nil {
			return err
		}
	}
	switch {
	case t.json:
		return t.line(d)
	case pdf == "":
		return t.dayText(sheet.Day(d, names, texts))
	}
	return nil
}

// writeForm prints a form of the shelf, in the version of the last day of a period.
func writeForm(name, id string, p report.Period, v paper.Values) error {
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	form, ok := shelf.On(id, identity.DateOf(p.To.Add(-time.Second)))
	if !ok {
		return fault.Newf(fault.Usage, "there is no form %s for a time so long ago", id)
	}
	return writeFile(name, func(w io.Writer) error { return form.Render(w, v) })
}

// writeFile writes a file if all of it can be made.
func writeFile(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return fault.New(fault.Internal, err)
	}
	const mode = 0o644 // figures are no secret
	if err := os.WriteFile(name, b.Bytes(), mode); err != nil {
		return fault.New(fault.Usage, err)
	}
	return nil
}

// reportText writes the figures for reading.
func (t *tool) reportText(r report.Report, texts *text.Table) error {
	lines := sheet.Lines(r, texts)
	wide := 0
	for _, l := range lines {
		wide = max(wide, utf8.RuneCountInString(l[0]))
	}
	for _, l := range lines {
		out := l[0]
		if len(l) > 1 {
			out += strings.Repeat(" ", wide-utf8.RuneCountInString(l[0]))
		}
		for _, cell := range l[1:] {
			out += fmt.Sprintf(" %*s", max(9, utf8.RuneCountInString(cell)), cell)
		}
		if _, err := fmt.Fprintln(t.out, strings.TrimRight(out, " ")); err != nil {
			return err
		}
	}
	return nil
}

// dayText writes the tables of the sheet of a day.
func (t *tool) dayText(v paper.Values) error {
	fmt.Fprintf(t.out, "%s\n%s\n", v.Text["title"], v.Text["made"])
	for _, table := range []struct {
		rows string
		keys []string
	}{
		{"figures", []string{"figure", "n_count", "other", "n_other"}}, {"filed", []string{"number", "n_time", "service", "channel", "chip", "stands"}},
		{"decisions", []string{"n_time", "number", "service", "action", "officer"}}, {"due", []string{"number", "service", "until", "note"}}, {"gaps", []string{"what", "which", "n_count"}},
	} {
		fmt.Fprintln(t.out)
		w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
		for _, row := range v.Rows[table.rows] {
			cells := make([]string, len(table.keys))
			for i, key := range table.keys {
				cells[i] = row[key]
			}
			fmt.Fprintln(w, strings.Join(cells, "\t"))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}
