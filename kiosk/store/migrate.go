package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"motcua/kiosk/fault"
)

//go:embed migrations/*.sql
var embedded embed.FS

// ErrNewerSchema: the database was written by a newer Motcua, which may keep things that this one would lose.
var ErrNewerSchema = errors.New("store: the database belongs to a newer version of this program")

// step is one migration: the SQL that leads from version-1 to version.
type step struct {
	version int
	name    string
	sql     string
}

// migrations lists the steps of fsys in order: files NNNN_name.sql, numbered from 1 without a hole. A mistake in them is
// ours; the tests find it.
func migrations(fsys fs.FS) ([]step, error) {
	names, err := fs.Glob(fsys, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var steps []step
	for i, path := range names {
		name := strings.TrimPrefix(path, "migrations/")
		number, _, _ := strings.Cut(name, "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s: expected number %d", name, i+1)
		}
		text, err := fs.ReadFile(fsys, path)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step{i + 1, name, string(text)})
	}
	return steps, nil
}

// schemaVersion is the version in the database's header, 0 for a new one.
func schemaVersion(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}) (int, error) {
	var version int
	err := q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}

// migrate brings the database to the newest version, each step in a transaction of its own with its version number:
// a step that fails leaves the database as the step before it did. ErrNewerSchema if it is ahead of us.
func (s *Store) migrate(ctx context.Context, fsys fs.FS) error {
	steps, err := migrations(fsys)
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	version, err := schemaVersion(ctx, s.conn)
	if err != nil {
		return failed("schema", err)
	}
	if version > len(steps) {
		return newerSchema(version, len(steps))
	}
	for _, st := range steps[version:] {
		err := s.transact(ctx, func(conn *sql.Conn) error {
			if now, err := schemaVersion(ctx, conn); err != nil || now >= st.version {
				return err // another station was faster
			}
			s.redo.step = st.version
			if _, err := conn.ExecContext(ctx, st.sql); err != nil {
				return fmt.Errorf("migration %s: %w", st.name, err)
			}
			_, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", st.version))
			return err
		})
		if err != nil {
			return err
		}
		s.opts.Log.Info("store.migrated", "version", st.version)
	}
	return nil
}

// newerSchema is the error for a database of version have where we know versions to known.
func newerSchema(have, known int) error {
	return fault.New(fault.StoreFailed, fmt.Errorf("%w: its schema is version %d, this program knows versions up to %d",
		ErrNewerSchema, have, known))
}
