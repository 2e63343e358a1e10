package board

import (
	"context"

	"motcua/kiosk/officer"
)

// This file is the officers of the office, for its head, and everybody's own account.

// self is the officer's own account.
type self struct{}

func (*self) name() string                       { return "self" }
func (*self) may(officer.Role) bool              { return true }
func (*self) open(context.Context, *Board) error { return nil }

func (*self) entries(b *Board) []Entry { return []Entry{entryOf(b.me)} }

func (*self) about(b *Board, _ int) About { return aboutOf(b.me) }

func (*self) act(context.Context, *Board, int, string) error { return nil }

// officers is everybody's account.
type officers struct{ all []officer.Account }

func (*officers) name() string            { return "officers" }
func (*officers) may(r officer.Role) bool { return r.May(officer.SetOfficers) }

func (o *officers) open(ctx context.Context, b *Board) (err error) {
	o.all, err = b.store.Officers(ctx)
	return err
}

func (o *officers) entries(*Board) []Entry {
	var list []Entry
	for _, a := range o.all {
		list = append(list, entryOf(a))
	}
	return list
}

func (o *officers) about(b *Board, at int) About {
	if at < 0 {
		return About{}
	}
	return aboutOf(o.all[at])
}

func (*officers) act(context.Context, *Board, int, string) error { return nil }

// entryOf is an account in a list.
func entryOf(a officer.Account) Entry {
	e := Entry{Name: As(a.Name), Text: Words{"desk.officer.line", []any{Words{"desk.role." + string(a.Role), nil}, a.ID}}, Mark: Words{"desk.officer.active", nil}, Mood: Ready}
	if !a.Active {
		e.Mark, e.Mood = Words{"desk.officer.locked", nil}, Off
	}
	return e
}

// aboutOf is what there is to say of an account.
func aboutOf(a officer.Account) About {
	secret := "desk.officer.secret.pin"
	if a.Locked.Card {
		secret = "desk.officer.secret.both"
	}
	return About{Title: As(a.Name), Lines: []Remark{
		{Label: "desk.officer.id", Words: As(a.ID)},
		{Label: "desk.officer.role", Words: Words{"desk.role." + string(a.Role), nil}},
		{Words: Words{"desk.role." + string(a.Role) + ".text", nil}},
		{Label: "desk.officer.signs-in", Words: Words{secret, nil}},
		{Label: "desk.officer.added", Words: Words{"desk.at", []any{a.Added}}},
	}}
}
