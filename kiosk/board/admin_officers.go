package board

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/steward"
	"motcua/kiosk/store"
)

// This file is the officers of the office, for its head, and everybody's own account.

// self is the officer's own account.
type self struct{}

func (*self) name() string                       { return "self" }
func (*self) may(officer.Role) bool              { return true }
func (*self) open(context.Context, *Board) error { return nil }

func (*self) entries(b *Board) []Entry { return []Entry{entryOf(b.me)} }

func (*self) about(b *Board, _ int) About {
	a := aboutOf(b.me)
	if b.me.Locked.Card {
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.officer.card-too", nil}, Mood: Care})
	}
	a.Deeds = []Deed{{ID: "pin", Key: "M", Off: b.me.Locked.Card}}
	return a
}

func (*self) act(_ context.Context, b *Board, _ int, _ string) error {
	me := b.me
	q := &question{id: "pin", fields: append([]blank{{id: "pin-now", kind: FieldSecret}}, pinTwice()...)}
	q.wait = func() time.Duration { return b.triesOf(me.ID).Wait(b.opt.Now()) }
	q.then = func(ctx context.Context, q *question) (string, error) {
		pin, problem := q.newPIN()
		if problem != "" {
			return problem, nil
		}
		me, _, err := b.account(ctx, me.ID) // another desk may have changed how they sign in
		if err != nil {
			return "", err
		}
		key, problem, err := b.proves(ctx, me, seal.Secret{PIN: q.text("pin-now")})
		if problem != "" || err != nil {
			return problem, err
		}
		locked, err := seal.Lock(key, me.ID, seal.Secret{PIN: pin})
		if err != nil {
			return "", fault.New(fault.Usage, err)
		}
		locked.Or, locked.Chip = me.Locked.Or, me.Locked.Chip // a card that signs in alone goes on doing so
		if err := b.store.SetSecret(ctx, locked, store.Signer{ID: me.ID, Identity: key}); err != nil {
			return "", err
		}
		b.done("desk.done.pin")
		return "", b.rereadAccounts(ctx)
	}
	b.admin.ask = q
	return nil
}

// officers is everybody's account.
type officers struct {
	all     []officer.Account
	changes *task[map[string]time.Time] // when each account changed last
}

func (*officers) name() string            { return "officers" }
func (*officers) may(r officer.Role) bool { return r.May(officer.SetOfficers) }

func (o *officers) open(ctx context.Context, b *Board) (err error) {
	if o.all, err = b.store.Officers(ctx); err != nil {
		return err
	}
	o.changes.stop()
	st := b.store
	o.changes = beside(b, func(ctx context.Context) (map[string]time.Time, error) {
		list, err := st.OfKinds(ctx, store.OfficerSet, store.SecretSet)
		last := map[string]time.Time{}
		for _, e := range list {
			var d struct{ Officer string }
			if json.Unmarshal(e.Detail, &d) == nil {
				last[d.Officer] = e.At
			}
		}
		return last, err
	})
	return nil
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
		return About{Deeds: []Deed{{ID: "officer-add", Key: "T"}}}
	}
	account := o.all[at]
	a := aboutOf(account)
	if r := o.changes.result(); r != nil && !r.value[account.ID].IsZero() {
		a.Lines = append(a.Lines, Remark{Label: "desk.officer.changed", Words: Words{"desk.at", []any{r.value[account.ID]}}})
	}
	mine := account.ID == b.me.ID
	if mine {
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.officer.yourself", nil}})
	}
	lock := Deed{ID: "officer-lock", Key: "K", Off: mine, Grim: true}
	if !account.Active {
		lock = Deed{ID: "officer-unlock", Key: "K", Off: mine}
	}
	a.Deeds = []Deed{{ID: "officer-add", Key: "T"}, {ID: "officer-role", Key: "V", Off: mine}, lock, {ID: "officer-renew", Key: "G", Off: mine, Grim: true}}
	return a
}

func (o *officers) act(ctx context.Context, b *Board, at int, id string) error {
	if id == "officer-add" {
		b.askAdd()
		return nil
	}
	a := o.all[at]
	switch id {
	case "officer-role":
		b.askRole(a)
	case "officer-lock":
		b.askActive(a, false)
	case "officer-unlock":
		b.askActive(a, true)
	case "officer-renew":
		b.askRenew(a)
	}
	return nil
}

var roles = []officer.Role{officer.Clerk, officer.Head, officer.Technician}

