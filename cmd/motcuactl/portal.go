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

// looks opens the filing of a number for an officer to look at, and notes it; without the note nothing is shown.
func (t *tool) looks(ctx context.Context, data string, who signIn, number string) (filing.Filing, error) {
	there, err := t.openStore(data) // which makes none
	if err != nil {
		return filing.Filing{}, err
	}
	_, err = there.Get(ctx, number)
	if err = errors.Join(err, there.Close()); err != nil {
		return filing.Filing{}, err
	}
	db, err := t.writeStore(data)
	if err != nil {
		return filing.Filing{}, err
	}
	defer db.Close()
	f, by, _, err := t.opened(ctx, db, who, number)
	if err == nil {
		err = db.NoteRead(ctx, f.Reference, by.ID)
	}
	if err != nil {
		return filing.Filing{}, err
	}
	return f, nil
}

// logTo is a log on standard error, for what takes a while.
func (t *tool) logTo() *slog.Logger { return slog.New(slog.NewTextHandler(t.errs, nil)) }

// portalSend hands a filing over in the way that is set.
func portalSend(ctx context.Context, t *tool, args []string) error {
	f := t.flags("portal send")
	data := f.String("data", "", "data directory")
	who := t.signInFlags(f)
	operands, err := parseWant(f, args, 1, "name one reference")
	if err != nil {
		return err
	}
	cfg, printer, err := t.printerOf()
	if err != nil {
		return err
	}
	way, err := portal.NewWay(cfg.Portal, printer, t.logTo())
	if err != nil {
		return err
	}
	if way.Sender == nil {
		return fault.Newf(fault.ConfigBad, "no way to hand filings over is set: [portal] kind")
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
	receipt, sent, err := way.Send(ctx, db, filed, by, id)
	if err != nil {
		return t.refused(err)
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
	operands, err := parseWant(f, args, 1, "name one reference")
	if err != nil {
		return err
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
	way, err := portal.NewWay(cfg.Portal, official.Printer{}, t.logTo())
	if err != nil {
		return err
	}
	receipt, err := way.Ask(ctx, db, filed)
	if err != nil {
		return t.refused(err)
	}
	return t.receipt(filed.Reference, sent, &receipt, *who.as != "")
}

// portalShow lists the fields of a filing as an officer types them into the portal.
func portalShow(ctx context.Context, t *tool, args []string) error {
	f := t.flags("portal show")
	data := f.String("data", "", "data directory")
	who := t.signInFlags(f)
	operands, err := parseWant(f, args, 1, "name one reference")
	if err != nil {
		return err
	}
	_, printer, err := t.printerOf()
	if err != nil {
		return err
	}
	filed, err := t.looks(ctx, *data, who, operands[0])
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
	operands, err := parseWant(f, args, 1, "name one bundle")
	if err != nil {
		return err
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
