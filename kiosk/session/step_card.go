package session

import (
	"strings"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// This file is what scanner, reader and chip do to a session.
//
// Rules: a device that comes or goes never takes away what somebody typed or what is known already. A read is tried
// again whenever a card is laid down, and once by itself where the same card may do better. Two cards, or a card and a
// QR code, of different people never mix: such a session starts over.

// scanner is what the scanner reports.
func (m *machine) scanner(e Event) {
	switch e := e.(type) {
	case ScannerChanged:
		m.dev.noScanner = !e.Present
	case ScanRejected:
		m.seen()
		if m.awaitsQR() {
			m.notice(scanNotice(e.Code))
		}
	case Scanned:
		m.seen()
		m.scanned(e.Text)
	}
}

// seen is a sign of life from a device; on the welcome page nobody is there yet.
func (m *machine) seen() {
	if m.v.page != PageWelcome {
		m.touch()
	}
}

// scanNotice is the line that is shown when a scan gave no card.
func scanNotice(code fault.Code) string {
	if code == fault.QRNotCard {
		return "notice.qr-not-card"
	}
	return "notice.qr-unreadable"
}

// awaitsQR reports whether a card's QR code is what should come next.
func (m *machine) awaitsQR() bool {
	w := m.v.who
	return m.v.page == PageWelcome || m.v.page == PageReading && !w.hasQR && !w.byHand ||
		m.v.page == PageManual && len(w.typed) == 0 && !m.v.editing
}

// scanned is a text from the scanner: a card, a slip, or something else.
func (m *machine) scanned(text string) {
	code, err := identity.ParseQR(text)
	person := code.Person
	other := m.v.page == PageFault && (m.v.fault == fault.CardOther || m.v.fault == fault.CardWrongKey)
	group := m.group()
	switch {
	case err == nil && group.ID != "" && m.v.page == PageForm:
		m.addGuest(group, person)
	case err == nil && (m.awaitsQR() || other):
		m.recognised(person)
	case err == nil && person.Number == m.v.who.person().Number && m.v.who.hasQR:
	case (m.v.page == PageWelcome || m.v.page == PageStatus) && isReference(text):
		m.lookUp(text)
	case m.awaitsQR() && isReference(text):
		m.notice("notice.receipt-first")
	case m.awaitsQR():
		m.notice("notice.qr-not-card")
	default:
		m.notice("notice.scan-ignored")
	}
}

// isReference reports whether a text is the QR code of a slip.
func isReference(text string) bool {
	_, err := filing.ParseReference(strings.TrimSpace(text))
	return err == nil
}

// recognised begins, or begins again, with the person of a card's QR code.
func (m *machine) recognised(p identity.Person) {
	if m.v.page == PageWelcome {
		m.begin()
	}
	m.stopReading()
	m.v.who = who{qr: p, hasQR: true}
	m.toReading()
}

// toReading shows the reading page and reads if it can.
func (m *machine) toReading() {
	m.turnTo(PageReading)
	m.v.fault = ""
	m.v.read.waiting, m.v.read.code = m.now, ""
	if m.dev.noReader {
		m.v.read.code = fault.ReaderAbsent
	}
	if m.dev.mute {
		m.v.read.code = fault.CardMute
	}
	m.tryRead()
}

// tryRead reads the chip if card, reader and key are there and nothing is being read.
func (m *machine) tryRead() {
	r := &m.v.read
	access := m.v.who.access()
	if m.v.page != PageReading || r.running || !m.dev.card || m.dev.noReader || access.Number == "" {
		return
	}
	r.try++
	r.running, r.code, r.done, r.total, r.name = true, "", 0, 0, ""
	r.began, r.moved = m.now, m.now
	m.do(ReadCard{m.Serial, r.try, access})
}

// stopReading ends a read that is under way.
func (m *machine) stopReading() {
	if m.v.read.running {
		m.v.read.running = false
		m.do(StopReading{m.Serial})
	}
}

// reader is what the reader reports.
func (m *machine) reader(e Event) {
	switch e := e.(type) {
	case ReaderChanged:
		m.readerChanged(e.Present)
	case CardOn:
		m.dev.card, m.dev.mute, m.dev.noReader = true, false, false
		m.cardOn()
	case CardOff:
		m.dev.card, m.dev.mute = false, false
		m.seen()
		m.cardOff()
	case CardMute:
		m.dev.card, m.dev.mute, m.dev.noReader = false, true, false
		m.seen()
		m.cardMute()
	}
}

func (m *machine) readerChanged(present bool) {
	m.dev.noReader = !present
	r := &m.v.read
	if present {
		if r.code == fault.ReaderGone || r.code == fault.ReaderAbsent {
			r.code, r.waiting = "", m.now
		}
		return // CardOn follows if a card lies there
	}
	if m.dev.onReader() && m.v.page == PageDone {
		m.v.hand.quiet = m.now
	}
	m.dev.card, m.dev.mute, m.dev.fresh = false, false, false
	m.v.guest.running = false
	m.stopReading()
	if m.v.page == PageReading {
		r.code = fault.ReaderGone
	}
}

// cardOn is a card on the reader: somebody begins, goes on, or brings the right card.
func (m *machine) cardOn() {
	m.seen()
	m.dev.fresh = m.v.page == PageForm || m.v.page == PageRow
	switch {
	case m.dev.fresh:
		m.readGuest()
	case m.v.page == PageWelcome:
		m.begin()
		m.toReading()
	case m.v.page == PageReading:
		m.v.read.again = false
		m.tryRead()
	case m.v.page == PageFault && (m.v.fault == fault.CardOther || m.v.fault == fault.CardWrongKey):
		m.toReading()
	}
}

// cardOff is an empty reader: too early while reading, expected on the last page.
func (m *machine) cardOff() {
	r := &m.v.read
	m.dev.fresh = false
	if m.v.guest.running {
		m.stopReading()
		m.v.guest.running = false
		m.notice("notice.row-no-chip")
	}
	switch {
	case m.v.page != PageReading:
	case r.running: // not stopped: it ends by itself, or had its last answer before the card left (lateRead)
		r.running = false
		r.code, r.waiting = fault.CardRemoved, m.now
		r.removals++
	case m.v.who.access().Number == "":
		m.wipe()
	}
}

// cardMute is something on the reader that does not answer.
func (m *machine) cardMute() {
	if m.v.page == PageWelcome {
		m.notice("notice.card-mute")
		return
	}
	if m.v.page == PageReading {
		m.stopReading()
		m.v.read.code = fault.CardMute
	}
}

// chip is an answer to ReadCard; only the try that is running counts.
func (m *machine) chip(e Event) {
	serial, try := answers(e)
	r := &m.v.read
	if serial != m.Serial || try != r.try || !r.running && !m.lateRead(e) {
		return
	}
	r.moved = m.now
	if m.v.guest.running {
		m.guestChip(e)
		return
	}
	switch e := e.(type) {
	case CardProgress:
		r.done, r.total = e.Done, e.Total
	case CardText:
		r.name = e.Person.Name
	case CardRead:
		m.cardRead(e)
	case CardFailed:
		r.running = false
		m.cardFailed(e.Code)
	}
}

// lateRead reports whether an event is a whole read whose card was lifted before its result was told: the reader may say
// so while the host still verifies.
func (m *machine) lateRead(e Event) bool {
	_, whole := e.(CardRead)
	return whole && m.v.page == PageReading && m.v.read.code == fault.CardRemoved
}

func answers(e Event) (serial uint64, try int) {
	switch e := e.(type) {
	case CardProgress:
		return e.Serial, e.Try
	case CardText:
		return e.Serial, e.Try
	case CardRead:
		return e.Serial, e.Try
	case CardFailed:
		return e.Serial, e.Try
	}
	return 0, 0
}

// cardRead is the end of a read. A chip that names somebody else than its QR code is somebody else's card.
func (m *machine) cardRead(e CardRead) {
	m.v.read.running = false
	if want := m.v.who.access().Number; e.Person.Number != "" && e.Person.Number != want {
		m.cardFailed(fault.CardOther)
		return
	}
	w := &m.v.who
	w.chip, w.hasChip, w.photo, w.proof, w.noChip = e.Person, true, e.Photo, e.Evidence, ""
	if e.Person.Number != "" && whose(e.Evidence) {
		m.do(FindMine{m.Serial, m.v.who.person().Tagged()})
	}
	m.touch()
	m.turnTo(PageConfirm)
}

// whose reports whether a card shows its filings: whoever lays down a copy, or data of their own making, is not told what somebody else has
// filed. A signer who is not known here is nothing against a card, because an office without the state's certificates knows none.
func whose(e identity.Evidence) bool {
	v := e.Verdict()
	return v == identity.Genuine || v == identity.IssuerUnknown
}

// cardFailed says why a read ended without a result.
func (m *machine) cardFailed(code fault.Code) {
	r := &m.v.read
	r.waiting = m.now
	switch code {
	case fault.CardOther, fault.CardWrongKey:
		m.fail(code)
		return
	case fault.CardSecure, fault.CardTimeout, fault.CardFailed:
		if !r.again {
			r.again = true
			m.tryRead()
		}
	case fault.CardRemoved:
		r.removals++
	case fault.ReaderGone, fault.ReaderAbsent:
		m.dev.card = false
	}
	if !r.running {
		r.code = code
	}
}

// stalled ends a read in which nothing moves. It is not tried again by itself: who waited this long is owed a word.
func (m *machine) stalled() {
	if m.v.read.running && m.since(m.v.read.moved) >= ReadStalls {
		m.stopReading()
		m.v.read.again = true
		m.cardFailed(fault.CardTimeout)
	}
}

// guestStalled gives up somebody else's chip in which nothing moves.
func (m *machine) guestStalled() {
	if m.v.guest.running && m.since(m.v.read.moved) >= ReadStalls {
		m.stopReading()
		m.guestChip(CardFailed{Code: fault.CardTimeout})
	}
}

// manyRemovals is how often a card may be lifted too early before the way on without the chip is offered.
const manyRemovals = 2

// obstacle is why the chip is not being read, "" if it is or soon will be, and whether the way on without it is open.
func (s State) obstacle() (code fault.Code, skip bool) {
	r, w := s.v.read, s.v.who
	if r.running {
		return "", false
	}
	if w.access().Number == "" {
		if s.dev.noScanner {
			return fault.ScannerAbsent, true
		}
		return "", false
	}
	waited := s.now.Sub(r.waiting) >= SkipAfter
	switch r.code {
	case "":
		return "", waited
	case fault.CardRemoved:
		return r.code, waited || r.removals >= manyRemovals
	}
	return r.code, true
}
