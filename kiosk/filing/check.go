package filing

import "strings"

// alphabet gives each character of a reference its value in the check, ISO 7064 §7: 0 to 9, then A is 10 to Z is 35.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// checkModulus is M of the hybrid system MOD M+1,M: here MOD 37,36.
const checkModulus = len(alphabet)

// checkCharacter computes the check character of text (digits and capital letters) by ISO 7064 MOD 37,36; ok is false
// if text has another character.
//
// Why this one: the standard's other system for letters and digits, MOD 37-2, catches every transposition but needs
// the character "*" for one check in 37, which people cannot name and number keyboards do not have. MOD 37,36 stays
// within letters and digits and still catches every single wrong character; of swapped neighbours it misses those
// that the arithmetic cannot tell apart, one pair in 630.
func checkCharacter(text string) (check byte, ok bool) {
	p := checkModulus
	for i := range len(text) {
		value := strings.IndexByte(alphabet, text[i])
		if value < 0 {
			return 0, false
		}
		s := (p + value) % checkModulus
		if s == 0 {
			s = checkModulus
		}
		p = s * 2 % (checkModulus + 1)
	}
	return alphabet[(checkModulus+1-p)%checkModulus], true
}
