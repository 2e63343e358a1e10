package main

import (
	"context"
	"time"

	"motcua/assets"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/ledger"
	"motcua/kiosk/officer"
	"motcua/kiosk/official"
	"motcua/kiosk/report"
	"motcua/kiosk/store"
	"motcua/kiosk/text"
)

// book is what Mẫu 06 and Mẫu 07 are made from.
func (t *tool) book(db ledger.Store) (ledger.Book, error) {
	_, printer, err := t.printerOf()
	if err != nil {
		return ledger.Book{}, err
	}
	texts, err := text.Load(assets.FS, textFile)
	if err != nil {
		return ledger.Book{}, fault.New(fault.Internal, err)
	}
	return ledger.Book{Store: db, Printer: printer, Texts: texts}, nil
}

// filingsControl writes Mẫu 06 of a filing.
func filingsControl(ctx context.Context, t *tool, args []string) error {
	f := t.flags("filings control")
	data := f.String("data", "", "data directory")
	out := f.String("pdf", "", "file to write")
	who := t.signInFlags(f)
	operands, err := parse(f, args)
	switch {
	case err != nil:
		return err
	case len(operands) != 1 || *out == "":
		return fault.Newf(fault.Usage, "name one reference, and the file with --pdf")
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	book, err := t.book(db)
	if err != nil {
		return err
	}
	filed, by, key, err := t.opened(ctx, db, who, operands[0])
	if err != nil {
		return err
	}
	printed, err := book.Control(ctx, filed.Reference, key)
	if err != nil {
		return err
	}
	if err := writePrinted(*out, printed); err != nil {
		return err
	}
	return db.Note(ctx, "control.printed", map[string]string{"officer": by.ID, "filing": filed.Reference.String()})
}

// filingsRegister writes Mẫu 07 of a month or of days.
func filingsRegister(ctx context.Context, t *tool, args []string) error {
	f := t.flags("filings register")
	data := f.String("data", "", "data directory")
	month := f.String("month", "", "month, 2026-10")
	from := f.String("day", "", "day, 2026-10-05; the first one with --until")
	until := f.String("until", "", "last day")
	out := f.String("pdf", "", "file to write")
	who := t.signInFlags(f)
	operands, err := parse(f, args)
	switch {
	case err != nil:
		return err
	case len(operands) > 0 || *out == "":
		return fault.Newf(fault.Usage, "name the file with --pdf, and nothing else")
	}
	p, err := registerPeriod(*month, *from, *until)
	if err != nil {
		return fault.New(fault.Usage, err)
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	book, err := t.book(db)
	if err != nil {
		return err
	}
	by, key, err := who.identity(ctx, t, db)
	switch {
	case err != nil:
		return err
	case !by.Role.May(officer.ReadFilings):
		return fault.Newf(fault.SealWrong, "%s may not read filings", by.ID)
	}
	printed, n, err := book.Register(ctx, p, key)
	if err != nil {
		return err
	}
	if err := writePrinted(*out, printed); err != nil {
		return err
	}
	if err := noteRegister(ctx, db, by.ID, p); err != nil {
		return err
	}
	if t.json {
		return t.line(map[string]any{"filings": n, "from": p.From.Format(time.DateOnly), "until": p.To.AddDate(0, 0, -1).Format(time.DateOnly)})
	}
	return nil
}

func noteRegister(ctx context.Context, db *store.Store, by string, p report.Period) error {
	return db.Note(ctx, "register.printed", map[string]string{"officer": by, "from": identity.DateOf(p.From).String(), "until": identity.DateOf(p.To.AddDate(0, 0, -1)).String()})
}

// registerPeriod is the month or the days that were named.
func registerPeriod(month, from, until string) (report.Period, error) {
	switch {
	case month != "" && from == "" && until == "":
		return report.ParseMonth(month)
	case month != "" || from == "":
		return report.Period{}, fault.Newf(fault.Usage, "either --month, or --day and perhaps --until")
	}
	p, err := report.ParseDay(from)
	if err != nil || until == "" {
		return p, err
	}
	last, err := report.ParseDay(until)
	if err == nil && last.From.Before(p.From) {
		err = fault.Newf(fault.Usage, "the last day is before the first")
	}
	p.To = last.To
	return p, err
}

// writePrinted writes a form that names people: nobody else reads it.
func writePrinted(name string, p official.Printed) error {
	if err := writePrivateOver(name, p.PDF); err != nil {
		return fault.New(fault.Usage, err)
	}
	return nil
}
