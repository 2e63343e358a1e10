package portal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/official"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// Way is how one office hands its filings over: the desk and motcuactl do it the same way.
type Way struct {
	Kind    string // one of config.PortalNone, PortalDirectory, PortalHTTP
	Sender  Sender // nil: officers type filings into the portal
	Printer official.Printer
}

// NewWay is the Way that is set. An error is fault.ConfigBad.
func NewWay(c config.Portal, p official.Printer, log *slog.Logger) (Way, error) {
	w := Way{Kind: c.Kind, Printer: p}
	if c.Kind == config.PortalNone {
		return w, nil
	}
	var err error
	w.Sender, err = NewSender(c, log)
	return w, err
}

// Journal is what a Way needs of the disk; kiosk/store has it.
type Journal interface {
	Sent(ctx context.Context, ref filing.Reference, h store.Handover, by *seal.Identity) error
	NotSent(ctx context.Context, ref filing.Reference, a store.Attempt) error
	LastSent(ctx context.Context, ref filing.Reference) (store.Handover, bool, error)
	SetDossier(ctx context.Context, ref filing.Reference, code filing.Dossier, by ...store.Signer) error
	Pictures(ctx context.Context, ref filing.Reference, id *seal.Identity) ([]filing.Picture, error)
}

// Sends reports whether a filing of this status can be handed over at all: what was refused or withdrawn is nothing for the portal.
func Sends(s filing.Status) bool { return s != filing.Withdrawn && s != filing.Refused }

// Send hands over a filing that an officer has opened, and notes in the journal that it did, or that it failed and why; and the official code, if
// the portal gave one. Doing it again is harmless: then what was handed over first goes again, without pictures of papers that came since. Besides the errors of the Sender there are fault.SealWrong if the officer may not decide,
// fault.DeskMove if there is nothing to hand over, and those of the Journal: then the filing left, and that is not noted.
func (w Way) Send(ctx context.Context, j Journal, f filing.Filing, by officer.Account, key *seal.Identity) (Receipt, store.Handover, error) {
	sent := store.Handover{Target: w.Kind, Officer: by.ID}
	switch {
	case w.Sender == nil:
		return Receipt{}, sent, fault.Newf(fault.ConfigBad, "portal: no way to hand filings over is set: [portal] kind")
	case !by.Role.May(officer.Decide):
		return Receipt{}, sent, fault.Newf(fault.SealWrong, "%s may not hand filings over", by.ID)
	case !Sends(f.Status):
		return Receipt{}, sent, fault.Newf(fault.DeskMove, "%s is %s: there is nothing to hand over", f.Reference, f.Status)
	}
	before, there, err := j.LastSent(ctx, f.Reference)
	if err != nil {
		return Receipt{}, sent, err
	}
	there = there && before.Target == w.Kind
	pictures, err := j.Pictures(ctx, f.Reference, key)
	if err != nil {
		return Receipt{}, sent, err
	}
	var papers []filing.Picture
	for _, p := range pictures {
		if !there || p.At.Before(before.At) { // again is what was handed over, and not what came since
			papers = append(papers, p)
		}
	}
	bundle, err := Make(f, papers, w.Printer, by.ID, key)
	if err != nil {
		return Receipt{}, sent, err
	}
	if there {
		bundle.Earlier = before.Digest
	}
	// Whoever interrupts now has a filing that left, or may have left: that much is noted.
	note := context.WithoutCancel(ctx)
	receipt, err := w.Sender.Send(ctx, bundle)
	if has := w.withFewer(err, f, papers, by.ID, key); has != "" {
		bundle.Earlier = has
		receipt, err = w.Sender.Send(ctx, bundle)
	}
	if err != nil {
		return Receipt{}, sent, errors.Join(err, w.failed(note, j, f.Reference, by.ID, err))
	}
	sent.Digest = receipt.Digest // of what they have there
	if err := j.Sent(note, f.Reference, sent, key); err != nil {
		return receipt, sent, fmt.Errorf("handed over, and not noted (sending it again is harmless): %w", err)
	}
	if err := noteDossier(note, j, f, receipt, store.Signer{ID: by.ID, Identity: key}); err != nil {
		return receipt, sent, err
	}
	sent, _, err = j.LastSent(note, f.Reference)
	return receipt, sent, err
}

// withFewer is the digest of what they have there in place of a filing that was refused for that, if it is the same filing with fewer pictures: it left
// and nobody could note it, and papers were scanned since. "" if it is something else.
func (w Way) withFewer(err error, f filing.Filing, papers []filing.Picture, officer string, key *seal.Identity) string {
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.digest == "" {
		return ""
	}
	for n := len(papers) - 1; n >= 0; n-- {
		if b, err := Make(f, papers[:n], w.Printer, officer, key); err == nil && b.Digest == refusal.digest {
			return b.Digest
		}
	}
	return ""
}

func (w Way) failed(ctx context.Context, j Journal, ref filing.Reference, by string, err error) error {
	a := store.Attempt{Target: w.Kind, Code: fault.CodeOf(err), Officer: by}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		a.Problem = refusal.Type
	}
	return j.NotSent(ctx, ref, a)
}

// Ask asks the portal where a filing stands, of which only what stands in the open is needed, and notes the official code. The errors are
// those of HTTP.Status, fault.ConfigBad if nobody answers in the way that is set, and fault.PortalAnswer if the portal has another bundle under
// the reference than was handed over.
func (w Way) Ask(ctx context.Context, j Journal, f filing.Filing) (Receipt, error) {
	endpoint, ok := w.Sender.(*HTTP)
	if !ok {
		return Receipt{}, fault.Newf(fault.ConfigBad, "portal: %s gives no answers", w.Kind)
	}
	receipt, err := endpoint.Status(ctx, f.Reference)
	if err != nil {
		return receipt, err
	}
	sent, there, err := j.LastSent(ctx, f.Reference)
	switch {
	case err != nil:
		return receipt, err
	case there && receipt.Digest != sent.Digest:
		return receipt, fault.Newf(fault.PortalAnswer, "portal: it has another bundle under this reference than was handed over")
	}
	return receipt, noteDossier(context.WithoutCancel(ctx), j, f, receipt)
}

// Asks reports whether somebody answers Ask.
func (w Way) Asks() bool {
	_, ok := w.Sender.(*HTTP)
	return ok
}

// noteDossier keeps the official code, if the portal gave one and none is known: what an officer noted stays. by signs for it, nobody where it was only
// asked for.
func noteDossier(ctx context.Context, j Journal, f filing.Filing, r Receipt, by ...store.Signer) error {
	if r.Dossier == "" || f.Dossier != "" {
		return nil
	}
	return j.SetDossier(ctx, f.Reference, r.Dossier, by...)
}

// Ended reports whether nothing more is to be expected of a status.
func (s Status) Ended() bool {
	return s == NotAccepted || s == Withdrawn || s == Stopped || s == Returned
}
