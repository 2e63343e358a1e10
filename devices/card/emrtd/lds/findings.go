package lds

import (
	"slices"
	"strings"
	"time"
)

// Finding is something in a file that the standard does not allow and that does not keep the file from being read: it
// is shown as it is, and whoever looks at the document is told. The words are fixed, English, and say nothing about the
// person.
type Finding string

// What Findings of an MRZ can be (9303-3 §4).
const (
	FindingDocumentCode  Finding = "the document code is of no known kind"
	FindingIssuer        Finding = "the issuing state is not three letters"
	FindingNationality   Finding = "the nationality is not three letters"
	FindingName          Finding = "the name is empty or has other characters than letters"
	FindingSex           Finding = "the sex is neither M nor F nor unspecified"
	FindingBirth         Finding = "the date of birth does not exist"
	FindingExpiry        Finding = "the date of expiry does not exist"
	FindingNumberCheck   Finding = "the check digit of the document number is wrong"
	FindingBirthCheck    Finding = "the check digit of the date of birth is wrong"
	FindingExpiryCheck   Finding = "the check digit of the date of expiry is wrong"
	FindingPersonalCheck Finding = "the check digit of the optional data is wrong"
	FindingComposite     Finding = "the composite check digit is wrong"
)

// What Findings of EF.COM can be (9303-10 §4.6.1).
const (
	FindingLDSVersion     Finding = "EF.COM names no version of the LDS that is known"
	FindingUnicodeVersion Finding = "EF.COM names another version of Unicode than 4.0.0"
	FindingNoGroup1       Finding = "EF.COM does not list DG1 and DG2, which every document has"
	FindingTags           Finding = "EF.COM lists tags of no data group"
)

// Findings is what is odd about the zone, in the order of the fields. A date of birth may be unknown in part, with
// fillers for day, month or year (9303-3 §4.8); a date of expiry may not.
func (m MRZ) Findings() []Finding {
	var out []Finding
	for _, f := range []struct {
		is   bool
		what Finding
	}{
		{!knownDocument(m), FindingDocumentCode},
		{!isState(m.Issuer), FindingIssuer},
		{!isState(m.Nationality), FindingNationality},
		{!isName(m.Surname, m.GivenNames), FindingName},
		{m.Sex != "" && m.Sex != "M" && m.Sex != "F", FindingSex},
		{!isDay(m.Birth, true), FindingBirth},
		{!isDay(m.Expiry, false), FindingExpiry},
		{!m.Checks.Number, FindingNumberCheck},
		{!m.Checks.Birth, FindingBirthCheck},
		{!m.Checks.Expiry, FindingExpiryCheck},
		{!m.Checks.Personal, FindingPersonalCheck},
		{!m.Checks.Composite, FindingComposite},
	} {
		if f.is {
			out = append(out, f.what)
		}
	}
	return out
}

// knownDocument: the first letter says the kind, P for passports, A, C and I for cards (9303-4 §4.2.2, 9303-5 §4.2.2).
func knownDocument(m MRZ) bool {
	kinds := "ACI"
	if m.Format == TD3 {
		kinds = "P"
	}
	return m.DocumentCode != "" && strings.Contains(kinds, m.DocumentCode[:1]) && onlyLetters(m.DocumentCode)
}

// isState: three letters, or fewer for the codes that 9303-3 §5 has of one ("D").
func isState(s string) bool { return s != "" && onlyLetters(s) }

func isName(surname, given string) bool {
	return surname != "" && onlyLetters(strings.ReplaceAll(surname+given, " ", ""))
}

func onlyLetters(s string) bool {
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// isDay: YYMMDD of a day that some century has. Parts that are fillers fit everything where inPart is set.
func isDay(date string, inPart bool) bool {
	const unknown = Filler + Filler
	if len(date) != len("YYMMDD") {
		return false
	}
	for at, stand := range []string{"04", "01", "01"} { // a leap year, and a month of 31 days
		part := date[2*at : 2*at+2]
		if inPart && part == unknown {
			date = date[:2*at] + stand + date[2*at+2:]
		}
	}
	// The century does not matter: a year that divides by four is a leap year in each that anybody lives in.
	t, err := time.Parse("060102", date)
	return err == nil && t.Format("060102") == date
}

// knownLDSVersions are those of 9303-10 table 37: 1.7 and, with the LDS version in EF.SOD, 1.8.
func knownLDSVersions() []string { return []string{"0107", "0108"} }

const unicodeVersion = "040000"

// Findings is what is odd about EF.COM.
func (c COM) Findings() []Finding {
	var out []Finding
	if !slices.Contains(knownLDSVersions(), c.LDSVersion) {
		out = append(out, FindingLDSVersion)
	}
	if c.UnicodeVersion != unicodeVersion {
		out = append(out, FindingUnicodeVersion)
	}
	if !c.Lists(1) || !c.Lists(2) {
		out = append(out, FindingNoGroup1)
	}
	known := 0
	for n := 1; n <= maxDataGroup; n++ {
		if c.Lists(n) {
			known++
		}
	}
	if known != len(c.Tags) {
		out = append(out, FindingTags)
	}
	return out
}
