package pki

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"motcua/devices/card/emrtd/spki"
)

// Outcome of a step. Only Passed is a proof.
type Outcome string

// The outcomes.
const (
	Passed      Outcome = "passed"
	Failed      Outcome = "failed"
	NotPossible Outcome = "not-possible" // what it needs is not there
)

// Cause says why a step did not pass, for ever in the same word.
type Cause string

// The causes.
const (
	CauseMalformed     Cause = "malformed"              // the file makes no sense
	CauseSignature     Cause = "signature-wrong"        // the signature is not that of the signer
	CauseAttributes    Cause = "attributes-wrong"       // what was signed is not this content
	CauseForbidden     Cause = "algorithm-not-allowed"  // MD5
	CauseUnsupported   Cause = "unsupported"            // an algorithm, a curve or a country that this program does not know
	CauseParameters    Cause = "curve-forged"           // a key on parameters that imitate a curve
	CauseSignerUnknown Cause = "signer-unknown"         // no certificate of the signer
	CauseSignerOther   Cause = "signer-other"           // there are certificates, and none is the signer's
	CauseSignerUsage   Cause = "signer-not-for-signing" // key usage
	CauseSignerTerm    Cause = "signer-not-valid-then"  // outside its term
	CauseRevoked       Cause = "signer-revoked"         //
	CauseIssuerUnknown Cause = "issuer-unknown"         // no trusted certificate of the issuer
	CauseIssuer        Cause = "issuer-signature-wrong" // a trusted issuer of that name did not sign
	CauseCountry       Cause = "country-differs"        // the issuer is of another state than the document
	CauseHash          Cause = "hash-differs"           // a data group was changed
	CauseNotListed     Cause = "not-listed"             // a data group that nobody vouches for
	CauseMissing       Cause = "missing"                // a file that is needed is not there
)

// The steps, in the order of a Report; data groups follow as DG1, DG2 …
const (
	StepStructure  = "structure"
	StepSignature  = "signature"
	StepSigner     = "signer"
	StepIssuer     = "issuer"
	StepRevocation = "revocation"
	StepCountry    = "country"
)

// Step is one thing that was checked.
type Step struct {
	Name    string  `json:"step"`
	Outcome Outcome `json:"outcome"`
	Cause   Cause   `json:"cause,omitempty"`
	Reason  string  `json:"reason,omitempty"` // for logs: English, without personal data
}

// Report is what passive authentication found.
type Report struct {
	At     time.Time // for which day
	Steps  []Step
	Notes  []string     // what passed and is below today's measure, or was odd
	Signer *Certificate // whose signature holds; nil if none does
	Issuer *Certificate // the trusted certificate that issued the signer's; nil if none did
}

// Verdict is what a Report comes to.
type Verdict string

// The verdicts. Trusted: signature, chain and every data group that was given hold, DG1 among them. IssuerUnknown: the
// same, but for a trusted certificate of the issuer. Forged: something is contradicted. Incomplete: nothing is
// contradicted, and something that is needed is missing or not understood.
const (
	Trusted       Verdict = "trusted"
	IssuerUnknown Verdict = "issuer unknown"
	Forged        Verdict = "forged"
	Incomplete    Verdict = "incomplete"
)

func (r *Report) add(name string, o Outcome, c Cause, reason string) {
	r.Steps = append(r.Steps, Step{name, o, c, reason})
}

func (r *Report) note(what, prefix string) {
	if what != "" && !slices.Contains(r.Notes, prefix+what) {
		r.Notes = append(r.Notes, prefix+what)
	}
}

// fail turns an error into a step.
func (r *Report) fail(step string, err error) {
	outcome, cause := Failed, CauseSignature
	switch {
	case errors.Is(err, spki.ErrParameters):
		cause = CauseParameters
	case errors.Is(err, ErrUnsupported):
		outcome, cause = NotPossible, CauseUnsupported
	case errors.Is(err, ErrForbidden):
		cause = CauseForbidden
	case errors.Is(err, ErrAttributes):
		cause = CauseAttributes
	case errors.Is(err, ErrFormat):
		cause = CauseMalformed
	case step == StepIssuer:
		cause = CauseIssuer
	}
	r.add(step, outcome, cause, err.Error())
}

// Failed is the first step that failed, else the first that was not possible; false if all passed.
func (r Report) Failed() (Step, bool) {
	for _, o := range []Outcome{Failed, NotPossible} {
		for _, s := range r.Steps {
			if s.Outcome == o {
				return s, true
			}
		}
	}
	return Step{}, false
}

// Verdict sums up.
func (r Report) Verdict() Verdict {
	unknown, open, issued, first := false, false, false, false
	for _, s := range r.Steps {
		switch {
		case s.Outcome == Failed:
			return Forged
		case s.Cause == CauseIssuerUnknown:
			unknown = true
		case s.Outcome == NotPossible:
			open = true
		case s.Name == StepIssuer:
			issued = true
		case s.Name == groupStep(1):
			first = true
		}
	}
	switch {
	case open || !first || !issued && !unknown:
		return Incomplete
	case unknown:
		return IssuerUnknown
	}
	return Trusted
}

// Input is a document as files.
type Input struct {
	SOD     []byte
	Groups  map[int][]byte // files of data groups, by number
	Hashes  map[int][]byte // hashes of data groups whose files are not there
	Trust   Trust          // nil for nobody
	At      time.Time      // when the card was read
	Country string         // issuing state in DG1, three letters; "" if it is not known
}

// Verify checks a document whole. It never fails: what cannot be read is a step of the Report.
func Verify(in Input) Report {
	if len(in.SOD) == 0 {
		r := Report{At: in.At}
		r.add(StepStructure, NotPossible, CauseMissing, "there is no EF.SOD")
		return r
	}
	o, err := Open(in.SOD)
	if err != nil {
		r := Report{At: in.At}
		r.fail(StepStructure, err)
		return r
	}
	r := o.Check(in.Trust, in.At, in.Country)
	r.Steps = slices.Insert(r.Steps, 0, Step{Name: StepStructure, Outcome: Passed})
	for _, n := range slices.Sorted(maps.Keys(in.Groups)) {
		r.Steps = append(r.Steps, o.CheckGroup(n, in.Groups[n]))
	}
	for _, n := range slices.Sorted(maps.Keys(in.Hashes)) {
		if _, whole := in.Groups[n]; !whole {
			r.Steps = append(r.Steps, o.CheckHash(n, in.Hashes[n]))
		}
	}
	return r
}

// addVersionNote notes a security object of version 1 without the LDS version that it shall have, and the other way
// round (9303-10 §4.6.2.3).
func (r *Report) addVersionNote(o *Object) {
	if v := o.Security.Version; (v == 1) != (o.Security.LDSVersion != "") {
		r.Notes = append(r.Notes, fmt.Sprintf("security object of version %d with LDS version %q", v, o.Security.LDSVersion))
	}
}
