// Package trial files without a machine: it plays a citizen through the real session, touch by touch, and counts.
//
// The session is that of the kiosk (kiosk/session); only devices and disk are played. What it is for: to try a service
// before people meet it (motcuactl forms try), to know how much it asks of them (motcuactl forms effort), and to prove that
// every service can be filed (the tests of this package).
package trial

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
)

// Citizen is who files, and what is answered. What is not said is answered by Guess.
type Citizen struct {
	Person  identity.Person
	Photo   *identity.Photo
	Case    string                                    // of the service; the first if empty
	Answers map[form.FieldID][]string                 // ids of options, or what is typed; nil: Guess. An empty list skips the page
	Others  map[form.FieldID][]identity.Person        // whose cards are laid down on a page of a list
	Guess   func(session.Snapshot, form.Field) string // text for a typed field; nil: what is asked is skipped, or Standard
}

// Effort is what a filing took.
type Effort struct {
	Touches int // of keys that are no letters or digits
	Letters int // typed
	Digits  int // typed
	Cards   int // laid down or shown
	Pages   int
}

// Run is how a filing went.
type Run struct {
	Effort
	Snapshots []session.Snapshot // every page that was seen
	Filing    filing.Filing
	Slip      session.SlipWords
	Warned    []form.Problem // problems that were shown and let through
}

// Errors of Play.
var (
	ErrService = errors.New("trial: the service is not filed here")
	ErrStuck   = errors.New("trial: the page does not go on")
)

// maxSteps ends a filing that goes in circles.
const maxSteps = 400

// Machine is the kiosk at which a filing is made: the one of this package, or a real one.
type Machine interface {
	// View is what stands on the screen once the machine waits for somebody.
	View() session.Snapshot
	// Do is what a person does, to the end of what the machine does then.
	Do(session.Intent) error
	// Card shows the code of somebody's card and lays it down, to the end of its reading.
	Card(identity.Person) error
}

// player is a filing under way.
type player struct {
	m     Machine
	svc   *service.Service
	c     Citizen
	run   Run
	seen  map[string]int // how often a page was answered
	shown map[form.FieldID]int
}

// Play files the service as the citizen does, at the given time. The error says on which page it did not go on.
func Play(cfg *session.Config, id string, c Citizen, now time.Time) (Run, error) {
	svc, ok := cfg.Catalogue.Get(id, identity.DateOf(now))
	if !ok || !svc.Filed(cfg.Local) {
		return Run{}, fmt.Errorf("%w: %s", ErrService, id)
	}
	p := newPlayer(cfg, svc, c, now)
	t := p.m.(*table)
	err := p.play()
	p.run.Filing, p.run.Slip = t.filing, t.slip
	return p.run, err
}

// At files the service as the citizen does, at a machine where nobody is. Filing and Slip of the Run are empty: they are on the
// machine's disk and paper.
func At(m Machine, svc *service.Service, c Citizen) (Run, error) {
	p := playerAt(m, svc, c)
	err := p.play()
	return p.run, err
}

