package service

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"motcua/kiosk/identity"
	"motcua/kiosk/yamlfile"
)

// Where the catalogue and what it names lie, in assets.FS.
const (
	dir      = "services"
	pictures = "pictures"
	icons    = "icons"
)

// Limits of a catalogue.
const (
	maxFile     = 256 << 10 // bytes of a file
	maxServices = 10_000
)

// Mistake is something wrong in a file of the catalogue.
type Mistake = yamlfile.Mistake

// Catalogue is all services. It may be used by several goroutines.
type Catalogue struct {
	entries []*entry // in the order of the page
	shelves shelves
	// languages besides Vietnamese that any service has texts in.
	languages []string
	mistakes  []Mistake // in what is no service
}

// shelves are the drawings that there are.
type shelves struct{ pictures, icons []string }

// entry is one file of the catalogue.
type entry struct {
	head   Head
	search string // folded words of the head
	data   []byte
	name   string
	second map[string][]byte // the files with its texts in other languages
	under  *entry            // the built-in file that this one of the office stands in for
	keep   *Keep             // the office's own term; nil: the file's

	once     sync.Once
	service  *Service
	mistakes []Mistake
}

// Load reads the heads of services/*.yaml of fsys (assets.FS, or a directory of the same shape); pictures/ and icons/
// beside them are what files may name. Files in offices, each a directory with *.yaml, override those of the same name
// and add others, the last first; what they override stays for what was filed under another version of it. keep.yaml in one of them has the office's own terms of keeping. The error says what could not be read at all; Check says what is wrong inside.
func Load(fsys fs.FS, offices ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{shelves: shelves{shelf(fsys, pictures), shelf(fsys, icons)}}
	builtIn, err := fs.Sub(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("service: %w", err)
	}
	byName := map[string]*entry{}
	for i, source := range append([]fs.FS{builtIn}, offices...) {
		prefix := dir + "/"
		if i > 0 {
			prefix = "office/"
		}
		if err := c.gather(source, prefix, byName); err != nil {
			return nil, err
		}
	}
	if len(byName) == 0 {
		return nil, fmt.Errorf("service: no %s/*.yaml", dir)
	}
	for _, e := range byName {
		c.entries = append(c.entries, e)
		for lang := range e.second {
			if !slices.Contains(c.languages, lang) {
				c.languages = append(c.languages, lang)
			}
		}
	}
	slices.Sort(c.languages)
	slices.SortFunc(c.entries, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.head.Order, b.head.Order), cmp.Compare(a.head.ID, b.head.ID), a.head.Version.Time().Compare(b.head.Version.Time()))
	})
	for _, office := range offices {
		if err := c.readKeep(office); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// gather reads the heads of one directory over those that are there.
func (c *Catalogue) gather(source fs.FS, prefix string, byName map[string]*entry) error {
	names, err := fs.Glob(source, "*.yaml")
	if err != nil || len(names) > maxServices {
		return errors.Join(fmt.Errorf("service: %d files", len(names)), err)
	}
	languages := map[string]map[string][]byte{}
	for _, name := range names {
		if name == keepFile {
			continue
		}
		data, err := fs.ReadFile(source, name)
		if err != nil || len(data) > maxFile {
			return fmt.Errorf("service: %s%s: %w", prefix, name, cmp.Or(err, errLarge))
		}
		base := strings.TrimSuffix(name, ".yaml")
		if id, lang, ok := strings.Cut(base, "."); ok {
			if languages[id] == nil {
				languages[id] = map[string][]byte{}
			}
			languages[id][lang] = data
			continue
		}
		head := scanHead(data)
		byName[base] = &entry{head: head, search: searched(head), data: data, name: prefix + name, under: byName[base]}
	}
	for id, texts := range languages {
		if e := byName[id]; e != nil {
			e.second = texts
		}
	}
	return nil
}

var errLarge = errors.New("too large")

// whole reads the file, once. It is nil if there is nothing of use in it.
func (e *entry) whole(s shelves) *Service {
	e.once.Do(func() {
		e.service, e.mistakes = loadFile(e.name, e.data, e.second, s)
		if len(e.mistakes) == 0 && e.service.Head != e.head {
			e.mistakes = append(e.mistakes, Mistake{File: e.name, Text: "the head's keys come first, each on one line"})
		}
		if e.keep != nil {
			e.service.Keep = *e.keep
		}
		e.data, e.second = nil, nil
	})
	switch {
	case len(e.mistakes) == 0:
		return e.service
	case e.under != nil:
		return e.under.whole(s)
	}
	return nil
}

// versions are the entry and what it stands in for, as far as that is another version of the service: people filed under it, and it holds until the newer
// one comes into force.
func (e *entry) versions() []*entry {
	list := []*entry{e}
	for one := e.under; one != nil; one = one.under {
		if one.head.ID == e.head.ID && !slices.ContainsFunc(list, func(x *entry) bool { return x.head.Version == one.head.Version }) {
			list = append(list, one)
		}
	}
	return list
}

// on is the entry if it is in force on the day, or before it comes into force the one that is in force until then; nil if there is none.
func (e *entry) on(day identity.Date) *entry {
	for _, one := range e.versions() {
		if one.head.InForce(day) {
			return one
		}
		if !day.Before(one.head.Version) {
			return nil // the office ended it
		}
	}
	return nil
}

// Languages lists the languages besides Vietnamese that any service has texts in.
func (c *Catalogue) Languages() []string { return slices.Clone(c.languages) }

// On lists the services in force on the day, in the order of the page.
func (c *Catalogue) On(day identity.Date) []Head {
	var list []Head
	for _, e := range c.entries {
		if one := e.on(day); one != nil {
			list = append(list, one.head)
		}
	}
	return list
}

// Get finds the service in force on the day, and false if there is none of use.
func (c *Catalogue) Get(id string, day identity.Date) (*Service, bool) {
	for _, e := range c.entries {
		if e.head.ID == id {
			if one := e.on(day); one != nil {
				s := one.whole(c.shelves)
				return s, s != nil
			}
		}
	}
	return nil, false
}

// Version finds the definition of a service under which somebody filed: that which came into force on the day.
func (c *Catalogue) Version(id string, version identity.Date) (*Service, bool) {
	for _, e := range c.entries {
		for _, one := range e.versions() {
			if one.head.ID == id && one.head.Version == version {
				s := one.whole(c.shelves)
				return s, s != nil
			}
		}
	}
	return nil, false
}

// All lists every definition of use, also those no longer or not yet in force; it reads all files.
func (c *Catalogue) All() []*Service {
	var all []*Service
	for _, e := range c.entries {
		for _, one := range e.versions() {
			if s := one.whole(c.shelves); s != nil && !slices.Contains(all, s) { // one that is of no use gives way to the next
				all = append(all, s)
			}
		}
	}
	return all
}

// Check reads all files; the error joins every Mistake of every file.
func (c *Catalogue) Check() error {
	var wrong []error
	for _, m := range c.mistakes {
		wrong = append(wrong, m)
	}
	for i, e := range c.entries {
		e.whole(c.shelves)
		for _, m := range e.mistakes {
			wrong = append(wrong, m)
		}
		for _, other := range c.entries[:i] {
			a, b := e.head, other.head
			if a.ID == b.ID && (a.InForce(b.Version) || b.InForce(a.Version)) {
				wrong = append(wrong, Mistake{File: e.name, Text: fmt.Sprintf("service %q has two definitions in force at once", a.ID)})
			}
		}
	}
	return errors.Join(wrong...)
}

// shelf lists the SVG files of a directory without their ending, in order.
func shelf(fsys fs.FS, name string) []string {
	files, err := fs.Glob(fsys, name+"/*.svg")
	if err != nil {
		return nil
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(path.Base(file), ".svg")
	}
	slices.Sort(files)
	return files
}
