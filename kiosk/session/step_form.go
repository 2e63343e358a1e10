package session

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// This file is the pages that ask for one field: those of a service's form, and those by which somebody without a
// card says who he is. Both are form.Definitions and behave alike.

// sheet is a form in its present state, with the pages that it has now.
type sheet struct {
	*form.Sheet
	def   *form.Definition
	env   form.Env
	asked form.Answers
	pages []form.Page
}

func newSheet(def *form.Definition, env form.Env, asked form.Answers) sheet {
	filled := def.Sheet(env, asked)
	return sheet{filled, def, env, asked, filled.Pages()}
}

// sheet is what the page (PageManual, PageForm) asks; empty if there is no such form.
func (s State) sheet(page Page) sheet {
	if page == PageRow {
		return s.rowSheet()
	}
	if page == PageManual {
		return newSheet(s.manualForm(), form.Env{Today: s.today()}, s.v.who.typed)
	}
	svc := s.chosen()
	if svc == nil || svc.Form == nil {
		return newSheet(&form.Definition{}, form.Env{}, nil)
	}
	return newSheet(svc.Form, s.env(svc), s.v.asked)
}

// manualForm asks who somebody is.
func (s State) manualForm() *form.Definition {
	get := s.cfg.Texts.Get
	const numberLength, dateLength = 12, 8
	field := func(id form.FieldID, kind form.Kind, rule form.Rule) form.Field {
		return form.Field{ID: id, Kind: kind, Check: rule, Required: true,
			Label: get("session.manual." + string(id) + ".label")}
	}
	number := field(manualNumber, form.Digits, form.RuleNumber)
	number.Max, number.Group, number.Masked = numberLength, []int{3, 3, 3, 3}, true
	number.Hint = get("session.manual.number.hint")
	name := field(manualName, form.Text, form.RuleName)
	birth := field(manualBirth, form.Digits, form.RuleBirth)
	birth.Max, birth.Group, birth.Hint = dateLength, []int{2, 2, 4}, get("session.manual.birth.hint")
	sex := field(manualSex, form.Choice, form.RuleNone)
	for _, x := range []identity.Sex{identity.Male, identity.Female} {
		sex.Choices = append(sex.Choices, form.Option{ID: string(x), Title: x.Text(), Value: string(x),
			Text: get("session.manual.sex." + string(x)), Picture: "person-one"})
	}
	def := &form.Definition{Fields: []form.Field{number, name, birth, sex}}
	for _, f := range def.Fields {
		def.Pages = append(def.Pages, form.Page{Field: f.ID, Title: get("session.manual." + string(f.ID) + ".title")})
	}
	return def
}

// field is the field that a page asks for.
func (sh sheet) field(at int) form.Field {
	if at < 0 || at >= len(sh.pages) {
		return form.Field{}
	}
	f, _ := sh.def.Field(sh.pages[at].Field)
	return f
}

// index is the page that asks for the field, -1 if none does.
func (sh sheet) index(id form.FieldID) int {
	return slices.IndexFunc(sh.pages, func(p form.Page) bool { return p.Field == id && id != "" })
}

// value is what the field holds now: what was typed, else what is known.
func (sh sheet) value(id form.FieldID) string {
	if a, ok := sh.asked[id]; ok {
		return a.Value
	}
	return sh.Given(id).Value
}

// problems checks the field as it stands.
func (s State) problems(page Page, id form.FieldID) []form.Problem {
	sh := s.sheet(page)
	f, _ := sh.def.Field(id)
	problems := sh.Verify(id)
	if page == PageManual && id == manualBirth && len(problems) == 0 {
		problems = s.doubtBirth()
	}
	if len(problems) == 0 && f.Check == form.RuleAddress {
		problems = s.doubtProvince(sh, f)
	}
	for i, p := range problems {
		if p.Text == "" {
			problems[i].Text = s.cfg.Texts.Get("problem."+p.Code, f.MaxLen())
		}
	}
	return problems
}

// doubtBirth compares the year of birth with what the digits of the number suggest: most often a mistyped digit,
// never a ground to refuse.
func (s State) doubtBirth() []form.Problem {
	p := s.v.who.entered()
	if _, year, ok := p.Number.Suggests(); ok && year != p.Birth.Year {
		return []form.Problem{{Field: manualBirth, Code: form.ProblemNumberYear}}
	}
	return nil
}

// doubtProvince names the province of today where a typed address has one of before. It may still be right: what is quoted
// from a paper stays as it is there.
func (s State) doubtProvince(sh sheet, f form.Field) []form.Problem {
	if s.cfg.Places == nil {
		return nil
	}
	old, now, ok := s.cfg.Places.Book.Renamed(sh.value(f.ID))
	if !ok {
		return nil
	}
	return []form.Problem{{Field: f.ID, Code: form.ProblemProvince, Text: s.cfg.Texts.Get("problem."+form.ProblemProvince, old, lowerFirst(now.Full))}}
}

// toSheet shows a page of a form.
func (m *machine) toSheet(page Page, at int) {
	m.turnTo(page)
	if page == PageRow {
		m.v.row.at = at
		return
	}
	m.v.at = at
}

// here is which page of its form is shown.
func (s State) here() int {
	if s.v.page == PageRow {
		return s.v.row.at
	}
	return s.v.at
}

func (m *machine) onSheet(i Intent) {
	sh := m.sheet(m.v.page)
	f := sh.field(m.here())
	switch f.Kind {
	case form.Group:
		m.onRows(f, i)
	case form.Place:
		m.onPlace(f, i)
	}
	switch i := i.(type) {
	case Type:
		if f.Kind.Typed() {
			m.answer(f.ID, fit(f, i.Text))
		}
	case Choose:
		m.choose(sh, f, i.ID)
	case Next:
		m.sheetNext(f)
	case Back:
		if !m.placeBack(f) {
			m.v.pick = picking{}
			m.sheetBack()
		}
	}
}

