package form

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"motcua/kiosk/identity"
)

// Rule says what a value has to look like.
type Rule string

// The rules.
const (
	RuleNone    Rule = ""
	RuleName    Rule = "name"    // letters of any Vietnamese people, spaces, apostrophe, hyphen
	RuleNumber  Rule = "number"  // twelve digits
	RulePhone   Rule = "phone"   // ten digits, the first a zero
	RuleBirth   Rule = "birth"   // a day in a lifetime
	RuleAddress Rule = "address" // letters, digits and what stands in addresses
	RulePeriod  Rule = "period"  // months, at most MaxMonths
	RuleDate    Rule = "date"    // a day
	RulePast    Rule = "past"    // a day not after today
	RuleEmail   Rule = "email"
	RulePlate   Rule = "plate"   // of a vehicle: letters, digits, dots, hyphens
	RuleDossier Rule = "dossier" // a dossier code of the national portal, which alone gives them
)

var rules = []Rule{RuleNone, RuleName, RuleNumber, RulePhone, RuleBirth, RuleAddress, RulePeriod, RuleDate, RulePast, RuleEmail,
	RulePlate, RuleDossier}

// MaxMonths is the longest temporary residence (Law on Residence article 27: two years).
const MaxMonths = 24

// phoneDigits is the length of a mobile number; lifetime is the age in years beyond which a birth date is a mistake.
const phoneDigits, lifetime = 10, 125

// The codes of problems; assets/text has the words under problem.<code>.
const (
	ProblemRequired = "required"
	ProblemTooLong  = "too-long"
	ProblemName     = "name"
	ProblemNumber   = "number"
	ProblemPhone    = "phone"
	ProblemDate     = "date"
	ProblemFuture   = "future-date"
	ProblemTooOld   = "too-old"
	ProblemAddress  = "address"
	ProblemPeriod   = "period"
	ProblemChoice   = "choice"
	ProblemWhole    = "whole"     // no whole number
	ProblemTooSmall = "too-small" // a number under its bound
	ProblemTooLarge = "too-large" // a number over its bound
	ProblemFewRows  = "few-rows"
	ProblemManyRows = "many-rows"
	ProblemRow      = "row"   // a row of a group lacks something
	ProblemTwice    = "twice" // the same personal number in two rows
	ProblemEmail    = "email"
	ProblemPlate    = "plate"
	ProblemDossier  = "dossier"
	// ProblemDistrict: a typed address names a district, of which there are none since July 2025. Never blocking.
	ProblemDistrict = "district"
	// ProblemProvince: a typed address names a province that is part of another since July 2025. Never blocking; the
	// session says which.
	ProblemProvince = "province"
	// ProblemNumberYear: the digits of the number suggest another year of birth. Never blocking.
	ProblemNumberYear = "number-year"
)

// ProblemCodes lists the codes of all problems.
func ProblemCodes() []string {
	return []string{ProblemRequired, ProblemTooLong, ProblemName, ProblemNumber, ProblemPhone, ProblemDate, ProblemFuture,
		ProblemTooOld, ProblemAddress, ProblemPeriod, ProblemChoice, ProblemNumberYear, ProblemWhole, ProblemTooSmall, ProblemTooLarge,
		ProblemFewRows, ProblemManyRows, ProblemRow, ProblemTwice, ProblemEmail, ProblemPlate, ProblemDossier, ProblemDistrict, ProblemProvince}
}

// Clean is a typed text as it is kept: composed letters (NFC), single spaces, none at the ends.
func Clean(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// verify gives the code of what is wrong with a value that is not empty, or "".
func (r Rule) verify(value string, today identity.Date) string {
	switch r {
	case RuleName:
		return unless(isName(value), ProblemName)
	case RuleNumber:
		_, err := identity.ParseNumber(value)
		return unless(err == nil, ProblemNumber)
	case RulePhone:
		return unless(digits(value) && len(value) == phoneDigits && value[0] == '0', ProblemPhone)
	case RuleBirth:
		return verifyBirth(value, today)
	case RuleAddress:
		return unless(isAddress(value), ProblemAddress)
	case RulePeriod:
		months, err := strconv.Atoi(value)
		return unless(err == nil && months > 0 && months <= MaxMonths, ProblemPeriod)
	case RuleDate, RulePast:
		return verifyDay(value, r == RulePast, today)
	case RuleEmail:
		return unless(email.MatchString(value), ProblemEmail)
	case RulePlate:
		return unless(plate.MatchString(value), ProblemPlate)
	case RuleDossier:
		return unless(dossier.MatchString(value), ProblemDossier)
	}
	return ""
}

// The shapes of what has one. The dossier code is that of the national portal: unit, day of receipt, number of the day.
var (
	email   = regexp.MustCompile(`^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]{2,}$`)
	plate   = regexp.MustCompile(`^[0-9]{2}[ -]?[A-Za-zĐđ0-9]{1,2}[ -]?[0-9]{0,1}[ -]?[0-9]{3}\.?[0-9]{1,2}$`)
	dossier = regexp.MustCompile(`^(?:000\.00\.\d{2}\.)?[GH]\d{2}(?:\.\d{2,3})*-\d{6}-\d{4,7}$`)
)

// district is the word for a level of places that is gone.
var district = regexp.MustCompile(`(?i)(^|[ ,.])(huyện|thị xã|quận|thị trấn)[ .]`)

// ValidDossier reports whether a text is a dossier code of the national portal: H25.12.03-261125-0047.
func ValidDossier(text string) bool { return dossier.MatchString(text) }

func verifyDay(value string, past bool, today identity.Date) string {
	d, err := identity.ParseDate(value)
	switch {
	case err != nil:
		return ProblemDate
	case past && today.Before(d):
		return ProblemFuture
	}
	return ""
}

func unless(ok bool, code string) string {
	if ok {
		return ""
	}
	return code
}

func verifyBirth(value string, today identity.Date) string {
	d, err := identity.ParseDate(value)
	switch {
	case err != nil:
		return ProblemDate
	case today.Before(d):
		return ProblemFuture
	case d.Year < today.Year-lifetime:
		return ProblemTooOld
	}
	return ""
}

// isName accepts the names of all peoples of Vietnam: H’Nuôn Kbŭôr, Thạch Sa Mươl, Nguyễn-Lê.
func isName(s string) bool {
	letters := 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsMark(r), strings.ContainsRune(" '’-.", r):
		default:
			return false
		}
	}
	return letters > 0
}

// isAddress wants a letter or digit and nothing that no address has.
func isAddress(s string) bool {
	named := false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			named = true
		case unicode.IsMark(r), strings.ContainsRune(" '’-.,/()+", r):
		default:
			return false
		}
	}
	return named
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
