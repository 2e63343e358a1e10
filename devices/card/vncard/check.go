package vncard

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/aa"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
)

// CheckName is stable: logs, JSON and filings carry it.
type CheckName string

// The checks of a reading, in the order of Card.Checks.
const (
	CheckAccess     CheckName = "access"                 // opened, and as strongly as the chip can
	CheckDataGroups CheckName = "data-groups"            // what was read has the hashes that EF.SOD lists
	CheckPassive    CheckName = "passive-authentication" // EF.SOD is signed by an issuer that is trusted
	CheckChip       CheckName = "chip-authentication"    // the chip has the private key of DG14, or of EF.CardSecurity
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
)

// Cause says why a check did not pass, for ever in the same word. Those of passive authentication are pki's.
type Cause string

// The causes that are not pki's.
const (
	CauseDowngraded  Cause = "downgraded"   // DG14 offers PACE, the plain phase hid it
	CauseAltered     Cause = "altered"      // EF.CardAccess says something that DG14 does not
	CauseMissing     Cause = "missing"      // a file that it needs was not read
	CauseDamaged     Cause = "damaged"      // a file that it needs makes no sense
	CauseHash        Cause = "hash-differs" // a data group is not what was signed
	CauseNotListed   Cause = "not-listed"   // a data group that nobody vouches for
	CauseNotOffered  Cause = "not-offered"  // the chip does not do it
	CauseRefused     Cause = "refused"      // the chip offers it and does not do it
	CauseUnsupported Cause = "unsupported"  // this program cannot do it
	CauseCloned      Cause = "cloned"       // the chip has not the private key
	CauseNotVouched  Cause = "not-vouched"  // it holds, for a key that nobody vouches for
	CauseNumbers     Cause = "numbers-differ"
	CauseSkipped     Cause = "skipped"  // something before it was contradicted
	CauseUnproven    Cause = "unproven" // it was agreed on new keys, and no answer came under them
)

// Check is one finding. Reason is for logs and officers: English, without personal data, and may be empty.
type Check struct {
	Name    CheckName
	Outcome Outcome
	Cause   Cause
	Reason  string
}

// examination makes the checks over a card that was read, now or years ago.
type examination struct {
	card  *Card
	trust pki.Trust
	at    time.Time
	asked string // the number that was asked for; "" if none was
	sod   *pki.Object

	groups, passive Check // made first, because others hang on them
}

func (e *examination) run() {
	e.groups = e.checkDataGroups()
	e.passive = e.checkPassive()
	e.card.Checks = []Check{
		e.checkAccess(), e.groups, e.passive, e.checkChip(), e.checkActive(), e.checkNumber(),
	}
	e.noteFindings()
}

// noteFindings notes what is odd in files that can be read all the same.
func (e *examination) noteFindings() {
	findings := lds.PortraitFindings(e.card.Files[emrtd.DG2])
	if e.card.MRZ != nil {
		findings = append(e.card.MRZ.Findings(), findings...)
	}
	for _, f := range findings {
		e.card.Notes = append(e.card.Notes, string(f))
	}
}

// checkAccess finds a downgrade: BAC although the chip's own DG14 offers PACE (9303-11 §4.2). EF.CardAccess itself is
// not signed; its entries have to stand in DG14 too (9303-11 §9.2).
func (e *examination) checkAccess() Check {
	c := Check{Name: CheckAccess, Outcome: Passed, Reason: string(e.card.Access)}
	infos := e.card.Infos
	if e.card.Access == BAC && len(infos.PACE()) > 0 {
		return Check{CheckAccess, Failed, CauseDowngraded, "opened with BAC although DG14 offers PACE"}
	}
	plain, err := lds.ParseCardAccess(e.card.Files[emrtd.CardAccess])
	if err == nil && e.hiddenPACE(plain) {
		return Check{CheckAccess, Failed, CauseAltered, "EF.CardSecurity offers a PACE that EF.CardAccess does not"}
	}
	if infos == nil || err != nil {
		return c
	}
	for _, info := range plain {
		if infos.Contains(info.Raw) {
			continue
		}
		c.Cause = CauseAltered
		c.Reason += "; EF.CardAccess says something that DG14 does not: " + info.OID
		if _, pace := lds.NewPACEInfo(info.OID, 0); pace {
			c.Outcome = Failed
		}
	}
	return c
}

// hiddenPACE says whether the signed EF.CardSecurity, where a chip has one, offers a PACE that EF.CardAccess keeps quiet
// about: somebody may have taken the stronger offer away. The other way round is for unsigned.
func (e *examination) hiddenPACE(plain lds.SecurityInfos) bool {
	o, err := pki.OpenCardSecurity(e.card.Files[emrtd.CardSecurity])
	if err != nil {
		return false // or nothing to compare with; checkChip says what is wrong with the file
	}
	signed, err := lds.ParseCardAccess(o.Infos)
	return err == nil && slices.ContainsFunc(signed, func(info lds.SecurityInfo) bool {
		_, pace := lds.NewPACEInfo(info.OID, 0)
		return pace && !plain.Contains(info.Raw)
	})
}

