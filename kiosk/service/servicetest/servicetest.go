// Package servicetest is a catalogue that stays as it is, for tests of what carries services out: six services as they
// were when the first one could be filed. What the real services say is tested where they are.
package servicetest

import (
	"embed"
	"errors"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"motcua/assets"
	"motcua/kiosk/service"
)

//go:embed services
var services embed.FS

// Assets is assets.FS with the catalogue of this package.
func Assets() fs.FS { return overlay{assets.FS, services} }

type overlay struct{ base, services fs.FS }

// Open opens a file of the catalogue, or of the assets.
func (o overlay) Open(name string) (fs.File, error) {
	if name == "services" || strings.HasPrefix(name, "services/") {
		return o.services.Open(name)
	}
	return o.base.Open(name)
}

// Load is the catalogue; each edit changes the text of the file with its name ("tam-tru.yaml").
func Load(t testing.TB, edits ...map[string]func(string) string) *service.Catalogue {
	t.Helper()
	changed := fstest.MapFS{}
	for _, edit := range edits {
		for name, f := range maps.All(edit) {
			old, err := services.ReadFile("services/" + name)
			if err != nil && !errors.Is(err, fs.ErrNotExist) { // a file that an edit begins
				t.Fatal(err)
			}
			changed[name] = &fstest.MapFile{Data: []byte(f(string(old)))}
			if string(old) == string(changed[name].Data) {
				t.Fatalf("the edit of %s changes nothing", name)
			}
		}
	}
	c, err := service.Load(Assets(), changed)
	if err == nil {
		err = c.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}
