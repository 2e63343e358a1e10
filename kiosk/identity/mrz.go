package identity

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Errors of ParseMRZ; they hold nothing of what was read.
var (
	// ErrMRZ: not the machine readable zone of a Vietnamese ID card.
	ErrMRZ = errors.New("identity: not the machine readable zone of a Vietnamese card")
	// ErrMRZCheck: it has the form, but a check digit does not fit: misread or mistyped.
	ErrMRZCheck = errors.New("identity: a check digit of the machine readable zone does not fit")
)

// Layout of TD1, ICAO 9303-5 §4.2.2, and what Vietnam makes of it: the document number is the last nine digits of the
// personal number, all twelve of which stand in the optional data of line 1 with a check digit of their own at its end.
const (
	mrzLine     = 30  // characters
	mrzLines    = 3   // the last one, the name, may be missing
	mrzFiller   = "<" //
	mrzIssuer   = "VNM"
	mrzNoExpiry = "991231" // stands for a card without expiry
	century     = 100
)

// ParseMRZ reads the three lines on the back of a card, or the first two, which open the chip as well. Small letters
// and spaces are accepted. The result has Number, Birth, Sex, Expires, Nationality (Việt Nam, or the code of another
// state) and, if the third line is there, Name in capitals without marks, which is no spelling for a form. A birth whose
// day or month is unknown (fillers, 9303-3 §4.8) is left out. ErrMRZ or ErrMRZCheck otherwise.
func ParseMRZ(lines []string) (Person, error) {
	one, two, three, err := mrzSplit(lines)
	if err != nil {
		return Person{}, err
	}
	number, err := mrzNumber(one)
	if err != nil {
		return Person{}, err
	}
	birth, sex, expiry := two[0:6], two[7:8], two[8:14]
	composite := one[5:30] + two[0:7] + two[8:15] + two[18:29]
	for _, check := range []struct {
		text  string
		digit byte
	}{{one[5:14], one[14]}, {birth, two[6]}, {expiry, two[14]}, {composite, two[29]}} {
		if mrzDigit(check.text) != check.digit {
			return Person{}, ErrMRZCheck
		}
	}
	p := Person{Number: number, Nationality: mrzNationality(two[15:18]), Name: mrzName(three)}
	if p.Expires, err = mrzExpiry(expiry); err != nil {
		return Person{}, err
	}
	if p.Birth, err = mrzBirth(birth, number, p.Expires); err != nil {
		return Person{}, err
	}
	switch sex {
	case "M":
		p.Sex = Male
	case "F":
		p.Sex = Female
	case mrzFiller:
	default:
		return Person{}, ErrMRZ
	}
	return p, nil
}

// mrzSplit cleans the lines and refuses what cannot be a TD1 of Vietnam. Line three is empty if it was not given.
func mrzSplit(lines []string) (one, two, three string, err error) {
	if len(lines) != mrzLines && len(lines) != mrzLines-1 {
		return "", "", "", ErrMRZ
	}
	clean := make([]string, mrzLines)
	for i, line := range lines {
		if len(line) > 2*mrzLine {
			return "", "", "", ErrMRZ
		}
		clean[i] = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(line), " ", ""))
		if len(clean[i]) != mrzLine || strings.Trim(clean[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<") != "" {
			return "", "", "", ErrMRZ
		}
	}
	one, two, three = clean[0], clean[1], clean[2]
	if one[0] != 'I' || one[2:5] != mrzIssuer {
		return "", "", "", ErrMRZ
	}
	return one, two, three, nil
}

// mrzNumber reads the personal number from line 1. Its own check digit is Vietnam's addition and may be a filler.
func mrzNumber(one string) (Number, error) {
	number, err := ParseNumber(one[15:27])
	if err != nil {
		return "", ErrMRZ
	}
	if one[5:14] != string(number[3:]) {
		return "", ErrMRZCheck
	}
	if extra := one[29:30]; extra != mrzFiller && extra[0] != mrzDigit(string(number)) {
		return "", ErrMRZCheck
	}
	return number, nil
}

// mrzDigit is the check digit of text, 9303-3 §4.9: weights 7, 3, 1, modulo 10; A is 10, the filler is 0.
func mrzDigit(text string) byte {
	weights := [...]int{7, 3, 1}
	sum := 0
	for i := range len(text) {
		value := 0
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			value = int(c - '0')
		case c >= 'A' && c <= 'Z':
			value = int(c-'A') + 10
		}
		sum += value * weights[i%len(weights)]
	}
	return byte('0' + sum%10)
}

// mrzNationality is the word that forms and DG13 have for the code.
func mrzNationality(code string) string {
	if code == mrzIssuer {
		return "Việt Nam"
	}
	return strings.TrimRight(code, mrzFiller)
}

// mrzExpiry reads yymmdd of this century. 29 February of a year that has none, as a card may say whose holder was born
// on that day, is the month's last day (Civil Code 2015 article 148).
func mrzExpiry(s string) (Expiry, error) {
	if s == mrzNoExpiry {
		return Expiry{Never: true}, nil
	}
	if year, err := strconv.Atoi(s[:2]); err == nil && s[2:] == "0229" && year%4 != 0 {
		s = s[:2] + "0228"
	}
	d, err := ParseDate("20" + s[:2] + "-" + s[2:4] + "-" + s[4:])
	if err != nil {
		return Expiry{}, ErrMRZ
	}
	return Expiry{Date: d}, nil
}

// mrzBirth reads yymmdd. The century comes from the number, where its digits speak of the same year; else it is the
// present one if that is before the card's expiry. Cards of the old have no expiry, so they were born in the last.
func mrzBirth(s string, number Number, expires Expiry) (Date, error) {
	if strings.Contains(s, mrzFiller) {
		return Date{}, nil
	}
	short, err := strconv.Atoi(s[:2])
	if err != nil {
		return Date{}, ErrMRZ
	}
	year := 2000 + short
	if expires.Never || year >= expires.Date.Year {
		year -= century
	}
	if _, said, ok := number.Suggests(); ok && said%century == short {
		year = said
	}
	d, err := ParseDate(fmt.Sprintf("%04d-%s-%s", year, s[2:4], s[4:]))
	if err != nil {
		return Date{}, ErrMRZ
	}
	return d, nil
}

// mrzName reads line 3, 9303-3 §4.6: family name, two fillers, the others; in the order in which Vietnamese names are written.
func mrzName(line string) string {
	return strings.Join(strings.FieldsFunc(line, func(r rune) bool { return r == '<' }), " ")
}