// checkDataGroups compares hash values. That EF.SOD itself is genuine is another check's question.
func (e *examination) checkDataGroups() Check {
	if e.sod == nil {
		if e.card.Files[emrtd.SOD] != nil {
			return Check{CheckDataGroups, Failed, CauseDamaged, "EF.SOD makes no sense"}
		}
		return Check{CheckDataGroups, NotPossible, CauseMissing, "EF.SOD could not be read"}
	}
	var faults []string
	var cause Cause
	blame := func(c Cause, text string) {
		if cause == "" || c == CauseHash {
			cause = c
		}
		faults = append(faults, text)
	}
	for _, f := range e.card.Damaged {
		if !e.vouched(f) { // one that is as it was signed may only be of a kind that this program does not know
			blame(CauseDamaged, f.String()+" is damaged")
		}
	}
	for _, f := range e.card.Refused {
		if _, listed := e.sod.Security.Hashes[int(f)]; listed {
			blame(CauseMissing, "the chip does not give "+f.String())
		}
	}
	var matching []string
	for _, f := range []emrtd.File{emrtd.DG1, emrtd.DG2, emrtd.DG13, emrtd.DG14, emrtd.DG15} {
		raw := e.card.Files[f]
		if raw == nil {
			continue
		}
		switch step := e.sod.CheckGroup(int(f), raw); step.Cause {
		case pki.CauseNotListed:
			blame(CauseNotListed, f.String()+" is not in EF.SOD")
		case pki.CauseHash:
			blame(CauseHash, f.String()+" differs from its hash in EF.SOD")
		default:
			matching = append(matching, f.String())
		}
	}
	if len(faults) > 0 {
		sort.Strings(faults)
		return Check{CheckDataGroups, Failed, cause, strings.Join(faults, "; ")}
	}
	return Check{CheckDataGroups, Passed, "", fmt.Sprintf("%s: %s", e.sod.Security.Hash, strings.Join(matching, ", "))}
}

// checkPassive asks who signed EF.SOD.
func (e *examination) checkPassive() Check {
	if e.sod == nil {
		return Check{CheckPassive, e.groups.Outcome, e.groups.Cause, e.groups.Reason}
	}
	country := ""
	if e.card.MRZ != nil {
		country = e.card.MRZ.Issuer
	}
	report := e.sod.Check(e.trust, e.at, country)
	e.card.Notes = append(e.card.Notes, report.Notes...)
	if step, failed := report.Failed(); failed {
		return Check{CheckPassive, Outcome(step.Outcome), Cause(step.Cause), step.Name + ": " + step.Reason}
	}
	return Check{CheckPassive, Passed, "", report.Issuer.Subject.String()}
}

// vouched says whether a data group is what EF.SOD lists: a key in it proves nothing otherwise.
func (e *examination) vouched(f emrtd.File) bool {
	raw := e.card.Files[f]
	return e.sod != nil && raw != nil && e.sod.CheckGroup(int(f), raw).Outcome == pki.Passed
}

// checkChip asks whether the chip has the private key of DG14 (9303-11 §6.2), or that of EF.CardSecurity, which PACE
// with the chip authentication mapping shows.
func (e *examination) checkChip() Check {
	p := e.card.Proof
	switch {
	case p.NotGenuine:
		return Check{CheckChip, Failed, CauseCloned, "the chip does not know the private key of DG14"}
	case p.Chip.Proven():
		return e.checkChipProof(p.Chip)
	case p.Chip != nil:
		return Check{CheckChip, NotPossible, CauseUnproven, "no answer came under the new keys"}
	case p.Mapping != nil:
		return e.checkMapping(p.Mapping)
	case p.Skipped:
		return Check{CheckChip, NotPossible, CauseSkipped, "the reading ended before"}
	case p.ChipRefused:
		return Check{CheckChip, NotPossible, CauseRefused, "the chip does not run chip authentication"}
	case e.card.Files[emrtd.DG14] == nil:
		return Check{CheckChip, NotPossible, CauseNotOffered, "there is no DG14"}
	}
	keys, err := e.card.Infos.ChipKeys()
	switch {
	case err != nil:
		return Check{CheckChip, NotPossible, CauseUnsupported, err.Error()}
	case len(keys) == 0:
		return Check{CheckChip, NotPossible, CauseNotOffered, "DG14 has no key for it"}
	}
	return Check{CheckChip, NotPossible, CauseSkipped, "the reading ended before"}
}

func (e *examination) checkChipProof(p *emrtd.ChipProof) Check {
	keys, err := e.card.Infos.ChipKeys()
	if err != nil {
		return Check{CheckChip, NotPossible, CauseUnsupported, err.Error()}
	}
	err = emrtd.ErrProof
	for _, k := range keys {
		if k.Protocol == p.Protocol {
			if err = emrtd.VerifyChipProof(p, k); err == nil {
				break
			}
		}
	}
	switch {
	case err != nil:
		return Check{CheckChip, Failed, CauseCloned, err.Error()}
	case !e.vouched(emrtd.DG14):
		return Check{CheckChip, NotPossible, CauseNotVouched, "the chip has the key of DG14, for which nobody vouches"}
	}
	return Check{CheckChip, Passed, "", p.Protocol}
}

