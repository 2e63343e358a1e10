package paper

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"motcua/kiosk/yamlfile"
)

// Where the layouts and what they are set with lie, in assets.FS.
const (
	dir     = "papers"
	profile = "colour/sRGB2014.icc"
)

// Load reads papers/*.yaml of fsys (assets.FS, or a directory of the same shape), the typeface and the colour profile.
// The error joins every yamlfile.Mistake of every file.
func Load(fsys fs.FS) (*Shelf, error) {
	names, err := fs.Glob(fsys, dir+"/*.yaml")
	if err != nil || len(names) == 0 {
		return nil, errors.Join(fmt.Errorf("paper: no %s/*.yaml", dir), err)
	}
	faces, err := loadFaces(fsys)
	if err != nil {
		return nil, err
	}
	colour, err := fs.ReadFile(fsys, profile)
	if err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	shelf := &Shelf{}
	var mistakes []error
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			mistakes = append(mistakes, yamlfile.Mistake{File: name, Text: err.Error()})
			continue
		}
		form, wrong := parse(name, data, faces)
		for _, m := range wrong {
			mistakes = append(mistakes, m)
		}
		form.colour = colour
		shelf.forms = append(shelf.forms, form)
	}
	if len(mistakes) == 0 {
		mistakes = shelf.overlaps()
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	slices.SortFunc(shelf.forms, func(a, b *Form) int {
		return cmp.Or(cmp.Compare(a.layout.ID, b.layout.ID), a.layout.Version.Time().Compare(b.layout.Version.Time()))
	})
	return shelf, nil
}

// parse reads and checks one layout; the form is of use only if there are no mistakes.
func parse(name string, data []byte, faces *faces) (*Form, []yamlfile.Mistake) {
	form := &Form{faces: faces}
	f := yamlfile.Parse(name, data, &form.layout)
	if len(f.Mistakes) > 0 {
		return form, f.Mistakes
	}
	c := checker{File: f, keys: newKeySet(), faces: faces}
	c.layout(&form.layout)
	form.keys = c.keys.list()
	return form, f.Mistakes
}

// overlaps finds two versions of a form that are in force on the same day.
func (s *Shelf) overlaps() []error {
	var mistakes []error
	for i, a := range s.forms {
		for _, b := range s.forms[:i] {
			x, y := a.layout, b.layout
			if x.ID == y.ID && (x.InForce(y.Version) || y.InForce(x.Version)) {
				text := fmt.Sprintf("form %q has two versions in force at once", x.ID)
				mistakes = append(mistakes, yamlfile.Mistake{File: dir, Text: text})
			}
		}
	}
	return mistakes
}
