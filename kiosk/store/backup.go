package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"modernc.org/sqlite"

	"motcua/kiosk/fault"
)

// A backup is a directory motcua-YYYYMMDD-HHMMSS.backup with motcua.db, one file as SQLite knows it, and manifest.json. It gets its
// name when it is whole, durable and checked; what is being made ends in .partial.
const (
	backupStart   = "motcua-"
	backupEnd     = ".backup"
	partialEnd    = ".partial"
	backupTime    = "20060102-150405"
	manifestName  = "manifest.json"
	backupLock    = "lock"
	backupVersion = 1
	maxManifest   = maxNumbers + 64<<10 // bytes that are read of it
)

// backupForm is what the name of a backup looks like.
var backupForm = regexp.MustCompile(`^motcua-[0-9]{8}-[0-9]{6}\.backup$`)

// Saved is the kind of the entry about a backup: detail name, entries, filings.
const Saved Kind = "store.saved"

// Keep says how many backups stay: the newest one of each of so many days, weeks and months, and always the newest two. Others than these go too, once what
// they have was destroyed DestroyedStays ago.
type Keep struct{ Days, Weeks, Months int }

// DefaultKeep is what an office keeps that sets nothing.
var DefaultKeep = Keep{7, 5, 12}

// Manifest says what a backup holds. It names nobody.
type Manifest struct {
	Version  int             `json:"version"`
	At       time.Time       `json:"at"`
	Instance string          `json:"instance"` // the installation
	Schema   int             `json:"schema"`
	Entries  int64           `json:"entries"` // of the journal
	Head     string          `json:"head"`    // hash of the last one, hexadecimal
	Filings  int             `json:"filings"`
	Bytes    int64           `json:"bytes"`  // of the database
	SHA256   string          `json:"sha256"` // of the database, hexadecimal
	Compared bool            `json:"compared"`
	Numbers  json.RawMessage `json:"numbers,omitempty"` // the file numbers, as it was
}

// Backup is one that lies there.
type Backup struct {
	Path string // its directory
	Manifest
}

// head is where its journal stands.
func (m Manifest) head() (head, error) {
	h := head{seq: m.Entries}
	sum, err := hex.DecodeString(m.Head)
	if err != nil || len(sum) != len(h.hash) {
		return h, errManifest
	}
	copy(h.hash[:], sum)
	return h, nil
}

// errManifest: a file that is no manifest.
var errManifest = errors.New("the manifest cannot be read")

// parseManifest reads a manifest strictly: errManifest.
func parseManifest(text []byte) (Manifest, error) {
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil || d.More() {
		return Manifest{}, errManifest
	}
	sum, err := hex.DecodeString(m.SHA256)
	if _, wrong := m.head(); err != nil || wrong != nil || len(sum) != sha256.Size || m.Version != backupVersion || m.Entries < 0 || m.Filings < 0 || m.Bytes < 0 || m.Schema < 1 {
		return Manifest{}, errManifest
	}
	return m, nil
}

// Backups lists the backups in a directory, newest first. One whose manifest cannot be read is not among them.
func Backups(dir string) ([]Backup, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, failed("backups", err)
	}
	var all []Backup
	for _, e := range entries {
		if !e.IsDir() || !backupForm.MatchString(e.Name()) {
			continue
		}
		if b, err := openBackup(filepath.Join(dir, e.Name())); err == nil {
			all = append(all, b)
		}
	}
	slices.Reverse(all)
	return all, nil
}

func openBackup(path string) (Backup, error) {
	f, err := os.Open(filepath.Join(path, manifestName))
	if err != nil {
		return Backup{}, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxManifest))
	if err != nil {
		return Backup{}, err
	}
	m, err := parseManifest(text)
	return Backup{path, m}, err
}

// BackupDue says whether a backup should be made: the last one in dir is older than every, or belongs to another installation, or
// what was written since is not all in the redo log, or there are not yet two since a filing was destroyed (destroyed.go).
func (s *Store) BackupDue(dir string, every time.Duration) (bool, error) {
	last, err := s.lastBackup(dir)
	if err != nil || last == nil {
		return err == nil, err
	}
	if age := s.now().Sub(last.At); age >= every || age < -every {
		return true, nil
	}
	if old, err := s.holdsDestroyed(dir); err != nil || old {
		return old, err
	}
	// The database first: the log is never behind it.
	now, err := headOf(context.Background(), s.db)
	if err != nil {
		return false, failed("backups", err)
	}
	x, err := readRedo(s.dir)
	if err != nil {
		return false, failed("redo", err)
	}
	from, err := last.head()
	if err != nil {
		return false, failed("backups", err)
	}
	path, whole := x.follow(from)
	if len(path) > 0 {
		from = path[len(path)-1].after
	}
	return !whole || from.seq < now.seq, nil
}

