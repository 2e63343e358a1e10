package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
)

// Reader is an open database that is only read. Its methods may be called from any goroutine.
type Reader struct {
	db  *sql.DB
	dir string
}

// readers is how many connections read at once.
const readers = 2

// OpenReadOnly opens the data directory for reading, also while a Store has it; it takes no lock and changes no content.
// An error has a fault.Code: StoreFailed, wrapping fs.ErrNotExist if there is no database and ErrNewerSchema if it is
// a newer program's; StoreDamaged if it is no database.
func OpenReadOnly(dir string) (*Reader, error) {
	path := filepath.Join(dir, databaseName)
	if _, err := os.Stat(path); err != nil {
		return nil, failed("open", err)
	}
	r, err := newReader(path)
	if err != nil {
		return nil, err
	}
	if err := r.checkSchema(context.Background()); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// newReader opens the database at path for reading.
func newReader(path string) (*Reader, error) {
	db, err := sql.Open(driver, dsn(path, readPragmas(), "mode=ro"))
	if err != nil {
		return nil, failed("open", err)
	}
	db.SetMaxOpenConns(readers)
	return &Reader{db, filepath.Dir(path)}, nil
}

// checkSchema refuses a database of another version: it can be read neither older nor newer.
func (r *Reader) checkSchema(ctx context.Context) error {
	steps, err := migrations(embedded)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	version, err := schemaVersion(ctx, r.db)
	switch {
	case err != nil:
		return failed("schema", err)
	case version > len(steps):
		return newerSchema(version, len(steps))
	case version == 0:
		return failed("open", fmt.Errorf("the database is empty: %w", fs.ErrNotExist))
	case version < len(steps):
		return fault.Newf(fault.StoreFailed,
			"store: schema version %d is older than %d: start the kiosk once to bring it up to date", version, len(steps))
	}
	return nil
}

// Close ends reading.
func (r *Reader) Close() error { return r.db.Close() }

// Filter chooses filings. The zero value chooses all.
type Filter struct {
	Status  filing.Status // any if empty
	Open    bool          // only those to which something may still happen
	Service string        // any if empty
	Limit   int           // the newest so many; all if not positive
}

// Summary is what can be known of a filing without opening its content.
type Summary struct {
	Reference filing.Reference `json:"reference"`
	Short     string           `json:"short"`
	Service   string           `json:"service"`
	Status    filing.Status    `json:"status"`
	Filed     time.Time        `json:"filed"`
	Prints    int              `json:"prints"`
	Due       time.Time        `json:"due,omitzero"`
	Holder    string           `json:"holder,omitempty"`  // the officer who has it open
	Brought   bool             `json:"brought,omitempty"` // the citizen says that what was lacking is here
}

// List gives the filings that the filter chooses, newest first. It opens no content.
func (r *Reader) List(ctx context.Context, filter Filter) ([]Summary, error) {
	limit := filter.Limit
	if limit <= 0 {
		limit = -1 // SQLite's "no limit"
	}
	const query = "SELECT " + filingSummary + ` FROM filing f
		WHERE (?1 = '' OR status = ?1) AND (?2 = '' OR service = ?2) AND (NOT ?4 OR status IN ('filed', 'received', 'supplement', 'done'))
		ORDER BY id DESC LIMIT ?3`
	rows, err := r.db.QueryContext(ctx, query, string(filter.Status), filter.Service, limit, filter.Open)
	return gather("list", rows, err, summaryOf)
}

// Get gives what can be known without opening it of the filing of a number in its full or short form: fault.NotFound if there is none, also when it is no number
// at all (then with filing.ErrReference or filing.ErrCheck). The short form has no year; it means the newest.
func (r *Reader) Get(ctx context.Context, number string) (filing.Filing, error) {
	column, value, err := lookup(number)
	if err != nil {
		return filing.Filing{}, fault.New(fault.NotFound, err)
	}
	f, err := scanFiling(r.db.QueryRowContext(ctx, selectFiling+" WHERE "+column+" = ? ORDER BY id DESC LIMIT 1", value))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return filing.Filing{}, fault.Newf(fault.NotFound, "store: no filing has this number")
	case err != nil:
		return filing.Filing{}, failed("get", err)
	}
	return f, nil
}

// lookup tells in which column a number stands, and how.
func lookup(number string) (column, value string, err error) {
	if strings.Contains(number, ".") {
		ref, err := filing.ParseReference(number)
		return "reference", ref.String(), err
	}
	short, err := filing.ParseShort(number)
	if err != nil {
		return "", "", err
	}
	return "short", short.String(), nil
}

// scanner is a row of a result.
type scanner interface{ Scan(...any) error }

// gather reads all rows of a question, whose error is err.
func gather[T any](what string, rows *sql.Rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, failed(what, err)
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, failed(what, err)
		}
		list = append(list, one)
	}
	if err := rows.Err(); err != nil {
		return nil, failed(what, err)
	}
	return list, nil
}

// summaryOf is scanSummary without more, filingOf scanFiling.
func summaryOf(row scanner) (Summary, error)      { return scanSummary(row) }
func filingOf(row scanner) (filing.Filing, error) { return scanFiling(row) }

// selectFiling reads what scanFiling understands.
const selectFiling = "SELECT " + filingColumns + " FROM filing f"

const filingColumns = filingSummary + ", f.dossier, f.key"

// filingSummary is what scanSummary reads.
const filingSummary = "f.reference, f.service, f.status, f.filed, f.prints, f.due, f.holder, f.brought <> ''"

// scanFiling reads one filing without its content: of Draft only Key and Service.
func scanFiling(row scanner, more ...any) (filing.Filing, error) {
	var dossier, key string
	s, err := scanSummary(row, append([]any{&dossier, &key}, more...)...)
	if err != nil {
		return filing.Filing{}, err
	}
	return filing.Filing{Reference: s.Reference, Filed: s.Filed, Status: s.Status, Prints: s.Prints, Dossier: filing.Dossier(dossier),
		Draft: filing.Draft{Key: key, Service: s.Service}}, nil
}

// scanSummary reads the columns of a Summary and, into more, those that follow.
func scanSummary(row scanner, more ...any) (Summary, error) {
	var s Summary
	var ref, filed, due string
	if err := row.Scan(append([]any{&ref, &s.Service, &s.Status, &filed, &s.Prints, &due, &s.Holder, &s.Brought}, more...)...); err != nil {
		return Summary{}, err
	}
	var err error
	if s.Due, err = parseDue(due); err != nil {
		return Summary{}, err
	}
	if s.Reference, err = filing.ParseReference(ref); err != nil {
		return Summary{}, fault.New(fault.StoreDamaged, err)
	}
	s.Short = s.Reference.Short()
	s.Filed, err = time.Parse(time.RFC3339Nano, filed)
	return s, err
}
