// Package store keeps filings on this machine's disk: an embedded SQLite database, its journal and its numbers.
//
// Open gives a Store, which one process at a time can have for each station: a kiosk and a desk work on one directory side by side. File puts a draft on disk under a new number. OpenReadOnly
// gives a Reader beside a running Store, for the command line. storetest is the contract that both ends rely on.
//
// # Files
//
// The data directory (0700) holds motcua.db with SQLite's motcua.db-wal and motcua.db-shm beside it, numbers, lock-STATION, each station's
// key-STATION and mark-STATION, and in redo the redo log (all 0600); after a restore damaged-DATE, for a week. While one is under way or was
// interrupted, restoring keeps everybody out.
//
// # When a filing is safe
//
// File returns after COMMIT in WAL mode with synchronous=FULL, which is after fsync. The row, the journal entry, the
// outbox row and the day's counter are one transaction: all of it is there or nothing. A draft is recognised by its
// Key, so whoever is unsure whether File succeeded asks again and gets the first Filing back. The desk's acts (Decide, Undo, Hold, Release,
// FormPrinted, SayBrought, Printed) are such transactions, too; a decision that is given again is refused by the filing's status, and taking back names the decision.
//
// What holds this, each with a kiosk and a desk as two processes on one directory, and each of which is shown to fail when it should:
//
//   - kill -9 of one or both at every call that changes a file or answers somebody (TestKillMatrix, TestKill).
//   - The power cut at any moment of a first start, a busy hour, the log carried over, closing and opening, and after such kills
//     (TestPowerCut): the calls of the real processes are recorded, and of what no fsync covered the disk keeps any part, by sectors,
//     and any selection of names, which is worse than journaling file systems are. What was answered is there with its content, once; what was
//     not is there whole or not at all; each fsync is needed (TestPowerCutWouldShow). Believed is that a sector is written whole
//     and that a disk does what it says; a disk that lies about fsync loses filings, and nothing here can help it.
//   - A disk that refuses from any point on, as read-only, full, or broken in fsync or write (TestDiskRefuses, on real disks TestDiskTurnsReadOnly and
//     TestFullDisk…): a fault is answered, nothing of it is there, and it works as soon as the disk does.
//   - Clocks and zones that jump (TestClockJumps, TestZoneChanges): see below, and "The journal".
//
// # Why a number never repeats
//
// A number is station, day and serial. The serial comes from the day's counter, which is in the same transaction as
// the filing; a crash cannot separate them. Counters are kept by day for ever, so a clock that is set back continues
// where that day stopped. The station is in the number, so two kiosks of a commune cannot meet; the commune is not
// in the key of the counter, so the short form survives a merger of communes.
//
// What is left is a database that comes back from a backup and has forgotten numbers that are on people's slips. The
// file numbers is the guard. It holds each day's highest serial, and it is written (temporary file, fsync, rename, fsync
// of the directory) before the commit that gives the number away:
//
//   - Only the database came back: the file is ahead of it, and the next number follows the file.
//   - The whole directory came back, or the file is missing, damaged, or another installation's: the file cannot be
//     trusted. It is recognised by writing into the file which inode it is and when that inode was born, which no
//     copying tool reproduces. Nobody knows then how many numbers were given since the backup, so every day from that of the
//     last filing known, for a year, leaves out RestoreGap numbers, once more for each restore; if that day is yet to come, the clock was
//     wrong then or is now, and every day before it does, too. The journal says so (store.restored), and the year bounds how long slips
//     carry needlessly long numbers.
//
// A number that was set aside and not used, because the disk was full or the power went in between, stays a gap; the
// entry of the next filing says how many were skipped. What this cannot see is a whole disk brought back block by
// block (an image, a virtual machine's snapshot): then the file is the very inode that it says it is. A site that restores so has
// to delete the file numbers once afterwards, which has the effect of the second case.
//
// A clock that says a year before 2000 gives no number: File fails, since such a day cannot be true. Every other jump of the clock
// continues the day that it jumps to.
//
// # When the database itself is lost
//
// Backup makes copies while filing goes on, and the redo log holds what each transaction changed since, durable before its commit;
// Rebuild and Finish make the database again from both. A log of rows and not of pages, because a damaged page would be logged as
// damaged, and because the last backup and the log together say what every row has to be: Backup and Check compare with that, so that also
// a bit is seen that fell over in a column of which neither an index nor the journal knows. Nothing damaged becomes a backup.
// The log costs a filing one fsync more (redo.go says how it works). It stays for the last two backups, in case one of them is lost.
//
// Open looks at all pages of a small database, and of a large one where damage is met first (opening.go); Check looks at the rest, and
// somebody has to call it now and then, or Backup, which does the same.
//
// What is in a backup and in the log is what is in the database, sealed; no key is needed for making one. It follows that a filing's key that was
// destroyed lives on in the log until the second backup after it, which are due at once, and in backups of before
// and in what restores put aside for a week (DestroyedStays).
//
// # Who can read
//
// What a filing says of a person is sealed (kiosk/seal) to the officers of the office before it is written; neither this package nor the
// kiosk can read it back. Get gives what stands in the open, Read wants an officer's identity. Without an officer nothing is filed.
// What the figures count by (filing.Facts, ratings) stands in the open, too: Records gives it without anybody's key.
//
// # The journal
//
// Entries form a chain of SHA-256 hashes (hashEntry); triggers refuse to change or delete them. That is no defence against
// somebody who can write the file, but such a change is seen by VerifyJournal, unless the whole chain from there on is
// made anew or its end is cut off: for that each entry is signed by its station (stationkey.go), and what officers decide by them. The entry of a filing holds the digest of its
// content; the content includes a random key, so the digest gives nothing away.
//
// Its order is the order in which things happened; its times are what the clock said. Where the clock was set back by more than a minute between two
// entries, an entry clock.back says so, and by how much.
package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/seal"
)

