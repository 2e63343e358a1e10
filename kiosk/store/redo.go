package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"motcua/kiosk/fault"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// This file writes the redo log: what each transaction changed, durable before its commit, so that a backup and what followed it give
// the database again that cannot be read any more. Rules:
//
//   - SQLite itself tells what is changed (preupdate hook), so no table and no column can be forgotten; a commit of something that
//     was not logged is refused (commit hook). A migration is logged as its number.
//   - A record says where the journal stood before and after it. The one behind it tells whether it was committed: if so, that
//     begins where it ended. Nothing is ever taken back, since nobody knows of a commit that failed whether it did.
//   - Appending happens under the database's write lock, so two processes write one after the other, and whatever is torn at the end
//     is of one that died. It is left, and a new segment begins; so it does where the log does not lead to the database as it is.
//   - A log that cannot be written stops filing: what could be lost is not taken in.
//
// SQLite's session extension would do the same; the driver has it compiled in and gives no way to the handle that it needs.

const (
	redoDir     = "redo"      // in the data directory
	redoEnd     = ".redo"     // 00000001.redo: segments, in order
	redoElse    = "elsewhere" // names the other directories that segments went to, one a line; the last one has them now
	segmentSize = 64 << 20    // bytes, after which the next one begins

	segmentsGone = 1_000_000 // more than are in a directory that cannot be read
)

// redoLog is a process's end of the log. It is used with the token to write.
type redoLog struct {
	dir    string // data directory
	log    *slog.Logger
	tables map[string]*table
	schema int

	pending []change
	step    int   // the migration under way
	wrong   error // of a hook
	logged  bool  // pending is on disk
	tail    tail
}

// tail is the end of the newest segment, as this process left or found it.
type tail struct {
	path   string
	size   int64
	record redoRecord // without its changes
}

// table is what has to be known of a table to name its rows.
type table struct {
	name    string
	columns []string
	key     []int // columns of the primary key; nil: the rowid
	alias   int   // the column that is the rowid, -1 if none
}

