package board

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
)

// This file is the queue of people at the counter: who is called, comes, is not there, leaves.

func (b *Board) withPeople(ctx context.Context, i Intent) error {
	switch i := i.(type) {
	case CallNext:
		return b.callNext(ctx)
	case People:
		b.dialog = &Dialog{ID: DialogPeople}
		b.listPeople()
	case Person:
		if t, ok := b.here(); ok {
			if i.Do == Served && within(t.Began, b.opt.Now(), oneClick) { // the key of who arrived is then that of who leaves
				return nil
			}
			return b.person(ctx, t, i.Do)
		}
	case GoHelp:
		if bells := b.bells(); len(bells) > 0 {
			if err := b.store.Came(ctx, bells[0].Station, b.me.ID); err != nil {
				return err
			}
			b.notice = "desk.notice.help"
			return b.refresh(ctx)
		}
	}
	return nil
}

// here is the ticket that is at this counter.
func (b *Board) here() (desk.Ticket, bool) { return b.line.At(b.opt.Counter) }

// Within these times after somebody was called, or came, the next press of a key is the same one: it was held down, or clicked twice.
const (
	oneCall  = 3 * time.Second
	oneClick = 500 * time.Millisecond
)

// within reports whether something was just now. Where the clock was set back since, it was not.
func within(since, now time.Time, d time.Duration) bool {
	age := now.Sub(since)
	return age >= 0 && age < d
}

// callNext ends who is served here and calls the next. Who was called and has not come is put aside; who was sent on to here was not called yet.
func (b *Board) callNext(ctx context.Context) error {
	if t, ok := b.here(); ok && !t.SentOn() {
		do := Served
		if t.State == desk.Called {
			if do = Absent; within(t.Last, b.opt.Now(), oneCall) {
				b.notice = "desk.notice.called"
				return nil
			}
		}
		if err := b.person(ctx, t, do); err != nil {
			return err
		}
	}
	_, err := b.store.Queue(ctx, b.me.ID, func(l *desk.Line, now time.Time) (desk.Ticket, error) { return l.Next(b.opt.Counter, now) })
	if err != nil {
		return err
	}
	b.notice = "desk.notice.called"
	return b.refresh(ctx)
}

// person does something with a ticket. Who arrives and filed something has it open at once.
func (b *Board) person(ctx context.Context, t desk.Ticket, do PersonAction) error {
	if do == Transfer {
		b.dialog = &Dialog{ID: DialogTransfer, Fields: []Input{{ID: InputCounter}}}
		return nil
	}
	moved, err := b.store.Queue(ctx, b.me.ID, func(l *desk.Line, now time.Time) (desk.Ticket, error) {
		switch do {
		case Arrived:
			return l.Serve(t.Number, now)
		case Again:
			return l.Call(t.Number, b.opt.Counter, now)
		case Absent:
			return l.Hold(t.Number, now)
		case Served:
			return l.End(t.Number, now)
		case Rank:
			at := slices.Index(desk.Priorities, t.Priority)
			return l.Rank(t.Number, desk.Priorities[(at+1)%len(desk.Priorities)])
		}
		return t, desk.ErrState
	})
	if err != nil {
		return err
	}
	if err := b.refresh(ctx); err != nil {
		return err
	}
	if do == Arrived && moved.Reference != "" {
		ref, err := filing.ParseReference(moved.Reference)
		if err != nil {
			return err
		}
		return b.openFiling(ctx, ref)
	}
	return nil
}

// may is what can be done with somebody at this counter.
func may(s desk.State) []PersonAction {
	if s == desk.Serving {
		return []PersonAction{Served, Absent, Transfer}
	}
	return []PersonAction{Arrived, Again, Absent, Transfer}
}

// listPeople fills the dialog with who waits, in the order in which they are called. Who is chosen stays so, wherever they stand now.
func (b *Board) listPeople() {
	now, chosen := b.opt.Now(), 0
	if d := b.dialog; d.At < len(d.People) {
		chosen = d.People[d.At].Number
	}
	var list []desk.Ticket
	for _, t := range b.line.Tickets {
		if t.State != desk.Served && t.State != desk.Gone {
			list = append(list, t)
		}
	}
	slices.SortStableFunc(list, func(x, y desk.Ticket) int { return b.line.Ahead(x.Number) - b.line.Ahead(y.Number) })
	d := b.dialog
	d.People = nil
	for _, t := range list {
		d.People = append(d.People, Waiting{t.Number, b.wish(t), t.Priority, t.State, t.Counter, t.Wait(now)})
	}
	d.At = min(d.At, max(0, len(d.People)-1))
	if at := slices.IndexFunc(d.People, func(p Waiting) bool { return p.Number == chosen }); at >= 0 {
		d.At = at
	}
}