// lastBackup is the newest of ownBackups, nil if there is none.
func (s *Store) lastBackup(dir string) (*Backup, error) {
	all, err := s.ownBackups(dir)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// ownBackups are those of this installation, newest first, whose journal is how this one begins. After a restore of an older one, those that were made
// since it belong to a journal that went on otherwise: no log leads from them to here.
func (s *Store) ownBackups(dir string) ([]Backup, error) {
	all, err := backupsOf(dir, s.instance)
	if err != nil {
		return nil, err
	}
	var own []Backup
	for _, b := range all {
		ours, err := s.begins(b)
		if err != nil {
			return nil, failed("backups", err)
		}
		if ours {
			own = append(own, b)
		}
	}
	return own, nil
}

// begins reports whether the journal of a backup is how this one begins.
func (s *Store) begins(b Backup) (bool, error) {
	var hash []byte
	err := s.db.QueryRowContext(context.Background(), "SELECT hash FROM journal WHERE seq = ?", b.Entries).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return hex.EncodeToString(hash) == b.Head, err
}

func backupsOf(dir, instance string) ([]Backup, error) {
	all, err := Backups(dir)
	return slices.DeleteFunc(all, func(b Backup) bool { return b.Instance != instance }), err
}

// Backup copies the database into a new backup in dir, while filing goes on, and checks the copy before it counts: the pages, the
// journal, and each row against the backup before it and the redo log. fault.StoreDamaged if the copy does not hold, which is because the
// database does not: nothing of what was there before is touched then. fault.StoreLocked if another backup is being made.
// Afterwards old backups go, as keep says, what of the redo log the last two hold, and what restores put aside DestroyedStays ago.
func (s *Store) Backup(ctx context.Context, dir string, keep Keep) (Backup, error) {
	if err := os.MkdirAll(dir, privateDir); err != nil {
		return Backup{}, failed("backup", err)
	}
	lock, err := lockDir(filepath.Join(dir, backupLock))
	if err != nil {
		return Backup{}, err
	}
	defer unlockDir(lock)
	b, err := s.makeBackup(ctx, dir)
	if err != nil {
		return Backup{}, failedIn(dir, "backup", err)
	}
	s.opts.Log.Info("store.saved", "name", filepath.Base(b.Path), "entries", b.Entries, "filings", b.Filings)
	if err := s.noteSaved(ctx, b); err != nil {
		return b, err
	}
	if err := errors.Join(s.thin(ctx, dir, keep), s.cutRedo(dir), s.dropDamaged()); err != nil {
		return b, failedIn(dir, "backup", err)
	}
	return b, nil
}

func (s *Store) makeBackup(ctx context.Context, dir string) (Backup, error) {
	if err := dropPartial(dir); err != nil {
		return Backup{}, err
	}
	if err := room(s.dir, dir); err != nil {
		return Backup{}, err
	}
	before, err := backupsOf(dir, s.instance)
	if err != nil {
		return Backup{}, err
	}
	if err := s.rotateRedo(ctx); err != nil {
		return Backup{}, err
	}
	at := s.now().Round(time.Second)
	path, err := newBackup(dir, at, before)
	if err != nil {
		return Backup{}, err
	}
	partial := path + partialEnd
	if err := os.Mkdir(partial, privateDir); err != nil {
		return Backup{}, err
	}
	m, err := s.fillBackup(ctx, dir, partial, at)
	if err != nil {
		return Backup{}, errors.Join(err, os.RemoveAll(partial))
	}
	if err := errors.Join(os.Rename(partial, path), syncDir(dir)); err != nil {
		return Backup{}, err
	}
	return Backup{path, m}, nil
}

// newBackup is where a backup goes. The names are the order of the backups, by which the last ones are kept: each comes after the one before it, also when
// the clock was set back since, or two are made in one second.
func newBackup(dir string, at time.Time, before []Backup) (string, error) {
	if len(before) > 0 {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(before[0].Path), backupStart), backupEnd)
		if last, err := time.ParseInLocation(backupTime, name, at.Location()); err == nil && !at.After(last) {
			at = last.Add(time.Second)
		}
	}
	for ; ; at = at.Add(time.Second) { // another installation's may be there
		path := filepath.Join(dir, backupStart+at.Format(backupTime)+backupEnd)
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path, nil
		} else if err != nil {
			return "", err
		}
	}
}

