// Package ledger prints the two papers of the one-stop set (Circular 03/2025/TT-VPCP) that keep themselves: Mẫu 06, the slip that follows one filing from
// hand to hand, and Mẫu 07, the register of all filings of a time.
//
// Make a Book of the disk and the forms. Control gives Mẫu 06 and Register Mẫu 07, each from what the journal and the decisions say, and nothing that anybody
// types. Both name people, so both take an officer's key.
package ledger

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/report"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/text"
)

// The forms.
const (
	ControlForm  = "MC06"
	RegisterForm = "MC07"
)

// Store is what a Book reads; kiosk/store has it.
type Store interface {
	Read(ctx context.Context, number string, id *seal.Identity) (filing.Filing, error)
	Get(ctx context.Context, number string) (filing.Filing, error)
	Case(ctx context.Context, ref filing.Reference, id *seal.Identity) (desk.Case, error)
	JournalOf(ctx context.Context, ref filing.Reference) ([]store.Entry, error)
	Records(ctx context.Context, from, to time.Time) ([]report.Record, error)
	Officers(ctx context.Context) ([]officer.Account, error)
}

// Book makes both papers.
type Book struct {
	Store   Store
	Printer official.Printer
	Texts   *text.Table
}

// print fills a form in the version of a day.
func (b Book) print(id string, day identity.Date, v paper.Values) (official.Printed, error) {
	form, ok := b.Printer.Shelf.On(id, day)
	if !ok {
		return official.Printed{}, fault.Newf(fault.Usage, "ledger: there is no form %s for a time so long ago", id)
	}
	o := b.Printer.Office
	for key, value := range map[string]string{"office_name": o.Name, "office_parent": o.Parent, "office_commune": o.Commune, "office_province": o.Province} {
		v.Text[key] = value
	}
	var pdf bytes.Buffer
	if err := form.Render(&pdf, v); err != nil {
		return official.Printed{}, fault.New(fault.Internal, fmt.Errorf("ledger: %s: %w", id, err))
	}
	return official.Printed{Form: id, Title: form.Layout().Title, PDF: pdf.Bytes()}, nil
}

// names are those of the officers, by account.
func (b Book) names(ctx context.Context) (map[string]string, error) {
	all, err := b.Store.Officers(ctx)
	names := map[string]string{}
	for _, a := range all {
		names[a.ID] = a.Name
	}
	return names, err
}

// number is the official code of a filing, or the office's own number while it has none.
func number(f filing.Filing) string {
	if f.Dossier != "" {
		return string(f.Dossier)
	}
	return f.Reference.Short()
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Zone).Format("02/01/2006")
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Zone).Format("15:04, 02/01/2006")
}

// outcome is the key of how a result came against the date that held then; as the figures of the month count it (kiosk/report).
func outcome(at, due time.Time) string {
	switch {
	case due.IsZero():
		return "ledger.no-term"
	case at.After(due):
		return "ledger.late"
	case day(at) != day(due):
		return "ledger.early"
	}
	return "ledger.on-time"
}