// Options are what a Store needs to know.
type Options struct {
	Station string           // K1, the name in each number; filing.ValidStation
	Commune string           // five digits, the code in each number; filing.ValidCommune
	Now     func() time.Time // time.Now if nil
	Zone    *time.Location   // where a day begins; nil: the location that Now gives
	Rand    io.Reader        // crypto/rand if nil
	Log     *slog.Logger     // nothing is logged if nil
	// Recipients are who filings are sealed to besides the officers of this office.
	Recipients []seal.Public
	// Tag makes the tag of somebody (identity.Person.Tagged), by which the kiosk finds a citizen's filings; with the salt of this
	// installation. Nil: filings have no tag.
	Tag func(salt []byte) func(number string) []byte
	// RedoDir has the redo log, best on another disk; "" leaves it where it is, which is the data directory until it was set.
	RedoDir string

	// maxPages bounds the database's size, for tests of a full disk; 0 is no bound.
	maxPages int
	// small is another smallSize, 0 for that.
	small int64
	// interrupt is called between the steps of a restore, for tests; an error ends it there.
	interrupt func(step string) error
}

// fill sets the defaults and refuses what cannot be part of a number.
func (o *Options) fill() error {
	if !filing.ValidStation(o.Station) {
		return fault.Newf(fault.ConfigBad, "store: the station's name must be a capital letter and up to 7 capitals or digits")
	}
	if !filing.ValidCommune(o.Commune) {
		return fault.Newf(fault.ConfigBad, "store: the commune's code must be five digits")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return nil
}

// Store is an open database that can be written. Its methods may be called from any goroutine; writing is one at a time.
type Store struct {
	*Reader
	opts  Options
	dir   string
	lock  *os.File
	write *sql.DB

	turn     chan struct{} // holds one token: whoever has it may write
	conn     *sql.Conn     // the only connection that writes; used with the token
	redo     *redoLog      // what has to survive the database; used with the token
	marks    *marks        // the file numbers; used with the token
	instance string        // this installation's random identifier, in the database and in numbers
	tag      func(number string) []byte

	own      ed25519.PrivateKey // of this station; used with the token
	marking  *mark              // the entry that is being written; used with the token
	markFile *os.File           // likewise
	unplaced bool               // the database is not in its place: it leaves no marks, by which another one would look cut (Rebuilt)

	tagging sync.Mutex
	lastTag *tagging // under tagging

	ready   bool // Open succeeded: the token is in use
	closing sync.Once
	closed  error
}

// Names in the data directory.
const (
	databaseName = "motcua.db"
	lockName     = "lock-" // and the station
)

// Open opens the data directory for writing and creates what is missing. An error has a fault.Code: StoreLocked if
// another process has it as this station, StoreDamaged if the database does not pass its check, StoreFull, ConfigBad, or StoreFailed.
func Open(dir string, opts Options) (*Store, error) {
	if err := opts.fill(); err != nil {
		return nil, err
	}
	if err := prepareDir(dir); err != nil {
		return nil, failed("data directory", err)
	}
	path := filepath.Join(dir, lockName+opts.Station)
	clean := endedCleanly(path)
	lock, err := lockDir(path)
	if err != nil {
		return nil, err
	}
	s := &Store{opts: opts, dir: dir, lock: lock, turn: make(chan struct{}, 1)}
	if err := restoring(dir); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.open(context.Background(), clean); err != nil {
		return nil, errors.Join(s.failed("open", err), s.Close())
	}
	s.turn <- struct{}{}
	s.ready = true
	return s, nil
}

// open is what follows once the lock is ours; clean says that the process before ended as it should. On an error the caller closes what was opened.
func (s *Store) open(ctx context.Context, clean bool) error {
	path := filepath.Join(s.dir, databaseName)
	if err := preparePrivate(path); err != nil {
		return failed("database file", err)
	}
	var err error
	if s.write, err = sql.Open(driver, dsn(path, writePragmas(s.opts.maxPages))); err != nil {
		return failed("open", err)
	}
	if err := s.connect(ctx); err != nil {
		return failed("open", err)
	}
	if err := s.opening(ctx, path, clean); err != nil {
		return err
	}
	if s.redo, err = openRedo(s.conn, s.dir, s.opts.Log); err != nil {
		return failed("redo", err)
	}
	if err := s.moveRedo(ctx); err != nil {
		return err
	}
	if err := s.migrate(ctx, embedded); err != nil {
		return err
	}
	if err := s.openInstance(ctx); err != nil {
		return err
	}
	if err := s.openKey(ctx); err != nil {
		return err
	}
	if err := s.openNumbers(ctx); err != nil {
		return err
	}
	if s.Reader, err = newReader(path); err != nil {
		return err
	}
	if err := s.openTags(ctx); err != nil {
		return err
	}
	return s.sealOld(ctx)
}

// How long, together, a database is asked again that somebody else is making or closing in this moment.
const (
	busyPause = 20 * time.Millisecond
	busyTries = 500
)

// connect opens the connection that writes. Of two stations that open a new directory at once one is told at once that the database is
// locked: turning it to the log is the one thing for which SQLite does not wait, since both could wait for each other.
func (s *Store) connect(ctx context.Context) (err error) {
	for range busyTries {
		if s.conn, err = s.write.Conn(ctx); !busy(err) {
			break
		}
		time.Sleep(busyPause)
	}
	return err
}

// Close ends writing and reading and gives the data directory free. It waits for a File that is under way; a second
// Close does nothing.
func (s *Store) Close() error {
	s.closing.Do(func() {
		if s.ready {
			<-s.turn
			close(s.turn)
		}
		s.closed = s.closeAll()
	})
	return s.closed
}

// closeAll closes whatever open had opened.
func (s *Store) closeAll() error {
	var errs []error
	if s.Reader != nil {
		errs = append(errs, s.Reader.Close())
	}
	if s.markFile != nil {
		errs = append(errs, s.markFile.Close())
	}
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	if s.ready && errors.Join(errs...) == nil {
		errs = append(errs, noteClean(s.lock))
	}
	return errors.Join(append(errs, unlockDir(s.lock))...)
}

// transact runs do in a transaction that holds the database's write lock from its beginning. Only when it returns nil
// is anything of it on disk.
//
// BEGIN, COMMIT and ROLLBACK go over one connection that is never given back, because a COMMIT that fails leaves the
// transaction open in SQLite, where database/sql believes it gone and would hand the connection to the next caller.
func (s *Store) transact(ctx context.Context, do func(*sql.Conn) error) error {
	s.marking = nil
	_, err := s.conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	if err != nil {
		// Who gives up just then may have begun it all the same.
		s.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return s.failed("begin", err)
	}
	if err = s.redo.begin(ctx, s.conn); err == nil {
		err = do(s.conn)
	}
	if err == nil {
		err = s.redo.write(ctx, s.conn)
	}
	if err == nil {
		// A caller that gives up must not interrupt the commit: half a minute later nobody knows what came of it.
		_, err = s.conn.ExecContext(context.WithoutCancel(ctx), "COMMIT")
	}
	if err == nil {
		if s.marking != nil && !s.unplaced {
			s.setMark(*s.marking)
		}
		return nil
	}
	if _, undo := s.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); undo != nil {
		s.opts.Log.Debug("store.rollback", "err", undo) // SQLite has already rolled back by itself
	}
	return s.failed("write", err)
}

// acquire waits for the turn to write. release gives it back.
func (s *Store) acquire(ctx context.Context) (release func(), err error) {
	select {
	case <-ctx.Done():
		return nil, failed("wait", ctx.Err())
	case _, open := <-s.turn:
		if !open {
			return nil, failed("wait", errClosed)
		}
		return func() { s.turn <- struct{}{} }, nil
	}
}

// errClosed: the Store was closed.
var errClosed = errors.New("the store is closed")

// now is the present instant where the kiosk stands.
func (s *Store) now() time.Time {
	t := s.opts.Now()
	if s.opts.Zone != nil {
		t = t.In(s.opts.Zone)
	}
	return t
}

// random is a new random identifier.
func random(r io.Reader) (string, error) {
	b := make([]byte, instanceBytes)
	if _, err := io.ReadFull(r, b); err != nil {
		return "", fmt.Errorf("random source: %w", err)
	}
	return fmt.Sprintf("%x", b), nil
}

// instanceBytes is the length of an installation's random identifier.
const instanceBytes = 16
