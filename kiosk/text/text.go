// Package text holds the program's words: one table a language, from assets/text, by dotted keys.
//
// Load reads a table, Table.Get gives a text. Keys are flat ("fault.card-removed.do"), so that a translator sees one
// line a text and a search for a key finds it. A missing key gives the key itself, which a screen can still show and
// a test finds: the packages that use a table hold by test that every key they can ask for is there.
package text

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// Table is the texts of one language. It is immutable; the nil Table has no texts.
type Table struct{ texts map[string]string }

// Load reads the table in the named file of fsys, "text/vi.yaml". A key given twice, a value that is no string and an
// empty text are errors that name file and line.
func Load(fsys fs.FS, name string) (*Table, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("text: %w", err)
	}
	texts := map[string]string{}
	if err := yaml.UnmarshalWithOptions(data, &texts, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("text: %s: %w", name, err)
	}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if strings.TrimSpace(texts[key]) == "" {
			return nil, fmt.Errorf("text: %s: %s is empty", name, key)
		}
	}
	return &Table{texts}, nil
}

// Get is the text under key with {0}, {1} … replaced by args; the key itself if there is no such text.
func (t *Table) Get(key string, args ...any) string {
	s, ok := t.lookup(key)
	if !ok {
		return key
	}
	if len(args) == 0 {
		return s
	}
	pairs := make([]string, 0, 2*len(args))
	for i, arg := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", fmt.Sprint(arg))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// Has reports whether there is a text under key.
func (t *Table) Has(key string) bool {
	_, ok := t.lookup(key)
	return ok
}

// Keys lists all keys in order.
func (t *Table) Keys() []string {
	if t == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(t.texts))
}

func (t *Table) lookup(key string) (string, bool) {
	if t == nil {
		return "", false
	}
	s, ok := t.texts[key]
	return s, ok
}