// tendPeople lets the list that is open follow what other counters do.
func (b *Board) tendPeople(ctx context.Context) error {
	err := b.refresh(ctx)
	if b.dialog != nil { // else the officer was signed out
		b.listPeople()
	}
	return err
}

// wish is what somebody came for.
func (b *Board) wish(t desk.Ticket) string {
	if t.Service == "" {
		return ""
	}
	return b.serviceName(t.Service, t.Taken)
}

// inPeople is the dialog with who waits.
func (b *Board) inPeople(ctx context.Context, i Intent) error {
	d := b.dialog
	if _, tick := i.(Tick); tick {
		return b.tendPeople(ctx)
	}
	if len(d.People) == 0 {
		return nil
	}
	switch i := i.(type) {
	case Move:
		d.At = turn(d.At+i.By, len(d.People))
	case Pick:
		if i.Choice >= 0 && i.Choice < len(d.People) {
			d.At = i.Choice
		}
	case Enter:
		seen := d.People[d.At]
		b.dialog = nil
		_, err := b.store.Queue(ctx, b.me.ID, func(l *desk.Line, now time.Time) (desk.Ticket, error) {
			if n := seen.Number; n <= len(l.Tickets) && (l.Tickets[n-1].State != seen.State || l.Tickets[n-1].Counter != seen.Counter) {
				return l.Tickets[n-1], desk.ErrState // another counter was first
			}
			return l.Call(seen.Number, b.opt.Counter, now)
		})
		if err != nil {
			return errors.Join(err, b.refresh(ctx))
		}
		b.notice = "desk.notice.called"
		return b.refresh(ctx)
	case Type:
		if i.Rune == 'u' || i.Rune == 'U' {
			number := d.People[d.At].Number
			if number > len(b.line.Tickets) { // of yesterday
				b.dialog = nil
				return nil
			}
			if err := b.person(ctx, b.line.Tickets[number-1], Rank); err != nil {
				return err
			}
			b.listPeople()
		}
	}
	return nil
}

// counterSince is for how long a counter is known that called somebody.
const counterSince = 60 * 24 * time.Hour

// counter is another counter as it names itself; "" if there is none of the name. The configuration of a desk has only its own: the others are known
// by whom they called.
func (b *Board) counter(ctx context.Context, name string) (string, error) {
	now := b.opt.Now()
	all, err := b.store.Tickets(ctx, now.Add(-counterSince), now.AddDate(0, 0, 1))
	if err != nil {
		return "", err
	}
	for _, t := range all {
		if t.Counter != b.opt.Counter && t.Counter != "" && strings.EqualFold(t.Counter, name) {
			return t.Counter, nil
		}
	}
	return "", nil
}

// transfer sends who is here to the counter that was typed, if it is one: elsewhere nobody would ever call them.
func (b *Board) transfer(ctx context.Context) error {
	to, err := b.counter(ctx, strings.TrimSpace(b.dialog.Fields[0].Value))
	if err != nil {
		return err
	}
	t, ok := b.here()
	if to == "" || !ok {
		b.dialog.Problem = "counter"
		return nil
	}
	b.dialog = nil
	_, err = b.store.Queue(ctx, b.me.ID, func(l *desk.Line, now time.Time) (desk.Ticket, error) { return l.Transfer(t.Number, to, now) })
	if err != nil {
		return err
	}
	return b.refresh(ctx)
}

// bells are the kiosks that want an officer, the longest first.
func (b *Board) bells() []Bell {
	var list []Bell
	for _, s := range b.stations {
		if !s.Wanted.IsZero() {
			list = append(list, Bell{s.Name, s.Wanted})
		}
	}
	slices.SortFunc(list, func(x, y Bell) int { return x.Since.Compare(y.Since) })
	return list
}

// people is the queue in short.
func (b *Board) people(ctx context.Context, now time.Time) *Line {
	p := &Line{}
	p.Waiting, p.Longest = b.line.Waiting(now)
	next := desk.NewLine(slices.Clone(b.line.Tickets))
	if t, err := next.Next(b.opt.Counter, now); err == nil {
		p.Next = t.Number
	}
	if t, ok := b.here(); ok {
		since := t.Last
		if t.State == desk.Serving {
			since = t.Began
		}
		p.Now = &Called{Number: t.Number, Service: b.wish(t), State: t.State, Calls: t.Calls, Since: since, May: may(t.State)}
		if ref, err := filing.ParseReference(t.Reference); err == nil {
			p.Now.Name = b.name(ctx, ref)
		}
	}
	return p
}