// fillBackup copies, checks and describes a backup in dir.
func (s *Store) fillBackup(ctx context.Context, dir, partial string, at time.Time) (Manifest, error) {
	m := Manifest{Version: backupVersion, At: at, Instance: s.instance}
	copied := filepath.Join(partial, databaseName)
	// The file numbers first: what it says is never ahead of the journal then, by which a restore could be surprised.
	numbers, err := os.ReadFile(filepath.Join(s.dir, numbersName))
	if err == nil && json.Valid(numbers) {
		m.Numbers = bytes.TrimSpace(numbers)
	}
	if err := copyDatabase(ctx, filepath.Join(s.dir, databaseName), copied); err != nil {
		return m, err
	}
	v, err := checkPages(ctx, copied)
	if err != nil {
		return m, err
	}
	m.Entries, m.Head, m.Filings = int64(v.Entries), hex.EncodeToString(v.Head), v.Filings
	base, err := s.soundBackup(ctx, dir)
	if err != nil {
		return m, err
	}
	if m.Compared, err = compare(ctx, copied, base, s.dir); err != nil {
		return m, err
	}
	if m.Schema, err = schemaOf(ctx, copied); err != nil {
		return m, err
	}
	if m.SHA256, m.Bytes, err = digestOf(ctx, copied, true); err != nil {
		return m, err
	}
	text, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return m, err
	}
	return m, writeWhole(partial, manifestName, append(text, '\n'))
}

// pagesAtOnce is how many pages are copied between two looks at whether to go on.
const pagesAtOnce = 512

// copyDatabase copies one moment of a database that others may write to, page by page. The copy is one file.
func copyDatabase(ctx context.Context, from, to string) error {
	db, err := sql.Open(driver, dsn(from, readPragmas(), "mode=ro"))
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// An open transaction holds the moment; without it every write of another connection would begin the copy anew.
	var n int
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n); err != nil {
		return err
	}
	if err := preparePrivate(to); err != nil {
		return err
	}
	err = conn.Raw(func(c any) error {
		b, ok := c.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("the driver cannot copy")
		}
		return copyPages(ctx, b, to)
	})
	if err != nil {
		return err
	}
	return oneFile(ctx, to)
}

func copyPages(ctx context.Context, from interface {
	NewBackup(string) (*sqlite.Backup, error)
}, to string) error {
	b, err := from.NewBackup(dsn(to, []string{"journal_mode(off)", "synchronous(off)"})) // it is made durable as a whole
	if err != nil {
		return err
	}
	for more := true; more && err == nil; {
		if err = ctx.Err(); err == nil {
			more, err = b.Step(pagesAtOnce)
		}
	}
	return errors.Join(err, b.Finish())
}

// oneFile takes a copy out of WAL mode, so that reading it makes no files beside it.
func oneFile(ctx context.Context, path string) error {
	db, err := sql.Open(driver, dsn(path, []string{"synchronous(off)"}))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "PRAGMA journal_mode = delete")
	return errors.Join(err, db.Close())
}

