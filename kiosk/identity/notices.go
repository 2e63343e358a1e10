package identity

// Notice is something about a card that its holder and the officer should be told. It never blocks a filing.
type Notice struct {
	Code NoticeCode `json:"code"`
	Date Date       `json:"date"`         // the day it is about
	Age  int        `json:"age,omitzero"` // of NoticeAge and NoticeAgePassed
}

// NoticeCode is stable: JSON, the store and assets/text carry it.
type NoticeCode string

// The notices.
const (
	NoticeExpired   NoticeCode = "card-expired"    // Date was the card's last day
	NoticeExpires   NoticeCode = "card-expires"    // Date, soon, is the card's last day
	NoticeAge       NoticeCode = "card-age"        // on Date, soon, the holder comes to an age at which the card is changed
	NoticeAgePassed NoticeCode = "card-age-passed" // on Date the holder came to such an age, and has the old card still
)

const (
	// soonDays is how long before the day somebody is told. A new card takes 7 working days, in the mountains 20 (Law on
	// Identity 2023 art. 26 and its decree), and people come down to the commune's office once in a season.
	soonDays = 90
	// earlyYears: a card that was issued within two years before the age is good until the next one (art. 21.2).
	earlyYears = 2
)

// changeAges are the ages at which a card is changed, Law on Identity 2023 art. 21.1.
var changeAges = [...]int{14, 25, 40, 60}

// Notices lists what is to be told of a card today: first what is over already. Facts that are not known give no notice.
func Notices(p Person, today Date) []Notice {
	var out []Notice
	last := p.Expires.Date
	limited := !p.Expires.Never && !last.IsZero()
	switch {
	case limited && p.Expires.Past(today):
		out = append(out, Notice{Code: NoticeExpired, Date: last})
	case limited && !today.AddDays(soonDays).Before(last) && !ageDay(p, last):
		out = append(out, Notice{Code: NoticeExpires, Date: last})
	}
	if p.Birth.IsZero() || p.Issued.IsZero() {
		return out
	}
	for _, age := range changeAges {
		day := p.Birth.AddMonths(12 * age)
		switch {
		case !p.Issued.Before(p.Birth.AddMonths(12 * (age - earlyYears))): // the card is for the time after
		case p.Expires.Never, limited && day.Before(last): // and this one says so itself
		case today.Before(day) && !today.AddDays(soonDays).Before(day):
			out = append(out, Notice{NoticeAge, day, age})
		case !today.Before(day) && !(limited && p.Expires.Past(today)):
			out = append(out, Notice{NoticeAgePassed, day, age})
		}
	}
	return latest(out)
}

// ageDay says whether a day is one on which the holder comes to an age at which the card is changed: then the notice
// about the age says it all.
func ageDay(p Person, day Date) bool {
	for _, age := range changeAges {
		if !p.Birth.IsZero() && !p.Issued.IsZero() && p.Birth.AddMonths(12*age) == day {
			return true
		}
	}
	return false
}

// latest keeps, of ages that passed, the last one.
func latest(all []Notice) []Notice {
	var out []Notice
	for i, n := range all {
		if n.Code == NoticeAgePassed && i+1 < len(all) && all[i+1].Code == NoticeAgePassed {
			continue
		}
		out = append(out, n)
	}
	return out
}
