package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"motcua/kiosk/fault"
)

// What opening looks at. PRAGMA quick_check reads every page, also those of contents: a gigabyte takes a second and more. So a database
// that is larger than smallSize is looked at where damage is met first: the header, the schema, the small tables, and the end of the journal with
// the filings that it speaks of; more of it after an end that was not clean. Check looks at all, in the background.
const (
	smallSize  = 16 << 20 // bytes
	tailClean  = 100      // entries
	tailUnsure = 2000
)

// largeTables grow with the filings.
var largeTables = []string{"filing", "content", "key", "finder", "journal", "outbox", "decision", "picture", "image", "ticket"}

// opening checks the database as it is opened; clean says that the last process ended as it should. fault.StoreDamaged.
func (s *Store) opening(ctx context.Context, path string, clean bool) error {
	info, err := os.Stat(path)
	if err != nil {
		return failed("check", err)
	}
	small := int64(smallSize)
	if s.opts.small > 0 {
		small = s.opts.small
	}
	if info.Size() <= small {
		return quickCheck(ctx, s.conn, "1")
	}
	if err := s.checkLength(ctx, path, info.Size()); err != nil {
		return err
	}
	tables, err := readTables(ctx, s.conn)
	if err != nil {
		return failed("check", err)
	}
	for name := range tables {
		if !slices.Contains(largeTables, name) {
			if err := quickCheck(ctx, s.conn, quote(name)); err != nil {
				return err
			}
		}
	}
	n := tailClean
	if !clean {
		n = tailUnsure
	}
	return checkTail(ctx, s.conn, n)
}

// checkLength sees a file that was cut off. While there is a write-ahead log, pages may be in that only.
func (s *Store) checkLength(ctx context.Context, path string, size int64) error {
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return nil
	}
	var pages, each int64
	for name, into := range map[string]*int64{"page_count": &pages, "page_size": &each} {
		if err := s.conn.QueryRowContext(ctx, "PRAGMA "+name).Scan(into); err != nil {
			return failed("check", err)
		}
	}
	if size < pages*each {
		return fault.Newf(fault.StoreDamaged, "store: check: the file has %d bytes of %d", size, pages*each)
	}
	return nil
}

// checkTail verifies the last n entries of the journal, and the contents of the filings that they put there.
func checkTail(ctx context.Context, conn *sql.Conn, n int) error {
	const query = `SELECT seq, at, station, kind, reference, detail, prev_hash, hash FROM (SELECT * FROM journal ORDER BY seq DESC LIMIT ?) ORDER BY seq`
	rows, err := conn.QueryContext(ctx, query, n)
	if err != nil {
		return failed("check", err)
	}
	defer rows.Close()
	contents := map[string]string{}
	var last row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.seq, &r.at, &r.station, &r.kind, &r.reference, &r.detail, &r.prev, &r.hash); err != nil {
			return failed("check", err)
		}
		if last.seq > 0 && (r.seq != last.seq+1 || !bytes.Equal(r.prev, last.hash)) || !bytes.Equal(r.hash, hashEntry(r)) {
			return fault.Newf(fault.StoreDamaged, "store: journal: entry %d is not what was written", r.seq)
		}
		if r.kind == string(Filed) || r.kind == string(Resealed) {
			var detail struct{ Content string }
			if err := json.Unmarshal([]byte(r.detail), &detail); err != nil {
				return fault.Newf(fault.StoreDamaged, "store: journal: entry %d cannot be read", r.seq)
			}
			contents[r.reference] = detail.Content
		}
		last = r
	}
	if err := rows.Err(); err != nil {
		return failed("check", err)
	}
	for ref, want := range contents {
		var content sql.RawBytes
		found, err := conn.QueryContext(ctx, "SELECT body FROM content JOIN filing ON filing = id WHERE reference = ?", ref)
		if err != nil {
			return failed("check", err)
		}
		got := "nothing"
		if found.Next() {
			if err = found.Scan(&content); err == nil {
				got = digest(content)
			}
		}
		if err == nil {
			err = found.Err()
		}
		found.Close()
		if err != nil {
			return failed("check", err)
		}
		if got != want {
			return fault.Newf(fault.StoreDamaged, "store: journal: %s is not what was filed", ref)
		}
	}
	return nil
}

// cleanEnd is what a lock file says after a process that ended as it should.
const cleanEnd = "closed\n"

// endedCleanly reads it, before this process writes into it; a station that never was here has nothing to be sorry for.
func endedCleanly(path string) bool {
	text, err := os.ReadFile(path)
	return err != nil || len(text) == 0 || string(text) == cleanEnd
}

// noteClean writes it.
func noteClean(f *os.File) error {
	_, err := f.WriteAt([]byte(cleanEnd), 0)
	if err == nil {
		err = f.Truncate(int64(len(cleanEnd)))
	}
	if err != nil && codeOf(err) == fault.StoreFull {
		return nil // the next opening looks at more
	}
	return err
}

// quickCheck asks SQLite whether pages hang together, all of them (what is "1") or those of a table: fault.StoreDamaged if not.
func quickCheck(ctx context.Context, conn *sql.Conn, what string) error {
	var verdict string
	if err := conn.QueryRowContext(ctx, fmt.Sprintf("PRAGMA quick_check(%s)", what)).Scan(&verdict); err != nil {
		return failed("check", err)
	}
	if verdict != "ok" {
		return fault.Newf(fault.StoreDamaged, "store: check: %s", verdict)
	}
	return nil
}
