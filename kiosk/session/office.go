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

// closed says why nobody is at the counter now, if it has a name, and when somebody is. The kiosk takes filings all the same.
func (s State) closed() string {
	if s.cfg.Calendar == nil || s.now.IsZero() {
		return ""
	}
	now := s.local(s.now)
	open, next := s.cfg.Calendar.Receives(now)
	if open {
		return ""
	}
	day := identity.DateOf(next)
	when := s.hour(next)
	if day != identity.DateOf(now) {
		when = strings.Join([]string{when, calendar.Weekday(day), dayMonth(day)}, " ")
	}
	if why := s.cfg.Calendar.Holiday(identity.DateOf(now)); why != "" {
		return s.cfg.Texts.Get("welcome.closed-why", why, when)
	}
	return s.cfg.Texts.Get("welcome.closed", when)
}
