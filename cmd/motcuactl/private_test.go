package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"motcua/kiosk/official"
)

// What names people is for its owner alone, also where a file that others read was there before.
func TestWrittenPrivately(t *testing.T) {
	dir := t.TempDir()
	for name, write := range map[string]func(path string) error{
		"printed": func(path string) error { return writePrinted(path, official.Printed{PDF: []byte("new")}) },
		"form.pdf": func(string) error {
			return writeForms(dir, []official.Printed{{Form: "form", PDF: []byte("new")}})
		},
		"trace": func(path string) error {
			f, err := openTrace(path)
			if err != nil {
				return err
			}
			_, err = f.WriteString("new")
			return errors.Join(err, f.Close())
		},
		"there was none": func(path string) error {
			return errors.Join(os.Remove(path), writePrinted(path, official.Printed{PDF: []byte("new")}))
		},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("what was there"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := write(path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != "new" || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %q, %v", name, info.Mode(), text, err)
		}
	}
}
