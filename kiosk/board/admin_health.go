package board

import (
	"context"

	"motcua/kiosk/health"
	"motcua/kiosk/officer"
)

// This file is how the office's machine is: Steward.Health, looked at beside.

// condition is that section.
type condition struct {
	look *task[[]Found]
	seen []Found // as Steward.Health; empty before the first look
}

func (*condition) name() string            { return "health" }
func (*condition) may(r officer.Role) bool { return r.May(officer.Backup) }

func (c *condition) open(_ context.Context, b *Board) error {
	if c.look.busy() {
		return nil
	}
	parts := b.opt.Steward.Health
	c.look = beside(b, func(ctx context.Context) ([]Found, error) {
		var found []Found
		for _, p := range parts {
			found = append(found, p.Look(ctx))
		}
		return found, ctx.Err()
	})
	return nil
}

func (c *condition) found(i int) Found {
	if r := c.look.result(); r != nil && r.err == nil {
		c.seen = r.value
	}
	if i < len(c.seen) {
		return c.seen[i]
	}
	return Found{}
}

func (c *condition) entries(b *Board) []Entry {
	var list []Entry
	for i, p := range b.opt.Steward.Health {
		f := c.found(i)
		e := Entry{Name: Words{"desk.part." + p.Name, nil}, Mood: Unknown}
		if f.State != "" {
			e.Mood = mood(f.State, f.Code, f.Care)
		}
		if len(f.Lines) > 0 {
			e.Text = f.Lines[0]
		}
		e.Mark = Words{"desk.badge." + string(e.Mood), nil}
		list = append(list, e)
	}
	return list
}

func (c *condition) about(b *Board, at int) About {
	if at < 0 {
		return About{}
	}
	p, f := b.opt.Steward.Health[at], c.found(at)
	a := About{Title: Words{"desk.part." + p.Name, nil}, Lines: []Remark{{Words: Words{"desk.part." + p.Name + ".text", nil}}}}
	for _, l := range f.Lines {
		a.Lines = append(a.Lines, Remark{Words: l})
	}
	if f.State == health.Failed {
		a.Lines = append(a.Lines, Remark{Words: Words{"fault." + string(f.Code) + ".what", nil}, Mood: Faulty}, Remark{Words: fix(f.Code)})
	}
	if p.Test != nil {
		a.Deeds = []Deed{{ID: "health-" + p.Name, Key: "T"}}
	}
	return a
}

func (c *condition) act(_ context.Context, b *Board, at int, _ string) error {
	p, me := b.opt.Steward.Health[at], b.me.ID
	doing := Words{"desk.doing.health-" + p.Name, nil}
	b.beside(doing, func(ctx context.Context) (Words, error) {
		return p.Test(ctx, me, func(int, int) {})
	})
	b.admin.after = func(context.Context) error { c.look = nil; return nil }
	return nil
}
