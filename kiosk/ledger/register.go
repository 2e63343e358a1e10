package ledger

import (
	"context"
	"fmt"
	"strings"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/report"
	"motcua/kiosk/seal"
)

// Register is Mẫu 07: every filing of a period by the time of filing, as it stands now, and how many there are. Of a filing that the key does not
// open, or that was destroyed, the name is left open. fault.Usage around paper.ErrTooLarge if there are more than a table
// holds, paper.MaxRows: then a shorter period is needed.
func (b Book) Register(ctx context.Context, p report.Period, key *seal.Identity) (official.Printed, int, error) {
	rows, err := b.entries(ctx, p, key)
	if err != nil {
		return official.Printed{}, 0, err
	}
	last := p.To.Add(-time.Second)
	period := b.Texts.Get("ledger.period", day(p.From), day(last))
	if day(p.From) == day(last) {
		period = b.Texts.Get("ledger.day", day(p.From))
	}
	printed, err := b.print(RegisterForm, identity.DateOf(last), paper.Values{Text: map[string]string{"period": period}, Rows: map[string][]map[string]string{"filings": rows}})
	return printed, len(rows), err
}

func (b Book) entries(ctx context.Context, p report.Period, key *seal.Identity) ([]map[string]string, error) {
	all, err := b.Store.Records(ctx, p.From, p.To)
	if err != nil {
		return nil, err
	}
	var rows []map[string]string
	for _, r := range all {
		if r.Filed.Before(p.From) || !r.Filed.Before(p.To) {
			continue
		}
		if len(rows) == paper.MaxRows {
			return nil, fault.New(fault.Usage, fmt.Errorf("ledger: %w: more than %d filings: take a shorter time", paper.ErrTooLarge, paper.MaxRows))
		}
		row, err := b.entry(ctx, r, key)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// entry is the line of one filing.
func (b Book) entry(ctx context.Context, r report.Record, key *seal.Identity) (map[string]string, error) {
	f, err := b.Store.Read(ctx, r.Reference.String(), key)
	switch fault.CodeOf(err) {
	case "":
	case fault.SealShut, fault.SealDestroyed:
		if f, err = b.Store.Get(ctx, r.Reference.String()); err != nil {
			return nil, err
		}
	default:
		return nil, err
	}
	row := map[string]string{"dossier": number(f), "procedure": b.procedure(f), "sets": "1", "name": f.Applicant.Name, "address": b.address(f), "unit": b.Printer.Office.Name,
		"received": day(r.Filed), "due": day(due(r))}
	var notes []string
	for _, s := range r.Steps {
		switch s.Action {
		case desk.Finish:
			notes = append(notes, b.Texts.Get(outcome(s.At, s.Due)))
		case desk.Hand:
			row["returned"] = day(s.At)
			if row["way"], row["signed"], err = b.handed(ctx, r.Reference, key); err != nil {
				return nil, err
			}
		case desk.Refuse, desk.Stop, desk.Withdraw, desk.Forward, desk.Ask:
			notes = append(notes, b.Texts.Get("ledger.note."+string(s.Action), day(s.At)))
		}
	}
	row["note"] = strings.Join(notes, "; ")
	return row, nil
}

// due is the date that holds now, or held at the end.
func due(r report.Record) time.Time {
	if n := len(r.Steps); n > 0 {
		return r.Steps[n-1].Due
	}
	return r.Due
}

// procedure is the name of the service's procedure.
func (b Book) procedure(f filing.Filing) string {
	if svc, ok := b.Printer.Catalogue.Get(f.Service, identity.DateOf(f.Filed)); ok {
		return svc.Name
	}
	return f.Service
}

func (b Book) address(f filing.Filing) string {
	var list []string
	for _, s := range []string{b.Printer.Residence(f), f.Answers["phone"].Value} {
		if s != "" {
			list = append(list, s)
		}
	}
	return strings.Join(list, ", ")
}

// handed is how somebody got the result, and how that was confirmed; both empty if the key does not open the words.
func (b Book) handed(ctx context.Context, ref filing.Reference, key *seal.Identity) (by, signed string, err error) {
	c, err := b.Store.Case(ctx, ref, key)
	if code := fault.CodeOf(err); code == fault.SealShut || code == fault.SealDestroyed {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	for _, d := range c.History {
		if d.Action == desk.Hand {
			by, signed = b.Texts.Get("ledger.way."+string(d.Confirm)), b.Texts.Get("ledger.signed."+string(d.Confirm))
		}
	}
	return by, signed, nil
}
