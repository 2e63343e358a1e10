package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"motcua/kiosk/citizen"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/steward"
	"motcua/kiosk/store"
)

// Kinds of entries about what people ask of their own data. They do not say who asked.
const (
	citizenExported = "citizen.exported" // detail officer, filings, shut
	citizenErased   = "citizen.erased"   // detail officers, destroyed, left
)

// citizenNumber is the one operand of both commands: a number, or - to read it from standard input, where nobody else sees it.
func (t *tool) citizenNumber(operands []string) (identity.Number, error) {
	if len(operands) != 1 {
		return "", fault.Newf(fault.Usage, "name one personal number, or - for standard input")
	}
	text := operands[0]
	if text == "-" {
		var err error
		if text, err = t.readPIN("-", ""); err != nil {
			return "", err
		}
	}
	n, err := identity.ParseNumber(text)
	if err != nil {
		return "", fault.New(fault.Usage, err)
	}
	return n, nil
}

// citizenExport writes all that the office holds of somebody.
func citizenExport(ctx context.Context, t *tool, args []string) error {
	f := t.flags("citizen export")
	data := f.String("data", "", "data directory")
	out := f.String("out", "", "file to write, a zip")
	who := t.signInFlags(f)
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	number, err := t.citizenNumber(operands)
	if err == nil && *out == "" {
		err = fault.Newf(fault.Usage, "say where it goes: --out FILE")
	}
	if err != nil {
		return err
	}
	_, printer, err := t.printerOf()
	if err != nil {
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
	if !a.Role.May(officer.ReadFilings) {
		return fault.Newf(fault.SealWrong, "%s may not read filings", a.ID)
	}
	index, err := t.export(ctx, db, *out, citizen.Request{Number: number, Officer: a.ID, Key: id, Printer: printer, Now: time.Now()})
	if err != nil {
		return err
	}
	if t.json {
		return t.line(map[string]int{"filings": len(index.Filings), "shut": index.Shut})
	}
	if _, err = fmt.Fprintf(t.out, "%d filings\n", len(index.Filings)); err == nil && index.Shut > 0 {
		_, err = fmt.Fprintf(t.out, "%d more cannot be opened by %s: whose they are is not known\n", index.Shut, a.ID)
	}
	return err
}

// export writes the file and notes it; without the note there is no file.
func (t *tool) export(ctx context.Context, db *store.Store, path string, q citizen.Request) (citizen.Index, error) {
	const ownerOnly = 0o600
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownerOnly)
	if err != nil {
		return citizen.Index{}, fault.New(fault.Usage, err)
	}
	index, err := citizen.Export(ctx, file, db, q)
	if err == nil {
		err = db.Note(ctx, citizenExported, map[string]string{"officer": q.Officer, "filings": strconv.Itoa(len(index.Filings)), "shut": strconv.Itoa(index.Shut)})
	}
	if closed := errors.Join(file.Sync(), file.Close()); err == nil && closed != nil {
		err = fault.New(fault.StoreFailed, closed)
	}
	if err != nil {
		return index, errors.Join(err, os.Remove(path))
	}
	return index, nil
}

// citizenErase destroys what may be of somebody's filings, with two officers, and says why the rest stays.
func citizenErase(ctx context.Context, t *tool, args []string) error {
	f := t.flags("citizen erase")
	data := f.String("data", "", "data directory")
	reason := f.String("reason", "", "why, without anybody's name or number: it stands in the journal for ever")
	law := f.String("law", "", "the law by which what ended is erased before its term is over; both officers answer for it")
	first, second := t.signInFlags(f), t.secondFlags(f)
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	number, err := t.citizenNumber(operands)
	if err != nil {
		return err
	}
	why := strings.TrimSpace(*reason)
	if *law != "" {
		why += " (" + *law + ")"
	}
	if err := store.CheckReason(why); err != nil {
		return err
	}
	_, c, err := t.catalogue()
	if err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	by, err := t.together(ctx, db, first, second)
	if err != nil {
		return err
	}
	list, held, err := citizen.Judge(ctx, db, citizen.Request{Number: number, Key: by[0].Identity, Now: time.Now()}, steward.Until(c))
	if err != nil {
		return err
	}
	var gone []filing.Reference
	for _, j := range list {
		if j.Fate == citizen.Erasable || *law != "" && j.ByLaw() {
			gone = append(gone, j.Reference)
		}
	}
	n, err := db.Destroy(ctx, gone, why, by...)
	if err != nil {
		return err
	}
	if err := db.Note(ctx, citizenErased, map[string]string{"officers": by[0].ID + " " + by[1].ID, "destroyed": strconv.Itoa(n),
		"left": strconv.Itoa(len(list) - len(gone))}); err != nil {
		return err
	}
	return t.fates(list, gone, held.Shut)
}

// fateWords say why a filing stays.
var fateWords = map[citizen.Fate]string{
	citizen.Running: "stays: it has not ended", citizen.Unknown: "stays: how long the law has it kept is not known here (keep.yaml, or --law)",
	citizen.Others: "stays: somebody else filed it", citizen.Kept: "stays: the law has it kept until ",
}

// fates writes what became of each filing, and how many nobody could look into.
func (t *tool) fates(list []citizen.Judged, gone []filing.Reference, shut int) error {
	destroyed := map[filing.Reference]bool{}
	for _, ref := range gone {
		destroyed[ref] = true
	}
	w := &writer{w: t.out}
	for _, j := range list {
		fate, words := string(j.Fate), fateWords[j.Fate]
		if destroyed[j.Reference] {
			fate, words = "destroyed", "destroyed"
		} else if j.Fate == citizen.Kept {
			words += j.Until.Format(time.DateOnly)
		}
		if !t.json {
			w.put("%-26s %-16s %-10s %s\n", j.Reference, j.Service, j.Status, words)
			continue
		}
		line := map[string]any{"reference": j.Reference, "service": j.Service, "status": j.Status, "fate": fate}
		if fate == string(citizen.Kept) {
			line["until"] = moment(j.Until)
		}
		if err := t.line(line); err != nil {
			return err
		}
	}
	switch {
	case shut > 0 && t.json:
		return t.line(map[string]int{"shut": shut})
	case shut > 0:
		w.put("%d more cannot be opened by the first officer: whose they are is not known\n", shut)
	}
	return w.err
}
