package session

import (
	"slices"

	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/service"
)

// This file is what a person does on the pages that are no form.

func (m *machine) onWelcome(i Intent) {
	if _, ok := i.(NoCard); ok {
		m.begin()
		m.byHand()
	}
}

// byHand goes to the first manual page.
func (m *machine) byHand() {
	m.v.who.byHand = true
	m.v.who.noChip = fault.CardAbsent
	m.toSheet(PageManual, 0)
}

func (m *machine) onReading(i Intent) {
	switch i.(type) {
	case Back:
		m.stopCard()
	case NoCard:
		if !m.v.who.hasQR && !m.v.who.byHand {
			m.byHand()
		}
	case Next:
		m.skipChip()
	}
}

// stopCard gives the chip up: who typed a number finds it again, everybody else is done.
func (m *machine) stopCard() {
	if !m.v.who.byHand {
		m.wipe()
		return
	}
	m.stopReading()
	m.v.fault = ""
	m.toSheet(PageManual, 0)
}

// skipChip goes on without the chip where that is open: from the QR code, or by hand.
func (m *machine) skipChip() {
	code, skip := m.obstacle()
	if !skip {
		return
	}
	if code == "" {
		code = fault.CardMute // laid down nowhere, or the reader does not see it
	}
	w := &m.v.who
	switch {
	case w.hasQR:
		w.noChip = code
		m.turnTo(PageConfirm)
	case w.byHand:
		w.noChip = code
		m.toSheet(PageManual, 1)
	default:
		m.byHand()
		w.noChip = code
	}
}

func (m *machine) onConfirm(i Intent) {
	switch i.(type) {
	case Next:
		m.turnTo(PageService)
	case Back:
		if m.v.who.byHand && !m.v.who.hasChip {
			m.toSheet(PageManual, len(m.sheet(PageManual).pages)-1)
			return
		}
		m.wipe()
	}
}

// How many options, and how many answers of the review, a page shows.
const (
	OptionsPerPage = 6
	RowsPerPage    = 5
)

func (m *machine) onService(i Intent) {
	switch i := i.(type) {
	case Turn:
		m.turn(i.By, pages(len(m.services()), OptionsPerPage))
	case Choose:
		if i.ID == mineID && len(m.v.mine) > 0 {
			m.toMine()
			return
		}
		m.chooseService(i.ID)
	case Search:
		m.v.query = ""
		m.turnTo(PageSearch)
	case Next:
		m.toService()
	case Back:
		m.turnTo(PageConfirm)
	}
}

// MaxQuery is how long a search can be; FoundOnPage how many services it shows.
const (
	MaxQuery    = 40
	FoundOnPage = 4
)

// onSearch looks for a service by what it is called.
func (m *machine) onSearch(i Intent) {
	switch i := i.(type) {
	case Type:
		m.v.query = fit(form.Field{Kind: form.Text, Max: MaxQuery}, i.Text)
	case Choose:
		m.chooseService(i.ID)
	case Next, Back:
		m.turnTo(PageService)
	}
}

// chooseService takes a service and goes on with it; answers belong to the service for which they were given.
func (m *machine) chooseService(id string) {
	if _, ok := m.cfg.Catalogue.Get(id, m.began()); !ok {
		return
	}
	if m.off(id) {
		m.notice("notice.service-off")
		return
	}
	if id != m.v.service {
		m.v.service, m.v.kase, m.v.asked, m.v.guests, m.v.brought = id, "", nil, nil, nil
	}
	m.toService()
}

func (m *machine) toService() {
	svc := m.chosen()
	switch {
	case svc == nil:
	case !svc.Filed(m.cfg.Local):
		m.turnTo(PageCounter)
	case len(svc.Cases) > 0:
		m.turnTo(PageQuestion)
	default:
		m.toForm()
	}
}

// toForm goes to the first page of the form, or past a form that asks nothing.
func (m *machine) toForm() {
	if len(m.sheet(PageForm).pages) == 0 {
		m.toPapers()
		return
	}
	m.toSheet(PageForm, 0)
}

// toPapers asks for the papers, or goes past the page if there is nothing to bring.
func (m *machine) toPapers() {
	if m.nothingToBring() {
		m.turnTo(PageReview)
		return
	}
	m.turnTo(PagePapers)
}

// nothingToBring reports whether this program makes all papers itself.
func (s State) nothingToBring() bool {
	return !slices.ContainsFunc(s.papersNow(), func(p service.Paper) bool { return !p.Made })
}

func (m *machine) onCounter(i Intent) {
	switch i.(type) {
	case Next:
		if m.v.ticket > 0 {
			m.wipe()
			return
		}
		if !m.v.queuing {
			m.v.queuing = true
			m.do(TakeTicket{m.Serial, m.v.service, m.priority(), m.chosen().Plain})
		}
	case Back:
		if m.v.ticket > 0 {
			m.wipe() // the number is on paper: what follows is another visit
			return
		}
		m.turnTo(PageService)
	}
}