// choose takes an option: of several that one is switched, of one the page goes on by itself.
func (m *machine) choose(sh sheet, f form.Field, id string) {
	o, ok := form.ByID(sh.Options(f), id)
	switch {
	case ok && f.Kind == form.Many:
		m.answer(f.ID, sh.Toggled(f, sh.value(f.ID), o))
	case ok && f.Kind == form.Choice:
		if sh.value(f.ID) != o.Answer() || !m.v.shown { // the same once more, after a doubt, is an answer to it
			m.answer(f.ID, o.Answer())
		}
		m.sheetNext(f)
	}
}

// answer keeps what was typed or chosen, each time, so that nothing that happens next can lose it.
func (m *machine) answer(id form.FieldID, value string) {
	a := form.Answer{Value: value, Source: identity.FromTyped}
	switch m.v.page {
	case PageManual:
		m.v.who.typed = m.v.who.typed.With(id, a)
	case PageRow:
		m.v.row.answers = m.v.row.answers.With(id, a)
	default:
		m.v.asked = m.v.asked.With(id, a)
	}
	m.v.shown = false
}

// fit cuts a typed text to what the field takes: composed letters, no control characters, digits only where only
// digits go, and no more than fit. The screen sees to that, too; this is so that no screen has to be believed.
func fit(f form.Field, text string) string {
	var out []rune
	for _, r := range norm.NFC.String(text) {
		ok := unicode.IsPrint(r)
		if f.Kind.Numeric() {
			ok = r >= '0' && r <= '9'
		}
		if ok && len(out) < f.MaxLen() {
			out = append(out, r)
		}
	}
	return string(out)
}

// sheetNext goes on if the field passes; a doubt is shown once and then let through.
func (m *machine) sheetNext(f form.Field) {
	var problems []form.Problem
	if f.ID != "" { // not a page that only tells
		problems = m.problems(m.v.page, f.ID)
	}
	if slices.ContainsFunc(problems, blocking) || len(problems) > 0 && !m.v.shown {
		m.v.shown = true
		return
	}
	switch {
	case m.v.page == PageRow:
		m.rowNext()
	case m.v.editing:
		m.nextEdit()
	case m.v.page == PageManual && f.ID == manualNumber && m.dev.card && !m.dev.noReader:
		m.toReading() // the number opens the chip as well as the QR code does
	case m.v.at+1 < len(m.sheet(m.v.page).pages):
		m.toSheet(m.v.page, m.v.at+1)
	case m.v.page == PageManual:
		m.turnTo(PageConfirm)
	default:
		m.toPapers()
	}
}

func (m *machine) sheetBack() {
	switch {
	case m.v.page == PageRow:
		m.rowBack()
	case m.v.editing:
		m.v.asked, m.v.who.typed, m.v.guests = m.v.before.asked, m.v.before.typed, m.v.before.guests
		m.endEdit()
	case m.v.at > 0:
		m.toSheet(m.v.page, m.v.at-1)
	case m.v.page == PageManual:
		m.wipe()
	case len(m.chosen().Cases) > 0:
		m.turnTo(PageQuestion)
	default:
		m.turnTo(PageService)
	}
}

// edit opens the pages behind a row of the review.
func (m *machine) edit(id form.FieldID) {
	row, ok := m.rowOf(id)
	if !ok {
		return
	}
	if slices.Contains(row.Fields, form.CaseField) {
		m.turnTo(PageQuestion)
		return
	}
	edits := m.targets(row)
	if len(edits) == 0 {
		return
	}
	m.v.editing, m.v.edits, m.v.before = true, edits, kept{m.v.asked, m.v.who.typed, m.v.guests}
	m.nextEdit()
}

// nextEdit opens the next page to edit, or the review after the last.
func (m *machine) nextEdit() {
	if len(m.v.edits) == 0 {
		m.endEdit()
		return
	}
	next := m.v.edits[0]
	m.v.edits = m.v.edits[1:]
	at := m.sheet(next.page).index(next.field)
	if at < 0 { // what was edited before took the page away
		m.nextEdit()
		return
	}
	m.toSheet(next.page, at)
}

func (m *machine) endEdit() {
	m.v.editing, m.v.edits, m.v.before = false, nil, kept{}
	m.turnTo(PageReview)
}

// rowOf is the row of the review that shows the field.
func (s State) rowOf(id form.FieldID) (form.Row, bool) {
	for _, r := range s.reviewRows() {
		if slices.Contains(r.Fields, id) {
			return r, true
		}
	}
	return form.Row{}, false
}

// reviewRows lists the rows that there are now.
func (s State) reviewRows() []form.Row { return s.sheet(PageForm).Review() }

// targets lists the pages on which the fields of a row can be changed: their own, or for a fact that was typed by
// hand the manual page that asked for it. What a card said is not changed here.
func (s State) targets(row form.Row) []target {
	var list []target
	sh := s.sheet(PageForm)
	for _, id := range row.Fields {
		if sh.index(id) >= 0 {
			list = append(list, target{PageForm, id})
			continue
		}
		f, _ := sh.def.Field(id)
		for _, fact := range f.Prefill {
			if manual, ok := manualFacts[fact]; ok && sh.env.Facts[fact].Source == identity.FromTyped {
				list = append(list, target{PageManual, manual})
			}
		}
	}
	return list
}
