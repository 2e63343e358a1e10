package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"motcua/assets"
	"motcua/cmd/internal/office"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
	"motcua/kiosk/text"
	"motcua/kiosk/trial"
)

// catalogue opens the services, with those of the office.
func (t *tool) catalogue() (config.Config, *service.Catalogue, error) {
	cfg, err := t.config()
	if err != nil {
		return cfg, nil, err
	}
	c, err := office.Catalogue(cfg)
	if err != nil {
		return cfg, nil, fault.New(fault.ConfigBad, err)
	}
	return cfg, c, nil
}

// sessionConfig is what a kiosk of this office would run on.
func (t *tool) sessionConfig() (*session.Config, error) {
	cfg, catalogue, err := t.catalogue()
	if err != nil {
		return nil, err
	}
	texts, err := text.Load(assets.FS, textFile)
	if err != nil {
		return nil, err
	}
	days, err := office.Calendar(cfg)
	if err != nil {
		return nil, fault.New(fault.ConfigBad, err)
	}
	places, err := office.Places(cfg)
	if err != nil {
		return nil, err
	}
	return &session.Config{
		Office:  session.Office{Name: cfg.Station.Office, Province: cfg.Station.Province, Station: cfg.Station.ID, Label: cfg.Station.Label, Waiting: -1},
		Commune: office.Commune(cfg), Province: cfg.Station.Province, Catalogue: catalogue, Texts: texts, Calendar: days, Places: places,
		Local: office.Local(cfg), Printer: true,
	}, nil
}

// formsCheck reads every service whole and names each mistake with its file and line.
func formsCheck(_ context.Context, t *tool, args []string) error {
	if _, err := parse(t.flags("forms check"), args); err != nil {
		return err
	}
	_, c, err := t.catalogue()
	if err != nil {
		return err
	}
	wrong := mistakes(c.Check())
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		return err
	}
	wrong = append(wrong, official.Check(c, shelf)...)
	for _, m := range wrong {
		if t.json {
			err = t.line(map[string]any{"file": m.File, "line": m.Line, "text": m.Text})
		} else {
			_, err = fmt.Fprintln(t.out, m.Error())
		}
		if err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		return tell(fault.ConfigBad)
	}
	if !t.json {
		fmt.Fprintf(t.out, "%d services, no mistakes\n", len(c.All()))
	}
	return nil
}

// mistakes takes a joined error apart.
func mistakes(err error) []service.Mistake {
	var list []service.Mistake
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			var m service.Mistake
			if errors.As(e, &m) {
				list = append(list, m)
			}
		}
	}
	return list
}

// formsList lists the services in force, or those that a search finds.
func formsList(_ context.Context, t *tool, args []string) error {
	f := t.flags("forms list")
	day := f.String("on", "", "in force on this day, YYYY-MM-DD; today if left out")
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	cfg, c, err := t.catalogue()
	if err != nil {
		return err
	}
	on, err := dayOf(*day)
	if err != nil {
		return err
	}
	heads := c.On(on)
	if len(operands) > 0 {
		heads = c.Find(strings.Join(operands, " "), on, len(heads))
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, h := range heads {
		where := "quầy"
		if svc, ok := c.Get(h.ID, on); ok && svc.Filed(office.Local(cfg)) {
			where = "ki-ốt"
		}
		if t.json {
			err = t.line(map[string]any{"id": h.ID, "version": h.Version, "procedure": h.Procedure, "name": h.Name, "group": h.Group, "filed": where == "ki-ốt"})
		} else {
			_, err = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", h.ID, h.Procedure, where, h.Name)
		}
		if err != nil {
			return err
		}
	}
	return w.Flush()
}

func dayOf(s string) (identity.Date, error) {
	if s == "" {
		return identity.DateOf(time.Now()), nil
	}
	d, err := identity.ParseDate(s)
	if err != nil {
		return d, fault.Newf(fault.Usage, "%q is no day", s)
	}
	return d, nil
}

// get finds the one service that is named.
func get(c *service.Catalogue, operands []string, on identity.Date) (*service.Service, error) {
	if len(operands) == 0 {
		return nil, fault.Newf(fault.Usage, "name a service")
	}
	svc, ok := c.Get(operands[0], on)
	if !ok {
		return nil, fault.Newf(fault.NotFound, "no service %q is in force on that day", operands[0])
	}
	return svc, nil
}

// formsDoubts prints what an office has to confirm.
func formsDoubts(_ context.Context, t *tool, args []string) error {
	if _, err := parse(t.flags("forms doubts"), args); err != nil {
		return err
	}
	cfg, c, err := t.catalogue()
	if err != nil {
		return err
	}
	write := func(of, doubt string) error {
		if t.json {
			return t.line(map[string]string{"of": of, "doubt": doubt})
		}
		_, err := fmt.Fprintf(t.out, "%s: %s\n", of, doubt)
		return err
	}
	for _, svc := range c.All() {
		for _, d := range svc.Doubts {
			if err := write(svc.ID, d); err != nil {
				return err
			}
		}
	}
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		return err
	}
	for _, f := range shelf.All() {
		for _, d := range f.Layout().Doubts {
			if err := write(f.Layout().ID, d); err != nil {
				return err
			}
		}
	}
	days, err := office.Calendar(cfg)
	if err != nil {
		return fault.New(fault.ConfigBad, err)
	}
	for _, d := range days.Doubts() {
		if err := write("calendar", d); err != nil {
			return err
		}
	}
	return nil
}

