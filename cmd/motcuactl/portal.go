package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"motcua/cmd/internal/office"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/official"
	"motcua/kiosk/portal"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// printerOf is what bundles are made from, with the configuration.
func (t *tool) printerOf() (config.Config, official.Printer, error) {
	cfg, err := t.config()
	if err != nil {
		return cfg, official.Printer{}, err
	}
	printer, err := office.Printer(cfg)
	if err != nil {
		return cfg, printer, fault.New(fault.ConfigBad, err)
	}
	return cfg, printer, nil
}

// reader is what opening a filing needs of a store.
type reader interface {
	officers
	Get(ctx context.Context, number string) (filing.Filing, error)
	Read(ctx context.Context, number string, id *seal.Identity) (filing.Filing, error)
}

// opened signs the officer in and opens the filing of a number.
func (t *tool) opened(ctx context.Context, db reader, who signIn, number string) (filing.Filing, officer.Account, *seal.Identity, error) {
	if _, err := db.Get(ctx, number); err != nil {
		return filing.Filing{}, officer.Account{}, nil, err
	}
	a, id, err := who.identity(ctx, t, db)
	if err != nil {
		return filing.Filing{}, a, nil, err
	}
	f, err := db.Read(ctx, number, id)
	return f, a, id, err
}

// logTo is a log on standard error, for what takes a while.
func (t *tool) logTo() *slog.Logger { return slog.New(slog.NewTextHandler(t.errs, nil)) }

// portalSend hands a filing over in the way that is set.
func portalSend(ctx context.Context, t *tool, args []string) error {
	f := t.flags("portal send")
	data := f.String("data", "", "data directory")
	who := t.signInFlags(f)
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(operands) != 1 {
		return fault.Newf(fault.Usage, "name one reference")
	}
	cfg, printer, err := t.printerOf()
	if err != nil {
		return err
	}
	sender, err := portal.NewSender(cfg.Portal, t.logTo())
	if err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	filed, by, id, err := t.opened(ctx, db, who, operands[0])
	if err != nil {
		return err
	}
	if !by.Role.May(officer.Decide) {
		return fault.Newf(fault.SealWrong, "%s may not hand filings over", by.ID)
	}
	if filed.Status == filing.Withdrawn || filed.Status == filing.Refused {
		return fault.Newf(fault.DeskMove, "%s is %s: there is nothing to hand over", filed.Reference, filed.Status)
	}
	bundle, err := portal.Make(filed, printer, by.ID, id)
	if err != nil {
		return err
	}
	receipt, err := sender.Send(ctx, bundle)
	if err != nil {
		return t.refused(err)
	}
	sent := store.Handover{Target: cfg.Portal.Kind, Digest: bundle.Digest, Officer: by.ID}
	// Whoever interrupts now has a filing that left: that much is noted.
	if err := db.Sent(context.WithoutCancel(ctx), filed.Reference, sent, id); err != nil {
		return fmt.Errorf("handed over, and not noted (sending it again is harmless): %w", err)
	}
	if err := noteDossier(context.WithoutCancel(ctx), db, filed, receipt, store.Signer{ID: by.ID, Identity: id}); err != nil {
		return err
	}
	if sent, _, err = db.LastSent(ctx, filed.Reference); err != nil {
		return err
	}
	return t.receipt(filed.Reference, sent, &receipt, true)
}

// refused tells the officer in the portal's own words why it does not take a filing; logs never have them.
func (t *tool) refused(err error) error {
	var refusal *portal.Refusal
	if errors.As(err, &refusal) {
		for _, words := range []string{refusal.Title, refusal.Detail} {
			if words != "" {
				fmt.Fprintln(t.errs, words)
			}
		}
	}
	return err
}

// noteDossier keeps the official code, if the portal gave one that is not known yet; by signs for it, nobody where it was only asked for.
func noteDossier(ctx context.Context, db *store.Store, f filing.Filing, r portal.Receipt, by ...store.Signer) error {
	if r.Dossier == "" || r.Dossier == f.Dossier {
		return nil
	}
	return db.SetDossier(ctx, f.Reference, r.Dossier, by...)
}

// receipt writes what became of a filing; note: the portal's words too.
func (t *tool) receipt(ref filing.Reference, sent store.Handover, r *portal.Receipt, note bool) error {
	facts := []struct{ key, label, value string }{{"reference", "số", ref.String()}, {"target", "gửi bằng", sent.Target}, {"digest", "mã băm", sent.Digest},
		{"officer", "cán bộ", sent.Officer}, {"sent", "lúc", moment(sent.At)}}
	if r != nil {
		facts = append(facts, []struct{ key, label, value string }{{"status", "trạng thái", string(r.Status)}, {"taken", "Cổng nhận lúc", moment(r.Taken)},
			{"dossier", "mã hồ sơ", string(r.Dossier)}}...)
		if note {
			facts = append(facts, struct{ key, label, value string }{"note", "lời nhắn", r.Note})
		}
	}
	object := map[string]string{}
	w := &writer{w: t.out}
	for _, f := range facts {
		if f.value == "" {
			continue
		}
		if object[f.key] = f.value; !t.json {
			w.put("%-14s %s\n", f.label, f.value)
		}
	}
	if t.json {
		return t.line(object)
	}
	return w.err
}

func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339)
}

