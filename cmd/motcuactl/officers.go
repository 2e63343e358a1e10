package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"motcua/cmd/internal/office"
	"motcua/devices/card/pcsc"
	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/station"
	"motcua/kiosk/steward"
	"motcua/kiosk/store"
)

// signIn are the flags of a command that opens filings: who the officer is, where the PIN comes from, and of an officer whose card is needed
// what opens its chip.
type signIn struct {
	as       *string
	pinFile  *string
	cardFile *string
}

func (t *tool) signInFlags(f *flag.FlagSet) signIn {
	return signIn{f.String("as", "", "the officer who does this"), f.String("pin-file", "", "file with the PIN, - for standard input; asked for if left out"),
		f.String("card-file", "", "file with the text of the QR code, or the number, of the officer's card on the reader, where it is needed besides")}
}

// secondFlags are those of the second officer, of what takes two.
func (t *tool) secondFlags(f *flag.FlagSet) signIn {
	return signIn{f.String("with", "", "the second officer"), f.String("with-pin-file", "", "file with that one's PIN; asked for if left out"),
		f.String("with-card-file", "", "file with what opens that one's card, where it is needed besides")}
}

// officers is what signing in needs of a store.
type officers interface {
	Officers(ctx context.Context) ([]officer.Account, error)
}

// identity signs the officer in. The error is fault.SealWrong for a wrong name as for a wrong PIN.
func (s signIn) identity(ctx context.Context, t *tool, db officers) (officer.Account, *seal.Identity, error) {
	a, id, _, err := s.secret(ctx, t, db)
	return a, id, err
}

// secret signs the officer in and gives the secret, too.
func (s signIn) secret(ctx context.Context, t *tool, db officers) (officer.Account, *seal.Identity, seal.Secret, error) {
	var none seal.Secret
	if *s.as == "" {
		return officer.Account{}, nil, none, fault.Newf(fault.Usage, "say who you are: --as OFFICER")
	}
	all, err := db.Officers(ctx)
	if err != nil {
		return officer.Account{}, nil, none, err
	}
	pin, err := t.readPIN(*s.pinFile, fmt.Sprintf("PIN (%s): ", *s.as))
	if err != nil {
		return officer.Account{}, nil, none, err
	}
	for _, a := range all {
		if a.ID != *s.as {
			continue
		}
		secret := seal.Secret{PIN: pin}
		if a.Locked.Card {
			if secret.Card, err = t.cardSecret(ctx, *s.cardFile, ""); err != nil {
				return a, nil, none, err
			}
		}
		id, err := a.SignIn(secret)
		if err != nil {
			return a, nil, none, fault.New(fault.SealWrong, err)
		}
		return a, id, secret, nil
	}
	return officer.Account{}, nil, none, fault.New(fault.SealWrong, seal.ErrWrong)
}

// cardSecret reads what only the officer's own chip says; file has what opens it, reader is a part of the reader's name, else the one that the
// station uses, or any.
func (t *tool) cardSecret(ctx context.Context, file, reader string) ([]byte, error) {
	if file == "" {
		return nil, fault.Newf(fault.CardKeyNeeded, "the officer's card is needed: --card-file FILE says what opens it")
	}
	text, err := t.readPIN(file, "")
	if err != nil {
		return nil, err
	}
	flags := cardFlags{qr: text}
	if len(text) == numberDigits {
		flags = cardFlags{id: text}
	}
	key, err := flags.key()
	if err != nil {
		return nil, err
	}
	trusted, err := t.openTrust(t.data)
	if err != nil {
		return nil, err
	}
	if reader == "" {
		dir, err := t.dataDir(t.data)
		if err != nil {
			return nil, err
		}
		reader = station.ChosenReader(dir)
	}
	readers := pcsc.New()
	defer readers.Close()
	return office.CardSecret(ctx, readers, reader, key, trusted, officerWait)
}

const (
	numberDigits = 12
	officerWait  = 15 * time.Second // until an officer has laid the card down
)

// together signs in the officers of what takes two.
func (t *tool) together(ctx context.Context, db officers, who ...signIn) ([]store.Signer, error) {
	var by []store.Signer
	for _, one := range who {
		if *one.as == "" {
			return nil, fault.Newf(fault.Usage, "this takes two officers: --as OFFICER --with OFFICER")
		}
	}
	if *who[0].as == *who[1].as {
		return nil, fault.Newf(fault.Usage, "this takes two officers, not one twice")
	}
	for _, one := range who {
		a, id, err := one.identity(ctx, t, db)
		if err != nil {
			return nil, err
		}
		by = append(by, store.Signer{ID: a.ID, Identity: id})
	}
	return by, nil
}

