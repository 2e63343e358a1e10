package ledger

import (
	"context"
	"encoding/json"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// Control is Mẫu 06 of a filing: each time that it went from one hand into another, when, and whether the result was early, on time or late. The errors are
// those of store.Reader.Read.
func (b Book) Control(ctx context.Context, ref filing.Reference, key *seal.Identity) (official.Printed, error) {
	w, err := b.follow(ctx, ref, key)
	if err != nil {
		return official.Printed{}, err
	}
	return b.print(ControlForm, identity.DateOf(w.last), paper.Values{Text: map[string]string{"dossier": number(w.filing), "partner_office": w.partner},
		Rows: map[string][]map[string]string{"transfers": w.rows}})
}

// follow goes the way of a filing.
func (b Book) follow(ctx context.Context, ref filing.Reference, key *seal.Identity) (*way, error) {
	f, err := b.Store.Read(ctx, ref.String(), key)
	if err != nil {
		return nil, err
	}
	c, err := b.Store.Case(ctx, ref, key)
	if err != nil {
		return nil, err
	}
	entries, err := b.Store.JournalOf(ctx, ref)
	if err != nil {
		return nil, err
	}
	names, err := b.names(ctx)
	if err != nil {
		return nil, err
	}
	w := &way{Book: b, filing: f, names: names, due: f.Due, last: f.Filed}
	if w.taken, err = taken(entries); err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Kind == store.SentOut {
			w.sent = append(w.sent, e.At)
		}
	}
	w.begin()
	for _, d := range c.History {
		w.step(d)
	}
	w.portal(time.Time{})
	return w, nil
}

// taking is that an officer opened a filing to work on it.
type taking struct {
	officer string
	at      time.Time
}

func taken(entries []store.Entry) ([]taking, error) {
	var list []taking
	for _, e := range entries {
		if e.Kind != store.Taken {
			continue
		}
		var detail struct{ Officer string }
		if err := json.Unmarshal(e.Detail, &detail); err != nil {
			return nil, fault.Newf(fault.StoreDamaged, "ledger: the detail of an entry cannot be read")
		}
		list = append(list, taking{detail.Officer, e.At})
	}
	return list, nil
}

// way is a filing on its way from hand to hand.
type way struct {
	Book
	filing  filing.Filing
	names   map[string]string
	taken   []taking
	sent    []time.Time // to the portal
	rows    []map[string]string
	holder  string // account of the officer who has it; "" while it is at the counter, or out
	out     bool   // the citizen has it, who has to complete it
	due     time.Time
	last    time.Time // when something was decided last
	partner string
}

func (w *way) t(key string, args ...any) string { return w.Texts.Get(key, args...) }

// hand writes that a filing went from one hand into another.
func (w *way) hand(unit string, at time.Time, from, to, note string) map[string]string {
	row := map[string]string{"unit": unit, "when": moment(at), "given_by": from, "taken_by": to, "note": note}
	w.rows = append(w.rows, row)
	return row
}

// remark adds to the last row.
func (w *way) remark(note string) {
	row := w.rows[len(w.rows)-1]
	if row["note"] != "" {
		note = row["note"] + "; " + note
	}
	row["note"] = note
}

func (w *way) citizen() string { return w.filing.Applicant.Name }

func (w *way) name(account string) string {
	if n := w.names[account]; n != "" {
		return n
	}
	return account
}

func (w *way) begin() {
	key := "ledger.filed.kiosk"
	switch w.filing.Channel {
	case filing.AtDesk:
		key = "ledger.filed.desk"
	case filing.OnPortal:
		key = "ledger.filed.portal"
	}
	w.hand(w.Printer.Office.Name, w.filing.Filed, w.citizen(), w.t("ledger.counter"), w.t(key))
}

// takes writes that an officer has it now, from when they opened it since the decision before. Who only looks takes nothing over, and nobody does from the
// citizen who has brought nothing.
func (w *way) takes(d desk.Decision) {
	if w.out || d.Officer == w.holder {
		return
	}
	from, at := w.t("ledger.counter"), d.At
	if w.holder != "" {
		from = w.name(w.holder)
	}
	for _, t := range w.taken {
		if t.officer == d.Officer && !t.at.After(d.At) && !t.at.Before(w.last) {
			at = t.at
		}
	}
	w.hand(w.Printer.Office.Name, at, from, w.name(d.Officer), "")
	w.holder = d.Officer
}

// portal writes what was sent to the portal before a moment; all that is left for the zero moment.
func (w *way) portal(before time.Time) {
	for len(w.sent) > 0 && (before.IsZero() || w.sent[0].Before(before)) {
		w.remark(w.t("ledger.sent", moment(w.sent[0])))
		w.sent = w.sent[1:]
	}
}

func (w *way) step(d desk.Decision) {
	w.portal(d.At)
	w.takes(d)
	w.last = d.At
	office, who := w.Printer.Office.Name, w.name(d.Officer)
	switch d.Action {
	case desk.Receive:
		if !d.Due.IsZero() { // else what was promised stays
			w.due = d.Due
		}
		if w.due.IsZero() {
			w.remark(w.t("ledger.received-no-term", moment(d.At)))
			break
		}
		w.remark(w.t("ledger.received", moment(d.At), day(w.due)))
	case desk.Extend:
		w.due = d.Due
		w.remark(w.t("ledger.extended", moment(d.At), day(d.Due)))
	case desk.Ask:
		w.hand(office, d.At, who, w.citizen(), w.t("ledger.asked"))
		w.holder, w.out = "", true
	case desk.Supply:
		if !d.Due.IsZero() {
			w.due = d.Due
		}
		w.hand(office, d.At, w.citizen(), who, w.t("ledger.supplied"))
		w.holder, w.out = d.Officer, false
	case desk.Forward:
		w.partner = d.To
		w.hand(d.To, d.At, who, "", w.t("ledger.forwarded"))
	case desk.Finish:
		w.hand(office, d.At, who, w.t("ledger.counter"), w.t("ledger.finished"))["outcome"] = w.t(outcome(d.At, w.due))
		w.holder = ""
	case desk.Hand:
		w.hand(office, d.At, who, w.citizen(), w.t("ledger.handed."+string(d.Confirm)))
	case desk.Refuse, desk.Stop, desk.Withdraw:
		w.hand(office, d.At, who, w.citizen(), w.t("ledger."+string(d.Action)))
	}
}
