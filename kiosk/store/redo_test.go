package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
)

// fromNothing is the database that the redo log of dir alone gives.
func fromNothing(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn(filepath.Join(t.TempDir(), "again.db"), writePragmas(0)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	x, err := readRedo(dir)
	if err != nil {
		t.Fatal(err)
	}
	path, whole := x.follow(head{})
	if !whole {
		t.Fatal("the log has a gap")
	}
	if _, err := replay(t.Context(), conn, path); err != nil {
		t.Fatal(err)
	}
	return db
}

// everything is all that a database says, in a form to compare.
func everything(t *testing.T, db *sql.DB) string {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tables, err := readTables(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	var names []string
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	out := dump(t, db, "SELECT name, sql FROM sqlite_schema ORDER BY name") + dump(t, db, "PRAGMA user_version")
	for _, name := range names {
		order := strings.Join(tables[name].keyNames(), ", ")
		out += name + "\n" + dump(t, db, "SELECT "+order+", * FROM "+name+" ORDER BY "+order)
	}
	return out
}

func same(t *testing.T, got, want *sql.DB) {
	t.Helper()
	if g, w := everything(t, got), everything(t, want); g != w {
		i := 0
		for i < min(len(g), len(w)) && g[i] == w[i] {
			i++
		}
		t.Fatalf("from byte %d: %.200q, not %.200q", i, g[max(i-50, 0):], w[max(i-50, 0):])
	}
}

// Everything that a store writes, from its first migration on, is in the log.
func TestRedoFromNothing(t *testing.T) {
	dir := t.TempDir()
	s := openInternal(t, dir, 0)
	f, err := s.File(t.Context(), filing.Draft{Key: "a", Service: "tam-tru"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Printed(t.Context(), f.Reference, OutcomePrinted), s.Note(t.Context(), "session.ended", nil),
		s.Hold(t.Context(), f.Reference, "an"), s.Release(t.Context(), f.Reference, "an")); err != nil {
		t.Fatal(err)
	}
	same(t, fromNothing(t, dir), s.db)
}

// Any table that there is or will be: rows of all kinds of values are written, changed, renamed and removed at random.
func TestRedoAnyTable(t *testing.T) {
	dir := t.TempDir()
	s := openInternal(t, dir, 0)
	rnd := rand.New(rand.NewPCG(1, 2))
	fill := func(conn *sql.Conn) error {
		tables, err := readTables(t.Context(), conn)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(func(yield func(string) bool) {
			for name := range tables {
				if name != "journal" && !yield(name) {
					return
				}
			}
		}) {
			if err := spoil(t.Context(), conn, tables[name], rnd); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
	// Tables as the future may have them, in a log of their own: replay knows no such migration, so they are made by hand.
	const odd = `CREATE TABLE odd (a, b REAL, c TEXT); CREATE TABLE odder (x TEXT, n INTEGER, y BLOB, PRIMARY KEY (n, x)) WITHOUT ROWID;
		CREATE TABLE alias (a TEXT, id INTEGER PRIMARY KEY, b); PRAGMA foreign_keys = 0`
	if _, err := s.conn.ExecContext(t.Context(), odd); err != nil {
		t.Fatal(err)
	}
	s.redo.tables = nil
	for range 40 {
		if err := s.transact(t.Context(), fill); err != nil {
			t.Fatal(err)
		}
		if rnd.IntN(3) == 0 { // what is rolled back is not logged
			if err := s.transact(t.Context(), func(conn *sql.Conn) error { return errors.Join(fill(conn), errClosed) }); !errors.Is(err, errClosed) {
				t.Fatal(err)
			}
		}
	}
	again, err := sql.Open(driver, dsn(filepath.Join(t.TempDir(), "again.db"), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	conn, err := again.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	x, err := readRedo(dir)
	if err != nil {
		t.Fatal(err)
	}
	path, _ := x.follow(head{})
	first := slices.IndexFunc(path, func(p place) bool { return p.kind == recordRows })
	if _, err := replay(t.Context(), conn, path[:first]); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), odd); err != nil {
		t.Fatal(err)
	}
	if _, err := replay(t.Context(), conn, path[first:]); err != nil {
		t.Fatal(err)
	}
	same(t, again, s.db)
}

// spoil writes, changes and removes rows of a table.
func spoil(ctx context.Context, conn *sql.Conn, t *table, rnd *rand.Rand) error {
	value := func() any {
		return []any{rnd.Int64(), -rnd.Int64N(100), rnd.Float64(), fmt.Sprint("chữ ", rnd.Int()), []byte{}, []byte{0, 1, byte(rnd.Int())}, "", rnd.IntN(9)}[rnd.IntN(8)]
	}
	var row []any
	for i := range t.columns {
		v := value()
		if i == t.alias {
			v = rnd.IntN(12)
		}
		row = append(row, v)
	}
	names := strings.Join(quoted(t.columns), ", ")
	_, err := conn.ExecContext(ctx, "INSERT OR REPLACE INTO "+t.name+" ("+names+") VALUES (?"+strings.Repeat(", ?", len(row)-1)+")", row...)
	if err != nil {
		return err
	}
	column := rnd.IntN(len(t.columns))
	v := value()
	if column == t.alias {
		v = rnd.IntN(12)
	}
	_, err = conn.ExecContext(ctx, fmt.Sprintf("UPDATE OR REPLACE %s SET %s = ? WHERE abs(random()) %% 2 = 0", t.name, quote(t.columns[column])), v)
	if err == nil && rnd.IntN(4) == 0 {
		_, err = conn.ExecContext(ctx, fmt.Sprintf("DELETE FROM %s WHERE abs(random()) %% 3 = 0", t.name))
	}
	if err == nil && rnd.IntN(20) == 0 {
		_, err = conn.ExecContext(ctx, "DELETE FROM "+t.name) // SQLite would do it without looking at the rows
	}
	return err
}

// What is not logged is not committed.
func TestRedoNothingEscapes(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	if _, err := s.File(t.Context(), filing.Draft{Key: "a"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.conn.ExecContext(t.Context(), "INSERT INTO meta VALUES ('a', 'b')"); err == nil {
		t.Error("a change beside transact was committed")
	}
	if text := dump(t, s.db, "SELECT * FROM meta"); strings.Contains(text, "a\nb\n") {
		t.Error("it is there")
	}
	if err := s.transact(t.Context(), func(conn *sql.Conn) error {
		_, err := conn.ExecContext(t.Context(), "CREATE TABLE more (a); INSERT INTO more VALUES (1)")
		return err
	}); err == nil {
		t.Error("a table that is not known was written to")
	}
	if _, err := s.File(t.Context(), filing.Draft{Key: "b"}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	for _, ddl := range []string{"CREATE TABLE made (a, b AS (a + 1))", "CREATE VIRTUAL TABLE found USING fts5(a)"} {
		conn, err := sql.Open(driver, ":memory:")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.ExecContext(t.Context(), ddl); err != nil {
			t.Fatal(err)
		}
		if _, err := readTables(t.Context(), conn); err == nil {
			t.Errorf("%s can be logged", ddl)
		}
		conn.Close()
	}
}

// lastSegmentOf is the newest segment of dir.
func lastSegmentOf(t *testing.T, dir string) string {
	t.Helper()
	names, err := allSegments(dir)
	if err != nil || len(names) == 0 {
		t.Fatalf("%d segments, %v", len(names), err)
	}
	return names[len(names)-1]
}

// A log whose end is torn, at any byte, gives all that was committed before, and what comes after goes into a new segment.
func TestRedoTorn(t *testing.T) {
	if testing.Short() {
		t.Skip("one thing after the other, for half a minute: nothing for the race detector")
	}
	dir := t.TempDir()
	s := openInternal(t, dir, 0)
	name := lastSegmentOf(t, dir)
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	before := info.Size()
	// A transaction that was logged and not committed: the power went in between.
	if err := s.transact(t.Context(), func(conn *sql.Conn) error {
		_, err := s.record(t.Context(), conn, s.now(), "torn.away", "", nil)
		return errors.Join(err, s.redo.write(t.Context(), conn), errClosed)
	}); !errors.Is(err, errClosed) {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	step := max(1, (len(whole)-int(before))/20)
	for size := int(before); ; size = min(size+step, len(whole)) {
		dir := filepath.Join(t.TempDir(), "copy")
		if err := errors.Join(os.CopyFS(dir, os.DirFS(filepath.Dir(filepath.Dir(name)))),
			os.WriteFile(filepath.Join(dir, redoDir, filepath.Base(name)), whole[:size], 0o600)); err != nil {
			t.Fatal(err)
		}
		s := openInternal(t, dir, 0)
		if err := s.Note(t.Context(), "session.ended", nil); err != nil {
			t.Fatal(err)
		}
		again := fromNothing(t, dir)
		same(t, again, s.db)
		if strings.Contains(everything(t, again), "torn.away") {
			t.Fatal("what was not committed is there")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if size == len(whole) {
			break
		}
	}
}

// A piece of the log is missing: it is seen, and nothing behind it is guessed.
func TestRedoGap(t *testing.T) {
	dir := t.TempDir()
	s := openInternal(t, dir, 0)
	for i := range 6 {
		if _, err := s.File(t.Context(), filing.Draft{Key: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if x, err := readRedo(dir); err != nil {
		t.Fatal(err)
	} else if _, whole := x.follow(head{}); !whole {
		t.Fatal("a gap where there is none")
	}
	name := lastSegmentOf(t, dir)
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.File(t.Context(), filing.Draft{Key: "more"}); err != nil {
		t.Fatal(err)
	}
	s.redo.tail = tail{} // another process
	if err := os.Truncate(name, int64(len(text)-5)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.File(t.Context(), filing.Draft{Key: "and more"}); err != nil {
		t.Fatal(err)
	}
	if lastSegmentOf(t, dir) == name {
		t.Error("it went on behind a torn end")
	}
	x, err := readRedo(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, whole := x.follow(head{}); whole {
		t.Error("the gap was not seen")
	}
}

// A change that wrote no entry may have been logged and not committed, also long ago: neither it nor what was before it counts as damage. Anything
// else in its row does.
func TestCheckUncommitted(t *testing.T) {
	dir, backups := t.TempDir(), filepath.Join(t.TempDir(), "backups")
	s := openInternal(t, dir, 0)
	f, err := s.File(t.Context(), filing.Draft{Key: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Backup(t.Context(), backups, DefaultKeep); err != nil {
		t.Fatal(err)
	}
	hold := func(who string, more error) error {
		return s.transact(t.Context(), func(conn *sql.Conn) error {
			_, err := conn.ExecContext(t.Context(), "UPDATE filing SET holder = ? WHERE reference = ?", who, f.Reference.String())
			return errors.Join(err, s.redo.write(t.Context(), conn), more)
		})
	}
	check := func(want fault.Code) {
		t.Helper()
		if _, err := s.Check(t.Context(), backups); fault.CodeOf(err) != want {
			t.Errorf("%v", err)
		}
	}
	if err := hold("an", errClosed); !errors.Is(err, errClosed) { // the power went in between
		t.Fatal(err)
	}
	if err := s.Note(t.Context(), "session.ended", nil); err != nil {
		t.Fatal(err)
	}
	check("")
	if err := errors.Join(hold("an", nil), s.Note(t.Context(), "session.ended", nil)); err != nil {
		t.Fatal(err)
	}
	check("")
	beside, err := sql.Open(driver, dsn(filepath.Join(dir, databaseName), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	for _, query := range []string{"UPDATE filing SET holder = 'ao'", "UPDATE filing SET holder = 'an', prints = 7", "PRAGMA foreign_keys = 0; DELETE FROM filing"} {
		if _, err := beside.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
		if _, err := compare(t.Context(), filepath.Join(dir, databaseName), newestOf(t, s, backups), dir); fault.CodeOf(err) != fault.StoreDamaged {
			t.Errorf("%s: %v", query, err)
		}
	}
}

func newestOf(t *testing.T, s *Store, backups string) *Backup {
	t.Helper()
	b, err := s.lastBackup(backups)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What is held against the log is not kept in memory whole: pictures of a day are more than there is.
func TestCheckLittleMemory(t *testing.T) {
	c := comparison{tables: map[string]*table{"long": {name: "long", columns: []string{"id", "body"}, alias: 0}}, want: map[string]map[string]*wanted{}}
	for id := range int64(3) {
		c.note(change{op: opInsert, table: "long", key: []any{id}, row: []any{id, make([]byte, 1<<20)}}, id == 0)
	}
	size := 0
	for _, w := range c.want["long"] {
		for _, form := range w.forms {
			size += len(form)
		}
	}
	if size > 1<<10 {
		t.Errorf("%d bytes of three rows", size)
	}
}

// The log goes on in another directory, and is read from both.
func TestRedoMoves(t *testing.T) {
	dir, other := t.TempDir(), filepath.Join(t.TempDir(), "disk")
	s := openInternal(t, dir, 0)
	beside, err := Open(dir, Options{Station: "D1", Commune: "05200", Recipients: recipients()})
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	file := func(s *Store, key string) {
		if _, err := s.File(t.Context(), filing.Draft{Key: key}); err != nil {
			t.Fatal(err)
		}
	}
	file(s, "a")
	file(beside, "b")
	moved, err := Open(dir, Options{Station: "K2", Commune: "05200", Recipients: recipients(), RedoDir: other})
	if err != nil {
		t.Fatal(err)
	}
	defer moved.Close()
	file(s, "c")
	file(moved, "d")
	file(beside, "e")
	if names, err := segments(other); err != nil || len(names) != 1 {
		t.Errorf("%v, %v", names, err)
	}
	same(t, fromNothing(t, dir), s.db)
}

// Moved more than once, and back, the log is whole, and what backups hold goes from every place. A place that is gone keeps nobody from filing.
func TestRedoMovesOn(t *testing.T) {
	dir, one, two, backups := t.TempDir(), filepath.Join(t.TempDir(), "disk"), filepath.Join(t.TempDir(), "disk"), filepath.Join(t.TempDir(), "backups")
	own := filepath.Join(dir, redoDir)
	var s *Store
	for i, place := range []string{"", one, two, own, one, two} {
		if s != nil {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		if s, err = Open(dir, Options{Station: "K1", Commune: "05200", Recipients: recipients(), RedoDir: place}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.File(t.Context(), filing.Draft{Key: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
		same(t, fromNothing(t, dir), s.db)
	}
	defer s.Close()
	for range 2 {
		if _, err := s.Backup(t.Context(), backups, DefaultKeep); err != nil {
			t.Fatal(err)
		}
	}
	for _, place := range []string{own, one} {
		if names, err := segments(place); err != nil || len(names) != 0 {
			t.Errorf("left: %v, %v", names, err)
		}
	}
	if err := os.RemoveAll(one); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Backup(t.Context(), backups, DefaultKeep); err != nil {
		t.Errorf("without a place of before: %v", err)
	}
	if _, err := s.File(t.Context(), filing.Draft{Key: "next"}); err != nil {
		t.Errorf("without a place of before: %v", err)
	}
}

// The log moves away from a disk that is gone, and is in order should that come again.
func TestRedoMovesFromGone(t *testing.T) {
	dir, one, two, backups := t.TempDir(), filepath.Join(t.TempDir(), "disk"), filepath.Join(t.TempDir(), "disk"), filepath.Join(t.TempDir(), "backups")
	begin := func(place string) *Store {
		t.Helper()
		s, err := Open(dir, Options{Station: "K1", Commune: "05200", Recipients: recipients(), RedoDir: place})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.File(t.Context(), filing.Draft{Key: place}); err != nil {
			t.Error(err)
		}
		return s
	}
	s := begin(one)
	for range 2 {
		if _, err := s.Backup(t.Context(), backups, DefaultKeep); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(s.Close(), os.Rename(one, one+".gone")); err != nil {
		t.Fatal(err)
	}
	s = begin(two)
	defer s.Close()
	if err := os.Rename(one+".gone", one); err != nil {
		t.Fatal(err)
	}
	names, err := allSegments(dir)
	if err != nil || len(names) < 2 || filepath.Dir(names[len(names)-1]) != two {
		t.Errorf("%v, %v", names, err)
	}
}

func FuzzParseRecord(f *testing.F) {
	f.Add(redoRecord{kind: recordStart}.encode())
	f.Add(redoRecord{kind: recordRows, schema: 4, before: head{seq: 1}, after: head{seq: 2}, changes: []change{
		{opInsert, "meta", []any{"a"}, []any{"a", int64(-5), 2.5, []byte{0}, nil, ""}}, {opDelete, "filing", []any{int64(1 << 40)}, nil}}}.encode())
	f.Add([]byte{recordRows, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, text []byte) {
		if r, err := parseRecord(text); err == nil && !bytes.Equal(r.encode(), text) {
			t.Error("read otherwise than it is written")
		}
		whole, err := frame(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := unframe(whole); err != nil || !bytes.Equal(got, text) {
			t.Error("framed and not found again")
		}
		if got, err := nextFrame(bytes.NewReader(whole)); err != nil || !reflect.DeepEqual(got, whole) {
			t.Error("not read")
		}
		_, _ = unframe(text)
		_, _ = nextFrame(bytes.NewReader(text))
		_, _ = lastRecord(bytes.NewReader(text), int64(len(text)))
	})
}
