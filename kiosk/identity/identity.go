// Package identity knows who stands at the counter, where each fact about that person comes from, and what was
// proven of it.
//
// A Person is a set of facts; a Source says who vouches for a fact; Evidence lists what was checked and how each check
// ended. Nothing here is a bare yes: a check passed, failed, was not possible, or was not made yet, each with a reason
// (the chip is believed only as far as it was proven). Texts that come in from outside, the card's QR code and the
// machine readable zone, are parsed here (ParseQR, ParseMRZ).
package identity

import "encoding/json"

// Source says who vouches for a fact.
type Source string

// The sources, best first.
const (
	FromChip     Source = "chip"     // read from the card's chip
	FromQR       Source = "qr"       // read from the QR code printed on the card: anybody can print one
	FromMRZ      Source = "mrz"      // read from the machine readable zone printed on the card
	FromOfficer  Source = "officer"  // entered by an officer
	FromTyped    Source = "typed"    // entered by the citizen
	FromComputed Source = "computed" // follows from other answers
)

// Sex as the card has it.
type Sex string

// The values that a Vietnamese card can carry. The zero value means that it is not known.
const (
	Male   Sex = "M"
	Female Sex = "F"
)

// Text is the word that Vietnamese forms print: Nam, Nữ, or nothing.
func (s Sex) Text() string {
	switch s {
	case Male:
		return "Nam"
	case Female:
		return "Nữ"
	}
	return ""
}

// Person is what is known of somebody. Texts are NFC. An empty field is not known; it never means "none".
type Person struct {
	Number      Number `json:"number,omitempty"`
	Name        string `json:"name,omitempty"`
	Birth       Date   `json:"birth,omitzero"`
	Sex         Sex    `json:"sex,omitempty"`
	Nationality string `json:"nationality,omitempty"`
	Ethnicity   string `json:"ethnicity,omitempty"`
	Religion    string `json:"religion,omitempty"`
	Origin      string `json:"origin,omitempty"`    // quê quán
	Residence   string `json:"residence,omitempty"` // nơi thường trú, as printed on the card (three tiers before 2025)
	Features    string `json:"features,omitempty"`  // đặc điểm nhận dạng
	Issued      Date   `json:"issued,omitzero"`
	Expires     Expiry `json:"expires,omitzero"`
	Father      string `json:"father,omitempty"`
	Mother      string `json:"mother,omitempty"`
	Spouse      string `json:"spouse,omitempty"`
	OldNumber   string `json:"old_number,omitempty"` // số CMND
}

// Tagged is by what a person's filings are found again without a name (seal.Tagger): the number, and the day of birth, of which the number has
// only the year, so that there are 365 times as many to try for whoever has a stolen disk. Empty without a number.
func (p Person) Tagged() string {
	if p.Number == "" {
		return ""
	}
	return string(p.Number) + " " + p.Birth.String()
}

// Photo is the portrait from DG2.
type Photo struct {
	Type   string // media type: image/jpeg, image/jp2
	Data   []byte // the file as it was on the chip
	Width  int    // pixels; 0 if not known
	Height int
}

// Outcome is how a check ended. There is no plain true or false: what could not be checked is neither.
type Outcome string

// The outcomes.
const (
	Passed      Outcome = "passed"
	Failed      Outcome = "failed"
	NotPossible Outcome = "not-possible" // the card or the machine does not have what the check needs
	NotYet      Outcome = "not-yet"      // the check was not made
)

// The names of checks, as they stand in JSON and in the store.
const (
	CheckAccess     = "access"                 // PACE or BAC: whoever laid the card down also has what is printed on it
	CheckDataGroups = "data-groups"            // the data groups have the hashes that EF.SOD lists
	CheckPassive    = "passive-authentication" // EF.SOD is signed by the state that issued the card (9303-11 §5.1)
	CheckChip       = "chip-authentication"    // the chip has the private key of DG14: no clone (9303-11 §6.2)
	CheckActive     = "active-authentication"  // the chip has the private key of DG15: no clone (9303-11 §6.1)
	CheckNumber     = "number-consistency"     // QR, MRZ, DG1 and DG13 name the same person
)

// Check is one thing that was, or was not, verified.
type Check struct {
	Name    string  `json:"check"`
	Outcome Outcome `json:"outcome"`
	Cause   string  `json:"cause,omitempty"`  // why it did not pass, in one word that stays the same
	Reason  string  `json:"reason,omitempty"` // a sentence without personal data
}

// Evidence is what is known about how far a Person may be believed.
type Evidence struct {
	Source Source  `json:"source"`           // the best source that the facts come from
	Access string  `json:"access,omitempty"` // PACE-CAN, PACE-MRZ or BAC; empty without a chip
	Checks []Check `json:"checks,omitempty"`
	// Notes are for the officer: what passed and is below today's measure, or was odd.
	Notes []string `json:"notes,omitempty"`
	// Differences are facts on which parts of the card do not agree.
	Differences []Difference `json:"differences,omitempty"`
	// Proof is all that is needed to make the checks again without the card, as the device wrote it (vncard.Proof). It
	// holds what the chip says of its holder.
	Proof json.RawMessage `json:"proof,omitempty"`
	// NoChip says why there is no chip behind the facts, as a fault code; empty if there is one.
	NoChip string `json:"no_chip,omitempty"`
}

// Outcome is how the named check ended; NotYet if it is not on the list.
func (e Evidence) Outcome(name string) Outcome {
	for _, c := range e.Checks {
		if c.Name == name {
			return c.Outcome
		}
	}
	return NotYet
}

// AnyFailed reports whether a check failed, which the officer must see.
func (e Evidence) AnyFailed() bool {
	for _, c := range e.Checks {
		if c.Outcome == Failed {
			return true
		}
	}
	return false
}
