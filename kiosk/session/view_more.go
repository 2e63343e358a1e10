package session

import (
	"strings"
	"time"

	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// undated is a day as it is typed: its digits.
func undated(value string) string {
	if d, err := identity.ParseDate(value); err == nil {
		return strings.ReplaceAll(d.String(), "/", "")
	}
	return value
}

// viewRows is a list of people.
func (s State) viewRows(sh sheet, f form.Field) *Rows {
	rows := s.v.asked.Rows(f)
	view := &Rows{Field: f.ID, Label: f.Name(), Help: f.Help, Page: s.v.list + 1, Pages: pages(len(rows), RowsOnPage),
		CanAdd: len(rows) < f.MaxRows(), Reading: s.v.guest.running}
	for i, row := range slice(rows, s.v.list, RowsOnPage) {
		var ids []form.FieldID
		for _, c := range f.Columns {
			ids = append(ids, c.ID)
		}
		view.Rows = append(view.Rows, Person{s.v.list*RowsOnPage + i, sh.RowText(f, row), weakest(row, ids)})
	}
	if s.v.shown {
		view.Problems = s.problems(PageForm, f.ID)
	}
	return view
}

// viewSearch is what was typed and which services it may mean.
func (s State) viewSearch(snap *Snapshot) {
	snap.Form = &Form{Field: "search", Kind: form.Text, Value: s.v.query, MaxLen: MaxQuery, CanSkip: true,
		Label: s.cfg.Texts.Get("session.search.label"), Hint: s.cfg.Texts.Get("session.search.hint")}
	c := &Choice{Field: "service", Page: 1, Pages: 1}
	for _, h := range s.cfg.Catalogue.Find(s.v.query, s.began(), FoundOnPage) {
		h = s.inTheirs(h)
		if s.off(h.ID) {
			h.Text = s.cfg.Texts.Get("session.service-off")
		}
		c.Options = append(c.Options, Option{h.ID, h.Plain, h.Text, h.Picture, h.Icon, false, h.Spoken})
	}
	snap.Choice = c
	snap.Crumb = s.cfg.Texts.Get("session.crumb.search")
	snap.Back, snap.Next = back(), key("key.all-services", "arrow-right", true)
}

// viewConsent is what the notice says of this filing: what it is for, what of the card is used, who sees it and how long
// it is kept (Law 91/2025/QH15 on the protection of personal data: whoever processes it says so first).
func (s State) viewConsent(snap *Snapshot) {
	svc := s.chosen()
	get := s.cfg.Texts.Get
	c := &Consent{Purpose: svc.Plain, Who: svc.Authority, Kept: get("session.consent.kept.rules"), Data: []string{get("session.consent.data.card")}}
	if svc.Keep.Years > 0 {
		c.Kept = get("session.consent.kept.years", svc.Keep.Years)
	}
	if s.v.who.photo != nil {
		c.Data = append(c.Data, get("session.consent.data.photo"))
	}
	c.Data = append(c.Data, get("session.consent.data.answers"))
	if len(s.others()) > 0 {
		c.Data = append(c.Data, get("session.consent.data.others"))
	}
	snap.Consent = c
	snap.Crumb = s.crumb("session.crumb.consent")
}

// hour is a time of day: 16 giờ, 13 giờ 45.
func (s State) hour(at time.Time) string {
	if at.Minute() == 0 {
		return s.cfg.Texts.Get("session.hour", at.Hour())
	}
	return s.cfg.Texts.Get("session.hour-minute", at.Hour(), at.Format("04"))
}
