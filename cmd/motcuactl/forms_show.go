package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/service"
	"motcua/kiosk/trial"

	"motcua/assets"
)

// formsShow prints what the file of a service says, for reading.
func formsShow(_ context.Context, t *tool, args []string) error {
	f := t.flags("forms show")
	day := f.String("on", "", "in force on this day, YYYY-MM-DD; today if left out")
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	_, c, err := t.catalogue()
	if err != nil {
		return err
	}
	on, err := dayOf(*day)
	if err != nil {
		return err
	}
	svc, err := get(c, operands, on)
	if err != nil {
		return err
	}
	if t.json {
		return t.line(svc)
	}
	w := &writer{w: t.out}
	showHead(w, svc)
	showLaw(w, svc)
	if svc.Form != nil {
		showForm(w, svc)
	}
	for _, d := range svc.Doubts {
		w.put("  ? %s\n", d)
	}
	return w.err
}

// writer keeps the first error.
type writer struct {
	w   io.Writer
	err error
}

func (w *writer) put(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.w, format, args...)
	}
}

func (w *writer) list(title string, items []string) {
	if len(items) > 0 {
		w.put("%s\n  - %s\n", title, strings.Join(items, "\n  - "))
	}
}

func showHead(w *writer, s *service.Service) {
	w.put("%s  %s  %s\n%s (%s)\n", s.ID, s.Version, s.Procedure, s.Name, s.Plain)
	w.put("Cơ quan: %s  cấp: %s\n", s.Authority, s.Level)
	w.list("Nơi nộp:", s.Where)
	if s.Question != "" {
		w.put("%s\n", s.Question)
	}
	for _, c := range s.Cases {
		w.put("  %-12s %s: %s", c.ID, c.Title, c.Text)
		if c.Procedure != "" {
			w.put(" (%s)", c.Procedure)
		}
		w.put("\n")
	}
}

func showLaw(w *writer, s *service.Service) {
	for _, b := range s.Legal {
		w.put("Căn cứ: %s\n", b)
	}
	w.put("Lệ phí: %d đ", s.Fee.Dong)
	if s.Fee.Online > 0 {
		w.put(", trực tuyến %d đ", s.Fee.Online)
	}
	w.put(" %s\n", s.Fee.Note)
	for _, e := range s.Fee.Free {
		w.put("  miễn: %s %s\n", e.Text, e.When)
	}
	w.put("Thời hạn: %+v\n", s.Deadline.Term())
	for _, p := range s.Papers {
		w.put("Giấy tờ: %s. %s %v %s\n", p.Name, p.Note, p.Cases, p.When)
	}
	for _, g := range s.Signatures {
		w.put("Ký: %s: %s %s\n", g.Who, g.Text, g.When)
	}
	for _, p := range s.Prints {
		w.put("Biểu mẫu: %s %s\n", p.Form, p.When)
	}
	w.list("Các bước:", s.Guide)
	w.list("Từ chối khi:", s.Refuse)
}

func showForm(w *writer, s *service.Service) {
	w.put("%s %s (%s)\n", s.Form.ID, s.Form.Title, s.Form.Issued)
	for _, f := range s.Form.Fields {
		w.put("  %-4s %-18s %-7s %s", f.Item, f.ID, f.Kind, f.Label)
		if len(f.Prefill) > 0 {
			w.put("  ← %v", f.Prefill)
		}
		w.put("\n")
	}
	for i, p := range s.Form.Pages {
		w.put("  Câu %d: %s [%s] %v %s\n", i+1, p.Title, p.Field, p.Cases, p.When)
	}
	for _, c := range s.Form.Checks {
		w.put("  Kiểm tra %s (%s) khi %s: %s %s\n", c.ID, c.Level, c.When, c.Text, c.Do)
	}
}

// told prints the pages that a trial saw.
func (t *tool) told(run trial.Run) {
	for i, s := range run.Snapshots {
		asked := ""
		switch {
		case s.Form != nil:
			asked = string(s.Form.Field)
		case s.Choice != nil:
			asked = string(s.Choice.Field)
		case s.Rows != nil:
			asked = string(s.Rows.Field)
		case s.Place != nil:
			asked = string(s.Place.Field)
		}
		if s.Form != nil {
			for _, p := range s.Form.Problems {
				asked += " ! " + p.Code + ": " + p.Text
			}
		}
		fmt.Fprintf(t.out, "%2d  %-9s %s  %s\n", i+1, s.Page, cmp.Or(s.Title, s.Crumb), asked)
	}
}

