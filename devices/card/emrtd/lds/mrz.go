// Package lds reads the files of the logical data structure of travel documents (ICAO 9303-10): the MRZ of DG1, the
// portrait of DG2, the keys of DG14 and DG15, the hashes of EF.SOD and the security infos of EF.CardAccess.
//
// Start with the Parse function of the file in hand. All take bytes from a card that nobody has vouched for yet, so
// every length is checked against what is there, nothing is allocated from a claimed size, and what cannot be read is
// an error that wraps ErrFormat. Results share memory with the input where they hold raw bytes.
//
// Why no signatures here: whether EF.SOD is genuine is passive authentication's question. This package only says what
// is written.
package lds

import (
	"errors"
	"fmt"
	"strings"
)

// ErrFormat is what every parsing failure of this package unwraps to.
var ErrFormat = errors.New("lds: malformed")

// Format is the size of a machine readable zone.
type Format uint8

// The formats of ICAO 9303-5, -6 and -4.
const (
	TD1 Format = iota + 1 // 3 lines of 30: identity cards
	TD2                   // 2 lines of 36
	TD3                   // 2 lines of 44: passports
)

// String gives the name that ICAO uses.
func (f Format) String() string {
	if f < TD1 || f > TD3 {
		return "unknown"
	}
	return [...]string{"TD1", "TD2", "TD3"}[f-TD1]
}

// Filler fills unused positions of an MRZ.
const Filler = "<"

// MRZ is a machine readable zone. Fields are as printed, without trailing fillers; dates are YYMMDD.
type MRZ struct {
	Format       Format
	Lines        []string
	DocumentCode string // "ID", "I", "P"
	Issuer       string
	Number       string // document number, put together again where it overflowed into the optional data (9303-5 §4.2.2)
	Birth        string
	Sex          string // "M", "F" or "" for unspecified
	Expiry       string
	Nationality  string
	Optional     string // optional data 1 of TD1, else the only ones; with fillers, without trailing ones
	Optional2    string // TD1 only
	Surname      string
	GivenNames   string
	Checks       MRZChecks
}

// MRZChecks says which check digits are right (9303-3 §4.9).
type MRZChecks struct {
	Number, Birth, Expiry, Composite bool
	LongNumber                       bool // the number is longer than nine and its check digit stands in the optional data
	Personal                         bool // TD3's optional data; true for the other formats, which have none
}

// All says whether every check digit is right.
func (c MRZChecks) All() bool {
	return c.Number && c.Birth && c.Expiry && c.Composite && c.Personal
}

// CheckDigit computes the check digit of 9303-3 §4.9: weights 7, 3, 1; A is 10, a filler 0. It returns 0 as second
// value false if s has a character that no MRZ has.
func CheckDigit(s string) (digit byte, ok bool) {
	sum := 0
	for i := range len(s) {
		v, ok := characterValue(s[i])
		if !ok {
			return 0, false
		}
		sum += v * [...]int{7, 3, 1}[i%3]
	}
	return byte('0' + sum%10), true
}

func characterValue(c byte) (int, bool) {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0'), true
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10, true
	case c == Filler[0]:
		return 0, true
	}
	return 0, false
}

// checks compares a check digit as printed; a filler stands for 0 where the field is empty (9303-4 §4.2.2.2).
func checks(field string, digit byte) bool {
	want, ok := CheckDigit(field)
	if !ok {
		return false
	}
	return digit == want || digit == Filler[0] && want == '0' && strings.Trim(field, Filler) == ""
}

// Information is the MRZ information that BAC and PACE keys are derived from: number, birth and expiry, each with
// its check digit (9303-11 §4.3.2). A number shorter than nine is filled up.
func (m MRZ) Information() string { return MRZInformation(m.Number, m.Birth, m.Expiry) }

// MRZInformation is Information for values from elsewhere. They must consist of MRZ characters.
func MRZInformation(number, birth, expiry string) string {
	const shortest = 9
	for len(number) < shortest {
		number += Filler
	}
	var out strings.Builder
	for _, field := range []string{number, birth, expiry} {
		digit, _ := CheckDigit(field)
		out.WriteString(field)
		out.WriteByte(digit)
	}
	return out.String()
}

