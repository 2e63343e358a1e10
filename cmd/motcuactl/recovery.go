package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"motcua/cmd/internal/office"
	"motcua/kiosk/fault"
	"motcua/kiosk/seal"
	"motcua/kiosk/steward"
)

// recoveryMake makes a recovery key on two sheets of paper, in place of the one of before.
func recoveryMake(ctx context.Context, t *tool, args []string) error {
	f := t.flags("recovery make")
	data := f.String("data", "", "data directory")
	sheets := f.String("sheets", "", "directory for the two sheets (PDF), - to print them")
	first, second := t.signInFlags(f), t.secondFlags(f)
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(operands) > 0 || *sheets == "" {
		return fault.Newf(fault.Usage, "say where the sheets go: --sheets DIR, or - to print them")
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
	key, err := seal.New()
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	where, err := t.sheets(ctx, key, *sheets, by[0].ID, by[1].ID)
	if err != nil {
		return err
	}
	if err := db.SetRecovery(ctx, key.Public(), by...); err != nil {
		return err
	}
	fmt.Fprintf(t.errs, "KHÓA PHỤC HỒI %s: %s\n"+
		"Hai tờ này mở được mọi hồ sơ. Cho vào hai phong bì, cất ở hai nơi, rồi xóa tệp và bản in thừa. Máy không giữ khóa bí mật.\n",
		steward.Fingerprint(key.Public()), strings.Join(where, ", "))
	return t.rewrap(ctx, db, by[0].ID, by[0].Identity)
}

// sheets brings the two sheets to paper, or into a directory, and says where they are. Until both are there the key is nobody's.
func (t *tool) sheets(ctx context.Context, key *seal.Identity, dir string, officers ...string) ([]string, error) {
	cfg, printer, err := t.printerOf()
	if err != nil {
		return nil, err
	}
	sheets, err := office.RecoverySheets(printer, key, officers, time.Now())
	if err != nil {
		return nil, err
	}
	var where []string
	for i, pdf := range sheets {
		if dir == "-" {
			if err := office.PrintPDF(ctx, cfg.Desk.Printer, pdf); err != nil {
				return nil, err
			}
			where = append(where, fmt.Sprintf("tờ %d ở máy in", i+1))
			continue
		}
		path := filepath.Join(dir, fmt.Sprintf("khoa-phuc-hoi-%s-to-%d.pdf", steward.Fingerprint(key.Public()), i+1))
		if err := writePrivate(path, pdf); err != nil {
			return nil, err
		}
		where = append(where, path)
	}
	return where, nil
}

// writePrivate writes a new file that only its owner reads.
func writePrivate(path string, content []byte) error {
	const ownerOnly = 0o600
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownerOnly)
	if err != nil {
		return fault.New(fault.Usage, err)
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fault.New(fault.StoreFailed, errors.Join(err, os.Remove(path)))
	}
	return nil
}

// privateOver opens a file to be written anew, which only its owner reads from then on, also if others read what was there.
func privateOver(path string) (*os.File, error) {
	const ownerOnly = 0o600
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, ownerOnly)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		err = errors.Join(f.Chmod(ownerOnly), f.Truncate(0))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// writePrivateOver writes such a file.
func writePrivateOver(path string, content []byte) error {
	f, err := privateOver(path)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// texts is a flag that may be given several times.
type texts []string

// String implements flag.Value.
func (t *texts) String() string { return strings.Join(*t, " ") }

// Set implements flag.Value.
func (t *texts) Set(s string) error { *t = append(*t, s); return nil }

// recoveryUse lets an officer in with both sheets, when nobody can sign in any more. Whoever has both sheets is two people: no officer is asked.
func recoveryUse(ctx context.Context, t *tool, args []string) error {
	f := t.flags("recovery use")
	data := f.String("data", "", "data directory")
	newPIN := f.String("new-pin-file", "", "file with the PIN of the head who is let in; asked for if left out")
	var given texts
	f.Var(&given, "sheet", "a sheet, given twice: file with its letters, a picture of its code, or the letters; asked for if left out")
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	const idAndName, sheets = 2, 2
	if len(operands) != idAndName || len(given) != 0 && len(given) != sheets {
		return fault.Newf(fault.Usage, "name a short id and the name of the head who is let in, and both sheets")
	}
	one, two, err := t.bothSheets(ctx, given)
	if err != nil {
		return err
	}
	db, err := t.writeStore(*data)
	if err != nil {
		return err
	}
	defer db.Close()
	pin, err := t.newPIN(*newPIN, operands[0])
	if err != nil {
		return err
	}
	done, left, err := steward.Recover(ctx, db, one, two, operands[0], operands[1], pin, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintln(t.errs, "Hai phong bì đã mở: lập khóa phục hồi mới ngay bằng motcuactl recovery make.")
	return t.rewrapped(done, left, "recovery")
}

// bothSheets reads the sheets, and that they are of one key before anything else is asked.
func (t *tool) bothSheets(ctx context.Context, given texts) (one, two seal.Sheet, err error) {
	var sheets [2]seal.Sheet
	for i := range sheets {
		text, err := "", error(nil)
		if len(given) == 0 {
			text, err = t.askSheet(i + 1)
		} else {
			text, err = sheetText(ctx, given[i])
		}
		if err != nil {
			return "", "", err
		}
		sheets[i] = seal.Sheet(text)
	}
	if _, err := seal.Join(sheets[0], sheets[1]); err != nil {
		return "", "", fault.Newf(fault.SealWrong, "a sheet is mistyped, or they are not of one key: %w", err)
	}
	return sheets[0], sheets[1], nil
}

// askSheet reads the letters of a sheet from the terminal without showing them.
func (t *tool) askSheet(n int) (string, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", fault.Newf(fault.Usage, "there is no terminal to ask for the sheets: --sheet FILE --sheet FILE")
	}
	fmt.Fprintf(t.errs, "sheet %d: ", n)
	line, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(t.errs)
	if err != nil {
		return "", fault.New(fault.Usage, err)
	}
	return string(line), nil
}

// sheetText is the letters of a sheet as they are given: in a file, in a picture, or themselves.
func sheetText(ctx context.Context, given string) (string, error) {
	const maxSheet = 4 << 10
	info, err := os.Stat(given)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err != nil && len(given) > maxName: // letters, longer than a name may be
		return given, nil
	case err != nil:
		return "", fault.New(fault.Usage, err)
	case info.Size() <= maxSheet:
		text, err := os.ReadFile(given)
		if err != nil {
			return "", fault.New(fault.Usage, err)
		}
		return string(text), nil
	}
	r, err := qrFile(ctx, given)
	return r.Text, err
}

// maxName is the longest name of a file on the systems that this runs on, in bytes.
const maxName = 200
