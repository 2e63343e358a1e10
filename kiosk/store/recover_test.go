package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/setting"
)

// office is a data directory that was worked in, with two officers, a backup in the middle, and what it has to say in the end.
type office struct {
	dir, backups string
	by           []Signer
	refs         []filing.Reference
	is           string // everything
}

// signers sets two officers up: a head and a clerk.
func signers(t *testing.T, s *Store) []Signer {
	t.Helper()
	var by []Signer
	for _, id := range []string{"an", "binh"} {
		role := map[bool]officer.Role{true: officer.Head, false: officer.Clerk}[id == "an"]
		a, identity, err := officer.New(id, "Cán bộ "+id, role, seal.Secret{PIN: "27182818"}, s.now())
		switch {
		case err != nil:
		case len(by) == 0:
			err = s.SetOfficer(t.Context(), a, "setup")
		default:
			err = s.ChangeOfficer(t.Context(), a, by[0])
		}
		if err != nil {
			t.Fatal(err)
		}
		by = append(by, Signer{id, identity})
	}
	return by
}

// newOffice is one with officers or, where only filings are looked at, none: their PINs take time.
func newOffice(t *testing.T, officers bool) office {
	t.Helper()
	o := office{dir: filepath.Join(t.TempDir(), "data"), backups: filepath.Join(t.TempDir(), "backups")}
	s := openInternal(t, o.dir, 0)
	if officers {
		o.by = signers(t, s)
	}
	decide := func(set setting.Set) {
		for _, by := range o.by {
			if by.ID != "an" {
				continue
			}
			if err := s.Set(t.Context(), set, by); err != nil {
				t.Fatal(err)
			}
		}
	}
	work := func(from, to int) {
		for i := from; i < to; i++ {
			f, err := s.File(t.Context(), filing.Draft{Key: fmt.Sprint(i), Service: "tam-tru", Case: strings.Repeat("x", 3000)})
			if err != nil {
				t.Fatal(err)
			}
			if officers {
				_, err = s.Decide(t.Context(), f.Reference, desk.Decision{Action: desk.Receive, Officer: o.by[0].ID, Due: s.now().AddDate(0, 0, 7)}, o.by[0].Identity)
			}
			if err := errors.Join(err, s.Printed(t.Context(), f.Reference, OutcomePrinted)); err != nil {
				t.Fatal(err)
			}
			o.refs = append(o.refs, f.Reference)
		}
	}
	work(0, 8)
	decide(setting.Set{"service.tam-vang": setting.Off, "service.luu-tru": setting.Off})
	if _, err := s.Backup(t.Context(), o.backups, DefaultKeep); err != nil {
		t.Fatal(err)
	}
	work(8, 14)
	decide(setting.Set{"service.tam-vang": "", "closed.2026-12-24": "Sửa trụ sở"})
	o.is = everything(t, s.db)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return o
}

// copied is the office somewhere else. The file numbers is another inode then, which counts as a restored directory.
func (o office) copied(t *testing.T) office {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(to, os.DirFS(o.dir)); err != nil {
		t.Fatal(err)
	}
	o.dir = to
	return o
}

func (o office) backup(t *testing.T) string {
	t.Helper()
	all, err := Backups(o.backups)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d backups, %v", len(all), err)
	}
	return all[0].Path
}

var restoreOptions = Options{Station: "CTL", Commune: "05200"}

func (o office) restore(t *testing.T, from string) {
	t.Helper()
	r, err := Rebuild(t.Context(), o.dir, from, restoreOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Lacking != "" {
		t.Fatal(r.Lacking)
	}
	if got := everything(t, r.db); o.is != "" && got != o.is {
		t.Fatal("rebuilt otherwise than it was")
	}
	if err := errors.Join(r.Finish(t.Context(), o.by...), r.Close()); err != nil {
		t.Fatal(err)
	}
}

// whole opens the office and looks at everything.
func (o office) whole(t *testing.T) {
	t.Helper()
	s := openInternal(t, o.dir, 0)
	defer s.Close()
	v, err := s.VerifyJournal(t.Context())
	if err != nil || v.Filings != len(o.refs) {
		t.Fatalf("%+v, %v", v, err)
	}
	for _, ref := range o.refs {
		if f, err := s.Read(t.Context(), ref.String(), mine()); err != nil || len(f.Case) != 3000 {
			t.Fatalf("%s: %v", ref, err)
		}
		if o.by == nil {
			continue
		}
		if c, err := s.Case(t.Context(), ref, o.by[0].Identity); err != nil || len(c.History) != 1 {
			t.Fatalf("%s: %v", ref, err)
		}
	}
	f, err := s.File(t.Context(), filing.Draft{Key: "next"})
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range o.refs {
		if ref == f.Reference {
			t.Fatalf("%s was given again", ref)
		}
	}
	if _, err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "b"), DefaultKeep); err != nil {
		t.Fatal(err)
	}
}