// ParseMRZ reads a machine readable zone: its lines, or all of it in one string of 90, 72 or 88 characters. Line breaks
// and spaces around lines are taken away. Wrong check digits are no error; see Checks.
func ParseMRZ(lines ...string) (MRZ, error) {
	text := strings.ToUpper(strings.Join(strings.Fields(strings.Join(lines, " ")), ""))
	for i := range len(text) {
		if _, ok := characterValue(text[i]); !ok {
			return MRZ{}, fmt.Errorf("%w: MRZ has a character that none has, at %d", ErrFormat, i+1)
		}
	}
	switch len(text) {
	case 3 * 30:
		return parseTD1(text[:30], text[30:60], text[60:]), nil
	case 2 * 36:
		return parseTD2(text[:36], text[36:]), nil
	case 2 * 44:
		return parseTD3(text[:44], text[44:]), nil
	}
	return MRZ{}, fmt.Errorf("%w: MRZ of %d characters", ErrFormat, len(text))
}

// parseTD1 follows 9303-5 §4.2.
func parseTD1(one, two, three string) MRZ {
	m := MRZ{Format: TD1, Lines: []string{one, two, three},
		DocumentCode: trim(one[:2]), Issuer: trim(one[2:5]),
		Birth: two[:6], Sex: trim(two[7:8]), Expiry: two[8:14], Nationality: trim(two[15:18]), Optional2: trim(two[18:29])}
	m.setNumber(one[5:14], one[14], one[15:30])
	m.setNames(three)
	m.Checks.Birth, m.Checks.Expiry = checks(m.Birth, two[6]), checks(m.Expiry, two[14])
	m.Checks.Composite = checks(one[5:30]+two[:7]+two[8:15]+two[18:29], two[29])
	m.Checks.Personal = true
	return m
}

// parseTD2 follows 9303-6 §4.2.
func parseTD2(one, two string) MRZ {
	m := MRZ{Format: TD2, Lines: []string{one, two},
		DocumentCode: trim(one[:2]), Issuer: trim(one[2:5]),
		Nationality: trim(two[10:13]), Birth: two[13:19], Sex: trim(two[20:21]), Expiry: two[21:27]}
	m.setNumber(two[:9], two[9], two[28:35])
	m.setNames(one[5:])
	m.Checks.Birth, m.Checks.Expiry = checks(m.Birth, two[19]), checks(m.Expiry, two[27])
	m.Checks.Composite = checks(two[:10]+two[13:20]+two[21:35], two[35])
	m.Checks.Personal = true
	return m
}

// parseTD3 follows 9303-4 §4.2.
func parseTD3(one, two string) MRZ {
	m := MRZ{Format: TD3, Lines: []string{one, two},
		DocumentCode: trim(one[:2]), Issuer: trim(one[2:5]), Number: trim(two[:9]),
		Nationality: trim(two[10:13]), Birth: two[13:19], Sex: trim(two[20:21]), Expiry: two[21:27], Optional: trim(two[28:42])}
	m.setNames(one[5:])
	m.Checks = MRZChecks{Number: checks(two[:9], two[9]), Birth: checks(m.Birth, two[19]), Expiry: checks(m.Expiry, two[27]),
		Personal: checks(two[28:42], two[42]), Composite: checks(two[:10]+two[13:20]+two[21:43], two[43])}
	return m
}

// setNumber puts a number together: where a filler stands in place of the check digit, the number goes on in the
// optional data up to the first filler, and the last character of that is the check digit (9303-5 §4.2.2 note j).
func (m *MRZ) setNumber(field string, digit byte, optional string) {
	m.Number, m.Optional = trim(field), trim(optional)
	m.Checks.Number = checks(field, digit)
	rest, _, _ := strings.Cut(optional, Filler)
	if digit != Filler[0] || rest == "" || strings.Contains(field, Filler) {
		return
	}
	last := len(rest) - 1
	m.Number, m.Optional = field+rest[:last], trim(optional[len(rest):])
	m.Checks.LongNumber, m.Checks.Number = true, checks(m.Number, rest[last])
}

func (m *MRZ) setNames(field string) {
	surname, given, _ := strings.Cut(field, Filler+Filler)
	m.Surname, m.GivenNames = spaced(surname), spaced(given)
}

func trim(s string) string { return strings.TrimRight(s, Filler) }

func spaced(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == rune(Filler[0]) }), " ")
}
