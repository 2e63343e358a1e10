package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/steward"
	"motcua/kiosk/store"
)

// This file changes officers' secrets: what their keys lie under, and the keys themselves.

// newPIN reads a new PIN.
func (t *tool) newPIN(file, id string) (string, error) {
	pin, err := t.readPIN(file, fmt.Sprintf("a PIN of %d digits or more for %s: ", seal.MinPIN, id))
	if err == nil {
		err = seal.CheckPIN(pin)
	}
	if err != nil {
		return "", fault.New(fault.Usage, err)
	}
	return pin, nil
}

// own signs in the one officer that a command line names, whose secret is to be changed.
func (t *tool) own(ctx context.Context, f *flag.FlagSet, who signIn, db *store.Store, operands []string) (officer.Account, *seal.Identity, seal.Secret, error) {
	if len(operands) != 1 {
		return officer.Account{}, nil, seal.Secret{}, fault.Newf(fault.Usage, "%s: name one officer", f.Name())
	}
	if *who.as == "" {
		*who.as = operands[0]
	}
	if *who.as != operands[0] {
		return officer.Account{}, nil, seal.Secret{}, fault.Newf(fault.Usage, "officers change their own secrets only")
	}
	return who.secret(ctx, t, db)
}

// officerPIN puts an officer's keys under another PIN. A card that is needed besides stays.
func officerPIN(ctx context.Context, t *tool, args []string) error {
	f := t.flags("officer pin")
	data := f.String("data", "", "data directory")
	newPIN := f.String("new-pin-file", "", "file with the new PIN, - for standard input; asked for if left out")
	who := t.signInFlags(f)
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	a, id, secret, err := t.own(ctx, f, who, db, operands)
	if err != nil {
		return err
	}
	if secret.PIN, err = t.newPIN(*newPIN, a.ID); err != nil {
		return err
	}
	return setSecret(ctx, db, a, id, secret)
}

func setSecret(ctx context.Context, db *store.Store, a officer.Account, id *seal.Identity, secret seal.Secret) error {
	defer clear(secret.Card)
	locked, err := seal.Lock(id, a.ID, secret)
	if err != nil {
		return fault.New(fault.Usage, err)
	}
	locked.Or, locked.Chip = a.Locked.Or, a.Locked.Chip // a card that signs in alone goes on doing so
	return db.SetSecret(ctx, locked, store.Signer{ID: a.ID, Identity: id})
}

// officerCard has the officer's card asked for besides the PIN, or no more.
func officerCard(ctx context.Context, t *tool, args []string) error {
	f := t.flags("officer card")
	data := f.String("data", "", "data directory")
	remove := f.Bool("remove", false, "ask for the card no more")
	reader := f.String("reader", "", "part of the reader's name; else the one that the station uses, or any")
	who := t.signInFlags(f)
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	a, id, secret, err := t.own(ctx, f, who, db, operands)
	if err != nil {
		return err
	}
	clear(secret.Card)
	a.Locked.Or, a.Locked.Chip = nil, nil // it would be a way in without the PIN
	if secret.Card = nil; !*remove {
		if secret.Card, err = t.cardSecret(ctx, *who.cardFile, *reader); err != nil {
			return err
		}
	}
	return setSecret(ctx, db, a, id, secret)
}

// officerRenew gives an officer new keys: when they were seen, or the secret is lost. Two answer for it; the first of them writes anew what
// that one can open.
func officerRenew(ctx context.Context, t *tool, args []string) error {
	f := t.flags("officer renew")
	data := f.String("data", "", "data directory")
	newPIN := f.String("new-pin-file", "", "file with the officer's new PIN, - for standard input; asked for if left out")
	first, second := t.signInFlags(f), t.secondFlags(f)
	operands, err := parseWant(f, args, 1, "name one officer")
	if err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	old, err := account(ctx, db, operands[0])
	if err != nil {
		return err
	}
	by, err := t.together(ctx, db, first, second)
	if err != nil {
		return err
	}
	pin, err := t.newPIN(*newPIN, old.ID)
	if err != nil {
		return err
	}
	a, err := steward.Renewed(old, pin, time.Now())
	if err != nil {
		return err
	}
	if err := db.Renew(ctx, a, by...); err != nil {
		return err
	}
	return t.rewrap(ctx, db, by[0].ID, by[0].Identity)
}

// account finds the account of an id.
func account(ctx context.Context, db officers, id string) (officer.Account, error) {
	all, err := db.Officers(ctx)
	if err != nil {
		return officer.Account{}, err
	}
	for _, a := range all {
		if a.ID == id {
			return a, nil
		}
	}
	return officer.Account{}, fault.Newf(fault.NotFound, "there is no officer %s", id)
}

// rewrap writes all keys anew that somebody can open and were made for readers of before. What is left over is said: another officer has to sign in at
// a desk for it.
func (t *tool) rewrap(ctx context.Context, db *store.Store, by string, id *seal.Identity) error {
	done, left, err := steward.WriteAnew(ctx, db, id, by)
	if err != nil {
		return err
	}
	return t.rewrapped(done, left, by)
}

func (t *tool) rewrapped(done, left int, by string) error {
	if t.json {
		return t.line(map[string]int{"rewrapped": done, "left": left})
	}
	_, err := fmt.Fprintf(t.out, "%d filings are sealed to who reads now\n", done)
	if err == nil && left > 0 {
		_, err = fmt.Fprintf(t.out, "%d are left that %s cannot open: another officer has to sign in at a desk\n", left, by)
	}
	return err
}
