package board

import (
	"context"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/steward"
	"motcua/kiosk/store"
)

// This file is the recovery key, and to whom filings are sealed.

// keys is that section.
type keys struct {
	public seal.Public // zero: there is no recovery key
	set    *task[time.Time]
	reads  int // officers to whom filings are sealed
	stale  int // filings that are sealed for readers of before
}

// The entries.
const (
	keyRecovery = iota
	keySealing
)

func (*keys) name() string            { return "keys" }
func (*keys) may(r officer.Role) bool { return r.May(officer.ChangeKeys) }

func (k *keys) open(ctx context.Context, b *Board) (err error) {
	if k.public, err = b.store.Recovery(ctx); err != nil {
		return err
	}
	if k.stale, err = b.store.Stale(ctx); err != nil {
		return err
	}
	k.reads = len(officer.Recipients(b.accounts))
	k.set.stop()
	st := b.store
	k.set = beside(b, func(ctx context.Context) (time.Time, error) {
		list, err := st.OfKinds(ctx, store.RecoverySet)
		if err != nil || len(list) == 0 {
			return time.Time{}, err
		}
		return list[len(list)-1].At, nil
	})
	return nil
}

func (k *keys) there() bool { return k.public != (seal.Public{}) }

func (k *keys) entries(*Board) []Entry {
	recovery := Entry{Name: Words{"desk.key.recovery", nil}, Text: Words{"desk.key.recovery.none", nil}, Mark: Words{"desk.key.lacking", nil}, Mood: Care}
	if k.there() {
		recovery.Text, recovery.Mark, recovery.Mood = Words{"desk.key.recovery.is", []any{steward.Fingerprint(k.public)}}, Words{"desk.key.there", nil}, Ready
	}
	sealing := Entry{Name: Words{"desk.key.sealing", nil}, Text: Words{"desk.key.sealing.is", []any{k.reads}}, Mark: Words{"desk.key.all", nil}, Mood: Ready}
	if k.stale > 0 {
		sealing.Mark, sealing.Mood = Words{"desk.key.stale", []any{k.stale}}, Care
	}
	return []Entry{recovery, sealing}
}

func (k *keys) about(b *Board, at int) About {
	if at == keySealing {
		a := About{Title: Words{"desk.key.sealing", nil}, Lines: []Remark{{Words: Words{"desk.key.sealing.text", nil}}, {Label: "desk.key.readers", Words: Words{"desk.key.officers", []any{k.reads}}}}}
		for _, x := range b.accounts {
			if x.Reads() {
				a.Lines = append(a.Lines, Remark{Words: Words{"desk.key.reader", []any{x.Name}}})
			}
		}
		if k.stale > 0 {
			a.Lines = append(a.Lines, Remark{Words: Words{"desk.key.stale.text", []any{k.stale}}, Mood: Care})
		}
		return a
	}
	a := About{Title: Words{"desk.key.recovery", nil}, Lines: []Remark{{Words: Words{"desk.key.recovery.text", nil}}}}
	if k.there() {
		a.Lines = append(a.Lines, Remark{Label: "desk.key.fingerprint", Words: As(steward.Fingerprint(k.public))})
		if r := k.set.result(); r != nil && !r.value.IsZero() {
			a.Lines = append(a.Lines, Remark{Label: "desk.key.set", Words: Words{"desk.at", []any{r.value}}})
		}
	} else {
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.key.recovery.warn", nil}, Mood: Care})
	}
	if b.opt.Steward.Sheets == nil {
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.key.no-printer", nil}, Mood: Care})
	}
	a.Deeds = []Deed{{ID: "recovery-make", Key: "R", Off: b.opt.Steward.Sheets == nil, Grim: k.there()}, {ID: "recovery-use", Key: "U", Off: !k.there()}}
	return a
}

func (k *keys) act(_ context.Context, b *Board, _ int, id string) error {
	if id == "recovery-use" {
		b.askRecover()
		return nil
	}
	b.together(officer.ChangeKeys, []Words{{"desk.will.recovery-make", nil}}, b.printSheets)
	return nil
}

// printSheets makes a recovery key and brings its sheets to paper; it is the office's only when both are in somebody's hands.
func (b *Board) printSheets(_ context.Context, by []store.Signer) error {
	key, err := seal.New()
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	var ids []string
	for _, one := range by {
		ids = append(ids, one.ID)
	}
	sheets := b.opt.Steward.Sheets
	b.beside(Words{"desk.doing.sheets", nil}, func(ctx context.Context) (Words, error) { return Words{"desk.done.sheets", nil}, sheets(ctx, key, ids) })
	b.admin.after = func(context.Context) error {
		b.admin.result = nil
		q := &question{id: "sheets", lines: []Words{{"desk.key.recovery.is", []any{steward.Fingerprint(key.Public())}}}}
		q.then = func(ctx context.Context, _ *question) (string, error) {
			if err := b.store.SetRecovery(ctx, key.Public(), by...); err != nil {
				return "", err
			}
			b.done("desk.done.recovery-make", steward.Fingerprint(key.Public()))
			return "", nil
		}
		b.admin.ask = q
		return nil
	}
	return nil
}

// askRecover lets a head in with both sheets. Whoever has both is two people: no officer signs.
func (b *Board) askRecover() {
	q := &question{id: "recovery-use", grim: true, fields: append([]blank{{id: "sheet-1", kind: FieldSheet}, {id: "sheet-2", kind: FieldSheet}, {id: "id", kind: FieldLine},
		{id: "name", kind: FieldWords}}, pinTwice()...)}
	q.then = func(ctx context.Context, q *question) (string, error) {
		one, two := seal.Sheet(q.text("sheet-1")), seal.Sheet(q.text("sheet-2"))
		if problem := wrongSheet(one, two); problem != "" {
			return problem, nil
		}
		pin, problem := q.newPIN()
		if problem != "" {
			return problem, nil
		}
		id, name, st, now := q.text("id"), q.text("name"), b.store, b.opt.Now()
		if (officer.Account{ID: id, Name: name, Role: officer.Head, Public: b.me.Public}).Check() != nil {
			return "account", nil
		}
		b.beside(Words{"desk.doing.recovery-use", nil}, func(ctx context.Context) (Words, error) {
			done, left, err := steward.Recover(ctx, st, one, two, id, name, pin, now)
			return Words{"desk.done.recovery-use", []any{name, done, left}}, err
		})
		b.admin.after = b.rereadAccounts
		return "", nil
	}
	b.admin.ask = q
}

// wrongSheet is the problem with what was typed of two sheets.
func wrongSheet(one, two seal.Sheet) string {
	switch {
	case one.Check() != nil:
		return "sheet-1"
	case two.Check() != nil:
		return "sheet-2"
	}
	if _, err := seal.Join(one, two); err != nil {
		return "sheets"
	}
	return ""
}
