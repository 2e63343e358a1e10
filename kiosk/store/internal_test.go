package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/seal"
)

// mine is somebody to seal to.
var mine = sync.OnceValue(func() *seal.Identity {
	id, err := seal.New()
	if err != nil {
		panic(err)
	}
	return id
})

func recipients() []seal.Public { return []seal.Public{mine().Public()} }

// openInternal opens a store in dir for tests of what is not exported.
func openInternal(t *testing.T, dir string, maxPages int) *Store {
	t.Helper()
	s, err := Open(dir, Options{Station: "K1", Commune: "05200", maxPages: maxPages, Recipients: recipients()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// A number that was made durable and not committed, as when the power goes in between, is never given again.
func TestCrashBetweenNumbersAndCommit(t *testing.T) {
	dir := t.TempDir()
	s := openInternal(t, dir, 0)
	day := s.now().Format(dayText)
	if err := s.marks.raise("K1", day, 7); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openInternal(t, dir, 0)
	f, err := s.File(t.Context(), filing.Draft{Key: "a"})
	if err != nil || f.Reference.Serial != 8 {
		t.Errorf("%s, %v", f.Reference, err)
	}
}

// Whoever looks whether a station works does not keep it from starting in that moment.
func TestLookedAtWhileStarting(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, lockName+"K1")
	r := &Reader{dir: dir}
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := r.Working("K1"); err != nil {
				t.Error(err)
			}
		}
	}()
	for range 100 {
		f, err := lockDir(path)
		if err != nil {
			t.Error(err)
			break
		}
		if working, err := r.Working("K1"); err != nil || !working {
			t.Error(working, err)
		}
		if err := unlockDir(f); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	<-ended
}

// A full database: nothing is half-written, no number is lost, and it goes on when there is room.
func TestFullDatabase(t *testing.T) {
	dir := t.TempDir()
	s := openInternal(t, dir, 60)
	filed := fileUntilFull(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openInternal(t, dir, 0)
	f, err := s.File(t.Context(), bigDraft(filed))
	if err != nil || f.Reference.Serial != filed+1 {
		t.Errorf("with room: %s after %d, %v", f.Reference, filed, err)
	}
	checkConsistent(t, s, filed+1)
}

func bigDraft(i int) filing.Draft {
	return filing.Draft{Key: fmt.Sprint(i), Case: strings.Repeat("x", 9000)}
}

// fileUntilFull files until fault.StoreFull, tries twice more, and gives how many succeeded.
func fileUntilFull(t *testing.T, s *Store) int {
	t.Helper()
	for i := range 10_000 {
		_, err := s.File(t.Context(), bigDraft(i))
		if err == nil {
			continue
		}
		for range 3 {
			if fault.CodeOf(err) != fault.StoreFull {
				t.Fatalf("full: %v", err)
			}
			_, err = s.File(t.Context(), bigDraft(i))
		}
		checkConsistent(t, s, i)
		return i
	}
	t.Fatal("it never became full")
	return 0
}

// checkConsistent checks that there are exactly n filings, each with its entry and its outbox row.
func checkConsistent(t *testing.T, s *Store, n int) {
	t.Helper()
	for _, table := range []string{"filing", "outbox"} {
		var have int
		if err := s.db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&have); err != nil || have != n {
			t.Errorf("%d rows in %s, not %d (%v)", have, table, n, err)
		}
	}
	if v, err := s.VerifyJournal(t.Context()); err != nil || v.Filings != n {
		t.Errorf("journal: %+v, %v", v, err)
	}
}

func TestOutboxNamesEntry(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	f, err := s.File(t.Context(), filing.Draft{Key: "a"})
	if err != nil {
		t.Fatal(err)
	}
	var id, kind string
	const query = "SELECT message_id, kind FROM outbox JOIN journal ON seq = journal WHERE outbox.reference = ?"
	if err := s.db.QueryRowContext(t.Context(), query, f.Reference.String()).Scan(&id, &kind); err != nil {
		t.Fatal(err)
	}
	if id != f.Reference.String()+":3" || kind != string(Filed) {
		t.Errorf("%s, %s", id, kind)
	}
}

// A reader writes nothing, whatever it is asked to do.
func TestReaderCannotWrite(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	for _, query := range []string{"DELETE FROM outbox", "INSERT INTO meta VALUES ('a', 'b')", "DROP TRIGGER journal_no_update"} {
		if _, err := s.db.ExecContext(t.Context(), query); err == nil {
			t.Errorf("%s was done", query)
		}
	}
}

// No table holds in the open what a draft says of a person.
func TestPersonStaysInContent(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	d := filing.Draft{Key: "a", Service: "tam-tru"}
	d.Applicant.Number, d.Applicant.Name = "099090000017", "Nguyễn Văn Mẫu"
	if _, err := s.File(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	var tables []string
	rows, err := s.db.QueryContext(t.Context(), "SELECT name FROM sqlite_master WHERE type = 'table'")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	for _, table := range tables {
		// The whole number: a part of it occurs in the nanoseconds of a time.
		if text := dump(t, s.db, "SELECT * FROM "+table); strings.Contains(text, string(d.Applicant.Number)) || strings.Contains(text, "Nguyễn") {
			t.Errorf("%s tells who it was: %s", table, text)
		}
	}
	if f, err := s.Read(t.Context(), "K1-"+s.now().Format("0201")+"-001", mine()); err != nil || f.Applicant.Name != d.Applicant.Name {
		t.Errorf("the officer does not see the name: %v", err)
	}
}

// dump is all that a query gives, as text.
func dump(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for rows.Next() {
		cells := make([]sql.RawBytes, len(cols))
		into := make([]any, len(cols))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			out.Write(c)
			out.WriteByte('\n')
		}
	}
	return out.String()
}

func TestMigrations(t *testing.T) {
	steps, err := migrations(embedded)
	if err != nil || len(steps) == 0 {
		t.Fatalf("%d, %v", len(steps), err)
	}
	if _, err := migrations(fstest.MapFS{"migrations/0002_b.sql": {}}); err == nil {
		t.Error("a missing number passes")
	}
	dir := t.TempDir()
	s := openInternal(t, dir, 0)
	if _, err := s.File(t.Context(), filing.Draft{Key: "a"}); err != nil {
		t.Fatal(err)
	}
	next := fstest.MapFS{}
	for i, step := range steps {
		next[fmt.Sprintf("migrations/%04d_there.sql", i+1)] = &fstest.MapFile{Data: []byte(step.sql)}
	}
	name := func(n int, what string) string { return fmt.Sprintf("%04d_%s", len(steps)+n, what) }
	next["migrations/"+name(1, "more.sql")] = &fstest.MapFile{Data: []byte("CREATE TABLE more (a); INSERT INTO more VALUES (1);")}
	broken := maps.Clone(next)
	broken["migrations/"+name(2, "broken.sql")] = &fstest.MapFile{Data: []byte("CREATE TABLE half (a); CREATE TABLE more (a);")}

	if err := s.migrate(t.Context(), broken); fault.CodeOf(err) != fault.StoreFailed || !strings.Contains(err.Error(), name(2, "broken")) {
		t.Errorf("a broken step: %v", err)
	}
	if version, err := schemaVersion(t.Context(), s.conn); err != nil || version != len(steps)+1 {
		t.Errorf("after a broken step the version is %d, %v", version, err)
	}
	if text := dump(t, s.db, "SELECT name FROM sqlite_master"); strings.Contains(text, "half") || !strings.Contains(text, "more") {
		t.Error("a broken step left half of itself, or took the one before along")
	}
	if err := s.migrate(t.Context(), next); err != nil {
		t.Errorf("nothing to do: %v", err)
	}
	checkConsistent(t, s, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	// This program knows version 1 only.
	if _, err := Open(dir, Options{Station: "K1", Commune: "05200"}); !errors.Is(err, ErrNewerSchema) || fault.CodeOf(err) != fault.StoreFailed {
		t.Errorf("a newer database: %v", err)
	}
	if _, err := OpenReadOnly(dir); !errors.Is(err, ErrNewerSchema) {
		t.Errorf("a newer database, reading: %v", err)
	}
}

func TestSerialsForgetOldDays(t *testing.T) {
	var n serials
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range keptDays + 100 {
		n = n.with("K1", day.AddDate(0, 0, i).Format(dayText), i+1)
	}
	if len(n["K1"]) != keptDays || n.lastDay() != day.AddDate(0, 0, keptDays+99).Format(dayText) || n["K1"]["2026-01-01"] != 0 {
		t.Errorf("%d days, the last %s", len(n["K1"]), n.lastDay())
	}
	text, err := numbersFile{Version: numbersVersion, Last: n}.encode()
	if err != nil || len(text) > 10_000 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func TestNote(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	if err := s.Note(context.Background(), "session.ended", map[string]string{"how": "idle"}); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []Kind{"", "session", "Session.Ended", "session.ended\n", Kind(strings.Repeat("a", 40) + ".b")} {
		if err := s.Note(t.Context(), string(kind), nil); fault.CodeOf(err) != fault.Internal {
			t.Errorf("%q: %v", kind, err)
		}
	}
	if err := s.Note(t.Context(), "session.ended", map[string]string{"how": strings.Repeat("a", 5000)}); err == nil {
		t.Error("a detail of 5000 bytes passes")
	}
	entries, err := s.Journal(t.Context(), 0, 0)
	if err != nil || len(entries) != 3 || entries[2].Kind != "session.ended" || string(entries[2].Detail) != `{"how":"idle"}` {
		t.Errorf("%+v, %v", entries, err)
	}
}

func FuzzParseNumbers(f *testing.F) {
	good, err := numbersFile{Version: numbersVersion, Instance: "00ff", Inode: inode{5, 7}, Last: serials{"K1": {"2026-11-23": 47}}}.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("{}\n"))
	f.Add([]byte(`{"version":1,"instance":"","inode":{"number":1},"last":{"K1":{"x":-1}}}` + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := parseNumbers(text)
		if err != nil {
			if !errors.Is(err, errNumbersDamaged) {
				t.Fatal(err)
			}
			return
		}
		if again, err := n.encode(); err != nil || string(again) != string(text) {
			t.Fatalf("%q became %q", text, again)
		}
	})
}

// The figures are read from the index alone. What was filed before the columns were
// there is not known.
func TestRecordsFromIndex(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	if _, err := s.File(t.Context(), filing.Draft{Key: "a", Evidence: identity.Evidence{Access: "BAC"}}); err != nil {
		t.Fatal(err)
	}
	plan := dumpPlan(t, s.db, "EXPLAIN QUERY PLAN "+recordsQuery, "2026-10-01", "2026-11-01")
	if !strings.Contains(plan, "USING COVERING INDEX filing_figures") || strings.Contains(plan, "SCAN d") || strings.Contains(plan, "SCAN decision\n") {
		t.Errorf("plan:\n%s", plan)
	}
	err := s.transact(t.Context(), func(conn *sql.Conn) error {
		_, err := conn.ExecContext(t.Context(), "UPDATE filing SET channel = NULL, chip = NULL, kase = NULL")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	records, err := s.Records(t.Context(), time.Now().AddDate(0, 0, -1), time.Now())
	if err != nil || len(records) != 1 || records[0].Channel != "" || records[0].Chip != "" {
		t.Errorf("%+v, %v", records, err)
	}
}

func dumpPlan(t *testing.T, db *sql.DB, query string, args ...any) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var text strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&text, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// Whoever gives up while their transaction begins leaves none behind, into which the next one would run.
func TestGivenUpWhileItBegins(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	given := 0
	for i := range 3000 {
		ctx, cancel := context.WithCancel(t.Context())
		timer := time.AfterFunc(time.Duration(i%60)*time.Microsecond, cancel)
		began := false
		if err := s.transact(ctx, func(*sql.Conn) error { began = true; return errTest }); err != nil && !began {
			given++
		}
		timer.Stop()
		cancel()
		if err := s.transact(t.Context(), func(*sql.Conn) error { return nil }); err != nil {
			t.Fatalf("after %d: %v", i, err)
		}
	}
	if given == 0 {
		t.Error("none was given up while it began")
	}
}

var errTest = errors.New("of the test")