// attempt is the file of forms try: a person and what is answered.
type attempt struct {
	Person  identity.Person                    `json:"person"`
	Case    string                             `json:"case"`
	Answers map[form.FieldID][]string          `json:"answers"`
	Others  map[form.FieldID][]identity.Person `json:"others"`
}

// maxAttempt is how large that file may be.
const maxAttempt = 1 << 20

// formsTry files a service with the answers of a file, and shows what a citizen and an officer would see.
func formsTry(_ context.Context, t *tool, args []string) error {
	f := t.flags("forms try")
	at := f.String("at", "", "when: 2026-11-25T09:00; now if left out")
	pdf := f.String("pdf", "", "directory for the printed forms")
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	cfg, err := t.sessionConfig()
	if err != nil {
		return err
	}
	now, err := momentOf(*at)
	if err != nil {
		return err
	}
	svc, err := get(cfg.Catalogue, operands, identity.DateOf(now))
	if err != nil {
		return err
	}
	citizen, err := answering(svc, operands[1:])
	if err != nil {
		return err
	}
	run, err := trial.Play(cfg, svc.ID, citizen, now)
	if err != nil {
		t.told(run)
		return fault.New(fault.ConfigBad, err)
	}
	printed, err := t.printer(cfg).Forms(run.Filing, identity.DateOf(now))
	if err != nil {
		return err
	}
	if *pdf != "" {
		if err := writeForms(*pdf, printed); err != nil {
			return err
		}
	}
	if t.json {
		return t.line(map[string]any{"filing": run.Filing, "effort": run.Effort, "slip": run.Slip})
	}
	t.told(run)
	return t.outcome(svc, run, printed)
}

// answering reads the file; without one it is the standard persona.
func answering(svc *service.Service, operands []string) (trial.Citizen, error) {
	citizen := trial.For(svc, trial.Usual())
	if len(operands) == 0 {
		return citizen, nil
	}
	info, err := os.Stat(operands[0])
	if err != nil || info.Size() > maxAttempt {
		return citizen, fault.Newf(fault.Usage, "%s is not there, or too large", operands[0])
	}
	data, err := os.ReadFile(operands[0])
	if err != nil {
		return citizen, fault.New(fault.Usage, err)
	}
	var a attempt
	if err := json.Unmarshal(data, &a); err != nil {
		return citizen, fault.New(fault.Usage, err)
	}
	if a.Person.Number != "" {
		citizen.Person = a.Person
	}
	if a.Case != "" {
		citizen.Case = a.Case
	}
	if a.Answers != nil {
		citizen.Answers = a.Answers
	}
	if a.Others != nil {
		citizen.Others = a.Others
	}
	return citizen, nil
}

func momentOf(s string) (time.Time, error) {
	if s == "" {
		return time.Now(), nil
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", s, time.Local)
	if err != nil {
		return at, fault.Newf(fault.Usage, "%q is no time", s)
	}
	return at, nil
}

func (t *tool) printer(cfg *session.Config) official.Printer {
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		shelf = &paper.Shelf{}
	}
	return official.Printer{Catalogue: cfg.Catalogue, Shelf: shelf, Office: official.Office{Name: cfg.Office.Name,
		Parent: "Công an " + cfg.Province, Commune: cfg.Commune, Province: cfg.Province}}
}

func writeForms(dir string, printed []official.Printed) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fault.New(fault.Usage, err)
	}
	for _, p := range printed {
		if err := writePrivateOver(filepath.Join(dir, p.Form+".pdf"), p.PDF); err != nil {
			return fault.New(fault.Usage, err)
		}
	}
	return nil
}
