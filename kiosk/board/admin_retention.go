package board

import (
	"context"

	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/steward"
	"motcua/kiosk/store"
)

// This file is the filings whose time is over by law. It opens none of them.

// retention is that section.
type retention struct{ due *task[[]store.Ended] }

func (*retention) name() string            { return "retention" }
func (*retention) may(r officer.Role) bool { return r.May(officer.EndRetention) }

func (r *retention) open(_ context.Context, b *Board) error {
	r.due.stop()
	st, c, now := b.store, b.opt.Printer.Catalogue, b.opt.Now()
	r.due = beside(b, func(ctx context.Context) ([]store.Ended, error) { return st.Expired(ctx, now, steward.Until(c), 0) })
	return nil
}

func (r *retention) list() []store.Ended {
	if x := r.due.result(); x != nil {
		return x.value
	}
	return nil
}

func (r *retention) entries(b *Board) []Entry {
	var list []Entry
	for _, e := range r.list() {
		list = append(list, Entry{Name: Words{"desk.keep.line", []any{e.Reference.Short(), b.serviceName(e.Service, e.Filed)}},
			Text: Words{"desk.keep.until", []any{identity.DateOf(steward.Keep(b.opt.Printer.Catalogue, e).Until(e.Ended)).String()}}})
	}
	return list
}

func (r *retention) about(b *Board, at int) About {
	all := r.list()
	a := About{Title: Words{"desk.keep.title", []any{len(all)}}}
	x := r.due.result()
	switch {
	case x == nil:
		a.Title = Words{"desk.keep.looking", nil}
		return a
	case x.err != nil:
		a.Lines = append(a.Lines, Remark{Words: Words{"fault." + string(fault.CodeOf(x.err)) + ".what", nil}, Mood: Faulty})
		return a
	case at < 0:
		a.Lines = append(a.Lines, Remark{Words: Words{"desk.keep.text", nil}})
		return a
	}
	e := all[at]
	k := steward.Keep(b.opt.Printer.Catalogue, e)
	a.Lines = []Remark{
		{Label: "desk.keep.reference", Words: As(e.Reference.String())},
		{Label: "desk.keep.service", Words: As(b.serviceName(e.Service, e.Filed))},
		{Label: "desk.keep.filed", Words: As(identity.DateOf(e.Filed).String())},
		{Label: "desk.keep.ended", Words: As(identity.DateOf(e.Ended).String())},
		{Label: "desk.keep.kept-until", Words: As(identity.DateOf(k.Until(e.Ended)).String())},
		{Label: "desk.keep.law", Words: As(k.Law)},
		{Words: Words{"desk.keep.text", nil}},
	}
	a.Deeds = []Deed{{ID: "retention-end", Key: "H", Grim: true}}
	return a
}

func (r *retention) act(_ context.Context, b *Board, _ int, _ string) error {
	list := r.list()
	st, c := b.store, b.opt.Printer.Catalogue
	b.together(officer.EndRetention, []Words{{"desk.will.retention-end", []any{len(list)}}}, func(_ context.Context, by []store.Signer) error {
		b.beside(Words{"desk.doing.retention-end", []any{len(list)}}, func(ctx context.Context) (Words, error) {
			n, err := steward.End(ctx, st, c, list, by...)
			if fault.CodeOf(err) == fault.StoreLocked && n > 0 {
				return Words{"desk.done.retention-end.read", []any{n}}, nil
			}
			return Words{"desk.done.retention-end", []any{n}}, err
		})
		return nil
	})
	return nil
}
