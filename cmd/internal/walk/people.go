package walk

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Demonstration is a citizen who rents a room in hamlet Văn: the story of the demonstration and of the end-to-end
// tests. Who the citizen is, is the card's business.
func Demonstration() Citizen {
	return Citizen{
		Service:  "tam-tru",
		Keyboard: true,
		Choices:  map[string]string{"case": "rent", "period": "one-year", "relation": "lodger", "home": "other"},
		Typed:    map[string]string{"dwelling": "Xóm Văn", "head_name": "Hà Văn Thuyết", "phone": "0900000000"},
	}
}

// tones are the keys of the five marks, by combining character.
func tones() map[rune]string {
	return map[rune]string{'\u0301': "sac", '\u0300': "huyen", '\u0309': "hoi", '\u0303': "nga", '\u0323': "nang"}
}

// keys are the keys of the keyboard on the screen that write a text: a letter with its tone is the letter's key and
// then the tone's. The keyboard begins words with capitals by itself.
func keys(text string) []string {
	var ids []string
	tone := tones()
	for _, word := range strings.SplitAfter(norm.NFC.String(text), " ") {
		for _, letter := range word {
			ids = append(ids, letterKeys(letter, tone)...)
		}
	}
	return ids
}

// letterKeys are the keys for one letter.
func letterKeys(letter rune, tone map[rune]string) []string {
	if letter == ' ' {
		return []string{"kbd.space"}
	}
	var base []rune
	after := ""
	for _, part := range norm.NFD.String(string(letter)) {
		if key, ok := tone[part]; ok {
			after = key
			continue
		}
		base = append(base, part)
	}
	ids := []string{"kbd." + norm.NFC.String(string(unicode.ToLower(base[0]))+string(base[1:]))}
	if after != "" {
		ids = append(ids, "kbd."+after)
	}
	return ids
}