// digestOf is the SHA-256 of a file and its length; durable makes sure that it is on the disk.
func digestOf(ctx context.Context, path string, durable bool) (string, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	if durable {
		if err := f.Sync(); err != nil {
			return "", 0, err
		}
	}
	h := sha256.New()
	n, err := io.Copy(h, reading{ctx, f})
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// reading is a reader that gives up with its context.
type reading struct {
	ctx context.Context
	io.Reader
}

func (r reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// schemaOf is the schema version of the database at path.
func schemaOf(ctx context.Context, path string) (int, error) {
	r, err := newReader(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	return schemaVersion(ctx, r.db)
}

// Check verifies a backup: the file's checksum, its pages, and, if this program made the schema, the journal. fault.StoreDamaged if it is
// not what it was.
func (b Backup) Check(ctx context.Context) error {
	if err := b.same(ctx); err != nil {
		return err
	}
	path := filepath.Join(b.Path, databaseName)
	steps, err := migrations(embedded)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	switch {
	case b.Schema > len(steps):
		return newerSchema(b.Schema, len(steps))
	case b.Schema < len(steps):
		return checkIntegrity(ctx, path)
	}
	v, err := checkPages(ctx, path)
	if err == nil && (int64(v.Entries) != b.Entries || hex.EncodeToString(v.Head) != b.Head || v.Filings != b.Filings) {
		err = fault.Newf(fault.StoreDamaged, "store: the backup %s holds another journal than it says", filepath.Base(b.Path))
	}
	return err
}

// same verifies the file's checksum: fault.StoreDamaged.
func (b Backup) same(ctx context.Context) error {
	sum, n, err := digestOf(ctx, filepath.Join(b.Path, databaseName), false)
	if err != nil {
		return failed("backup", err)
	}
	if sum != b.SHA256 || n != b.Bytes {
		return fault.Newf(fault.StoreDamaged, "store: the backup %s is not what it was", filepath.Base(b.Path))
	}
	return nil
}

// dropPartial removes what a backup that was interrupted left.
func dropPartial(dir string) error {
	left, err := os.ReadDir(dir)
	for _, e := range left {
		if strings.HasPrefix(e.Name(), backupStart) && strings.HasSuffix(e.Name(), partialEnd) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// room sees to it that a backup leaves room for filings.
func room(data, dir string) error {
	var need int64 = leastRoom
	for _, end := range []string{"", "-wal"} {
		if info, err := os.Stat(filepath.Join(data, databaseName+end)); err == nil {
			need += info.Size()
		}
	}
	if free, ok := freeSpace(dir); ok && free < uint64(need+need/10) {
		return fault.Newf(fault.StoreFull, "store: backup: %d bytes are needed and %d free", need, free)
	}
	return nil
}

func (s *Store) rotateRedo(ctx context.Context) error {
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error { return s.redo.rotate(ctx, conn) })
}

func (s *Store) noteSaved(ctx context.Context, b Backup) error {
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.transact(ctx, func(conn *sql.Conn) error {
		detail := map[string]any{"name": filepath.Base(b.Path), "entries": b.Entries, "filings": b.Filings}
		_, err := s.record(ctx, conn, s.now(), Saved, "", detail)
		return err
	})
}

// thin removes the backups of this installation that are not kept, and those that have what was destroyed DestroyedStays ago, but for the newest.
func (s *Store) thin(ctx context.Context, dir string, keep Keep) error {
	all, err := backupsOf(dir, s.instance)
	if err != nil {
		return err
	}
	before, at, err := s.lastDestroyed(ctx, s.now().Add(-DestroyedStays), Destroyed, PictureRemoved)
	if err != nil {
		return err
	}
	newest := 0
	for i, stays := range keep.choose(all) {
		ours, wrong := s.begins(all[i])
		if wrong != nil {
			return errors.Join(err, wrong)
		}
		if ours {
			newest++
		}
		// Of another journal (ownBackups) only its time says what it has.
		old := all[i].Entries < before || !ours && all[i].At.Before(at)
		if ours && newest <= alwaysKept || stays && !old {
			continue
		}
		// Renamed first: half a backup must not look like one.
		gone := all[i].Path + partialEnd
		err = errors.Join(err, os.Rename(all[i].Path, gone), os.RemoveAll(gone))
	}
	return errors.Join(err, syncDir(dir))
}

// alwaysKept backups stay whatever is set: of one the disk may lose a page.
const alwaysKept = 2

// choose says which of the backups, newest first, stay.
func (k Keep) choose(all []Backup) []bool {
	stay := make([]bool, len(all))
	for i := range min(alwaysKept, len(all)) {
		stay[i] = true
	}
	for _, rule := range []struct {
		most int
		name func(time.Time) string
	}{
		{k.Days, func(t time.Time) string { return t.Format(dayText) }},
		{k.Weeks, func(t time.Time) string { y, w := t.ISOWeek(); return fmt.Sprint(y, "-", w) }},
		{k.Months, func(t time.Time) string { return t.Format("2006-01") }},
	} {
		seen := map[string]bool{}
		for i, b := range all {
			if name := rule.name(b.At); !seen[name] && len(seen) < rule.most {
				seen[name], stay[i] = true, true
			}
		}
	}
	return stay
}

// cutRedo removes the segments that hold nothing which the last two backups lack.
func (s *Store) cutRedo(dir string) error {
	all, err := s.ownBackups(dir)
	if err != nil || len(all) < alwaysKept {
		return err
	}
	names, err := allSegments(s.dir)
	for i := 0; i+1 < len(names) && err == nil; i++ {
		var next redoRecord
		if next, err = firstRecord(names[i+1]); err == nil {
			if next.after.seq > all[alwaysKept-1].Entries {
				break
			}
			err = os.Remove(names[i])
		}
	}
	return err
}
