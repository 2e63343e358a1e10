package cardsim

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Sizes of a TD1 machine readable zone (ICAO 9303-5 §4.2).
const (
	mrzLineLength  = 30
	mrzDayFormat   = "060102"
	mrzFiller      = "<"
	line2Optional  = 11
	checkDigitBase = 10
)

// MRZInformation is what the keys of BAC and of PACE with the MRZ are derived from (ICAO 9303-11 §9.7.2): document
// number, birth and expiry, each with its check digit.
func (p Persona) MRZInformation() string {
	birth, expiry := p.Birth.Format(mrzDayFormat), p.expiryMRZ()
	number := p.DocumentNumber()
	return number + checkDigit(number) + birth + checkDigit(birth) + expiry + checkDigit(expiry)
}

func (p Persona) expiryMRZ() string {
	if p.Expires.IsZero() {
		return noExpiryMRZ
	}
	return p.Expires.Format(mrzDayFormat)
}

// MRZ is the three lines on the card's back. The optional data of line 1 holds the whole number and, in its last place,
// a check digit over that number, which is Vietnam's own.
func (p Persona) MRZ() [3]string {
	number, birth, expiry := p.DocumentNumber(), p.Birth.Format(mrzDayFormat), p.expiryMRZ()
	line1 := "IDVNM" + number + checkDigit(number) + p.Number + "<<" + checkDigit(p.Number)
	birth += checkDigit(birth)
	expiry += checkDigit(expiry)
	optional := strings.Repeat(mrzFiller, line2Optional)
	composite := checkDigit(line1[5:] + birth + expiry + optional)
	return [3]string{line1, birth + string(rune(p.Sex)) + expiry + "VNM" + optional + composite, mrzName(p.Name)}
}

// checkDigit follows ICAO 9303-3 §4.9: weights 7, 3, 1.
func checkDigit(text string) string {
	sum := 0
	for i, c := range text {
		value := 0
		switch {
		case c >= '0' && c <= '9':
			value = int(c - '0')
		case c >= 'A' && c <= 'Z':
			value = int(c-'A') + checkDigitBase
		}
		sum += value * [...]int{7, 3, 1}[i%3]
	}
	return string(rune('0' + sum%checkDigitBase))
}

// mrzName puts the family name first (in Vietnamese it is the first word) and cuts what does not fit, so that the last
// character is a letter: it tells a reader that something was cut (ICAO 9303-3 §4.6, 9303-5 §4.2.3).
func mrzName(name string) string {
	words := strings.FieldsFunc(unaccented(name), func(r rune) bool { return r == ' ' || r == '-' })
	line := words[0] + "<<" + strings.Join(words[1:], mrzFiller)
	switch {
	case len(line) <= mrzLineLength:
		return line + strings.Repeat(mrzFiller, mrzLineLength-len(line))
	case line[mrzLineLength-1] != '<':
		return line[:mrzLineLength]
	}
	// The last place would be a filler: the letter before it gives way.
	return line[:mrzLineLength-2] + mrzFiller + line[mrzLineLength:mrzLineLength+1]
}

// unaccented gives the capital Latin letters without their marks (ICAO 9303-3 §6); apostrophes vanish.
func unaccented(text string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r == 'Đ':
			return 'D'
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToUpper(norm.NFC.String(text))))
	return plain
}
