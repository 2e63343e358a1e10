package paper

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// style is how letters look: a sum of bold, italic and raised.
type style int

const (
	bold style = 1 << iota
	italic
	raised
)

// span is a piece of a layout's text in one style: letters, or a value to be put in.
type span struct {
	text  string
	style style
	value value
}

// value names what a span prints: a key and how.
type value struct{ key, filter string }

// filters are what may stand behind a key.
var filters = []string{"day", "month", "year", "upper"}

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

var (
	errMark = errors.New("a mark (* _ ^ {) is opened and not closed")
	errKey  = errors.New("a key is lower-case letters, digits and _, with |day, |month, |year or |upper behind it or nothing")
)

// parseValue reads "key" or "key|filter".
func parseValue(s string) (value, error) {
	key, filter, has := strings.Cut(s, "|")
	if !keyForm.MatchString(key) || has && !slices.Contains(filters, filter) {
		return value{}, errKey
	}
	return value{key, filter}, nil
}

// parseText reads the marks of a layout's text.
func parseText(s string) ([]span, error) {
	var spans []span
	var plain strings.Builder
	var now style
	flush := func() {
		if plain.Len() > 0 {
			spans = append(spans, span{text: plain.String(), style: now})
			plain.Reset()
		}
	}
	marks := map[byte]style{'*': bold, '_': italic, '^': raised}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '*', '_', '^':
			flush()
			now ^= marks[c]
		case '{':
			flush()
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				return nil, errMark
			}
			v, err := parseValue(s[i+1 : i+end])
			if err != nil {
				return nil, err
			}
			spans = append(spans, span{style: now, value: v})
			i += end
		case '\\':
			if i++; i == len(s) {
				return nil, errMark
			}
			plain.WriteByte(s[i])
		default:
			plain.WriteByte(c)
		}
	}
	if flush(); now != 0 {
		return nil, errMark
	}
	return spans, nil
}
