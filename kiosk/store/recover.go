package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
)

// This file makes a database again that was lost: Rebuild beside it, from a backup and the redo log, and Finish in its place. Rules:
//
//   - Until everything is rebuilt, verified and durable, what is there stays where it is; then it is put aside, never removed.
//   - Whoever is interrupted begins again: Rebuild needs the backup, the log and the file numbers, and changes none of them but to add.
//   - Meanwhile nobody can open the directory. A marker is set before the locks are looked at, and Open takes its lock before it looks
//     for the marker: one of the two sees the other.

const (
	rebuiltName   = "motcua.db.rebuilt"
	restoringName = "restoring"    // the marker
	restoreLock   = "lock-restore" // no station has small letters
	damagedStart  = "damaged-"
)

// rebuiltPragmas are for a file that is begun again after a crash, and made durable as a whole.
func rebuiltPragmas() []string {
	return []string{"journal_mode(memory)", "synchronous(off)", "foreign_keys(1)", "trusted_schema(0)", "cell_size_check(1)", "temp_store(memory)", "secure_delete(1)"}
}

// Recovered is the kind of the entry about a restore: detail backup, at (its time), replayed (transactions), whole, lacking (why it is not whole),
// aside, officers (who did it, with their signatures).
const Recovered Kind = "store.recovered"

// maxLacking is how much of why it is not whole the entry has, in bytes.
const maxLacking = 500

// Rebuilt is a database that was made again and is not in its place yet. Its Reader shows it: officers sign in by it.
type Rebuilt struct {
	*Reader
	Backup   Backup  // it was made of; zero for none
	Replayed int     // transactions of the redo log that followed it
	Lacking  string  // why what was filed last may be missing, for the log; "" if all is here
	Verdict  Verdict // of its journal

	s     *Store // on the file that is being made
	fresh bool   // no other restore was interrupted before
	moved bool   // what was there is not as it was
}

// Rebuild makes the database of the data directory dir again, beside what is there: from the backup in the directory from, or, if that is
// "", from the redo log alone, which suffices where there never was a backup. Finish or Close has to follow. fault.StoreLocked if
// a program works on dir, StoreDamaged if the backup is not what it was.
func Rebuild(ctx context.Context, dir, from string, opts Options) (*Rebuilt, error) {
	if err := opts.fill(); err != nil {
		return nil, err
	}
	r := &Rebuilt{s: &Store{opts: opts, dir: dir, unplaced: true}}
	var err error
	if r.s.lock, r.fresh, err = closeDir(dir); err != nil {
		return nil, err
	}
	if err := r.rebuild(ctx, from); err != nil {
		return nil, errors.Join(r.s.failed("rebuild", err), r.Close())
	}
	return r, nil
}

// closeDir keeps everybody out of the data directory. fresh: no restore was interrupted in it.
func closeDir(dir string) (lock *os.File, fresh bool, err error) {
	if lock, err = lockDir(filepath.Join(dir, restoreLock)); err != nil {
		return nil, false, err
	}
	marker := filepath.Join(dir, restoringName)
	_, err = os.Stat(marker)
	fresh = errors.Is(err, fs.ErrNotExist)
	if err := writeWhole(dir, restoringName, []byte(time.Now().Format(time.RFC3339)+"\n")); err != nil {
		return nil, false, errors.Join(failed("restore", err), unlockDir(lock))
	}
	locks, err := filepath.Glob(filepath.Join(dir, lockName+"*"))
	for _, path := range locks {
		if filepath.Base(path) != restoreLock {
			err = errors.Join(err, free(path))
		}
	}
	if err == nil {
		return lock, fresh, nil
	}
	if fresh {
		err = errors.Join(err, os.Remove(marker))
	}
	return nil, false, errors.Join(failed("restore", err), unlockDir(lock))
}

// restoring refuses a directory in which a restore is under way or was interrupted.
func restoring(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, restoringName)); err != nil {
		return nil
	}
	if err := free(filepath.Join(dir, restoreLock)); err != nil {
		return err
	}
	return fault.Newf(fault.StoreDamaged, "store: a restore began and did not end: begin it again")
}

func (r *Rebuilt) path() string { return filepath.Join(r.s.dir, rebuiltName) }

