package session

import (
	"slices"
	"strings"

	"motcua/kiosk/calendar"
	"motcua/kiosk/identity"
)

// This file is what the office decides: which services it offers, and when it is open.

// configured takes what the office decided: at once if nobody is there, else when whoever is there has left.
func (m *machine) configured(e Configured) {
	if m.v.page == PageWelcome {
		m.cfg, m.next = e.Config, nil
		return
	}
	m.next = e.Config
}

// off reports whether the office does not offer a service now.
func (s State) off(id string) bool { return slices.Contains(s.cfg.Off, id) }

// closed says when somebody is at the counter, if nobody is now, and why that is so, if it has a name. The kiosk takes filings all the same.
func (s State) closed() (until, why string) {
	if s.cfg.Calendar == nil || s.now.IsZero() {
		return "", ""
	}
	now := s.local(s.now)
	open, next := s.cfg.Calendar.Receives(now)
	if open {
		return "", ""
	}
	day := identity.DateOf(next)
	when := s.hour(next)
	if day != identity.DateOf(now) {
		when = strings.Join([]string{when, calendar.Weekday(day), dayMonth(day)}, " ")
	}
	return s.cfg.Texts.Get("welcome.closed", when), s.cfg.Calendar.Holiday(identity.DateOf(now))
}
