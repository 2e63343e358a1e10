package session

import (
	"bytes"
	"slices"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
)

// This file is the way to disk and onto paper.
//
// Rules: a draft that was refused is handed in again under the same key as long as it says the same, so that a refusal
// which was none files nothing twice; a draft that says something else gets another key. The slip is printed after the
// filing is on disk, never before, and nothing that the printer does takes the number from the screen.

// ConsentVersion is the key of the notice that people agree to, as it is kept with the filing.
const ConsentVersion = "consent.v2"

// maxCopies is how many slips one person may ask for.
const maxCopies = 5

// file hands the draft in.
func (m *machine) file() {
	draft := m.draft()
	if old := m.v.hand.draft; old == nil || !same(*old, draft) {
		draft.Key = m.draftKey(m.v.hand.drafts)
		m.v.hand.drafts++
		m.v.hand.draft = &draft
	}
	m.send()
}

// send gives the draft to the store, for the first time or again.
func (m *machine) send() {
	m.turnTo(PageFiling)
	m.v.fault = ""
	m.v.hand.sent = m.now
	m.do(File{m.Serial, *m.v.hand.draft})
}

// same reports whether two drafts say the same; key and times do not count.
func same(a, b filing.Draft) bool {
	x, errX := said(a)
	y, errY := said(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func said(d filing.Draft) ([]byte, error) {
	d.Key, d.Started, d.Due, d.DueRule, d.Consent = "", time.Time{}, time.Time{}, "", nil
	return d.Content()
}

// draft is what is handed in.
func (s State) draft() filing.Draft {
	svc := s.chosen()
	draft := filing.Draft{
		Service: svc.ID, Version: isoDate(svc), Procedure: svc.ProcedureOf(s.v.kase), Case: s.v.kase,
		Form:      svc.Form.ID + " (" + svc.Form.Issued + ")",
		Applicant: s.v.who.person(), Evidence: s.v.who.evidence(), Photo: s.v.who.photo,
		Answers: s.filled(svc).Filled(), Papers: s.papers(svc),
		Others: s.others(), Checks: s.filled(svc).Warnings(),
		Consent: &filing.Consent{Text: ConsentVersion, Given: true, At: s.now},
		Notices: identity.Notices(s.v.who.person(), s.today()), Warnings: identity.Warnings(s.v.who.person()),
		Started: s.v.started,
	}
	draft.Due, draft.DueRule = s.appointment(svc)
	draft.Channel, draft.Officer = s.cfg.Channel, s.helper.Officer
	draft.Waits, draft.Priority = s.waits(svc, draft.Papers), s.priority()
	return draft
}

func isoDate(svc *service.Service) string {
	b, _ := svc.Version.MarshalText() // never fails
	return string(b)
}

// papers says of each paper of the case whether it is made, brought or missing.
func (s State) papers(svc *service.Service) []filing.Paper {
	var papers []filing.Paper
	for _, p := range svc.PapersFor(s.filled(svc)) {
		papers = append(papers, filing.Paper{Name: p.Name, State: s.paperState(p)})
	}
	return papers
}

func (s State) paperState(p service.Paper) string {
	_, brought := slices.BinarySearch(s.v.brought, p.ID)
	switch {
	case p.Made:
		return filing.PaperMade
	case brought:
		return filing.PaperBrought
	}
	return filing.PaperMissing
}

// appointment is when a filing handed in now is due, and the rule that gave it. Where the law counts days it is the hour at
// which appointments end, an hour before most offices close, and never after this one does.
func (s State) appointment(svc *service.Service) (time.Time, string) {
	if svc.Sent {
		return time.Time{}, ""
	}
	due, err := s.cfg.Calendar.Due(s.local(s.now), svc.DeadlineFor(s.filled(svc)).Term())
	if err != nil { // no term: the officer says when
		return time.Time{}, ""
	}
	if due.Rule == calendar.RuleHours || due.Rule == calendar.RuleHalf {
		return due.At, due.Rule
	}
	day := dateOf(due.At)
	at := time.Date(day.Year, day.Month, day.Day, ClosingHour, 0, 0, 0, due.At.Location())
	if due.At.Before(at) {
		at = due.At
	}
	return at, due.Rule
}

// filed is the answer that everything waits for; it may come after the wait was given up.
func (m *machine) filed(e Filed) {
	h := &m.v.hand
	if e.Serial != m.Serial || h.filed != nil || h.draft == nil || e.Filing.Key != h.draft.Key {
		return
	}
	f := e.Filing
	h.filed, h.quiet = &f, m.now
	m.v.fault = ""
	m.touch()
	m.turnTo(PageDone)
	m.print()
}

func (m *machine) fileFailed(e FileFailed) {
	if e.Serial == m.Serial && m.v.page == PageFiling {
		m.refused(e.Code)
	}
}

// refused shows that nothing was filed yet. All answers are kept, and the officer comes.
func (m *machine) refused(code fault.Code) {
	m.fail(code)
	m.touch()
	m.call(code)
}

// print puts the slip on paper, if that is possible now.
func (m *machine) print() {
	h := &m.v.hand
	switch {
	case !m.cfg.Printer:
		h.printing = PrintNone
	case h.printing == PrintRunning || h.copies >= maxCopies:
	case m.dev.printerBad != "":
		m.unprinted(m.dev.printerBad)
	default:
		h.copies++
		h.printing, h.code = PrintRunning, ""
		m.turnTo(PageDone)
		m.v.fault = ""
		m.do(Print{m.Serial, *h.filed, h.copies, m.slipWords()})
	}
}

// unprinted shows that there is no slip, that the filing is safe all the same, and calls the officer.
func (m *machine) unprinted(code fault.Code) {
	h := &m.v.hand
	h.printing, h.code, h.quiet = PrintFailed, code, m.now
	m.fail(code)
	m.call(code)
}

func (m *machine) printed(e Printed) {
	h := &m.v.hand
	if e.Serial != m.Serial || h.printing != PrintRunning {
		return
	}
	h.printing, h.quiet = PrintOK, m.now
	if !e.Sure {
		h.printing, h.code = PrintUnsure, fault.PrinterUnsure
	}
}

func (m *machine) printFailed(e SlipFailed) {
	h := &m.v.hand
	switch {
	case e.Serial != m.Serial || h.printing != PrintRunning:
	case e.Code == fault.PrinterUnsure:
		m.printed(Printed{Serial: e.Serial})
	default:
		m.unprinted(e.Code)
	}
}

// printerChanged prints what could not be printed as soon as it can be.
func (m *machine) printerChanged(e PrinterChanged) {
	m.dev.printerBad = e.Code
	if !e.Present && e.Code == "" {
		m.dev.printerBad = fault.PrinterAbsent
	}
	if m.dev.printerBad == "" && m.v.hand.printing == PrintFailed {
		m.print()
	}
}

// slipWords are the lines of the slip that the filing does not have.
func (s State) slipWords() SlipWords {
	svc := s.chosen()
	if svc == nil {
		return SlipWords{}
	}
	w := SlipWords{Service: svc.Plain, Bring: s.bring(svc), Fee: s.fee(svc, "slip")}
	if svc.Sent {
		w.Place = svc.Where[0]
	}
	for _, p := range svc.PapersFor(s.filled(svc)) {
		if s.paperState(p) == filing.PaperMissing {
			w.Missing = append(w.Missing, s.missingLine(p))
			continue
		}
		note := p.Slip
		if p.Made {
			note = s.cfg.Texts.Get("session.slip.made")
		}
		w.Handed = append(w.Handed, noted(p.Name, note))
	}
	return w
}

// missingLine says what has to come, and that a database may spare it.
func (s State) missingLine(p service.Paper) string {
	note := p.Slip
	if note == "" && p.Retrievable {
		note = s.cfg.Texts.Get("session.slip.retrievable")
	}
	return noted(p.Name, note)
}

func noted(name, note string) string {
	if note == "" {
		return name
	}
	return name + " (" + note + ")"
}

// bring lists what to bring when coming back.
func (s State) bring(svc *service.Service) []string {
	list := []string{s.cfg.Texts.Get("session.bring.card")}
	for _, p := range svc.PapersFor(s.filled(svc)) {
		if p.Bring != "" {
			list = append(list, p.Bring)
		}
	}
	return list
}

// fee is the fee in words, for the screen or the slip.
func (s State) fee(svc *service.Service, where string) string {
	cost := svc.FeeFor(s.filled(svc), s.today())
	switch {
	case cost.Dong > 0:
		return s.cfg.Texts.Get("session.fee."+where, thousands(cost.Dong))
	case cost.Exempt != nil:
		return s.cfg.Texts.Get("session.fee.exempt", lowerFirst(cost.Exempt.Text))
	case cost.Note != "":
		return cost.Note
	}
	return s.cfg.Texts.Get("session.fee.free")
}

// others lists the people in the form's lists whose cards were read.
func (s State) others() []filing.Other {
	var others []filing.Other
	listed := s.numbers()
	for _, g := range s.v.guests {
		if p := g.who.person(); slices.Contains(listed, p.Number) {
			others = append(others, filing.Other{Field: g.group, Person: p, Evidence: g.who.evidence()})
		}
	}
	return others
}

// thousands writes an amount as people here do: 15.000.
func thousands(n int) string {
	const group = 1000
	if n < group {
		return itoa(n)
	}
	rest := itoa(n%group + group)[1:]
	return thousands(n/group) + "." + rest
}

// dueNote explains a term that public holidays make longer.
func (s State) dueNote(f filing.Filing) string {
	days := s.cfg.Calendar.Between(dateOf(s.local(f.Filed)), dateOf(s.local(f.Due)))
	switch len(days) {
	case 0:
		return ""
	case 1:
		return s.cfg.Texts.Get("session.due-note.one", upperFirst(calendar.Weekday(days[0])), dayMonth(days[0]))
	}
	return s.cfg.Texts.Get("session.due-note.many", dayMonth(days[0]), dayMonth(days[len(days)-1]), len(days))
}

// rows are the rows of the review with their values.
func (s State) rows() []Row {
	sh := s.sheet(PageForm)
	filled := sh.Filled()
	var rows []Row
	for _, r := range s.reviewRows() {
		value := sh.Text(r.Text)
		if value == "" {
			value = s.cfg.Texts.Get("session.review.none")
		}
		edit := slices.Contains(r.Fields, form.CaseField) || len(s.targets(r)) > 0
		rows = append(rows, Row{r.Fields[0], r.Label, value, weakest(filled, r.Fields), edit})
	}
	return rows
}
