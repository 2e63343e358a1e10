// Package plain is the rule for what a scanner may hand on as text, in one place for all drivers: Text checks it.
package plain

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"motcua/devices/scan"
)

// Text checks the bytes of one reading and gives them as scan.Event promises them: UTF-8 in NFC, at most scan.MaxText
// bytes, without line ends and other control characters. The error is scan.ErrTooLong or scan.ErrNotText; U+FFFD
// counts as not a text, because a decoder writes it where it had to guess.
//
// Cards carry both NFC and NFD spellings of Vietnamese; composing here means that nobody above compares two spellings.
func Text(b []byte) (string, error) {
	if len(b) > scan.MaxText {
		return "", scan.ErrTooLong
	}
	if !utf8.Valid(b) {
		return "", scan.ErrNotText
	}
	s := norm.NFC.String(string(b))
	if len(s) > scan.MaxText { // a few characters grow when they are normalised
		return "", scan.ErrTooLong
	}
	for _, r := range s {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return "", scan.ErrNotText
		}
	}
	return s, nil
}