func (p *player) play() error {
	if err := p.card(p.c.Person); err != nil {
		return err
	}
	for range maxSteps {
		view := p.m.View()
		p.run.Snapshots = append(p.run.Snapshots, view)
		if view.Page == session.PageDone {
			return p.touch(session.Next{})
		}
		if err := p.answer(view); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: no end after %d steps", ErrStuck, maxSteps)
}

// newPlayer is a player at a machine in memory.
func newPlayer(cfg *session.Config, svc *service.Service, c Citizen, now time.Time) *player {
	t := &table{s: session.New(cfg, [session.SeedLen]byte{1}, now), c: c}
	t.take(session.Tick{Now: now})
	p := playerAt(t, svc, c)
	t.others = func() map[form.FieldID][]identity.Person { return p.c.Others }
	return p
}

func playerAt(m Machine, svc *service.Service, c Citizen) *player {
	if c.Guess == nil {
		c.Guess = Standard
	}
	return &player{m: m, svc: svc, c: c, seen: map[string]int{}, shown: map[form.FieldID]int{}}
}

// touch is one touch of the screen.
func (p *player) touch(i session.Intent) error {
	p.run.Touches++
	return p.m.Do(i)
}

func (p *player) card(who identity.Person) error {
	p.run.Cards++
	return p.m.Card(who)
}

// answer does what the page asks for.
func (p *player) answer(view session.Snapshot) error {
	mark := fmt.Sprint(view.Page, view.Title, field(view))
	if p.seen[mark]++; p.seen[mark] > 2*form.MaxRows {
		return fmt.Errorf("%w: %s %s", ErrStuck, view.Page, field(view))
	}
	p.run.Pages++
	switch view.Page {
	case session.PageService:
		return p.choose(view, p.svc.ID)
	case session.PageQuestion:
		return p.question(view)
	case session.PageForm:
		return p.typed(view)
	case session.PageRows:
		return p.rows(view)
	case session.PagePlace:
		return p.place(view)
	case session.PageReading, session.PageFault, session.PageCounter, session.PageManual, session.PageWelcome, session.PageIdle:
		return fmt.Errorf("%w: %s", ErrStuck, view.Page)
	}
	return p.touch(session.Next{})
}

// field is what the page asks for.
func field(view session.Snapshot) form.FieldID {
	switch {
	case view.Form != nil:
		return view.Form.Field
	case view.Choice != nil:
		return view.Choice.Field
	case view.Rows != nil:
		return view.Rows.Field
	case view.Place != nil:
		return view.Place.Field
	}
	return ""
}

// choose touches an option, turning pages as long as it is not there.
func (p *player) choose(view session.Snapshot, id string) error {
	for ; ; view = p.m.View() {
		if slices.ContainsFunc(view.Choice.Options, func(o session.Option) bool { return o.ID == id }) {
			return p.touch(session.Choose{ID: id})
		}
		if view.Choice.Page >= view.Choice.Pages {
			return fmt.Errorf("%w: %s has no option %q", ErrStuck, view.Choice.Field, id)
		}
		if err := p.touch(session.Turn{By: 1}); err != nil {
			return err
		}
	}
}

func (p *player) question(view session.Snapshot) error {
	c := view.Choice
	want, said := p.c.Answers[c.Field]
	if c.Field == form.CaseField && p.c.Case != "" {
		want, said = []string{p.c.Case}, true
	}
	if !said && view.Next.Enabled { // it is known, or can be left open
		return p.touch(session.Next{})
	}
	if !said {
		want = []string{c.Options[0].ID}
	}
	for _, id := range want {
		if err := p.choose(view, id); err != nil {
			return err
		}
	}
	if c.Many || len(want) == 0 {
		return p.touch(session.Next{})
	}
	return nil
}

// typed fills a field, and reads the doubts that are shown about it.
func (p *player) typed(view session.Snapshot) error {
	f := view.Form
	p.run.Warned = append(p.run.Warned, f.Problems...)
	if p.shown[f.Field]++; len(f.Problems) > 0 && (p.shown[f.Field] > MaxTries || f.Problems[0].Blocking && f.Value != "" && p.shown[f.Field] > 1) {
		return fmt.Errorf("%w: %s: %s (%s)", ErrStuck, f.Field, f.Problems[0].Code, f.Problems[0].Text)
	}
	text := f.Value
	if answers, said := p.c.Answers[f.Field]; said {
		text = strings.Join(answers, "")
	} else if f.Value == "" && !f.CanSkip {
		text = p.c.Guess(view, p.field(f.Field))
	}
	if text != f.Value {
		p.count(text)
		if err := p.m.Do(session.Type{Text: text}); err != nil {
			return err
		}
	}
	return p.touch(session.Next{})
}

// MaxTries is how often a page is answered before it counts as stuck.
const MaxTries = 12

func (p *player) count(text string) {
	for _, r := range text {
		if unicode.IsDigit(r) {
			p.run.Digits++
		} else {
			p.run.Letters++
		}
	}
}

// field is the field of the form, or the column of a list.
func (p *player) field(id form.FieldID) form.Field {
	if f, ok := p.svc.Form.Field(id); ok {
		return f
	}
	for _, f := range p.svc.Form.Fields {
		if c, ok := f.Column(id); ok {
			return c
		}
	}
	return form.Field{}
}

// rows lays the cards of others down, one each time the list is shown, and goes on when all are there.
func (p *player) rows(view session.Snapshot) error {
	p.run.Warned = append(p.run.Warned, view.Rows.Problems...)
	f := p.field(view.Rows.Field)
	there := (view.Rows.Pages-1)*session.RowsOnPage + len(view.Rows.Rows)
	if view.Rows.Page < view.Rows.Pages {
		there = view.Rows.Page * session.RowsOnPage
	}
	if others := p.c.Others[f.ID]; there < len(others) {
		return p.card(others[there])
	}
	if there < f.Min {
		return p.touch(session.AddRow{})
	}
	if err := p.touch(session.Next{}); err != nil {
		return err
	}
	after := p.m.View()
	if after.Page != session.PageRows || len(after.Rows.Problems) == 0 || !after.Rows.Problems[0].Blocking {
		return nil
	}
	if there > 0 || p.shown[f.ID] > 0 {
		return fmt.Errorf("%w: %s: %s", ErrStuck, f.ID, after.Rows.Problems[0].Code)
	}
	p.shown[f.ID]++ // somebody is needed after all
	p.c.Others = withOther(p.c.Others, f.ID)
	return nil
}

// withOther is the cards with one more, for a list that turns out to need somebody.
func withOther(others map[form.FieldID][]identity.Person, list form.FieldID) map[form.FieldID][]identity.Person {
	more := map[form.FieldID][]identity.Person{}
	maps.Copy(more, others)
	const last = 5
	more[list] = append(slices.Clone(more[list]), Other(last, identity.Male))
	return more
}

// place goes down the picker by what is said, or by the first option.
func (p *player) place(view session.Snapshot) error {
	f := view.Place
	want, said := p.c.Answers[f.Field]
	if !said && view.Next.Enabled {
		return p.touch(session.Next{})
	}
	if len(f.Options) == 0 {
		return fmt.Errorf("%w: %s: nowhere to go", ErrStuck, f.Field)
	}
	id := f.Options[0].ID
	for _, w := range want {
		if slices.ContainsFunc(f.Options, func(o session.Option) bool { return o.ID == w }) {
			id = w
		}
	}
	return p.touch(session.Choose{ID: id})
}

// Standard is what somebody types who answers a required field in the usual way.
func Standard(view session.Snapshot, f form.Field) string {
	const birth, date = "15061960", "20112026"
	switch {
	case f.Check == form.RuleName:
		return "Lò Văn Thử"
	case f.Check == form.RuleNumber:
		return "099060000018"
	case f.Check == form.RulePhone:
		return "0990000001"
	case f.Check == form.RuleEmail:
		return "thu@vidu.vn"
	case f.Check == form.RulePlate:
		return "28H1-123.45"
	case f.Check == form.RuleBirth:
		return birth
	case f.Kind == form.Day:
		return date
	case f.Kind == form.Number:
		return fmt.Sprint(max(f.Min, 1))
	case f.Kind == form.Digits:
		return strings.Repeat("1", min(f.MaxLen(), 9))
	}
	return "Xóm Văn"
}
