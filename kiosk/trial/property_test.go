package trial

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
)

// stranger answers at random: any option, any number of people, sometimes nothing, sometimes nonsense.
type stranger struct {
	r   *rand.Rand
	svc *service.Service
}

func (s stranger) citizen(who identity.Person) Citizen {
	c := Citizen{Person: who, Answers: map[form.FieldID][]string{}, Others: map[form.FieldID][]identity.Person{}, Guess: s.guess}
	if n := len(s.svc.Cases); n > 0 {
		c.Case = s.svc.Cases[s.r.IntN(n)].ID
	}
	for _, f := range s.svc.Form.Fields {
		switch f.Kind {
		case form.Many:
			for _, o := range f.Choices {
				if s.r.IntN(2) == 0 && o.When == "" && len(o.Cases) == 0 {
					c.Answers[f.ID] = append(c.Answers[f.ID], o.ID)
				}
			}
		case form.Group:
			for n := range s.r.IntN(3) {
				c.Others[f.ID] = append(c.Others[f.ID], Other(n+s.r.IntN(3), []identity.Sex{identity.Male, identity.Female}[s.r.IntN(2)]))
			}
		}
	}
	return c
}

func (s stranger) guess(view session.Snapshot, f form.Field) string {
	switch {
	case s.r.IntN(4) == 0:
		return []string{"0", "x", "!", "31022026", "99999999", strings.Repeat("ộ", 200), "01011990", "24112026"}[s.r.IntN(8)]
	case f.Kind == form.Day:
		return identity.Date{Year: 1940 + s.r.IntN(100), Month: 1, Day: 1}.AddDays(s.r.IntN(365)).String()
	case f.Kind == form.Number:
		return []string{"1", "5", "12", "24", "300"}[s.r.IntN(5)]
	}
	return Standard(view, f)
}

// pick answers the questions of a page with any of its options.
func (s stranger) pick(view session.Snapshot) session.Intent {
	if view.Choice == nil || len(view.Choice.Options) == 0 {
		return nil
	}
	return session.Choose{ID: view.Choice.Options[s.r.IntN(len(view.Choice.Options))].ID}
}

// TestNoDeadEnd walks every service at random. Wherever somebody stands there is a way on and a way back; what is not
// asked is not in the result; and every page is met by somebody. A rare page (a bank of another name) may need more
// people than there are walks: they keep coming until somebody has met it.
func TestNoDeadEnd(t *testing.T) {
	cfg := config(t)
	walks := 120
	if testing.Short() {
		walks = 30
	}
	for _, h := range cfg.Catalogue.On(identity.DateOf(morning)) {
		svc, ok := cfg.Catalogue.Get(h.ID, identity.DateOf(morning))
		if !ok || !svc.Filed(cfg.Local) {
			continue
		}
		t.Run(svc.ID, func(t *testing.T) {
			met := map[form.FieldID]bool{}
			s := stranger{rand.New(rand.NewPCG(1, uint64(len(svc.ID)))), svc}
			for n := 0; n < walks || n < patience*walks && len(unmet(svc, met)) > 0; n++ {
				s.walk(t, cfg, met)
			}
			if left := unmet(svc, met); len(left) > 0 {
				t.Errorf("nobody was ever asked for %v", left)
			}
		})
	}
}

// patience is how many times the usual number of walks a page may take to be met.
const patience = 40

// unmet lists the required fields nobody was asked for yet.
func unmet(svc *service.Service, met map[form.FieldID]bool) []form.FieldID {
	var left []form.FieldID
	for _, p := range svc.Form.Pages {
		if f, ok := svc.Form.Field(p.Field); ok && f.Required && !met[p.Field] {
			left = append(left, p.Field)
		}
	}
	return left
}

func (s stranger) walk(t *testing.T, cfg *session.Config, met map[form.FieldID]bool) {
	t.Helper()
	who := personas[s.r.IntN(len(personas))].who
	p := newPlayer(cfg, s.svc, s.citizen(who), morning)
	if err := p.card(who); err != nil {
		t.Fatal(err)
	}
	for range maxSteps {
		view := p.m.View()
		met[field(view)] = true
		wayOn(t, view)
		if view.Page == session.PageDone {
			s.honest(t, p, cfg.Local)
			return
		}
		if _, said := p.c.Answers[field(view)]; view.Page == session.PageQuestion && field(view) != form.CaseField && !said && s.r.IntN(5) > 0 {
			if err := p.touch(s.pick(view)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := p.answer(view); errors.Is(err, ErrStuck) {
			s.back(t, p)
			return
		}
	}
	s.back(t, p)
}

// wayOn wants something to do on the page that changes it, and a key that leads back.
func wayOn(t *testing.T, view session.Snapshot) {
	t.Helper()
	on := view.Next.Enabled || view.Choice != nil && len(view.Choice.Options) > 0 || view.Form != nil ||
		view.Rows != nil && view.Rows.CanAdd || view.Place != nil && len(view.Place.Options) > 0
	if !on || view.Page != session.PageDone && !view.Back.Enabled {
		t.Fatalf("page %s %s: no way on, or none back", view.Page, field(view))
	}
}

// honest holds what was filed against the pages that led there.
func (s stranger) honest(t *testing.T, p *player, local []string) {
	t.Helper()
	f := p.m.(*table).filing
	facts := map[form.Fact]form.Answer{form.CardBirth: {Value: f.Applicant.Birth.String()}, form.CardSex: {Value: f.Applicant.Sex.Text()}}
	sheet := s.svc.Kept(form.Env{Facts: facts, Case: f.Case, Local: local, Today: identity.DateOf(morning)}, f.Answers)
	for _, field := range s.svc.Form.Fields {
		a, there := f.Answers[field.ID]
		asked := slices.ContainsFunc(sheet.Pages(), func(page form.Page) bool { return page.Field == field.ID })
		if there && !asked && a.Source == identity.FromTyped && len(field.Prefill) == 0 && len(field.Compute) == 0 {
			t.Errorf("%s was never asked, and is filed", field.ID)
		}
	}
}

// back goes back from wherever it is to the page of services, in as many touches as it takes.
func (s stranger) back(t *testing.T, p *player) {
	t.Helper()
	for range maxSteps {
		view := p.m.View()
		if view.Page == session.PageService || view.Page == session.PageWelcome {
			return
		}
		if err := p.touch(session.Back{}); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("no way back from %s", p.m.View().Page)
}
