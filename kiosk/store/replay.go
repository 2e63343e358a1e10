package store

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// place is where a record lies in the log, and all of it but its changes.
type place struct {
	redoRecord
	path   string
	offset int64 // of its frame
	index  int   // in the whole log
}

// redoIndex is what the log holds: read once, the rows left where they are.
type redoIndex struct {
	from  map[head][]place // by where the journal stood before
	count int
	torn  int // segments with an end that cannot be read
}

// readRedo reads the log of a data directory. What is torn or damaged ends its segment; whether something is missing for it is
// known only when it is followed.
func readRedo(dir string) (*redoIndex, error) {
	names, err := allSegments(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	x := &redoIndex{from: map[head][]place{}}
	for _, name := range names {
		err := eachRecord(name, func(r redoRecord, offset int64) {
			r.changes = nil
			if r.kind != recordStart {
				x.from[r.before] = append(x.from[r.before], place{r, name, offset, x.count})
			}
			x.count++
		})
		if errors.Is(err, errRecord) {
			x.torn++
			err = nil
		}
		if err != nil {
			return nil, err
		}
	}
	return x, nil
}

// eachRecord reads a segment: errRecord if its end is torn.
func eachRecord(name string, do func(r redoRecord, offset int64)) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	for offset := int64(0); ; {
		whole, err := nextFrame(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		text, err := unframe(whole)
		if err != nil {
			return err
		}
		r, err := parseRecord(text)
		if err != nil {
			return err
		}
		do(r, offset)
		offset += int64(len(whole))
	}
}

// nextFrame reads a frame's bytes, unchecked: io.EOF at the end, errRecord if it is cut.
func nextFrame(in io.Reader) ([]byte, error) {
	var length [lengthBytes]byte
	if _, err := io.ReadFull(in, length[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errRecord
		}
		return nil, err
	}
	n := binary.BigEndian.Uint32(length[:])
	if n > maxRecord {
		return nil, errRecord
	}
	// Not all at once: what the length says may be nonsense.
	rest, err := io.ReadAll(io.LimitReader(in, int64(n)+frameBytes-lengthBytes))
	if err != nil {
		return nil, err
	}
	if len(rest) != int(n)+frameBytes-lengthBytes {
		return nil, errRecord
	}
	return append(length[:], rest...), nil
}

// load reads the changes of a record.
func (p place) load() (redoRecord, error) {
	f, err := os.Open(p.path)
	if err != nil {
		return redoRecord{}, err
	}
	defer f.Close()
	whole, err := nextFrame(io.NewSectionReader(f, p.offset, 1<<40))
	if err != nil {
		return redoRecord{}, err
	}
	text, err := unframe(whole)
	if err != nil {
		return redoRecord{}, err
	}
	return parseRecord(text)
}

// follow gives what was committed from where the journal stands, in order. Of several records that begin at one place only the last
// can have been committed, for another one could not have begun there afterwards; those that wrote no entry all count. whole is
// false if the log goes on behind the last one and does not say how one gets there.
func (x *redoIndex) follow(from head) (path []place, whole bool) {
	last := -1
	for {
		here := x.from[from]
		for i, p := range here {
			last = max(last, p.index)
			if !p.journaled() || i == len(here)-1 {
				path = append(path, p)
			}
		}
		if len(here) == 0 || !here[len(here)-1].journaled() {
			break
		}
		from = here[len(here)-1].after
	}
	for _, list := range x.from {
		for _, p := range list {
			if p.index > last && p.after.seq > from.seq {
				return path, false
			}
		}
	}
	return path, true
}

// replay brings the database of conn, which has no hooks, to the end of the path. It gives how many transactions were new to it.
func replay(ctx context.Context, conn *sql.Conn, path []place) (int, error) {
	steps, err := migrations(embedded)
	if err != nil {
		return 0, err
	}
	done := 0
	for _, p := range path {
		r, err := p.load()
		if err != nil {
			return done, err
		}
		version, err := schemaVersion(ctx, conn)
		if err != nil {
			return done, err
		}
		if r.schema < version || r.kind == recordStep && r.schema == version {
			continue // from before the step that the database has had
		}
		if r.kind == recordStep {
			version++
		}
		if r.schema != version || version > len(steps) {
			return done, newerSchema(r.schema, len(steps))
		}
		if err := redo(ctx, conn, r, steps); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

// redo does one transaction again.
func redo(ctx context.Context, conn *sql.Conn, r redoRecord, steps []step) error {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = 1"); err != nil {
		return err
	}
	err := func() error {
		if r.kind == recordStep {
			_, err := conn.ExecContext(ctx, fmt.Sprintf("%s; PRAGMA user_version = %d", steps[r.schema-1].sql, r.schema))
			return err
		}
		tables, err := readTables(ctx, conn)
		for i := 0; i < len(r.changes) && err == nil; i++ {
			err = apply(ctx, conn, tables, r.changes[i])
		}
		return err
	}()
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		_, undo := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return errors.Join(err, undo)
	}
	return nil
}

// apply does one change again. A row that is there already is replaced by what it became: a record whose transaction was not
// committed, and which wrote no entry, cannot be told from others.
func apply(ctx context.Context, conn *sql.Conn, tables map[string]*table, c change) error {
	t := tables[c.table]
	if t == nil || len(c.key) != len(t.keyNames()) || c.op != opDelete && len(c.row) != len(t.columns) {
		return fmt.Errorf("redo: a row of %s, which looks otherwise", c.table)
	}
	names, row := quoted(t.columns), c.row
	if t.key == nil && t.alias < 0 && c.op != opDelete {
		names, row = append([]string{"rowid"}, names...), append([]any{c.key[0]}, row...)
	}
	where := strings.Join(t.keyNames(), " = ? AND ") + " = ?"
	var query string
	var args []any
	switch c.op {
	case opDelete:
		query, args = "DELETE FROM "+quote(t.name)+" WHERE "+where, c.key
	case opUpdate:
		query = "UPDATE " + quote(t.name) + " SET " + strings.Join(names, " = ?, ") + " = ? WHERE " + where
		args = append(append(args, row...), c.key...)
	default:
		query = "INSERT INTO " + quote(t.name) + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ")"
		if t.key != nil || t.alias >= 0 {
			query += " ON CONFLICT (" + strings.Join(t.keyNames(), ", ") + ") DO UPDATE SET (" + strings.Join(names, ", ") +
				") = (excluded." + strings.Join(names, ", excluded.") + ")"
		}
		args = row
	}
	result, err := conn.ExecContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("redo: %s: %w", c.table, err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(fmt.Errorf("redo: %d rows of %s", n, c.table), err)
	}
	return nil
}

// keyNames are the columns that name a row.
func (t *table) keyNames() []string {
	if t.key == nil {
		if t.alias < 0 {
			return []string{"rowid"}
		}
		return []string{quote(t.columns[t.alias])}
	}
	var names []string
	for _, i := range t.key {
		names = append(names, quote(t.columns[i]))
	}
	return names
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoted(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = quote(name)
	}
	return out
}

// firstRecord reads the record with which a segment begins.
func firstRecord(name string) (redoRecord, error) {
	return place{path: name}.load()
}
