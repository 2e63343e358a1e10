package session

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
)

// steps is how many steps the line at the top has; which page belongs to which of them.
const steps = 6

var stepOf = map[Page]int{
	PageReading: 1, PageManual: 1, PageConfirm: 1, PageService: 2, PageCounter: 2, PageQuestion: 3, PageForm: 3,
	PageSearch: 2, PageRow: 3, PageMine: 2, PagePapers: 4, PageReview: 5, PageConsent: 6, PageFiling: 6,
}

// View is the state as a screen shows it.
func View(s State) Snapshot {
	s.reading = s.v.lang
	snap := Snapshot{Page: s.v.page, Serial: s.Serial, Office: s.cfg.Office, Simulated: s.cfg.Simulated, Voice: s.cfg.Voice && s.spoken(),
		OfficerCalled: !s.v.called.IsZero() && s.helper.Officer == "", Helper: s.helper.Name, Notice: s.v.notice}
	if s.dev.waiting >= 0 {
		snap.Office.Waiting = s.dev.waiting
	}
	snap.Call = key("key.call", "concierge-bell", true)
	if !s.v.warned.IsZero() {
		s.viewIdle(&snap)
		return snap
	}
	if s.testing() {
		s.viewTest(&snap)
		return snap
	}
	if snap.Step = stepOf[s.v.page]; snap.Step > 0 {
		snap.Steps = steps
	}
	if next, ok := s.otherLanguage(); ok && translated(s.v.page) {
		snap.Language = cmp.Or(next, Vietnamese)
	}
	switch s.v.page {
	case PageWelcome:
		snap.Notice, snap.Calls = s.welcomeNotice(), s.callsNow()
		snap.Office.Closed, snap.Office.Why = s.closed()
	case PageReading:
		s.viewReading(&snap)
	case PageManual, PageForm, PageRow:
		s.viewSheet(&snap)
	case PageSearch:
		s.viewSearch(&snap)
	case PageConfirm:
		s.viewConfirm(&snap)
	case PageService:
		s.viewService(&snap)
	case PageCounter:
		s.viewCounter(&snap)
	case PageQuestion:
		s.viewQuestion(&snap)
	case PagePapers:
		s.viewPapers(&snap)
	case PageReview:
		s.viewReview(&snap)
	case PageConsent:
		s.viewConsent(&snap)
		snap.Back, snap.Next = back(), key("key.agree-and-file", "check", true)
	case PageFiling:
		snap.Call = Key{}
		snap.Crumb = s.chosen().Plain
	case PageDone:
		s.viewDone(&snap)
	case PageFault:
		s.viewFault(&snap)
	case PageStatus:
		s.viewStatus(&snap)
	case PageMine:
		s.viewMine(&snap)
	}
	return snap
}

// spoken reports whether the page is in a language that the voice speaks. The notice of consent is spoken in any case: the law
// wants it told.
func (s State) spoken() bool { return s.v.lang == "" || s.v.page == PageConsent }

// translated reports whether a page shows texts of services, which can be in other languages.
func translated(p Page) bool {
	return stepOf[p] > 1 && p != PageFiling || p == PageConfirm
}

func key(label, icon string, enabled bool) Key {
	return Key{Label: label, Icon: icon, Shown: true, Enabled: enabled}
}

func back() Key { return key("key.back", "arrow-left", true) }

func forward(enabled bool) Key { return key("key.continue", "arrow-right", enabled) }

// crumb is the line above the heading: the service and a text.
func (s State) crumb(textKey string, args ...any) string {
	words := s.cfg.Texts.Get(textKey, args...)
	if svc := s.chosen(); svc != nil {
		return s.cfg.Texts.Get("session.crumb", svc.Plain, words)
	}
	return words
}

// welcomeNotice says what does not work or lies about, unless something else is to be said.
func (s State) welcomeNotice() string {
	switch {
	case s.v.notice != "":
		return s.v.notice
	case s.dev.onReader():
		return "notice.card-left"
	case s.dev.noScanner:
		return "notice.scanner-absent"
	case s.dev.noReader:
		return "notice.reader-absent"
	}
	return ""
}

// viewIdle shows nothing of the person.
func (s State) viewIdle(snap *Snapshot) {
	left := s.cfg.answer() - s.now.Sub(s.v.warned)
	snap.Page, snap.Notice = PageIdle, ""
	snap.Idle = &Idle{max(0, int(math.Ceil(left.Seconds()))), int(s.cfg.answer().Seconds())}
	snap.Back = key("key.end", "log-out", true)
	snap.Next = key("key.still-here", "hand", true)
}

