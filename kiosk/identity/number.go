package identity

import "errors"

// ErrNumber: not twelve digits.
var ErrNumber = errors.New("identity: a personal number has twelve digits")

// Number is a Vietnamese personal number (số định danh cá nhân): twelve digits. Law 26/2023 article 12 promises no
// more than that, so nothing else is ever a reason to refuse one.
type Number string

// numberDigits is the length of a personal number.
const numberDigits = 12

// ParseNumber accepts twelve ASCII digits; ErrNumber otherwise.
func ParseNumber(s string) (Number, error) {
	if len(s) != numberDigits {
		return "", ErrNumber
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return "", ErrNumber
		}
	}
	return Number(s), nil
}

// Masked is the number as a screen that others can see shows it: 099******017.
func (n Number) Masked() string {
	if len(n) != numberDigits {
		return ""
	}
	return string(n[:3]) + "******" + string(n[9:])
}

// Tail is the last three digits, by which people know which card is meant.
func (n Number) Tail() string {
	if len(n) != numberDigits {
		return ""
	}
	return string(n[9:])
}

// Suggests is what the digits say by the scheme that was in force when most numbers were given (Circular 59/2021,
// lapsed 1 July 2024): century and sex in the fourth digit, year of birth in the two after it. It is a hint for a
// warning, never a ground to refuse.
func (n Number) Suggests() (sex Sex, year int, ok bool) {
	if len(n) != numberDigits {
		return "", 0, false
	}
	code := int(n[3] - '0')
	sex = Male
	if code%2 == 1 {
		sex = Female
	}
	return sex, 1900 + code/2*100 + int(n[4]-'0')*10 + int(n[5]-'0'), true
}
