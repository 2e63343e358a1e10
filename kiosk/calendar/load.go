package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"motcua/kiosk/identity"
	"motcua/kiosk/yamlfile"
)

// file is where the decided years stand, in assets.FS and in an office's directory.
const file = "calendar/years.yaml"

// Years is the file.
type Years struct {
	Years []Year `yaml:"years"`
}

// Year is what the government decided of a year's days off, or what is known of it before that.
type Year struct {
	Year      int             `yaml:"year"`
	Decided   bool            `yaml:"decided"`
	Source    string          `yaml:"source"`
	TetBefore int             `yaml:"tet_before"` // of the five days of Tết, how many come before the first of the lunar year
	Nation    int             `yaml:"nation"`     // 1 or 3: the day of September beside the National Day
	Off       []Off           `yaml:"off"`        // days off in exchange for others
	Worked    []identity.Date `yaml:"worked"`     // Saturdays and Sundays worked in exchange
	Doubts    []string        `yaml:"doubts"`
}

// Off is a day on which nobody works.
type Off struct {
	Day  identity.Date `yaml:"day"`
	Name string        `yaml:"name"`
}

// Load is the calendar of the law with the years that fsys (assets.FS) has; offices, each a directory of the same shape,
// add years and replace those that they name. The error joins every yamlfile.Mistake.
func Load(hours Hours, fsys fs.FS, offices ...fs.FS) (*Calendar, error) {
	years := map[int]Year{}
	for i, source := range append([]fs.FS{fsys}, offices...) {
		data, err := fs.ReadFile(source, file)
		if errors.Is(err, fs.ErrNotExist) && i > 0 {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("calendar: %w", err)
		}
		list, err := parse(file, data)
		if err != nil {
			return nil, err
		}
		for _, y := range list {
			years[y.Year] = y
		}
	}
	if err := hours.check(); err != nil {
		return nil, err
	}
	return build(years, hours), nil
}

func parse(name string, data []byte) ([]Year, error) {
	var list Years
	f := yamlfile.Parse(name, data, &list)
	if len(f.Mistakes) == 0 {
		for i, y := range list.Years {
			f.Want(!slices.ContainsFunc(list.Years[:i], func(x Year) bool { return x.Year == y.Year }), fmt.Sprintf("years[%d]", i), "the year %d is there twice", y.Year)
			check(f, fmt.Sprintf("years[%d]", i), y)
		}
	}
	var wrong []error
	for _, m := range f.Mistakes {
		wrong = append(wrong, m)
	}
	return list.Years, errors.Join(wrong...)
}

func check(f *yamlfile.File, at string, y Year) {
	f.Want(y.Year >= firstYear && y.Year <= lastYear, at+".year", "a year from %d to %d", firstYear, lastYear)
	f.Want(y.Source != "", at, "a year needs its source")
	f.Want(y.TetBefore >= 0 && y.TetBefore < tetDays, at+".tet_before", "Tết has %d days", tetDays)
	f.Want(y.Nation == 0 || y.Nation == 1 || y.Nation == 3, at+".nation", "the day beside 2 September is 1 or 3")
	f.Want(len(y.Off) <= 31 && len(y.Worked) <= 31, at, "so many days are not moved in a year")
	for _, o := range y.Off {
		f.Want(o.Day.Year == y.Year && o.Name != "", at+".off", "a day off lies in the year and has a name")
		f.Want(!slices.Contains(y.Worked, o.Day), at+".off", "%s is off and worked", o.Day)
	}
	for _, d := range y.Worked {
		f.Want(d.Year == y.Year && weekend(d), at+".worked", "only a Saturday or Sunday of the year can be worked in exchange")
	}
}

// Hours are when the office is open, from midnight. They are set by each office.
type Hours struct {
	Morning, Afternoon Span
	Saturday           bool // filings are received on Saturday morning; it counts as no working day
}

// Span is a part of a day.
type Span struct{ From, To time.Duration }

// ParseSpan reads 07:30-11:30.
func ParseSpan(s string) (Span, error) {
	from, to, _ := strings.Cut(s, "-")
	a, errA := time.Parse("15:04", from)
	b, errB := time.Parse("15:04", to)
	if errA != nil || errB != nil || !a.Before(b) {
		return Span{}, fmt.Errorf("%w: %q", errHours, s)
	}
	midnight := a.Truncate(24 * time.Hour)
	return Span{a.Sub(midnight), b.Sub(midnight)}, nil
}

// ParseHours reads the spans of a morning and an afternoon, and refuses those that are not in order.
func ParseHours(morning, afternoon string, saturday bool) (Hours, error) {
	h := Hours{Saturday: saturday}
	var wrong [2]error
	h.Morning, wrong[0] = ParseSpan(morning)
	h.Afternoon, wrong[1] = ParseSpan(afternoon)
	return h, cmp.Or(wrong[0], wrong[1], h.check())
}

// DefaultHours are those that most offices have.
func DefaultHours() Hours {
	return Hours{Span{7*time.Hour + 30*time.Minute, 11*time.Hour + 30*time.Minute}, Span{13*time.Hour + 30*time.Minute, 17 * time.Hour}, true}
}

var errHours = errors.New("calendar: the office hours are not in order")

func (h Hours) check() error {
	if 0 <= h.Morning.From && h.Morning.From < h.Morning.To && h.Morning.To <= h.Afternoon.From && h.Afternoon.From < h.Afternoon.To && h.Afternoon.To <= 24*time.Hour {
		return nil
	}
	return errHours
}
