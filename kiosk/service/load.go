package service

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"motcua/kiosk/yamlfile"
)

// Where the catalogue and what it names lie, in assets.FS.
const (
	dir      = "services"
	pictures = "pictures"
	icons    = "icons"
)

// Mistake is something wrong in a file of the catalogue.
type Mistake = yamlfile.Mistake

// Load reads services/*.yaml of fsys (assets.FS, or a directory of the same shape) and checks them against pictures/
// and icons/ beside them. The error joins every Mistake of every file.
func Load(fsys fs.FS) (*Catalogue, error) {
	names, err := fs.Glob(fsys, dir+"/*.yaml")
	if err != nil || len(names) == 0 {
		return nil, errors.Join(fmt.Errorf("service: no %s/*.yaml", dir), err)
	}
	c := &Catalogue{}
	var mistakes []error
	for _, name := range names {
		s, wrong := loadFile(fsys, name)
		for _, m := range wrong {
			mistakes = append(mistakes, m)
		}
		c.services = append(c.services, s)
	}
	if len(mistakes) == 0 {
		mistakes = c.overlaps()
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	c.sort()
	return c, nil
}

// overlaps finds two definitions of a service that are in force on the same day.
func (c *Catalogue) overlaps() []error {
	var mistakes []error
	for i, a := range c.services {
		for _, b := range c.services[:i] {
			if a.ID == b.ID && (a.InForce(b.Version) || b.InForce(a.Version)) {
				mistakes = append(mistakes, Mistake{File: dir, Text: fmt.Sprintf("service %q has two definitions in force at once", a.ID)})
			}
		}
	}
	return mistakes
}

func loadFile(fsys fs.FS, name string) (*Service, []Mistake) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, []Mistake{{File: name, Text: err.Error()}}
	}
	s := &Service{}
	f := parse(name, data, s)
	if len(f.Mistakes) == 0 {
		f.check(s, shelf(fsys, pictures), shelf(fsys, icons))
	}
	return s, f.Mistakes
}

// file is a parsed file under check.
type file struct{ *yamlfile.File }

func parse(name string, data []byte, s *Service) file { return file{yamlfile.Parse(name, data, s)} }

func (f file) want(ok bool, at, format string, args ...any) { f.Want(ok, at, format, args...) }

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
