package paper

import (
	"errors"
	"image"
	"maps"
	"slices"

	"motcua/kiosk/identity"
)

// Errors of Form.Render; each is wrapped with the key it is about, never with the value.
var (
	// ErrLetter: the typeface has no such letter.
	ErrLetter = errors.New("paper: no such letter in the typeface")
	// ErrDate: a value of which the form prints day, month or year is no date dd/mm/yyyy.
	ErrDate = errors.New("paper: not a date")
	// ErrBoxes: a value has more characters than the form has boxes for.
	ErrBoxes = errors.New("paper: more characters than boxes")
	// ErrTooLarge: a value has over MaxText characters, a table over MaxRows rows, or all of it over MaxPages.
	ErrTooLarge = errors.New("paper: too large")
)

// Limits of what is printed.
const (
	MaxText  = 2000 // characters of a value
	MaxRows  = 3000 // rows of a table
	MaxPages = 300
)

// Values is what a form is filled with, by the keys that Form.Keys lists. Other keys are passed over; what is missing
// stays empty. Text may come in any Unicode form; line breaks in it are kept.
type Values struct {
	Text    map[string]string
	Rows    map[string][]map[string]string
	Checked map[string]bool
	Photo   image.Image // nil: the frame stays empty
}

// Keys is what a form can be filled with, in order of the alphabet.
type Keys struct {
	Text   []string
	Rows   map[string][]string // the keys of a row, by table
	Checks []string
	Photo  bool
}

// Form is one form in one version. It is immutable and may be used by several goroutines.
type Form struct {
	layout Layout
	keys   Keys
	faces  *faces
	colour []byte // ICC profile of the output intent
}

// Layout is the form's description. The caller does not change what it points to.
func (f *Form) Layout() Layout { return f.layout }

// Keys lists what the form can be filled with.
func (f *Form) Keys() Keys {
	k := Keys{Text: slices.Clone(f.keys.Text), Rows: map[string][]string{}, Checks: slices.Clone(f.keys.Checks), Photo: f.keys.Photo}
	for table, keys := range f.keys.Rows {
		k.Rows[table] = slices.Clone(keys)
	}
	return k
}

// Shelf is all forms in all versions. It is immutable.
type Shelf struct{ forms []*Form }

// Form finds the form of that id whose version begins on that day.
func (s *Shelf) Form(id string, version identity.Date) (*Form, bool) {
	for _, f := range s.forms {
		if f.layout.ID == id && f.layout.Version == version {
			return f, true
		}
	}
	return nil, false
}

// On finds the version of a form that is in force on a day.
func (s *Shelf) On(id string, day identity.Date) (*Form, bool) {
	for _, f := range s.forms {
		if f.layout.ID == id && f.layout.InForce(day) {
			return f, true
		}
	}
	return nil, false
}

// All lists every form, by id and version.
func (s *Shelf) All() []*Form { return slices.Clone(s.forms) }

// keySet gathers keys while a layout is checked.
type keySet struct {
	text, checks map[string]bool
	rows         map[string]map[string]bool
	photo        bool
}

func newKeySet() *keySet {
	return &keySet{map[string]bool{}, map[string]bool{}, map[string]map[string]bool{}, false}
}

func (k *keySet) list() Keys {
	keys := Keys{slices.Sorted(maps.Keys(k.text)), map[string][]string{}, slices.Sorted(maps.Keys(k.checks)), k.photo}
	for table, row := range k.rows {
		keys.Rows[table] = slices.Sorted(maps.Keys(row))
	}
	return keys
}