func (s State) viewReading(snap *Snapshot) {
	r, w := s.v.read, s.v.who
	code, skip := s.obstacle()
	known := w.access().Number
	view := &Reading{Tail: known.Tail(), Name: r.name, CardOnReader: s.dev.onReader(), CanSkip: skip, Fault: code,
		SecondsLeft: s.secondsLeft(), QR: StepNow, Chip: StepToDo}
	if r.total > 0 {
		view.Progress = min(1, max(0, float64(r.done)/float64(r.total)))
	}
	switch {
	case known != "" && code != "":
		view.QR, view.Chip = StepDone, StepFailed
	case known != "":
		view.QR, view.Chip = StepDone, StepNow
	case code != "":
		view.QR = StepFailed
	}
	snap.Reading = view
	snap.Crumb = s.cfg.Texts.Get("session.crumb.reading")
	snap.Back = key("key.stop", "x", true)
	snap.Next = key("key.wait", "timer", false)
	if skip {
		snap.Next = key("key.skip-chip", "arrow-right", true)
	}
	if skip && known == "" {
		snap.Next = key("key.by-hand", "keyboard", true)
	}
}

// secondsLeft estimates the rest of the read from what it took so far; negative while nothing can be said.
func (s State) secondsLeft() int {
	r := s.v.read
	took := s.now.Sub(r.began).Seconds()
	if !r.running || r.done <= 0 || r.total < r.done || took <= 0 {
		return -1
	}
	return int(math.Ceil(took * float64(r.total-r.done) / float64(r.done)))
}

func (s State) viewSheet(snap *Snapshot) {
	sh := s.sheet(s.v.page)
	page := sh.pages[s.here()]
	f := sh.field(s.here())
	snap.Title = page.Title
	snap.Crumb = s.question(s.v.at)
	snap.Back, snap.Next = back(), forward(true)
	empty := sh.value(f.ID) == ""
	switch {
	case page.Tell != "":
		snap.Page, snap.Tell = PageTell, &Tell{sh.Text(page.Tell), page.Picture, impersonal(page.Tell)}
		return
	case f.Kind == form.Choice || f.Kind == form.Many:
		snap.Page, snap.Choice = PageQuestion, s.viewOptions(sh, f)
		snap.Next = forward(!empty || !f.Required)
	case f.Kind == form.Group:
		snap.Page, snap.Rows = PageRows, s.viewRows(sh, f)
		empty = len(snap.Rows.Rows) == 0
		snap.Next = forward(!empty || !f.Required)
		if empty && !f.Required {
			snap.Next = key("key.nobody", "arrow-right", true)
		}
		return
	case f.Kind == form.Place:
		snap.Page, snap.Place = PagePlace, s.viewPlace(sh, f)
		snap.Next = forward(!empty || !f.Required)
	default:
		if s.v.page == PageRow {
			snap.Page = PageForm
		}
		snap.Form = s.viewForm(sh, f)
	}
	if empty && !f.Required {
		snap.Next = key("key.skip", "arrow-right", true)
	}
}

// question is the crumb of a page of a form: which of how many. The question for the case is the first.
func (s State) question(at int) string {
	if s.v.page == PageManual {
		return s.cfg.Texts.Get("session.crumb.manual", at+1, len(s.sheet(PageManual).pages))
	}
	first := 0
	if len(s.chosen().Cases) > 0 {
		first = 1
	}
	return s.crumb("session.crumb.question", at+first+1, len(s.sheet(PageForm).pages)+first)
}

func (s State) viewOptions(sh sheet, f form.Field) *Choice {
	values := []string{sh.value(f.ID)}
	if f.Kind == form.Many {
		values = form.Split(sh.value(f.ID))
	}
	c := &Choice{Field: f.ID, Help: f.Help, Spoken: f.Spoken, Many: f.Kind == form.Many, Page: 1, Pages: 1}
	if s.v.shown {
		c.Problems = s.problems(s.v.page, f.ID)
	}
	for _, o := range sh.Options(f) {
		c.Options = append(c.Options, Option{o.ID, o.Title, o.Text, o.Picture, o.Icon, slices.Contains(values, o.Answer()), ""})
	}
	return c
}