// readPIN reads a PIN from a file, or without showing it from the terminal.
func (t *tool) readPIN(file, ask string) (string, error) {
	const maxLine = 1 << 10
	switch {
	case file == "-":
		return firstLine(io.LimitReader(os.Stdin, maxLine))
	case file != "":
		f, err := os.Open(file)
		if err != nil {
			return "", fault.New(fault.Usage, err)
		}
		defer f.Close()
		return firstLine(io.LimitReader(f, maxLine))
	case !term.IsTerminal(int(os.Stdin.Fd())):
		return "", fault.Newf(fault.Usage, "there is no terminal to ask for the PIN: --pin-file FILE")
	}
	fmt.Fprint(t.errs, ask)
	line, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(t.errs)
	if err != nil {
		return "", fault.New(fault.Usage, err)
	}
	return string(line), nil
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fault.New(fault.Usage, err)
	}
	return strings.TrimSpace(line), nil
}

// toolStation is what the journal calls this program: a station of its own, so that it can write beside a running kiosk.
const toolStation = "CTL"

// writeStore opens the store for writing.
func (t *tool) writeStore(data string) (*store.Store, error) {
	t.data = data
	cfg, err := t.config()
	if err != nil {
		return nil, err
	}
	dir, err := t.dataDir(data)
	if err != nil {
		return nil, err
	}
	_, redo, err := cfg.Backup.Where(dir)
	if err != nil {
		return nil, err
	}
	return store.Open(dir, store.Options{Station: toolStation, Commune: cfg.Station.CommuneCode, RedoDir: redo})
}

// officerAdd adds an officer. The first one is a head and needs nobody; after that a head does it.
func officerAdd(ctx context.Context, t *tool, args []string) error {
	f := t.flags("officer add")
	data := f.String("data", "", "data directory")
	role := f.String("role", string(officer.Clerk), "officer, head or technician")
	newPIN := f.String("new-pin-file", "", "file with the new officer's PIN, - for standard input; asked for if left out")
	who := t.signInFlags(f)
	operands, err := parseWant(f, args, 2, "name a short id (a-z, 0-9) and the officer's name")
	if err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	by, err := t.adds(ctx, db, who)
	if err != nil {
		return err
	}
	if err := steward.MayAdd(ctx, db, by, officer.Role(*role)); err != nil {
		return err
	}
	pin, err := t.newPIN(*newPIN, operands[0])
	if err != nil {
		return err
	}
	return steward.Add(ctx, db, by, operands[0], operands[1], officer.Role(*role), pin, time.Now())
}

// adds signs in whoever adds an officer: nobody, for the first one.
func (t *tool) adds(ctx context.Context, db *store.Store, who signIn) (store.Signer, error) {
	all, err := db.Officers(ctx)
	if err != nil || len(all) == 0 {
		return store.Signer{}, err
	}
	a, key, err := who.identity(ctx, t, db)
	return store.Signer{ID: a.ID, Identity: key}, err
}

// officerLock locks an officer out, or lets one in again; only a head does, and never the last one.
func officerLock(ctx context.Context, t *tool, args []string) error {
	f := t.flags("officer lock")
	data := f.String("data", "", "data directory")
	open := f.Bool("open", false, "let the officer in again")
	who := t.signInFlags(f)
	operands, err := parseWant(f, args, 1, "name one officer")
	if err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	by, key, err := who.identity(ctx, t, db)
	if err != nil {
		return err
	}
	return steward.SetActive(ctx, db, store.Signer{ID: by.ID, Identity: key}, operands[0], *open)
}

// officerList lists the officers.
func officerList(ctx context.Context, t *tool, args []string) error {
	f := t.flags("officer list")
	data := f.String("data", "", "data directory")
	if _, err := parse(f, args); err != nil {
		return err
	}
	db, err := t.openStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	all, err := db.Officers(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		state := "active"
		if !a.Active {
			state = "locked out"
		}
		if t.json {
			err = t.line(map[string]any{"id": a.ID, "name": a.Name, "role": a.Role, "active": a.Active, "verify": a.Public.Verify, "added": a.Added.Format(time.RFC3339)})
		} else {
			_, err = fmt.Fprintf(t.out, "%-12s %-10s %-10s %s\n", a.ID, a.Role, state, a.Name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