func TestRestore(t *testing.T) {
	if testing.Short() {
		t.Skip("one thing after the other, for half a minute: nothing for the race detector")
	}
	made := newOffice(t, true)
	for name, spoil := range map[string]func(path string) error{
		"gone":    os.Remove,
		"empty":   func(path string) error { return os.Truncate(path, 0) },
		"half":    func(path string) error { return os.Truncate(path, 50_000) },
		"garbage": func(path string) error { return os.WriteFile(path, []byte(strings.Repeat("garbage!", 9000)), 0o600) },
		"healthy": func(string) error { return nil },
	} {
		for _, from := range []string{made.backup(t), ""} { // without any backup the log is enough
			t.Run(fmt.Sprint(name, from == ""), func(t *testing.T) {
				o := made.copied(t)
				if err := spoil(filepath.Join(o.dir, databaseName)); err != nil {
					t.Fatal(err)
				}
				o.restore(t, from)
				aside, err := filepath.Glob(filepath.Join(o.dir, damagedStart+"*"))
				if err != nil || len(aside) != 1 {
					t.Errorf("put aside: %v, %v", aside, err)
				}
				if _, err := os.Stat(filepath.Join(o.dir, rebuiltName)); err == nil {
					t.Error("something is left")
				}
				o.whole(t)
			})
		}
	}
}

// The file numbers stays, so that numbers go on; after the loss of the whole directory they leave a gap.
func TestRestoreNumbers(t *testing.T) {
	o := newOffice(t, true)
	last := o.refs[len(o.refs)-1].Serial
	if err := os.Remove(filepath.Join(o.dir, databaseName)); err != nil {
		t.Fatal(err)
	}
	o.restore(t, o.backup(t))
	s := openInternal(t, o.dir, 0)
	f, err := s.File(t.Context(), filing.Draft{Key: "next"})
	if err != nil || f.Reference.Serial != last+1 {
		t.Errorf("%s after %d, %v", f.Reference, last, err)
	}

	from, dir := o.backup(t), filepath.Join(t.TempDir(), "new disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	r, err := Rebuild(t.Context(), dir, from, restoreOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Lacking == "" || r.Verdict.Filings != 8 {
		t.Errorf("%q, %d filings", r.Lacking, r.Verdict.Filings)
	}
	if err := errors.Join(r.Finish(t.Context(), o.by...), r.Close()); err != nil {
		t.Fatal(err)
	}
	s = openInternal(t, dir, 0)
	if f, err := s.File(t.Context(), filing.Draft{Key: "next"}); err != nil || f.Reference.Serial != 8+RestoreGap+1 {
		t.Errorf("%s, %v", f.Reference, err)
	}
}

