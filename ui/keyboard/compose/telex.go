package compose

import (
	"slices"
	"strings"
	"unicode"
)

// telexTones are the keys that carry tones in Telex.
var telexTones = map[rune]Tone{'s': Sac, 'f': Huyen, 'r': Hoi, 'x': Nga, 'j': Nang}

// shapes are what a key makes of a letter that is there: aa is â, and typed once more aa again.
var shapes = map[rune]map[rune]rune{
	'a': {'a': 'â'}, 'e': {'e': 'ê'}, 'o': {'o': 'ô'}, 'd': {'d': 'đ'},
	'w': {'a': 'ă', 'o': 'ơ', 'u': 'ư'},
}

// Telex adds a key in the way that Vietnamese is typed on a keyboard without its letters: aa â, aw ă, ee ê, oo ô, ow ơ, uw ư, dd đ, and s f r x j for the
// five tones, which may come at the end of the word; z takes a tone off. The same key again takes its effect back and stands for itself.
func Telex(text string, key rune) string {
	low := unicode.ToLower(key)
	head, syllable := cut(text)
	plain, tone := strip(syllable)
	if made, ok := shaped(plain, key, low); ok {
		return head + toned(made, tone)
	}
	switch mark, isTone := telexTones[low]; {
	case isTone && place(plain) >= 0 && tone == mark:
		return head + string(plain) + string(key)
	case isTone && place(plain) >= 0:
		return head + put(plain, place(plain), mark)
	case low == 'z' && tone != none:
		return head + string(plain)
	}
	return Append(text, key)
}

func toned(plain []rune, tone Tone) string {
	if at := place(plain); tone != none && at >= 0 {
		return put(plain, at, tone)
	}
	return string(plain)
}

// shaped changes a letter of the syllable. For d it is the first, for the vowels one of the last group of them: "uong" and w make "ương".
func shaped(plain []rune, key, low rune) ([]rune, bool) {
	to := shapes[low]
	if to == nil || len(plain) == 0 {
		return nil, false
	}
	made := slices.Clone(plain)
	start, end := nucleus(plain)
	if low == 'd' {
		start, end = 0, 1
	}
	done, undone := false, false
	for i := end - 1; i >= start; i-- {
		r := unicode.ToLower(made[i])
		if into, ok := to[r]; ok && !done {
			made[i], done = likeCase(into, made[i]), true
			if low == 'w' && r == 'o' && i > start && unicode.ToLower(made[i-1]) == 'u' && !quiet(plain, i-1) {
				made[i-1] = likeCase('ư', made[i-1])
			}
			return made, true
		}
		for from, into := range to {
			if r == into && !undone {
				made[i], undone = likeCase(from, made[i]), true
			}
		}
	}
	if undone {
		return append(made, key), true
	}
	return nil, false
}

// quiet reports whether the u at i belongs to a "qu".
func quiet(plain []rune, i int) bool {
	return i > 0 && strings.EqualFold(string(plain[i-1]), "q")
}

func likeCase(r, like rune) rune {
	if unicode.IsUpper(like) {
		return unicode.ToUpper(r)
	}
	return r
}
