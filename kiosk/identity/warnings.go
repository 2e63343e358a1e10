package identity

// Warning is something about a Person's facts that an officer should look at. It never blocks: the scheme of the digits
// lapsed with Circular 59/2021 on 1 July 2024, and records have mistakes.
type Warning string

// The warnings, as they stand in JSON and in the store.
const (
	WarnNumberSex  Warning = "number-sex"    // the number's fourth digit speaks of the other sex
	WarnNumberYear Warning = "number-birth"  // the number's digits four to six speak of another year of birth
	WarnIssued     Warning = "issued-early"  // the card was issued before its holder was born
	WarnExpires    Warning = "expires-early" // the card expires before it was issued
)

// Warnings lists what does not fit together among the facts that are known, in a fixed order; nil if all does.
func Warnings(p Person) []Warning {
	var w []Warning
	sex, year, ok := p.Number.Suggests()
	if ok && p.Sex != "" && sex != p.Sex {
		w = append(w, WarnNumberSex)
	}
	if ok && !p.Birth.IsZero() && year != p.Birth.Year {
		w = append(w, WarnNumberYear)
	}
	if !p.Issued.IsZero() && !p.Birth.IsZero() && p.Issued.Before(p.Birth) {
		w = append(w, WarnIssued)
	}
	if !p.Expires.Date.IsZero() && !p.Issued.IsZero() && p.Expires.Date.Before(p.Issued) {
		w = append(w, WarnExpires)
	}
	return w
}