// The end of the log is lost as well, and stations saw what was in it: what there is comes back, and says what lacks.
func TestRestoreLacking(t *testing.T) {
	o := newOffice(t, false)
	name := lastSegmentOf(t, o.dir)
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := os.ReadFile(filepath.Join(o.dir, markName+"K1"))
	if err != nil {
		t.Fatal(err)
	}
	// D1 saw the same and is not opened again.
	if err := errors.Join(os.Truncate(name, info.Size()/2), os.Remove(filepath.Join(o.dir, databaseName)), os.WriteFile(filepath.Join(o.dir, markName+"D1"), seen, 0o600)); err != nil {
		t.Fatal(err)
	}
	r, err := Rebuild(t.Context(), o.dir, o.backup(t), restoreOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Lacking == "" || r.Verdict.Filings < 8 || r.Verdict.Filings >= len(o.refs) {
		t.Errorf("lacking %q, %d filings", r.Lacking, r.Verdict.Filings)
	}
	if err := errors.Join(r.Finish(t.Context()), r.Close()); err != nil {
		t.Fatal(err)
	}
	aside, err := filepath.Glob(filepath.Join(o.dir, damagedStart+"*", markName+"*"))
	if err != nil || len(aside) != 2 {
		t.Errorf("put aside: %v, %v", aside, err)
	}
	s := openInternal(t, o.dir, 0)
	f, err := s.File(t.Context(), filing.Draft{Key: "next"})
	if err != nil || f.Reference.Serial != len(o.refs)+1 {
		t.Errorf("%s, %v", f.Reference, err)
	}
	for range 10 { // past the entry that was seen
		if err := s.Note(t.Context(), "session.ended", nil); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := s.VerifyJournal(t.Context()); err != nil || v.Cut != 0 {
		t.Errorf("%d cut, %v", v.Cut, err)
	}
	var x struct {
		Whole   bool
		Lacking string
	}
	if all, err := s.OfKinds(t.Context(), Recovered); err != nil || len(all) != 1 || json.Unmarshal(all[0].Detail, &x) != nil || x.Whole || x.Lacking != r.Lacking {
		t.Errorf("%+v, %v", x, err)
	}
}

func TestRestoreRefuses(t *testing.T) {
	o := newOffice(t, true)
	from := o.backup(t)
	s := openInternal(t, o.dir, 0)
	if _, err := Rebuild(t.Context(), o.dir, from, restoreOptions); fault.CodeOf(err) != fault.StoreLocked {
		t.Errorf("while a kiosk works: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Rebuild(t.Context(), o.dir, from, restoreOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := Open(o.dir, restoreOptions); fault.CodeOf(err) != fault.StoreLocked {
		t.Errorf("a kiosk while it restores: %v", err)
	}
	if _, err := Rebuild(t.Context(), o.dir, from, restoreOptions); fault.CodeOf(err) != fault.StoreLocked {
		t.Errorf("two at once: %v", err)
	}
	stranger, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	for i, by := range [][]Signer{nil, o.by[:1], {o.by[0], o.by[0]}, {o.by[0], {o.by[1].ID, stranger}}, {o.by[0], {"cuc", stranger}}, append(o.by[:2:2], Signer{"cuc", stranger})} {
		if err := r.Finish(t.Context(), by...); fault.CodeOf(err) != fault.SealWrong {
			t.Errorf("case %d: %v", i, err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	o.whole(t) // given up: as if nothing had been

	if err := os.WriteFile(filepath.Join(from, databaseName), []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Rebuild(t.Context(), o.dir, from, restoreOptions); fault.CodeOf(err) != fault.StoreDamaged {
		t.Errorf("a damaged backup: %v", err)
	}
	s = openInternal(t, o.dir, 0)
	if v, err := s.VerifyJournal(t.Context()); err != nil || v.Filings != len(o.refs)+1 {
		t.Errorf("%+v, %v", v, err)
	}
}

// steps at which a restore can die.
var restoreSteps = []string{"checked", "copied", "replayed", "noted", "aside", "aside-wal", "aside-shm", "aside-marks", "placed"}

const (
	restoreDir  = "MOTCUA_TEST_RESTORE_DIR"
	restoreFrom = "MOTCUA_TEST_RESTORE_FROM"
	restoreStep = "MOTCUA_TEST_RESTORE_STEP"
)

// TestRestoreChild is the process that TestRestoreKilled kills: by itself, at a step.
func TestRestoreChild(t *testing.T) {
	dir := os.Getenv(restoreDir)
	if dir == "" {
		t.Skip("run by TestRestoreKilled")
	}
	opts := restoreOptions
	opts.interrupt = func(step string) error {
		if step == os.Getenv(restoreStep) {
			self, err := os.FindProcess(os.Getpid())
			if err != nil || self.Kill() != nil {
				t.Fatal(err)
			}
			select {} // until it has come
		}
		return nil
	}
	r, err := Rebuild(t.Context(), dir, os.Getenv(restoreFrom), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A restore that is killed at any step, or fails there, can be begun again, and nobody works on what is half-restored.
func TestRestoreKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("one thing after the other, for half a minute: nothing for the race detector")
	}
	made := newOffice(t, false)
	for _, step := range restoreSteps {
		o := made.copied(t)
		// A log that SQLite left: it must not be applied to the new file.
		if err := errors.Join(os.Truncate(filepath.Join(o.dir, databaseName), 70_000), os.WriteFile(filepath.Join(o.dir, databaseName+"-wal"), []byte("old"), 0o600)); err != nil {
			t.Fatal(err)
		}
		for range 1 + len(step)%2 {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRestoreChild$")
			cmd.Env = append(os.Environ(), restoreDir+"="+o.dir, restoreFrom+"="+o.backup(t), restoreStep+"="+step)
			out, err := cmd.CombinedOutput()
			if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
				t.Fatalf("%s: it was not killed: %v\n%s", step, err, out)
			}
			if _, err := Open(o.dir, restoreOptions); fault.CodeOf(err) != fault.StoreDamaged {
				t.Errorf("%s: half-restored and open: %v", step, err)
			}
		}
		o.finish(t, step)

		o = made.copied(t)
		opts := restoreOptions
		opts.interrupt = func(at string) error {
			if at == step {
				return errClosed
			}
			return nil
		}
		r, err := Rebuild(t.Context(), o.dir, o.backup(t), opts)
		if err == nil {
			err = errors.Join(r.Finish(t.Context(), o.by...), r.Close())
		}
		if !errors.Is(err, errClosed) {
			t.Errorf("%s: %v", step, err)
		}
		o.finish(t, step)
	}
}

// finish restores after one that was interrupted: nothing is lost but that there may be entries of restores.
func (o office) finish(t *testing.T, step string) {
	t.Helper()
	r, err := Rebuild(t.Context(), o.dir, o.backup(t), restoreOptions)
	if err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	defer r.Close()
	if r.Lacking != "" {
		t.Errorf("%s: %s", step, r.Lacking)
	}
	if err := errors.Join(r.Finish(t.Context(), o.by...), r.Close()); err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	o.whole(t)
}

// A bit falls over somewhere in the database, many times: it is seen, and restored, or it is where nothing is.
func TestDamagedPages(t *testing.T) {
	if testing.Short() {
		t.Skip("one thing after the other, for half a minute: nothing for the race detector")
	}
	made := newOffice(t, true)
	path := filepath.Join(made.dir, databaseName)
	clean, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tries := 40
	if os.Getenv("MOTCUA_SOAK") != "" {
		tries = 1000
	}
	seen, harmless := map[string]int{}, 0
	for seed := range tries {
		rnd := rand.New(rand.NewPCG(uint64(seed), 5))
		o := made.copied(t)
		text := append([]byte{}, clean...)
		at := rnd.IntN(len(text))
		for range 1 + rnd.IntN(3) {
			text[min(at+rnd.IntN(8), len(text)-1)] ^= 1 << rnd.IntN(8)
		}
		if err := os.WriteFile(filepath.Join(o.dir, databaseName), text, 0o600); err != nil {
			t.Fatal(err)
		}
		how, err := o.look(t)
		if err != nil {
			seen[how]++
			o.is = "" // opening may have made entries
			o.restore(t, o.backup(t))
			o.whole(t)
			continue
		}
		harmless++
		if how != o.is {
			i := 0
			for i < min(len(how), len(o.is)) && how[i] == o.is[i] {
				i++
			}
			t.Errorf("seed %d: something is otherwise at %d (page %d), and nobody saw it: %q %q", seed, at, at/4096+1, how[max(0, i-40):i+20], o.is[max(0, i-40):i+20])
		}
	}
	t.Logf("%d times: seen %v, harmless %d", tries, seen, harmless)
}

// look is what a start, and then the check in the background, see: how they saw it, or, without an error, everything.
func (o office) look(t *testing.T) (how string, err error) {
	t.Helper()
	// As it stands now: opening makes entries.
	db, err := sql.Open(driver, dsn(filepath.Join(o.dir, databaseName), readPragmas(), "mode=ro"))
	if err != nil {
		t.Fatal(err)
	}
	now := ""
	if conn, err := db.Conn(t.Context()); err == nil {
		if readable(t, conn) {
			now = everything(t, db)
		}
		conn.Close()
	}
	db.Close()
	s, err := Open(o.dir, Options{Station: "K1", Commune: "05200", Recipients: recipients()})
	if err != nil {
		return "opening", err
	}
	defer s.Close()
	if _, err := s.Check(t.Context(), o.backups); err != nil {
		return "checking", err
	}
	return now, nil
}

// readable reads everything.
func readable(t *testing.T, conn *sql.Conn) bool {
	tables, err := readTables(t.Context(), conn)
	for name := range tables {
		rows, err := conn.QueryContext(t.Context(), "SELECT * FROM "+quote(name))
		if err != nil {
			return false
		}
		for rows.Next() {
		}
		if errors.Join(rows.Err(), rows.Close()) != nil {
			return false
		}
	}
	return err == nil
}

// Numbers of the years to come: a backup of long ago is found by its name.
func TestBackupNames(t *testing.T) {
	for name, ok := range map[string]bool{"motcua-20261125-091500.backup": true, "motcua-20261125-091500.backup.partial": false, "lock": false,
		"motcua-" + time.Now().Format(backupTime) + backupEnd: true, "../motcua-20261125-091500.backup": false} {
		if backupForm.MatchString(name) != ok {
			t.Error(name)
		}
	}
}

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(`{"version":1,"at":"2026-11-25T09:15:00+07:00","instance":"00","schema":4,"entries":1,"head":"` + strings.Repeat("0", 64) +
		`","filings":0,"bytes":1,"sha256":"` + strings.Repeat("0", 64) + `","compared":false}`))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parseManifest(text)
		if err != nil {
			if !errors.Is(err, errManifest) {
				t.Fatal(err)
			}
			return
		}
		if _, err := m.head(); err != nil {
			t.Error(err)
		}
	})
}
