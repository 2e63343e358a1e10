package place

import (
	"strconv"
	"strings"
)

// Picker is how far somebody is in picking a commune by touch. It is a value of a few bytes; the Book knows what it
// means. The zero Picker begins at the provinces.
//
// From the home province a commune is two touches away (a group of names, the name), from any other four: "another
// province", the province, the group, the name.
type Picker struct {
	Level    Level  `json:"level"`
	Province string `json:"province,omitempty"` // code, once picked
	Group    int    `json:"group,omitempty"`    // which group of names, from 0
	Letters  string `json:"letters,omitempty"`  // typed so far, instead of picking
}

// Level is what is picked next.
type Level int

// The levels.
const (
	LevelProvince Level = iota
	LevelGroup
	LevelCommune
)

// OnPage is how many options a page of the picker can have at most, but for provinces, of which all are shown.
const OnPage = 24

// Option is one thing to touch.
type Option struct {
	ID   string // of Choose
	Text string
}

// optionOther leads from the groups of a province to all provinces.
const optionOther = "other"

// Pick begins in the province of a commune's code, or at the provinces if there is none.
func (b *Book) Pick(home string) Picker {
	if len(b.Communes(home)) == 0 {
		return Picker{}
	}
	return Picker{Level: LevelGroup, Province: home}
}

// Options lists what can be touched.
func (b *Book) Options(p Picker) []Option {
	switch {
	case p.Letters != "":
		return b.letters(p)
	case p.Level == LevelProvince:
		return b.provinceOptions()
	case p.Level == LevelGroup:
		return b.groupOptions(p)
	}
	var options []Option
	for _, u := range b.group(p) {
		options = append(options, Option{u.Code, u.Kind + " " + u.Name})
	}
	return options
}

// letters are the communes that the typed letters may mean.
func (b *Book) letters(p Picker) []Option {
	var options []Option
	for _, u := range b.Find(p.Letters, p.Province, OnPage) {
		text := u.Kind + " " + u.Name
		if u.ProvinceCode != p.Province {
			text += ", " + strings.TrimPrefix(strings.TrimPrefix(u.Province, "Tỉnh "), "Thành phố ")
		}
		options = append(options, Option{u.Code, text})
	}
	return options
}

func (b *Book) provinceOptions() []Option {
	var options []Option
	for _, p := range b.provinces {
		options = append(options, Option{p.Code, p.Name})
	}
	return options
}

// groupOptions are the groups by their first and last names; a province with few communes has its communes at once.
func (b *Book) groupOptions(p Picker) []Option {
	var options []Option
	for i := range b.groups(p.Province) {
		g := b.group(Picker{LevelCommune, p.Province, i, ""})
		options = append(options, Option{strconv.Itoa(i), g[0].Name + " – " + g[len(g)-1].Name})
	}
	return append(options, Option{ID: optionOther})
}

// groups is into how many pages the names of a province are divided.
func (b *Book) groups(province string) int { return (len(b.Communes(province)) + OnPage - 1) / OnPage }

// group is the communes of a group, all groups being of about the same size.
func (b *Book) group(p Picker) []Unit {
	all, n := b.Communes(p.Province), b.groups(p.Province)
	if n == 0 || p.Group < 0 || p.Group >= n {
		return nil
	}
	return all[len(all)*p.Group/n : len(all)*(p.Group+1)/n]
}

// Choose touches an option. With a commune the unit is given and the picker stays; what is no option changes nothing.
func (b *Book) Choose(p Picker, id string) (Picker, Unit) {
	if u, ok := b.Unit(id); ok && (p.Letters != "" || p.Level == LevelCommune) {
		return p, u
	}
	switch p.Level {
	case LevelProvince:
		if len(b.Communes(id)) > 0 {
			return Picker{Level: LevelGroup, Province: id}, Unit{}
		}
	case LevelGroup:
		if id == optionOther {
			return Picker{}, Unit{}
		}
		if n, err := strconv.Atoi(id); err == nil && n >= 0 && n < b.groups(p.Province) {
			return Picker{LevelCommune, p.Province, n, ""}, Unit{}
		}
	}
	return p, Unit{}
}

// MaxLetters is how much can be typed.
const MaxLetters = 24

// Type replaces the letters; none leads back to picking.
func (p Picker) Type(letters string) Picker {
	if r := []rune(letters); len(r) > MaxLetters {
		letters = string(r[:MaxLetters])
	}
	p.Letters = letters
	return p
}

// Back goes up one level; false if there is none.
func (p Picker) Back() (Picker, bool) {
	switch {
	case p.Letters != "":
		return p.Type(""), true
	case p.Level == LevelCommune:
		return Picker{Level: LevelGroup, Province: p.Province}, true
	}
	return p, false
}
