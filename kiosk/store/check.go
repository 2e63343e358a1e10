package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"motcua/kiosk/fault"
)

// checkIntegrity asks SQLite whether all pages of the database at path hang together, indices included: fault.StoreDamaged.
func checkIntegrity(ctx context.Context, path string) error {
	r, err := newReader(path)
	if err != nil {
		return err
	}
	defer r.Close()
	return r.integrity(ctx)
}

func (r *Reader) integrity(ctx context.Context) error {
	var verdict string
	if err := r.db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return failed("check", err)
	}
	if verdict != "ok" {
		return fault.Newf(fault.StoreDamaged, "store: check: %s", verdict)
	}
	return nil
}

// checkPages checks the pages and the journal of the database at path.
func checkPages(ctx context.Context, path string) (Verdict, error) {
	r, err := newReader(path)
	if err != nil {
		return Verdict{}, err
	}
	defer r.Close()
	if err := r.integrity(ctx); err != nil {
		return Verdict{}, err
	}
	return r.VerifyJournal(ctx)
}

// Check looks at all of the database while it is worked with, which Open does not: its pages, its journal, and each row against the last
// backup in dir ("" for none) and the redo log. fault.StoreDamaged at the first thing that does not fit. It reads everything, so it takes
// minutes for a large database, and little memory.
func (s *Store) Check(ctx context.Context, dir string) (Verdict, error) {
	if err := s.integrity(ctx); err != nil {
		return Verdict{}, err
	}
	v, err := s.VerifyJournal(ctx)
	if err != nil || dir == "" {
		return v, err
	}
	base, err := s.soundBackup(ctx, dir)
	if err != nil {
		return v, err
	}
	_, err = compare(ctx, filepath.Join(s.dir, databaseName), base, s.dir)
	return v, err
}

// soundBackup is the newest backup of this installation whose file is what it was, nil if there is none. In another one the fault may be the backup's:
// whoever holds the database against it would blame the database, and no backup would come to be any more.
func (s *Store) soundBackup(ctx context.Context, dir string) (*Backup, error) {
	all, err := s.ownBackups(dir)
	if err != nil {
		return nil, err
	}
	for i, b := range all {
		err := b.same(ctx)
		if err == nil {
			return &all[i], nil
		}
		if ctx.Err() != nil {
			return nil, err
		}
		s.opts.Log.Warn("store.backup", "name", filepath.Base(b.Path), "code", fault.CodeOf(err), "err", err)
	}
	return nil, nil
}