func (r *Rebuilt) rebuild(ctx context.Context, from string) error {
	var start head
	if from != "" {
		var err error
		if r.Backup, err = openBackup(filepath.Clean(from)); err != nil {
			return err
		}
		if err := r.Backup.Check(ctx); err != nil {
			return err
		}
		if start, err = r.Backup.head(); err != nil {
			return err
		}
	}
	if err := r.s.step("checked"); err != nil {
		return err
	}
	if err := r.copy(ctx); err != nil {
		return err
	}
	if err := r.s.step("copied"); err != nil {
		return err
	}
	if err := r.replay(ctx, start); err != nil {
		return err
	}
	var err error
	if r.s.redo, err = openRedo(r.s.conn, r.s.dir, r.s.opts.Log); err != nil {
		return err
	}
	if err := r.s.migrate(ctx, embedded); err != nil {
		return err
	}
	if r.Reader, err = newReader(r.path()); err != nil {
		return err
	}
	if err := r.integrity(ctx); err != nil {
		return err
	}
	// Without the marks: a journal that honestly lacks its end is what there is, and says so. They say whether it does.
	if r.Verdict, err = r.verify(ctx, nil, nil, nil); err != nil {
		return err
	}
	unmet, err := unmetMarks(ctx, r.s.conn, r.s.dir)
	if err != nil {
		return err
	}
	if last := lastSeen(unmet); last > 0 {
		r.lacks(fmt.Sprintf("a station saw entry %d of the journal", last))
	}
	return r.s.step("replayed")
}

// copy puts the backup, or nothing, where the database is made again, and opens it.
func (r *Rebuilt) copy(ctx context.Context) error {
	for _, end := range []string{"", "-journal", "-wal", "-shm"} { // of one that was interrupted
		if err := os.Remove(r.path() + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if r.Backup.Path != "" {
		if err := copyFile(ctx, filepath.Join(r.Backup.Path, databaseName), r.path()); err != nil {
			return err
		}
	} else if err := preparePrivate(r.path()); err != nil {
		return err
	}
	var err error
	if r.s.write, err = sql.Open(driver, dsn(r.path(), rebuiltPragmas())); err != nil {
		return err
	}
	r.s.conn, err = r.s.write.Conn(ctx)
	return err
}

func copyFile(ctx context.Context, from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, privateFile)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, reading{ctx, in})
	return errors.Join(err, out.Sync(), out.Close())
}

// replay brings it to the end of the redo log, or as far as that leads.
func (r *Rebuilt) replay(ctx context.Context, start head) error {
	x, err := readRedo(r.s.dir)
	if err != nil {
		return err
	}
	path, whole := x.follow(start)
	r.Replayed, err = replay(ctx, r.s.conn, path)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case fault.CodeOf(failed("replay", err)) == fault.StoreFull:
		return err
	case err != nil:
		r.lacks(err.Error())
	case !whole:
		r.lacks("the redo log has a gap")
	case x.count == 0:
		r.lacks("there is no redo log")
	}
	return nil
}

// lacks adds a reason why not all is here.
func (r *Rebuilt) lacks(why string) {
	if r.Lacking != "" {
		why = r.Lacking + "; " + why
	}
	r.Lacking = why
}

// Finish notes who restored and what lacks, and puts the database in its place; what was there, and the marks of stations that saw what is lost, goes to
// damaged-DATE in the data directory. It takes two officers who are active in this database, one of whom may restore (fault.SealWrong); none only where
// there is no officer at all.
// Whatever happens, Close has to follow; after an error everything is as it was, or Rebuild has to begin again, and Open says so.
func (r *Rebuilt) Finish(ctx context.Context, by ...Signer) error {
	if err := mayRestore(ctx, r.s.conn, by); err != nil { // nobody else has this database
		return err
	}
	now := r.s.now().Round(0)
	aside, err := r.aside(now)
	if err != nil {
		return r.s.failed("restore", err)
	}
	key, err := r.s.stationKey()
	if err != nil {
		return err
	}
	err = r.s.transact(ctx, func(conn *sql.Conn) error {
		if err := r.s.nameKey(ctx, conn, key); err != nil {
			return err
		}
		if given, err := parseNumbers(append(r.Backup.Numbers, '\n')); err == nil {
			if err := mergeCounters(ctx, conn, given.Last); err != nil {
				return err
			}
		}
		return r.note(ctx, conn, now, aside, by)
	})
	if err != nil {
		return err
	}
	unmet, err := unmetMarks(ctx, r.s.conn, r.s.dir)
	if err != nil {
		return r.s.failed("restore", err)
	}
	if err := errors.Join(r.Reader.Close(), r.s.conn.Close(), r.s.write.Close()); err != nil {
		return r.s.failed("restore", err)
	}
	r.Reader, r.s.conn, r.s.write = nil, nil, nil
	if err := r.place(aside, unmet); err != nil {
		return r.s.failed("restore", err)
	}
	r.s.setMark(*r.s.marking)
	r.s.opts.Log.Warn("store.recovered", "backup", filepath.Base(r.Backup.Path), "replayed", r.Replayed, "lacking", r.Lacking)
	return nil
}

