package form

import (
	"slices"
	"strings"

	"motcua/kiosk/identity"
)

// part is a piece of a text: words as they are, or a reference with the way to show it.
type part struct {
	text string
	ref  bool
	how  string
}

// The ways to show a value.
const (
	showLower  = "lower"  // first letter small, inside a sentence
	showMasked = "masked" // 099******017
)

// parts splits a text at its {references}. A brace that is not closed is text.
func parts(text string) []part {
	var all []part
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if before != "" {
			all = append(all, part{text: before})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return append(all, part{text: "{" + rest})
		}
		name, how, _ := strings.Cut(name, "|")
		all = append(all, part{text: name, ref: true, how: how})
		text = after
	}
	return all
}

func (p part) show(value string) string {
	switch p.how {
	case showLower:
		return lowerFirst(value)
	case showMasked:
		return Mask(value)
	}
	return value
}

// Mask hides the middle of a personal number; what is no complete number loses all but its last three characters.
func Mask(value string) string {
	if n, err := identity.ParseNumber(value); err == nil {
		return n.Masked()
	}
	const shown = 3
	r := []rune(value)
	for i := range max(0, len(r)-shown) {
		r[i] = '*'
	}
	return string(r)
}

func lowerFirst(s string) string {
	for i, r := range s {
		if i > 0 {
			return strings.ToLower(s[:i]) + s[i:]
		}
		_ = r
	}
	return strings.ToLower(s)
}

// References lists the names in the {references} of a text.
func References(text string) []string {
	var names []string
	for _, p := range parts(text) {
		if p.ref {
			names = append(names, p.text)
		}
	}
	return names
}

// IsWord reports whether a reference is a word of all texts and no field.
func IsWord(name string) bool { return slices.Contains(wordRefs, name) }
