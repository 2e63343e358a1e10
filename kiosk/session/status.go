package session

import (
	"strings"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
)

// This file is the page of a slip: whoever scans its code sees where the filing stands. The slip is the key: the page names nobody.

// lookUp asks the store for the filing of a slip.
func (m *machine) lookUp(number string) {
	m.v.looking = strings.TrimSpace(number)
	m.do(Find{m.Serial, m.v.looking})
}

// lookedUp is the store's answer; one to an older question does not count.
func (m *machine) lookedUp(e Event) {
	if m.v.page != PageWelcome && m.v.page != PageStatus {
		return
	}
	switch e := e.(type) {
	case Found:
		if e.Serial != m.Serial || m.v.looking == "" {
			return
		}
		if m.v.page == PageWelcome {
			m.begin()
		}
		m.v.slip, m.v.looking = e.Standing, ""
		m.turnTo(PageStatus)
	case NotFound:
		if e.Serial != m.Serial || m.v.looking == "" {
			return
		}
		m.v.looking = ""
		if e.Code == fault.NotFound {
			m.notice("notice.receipt-unknown")
			return
		}
		m.notice("notice.receipt-ask-officer")
	}
}

func (m *machine) onStatus(i Intent) {
	switch i.(type) {
	case SayBrought:
		f := m.v.slip
		lacking := f.Status == filing.Supplement && f.Brought.IsZero()
		if m.v.looking == "" && (lacking || comesForResult(f)) {
			m.v.looking = f.Reference.String()
			m.do(Brought{m.Serial, f.Reference, lacking, m.serviceOf(f)})
		}
	case Back:
		if m.v.who.hasChip && len(m.v.mine) > 1 {
			m.turnTo(PageMine)
			return
		}
		m.wipe()
	case Next:
		m.wipe()
	}
}

// comesForResult reports whether who has the slip can wait for the result to be handed over.
func comesForResult(f filing.Standing) bool { return f.Status == filing.Done && f.Ticket == 0 }

// serviceOf is the service of a slip, for people; "" if it is no longer known.
func (s State) serviceOf(f filing.Standing) string {
	if svc, ok := s.cfg.Catalogue.Get(f.Service, dateOf(s.local(f.Filed))); ok {
		return svc.Plain
	}
	return ""
}

// viewStatus is the page of a slip.
func (s State) viewStatus(snap *Snapshot) {
	f := s.v.slip
	st := &Status{Short: f.Reference.Short(), Kind: f.Status, Brought: !f.Brought.IsZero(), Dossier: string(f.Dossier),
		Late: !f.Due.IsZero() && s.now.After(f.Due) && (f.Status == filing.Filed || f.Status == filing.Received)}
	st.Service, st.Ticket, st.Result = s.serviceOf(f), f.Ticket, comesForResult(f)
	if !f.Due.IsZero() && !f.Status.Ended() && f.Status != filing.Supplement {
		due := s.local(f.Due)
		st.Due = dueWords(due, s.hour(due))
	}
	st.Steps = s.statusSteps(f)
	snap.Status = st
	snap.Crumb = s.cfg.Texts.Get("status.crumb", st.Short, st.Service)
	snap.Back, snap.Next = key("key.other-slip", "scan-qr-code", true), key("key.finish", "check", true)
	if s.v.who.hasChip && len(s.v.mine) > 1 {
		snap.Back = back()
	}
}

// statusSteps is the line: handed in, received, what is now, and the result.
func (s State) statusSteps(f filing.Standing) []StatusStep {
	steps := []StatusStep{{"filed", momentWords(s.local(f.Filed)), true, false}}
	received := StatusStep{Key: "received"}
	if !f.Received.IsZero() {
		received.Done, received.When = true, momentWords(s.local(f.Received))
	}
	now := StatusStep{Key: string(f.Status), When: momentWords(s.local(f.Changed)), Now: true}
	switch f.Status {
	case filing.Filed:
		received.Now = true
		return append(steps, received, StatusStep{Key: "result"})
	case filing.Received:
		return append(steps, received, StatusStep{Key: "working", Now: true}, StatusStep{Key: "result"})
	case filing.Done, filing.Handed:
		now.Done = f.Status == filing.Handed
		return append(steps, received, now)
	case filing.Supplement:
		if received.Done {
			steps = append(steps, received)
		}
		return append(steps, now, StatusStep{Key: "result"})
	}
	if received.Done {
		steps = append(steps, received)
	}
	return append(steps, now)
}
