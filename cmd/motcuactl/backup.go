package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/store"
)

// backupOutput is what the commands about backups write; the package comment documents it.
type backupOutput struct {
	Path     string     `json:"path"`
	At       time.Time  `json:"at"`
	Entries  int64      `json:"entries"`
	Filings  int        `json:"filings"`
	Bytes    int64      `json:"bytes"`
	SHA256   string     `json:"sha256"`
	Compared bool       `json:"compared"`
	Code     fault.Code `json:"code,omitempty"`
	Error    string     `json:"error,omitempty"`
}

func (t *tool) backup(b store.Backup, wrong error) error {
	out := backupOutput{Path: b.Path, At: b.At, Entries: b.Entries, Filings: b.Filings, Bytes: b.Bytes, SHA256: b.SHA256, Compared: b.Compared}
	state := ""
	if wrong != nil {
		out.Code, out.Error, state = fault.CodeOf(wrong), wrong.Error(), "  "+wrong.Error()
	}
	if t.json {
		return t.line(out)
	}
	_, err := fmt.Fprintf(t.out, "%s  %s  %6d filings %8d kB%s\n", b.At.Format("2006-01-02 15:04"), b.Path, b.Filings, b.Bytes>>10, state)
	return err
}

// backupDir is where the backups are that a command means.
func (t *tool) backupDir(given, data string) (string, error) {
	if given != "" {
		return given, nil
	}
	cfg, err := t.config()
	if err != nil {
		return "", err
	}
	dir, err := t.dataDir(data)
	if err != nil {
		return "", err
	}
	backups, _, err := cfg.Backup.Where(dir)
	return backups, err
}

// backupMake makes one.
func backupMake(ctx context.Context, t *tool, args []string) error {
	f := t.flags("backup")
	data := f.String("data", "", "data directory")
	to := f.String("to", "", "directory for backups, else the one of the configuration")
	if operands, err := parse(f, args); err != nil || len(operands) > 0 {
		return orUsage(err, "backup takes no operands")
	}
	dir, err := t.backupDir(*to, *data)
	if err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	b, err := db.Backup(ctx, dir, store.DefaultKeep)
	if err != nil {
		return err
	}
	return t.backup(b, nil)
}

func orUsage(err error, words string) error {
	if err != nil {
		return err
	}
	return fault.Newf(fault.Usage, "%s", words)
}

// backupList lists them.
func backupList(_ context.Context, t *tool, args []string) error {
	all, err := t.backups(t.flags("backup list"), args)
	for i := 0; i < len(all) && err == nil; i++ {
		err = t.backup(all[i], nil)
	}
	return err
}

// backupCheck checks them; the status is that of the first that is damaged.
func backupCheck(ctx context.Context, t *tool, args []string) error {
	all, err := t.backups(t.flags("backup check"), args)
	if err != nil {
		return err
	}
	var first error
	for _, b := range all {
		wrong := b.Check(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if first == nil {
			first = tell(fault.CodeOf(wrong))
		}
		if err := t.backup(b, wrong); err != nil {
			return err
		}
	}
	return first
}

// backups are those that a command line means: all of a directory, or one.
func (t *tool) backups(f *flag.FlagSet, args []string) ([]store.Backup, error) {
	data := f.String("data", "", "data directory")
	operands, err := parse(f, args)
	if err != nil || len(operands) > 1 {
		return nil, orUsage(err, "name one directory")
	}
	given := ""
	if len(operands) == 1 {
		given = filepath.Clean(operands[0])
	}
	dir, err := t.backupDir(given, *data)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, fault.New(fault.NotFound, err)
	}
	all, err := store.Backups(dir)
	if err != nil || len(all) > 0 || given == "" {
		return all, err
	}
	siblings, err := store.Backups(filepath.Dir(dir))
	for _, b := range siblings {
		if b.Path == dir {
			return []store.Backup{b}, err
		}
	}
	return nil, err
}

// restoreOutput is what restore --json writes.
type restoreOutput struct {
	Backup   string `json:"backup,omitempty"`
	Replayed int    `json:"replayed"`
	Filings  int    `json:"filings"`
	Lacking  string `json:"lacking,omitempty"`
}

// nothing is the word for no backup.
const nothing = "none"

// restore makes the database again. Two officers answer for it; where nobody is an officer yet, nobody has to.
func restore(ctx context.Context, t *tool, args []string) error {
	f := t.flags("restore")
	data := f.String("data", "", "data directory")
	first := t.signInFlags(f)
	second := t.secondFlags(f)
	operands, err := parse(f, args)
	if err != nil || len(operands) != 1 {
		return orUsage(err, "name one backup, or none to take what was filed from the redo log alone")
	}
	from := operands[0]
	if from == nothing {
		from = ""
	} else if _, err := os.Stat(from); err != nil {
		return fault.New(fault.NotFound, err)
	}
	cfg, err := t.config()
	if err != nil {
		return err
	}
	dir, err := t.dataDir(*data)
	if err != nil {
		return err
	}
	r, err := store.Rebuild(ctx, dir, from, store.Options{Station: toolStation, Commune: cfg.Station.CommuneCode})
	if err != nil {
		return err
	}
	defer r.Close()
	by, err := t.signers(ctx, r, first, second)
	if err != nil {
		return err
	}
	out := restoreOutput{Backup: filepath.Base(r.Backup.Path), Replayed: r.Replayed, Filings: r.Verdict.Filings, Lacking: r.Lacking}
	if from == "" {
		out.Backup = ""
	}
	if err := r.Finish(ctx, by...); err != nil {
		return err
	}
	if t.json {
		return t.line(out)
	}
	fmt.Fprintf(t.out, "restored: %d filings, %d transactions after the backup\n", out.Filings, out.Replayed)
	if out.Lacking != "" {
		fmt.Fprintf(t.out, "what was filed last may be missing: %s\n", out.Lacking)
	}
	return nil
}

// signers signs both officers in.
func (t *tool) signers(ctx context.Context, r *store.Rebuilt, who ...signIn) ([]store.Signer, error) {
	all, err := r.Officers(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var by []store.Signer
	for _, one := range who {
		if *one.as == "" {
			return nil, fault.Newf(fault.Usage, "a restore takes two officers: --as OFFICER --with OFFICER")
		}
		a, id, err := one.identity(ctx, t, r)
		if err != nil {
			return nil, err
		}
		by = append(by, store.Signer{ID: a.ID, Identity: id})
	}
	return by, nil
}