// place exchanges the files. The marks of stations that saw what is lost go aside, too: to them the journal would be one that somebody cut.
func (r *Rebuilt) place(aside string, unmet map[string]mark) error {
	if err := r.s.step("noted"); err != nil {
		return err
	}
	if err := syncFile(r.path()); err != nil {
		return err
	}
	r.moved = true
	to := filepath.Join(r.s.dir, aside)
	if err := errors.Join(os.Mkdir(to, privateDir), syncDir(r.s.dir)); err != nil {
		return err
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		err := os.Rename(filepath.Join(r.s.dir, databaseName+end), filepath.Join(to, databaseName+end))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := errors.Join(syncDir(to), r.s.step("aside"+end)); err != nil {
			return err
		}
	}
	for station := range unmet {
		if err := os.Rename(filepath.Join(r.s.dir, markName+station), filepath.Join(to, markName+station)); err != nil {
			return err
		}
	}
	if err := errors.Join(syncDir(to), r.s.step("aside-marks")); err != nil {
		return err
	}
	if err := errors.Join(os.Rename(r.path(), filepath.Join(r.s.dir, databaseName)), syncDir(r.s.dir), r.s.step("placed")); err != nil {
		return err
	}
	return errors.Join(os.Remove(filepath.Join(r.s.dir, restoringName)), syncDir(r.s.dir))
}

// aside is a directory that is not there yet.
func (r *Rebuilt) aside(now time.Time) (string, error) {
	name := damagedStart + now.Format(backupTime)
	for i := 1; ; i++ {
		if i > 1 {
			name = fmt.Sprint(damagedStart, now.Format(backupTime), "-", i)
		}
		_, err := os.Lstat(filepath.Join(r.s.dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// Close lets everybody in again, and gives up what was not finished. A directory that has lost its database stays closed.
func (r *Rebuilt) Close() error {
	if r.s.lock == nil {
		return nil
	}
	var err error
	if r.Reader != nil {
		err = r.Reader.Close()
	}
	if r.s.conn != nil {
		err = errors.Join(err, r.s.conn.Close())
	}
	if r.s.write != nil {
		err = errors.Join(err, r.s.write.Close())
	}
	if r.s.markFile != nil {
		err = errors.Join(err, r.s.markFile.Close())
	}
	_, lost := os.Stat(filepath.Join(r.s.dir, databaseName))
	leave := []string{r.path()}
	if lost == nil || r.fresh && !r.moved {
		leave = append(leave, filepath.Join(r.s.dir, restoringName))
	}
	for _, path := range leave {
		if e := os.Remove(path); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	err = errors.Join(err, unlockDir(r.s.lock))
	r.Reader, r.s.conn, r.s.write, r.s.markFile, r.s.lock = nil, nil, nil, nil, nil
	return err
}

// mayRestore wants two officers, one of whom may restore; nobody where there is no officer.
func mayRestore(ctx context.Context, q querier, by []Signer) error {
	all, err := readOfficers(ctx, q)
	if err != nil || len(all) == 0 && len(by) == 0 {
		return err
	}
	return mayTogether(ctx, q, officer.Restore, by)
}

func (r *Rebuilt) note(ctx context.Context, conn *sql.Conn, now time.Time, aside string, by []Signer) error {
	lacking := strings.ToValidUTF8(r.Lacking[:min(len(r.Lacking), maxLacking)], "")
	detail := map[string]any{"replayed": r.Replayed, "whole": r.Lacking == "", "lacking": lacking, "aside": aside, "backup": "", "at": ""}
	if r.Backup.Path != "" {
		detail["backup"], detail["at"] = filepath.Base(r.Backup.Path), formatTime(r.Backup.At)
	}
	if len(by) > 0 {
		if err := countersign(Recovered, "", formatTime(now), detail, by...); err != nil {
			return err
		}
	}
	_, err := r.s.record(ctx, conn, now, Recovered, "", detail)
	return err
}

// step is where a test interrupts.
func (s *Store) step(name string) error {
	if s.opts.interrupt == nil {
		return nil
	}
	return s.opts.interrupt(name)
}
