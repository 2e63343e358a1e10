package vncard

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"motcua/devices/card/emrtd"
)

// CheckName is stable: logs, JSON and filings carry it.
type CheckName string

// The checks of a reading, in the order of Card.Checks.
const (
	CheckAccess     CheckName = "access"                 // opened, and as strongly as the chip can
	CheckDataGroups CheckName = "data-groups"            // what was read has the hashes that EF.SOD lists
	CheckPassive    CheckName = "passive-authentication" // EF.SOD is signed by an issuer that is trusted
	CheckChip       CheckName = "chip-authentication"    // the chip has the private key of DG14
	CheckActive     CheckName = "active-authentication"  // the chip has the private key of DG15
	CheckNumber     CheckName = "number-consistency"     // DG1, DG13 and the request name one number
)

// Outcome of a check. Only Passed is a proof.
type Outcome string

// The outcomes.
const (
	Passed      Outcome = "passed"
	Failed      Outcome = "failed"
	NotPossible Outcome = "not-possible" // what it needs is not there
	NotYet      Outcome = "not-yet"      // this program does not do it
)

// Check is one finding. Reason is for logs and officers: English, without personal data, and may be empty.
type Check struct {
	Name    CheckName
	Outcome Outcome
	Reason  string
}

func (r *reader) checks() []Check {
	const later = "this program does not check it yet"
	return []Check{
		r.checkAccess(),
		r.checkDataGroups(),
		{CheckPassive, NotYet, later},
		{CheckChip, NotYet, later},
		{CheckActive, NotYet, later},
		r.checkNumber(),
	}
}

// checkAccess finds a downgrade: BAC although the chip's own DG14 offers PACE (9303-11 §4.2). EF.CardAccess itself is
// not signed; its entries have to stand in DG14 too (9303-11 §9.2).
func (r *reader) checkAccess() Check {
	c := Check{CheckAccess, Passed, string(r.card.Access)}
	offersPACE := len(r.card.Infos.PACE()) > 0
	if r.card.Access == BAC && offersPACE {
		return Check{CheckAccess, Failed, "opened with BAC although DG14 offers PACE"}
	}
	if r.card.Infos == nil || r.cardAccess == nil {
		return c
	}
	for _, info := range r.cardAccess {
		if !r.card.Infos.Contains(info.Raw) {
			c.Reason += "; EF.CardAccess says something that DG14 does not: " + info.OID
		}
	}
	return c
}

// checkDataGroups compares hash values. That EF.SOD itself is genuine is another check's question.
func (r *reader) checkDataGroups() Check {
	if r.sod == nil {
		return Check{CheckDataGroups, NotPossible, "EF.SOD could not be read"}
	}
	var faults []string
	for _, f := range r.card.Damaged {
		faults = append(faults, f.String()+" is damaged")
	}
	for _, f := range r.card.Refused {
		if r.listed(f) {
			faults = append(faults, "the chip does not give "+f.String())
		}
	}
	var matching []string
	for _, f := range []emrtd.File{emrtd.DG1, emrtd.DG2, emrtd.DG13, emrtd.DG14, emrtd.DG15} {
		raw := r.card.Files[f]
		if raw == nil {
			continue
		}
		switch match, listed := r.sod.Matches(int(f), raw); {
		case !listed:
			faults = append(faults, f.String()+" is not in EF.SOD")
		case !match:
			faults = append(faults, f.String()+" differs from its hash in EF.SOD")
		default:
			matching = append(matching, f.String())
		}
	}
	if len(faults) > 0 {
		sort.Strings(faults)
		return Check{CheckDataGroups, Failed, strings.Join(faults, "; ")}
	}
	return Check{CheckDataGroups, Passed, fmt.Sprintf("%s: %s", r.sod.Hash, strings.Join(matching, ", "))}
}

// checkNumber compares the number in DG1's optional data, DG1's document number, DG13 and the request. That the
// request differs from DG1 has ended the reading already.
func (r *reader) checkNumber() Check {
	c := r.card
	sources := 0
	if r.keys.number != "" {
		sources++
	}
	if c.MRZ != nil {
		sources++
		if !c.MRZ.Checks.All() {
			return Check{CheckNumber, Failed, "check digits of DG1 are wrong"}
		}
		if c.Number != "" && c.MRZ.Number != c.Number[numberLength-documentLength:] {
			return Check{CheckNumber, Failed, "document number and personal number of DG1 differ"}
		}
		if c.Access != PACECAN && !slices.Contains(r.keys.information, c.MRZ.Information()) {
			return Check{CheckNumber, Failed, "DG1 is not the MRZ that opens the chip"}
		}
	}
	if c.DG13 != nil && !c.DG13.Opaque && c.DG13.Number != "" {
		sources++
		if c.DG13.Number != c.Number {
			return Check{CheckNumber, Failed, "DG1 and DG13 name different numbers"}
		}
	}
	if sources < 2 || c.Number == "" {
		return Check{CheckNumber, NotPossible, "fewer than two sources name a number"}
	}
	return Check{CheckNumber, Passed, ""}
}
