package official

import (
	"bytes"
	"cmp"
	"fmt"
	"strconv"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/paper"
	"motcua/kiosk/service"
)

// Decision is what the form of an officer's decision says besides the filing.
type Decision struct {
	desk.Decision
	Officer  string    // name, as it is signed
	Head     bool      // that officer is the head of the office: else the name stands on no line that the head signs
	Received time.Time // when an officer took the filing on; zero: nobody has
	Due      time.Time // of the filing: the date that was promised
	Before   time.Time // and the one before it, of an apology
}

// Decided prints the form of a decision: Mẫu 01 to 05 of the one-stop set (Circular 03/2025/TT-VPCP), CT04 to CT06 of residence.
// ErrForm if that action has none.
func (p Printer) Decided(f filing.Filing, d Decision) (Printed, error) {
	svc, err := p.service(f)
	if err != nil {
		return Printed{}, err
	}
	id := desk.Form(d.Action, kindOf(svc))
	sheet, ok := p.Shelf.On(id, identity.DateOf(d.At))
	if !ok {
		return Printed{}, fmt.Errorf("%w: %s for %s", ErrForm, id, d.Action)
	}
	var pdf bytes.Buffer
	if err := sheet.Render(&pdf, p.decided(svc, f, d)); err != nil {
		return Printed{}, fmt.Errorf("official: %s: %w", id, err)
	}
	return Printed{id, sheet.Layout().Title, pdf.Bytes()}, nil
}

func (p Printer) decided(svc *service.Service, f filing.Filing, d Decision) paper.Values {
	day := identity.DateOf(d.At)
	text := p.words(f, day)
	short := f.Reference.Short()
	received := d.Received
	if received.IsZero() {
		received = f.Filed
	}
	for key, value := range map[string]string{
		"name": f.Applicant.Name, "number": string(f.Applicant.Number), "permanent_address": p.Residence(f),
		"temporary_address": f.Answers["temporary_address"].Value, "today_address": cmp.Or(f.Answers["address"].Value, p.Residence(f)),
		"phone": f.Answers["phone"].Value, "email": f.Answers["email"].Value, "request": svc.Name, "dossier": string(f.Dossier),
		"received": moment(received), "received_date": date(received), "due": moment(d.Due),
		"due_date": date(d.Before), "new_due_date": date(d.Due), "reason": d.Reason, "officer_name": d.Officer,
		"file_code":      cmp.Or(string(f.Dossier), short), // where no other line has the office's number
		"receipt_number": short, "supplement_number": short, "refusal_number": short, "apology_number": short, "stop_number": short,
		"collect_at": p.Office.Name, "sets": "1", "copy_of": "giao người nộp hồ sơ",
		"term": days(svc.DeadlineFor(kept(svc, f, identity.DateOf(f.Filed)))),
	} {
		text[key] = value
	}
	if d.Head {
		text["signer_name"] = d.Officer
	}
	rows := map[string][]map[string]string{}
	for _, one := range f.Papers {
		note := map[string]string{filing.PaperMissing: "chưa có"}[one.State]
		kind := map[string]string{filing.PaperMade: "bản chính"}[one.State] // what was brought the officer sees, and writes
		rows["papers"] = append(rows["papers"], map[string]string{"title": one.Name, "kind": kind, "note": note})
	}
	for _, item := range d.Items {
		rows["missing"] = append(rows["missing"], map[string]string{"title": item})
	}
	return paper.Values{Text: text, Rows: rows, Checked: map[string]bool{"on_paper": d.Action == desk.Receive}}
}

// days is a term as Mẫu 01 has it, whose line ends in "ngày"; "" for one that is not counted in days.
func days(d service.Deadline) string {
	switch {
	case d.Days > 0 && d.Half:
		return strconv.Itoa(d.Days) + ",5"
	case d.Half:
		return "0,5"
	case d.Days > 0 || d.Calendar > 0:
		return strconv.Itoa(cmp.Or(d.Days, d.Calendar))
	case d.SameDay:
		return "1"
	}
	return ""
}

// moment is 16 giờ 00, ngày 27/11/2026.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d giờ %02d, ngày %s", t.Hour(), t.Minute(), identity.DateOf(t))
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return identity.DateOf(t).String()
}

// Kind is what of its service decides over the decisions on a filing.
func (p Printer) Kind(f filing.Filing) (desk.Kind, error) {
	svc, err := p.service(f)
	if err != nil {
		return desk.Kind{}, err
	}
	return kindOf(svc), nil
}

func kindOf(svc *service.Service) desk.Kind {
	return desk.Kind{Residence: svc.Group == "residence", Sent: svc.Sent}
}

// Cost is the fee of a filing, of the day on which it was made.
func (p Printer) Cost(f filing.Filing) (service.Cost, error) {
	svc, err := p.service(f)
	if err != nil {
		return service.Cost{}, err
	}
	day := identity.DateOf(f.Filed)
	return svc.FeeFor(kept(svc, f, day), day), nil
}

// Deadline is how long the law gives for a filing.
func (p Printer) Deadline(f filing.Filing) (service.Deadline, error) {
	svc, err := p.service(f)
	if err != nil {
		return service.Deadline{}, err
	}
	return svc.DeadlineFor(kept(svc, f, identity.DateOf(f.Filed))), nil
}
