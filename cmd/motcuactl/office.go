package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"motcua/devices/voice"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/setting"
	"motcua/kiosk/station"
	"motcua/kiosk/store"
)

// officeShow shows what a head decided for the office, and what holds with it here.
func officeShow(ctx context.Context, t *tool, args []string) error {
	f := t.flags("office show")
	data := f.String("data", "", "data directory")
	if _, err := parse(f, args); err != nil {
		return err
	}
	cfg, err := t.config()
	if err != nil {
		return err
	}
	db, err := t.openStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	all, err := db.Settings(ctx)
	if err != nil {
		return err
	}
	o, wrong := store.SetOf(all).Over(cfg)
	if wrong != nil {
		fmt.Fprintf(t.errs, "left out: %v\n", wrong)
	}
	if t.json {
		return t.line(officeLine(o, all))
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t%s\n", setting.Hours, setting.HoursValue(o.Config.Hours))
	fmt.Fprintf(w, "%s\t%s\n", setting.Voice, voiceOf(o))
	fmt.Fprintf(w, "services off\t%s\n", o.Config.Services.Off)
	for _, d := range o.Closed {
		fmt.Fprintf(w, "%s\t%s\n", setting.Closed(d.Day), d.Name)
	}
	if len(all) > 0 {
		fmt.Fprintln(w, "\ndecided:")
	}
	for _, one := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", one.Name, one.Value, one.Officer, one.At.Format(time.DateTime))
	}
	return w.Flush()
}

// voiceOf is the voice as it is set.
func voiceOf(o setting.Office) string {
	if o.Config.Voice.Pack != "" {
		return setting.PackPrefix + o.Config.Voice.Pack
	}
	return o.Config.Voice.Language
}

// officeLine is what office show says to programs.
func officeLine(o setting.Office, all []store.Setting) map[string]any {
	type day struct {
		Day  identity.Date `json:"day"`
		Name string        `json:"name"`
	}
	closed := []day{}
	for _, d := range o.Closed {
		closed = append(closed, day{d.Day, d.Name})
	}
	if all == nil {
		all = []store.Setting{}
	}
	h := o.Config.Hours
	return map[string]any{"hours": map[string]string{"morning": h.Morning, "afternoon": h.Afternoon, "saturday": h.Saturday}, "voice": voiceOf(o),
		"off": append([]string{}, strings.Fields(o.Config.Services.Off)...), "closed": closed, "decided": all}
}

// officeSet keeps decisions of a head.
func officeSet(ctx context.Context, t *tool, args []string) error {
	f := t.flags("office set")
	data := f.String("data", "", "data directory")
	who := t.signInFlags(f)
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(operands) == 0 {
		return fault.Newf(fault.Usage, "name what is set: hours='07:30-11:30 13:30-17:00 morning', closed.2026-12-24=REASON, service.ID=on or off, voice=NAME; nothing after = leaves it to the file")
	}
	set := setting.Set{}
	for _, one := range operands {
		name, value, ok := strings.Cut(one, "=")
		if !ok {
			return fault.Newf(fault.Usage, "%q has no =", one)
		}
		set[setting.Name(name)] = value
	}
	if err := t.mayKnow(set); err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	a, id, err := who.identity(ctx, t, db)
	if err != nil {
		return err
	}
	return db.Set(ctx, set, store.Signer{ID: a.ID, Identity: id})
}

// mayKnow refuses a service that no catalogue has: it is a slip of the pen. Taking a decision back is always right.
func (t *tool) mayKnow(set setting.Set) error {
	_, catalogue, err := t.catalogue()
	if err != nil {
		return err
	}
	known := map[setting.Name]bool{}
	for _, h := range catalogue.On(identity.DateOf(time.Now())) {
		known[setting.Service(h.ID)] = true
	}
	for name, value := range set {
		if strings.HasPrefix(string(name), string(setting.Service(""))) && value != "" && !known[name] {
			return fault.Newf(fault.Usage, "there is no service %s", strings.TrimPrefix(string(name), string(setting.Service(""))))
		}
	}
	return nil
}

// officeVoices lists the voices that can be chosen.
func officeVoices(ctx context.Context, t *tool, args []string) error {
	f := t.flags("office voices")
	data := f.String("data", "", "data directory")
	if _, err := parse(f, args); err != nil {
		return err
	}
	dir, err := t.dataDir(*data)
	if err != nil {
		return err
	}
	all, err := station.Voices(ctx, dir)
	if err != nil {
		return fault.New(fault.StoreFailed, err)
	}
	for _, k := range all {
		name := k.Name
		if k.Pack {
			name = setting.PackPrefix + name
		}
		if t.json {
			line := map[string]any{"voice": name, "title": k.Title}
			if k.Pack {
				line["sentences"], line["lacking"] = k.Records, k.Lacking
			}
			if k.Wrong != nil {
				line["wrong"] = k.Wrong.Error()
			}
			err = t.line(line)
		} else {
			_, err = fmt.Fprintf(t.out, "%-20s %s%s\n", name, k.Title, recordsOf(k))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// recordsOf is what is to be said of recordings.
func recordsOf(k voice.Known) string {
	switch {
	case k.Wrong != nil:
		return "  (" + k.Wrong.Error() + ")"
	case k.Lacking > 0:
		return fmt.Sprintf("  (%d sentences, %d files are not there)", k.Records, k.Lacking)
	case k.Pack:
		return fmt.Sprintf("  (%d sentences)", k.Records)
	}
	return ""
}
