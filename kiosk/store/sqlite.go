package store

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"motcua/kiosk/fault"
)

// driver is the name under which modernc.org/sqlite registers.
const driver = "sqlite"

// primaryCode cuts SQLite's extended result codes down to the primary one.
const primaryCode = 0xff

// writePragmas are the settings of the connection that writes. maxPages bounds the database, 0 does not.
//
// synchronous(full) makes each commit an fsync of the write-ahead log; temp_store keeps sorting out of /tmp, where a
// person's data would outlive the session; secure_delete writes zeros over what is deleted, such as a destroyed key; journal_size_limit gives the log's space back after a checkpoint.
func writePragmas(maxPages int) []string {
	p := []string{
		"busy_timeout(5000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)", "trusted_schema(0)",
		"cell_size_check(1)", "temp_store(memory)", "journal_size_limit(4194304)", "secure_delete(1)",
	}
	if maxPages > 0 {
		p = append(p, fmt.Sprintf("max_page_count(%d)", maxPages))
	}
	return p
}

// readPragmas are the settings of the connections that read.
func readPragmas() []string {
	return []string{"busy_timeout(5000)", "query_only(1)", "trusted_schema(0)", "cell_size_check(1)", "temp_store(memory)"}
}

// dsn is the address of the database at path for the driver.
func dsn(path string, pragmas []string, more ...string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") && filepath.IsAbs(path) {
		p = "/" + p // C:/… of Windows
	}
	query := url.Values{"_pragma": pragmas}.Encode()
	return "file:" + (&url.URL{Path: p}).EscapedPath() + "?" + strings.Join(append([]string{query}, more...), "&")
}

// failed gives err the fault.Code that says what to do about it. An error that has one keeps it.
func failed(doing string, err error) error {
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	return fault.New(codeOf(err), fmt.Errorf("store: %s: %w", doing, err))
}

// busy says that another connection has the database.
func busy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&primaryCode == sqlite3.SQLITE_BUSY
}

// codeOf maps the errors of SQLite and of the file system.
func codeOf(err error) fault.Code {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & primaryCode {
		case sqlite3.SQLITE_FULL:
			return fault.StoreFull
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return fault.StoreDamaged
		}
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.StoreFull
	}
	return fault.StoreFailed
}

// failed is the function of that name for errors of a write: SQLite reports some of the calls that a full disk refuses
// as plain I/O errors (those on motcua.db-shm), so the disk is asked how much room it has.
func (s *Store) failed(doing string, err error) error { return failedIn(s.dir, doing, err) }

func failedIn(dir, doing string, err error) error {
	err = failed(doing, err)
	if fault.CodeOf(err) != fault.StoreFailed {
		return err
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	code := e.Code() & primaryCode
	if (code == sqlite3.SQLITE_IOERR || code == sqlite3.SQLITE_CANTOPEN) && noRoom(dir) {
		return fault.New(fault.StoreFull, err)
	}
	return err
}

// leastRoom is the free space below which a failed write is put down to the full disk.
const leastRoom = 256 << 10 // bytes
