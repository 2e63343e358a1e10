// Package compose writes Vietnamese one key at a time: letters, the five tones, delete.
//
// Append, Accent and Delete take the text so far and give the next one; there is no state and no cursor but the end.
// A tone key acts on the syllable at the end, replaces the tone that is there, and takes it off when it is pressed
// twice. Letters that come later move the tone to where it belongs: "hóa" and n make "hoán".
//
// Of the two ways of writing, the one that administrative texts and most identity papers use is chosen: the tone on
// the first vowel of an open "oa", "oe", "uy" (hóa, khỏe, thủy), on the second when a consonant follows (hoàn, huỳnh).
package compose

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Tone is one of the five marks, as a combining character.
type Tone rune

// The tones.
const (
	Sac   Tone = '\u0301'
	Huyen Tone = '\u0300'
	Hoi   Tone = '\u0309'
	Nga   Tone = '\u0303'
	Nang  Tone = '\u0323'
)

// Tones lists them in the order of the keyboard.
func Tones() []Tone { return []Tone{Sac, Huyen, Hoi, Nga, Nang} }

const none Tone = 0

// Append adds a letter, and moves the tone of the syllable at the end if it now belongs elsewhere.
func Append(text string, r rune) string {
	return replaced(norm.NFC.String(text + string(r)))
}

// Delete takes the last letter away.
func Delete(text string) string {
	runes := []rune(norm.NFC.String(text))
	n := len(runes) - 1
	for n > 0 && unicode.IsMark(runes[n]) {
		n--
	}
	if n <= 0 {
		return ""
	}
	return replaced(string(runes[:n]))
}

// Accent puts the tone on the syllable at the end, or takes it off if it is there. A text that does not end in a
// syllable stays as it is.
func Accent(text string, tone Tone) string {
	head, syllable := cut(norm.NFC.String(text))
	plain, old := strip(syllable)
	at := place(plain)
	switch {
	case at < 0:
		return head + string(syllable)
	case old == tone:
		return head + string(plain)
	}
	return head + put(plain, at, tone)
}

// WordStart reports whether the next letter begins a word.
func WordStart(text string) bool {
	runes := []rune(text)
	if len(runes) == 0 {
		return true
	}
	last := runes[len(runes)-1]
	return unicode.IsSpace(last) || last == '-' || last == '('
}

// replaced puts the tone of the last syllable where it belongs.
func replaced(text string) string {
	head, syllable := cut(text)
	plain, tone := strip(syllable)
	if at := place(plain); tone != none && at >= 0 {
		return head + put(plain, at, tone)
	}
	return text
}

// cut parts the letters at the end from what is before them.
func cut(text string) (head string, syllable []rune) {
	i := strings.LastIndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	if i >= 0 {
		_, size := decode(text[i:])
		i += size
	} else {
		i = 0
	}
	return text[:i], []rune(text[i:])
}

func decode(s string) (rune, int) {
	for _, r := range s {
		return r, len(string(r))
	}
	return 0, 0
}

// strip takes the tones off a syllable and tells the last of them.
func strip(syllable []rune) (plain []rune, tone Tone) {
	for _, r := range syllable {
		if slices.Contains(Tones(), Tone(r)) { // a second mark on a letter that already has one
			tone = Tone(r)
			continue
		}
		base, t := untone(r)
		if t != none {
			tone = t
		}
		plain = append(plain, base)
	}
	return []rune(norm.NFC.String(string(plain))), tone
}

// untone parts one letter from its tone. A letter whose tone cannot be taken off stays whole.
func untone(r rune) (rune, Tone) {
	tone := none
	var rest []rune
	for _, part := range norm.NFD.String(string(r)) {
		if slices.Contains(Tones(), Tone(part)) && tone == none {
			tone = Tone(part)
			continue
		}
		rest = append(rest, part)
	}
	base := []rune(norm.NFC.String(string(rest)))
	if tone == none || len(base) != 1 || !isVowel(base[0]) {
		return r, none
	}
	return base[0], tone
}

func put(plain []rune, at int, tone Tone) string {
	return string(plain[:at]) + norm.NFC.String(string(plain[at])+string(rune(tone))) + string(plain[at+1:])
}

// vowels without a mark and with one.
const (
	bare   = "aeiouy"
	marked = "ăâêôơư"
)

func isVowel(r rune) bool  { return strings.ContainsRune(bare+marked, unicode.ToLower(r)) }
func isMarked(r rune) bool { return strings.ContainsRune(marked, unicode.ToLower(r)) }

// place tells which letter of a syllable without tones carries the tone; -1 if none can.
func place(plain []rune) int {
	start, end := nucleus(plain)
	if start == end {
		return -1
	}
	for i := end - 1; i >= start; i-- { // ươ: the second
		if isMarked(plain[i]) {
			return i
		}
	}
	closed := end < len(plain)
	switch n := end - start; {
	case n == 1:
		return start
	case n == 2 && !closed:
		return start
	case n == 2:
		return start + 1
	}
	return end - 2
}

// nucleus finds the last group of vowels, without the u of "qu" and the i of "gi", which belong to the consonant.
func nucleus(plain []rune) (start, end int) {
	end = len(plain)
	for end > 0 && !isVowel(plain[end-1]) {
		end--
	}
	start = end
	for start > 0 && isVowel(plain[start-1]) {
		start--
	}
	if start > 0 && end-start > 1 {
		pair := strings.ToLower(string(plain[start-1 : start+1]))
		if pair == "qu" || pair == "gi" {
			start++
		}
	}
	return start, end
}