func (s State) viewForm(sh sheet, f form.Field) *Form {
	given := sh.Given(f.ID)
	value := sh.value(f.ID)
	card := given.Value != "" && (given.Source == identity.FromChip || given.Source == identity.FromQR)
	if f.Kind == form.Day {
		value = undated(value)
	}
	view := &Form{Field: f.ID, Kind: f.Kind, Label: f.Label, Help: f.Help, Spoken: f.Spoken, Hint: f.Hint, Value: value, MaxLen: f.MaxLen(),
		Group: f.DigitGroups(), Masked: f.Masked, CanSkip: !f.Required,
		FromCard: card && form.Clean(value) == given.Value, WasOnCard: card && form.Clean(value) != given.Value}
	if s.v.shown {
		view.Problems = s.problems(s.v.page, f.ID)
	}
	filled := sh.Filled()
	for _, id := range sh.pages[s.here()].Known {
		known, _ := sh.def.Field(id)
		if a := filled[id]; a.Value != "" {
			view.Known = append(view.Known, KnownField{known.Name(), shown(sh, known, a.Value), a.Source})
		}
	}
	return view
}

// shown is a value as a queue may see it.
func shown(sh sheet, f form.Field, value string) string {
	if f.Masked {
		return form.Mask(value)
	}
	return sh.Shown(f.ID, value)
}

func (s State) viewConfirm(snap *Snapshot) {
	p, e := s.v.who.person(), s.v.who.evidence()
	snap.Confirm = &Confirm{Photo: s.v.who.photo, Name: p.Name, Masked: p.Number.Masked(), Birth: p.Birth.String(),
		Sex: p.Sex.Text(), Source: e.Source, Verdict: e.Verdict(), Told: s.told(e, p), Code: deciding(e)}
	snap.Crumb = s.cfg.Texts.Get("session.crumb.confirm")
	snap.Back = key("key.not-me", "x", true)
	snap.Next = key("key.yes-continue", "arrow-right", true)
}

// told is what the holder should hear of the card.
func (s State) told(e identity.Evidence, p identity.Person) []string {
	var lines []string
	for _, n := range identity.Notices(p, s.today()) {
		lines = append(lines, s.cfg.Texts.Get("session.notice."+string(n.Code), n.Date.String(), n.Age))
	}
	if e.NoChip != "" {
		lines = append(lines, s.cfg.Texts.Get("session.no-chip."+string(e.Source)))
	}
	return lines
}

// deciding is the code of the check that a verdict hangs on.
func deciding(e identity.Evidence) string {
	if len(e.Differences) > 0 && !e.AnyFailed() {
		d := e.Differences[0]
		return d.Fact + " " + string(d.One) + "/" + string(d.Other)
	}
	if c, ok := e.Deciding(); ok {
		return strings.TrimSpace(c.Name + " " + c.Cause)
	}
	return e.NoChip
}

func (s State) viewService(snap *Snapshot) {
	all := s.services()
	c := &Choice{Field: "service", Search: len(all) > OptionsPerPage, Page: s.v.list + 1, Pages: pages(len(all), OptionsPerPage)}
	for _, svc := range slice(all, s.v.list, OptionsPerPage) {
		if svc.ID == mineID {
			c.Options = append(c.Options, s.mineOption())
			continue
		}
		svc = s.inTheirs(svc)
		c.Options = append(c.Options, Option{svc.ID, svc.Plain, svc.Text, svc.Picture, svc.Icon, svc.ID == s.v.service, svc.Spoken})
	}
	snap.Choice = c
	p := s.v.who.person()
	snap.Crumb = s.cfg.Texts.Get("session.crumb.hello."+salutation(p.Sex), p.Name)
	snap.Back, snap.Next = back(), forward(s.chosen() != nil)
}

// inTheirs is what the list says of a service, in the language of the view.
func (s State) inTheirs(h service.Head) service.Head {
	if s.reading == "" {
		return h
	}
	if svc, ok := s.cfg.Catalogue.Get(h.ID, s.began()); ok {
		return svc.In(s.reading).Head
	}
	return h
}

func salutation(sex identity.Sex) string {
	switch sex {
	case identity.Male:
		return "male"
	case identity.Female:
		return "female"
	}
	return "any"
}

// slice is the n-th page of a list.
func slice[T any](all []T, n, perPage int) []T {
	from := min(n*perPage, len(all))
	return all[from:min(from+perPage, len(all))]
}

func (s State) viewCounter(snap *Snapshot) {
	svc := s.chosen()
	sheet := s.filled(svc)
	snap.Counter = &Counter{Service: svc.Plain, Where: svc.Where, Fee: s.fee(svc, "screen"), Due: svc.DeadlineFor(sheet).Note}
	for _, p := range svc.PapersFor(sheet) {
		snap.Counter.Papers = append(snap.Counter.Papers, paperLine(p))
	}
	snap.Crumb, snap.Counter.Ticket = svc.Plain, s.v.ticket
	snap.Back, snap.Next = back(), key("key.ticket", "receipt-text", !s.v.queuing)
	if s.v.ticket > 0 {
		snap.Back, snap.Next = Key{}, key("key.finish", "check", true)
	}
}

