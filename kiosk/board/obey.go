package board

import (
	"context"
	"maps"

	"motcua/kiosk/calendar"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/report"
	"motcua/kiosk/setting"
	"motcua/kiosk/store"
)

// This file is how the desk obeys what a head decided for the office (kiosk/setting), here or at another desk.

// decider is what a Board needs of the disk for it; kiosk/store has it.
type decider interface {
	Settings(ctx context.Context) ([]store.Setting, error)
	Set(ctx context.Context, changes setting.Set, by store.Signer) error
	NoteTrust(ctx context.Context, what store.Kind, fingerprint, kind, vouched string, by store.Signer) error
}

// Deciding is what a Board needs to decide for the office, and to obey. The zero value decides nothing.
type Deciding struct {
	// Obey is what holds with a set of decisions. Nil: the desk keeps to its Options.
	Obey func(set setting.Set) (Rules, error)
	// Voices lists the voices that are there. Nil: there are none.
	Voices func(ctx context.Context) ([]Voice, error)
	// Trust is whom the office trusts. Nil: it is not shown.
	Trust Trust
}

// Rules are what holds for the desk.
type Rules struct {
	Office   setting.Office
	Calendar *calendar.Calendar
	Services func(day identity.Date) []report.Service
}

// Voice is something that can speak at the kiosks.
type Voice struct {
	Value   string // of setting.Voice
	Title   string
	Records int    // sentences, of recordings
	Lacking int    // files of them that are not there
	Pack    bool   // recordings
	Wrong   string // why they cannot be used, in English; "" if they can
}

// obeyed is what the desk obeys now.
type obeyed struct {
	all   []store.Setting
	set   setting.Set // nil: nothing was read yet
	rules Rules
}

// obey reads what was decided, if anything was. What cannot be read is logged, and what held goes on: no decision can stop a desk.
func (b *Board) obey(ctx context.Context) {
	if b.opt.Deciding.Obey == nil {
		return
	}
	all, err := b.store.Settings(ctx)
	if err == nil {
		set := store.SetOf(all)
		if b.obeyed.set != nil && maps.Equal(set, b.obeyed.set) {
			return
		}
		var rules Rules
		if rules, err = b.opt.Deciding.Obey(set); err == nil {
			b.obeyed = obeyed{all, set, rules}
			b.opt.Calendar, b.opt.Services = rules.Calendar, rules.Services
			return
		}
	}
	b.opt.Log.Warn("settings.unread", "code", fault.CodeOf(err), "err", err)
}

// settle keeps decisions of the officer.
func (b *Board) settle(ctx context.Context, changes setting.Set) error {
	if err := b.store.Set(ctx, changes, b.signer()); err != nil {
		return err
	}
	b.obey(ctx)
	return nil
}

// decided is the decision of a name.
func (o *obeyed) decided(n setting.Name) (store.Setting, bool) {
	for _, one := range o.all {
		if one.Name == n {
			return one, true
		}
	}
	return store.Setting{}, false
}

// whose says who decided and when, or that the file of each machine says it.
func (b *Board) whose(n setting.Name) Remark {
	one, ok := b.obeyed.decided(n)
	if !ok {
		return Remark{Label: "desk.office.whose", Words: Words{"desk.office.file", nil}}
	}
	return Remark{Label: "desk.office.whose", Words: Words{"desk.office.decided", []any{b.officerName(one.Officer), one.At}}}
}

// today is the day at the office.
func (b *Board) today() identity.Date { return identity.DateOf(b.opt.Now()) }
