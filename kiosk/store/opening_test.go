package store

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
)

// A large database is not read whole when it is opened; what stands at its end, and in its small tables, is.
func TestOpeningLarge(t *testing.T) {
	opts := Options{Station: "K1", Commune: "05200", Recipients: recipients(), small: 5000}
	made := filepath.Join(t.TempDir(), "data")
	s, err := Open(made, opts)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		if _, err := s.File(t.Context(), filing.Draft{Key: fmt.Sprint(i), Case: strings.Repeat("x", 9000)}); err != nil {
			t.Fatal(err)
		}
	}
	lock := filepath.Join(made, lockName+"K1")
	if endedCleanly(lock) {
		t.Error("it runs, and ended as it should")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if !endedCleanly(lock) || !endedCleanly(lock+"2") {
		t.Error("a clean end counts as none")
	}
	run := func(query string) func(string) error {
		return func(path string) error {
			db, err := sql.Open(driver, path)
			if err != nil {
				return err
			}
			defer db.Close()
			_, err = db.ExecContext(t.Context(), query)
			return err
		}
	}
	for name, c := range map[string]struct {
		spoil func(string) error
		want  fault.Code
	}{
		"nothing":      {func(string) error { return nil }, ""},
		"last content": {run("UPDATE content SET body = zeroblob(9) WHERE filing = 12"), fault.StoreDamaged},
		"last filing":  {run("PRAGMA foreign_keys = 0; DELETE FROM filing WHERE id = 12"), fault.StoreDamaged},
		"an entry":     {run("DROP TRIGGER journal_no_update; UPDATE journal SET detail = '{}' WHERE seq = 9"), fault.StoreDamaged},
		"a hole":       {run("DROP TRIGGER journal_no_delete; PRAGMA foreign_keys = 0; DELETE FROM journal WHERE seq = 9"), fault.StoreDamaged},
		"cut off":      {func(path string) error { return os.Truncate(path, 40_960) }, fault.StoreDamaged},
	} {
		dir := filepath.Join(t.TempDir(), "data")
		if err := os.CopyFS(dir, os.DirFS(made)); err != nil {
			t.Fatal(err)
		}
		if err := c.spoil(filepath.Join(dir, databaseName)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s, err := Open(dir, opts)
		if fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			s.Close()
		}
	}
}
