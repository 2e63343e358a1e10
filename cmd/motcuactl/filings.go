package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/store"
)

// openStore opens the store for reading: a kiosk may be working on it.
func (t *tool) openStore(data string) (*store.Reader, error) {
	t.data = data
	dir, err := t.dataDir(data)
	if err != nil {
		return nil, err
	}
	db, err := store.OpenReadOnly(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, err)
	}
	return db, err
}

// filingsList lists what was filed, newest first, without a person's data.
func filingsList(ctx context.Context, t *tool, args []string) error {
	f := t.flags("filings list")
	data := f.String("data", "", "data directory")
	const usual = 100
	limit := f.Int("limit", usual, "how many at the most")
	if _, err := parse(f, args); err != nil {
		return err
	}
	db, err := t.openStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	all, err := db.List(ctx, store.Filter{Limit: *limit})
	if err != nil {
		return err
	}
	for _, s := range all {
		if t.json {
			err = t.line(map[string]any{"reference": s.Reference, "short": s.Reference.Short(), "service": s.Service,
				"status": s.Status, "filed": s.Filed.Format(time.RFC3339)})
		} else {
			_, err = fmt.Fprintf(t.out, "%-12s %-26s %-10s %-8s %s\n", s.Reference.Short(), s.Reference, s.Service,
				s.Status, s.Filed.Format(time.DateTime))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// filingsShow shows one filing whole, by its short or full reference. The journal says who looked.
func filingsShow(ctx context.Context, t *tool, args []string) error {
	f := t.flags("filings show")
	data := f.String("data", "", "data directory")
	who := t.signInFlags(f)
	operands, err := parseWant(f, args, 1, "name one reference")
	if err != nil {
		return err
	}
	filed, err := t.looks(ctx, *data, who, operands[0])
	if err != nil {
		return err
	}
	if t.json {
		return t.line(filed)
	}
	return t.describe(filed)
}

// filingsDossier notes the official code that the portal gave a filing; the officer signs for it.
func filingsDossier(ctx context.Context, t *tool, args []string) error {
	f := t.flags("filings dossier")
	data := f.String("data", "", "data directory")
	who := t.signInFlags(f)
	operands, err := parseWant(f, args, 2, "name a reference and the code that the portal gave")
	if err != nil {
		return err
	}
	code, err := filing.ParseDossier(operands[1])
	if err != nil {
		return fault.New(fault.Usage, err)
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
	a, id, err := who.identity(ctx, t, db)
	if err != nil {
		return err
	}
	return db.SetDossier(ctx, filed.Reference, code, store.Signer{ID: a.ID, Identity: id})
}