// portalStatus asks the portal where a filing stands, and notes the official code.
func portalStatus(ctx context.Context, t *tool, args []string) error {
	f := t.flags("portal status")
	data := f.String("data", "", "data directory")
	who := t.signInFlags(f)
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(operands) != 1 {
		return fault.Newf(fault.Usage, "name one reference")
	}
	cfg, err := t.config()
	if err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	filed, err := db.Get(ctx, operands[0])
	if err != nil {
		return err
	}
	if *who.as != "" { // only officers read what the portal writes about people
		if _, _, err := who.identity(ctx, t, db); err != nil {
			return err
		}
	}
	sent, there, err := db.LastSent(ctx, filed.Reference)
	if err != nil {
		return err
	}
	if cfg.Portal.Kind != config.PortalHTTP {
		if !there {
			return fault.Newf(fault.NotFound, "%s was not handed over", filed.Reference)
		}
		return t.receipt(filed.Reference, sent, nil, false)
	}
	receipt, err := t.ask(ctx, cfg.Portal, filed.Reference)
	if err != nil {
		return err
	}
	if there && receipt.Digest != sent.Digest {
		return fault.Newf(fault.PortalAnswer, "the portal has another bundle under this reference than was handed over")
	}
	if err := noteDossier(ctx, db, filed, receipt); err != nil {
		return err
	}
	return t.receipt(filed.Reference, sent, &receipt, *who.as != "")
}

// ask asks the portal's endpoint for the receipt of a filing.
func (t *tool) ask(ctx context.Context, cfg config.Portal, ref filing.Reference) (portal.Receipt, error) {
	sender, err := portal.NewSender(cfg, t.logTo())
	if err != nil {
		return portal.Receipt{}, err
	}
	endpoint, ok := sender.(*portal.HTTP)
	if !ok {
		return portal.Receipt{}, fault.Newf(fault.ConfigBad, "a directory gives no answers")
	}
	r, err := endpoint.Status(ctx, ref)
	if err != nil {
		return r, t.refused(err)
	}
	return r, nil
}

// portalShow lists the fields of a filing as an officer types them into the portal.
func portalShow(ctx context.Context, t *tool, args []string) error {
	f := t.flags("portal show")
	data := f.String("data", "", "data directory")
	who := t.signInFlags(f)
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(operands) != 1 {
		return fault.Newf(fault.Usage, "name one reference")
	}
	_, printer, err := t.printerOf()
	if err != nil {
		return err
	}
	db, err := t.openStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	filed, _, _, err := t.opened(ctx, db, who, operands[0])
	if err != nil {
		return err
	}
	lines, err := portal.Copy(filed, printer)
	if err != nil {
		return fault.New(fault.ConfigBad, err)
	}
	w := &writer{w: t.out}
	if !t.json {
		w.put("%s\t%s\n", filed.Procedure, filed.Dossier)
	}
	for _, l := range lines {
		if t.json {
			err = t.line(l)
		} else {
			w.put("%s\t%s\t%s\n", l.Item, l.Label, l.Value)
		}
		if err != nil {
			return err
		}
	}
	return w.err
}

// portalVerify verifies a bundle and says whether its key is of an officer of this office, or the one that was named.
func portalVerify(ctx context.Context, t *tool, args []string) error {
	f := t.flags("portal verify")
	data := f.String("data", "", "data directory with the officers' keys")
	key := f.String("key", "", "the officer's public key in base64, in place of a data directory")
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(operands) != 1 {
		return fault.Newf(fault.Usage, "name one bundle")
	}
	file, err := os.Open(operands[0])
	if err != nil {
		return fault.New(fault.Usage, err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, portal.MaxBundle+1))
	if err != nil {
		return fault.New(fault.Usage, err)
	}
	o, err := portal.Open(content)
	if err != nil {
		return err
	}
	known := *key != "" && o.SignedBy(*key)
	if *key == "" {
		if known, err = t.ofOffice(ctx, *data, o); err != nil {
			return err
		}
	}
	if err := t.bundle(o, known); err != nil {
		return err
	}
	if !known {
		return tell(fault.PortalBundle)
	}
	return nil
}

// ofOffice reports whether the officer whom a bundle names has the key that it names.
func (t *tool) ofOffice(ctx context.Context, data string, o *portal.Opened) (bool, error) {
	db, err := t.openStore(data)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer db.Close()
	all, err := db.Officers(ctx)
	for _, a := range all {
		if a.ID == o.Signature.Officer && o.SignedBy(a.Public.Verify) {
			return true, nil
		}
	}
	return false, err
}

// bundle describes a bundle without its answers.
func (t *tool) bundle(o *portal.Opened, known bool) error {
	m := o.Manifest
	if t.json {
		return t.line(map[string]any{"reference": m.Reference, "digest": o.Digest, "service": m.Service.ID, "procedure": m.Procedure,
			"filed": moment(m.Filed), "officer": o.Signature.Officer, "verify": o.Signature.Verify, "known": known, "files": m.Files})
	}
	w := &writer{w: t.out}
	w.put("%s  %s  %s\n%s\n%s  %s", m.Reference, m.Service.ID, moment(m.Filed), o.Digest, o.Signature.Officer, o.Signature.Verify)
	if !known {
		w.put("  (nobody's key here)")
	}
	w.put("\n")
	for _, f := range m.Files {
		w.put("%9d  %s\n", f.Size, f.Name)
	}
	return w.err
}