// roleField is the choice of a role, which is at first the one given.
func roleField(now officer.Role) blank {
	f := blank{id: "role", kind: FieldChoice}
	for i, r := range roles {
		f.choices = append(f.choices, Words{"desk.role." + string(r), nil})
		if r == now {
			f.chosen = i
		}
	}
	return f
}

func (b *Board) askAdd() {
	q := &question{id: "officer-add", fields: append([]blank{{id: "id", kind: FieldLine}, {id: "name", kind: FieldWords}, roleField(officer.Clerk)}, pinTwice()...)}
	q.then = func(ctx context.Context, q *question) (string, error) {
		pin, problem := q.newPIN()
		if problem != "" {
			return problem, nil
		}
		err := steward.Add(ctx, b.store, b.signer(), q.text("id"), q.text("name"), roles[q.chosen("role")], pin, b.opt.Now())
		if fault.CodeOf(err) == fault.Usage { // the name of an account, or its id, which somebody may have
			return "account", nil
		}
		if err != nil {
			return "", err
		}
		b.done("desk.done.officer-add", q.text("name"))
		return "", b.rereadAccounts(ctx)
	}
	b.admin.ask = q
}

func (b *Board) askRole(a officer.Account) {
	q := &question{id: "officer-role", lines: []Words{As(a.Name)}, fields: []blank{roleField(a.Role)}}
	q.then = func(ctx context.Context, q *question) (string, error) {
		return b.changed(ctx, steward.SetRole(ctx, b.store, b.signer(), a.ID, roles[q.chosen("role")]), "desk.done.officer-role", a)
	}
	b.admin.ask = q
}

func (b *Board) askActive(a officer.Account, active bool) {
	id := "officer-lock"
	if active {
		id = "officer-unlock"
	}
	q := &question{id: id, lines: []Words{As(a.Name)}, grim: !active}
	q.then = func(ctx context.Context, _ *question) (string, error) {
		return b.changed(ctx, steward.SetActive(ctx, b.store, b.signer(), a.ID, active), "desk.done."+id, a)
	}
	b.admin.ask = q
}

// changed is what comes of a change to an account. fault.Usage is that no head would be left.
func (b *Board) changed(ctx context.Context, err error, done string, a officer.Account) (string, error) {
	if fault.CodeOf(err) == fault.Usage {
		return "last-head", nil
	}
	if err != nil {
		return "", err
	}
	b.done(done, a.Name)
	return "", b.rereadAccounts(ctx)
}

// askRenew gives somebody new keys under a PIN that they type themselves, and has a second officer sign.
func (b *Board) askRenew(a officer.Account) {
	q := &question{id: "officer-renew", lines: []Words{As(a.Name)}, grim: true, fields: pinTwice()}
	q.then = func(_ context.Context, q *question) (string, error) {
		pin, problem := q.newPIN()
		if problem != "" {
			return problem, nil
		}
		renewed, err := steward.Renewed(a, pin, b.opt.Now())
		if err != nil {
			return "", err
		}
		b.together(officer.ChangeKeys, []Words{{"desk.will.officer-renew", []any{a.Name}}}, func(ctx context.Context, by []store.Signer) error {
			if err := b.store.Renew(ctx, renewed, by...); err != nil {
				return err
			}
			b.done("desk.done.officer-renew", a.Name)
			return b.rereadAccounts(ctx)
		})
		return "", nil
	}
	b.admin.ask = q
}

// signer is whoever is at the desk.
func (b *Board) signer() store.Signer { return store.Signer{ID: b.me.ID, Identity: b.key} }

// done says on the page what came of something.
func (b *Board) done(key string, args ...any) { b.admin.result = &Words{key, args} }

// rereadAccounts reads the accounts after one changed.
func (b *Board) rereadAccounts(ctx context.Context) error {
	if err := b.readAccounts(ctx); err != nil {
		return err
	}
	if a, ok := colleague(b.accounts, b.me.ID); ok {
		b.me = a
	}
	return nil
}

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
	return About{Title: As(cmp.Or(a.Name, a.ID)), Lines: []Remark{
		{Label: "desk.officer.id", Words: As(a.ID)},
		{Label: "desk.officer.role", Words: Words{"desk.role." + string(a.Role), nil}},
		{Words: Words{"desk.role." + string(a.Role) + ".text", nil}},
		{Label: "desk.officer.signs-in", Words: Words{secret, nil}},
		{Label: "desk.officer.added", Words: Words{"desk.at", []any{a.Added}}},
	}}
}