// outcome prints what came of a trial.
func (t *tool) outcome(svc *service.Service, run trial.Run, printed []official.Printed) error {
	w := &writer{w: t.out}
	w.put("%d chạm, %d chữ, %d số, %d thẻ\n", run.Touches, run.Letters, run.Digits, run.Cards)
	w.list("Đã nộp:", run.Slip.Handed)
	w.list("Còn thiếu:", run.Slip.Missing)
	w.list("Mang theo:", run.Slip.Bring)
	w.put("Lệ phí: %s\n", run.Slip.Fee)
	if !run.Filing.Due.IsZero() {
		w.put("Hẹn: %s (%s)\n", run.Filing.Due.Format("02/01/2006 15:04"), run.Filing.DueRule)
	}
	w.list("Lưu ý:", run.Filing.Checks)
	for _, p := range printed {
		w.put("Biểu mẫu: %s, %d byte\n", p.Form, len(p.PDF))
	}
	return w.err
}

// formsEffort counts touches and letters of every service with the standard persona, beside the letters that the same forms
// take by hand.
func formsEffort(_ context.Context, t *tool, args []string) error {
	f := t.flags("forms effort")
	at := f.String("at", "", "when: 2026-11-25T09:00; now if left out")
	markdown := f.Bool("markdown", false, "as a table for a text")
	local := f.String("local", "", "local settings to add to those of the configuration: xe-o-to")
	if _, err := parse(f, args); err != nil {
		return err
	}
	now, err := momentOf(*at)
	if err != nil {
		return err
	}
	cfg, err := t.sessionConfig()
	if err != nil {
		return err
	}
	cfg.Local = append(slices.Clone(cfg.Local), strings.Fields(*local)...)
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		return err
	}
	table := newTable(t, *markdown)
	for _, h := range cfg.Catalogue.On(identity.DateOf(now)) {
		svc, ok := cfg.Catalogue.Get(h.ID, identity.DateOf(now))
		if !ok || !svc.Filed(cfg.Local) {
			continue
		}
		run, err := trial.Play(cfg, svc.ID, trial.For(svc, trial.Usual()), now)
		if err != nil {
			return fault.Newf(fault.ConfigBad, "%s: %v", svc.ID, err)
		}
		printer := official.Printer{Catalogue: cfg.Catalogue, Shelf: shelf}
		contents, err := printer.Contents(run.Filing, identity.DateOf(now))
		if err != nil {
			return err
		}
		if err := table.row(svc, run, trial.Written(contents)); err != nil {
			return err
		}
	}
	return table.end()
}

// effortTable is the table in one of its three forms.
type effortTable struct {
	t        *tool
	markdown bool
	w        *tabwriter.Writer
}

func newTable(t *tool, markdown bool) *effortTable {
	e := &effortTable{t, markdown, tabwriter.NewWriter(t.out, 0, 0, 2, ' ', tabwriter.AlignRight)}
	switch {
	case t.json:
	case markdown:
		fmt.Fprint(t.out, "| service | touches | letters | digits | cards | characters on paper |\n|---|---:|---:|---:|---:|---:|\n")
	default:
		fmt.Fprintf(e.w, "touches\tletters\tdigits\tcards\ton paper\t  service\t\n")
	}
	return e
}

func (e *effortTable) row(svc *service.Service, run trial.Run, written int) error {
	var err error
	switch r := run.Effort; {
	case e.t.json:
		err = e.t.line(map[string]any{"id": svc.ID, "touches": r.Touches, "letters": r.Letters, "digits": r.Digits, "cards": r.Cards, "paper": written})
	case e.markdown:
		_, err = fmt.Fprintf(e.t.out, "| %s | %d | %d | %d | %d | %d |\n", svc.Plain, r.Touches, r.Letters, r.Digits, r.Cards, written)
	default:
		_, err = fmt.Fprintf(e.w, "%d\t%d\t%d\t%d\t%d\t  %s\t\n", r.Touches, r.Letters, r.Digits, r.Cards, written, svc.ID)
	}
	return err
}

func (e *effortTable) end() error { return e.w.Flush() }
