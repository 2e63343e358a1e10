package board

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
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
	mostAwaited = 5000
	mostInRound = 200 // those come first that were not asked about for longest
)

// answers is what the portal said.
type answers struct {
	said map[filing.Reference]answer
	task *task[round]
	next time.Time // when it is asked again
	wait time.Duration
}

// answer is of one filing. Without a status it was asked, and nothing was heard.
type answer struct {
	status portal.Status
	asked  time.Time
}

// round is what came of one: what was heard until nobody answered any more, and the official codes that are new.
type round struct {
	said  map[filing.Reference]answer
	codes map[filing.Reference]filing.Dossier
}

// note keeps an answer, unless a newer one is there.
func (a *answers) note(ref filing.Reference, is answer) {
	old := a.said[ref]
	if is.asked.Before(old.asked) {
		return
	}
	if is.status == "" {
		is.status = old.status
	}
	if a.said == nil {
		a.said = map[filing.Reference]answer{}
	}
	a.said[ref] = is
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
	way, st, log, said := b.opt.Portal, b.store, b.opt.Log, maps.Clone(a.said)
	a.task = beside(b, func(ctx context.Context) (round, error) {
		list, err := st.Awaited(ctx, config.PortalHTTP, now.Add(-awaitFor), mostAwaited)
		if err != nil {
			return round{}, err
		}
		slices.SortStableFunc(list, func(x, y filing.Filing) int { return said[x.Reference].asked.Compare(said[y.Reference].asked) })
		return askAll(ctx, way, st, log, list[:min(len(list), mostInRound)], now)
	})
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
	for ref, is := range r.said {
		a.note(ref, is)
	}
	if len(r.codes) == 0 {
		return
	}
	b.handing.counted = time.Time{}
	b.notice, b.noticeOf = "desk.notice.portal-codes", []any{len(r.codes)}
	if b.open != nil && b.open.filing.Dossier == "" {
		b.open.filing.Dossier = r.codes[b.open.filing.Reference]
	}
}

// askAll asks about one filing after the other. Of one that the portal does not know, or has otherwise, the others are still asked, and also after one
// of which it says nothing; after two of those, or the only one, or when it does not let this office in, it is left in peace.
func askAll(ctx context.Context, way portal.Way, st Store, log *slog.Logger, list []filing.Filing, now time.Time) (round, error) {
	r := round{map[filing.Reference]answer{}, map[filing.Reference]filing.Dossier{}}
	silent := 0
	for _, f := range list {
		receipt, err := way.Ask(ctx, st, f)
		r.said[f.Reference] = answer{receipt.Status, now}
		switch code := fault.CodeOf(err); {
		case err == nil:
			silent = 0
			if receipt.Dossier != "" && f.Dossier == "" {
				r.codes[f.Reference] = receipt.Dossier
			}
		case shutOut(err):
			return r, err
		case code == fault.PortalAnswer || code == fault.PortalRefused || code == fault.NotFound:
			silent = 0
			r.said[f.Reference] = answer{asked: now}
			log.Info("portal.round", "code", code, "err", err)
		default:
			r.said[f.Reference] = answer{asked: now}
			if silent++; silent == min(2, len(list)) {
				return r, err
			}
		}
	}
	return r, nil
}

// shutOut reports whether the portal does not let this office in: then it lets it in for no filing.
func shutOut(err error) bool {
	var refusal *portal.Refusal
	return errors.As(err, &refusal) && (refusal.Status == http.StatusUnauthorized || refusal.Status == http.StatusForbidden)
}

// ahead is what the portal says of a filing that the officer here still has to follow; "" if that is nothing.
func (b *Board) ahead(s store.Summary) portal.Status {
	if s.Status != filing.Filed && s.Status != filing.Received {
		return ""
	}
	switch status := b.handing.answers.said[s.Reference].status; status {
	case portal.New, portal.Accepted, portal.Processing:
		return ""
	default:
		return status
	}
}
