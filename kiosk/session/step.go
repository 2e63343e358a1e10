package session

import (
	"time"

	"motcua/kiosk/fault"
)

// Step gives what follows from an event: the next state and what has to be done, in that order. It has no other
// input and no other effect.
func Step(s State, e Event) (State, []Effect) {
	m := &machine{State: s}
	if m.tested(e) {
		return m.State, m.effects
	}
	switch e := e.(type) {
	case Intent:
		m.intent(e)
	case Tick:
		m.tick(e.Now)
	case Scanned, ScanRejected, ScannerChanged:
		m.scanner(e)
	case ReaderChanged, CardOn, CardOff, CardMute:
		m.reader(e)
	case CardProgress, CardText, CardRead, CardFailed:
		m.chip(e)
	case Filed:
		m.filed(e)
	case FileFailed:
		m.fileFailed(e)
	case Found, NotFound:
		m.lookedUp(e)
	case Mine:
		if e.Serial == m.Serial {
			m.v.mine = e.Standings
		}
	case Helped:
		m.helper = e
		m.touch()
	case Ticketed, TicketFailed, QueueChanged:
		m.queued(e)
	case Printed:
		m.printed(e)
	case SlipFailed:
		m.printFailed(e)
	case PrinterChanged:
		m.printerChanged(e)
	case Configured:
		m.configured(e)
	}
	return m.State, m.effects
}

// machine is a State on its way to the next.
type machine struct {
	State
	effects []Effect
}

func (m *machine) do(e Effect) { m.effects = append(m.effects, e) }

// touch notes a sign of life and takes the idle warning away.
func (m *machine) touch() {
	m.v.touched = m.now
	m.v.warned = time.Time{}
	if !m.v.hand.quiet.IsZero() {
		m.v.hand.quiet = m.now
	}
}

// begin is the first thing that somebody does.
func (m *machine) begin() {
	m.v.started = m.now
	m.touch()
}

// turnTo shows another page. Somebody else's chip is read only while the list stands there.
func (m *machine) turnTo(p Page) {
	if p != PageForm && p != PageRow {
		m.stopGuest()
		m.dev.fresh = false
	}
	m.v.page, m.v.shown, m.v.list, m.v.notice = p, false, 0, ""
}

// notice shows a line at the bottom for a while.
func (m *machine) notice(key string) { m.v.notice, m.v.noticed = key, m.now }

// call calls the officer: as often as a citizen asks, once by itself.
func (m *machine) call(code fault.Code) {
	if code == "" || m.v.called.IsZero() {
		m.do(CallOfficer{code})
	}
	m.v.called = m.now
}

// fail shows a fault.
func (m *machine) fail(code fault.Code) {
	m.turnTo(PageFault)
	m.v.fault = code
}

// wipe ends the session: nothing of the person is left.
func (m *machine) wipe() {
	m.stopReading()
	m.do(Wipe{m.Serial})
	m.State = m.wiped()
}

// intent is what the person did. On the idle page only three things can be done.
func (m *machine) intent(i Intent) {
	if !m.v.warned.IsZero() {
		m.touch()
		switch i.(type) {
		case Back:
			m.wipe()
		case CallOfficer:
			m.call("")
		}
		return
	}
	m.touch()
	if _, ok := i.(CallOfficer); ok {
		m.call("")
		return
	}
	if _, ok := i.(Language); ok {
		if next, ok := m.otherLanguage(); ok {
			m.v.lang = next
		}
		return
	}
	m.onPage(i)
}

// onPage gives the intent to the page that is shown.
func (m *machine) onPage(i Intent) {
	switch m.v.page {
	case PageWelcome:
		m.onWelcome(i)
	case PageReading:
		m.onReading(i)
	case PageManual, PageForm, PageRow:
		m.onSheet(i)
	case PageConfirm:
		m.onConfirm(i)
	case PageService:
		m.onService(i)
	case PageSearch:
		m.onSearch(i)
	case PageCounter:
		m.onCounter(i)
	case PageQuestion:
		m.onQuestion(i)
	case PagePapers:
		m.onPapers(i)
	case PageReview:
		m.onReview(i)
	case PageConsent:
		m.onConsent(i)
	case PageDone:
		m.onDone(i)
	case PageFault:
		m.onFault(i)
	case PageStatus:
		m.onStatus(i)
	case PageMine:
		m.onMine(i)
	}
}

// tick lets time pass.
func (m *machine) tick(now time.Time) {
	m.now = now
	m.clamp()
	if m.v.notice != "" && m.since(m.v.noticed) >= NoticeStays {
		m.v.notice = ""
	}
	switch {
	case m.v.page == PageWelcome:
		if m.since(m.v.called) >= CallStays {
			m.v.called = time.Time{}
		}
	case m.stays():
	case m.dev.onReader(), m.helper.Officer != "": // who helps ends it, or their desk when it locks
		m.v.touched, m.v.warned = now, time.Time{}
	case !m.v.warned.IsZero():
		if m.since(m.v.warned) >= m.cfg.answer() {
			m.wipe()
		}
	case m.since(m.v.touched) >= m.cfg.warn():
		m.v.warned = now
	}
}

// stays is the part of tick for pages with a time of their own: it reports whether the idle time does not count.
func (m *machine) stays() bool {
	switch m.v.page {
	case PageFiling:
		if m.since(m.v.hand.sent) >= FileStalls {
			m.refused(fault.StoreFailed)
		}
		return true
	case PageReading:
		m.stalled()
	case PageForm, PageRow:
		m.guestStalled()
	case PageDone:
		m.leave(DoneStays)
		return true
	case PageFault:
		if m.v.hand.filed != nil {
			m.leave(SafeStays)
			return true
		}
	}
	return false
}

// leave ends a session whose filing is done once nothing has happened for a while; never while the card lies there
// or the slip is being printed.
func (m *machine) leave(after time.Duration) {
	if m.dev.onReader() || m.v.hand.printing == PrintRunning {
		m.v.hand.quiet = m.now
	}
	if m.since(m.v.hand.quiet) >= after {
		m.wipe()
	}
}

// since is how long ago t was.
func (m *machine) since(t time.Time) time.Duration { return m.now.Sub(t) }

// clamp forgives a clock that was set back: no time of this visit lies in the future.
func (m *machine) clamp() {
	v := &m.v
	for _, t := range []*time.Time{&v.touched, &v.warned, &v.called, &v.noticed, &v.read.began, &v.read.moved,
		&v.read.waiting, &v.hand.sent, &v.hand.quiet} {
		if t.After(m.now) {
			*t = m.now
		}
	}
}