func (m *machine) onQuestion(i Intent) {
	switch i := i.(type) {
	case Choose:
		if _, ok := m.chosen().Case(i.ID); ok {
			m.v.kase = i.ID
			m.toForm()
		}
	case Next:
		if _, ok := m.chosen().Case(m.v.kase); ok {
			m.toForm()
		}
	case Back:
		m.turnTo(PageService)
	}
}

func (m *machine) onPapers(i Intent) {
	switch i := i.(type) {
	case Toggle:
		m.toggle(i.ID)
	case Next:
		m.turnTo(PageReview)
	case Back:
		m.fromPapers()
	}
}

// fromPapers goes back to the last page that asked something.
func (m *machine) fromPapers() {
	last := len(m.sheet(PageForm).pages) - 1
	switch {
	case last >= 0:
		m.toSheet(PageForm, last)
	case len(m.chosen().Cases) > 0:
		m.turnTo(PageQuestion)
	default:
		m.turnTo(PageService)
	}
}

// toggle says of a paper that it was brought, or was not. The list stays in order, so that states compare.
func (m *machine) toggle(id string) {
	is := func(p service.Paper) bool { return p.ID == id && !p.Made }
	if !slices.ContainsFunc(m.papersNow(), is) {
		return
	}
	brought := slices.Clone(m.v.brought)
	if i, found := slices.BinarySearch(brought, id); found {
		brought = slices.Delete(brought, i, i+1)
	} else {
		brought = slices.Insert(brought, i, id)
	}
	m.v.brought = brought
}

func (m *machine) onReview(i Intent) {
	last := m.reviewPages() - 1
	switch i := i.(type) {
	case Turn:
		m.turn(i.By, last+1)
	case Edit:
		m.edit(i.Field)
	case Next:
		if m.v.list < last {
			m.v.list++
			return
		}
		if !m.incomplete() {
			m.turnTo(PageConsent)
		}
	case Back:
		if m.nothingToBring() {
			m.fromPapers()
			return
		}
		m.turnTo(PagePapers)
	}
}

// reviewPages is how many pages the review has; at least one.
func (s State) reviewPages() int { return pages(len(s.rows()), RowsPerPage) }

// papersNow lists the papers that the answers ask for.
func (s State) papersNow() []service.Paper {
	svc := s.chosen()
	return svc.PapersFor(s.filled(svc))
}

// incomplete goes to the first page whose answer does not pass, if there is one. Going forward page by page leaves
// none behind; a case that was changed afterwards may.
func (m *machine) incomplete() bool {
	for at, p := range m.sheet(PageForm).pages {
		if p.Field != "" && slices.ContainsFunc(m.problems(PageForm, p.Field), blocking) {
			m.toSheet(PageForm, at)
			m.v.shown = true
			return true
		}
	}
	return false
}

func blocking(p form.Problem) bool { return p.Blocking }

func (m *machine) turn(by, of int) { m.v.list = min(max(m.v.list+by, 0), of-1) }

// pages is how many pages n things need.
func pages(n, perPage int) int { return max(1, (n+perPage-1)/perPage) }

func (m *machine) onConsent(i Intent) {
	switch i.(type) {
	case Next:
		m.file()
	case Refuse:
		m.do(Refused{m.Serial, m.v.service, ConsentVersion})
		m.wipe()
	case Back:
		m.turnTo(PageReview)
		m.v.list = m.reviewPages() - 1
	}
}

// onFault gives each fault its keys: a refused filing is tried again, a slip is printed again or given up, a wrong
// card starts over.
func (m *machine) onFault(i Intent) {
	_, next := i.(Next)
	_, back := i.(Back)
	_, reprint := i.(Reprint)
	switch {
	case m.v.hand.filed != nil && (back || reprint):
		m.print()
	case m.v.hand.filed != nil && next:
		m.turnTo(PageDone)
		m.v.hand.quiet = m.now
	case m.v.hand.draft != nil && next:
		m.send()
	case m.v.hand.draft != nil && back:
		m.turnTo(PageReview)
	case next, back:
		m.stopCard()
	}
}

func (m *machine) onDone(i Intent) {
	switch i := i.(type) {
	case Next:
		m.wipe()
	case Back, Reprint:
		m.print()
	case Rate:
		h := &m.v.hand
		if i.Stars >= 1 && i.Stars <= MostStars && i.Stars != h.stars {
			h.stars = i.Stars
			m.do(NoteRating{h.filed.Reference, i.Stars})
		}
	}
}

// MostStars is how content somebody can be.
const MostStars = 5