// readTables reads how the tables look, and refuses those whose rows could not be logged.
func readTables(ctx context.Context, q querier) (map[string]*table, error) {
	rows, err := q.QueryContext(ctx, `SELECT l.name, l.type, l.wr, c.name, c.type, c.pk, c.hidden FROM pragma_table_list l, pragma_table_xinfo(l.name) c
		WHERE l.schema = 'main' AND l.type <> 'view' AND l.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY l.name, c.cid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all, bare := map[string]*table{}, map[string]bool{}
	for rows.Next() {
		var name, kind, column, declared string
		var without bool
		var pk, hidden int
		if err := rows.Scan(&name, &kind, &without, &column, &declared, &pk, &hidden); err != nil {
			return nil, err
		}
		if kind != "table" || hidden != 0 {
			return nil, fault.Newf(fault.Internal, "store: redo: %s.%s cannot be logged", name, column)
		}
		t := all[name]
		if t == nil {
			t = &table{name: name, alias: -1}
			all[name], bare[name] = t, without
		}
		if pk > 0 {
			for len(t.key) < pk {
				t.key = append(t.key, -1)
			}
			t.key[pk-1] = len(t.columns)
			if pk == 1 && strings.EqualFold(declared, "INTEGER") {
				t.alias = len(t.columns)
			}
		}
		t.columns = append(t.columns, column)
	}
	for name, t := range all {
		if bare[name] || len(t.key) > 1 {
			t.alias = -1
		}
		if !bare[name] {
			t.key = nil
		}
	}
	return all, rows.Err()
}

// openRedo hooks the log to the connection that writes.
func openRedo(conn *sql.Conn, dir string, log *slog.Logger) (*redoLog, error) {
	l := &redoLog{dir: dir, log: log}
	if err := os.MkdirAll(filepath.Join(dir, redoDir), privateDir); err != nil {
		return nil, err
	}
	return l, conn.Raw(func(c any) error {
		hooks, ok := c.(sqlite.HookRegisterer)
		if !ok {
			return errors.New("the driver has no hooks")
		}
		hooks.RegisterPreUpdateHook(l.changed)
		hooks.RegisterCommitHook(l.committing)
		return nil
	})
}

// begin forgets what was pending and sees to it that the tables are known. The caller has the write lock.
func (l *redoLog) begin(ctx context.Context, conn *sql.Conn) error {
	l.pending, l.step, l.wrong, l.logged = nil, 0, nil, false
	version, err := schemaVersion(ctx, conn)
	if err != nil {
		return err
	}
	if l.tables != nil && version == l.schema {
		return nil
	}
	l.schema = version
	l.tables, err = readTables(ctx, conn)
	return err
}

// changed is SQLite's preupdate hook. What a trigger or a foreign key does (Depth) is done again by them.
func (l *redoLog) changed(d sqlite.SQLitePreUpdateData) {
	if l.step > 0 || d.Depth() > 0 || l.wrong != nil {
		return
	}
	t := l.tables[d.TableName]
	if t == nil {
		l.wrong = fmt.Errorf("redo: a change in %s, which is not known", d.TableName)
		return
	}
	c := change{table: t.name}
	var old []any
	switch d.Op {
	case sqlite3.SQLITE_INSERT:
		c.op, c.key = opInsert, []any{d.NewRowID}
	case sqlite3.SQLITE_UPDATE:
		c.op, c.key = opUpdate, []any{d.OldRowID}
	default:
		c.op, c.key = opDelete, []any{d.OldRowID}
	}
	if c.op != opDelete {
		c.row = make([]any, d.Count())
		l.wrong = d.New(c.row...)
		old = c.row
	}
	if t.key != nil && c.op != opInsert {
		old = make([]any, slices.Max(t.key)+1)
		l.wrong = errors.Join(l.wrong, d.Old(old...))
	}
	if t.key != nil {
		c.key = t.pick(old)
	}
	l.pending = append(l.pending, c)
}

// pick are the key's columns of a row.
func (t *table) pick(row []any) []any {
	if t.key == nil {
		return []any{row[t.alias]}
	}
	var key []any
	for _, i := range t.key {
		key = append(key, row[i])
	}
	return key
}

// committing is SQLite's commit hook: anything but 0 makes a ROLLBACK of it.
func (l *redoLog) committing() int32 {
	if len(l.pending) > 0 && !l.logged {
		l.wrong = errors.Join(l.wrong, errors.New("redo: a commit that was not logged"))
		return 1
	}
	l.pending, l.logged = nil, false
	return 0
}

// write puts what the transaction changed into the log. The caller has the write lock and commits next.
func (l *redoLog) write(ctx context.Context, conn *sql.Conn) error {
	if l.wrong != nil {
		return l.wrong
	}
	if len(l.pending) == 0 && l.step == 0 {
		return nil
	}
	r := redoRecord{kind: recordRows, schema: l.schema, changes: l.pending}
	if l.step > 0 {
		r.kind, r.schema, r.changes = recordStep, l.step, nil
		l.tables = nil // read anew
	}
	var err error
	if r.after, err = headOf(ctx, conn); err != nil {
		return err
	}
	r.before = l.before(r.after)
	if err := l.append(r); err != nil {
		return fmt.Errorf("redo: %w", err)
	}
	l.logged = true
	return nil
}

// before is where the journal stood: the first entry that is new knows the hash of the one before it.
func (l *redoLog) before(after head) head {
	for _, c := range l.pending {
		if c.table != "journal" {
			continue
		}
		var h head
		t := l.tables["journal"]
		seq, ok := c.row[t.alias].(int64)
		prev, is := c.row[slices.Index(t.columns, "prev_hash")].([]byte)
		if ok && is {
			h.seq = seq - 1
			copy(h.hash[:], prev)
			return h
		}
	}
	return after
}

// headOf is where the journal stands; an empty database has none yet.
func headOf(ctx context.Context, q querier) (head, error) {
	var h head
	var hash []byte
	err := q.QueryRowContext(ctx, "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").Scan(&h.seq, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return h, nil
	}
	if err != nil {
		var n int
		if q.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n) == nil && n == 0 {
			return h, nil
		}
		return h, err
	}
	copy(h.hash[:], hash)
	return h, nil
}

// append writes one record behind the last one.
func (l *redoLog) append(r redoRecord) error {
	bytes, err := frame(r.encode())
	if err != nil {
		return err
	}
	f, err := l.newest(r.before)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := writeAt(f, bytes, l.tail.size); err != nil {
		return err
	}
	l.tail.size += int64(len(bytes))
	l.tail.record = redoRecord{kind: r.kind, schema: r.schema, before: r.before, after: r.after}
	return nil
}

// writeAt makes bytes durable at the end of f, or takes back what it wrote of them.
func writeAt(f *os.File, bytes []byte, at int64) error {
	_, err := f.WriteAt(bytes, at)
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		_ = f.Truncate(at) // what stays is torn, and is seen
	}
	return err
}

// newest opens the segment that can be continued from where the journal stood, which may be a new one.
func (l *redoLog) newest(from head) (*os.File, error) {
	names, err := segments(redoPlace(l.dir))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return l.next(from)
	}
	f, err := os.OpenFile(names[len(names)-1], os.O_RDWR, privateFile)
	if err != nil {
		return nil, err
	}
	if l.follows(f, from) {
		return f, nil
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	return l.next(from)
}

// next makes the next segment where the newest one is, and opens it.
func (l *redoLog) next(from head) (*os.File, error) {
	last, err := lastSegment(l.dir)
	if err != nil {
		return nil, err
	}
	return l.begins(redoPlace(l.dir), last+1, from)
}

// follows reports whether what begins at from can stand behind what is in f, and notes f's end.
func (l *redoLog) follows(f *os.File, from head) bool {
	info, err := f.Stat()
	if err != nil || info.Size() > segmentSize {
		return false
	}
	if l.tail.path != f.Name() || l.tail.size != info.Size() {
		last, err := lastRecord(f, info.Size())
		if err != nil {
			l.log.Warn("store.redo-torn", "segment", filepath.Base(f.Name()))
			return false
		}
		last.changes = nil
		l.tail = tail{f.Name(), info.Size(), last}
	}
	if l.tail.record.after != from && l.tail.record.before != from {
		l.log.Warn("store.redo-gap", "segment", filepath.Base(f.Name()))
		return false
	}
	return true
}

// lastRecord reads the last record of a segment.
func lastRecord(f io.ReaderAt, size int64) (redoRecord, error) {
	var end [lengthBytes]byte
	if size < frameBytes {
		return redoRecord{}, errRecord
	}
	if _, err := f.ReadAt(end[:], size-lengthBytes); err != nil {
		return redoRecord{}, err
	}
	n := int64(binary.BigEndian.Uint32(end[:])) + frameBytes
	if n > size || n > maxRecord+frameBytes {
		return redoRecord{}, errRecord
	}
	whole := make([]byte, n)
	if _, err := f.ReadAt(whole, size-n); err != nil {
		return redoRecord{}, err
	}
	text, err := unframe(whole)
	if err != nil {
		return redoRecord{}, err
	}
	return parseRecord(text)
}

// begins makes a segment, and opens it. The caller has the write lock.
func (l *redoLog) begins(place string, number int, from head) (*os.File, error) {
	first := redoRecord{kind: recordStart, before: from, after: from}
	bytes, err := frame(first.encode())
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(place, fmt.Sprintf("%08d%s", number, redoEnd)), os.O_RDWR|os.O_CREATE|os.O_EXCL, privateFile)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(writeAt(f, bytes, 0), syncDir(place)); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	l.tail = tail{f.Name(), int64(len(bytes)), first}
	return f, nil
}

// rotate begins a new segment, so that the older ones can go once a backup holds what is in them. The caller has the write lock.
func (l *redoLog) rotate(ctx context.Context, conn *sql.Conn) error {
	from, err := headOf(ctx, conn)
	if err != nil {
		return err
	}
	f, err := l.next(from)
	if err != nil {
		return fmt.Errorf("redo: %w", err)
	}
	return f.Close()
}

// moveRedo lets the log go on in the directory of the options.
func (s *Store) moveRedo(ctx context.Context) error {
	to := s.opts.RedoDir
	if to == "" || to == redoPlace(s.dir) {
		return nil
	}
	if !filepath.IsAbs(to) || strings.ContainsAny(to, "\r\n") {
		return fault.Newf(fault.ConfigBad, "store: redo: the directory has to be named from the root")
	}
	if err := os.MkdirAll(to, privateDir); err != nil {
		return failed("redo", err)
	}
	return s.transact(ctx, func(conn *sql.Conn) error { return s.redo.move(ctx, conn, to) })
}

// move begins a segment in another directory, and then says so.
func (l *redoLog) move(ctx context.Context, conn *sql.Conn, to string) error {
	from, err := headOf(ctx, conn)
	if err != nil {
		return err
	}
	last, err := lastSegment(l.dir)
	if err != nil { // the disk is gone, for which it moves: should it come again, its segments are before those that follow
		l.log.Warn("store.redo-gone", "err", err)
		last += segmentsGone
	}
	f, err := l.begins(to, last+1, from)
	if err != nil {
		return err
	}
	// The places of before stay known: their segments are read, and go with the others. One that looks empty may be a disk that comes again.
	places := slices.DeleteFunc(redoPlaces(l.dir)[1:], func(place string) bool { return place == to })
	text := strings.Join(append(places, to), "\n") + "\n"
	return errors.Join(f.Close(), writeWhole(filepath.Join(l.dir, redoDir), redoElse, []byte(text)))
}

// redoPlace is the directory that has the newest segment.
func redoPlace(dir string) string {
	all := redoPlaces(dir)
	return all[len(all)-1]
}

// redoPlaces are the directories that segments went to, that of the data directory first and the one that has the newest last; it may be there twice.
func redoPlaces(dir string) []string {
	places := []string{filepath.Join(dir, redoDir)}
	text, err := os.ReadFile(filepath.Join(dir, redoDir, redoElse))
	if err != nil {
		return places
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); filepath.IsAbs(line) {
			places = append(places, line)
		}
	}
	return places
}

// segments are the segments in one directory, oldest first.
func segments(place string) ([]string, error) {
	entries, err := os.ReadDir(place) // sorted
	var names []string
	for _, e := range entries {
		if segmentForm.MatchString(e.Name()) {
			names = append(names, filepath.Join(place, e.Name()))
		}
	}
	return names, err
}

// segmentForm is what the name of a segment looks like.
var segmentForm = regexp.MustCompile(`^[0-9]{8}\.redo$`)

// allSegments are those of the data directory and of where they went since. A place of before that cannot be read has none: a disk that is gone, from which
// the log was moved for that, must not keep anybody from filing, and who follows the log sees the gap. With an error it gives those that can be read.
func allSegments(dir string) ([]string, error) {
	places := redoPlaces(dir)
	last := len(places) - 1
	var names []string
	var wrong error
	for i, place := range places {
		if i < last && slices.Contains(places[i+1:], place) {
			continue
		}
		more, err := segments(place)
		if err != nil && (i == last && last > 0 || i == 0 && !errors.Is(err, fs.ErrNotExist)) {
			wrong = errors.Join(wrong, err)
		}
		names = append(names, more...)
	}
	slices.SortStableFunc(names, func(a, b string) int { return strings.Compare(filepath.Base(a), filepath.Base(b)) })
	return names, wrong
}

// lastSegment is the number of the newest segment, 0 if there is none; with an error, of those that can be read.
func lastSegment(dir string) (int, error) {
	names, err := allSegments(dir)
	if len(names) == 0 {
		return 0, err
	}
	var n int
	_, wrong := fmt.Sscanf(filepath.Base(names[len(names)-1]), "%d", &n)
	return n, errors.Join(err, wrong)
}
