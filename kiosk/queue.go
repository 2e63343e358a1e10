package kiosk

import (
	"context"
	"slices"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/session"
)

// watchQueue reports who waits at the counter and who is called, until ctx ends. The disk is asked once a second, and that only whether
// anything changed.
func (k *Kiosk) watchQueue(ctx context.Context, emit func(session.Event)) {
	seen, shown := int64(-1), session.QueueChanged{Waiting: -1}
	ticks := time.NewTicker(clockTicks)
	defer ticks.Stop()
	for {
		if head, err := k.store.Head(ctx); err == nil && head != seen {
			now := k.opts.Now()
			line, err := k.store.Line(ctx, now)
			if err == nil {
				seen = head
				waiting, _ := line.Waiting(now)
				if next := (session.QueueChanged{Waiting: waiting, Calls: session.CallsOf(line, now)}); next.Waiting != shown.Waiting || !slices.Equal(next.Calls, shown.Calls) {
					shown = next
					emit(next)
				}
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

// want tells the desk that somebody asks for an officer.
func (k *Kiosk) want(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, fileTime)
	defer cancel()
	if err := k.store.Want(limited); err != nil {
		k.opts.Log.Error("officer.not-called", "code", fault.CodeOf(err), "err", err)
	}
}

// ticket takes a number for the counter, and prints it while ctx lives.
func (k *Kiosk) ticket(limited, ctx context.Context, e session.TakeTicket) session.Event {
	t, err := k.store.TakeTicket(limited, desk.Ticket{Service: e.Service, Priority: desk.Priority(e.Priority)})
	if err != nil {
		k.opts.Log.Error("ticket.failed", "session", e.Serial, "code", fault.CodeOf(err), "err", err)
		return session.TicketFailed{Serial: e.Serial, Code: fault.CodeOf(err)}
	}
	k.printTicket(ctx, e.Serial, t.Number, e.Plain)
	return session.Ticketed{Serial: e.Serial, Number: t.Number}
}

// printTicket prints a number beside: it stands on the screen at once, and also if the printer takes a minute to say that it has no paper.
func (k *Kiosk) printTicket(ctx context.Context, serial uint64, number int, service string) {
	if k.opts.Ticket == nil {
		return
	}
	k.work.Go(func() {
		limited, cancel := context.WithTimeout(ctx, printTime)
		defer cancel()
		if err := k.devices.Print(limited, k.opts.Ticket(number, service)); err != nil {
			k.opts.Log.Warn("ticket.not-printed", "session", serial, "code", fault.CodeOf(err), "err", err)
		}
	})
}

// report tells the desk how the devices are, when that changed.
func (k *Kiosk) report() {
	devices := k.since(session.Devices(k.state))
	if slices.Equal(devices, k.told) {
		return
	}
	k.told = devices
	select {
	case <-k.news: // what was not told yet is out of date
	default:
	}
	k.news <- devices
}

// since says of each device how long it has been as it is.
func (k *Kiosk) since(devices []session.Device) []session.Device {
	for i, d := range devices {
		was := slices.IndexFunc(k.told, func(x session.Device) bool { return x.Name == d.Name && x.State == d.State && x.Code == d.Code })
		if devices[i].Since = k.opts.Now().Truncate(time.Second); was >= 0 {
			devices[i].Since = k.told[was].Since
		}
	}
	return devices
}

// tell writes the news of the devices down, one after the other, until ctx ends.
func (k *Kiosk) tell(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case devices := <-k.news:
			limited, cancel := context.WithTimeout(ctx, fileTime)
			if err := k.store.SetState(limited, map[string]any{"devices": devices}); err != nil {
				k.opts.Log.Warn("state.failed", "code", fault.CodeOf(err), "err", err)
			}
			cancel()
		}
	}
}

// rate keeps how content somebody is.
func (k *Kiosk) rate(ctx context.Context, e session.NoteRating) {
	limited, cancel := context.WithTimeout(ctx, fileTime)
	defer cancel()
	if err := k.store.Rate(limited, e.Reference, e.Stars); err != nil {
		k.opts.Log.Warn("rating.failed", "code", fault.CodeOf(err), "err", err)
	}
}
