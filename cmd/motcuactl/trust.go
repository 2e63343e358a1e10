package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"motcua/devices/card/emrtd/trust"
	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/station"
	"motcua/kiosk/store"
)

// maxImport is the largest file that trust add and card verify take, in bytes.
const maxImport = 16 << 20

// openTrust opens what the station trusts. data "" is the directory of the configuration.
func (t *tool) openTrust(data string) (*trust.Store, error) {
	dir, err := t.dataDir(data)
	if err != nil {
		return nil, err
	}
	return station.OpenTrust(dir)
}

// readFile reads a file that an operator names.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fault.New(fault.NotFound, err)
	}
	if info.Size() > maxImport {
		return nil, fault.Newf(fault.Usage, "%s has %d bytes", path, info.Size())
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.New(fault.NotFound, err)
	}
	return raw, nil
}

// truster is who changes what is trusted, and the store that notes it; none where nobody works yet.
type truster struct {
	db *store.Store
	by store.Signer
}

// truster signs a head in, where there are officers: what a kiosk believes of a chip is theirs to say. On a machine that is being set up there are none.
func (t *tool) truster(ctx context.Context, data string, who signIn) (truster, error) {
	dir, err := t.dataDir(data)
	if err != nil {
		return truster{}, err
	}
	r, err := store.OpenReadOnly(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return truster{}, nil
	}
	if err != nil {
		return truster{}, err
	}
	all, err := r.Officers(ctx)
	if err = errors.Join(err, r.Close()); err != nil || len(all) == 0 {
		return truster{}, err
	}
	db, err := t.writeStore(data)
	if err != nil {
		return truster{}, err
	}
	a, id, err := who.identity(ctx, t, db)
	if err == nil && !a.Role.May(officer.SetTrust) {
		err = fault.Newf(fault.SealWrong, "%s may not change what is trusted", a.ID)
	}
	if err != nil {
		return truster{}, errors.Join(err, db.Close())
	}
	return truster{db, store.Signer{ID: a.ID, Identity: id}}, nil
}

// note journals what was added or removed.
func (t truster) note(ctx context.Context, what store.Kind, e *trust.Entry) error {
	if t.db == nil {
		return nil
	}
	return t.db.NoteTrust(ctx, what, e.Fingerprint, string(e.Kind), e.Vouched, t.by)
}

func (t truster) close() {
	if t.db != nil {
		_ = t.db.Close()
	}
}

// trustAdd imports one file. What cannot be journaled is taken out again.
func trustAdd(ctx context.Context, t *tool, args []string) error {
	f := t.flags("trust add")
	data := f.String("data", "", "data directory")
	who := t.signInFlags(f)
	operands, err := parseWant(f, args, 1, "name one file")
	if err != nil {
		return err
	}
	raw, err := readFile(operands[0])
	if err != nil {
		return err
	}
	by, err := t.truster(ctx, *data, who)
	if err != nil {
		return err
	}
	defer by.close()
	trusted, err := t.openTrust(*data)
	if err != nil {
		return err
	}
	in, err := trusted.Import(raw)
	if err != nil {
		return importFault(err)
	}
	for i, e := range in.Added {
		if err := by.note(ctx, store.TrustAdded, e); err != nil {
			for _, e := range in.Added[i:] {
				_, undone := trusted.Remove(e.Fingerprint)
				err = errors.Join(err, undone)
			}
			return err
		}
	}
	if t.json {
		return t.line(map[string]any{"added": len(in.Added), "known": in.Known, "left": in.Left, "vouched": in.Vouched})
	}
	fmt.Fprintf(t.out, "%d added, %d known already\nvouched for by %s\n", len(in.Added), in.Known, in.Vouched)
	for _, why := range in.Left {
		fmt.Fprintf(t.out, "left out: %s\n", why)
	}
	return nil
}

// importFault gives a refused import its code: what does not hold is forged, as far as anybody can tell.
func importFault(err error) error {
	if errors.Is(err, trust.ErrNotImported) {
		return fault.New(fault.CardForged, err)
	}
	return fault.New(fault.StoreFailed, err)
}

// trustEntry is a line of trust list.
type trustEntry struct {
	Kind        trust.Kind `json:"kind"`
	Fingerprint string     `json:"fingerprint"`
	Subject     string     `json:"subject"`
	Country     string     `json:"country,omitempty"`
	From        string     `json:"from,omitempty"`
	Until       string     `json:"until,omitempty"`
	Key         string     `json:"key,omitempty"`
	Vouched     string     `json:"vouched"`
	Added       string     `json:"added,omitempty"`
}

func describeEntry(e *trust.Entry) trustEntry {
	out := trustEntry{Kind: e.Kind, Fingerprint: e.Fingerprint, Vouched: e.Vouched}
	if !e.BuiltIn() {
		out.Added = e.Added.Format(time.RFC3339)
	}
	switch {
	case e.Certificate != nil:
		c := e.Certificate
		out.Subject, out.Country, out.Key = c.Subject.String(), c.Subject.Country(), c.KeyName()
		out.From, out.Until = c.NotBefore.Format(time.DateOnly), c.NotAfter.Format(time.DateOnly)
	case e.CRL != nil:
		out.Subject, out.Country = e.CRL.Issuer.String(), e.CRL.Issuer.Country()
		out.From = e.CRL.ThisUpdate.Format(time.DateOnly)
		if !e.CRL.NextUpdate.IsZero() {
			out.Until = e.CRL.NextUpdate.Format(time.DateOnly)
		}
	}
	return out
}

// trustList lists what is trusted.
func trustList(_ context.Context, t *tool, args []string) error {
	f := t.flags("trust list")
	data := f.String("data", "", "data directory")
	if _, err := parse(f, args); err != nil {
		return err
	}
	trusted, err := t.openTrust(*data)
	if err != nil {
		return err
	}
	for _, e := range trusted.Entries() {
		line := describeEntry(e)
		if t.json {
			err = t.line(line)
		} else {
			const shown = 16 // hexadecimal digits are enough to name an entry
			_, err = fmt.Fprintf(t.out, "%s  %-4s %-2s  %s to %s  %-16s %s\n%18svouched for by %s\n", line.Fingerprint[:shown],
				line.Kind, line.Country, line.From, line.Until, line.Key, line.Subject, "", line.Vouched)
		}
		if err != nil {
			return err
		}
	}
	for _, what := range trusted.Faults() {
		fmt.Fprintf(t.errs, "trust.json: %s\n", what)
	}
	return nil
}

// trustRemove takes one entry away.
func trustRemove(ctx context.Context, t *tool, args []string) error {
	f := t.flags("trust remove")
	data := f.String("data", "", "data directory")
	who := t.signInFlags(f)
	operands, err := parseWant(f, args, 1, "name one fingerprint, or how it begins")
	if err != nil {
		return err
	}
	by, err := t.truster(ctx, *data, who)
	if err != nil {
		return err
	}
	defer by.close()
	trusted, err := t.openTrust(*data)
	if err != nil {
		return err
	}
	e, err := trusted.Remove(operands[0])
	if errors.Is(err, trust.ErrNotFound) {
		return fault.New(fault.NotFound, err)
	}
	if err != nil {
		return fault.New(fault.StoreFailed, err)
	}
	if err := by.note(ctx, store.TrustRemoved, e); err != nil {
		_, undone := trusted.Import(e.Raw)
		return errors.Join(err, undone)
	}
	line := describeEntry(e)
	if t.json {
		return t.line(map[string]any{"removed": line})
	}
	_, err = fmt.Fprintf(t.out, "removed %s  %s\n", line.Fingerprint, line.Subject)
	return err
}
