package board

import (
	"context"
	"log/slog"
	"time"

	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/portal"
	"motcua/kiosk/store"
)

// This file asks the portal, now and then, about all filings of which something is still to be heard, so that an official code arrives, and a
// refusal is seen, without anybody opening the filing.

const (
	roundEvery  = 5 * time.Minute
	roundAtMost = time.Hour           // between two rounds while the portal does not answer
	awaitFor    = 90 * 24 * time.Hour // of what was handed over before, nothing more is expected
	mostAwaited = 200
)

// answers is what the portal said.
type answers struct {
	said map[filing.Reference]portal.Status
	task *task[round]
	next time.Time // when it is asked again
	wait time.Duration
}

func (a *answers) note(ref filing.Reference, s portal.Status) {
	if a.said == nil {
		a.said = map[filing.Reference]portal.Status{}
	}
	a.said[ref] = s
}

// round is what came of one: what was heard until nobody answered any more.
type round struct {
	said  map[filing.Reference]portal.Status
	codes int // that are new
}

// goRound takes what came of the last round, and begins the next if it is due.
func (b *Board) goRound(now time.Time) {
	a := &b.handing.answers
	if r := a.task.result(); r != nil {
		a.task = nil
		b.heardAll(r.value, r.err, now)
	}
	if !b.opt.Portal.Asks() || a.task != nil || now.Before(a.next) {
		return
	}
	way, st, log := b.opt.Portal, b.store, b.opt.Log
	a.task = beside(b, func(ctx context.Context) (round, error) { return askAll(ctx, way, st, log, now) })
}

func (b *Board) heardAll(r round, err error, now time.Time) {
	a := &b.handing.answers
	if err != nil {
		b.opt.Log.Info("portal.round", "code", fault.CodeOf(err), "err", err)
		a.wait = min(2*max(a.wait, roundEvery), roundAtMost)
	} else {
		a.wait = roundEvery
	}
	a.next = now.Add(a.wait)
	for ref, status := range r.said {
		a.note(ref, status)
	}
	if r.codes > 0 {
		b.handing.counted = time.Time{}
		b.notice, b.noticeOf = "desk.notice.portal-codes", []any{r.codes}
	}
}

// askAll asks about one filing after the other. Of one that the portal does not know, or has otherwise, the others are still asked; a portal that
// does not answer at all is left in peace.
func askAll(ctx context.Context, way portal.Way, st Store, log *slog.Logger, now time.Time) (round, error) {
	r := round{said: map[filing.Reference]portal.Status{}}
	list, err := st.Awaited(ctx, config.PortalHTTP, now.Add(-awaitFor), mostAwaited)
	if err != nil {
		return r, err
	}
	for _, f := range list {
		receipt, err := way.Ask(ctx, st, f)
		switch code := fault.CodeOf(err); {
		case err == nil:
			r.said[f.Reference] = receipt.Status
			if receipt.Dossier != "" && receipt.Dossier != f.Dossier {
				r.codes++
			}
		case code == fault.PortalAnswer || code == fault.PortalRefused || code == fault.NotFound:
			log.Info("portal.round", "code", code, "err", err)
		default:
			return r, err
		}
	}
	return r, nil
}

// ahead is what the portal says of a filing that the officer here still has to follow; "" if that is nothing.
func (b *Board) ahead(s store.Summary) portal.Status {
	if s.Status != filing.Filed && s.Status != filing.Received {
		return ""
	}
	switch status := b.handing.answers.said[s.Reference]; status {
	case portal.New, portal.Accepted, portal.Processing:
		return ""
	default:
		return status
	}
}
