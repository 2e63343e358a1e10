package identity

// Verdict is what all checks of a card come to, in one word. It is stable: JSON, the store and assets/text carry it.
type Verdict string

// The verdicts.
const (
	// Genuine: the state signed the data, they were not changed, and the chip is no copy.
	Genuine Verdict = "genuine"
	// IssuerUnknown: the data are as they were signed and the chip is no copy, but whoever signed is not known here. It
	// is what an office without the issuer's certificate sees of every good card.
	IssuerUnknown Verdict = "issuer-unknown"
	// Unproven: nothing is contradicted, and something that a proof needs is missing.
	Unproven Verdict = "unproven"
	// Forged: the data are not those that were signed, or nobody who may signed them.
	Forged Verdict = "forged"
	// Cloned: the chip has not the private key that the data name.
	Cloned Verdict = "cloned"
	// Downgraded: the data promise a stronger protocol than the one that the chip offered.
	Downgraded Verdict = "downgraded"
	// Doubtful: the data contradict each other.
	Doubtful Verdict = "doubtful"
	// NoChip: the facts do not come from a chip.
	NoChip Verdict = "no-chip"
)

// Verdicts lists all of them.
func Verdicts() []Verdict {
	return []Verdict{Genuine, IssuerUnknown, Unproven, Forged, Cloned, Downgraded, Doubtful, NoChip}
}

// Causes that decide a Verdict; the others are for officers and logs.
const (
	causeIssuerUnknown = "issuer-unknown" // the signature holds, and its issuer is not known
	causeMissing       = "missing"        // the chip does not give a file that was signed
)

// Verdict sums the checks up: the worst that is contradicted, else what is proven.
func (e Evidence) Verdict() Verdict {
	failed := func(name string) bool { return e.Outcome(name) == Failed }
	passed := func(name string) bool { return e.Outcome(name) == Passed }
	switch {
	case e.Access == "":
		return NoChip
	case failed(CheckDataGroups) && e.cause(CheckDataGroups) == causeMissing && !failed(CheckPassive):
		return Unproven
	case failed(CheckDataGroups), failed(CheckPassive):
		return Forged
	case failed(CheckChip), failed(CheckActive):
		return Cloned
	case failed(CheckAccess):
		return Downgraded
	case failed(CheckNumber):
		return Doubtful
	case !passed(CheckDataGroups), !passed(CheckChip) && !passed(CheckActive):
		return Unproven
	case passed(CheckPassive):
		return Genuine
	}
	if e.cause(CheckPassive) == causeIssuerUnknown {
		return IssuerUnknown
	}
	return Unproven
}

// cause is why the named check ended as it did.
func (e Evidence) cause(name string) string {
	for _, c := range e.Checks {
		if c.Name == name {
			return c.Cause
		}
	}
	return ""
}

// Deciding is the check that a Verdict hangs on: the first that failed, else the first that was not possible; false if
// there is none.
func (e Evidence) Deciding() (Check, bool) {
	for _, outcome := range []Outcome{Failed, NotPossible} {
		for _, c := range e.Checks {
			if c.Outcome == outcome {
				return c, true
			}
		}
	}
	return Check{}, false
}
