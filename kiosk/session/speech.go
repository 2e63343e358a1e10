package session

import (
	"cmp"
	"strings"

	"motcua/kiosk/form"
	"motcua/kiosk/text"
)

// Speech is what a page says aloud when it comes: its question, what can be chosen, and what the law wants to be told;
// "" where nothing is said. No name, number or answer of a person is ever spoken: others stand behind.
func Speech(s Snapshot, t *text.Table) string {
	var said []string
	add := func(sentences ...string) {
		for _, one := range sentences {
			if one = strings.TrimSpace(one); one != "" {
				said = append(said, strings.TrimRight(one, ".")+".")
			}
		}
	}
	if s.Page == PageWelcome && len(s.Calls) > 0 {
		return callSpoken(s.Calls[0], t)
	}
	if s.Page == PageWelcome || s.Page == PageFiling {
		return ""
	}
	if wrong := problems(s); len(wrong) > 0 { // what the person just heard is not said again
		for _, p := range wrong {
			add(aloud(p, t))
		}
		return strings.Join(said, " ")
	}
	heading := s.Title
	if key := string(s.Page) + ".title"; heading == "" && t.Has(key) {
		heading = t.Get(key)
	}
	add(heading)
	switch {
	case s.Page == PageTell:
		add(s.Tell.Spoken)
	case s.Page == PageConsent && s.Consent != nil:
		add(consentSpoken(s.Consent, t)...)
	case s.Page == PageStatus && s.Status != nil:
		add(statusSpoken(s.Status, t)...)
	case s.Page == PageDone && s.Done != nil:
		add(t.Get("done.due")+": "+s.Done.Due, s.Done.DueNote, t.Get("done.bring")+": "+strings.Join(s.Done.Bring, ", "), s.Done.Fee)
	case s.Page == PageFault && s.Fault != nil:
		code := "fault." + string(s.Fault.Code)
		add(t.Get(code+".title"), t.Get(code+".do"))
	case s.Page == PagePapers:
		for _, p := range s.Papers {
			add(p.Name)
		}
	case s.Page == PageRows:
		add(t.Get("rows.scan"))
	case s.Choice != nil && s.Page != PageSearch:
		add(cmp.Or(s.Choice.Spoken, s.Choice.Help))
		for _, o := range s.Choice.Options {
			add(cmp.Or(o.Spoken, o.Title))
		}
	case s.Form != nil:
		add(cmp.Or(s.Form.Spoken, s.Form.Help))
	case s.Counter != nil:
		add(s.Counter.Where...)
		add(s.Counter.Papers...)
	}
	return strings.Join(said, " ")
}

// aloud is a problem without what was typed, which one of them quotes.
func aloud(p form.Problem, t *text.Table) string {
	if p.Code == form.ProblemProvince {
		return t.Get("problem.province-spoken")
	}
	return p.Text
}

// impersonal is a text with {references} without the sentences that name what somebody answered.
func impersonal(text string) string {
	var kept []string
	for _, sentence := range strings.SplitAfter(text, ". ") {
		if !strings.Contains(sentence, "{") {
			kept = append(kept, strings.TrimSpace(sentence))
		}
	}
	return strings.Join(kept, " ")
}

// problems are those that the page shows.
func problems(s Snapshot) []form.Problem {
	switch {
	case s.Choice != nil:
		return s.Choice.Problems
	case s.Form != nil:
		return s.Form.Problems
	case s.Rows != nil:
		return s.Rows.Problems
	}
	return nil
}

// statusSpoken is where the filing of a slip stands, what to do, and when.
func statusSpoken(v *Status, t *text.Table) []string {
	key := string(v.Kind)
	switch {
	case v.Late:
		key = "late"
	case v.Brought, v.Ticket > 0:
		key = "brought"
	}
	said := []string{t.Get("status.title." + string(v.Kind)), t.Get("status.do." + key), t.Get("status.do." + key + ".text")}
	if v.Due != "" {
		said = append(said, t.Get("status.due")+": "+v.Due)
	}
	return said
}

// consentSpoken is the whole notice: what is used, for what, who sees it, how long it is kept, and that one can say no.
func consentSpoken(c *Consent, t *text.Table) []string {
	return []string{
		t.Get("consent.read") + ": " + strings.Join(c.Data, ", "), t.Get("consent.why-text", c.Purpose), t.Get("consent.who-text", c.Who),
		t.Get("consent.kept") + ": " + c.Kept, t.Get("consent.spoken-choice"),
	}
}