func (e *examination) checkMapping(m *emrtd.ChipMapping) Check {
	raw := e.card.Files[emrtd.CardSecurity]
	if raw == nil {
		return Check{CheckChip, NotPossible, CauseMissing, "EF.CardSecurity could not be read"}
	}
	report, keys, err := pki.CheckCardSecurity(raw, e.trust, e.at, "")
	if err != nil {
		return Check{CheckChip, NotPossible, CauseDamaged, err.Error()}
	}
	err = emrtd.ErrNotGenuine
	for _, k := range keys {
		if err = m.Verify(k.Key); err == nil {
			break
		}
	}
	if err != nil {
		return Check{CheckChip, Failed, CauseCloned, err.Error()}
	}
	// Where nobody is known who vouches for EF.SOD, EF.CardSecurity need not be better. Else a copy could bring its own.
	step, failed := report.Failed()
	if alike := step.Cause == pki.CauseIssuerUnknown && e.passive.Cause == Cause(step.Cause); failed && !alike {
		return Check{CheckChip, NotPossible, CauseNotVouched, "EF.CardSecurity: " + step.Name + ": " + step.Reason}
	}
	if oid := e.unsigned(raw); oid != "" {
		return Check{CheckChip, Failed, CauseAltered, "EF.CardAccess says something that EF.CardSecurity does not: " + oid}
	}
	return Check{CheckChip, Passed, "", "PACE with chip authentication mapping"}
}

// unsigned is the identifier of an entry of EF.CardAccess that EF.CardSecurity does not have, "" if there is none: it is the
// signed copy of it (9303-11 §9.2.12).
func (e *examination) unsigned(cardSecurity []byte) string {
	plain, err := lds.ParseCardAccess(e.card.Files[emrtd.CardAccess])
	if err != nil {
		return ""
	}
	o, err := pki.OpenCardSecurity(cardSecurity)
	if err != nil {
		return ""
	}
	signed, err := lds.ParseCardAccess(o.Infos)
	for _, info := range plain {
		if err != nil || !signed.Contains(info.Raw) {
			return info.OID
		}
	}
	return ""
}

// checkActive asks whether the chip signed our challenge with the key of DG15 (9303-11 §6.1).
func (e *examination) checkActive() Check {
	p := e.card.Proof
	switch {
	case p.Skipped:
		return Check{CheckActive, NotPossible, CauseSkipped, "the reading ended before"}
	case p.ActiveRefused:
		return Check{CheckActive, NotPossible, CauseRefused, "the chip does not sign"}
	case e.card.Files[emrtd.DG15] == nil && !p.NotGenuine:
		return Check{CheckActive, NotPossible, CauseNotOffered, "there is no DG15"}
	case e.card.AAKey == nil:
		return Check{CheckActive, NotPossible, CauseUnsupported, "the key of DG15 cannot be used"}
	case p.Active == nil:
		return Check{CheckActive, NotPossible, CauseSkipped, "the reading ended before"}
	}
	info, err := e.card.Infos.ActiveAuthentication()
	if err != nil {
		return Check{CheckActive, NotPossible, CauseUnsupported, err.Error()}
	}
	result, err := aa.Verify(*e.card.AAKey, info, p.Active.Challenge, p.Active.Response)
	switch {
	case errors.Is(err, aa.ErrUnsupported):
		return Check{CheckActive, NotPossible, CauseUnsupported, err.Error()}
	case err != nil:
		return Check{CheckActive, Failed, CauseCloned, err.Error()}
	case !e.vouched(emrtd.DG15):
		return Check{CheckActive, NotPossible, CauseNotVouched, "the chip has the key of DG15, for which nobody vouches"}
	}
	return Check{CheckActive, Passed, "", fmt.Sprintf("%s with %s", result.Kind, result.Hash)}
}

// checkNumber compares the number in DG1's optional data, DG1's document number, DG13 and the request. That the
// request differs from DG1 has ended the reading already.
func (e *examination) checkNumber() Check {
	c := e.card
	sources := 0
	if e.asked != "" {
		sources++
	}
	differ := func(reason string) Check { return Check{CheckNumber, Failed, CauseNumbers, reason} }
	if c.MRZ != nil {
		sources++
		if !c.MRZ.Checks.All() {
			return differ("check digits of DG1 are wrong")
		}
		if c.Number != "" && c.MRZ.Number != c.Number[numberLength-documentLength:] {
			return differ("document number and personal number of DG1 differ")
		}
		if c.Proof.OtherZone {
			return differ("DG1 is not the MRZ that opens the chip")
		}
	}
	if c.DG13 != nil && !c.DG13.Opaque && c.DG13.Number != "" {
		sources++
		if c.DG13.Number != c.Number {
			return differ("DG1 and DG13 name different numbers")
		}
	}
	if sources < 2 || c.Number == "" {
		return Check{CheckNumber, NotPossible, CauseMissing, "fewer than two sources name a number"}
	}
	return Check{Name: CheckNumber, Outcome: Passed}
}