func paperLine(p service.Paper) string {
	if p.Note == "" {
		return p.Name
	}
	return p.Name + " – " + p.Note
}

func (s State) viewQuestion(snap *Snapshot) {
	svc := s.chosen()
	c := &Choice{Field: form.CaseField, Page: 1, Pages: 1}
	for _, k := range svc.Cases {
		c.Options = append(c.Options, Option{k.ID, k.Title, k.Text, k.Picture, k.Icon, k.ID == s.v.kase, ""})
	}
	_, answered := svc.Case(s.v.kase)
	snap.Title, snap.Choice = svc.Question, c
	snap.Crumb = s.crumb("session.crumb.question", 1, s.questions(svc))
	snap.Back, snap.Next = back(), forward(answered)
}

// questions is how many there will be; as long as the case is open, the most that it can become.
func (s State) questions(svc *service.Service) int {
	if _, answered := svc.Case(s.v.kase); answered {
		return 1 + len(s.filled(svc).Pages())
	}
	most := 0
	for _, c := range svc.Cases {
		s.v.kase = c.ID
		most = max(most, len(s.filled(svc).Pages()))
	}
	return 1 + most
}

func (s State) viewPapers(snap *Snapshot) {
	for _, p := range s.papersNow() {
		state := s.paperState(p)
		snap.Papers = append(snap.Papers, Paper{Name: p.Name, Note: p.Note, ID: p.ID,
			Made: state == filing.PaperMade, Brought: state == filing.PaperBrought})
	}
	snap.Crumb = s.crumb("session.crumb.papers")
	snap.Back, snap.Next = back(), forward(true)
}

func (s State) viewReview(snap *Snapshot) {
	rows := s.rows()
	n := pages(len(rows), RowsPerPage)
	snap.Review = &Review{slice(rows, s.v.list, RowsPerPage), s.v.list + 1, n}
	snap.Crumb = s.crumb("session.crumb.review")
	snap.Back = back()
	snap.Next = key("key.right-continue", "arrow-right", true)
	if s.v.list < n-1 {
		snap.Next = key("key.right-more", "arrow-right", true)
	}
}

func (s State) viewDone(snap *Snapshot) {
	snap.Done = s.done()
	again := s.cfg.Printer && s.v.hand.printing != PrintRunning && s.v.hand.copies < maxCopies
	snap.Back = key("key.print-again", "printer", again)
	snap.Back.Shown = s.cfg.Printer
	snap.Next = key("key.finish", "check", true)
}

// done is what stays true once the filing is on disk.
func (s State) done() *Done {
	h := s.v.hand
	due := h.filed.Due
	if !due.IsZero() {
		due = s.local(due)
	}
	d := &Done{Short: h.filed.Reference.Short(), Ticket: h.filed.Ticket, At: momentWords(s.local(h.filed.Filed)),
		Due: dueWords(due, s.hour(due)), DueNote: s.dueNote(*h.filed),
		Printing: h.printing, Fault: h.code, CardLeft: s.dev.onReader(), Stars: h.stars}
	if svc := s.chosen(); svc != nil {
		d.Service, d.Bring, d.Fee = svc.Plain, s.bring(svc), s.fee(svc, "screen")
		if svc.Sent {
			d.DueNote = svc.Where[0]
		}
	}
	return d
}

// viewFault is what happened; where a filing is safe all the same, Done says the rest of it.
func (s State) viewFault(snap *Snapshot) {
	h := s.v.hand
	snap.Fault = &Fault{Code: s.v.fault}
	switch {
	case h.filed != nil:
		snap.Fault.Safe, snap.Fault.CanRetry, snap.Fault.CanSkip = h.filed.Reference.Short(), h.copies < maxCopies, true
		snap.Done = s.done()
		snap.Back = key("key.try-print", "printer", h.copies < maxCopies)
		snap.Next = key("key.no-slip", "check", true)
	case h.draft != nil:
		snap.Fault.CanRetry = true
		snap.Back, snap.Next = back(), key("key.retry", "arrow-right", true)
	default:
		snap.Back = key("key.stop", "x", true)
		snap.Next = key("key.start-over", "arrow-right", true)
	}
}