// compare holds the database at path against what it has to be: the backup base with what the redo log of data says happened since. A
// page in which a bit fell over still hangs together, and not all columns are in the journal; this sees the rest. fault.StoreDamaged for a
// row that nobody changed and that is another one. done is false if there is nothing to compare with: no backup, one of an older
// schema, or a log that does not lead from it to here.
func compare(ctx context.Context, path string, base *Backup, data string) (done bool, err error) {
	if base == nil {
		return false, nil
	}
	from, err := base.head()
	if err != nil {
		return false, err
	}
	db, err := sql.Open(driver, dsn(path, readPragmas(), "mode=ro"))
	if err != nil {
		return false, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	was := dsn(filepath.Join(base.Path, databaseName), nil, "mode=ro")
	if _, err := conn.ExecContext(ctx, "ATTACH ? AS base", was); err != nil {
		return false, err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return false, err
	}
	c := comparison{conn: conn, want: map[string]map[string]*wanted{}}
	if c.now, err = headOf(ctx, conn); err != nil {
		return false, err
	}
	version, err := schemaVersion(ctx, conn)
	if err != nil || version != base.Schema {
		return false, err
	}
	if err := c.schema(ctx); err != nil {
		return true, err
	}
	if c.tables, err = readTables(ctx, conn); err != nil {
		return false, err
	}
	x, err := readRedo(data)
	if err != nil {
		return false, err
	}
	path1, _ := x.follow(from)
	if led, err := c.expect(path1, from); err != nil || !led {
		return false, err
	}
	for _, t := range c.tables {
		if err := errors.Join(c.changed(ctx, t), c.came(ctx, t), c.logged(ctx, t)); err != nil {
			return true, err
		}
	}
	return true, nil
}

// comparison is one.
type comparison struct {
	conn   *sql.Conn
	now    head
	tables map[string]*table
	want   map[string]map[string]*wanted // by table and key
}

// wanted is how a row may look: as one of forms (formOf), "" for not being there. Of a change that wrote no entry nobody knows whether it was
// committed, or whether this moment of the database has it; then what was before it, also that of the backup (old), will do too.
type wanted struct {
	key   []any
	forms []string
	old   bool
}

// schema compares what the tables are.
func (c *comparison) schema(ctx context.Context) error {
	var n int
	const query = `SELECT count(*) FROM (SELECT type, name, sql FROM main.sqlite_schema EXCEPT SELECT type, name, sql FROM base.sqlite_schema)`
	if err := c.conn.QueryRowContext(ctx, query).Scan(&n); err != nil {
		return failed("compare", err)
	}
	if n > 0 {
		return fault.Newf(fault.StoreDamaged, "store: check: the schema is not what it was")
	}
	return nil
}

// expect reads what changed up to now. led is false if the log does not get there.
func (c *comparison) expect(path []place, from head) (led bool, err error) {
	for _, p := range path {
		if p.after.seq > c.now.seq {
			break
		}
		r, err := p.load()
		if err != nil {
			return false, err
		}
		from = p.after
		for _, ch := range r.changes {
			c.note(ch, p.journaled())
		}
	}
	return from == c.now, nil
}

func (c *comparison) note(ch change, sure bool) {
	t := c.tables[ch.table]
	if t == nil {
		return
	}
	if c.want[t.name] == nil {
		c.want[t.name] = map[string]*wanted{}
	}
	put := func(key []any, form string) {
		name := string(appendValues(nil, key))
		w := c.want[t.name][name]
		if w == nil {
			w = &wanted{key: key, old: !sure}
			c.want[t.name][name] = w
		}
		if sure {
			w.forms, w.old = nil, false
		}
		w.forms = append(w.forms, form)
	}
	key := ch.key
	if ch.op != opDelete && (t.key != nil || t.alias >= 0) {
		key = t.pick(ch.row)
	}
	if ch.op == opDelete || ch.op == opUpdate && !bytes.Equal(appendValues(nil, key), appendValues(nil, ch.key)) {
		put(ch.key, "")
	}
	if ch.op != opDelete {
		put(key, formOf(ch.row))
	}
}

// formOf is a row as its digest: what pictures there are in the log would not go into memory.
func formOf(row []any) string {
	sum := sha256.Sum256(appendValues(nil, row))
	return string(sum[:])
}

// changed finds rows that are otherwise than in the backup, or not there any more, and that no record speaks of.
func (c *comparison) changed(ctx context.Context, t *table) error {
	var match, differ []string
	for _, k := range t.keyNames() {
		match = append(match, "b."+k+" = a."+k)
	}
	for _, col := range quoted(t.columns) {
		differ = append(differ, "b."+col+" IS NOT a."+col)
	}
	return c.unspoken(ctx, t, fmt.Sprintf("SELECT a.%s FROM base.%s a LEFT JOIN main.%s b ON %s WHERE b.%s IS NULL OR %s", strings.Join(t.keyNames(), ", a."),
		quote(t.name), quote(t.name), strings.Join(match, " AND "), t.keyNames()[0], strings.Join(differ, " OR ")))
}

// came finds rows that the backup has not, and that no record speaks of.
func (c *comparison) came(ctx context.Context, t *table) error {
	var match []string
	for _, k := range t.keyNames() {
		match = append(match, "b."+k+" = a."+k)
	}
	return c.unspoken(ctx, t, fmt.Sprintf("SELECT a.%s FROM main.%s a WHERE NOT EXISTS (SELECT 1 FROM base.%s b WHERE %s)", strings.Join(t.keyNames(), ", a."),
		quote(t.name), quote(t.name), strings.Join(match, " AND ")))
}

func (c *comparison) unspoken(ctx context.Context, t *table, query string) error {
	rows, err := c.conn.QueryContext(ctx, query)
	if err != nil {
		return failed("compare", err)
	}
	defer rows.Close()
	for rows.Next() {
		key, err := scanValues(rows, len(t.keyNames()))
		if err != nil {
			return failed("compare", err)
		}
		if c.want[t.name][string(appendValues(nil, key))] == nil {
			return fault.Newf(fault.StoreDamaged, "store: check: a row of %s is not what it was, and nobody changed it", t.name)
		}
	}
	if err := rows.Err(); err != nil {
		return failed("compare", err)
	}
	return nil
}

// logged compares the rows of which records speak.
func (c *comparison) logged(ctx context.Context, t *table) error {
	for _, w := range c.want[t.name] {
		have, err := c.form(ctx, "main", t, w.key)
		if err != nil {
			return failed("compare", err)
		}
		ok := slices.Contains(w.forms, have)
		if !ok && w.old {
			was, err := c.form(ctx, "base", t, w.key)
			if err != nil {
				return failed("compare", err)
			}
			ok = have == was
		}
		if !ok {
			return fault.Newf(fault.StoreDamaged, "store: check: a row of %s is not what was written", t.name)
		}
	}
	return nil
}

// form is formOf a row of the database or the backup, "" if it is not there.
func (c *comparison) form(ctx context.Context, of string, t *table, key []any) (string, error) {
	query := "SELECT " + strings.Join(quoted(t.columns), ", ") + " FROM " + of + "." + quote(t.name) + " WHERE " + strings.Join(t.keyNames(), " = ? AND ") + " = ?"
	rows, err := c.conn.QueryContext(ctx, query, key...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	if !rows.Next() {
		return "", rows.Err()
	}
	row, err := scanValues(rows, len(t.columns))
	return formOf(row), err
}

// scanValues reads n columns as SQLite has them.
func scanValues(rows *sql.Rows, n int) ([]any, error) {
	values, into := make([]any, n), make([]any, n)
	for i := range values {
		into[i] = &values[i]
	}
	return values, rows.Scan(into...)
}
