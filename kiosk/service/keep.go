package service

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"motcua/kiosk/identity"
	"motcua/kiosk/yamlfile"
)

// This file is how long filings are kept. The term is the law's, so it stands with the service; where the law's term is not known here, an office
// writes it into keep.yaml in its folder of services, without copying the services:
//
//	keep:
//	  tam-tru: {years: 5, from: year, law: "Thông tư …"}
//
// What has no term is never destroyed.

// Keep is how long a filing is kept after it ended.
type Keep struct {
	Years int    `yaml:"years"` // 0: as the office's archive rules say, and nothing is destroyed
	From  From   `yaml:"from"`  // what the years are counted from
	Law   string `yaml:"law"`   // the text of law that says so
	Note  string `yaml:"note"`
}

// From is what a term is counted from.
type From string

// The beginnings of a term.
const (
	FromEnded From = "ended" // the day on which the filing ended
	FromYear  From = "year"  // the end of the year in which it did, as archives count
)

// maxKeep is the longest term, in years: the law has those of seventy (33/2024/QH15).
const maxKeep = 100

// Until is the last moment of the term of a filing that ended then, where that was; the zero Time if it has none.
func (k Keep) Until(ended time.Time) time.Time {
	switch {
	case k.Years <= 0 || ended.IsZero():
		return time.Time{}
	case k.From == FromYear:
		return time.Date(ended.Year()+1+k.Years, time.January, 1, 0, 0, 0, 0, ended.Location())
	}
	y, m, d := ended.Date()
	return time.Date(y+k.Years, m, d+1, 0, 0, 0, 0, ended.Location())
}

// want says what is wrong with a term.
func (k Keep) want(f *yamlfile.File, at string) {
	f.Want(k.Years >= 0 && k.Years <= maxKeep, at+".years", "a term has 0 to %d years", maxKeep)
	f.Want(k.From == "" || k.From == FromEnded || k.From == FromYear, at+".from", "a term is counted from %s or %s", FromEnded, FromYear)
	f.Want(k.Years == 0 || k.From != "" && k.Law != "", at, "a term needs from, and the law that says so")
}

// keepFile is the office's own terms, in its folder of services.
const keepFile = "keep.yaml"

// readKeep reads the terms of an office over those that are there.
func (c *Catalogue) readKeep(source fs.FS) error {
	data, err := fs.ReadFile(source, keepFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || len(data) > maxFile {
		return fmt.Errorf("service: %s: %w", keepFile, errors.Join(err, errLarge))
	}
	var terms struct {
		Keep map[string]Keep `yaml:"keep"`
	}
	f := yamlfile.Parse("office/"+keepFile, data, &terms)
	for id, k := range terms.Keep {
		k.want(f, "keep."+id)
		f.Want(c.has(id), "keep."+id, "there is no service %q", id)
	}
	c.mistakes = append(c.mistakes, f.Mistakes...)
	if len(f.Mistakes) > 0 {
		return nil // of terms of which one is wrong none counts: nothing is destroyed by mistake
	}
	for _, e := range c.entries {
		if k, ok := terms.Keep[e.head.ID]; ok {
			for one := e; one != nil; one = one.under {
				one.keep = &k
			}
		}
	}
	return nil
}

// Keep is the term of what was filed on a day: that of the definition in force then, of one that is older than all that are here the oldest's.
func (c *Catalogue) Keep(id string, filed identity.Date) Keep {
	if s, ok := c.Get(id, filed); ok {
		return s.Keep
	}
	var oldest Head
	for _, e := range c.entries {
		for _, one := range e.versions() {
			if h := one.head; h.ID == id && (oldest.ID == "" || h.Version.Before(oldest.Version)) {
				oldest = h
			}
		}
	}
	if s, ok := c.Version(id, oldest.Version); ok && filed.Before(oldest.Version) {
		return s.Keep
	}
	return Keep{}
}

// has reports whether there is a service of an id.
func (c *Catalogue) has(id string) bool {
	for _, e := range c.entries {
		if e.head.ID == id {
			return true
		}
	}
	return false
}
