package form

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

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
)

var rules = []Rule{RuleNone, RuleName, RuleNumber, RulePhone, RuleBirth, RuleAddress, RulePeriod}

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
	// ProblemNumberYear: the digits of the number suggest another year of birth. Never blocking.
	ProblemNumberYear = "number-year"
)

// ProblemCodes lists the codes of all problems.
func ProblemCodes() []string {
	return []string{ProblemRequired, ProblemTooLong, ProblemName, ProblemNumber, ProblemPhone, ProblemDate, ProblemFuture,
		ProblemTooOld, ProblemAddress, ProblemPeriod, ProblemChoice, ProblemNumberYear}
}

// Clean is a typed text as it is kept: composed letters (NFC), single spaces, none at the ends.
func Clean(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// Verify checks one value of a field in a case; today is for dates. An empty value is only a problem if the field is
// required. Text is left empty: the words are in assets/text.
func (f Field) Verify(kase, value string, today identity.Date) []Problem {
	value = Clean(value)
	switch {
	case value == "" && f.Required:
		return f.problem(ProblemRequired)
	case value == "":
		return nil
	case utf8.RuneCountInString(value) > f.MaxLen():
		return f.problem(ProblemTooLong)
	case f.Kind == Choice && !f.offers(kase, value):
		return f.problem(ProblemChoice)
	}
	return f.problem(f.Check.verify(value, today))
}

func (f Field) offers(kase, value string) bool {
	_, ok := f.ByValue(kase, value)
	return ok
}

func (f Field) problem(code string) []Problem {
	if code == "" {
		return nil
	}
	return []Problem{{Field: f.ID, Code: code, Blocking: true}}
}

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
