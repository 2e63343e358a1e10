package identity

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// SameName says whether two spellings may be of one name. Where both have accents, these count, but not on which vowel
// the tone stands (Thuỷ, Thủy), nor capitals, nor which apostrophe; where one has none, as in a machine readable zone,
// they do not. Against the zone a name may be cut (9303-3 §4.6): at the end, or words to their first letters. An unknown
// name is like any.
func SameName(a, b string) bool {
	if a == "" || b == "" {
		return true
	}
	accents := accented(a) && accented(b)
	x, y := words(a, accents), words(b, accents)
	if strings.Join(x, "") == strings.Join(y, "") { // a zone divides words at hyphens and apostrophes in more than one way
		return true
	}
	return !accents && (cut(x, y) || cut(y, x))
}

// cut says whether a name is what fits of a longer one into a line of the zone.
func cut(short, long []string) bool {
	const oneIdentifier = 1 // a name that is all family name has no two fillers
	if zoneLength(long) <= mrzLine || zoneLength(short) < leastCut || zoneLength(short) > mrzLine+oneIdentifier {
		return false
	}
	return abbreviates(short, long) || strings.HasPrefix(strings.Join(long, ""), strings.Join(short, ""))
}

// leastCut is how long a name is at least that was cut to fit into a line: more room than a third is not given away.
const leastCut = 20

// zoneLength is how many characters a name takes in a zone: two fillers after the family name, one between others.
func zoneLength(name []string) int { return len(strings.Join(name, mrzFiller)) + 1 }

// abbreviates: each word begins the word in its place, and some at the end may be missing.
func abbreviates(short, long []string) bool {
	if len(short) > len(long) {
		return false
	}
	for i := range short {
		if !strings.HasPrefix(long[i], short[i]) {
			return false
		}
	}
	return true
}

// ZoneSpelling says whether a name is written as a machine readable zone has it: A to Z and spaces. It is a poor
// spelling for a form.
func ZoneSpelling(name string) bool {
	return name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") == ""
}

// sameText compares word by word: with accents where both have them, without where one has none.
func sameText(a, b string) bool {
	accents := accented(a) && accented(b)
	return either(strings.Join(words(a, accents), " "), strings.Join(words(b, accents), " "))
}

// accented says whether a text has anything that its scanner or its zone would have dropped.
func accented(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII && !apostrophe(r) }) >= 0
}

func apostrophe(r rune) bool { return strings.ContainsRune("'’‘ʼ`´", r) }

// tones are the five marks that stand on a syllable; all others make another letter.
const tones = "\u0300\u0301\u0303\u0309\u0323"

// words cuts a text into words of capital letters and digits. With accents, each word's tone stands at its end; without
// them there are only basic letters. Apostrophes vanish, all else divides.
func words(s string, accents bool) []string {
	var out []string
	var letters, tone strings.Builder
	end := func() {
		if letters.Len() > 0 {
			out = append(out, letters.String()+tone.String())
		}
		letters.Reset()
		tone.Reset()
	}
	for _, r := range norm.NFD.String(s) {
		r = unicode.ToUpper(r)
		switch {
		case apostrophe(r):
		case strings.ContainsRune(tones, r):
			if accents {
				tone.WriteRune(r)
			}
		case unicode.Is(unicode.Mn, r):
			if accents {
				letters.WriteRune(r)
			}
		case r == 'Đ' || r == 'Ð': // the second is the eth of Iceland, which looks the same and is met in its place
			if r = 'Đ'; !accents {
				r = 'D'
			}
			letters.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			letters.WriteRune(r)
		default:
			end()
		}
	}
	end()
	return out
}

// Fold is a text as a search compares it: small letters and digits without accents, words by single spaces.
func Fold(s string) string { return strings.ToLower(strings.Join(words(s, false), " ")) }

// FoldTones is Fold with accents, the tone of each word at its end, so that Hoà and Hòa are the same.
func FoldTones(s string) string { return strings.ToLower(strings.Join(words(s, true), " ")) }
