package filing

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"motcua/kiosk/identity"
)

// Errors of ParseReference and ParseShort; they hold nothing of what was read.
var (
	// ErrReference: not the form of a reference.
	ErrReference = errors.New("filing: not a reference number")
	// ErrCheck: the form of a full reference, with a check character that does not fit: mistyped or misread.
	ErrCheck = errors.New("filing: the reference's check character does not fit")
)

// Limits of the parts of a Reference.
const (
	communeDigits = 5        // a commune's code, Decision 19/2025/QĐ-TTg
	maxStation    = 8        // characters of a station's name
	serialDigits  = 3        // at least; more when a day has more than 999
	maxSerial     = 999_999  // of one day
	firstYear     = 2000     // two digits of the year are written
	lastYear      = 2099     //
	maxReference  = 64       // characters that are looked at when parsing
	dayLayout     = "060102" // yymmdd in the full form
)

// Reference is the number of a filing: one for ticket, filing and slip, given once and never again (kiosk/store says
// how). It is ours and plainly local. The zero value is no number.
//
// It has two forms. The full one is for machines, in the QR code and in the store: 05200.K1.261123.047.X, which is
// commune, station, day (yymmdd), serial number of that day, and a check character over all of it without the dots
// (ISO 7064 MOD 37,36). All its characters are in the alphanumeric mode of QR codes. The short one is for people:
// K1-2311-047, station, day and month, serial. It leaves out commune and year, which the slip shows beside it.
type Reference struct {
	Commune string        // five digits
	Station string        // K1: a capital letter, then capitals and digits, at most eight in all
	Day     identity.Date // on which it was filed, where the kiosk stands
	Serial  int           // from 1, of this station and day; may have gaps, never repeats
}

// NewReference puts a number together; ErrReference if a part is not possible.
func NewReference(commune, station string, day identity.Date, serial int) (Reference, error) {
	r := Reference{commune, station, day, serial}
	if !ValidCommune(commune) || !ValidStation(station) || !validDay(day) || serial < 1 || serial > maxSerial {
		return Reference{}, ErrReference
	}
	return r, nil
}

// ValidCommune reports whether s can be a commune's code: five digits.
func ValidCommune(s string) bool { return len(s) == communeDigits && allDigits(s) }

// ValidStation reports whether s can name a station: a capital letter, then capitals and digits, at most eight.
func ValidStation(s string) bool {
	if s == "" || len(s) > maxStation || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	return strings.Trim(s, alphabet) == ""
}

// validDay reports whether d is a day that two digits of a year can tell.
func validDay(d identity.Date) bool {
	return d.Year >= firstYear && d.Year <= lastYear && identity.DateOf(d.Time()) == d
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// IsZero reports whether there is no number.
func (r Reference) IsZero() bool { return r == Reference{} }

// String is the full form, with its check character; empty for no number.
func (r Reference) String() string {
	if r.IsZero() {
		return ""
	}
	body := fmt.Sprintf("%s.%s.%s.%0*d", r.Commune, r.Station, r.Day.Time().Format(dayLayout), serialDigits, r.Serial)
	check, ok := checkCharacter(strings.ReplaceAll(body, ".", ""))
	if !ok { // a Reference that NewReference would have refused
		return ""
	}
	return body + "." + string(check)
}

// Short is the form for people: K1-2311-047; empty for no number.
func (r Reference) Short() string {
	if r.IsZero() {
		return ""
	}
	return Short{r.Station, r.Day.Day, r.Day.Month, r.Serial}.String()
}

// MarshalText gives the full form; nothing for no number.
func (r Reference) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Reference) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*r = Reference{}
		return nil
	}
	parsed, err := ParseReference(string(b))
	*r = parsed
	return err
}

// ParseReference reads the full form and verifies its check character: ErrReference if it is something else, ErrCheck
// if it is a mistyped one. Small letters and space around it are accepted, since people type it too.
func ParseReference(s string) (Reference, error) {
	parts, err := split(s, ".", 5)
	if err != nil {
		return Reference{}, err
	}
	commune, station, plain, number, check := parts[0], parts[1], parts[2], parts[3], parts[4]
	day, err := time.Parse(dayLayout, plain)
	if err != nil || len(check) != 1 || !strings.Contains(alphabet, check) {
		return Reference{}, ErrReference
	}
	serial, err := parseSerial(number)
	if err != nil || fmt.Sprintf("%0*d", serialDigits, serial) != number {
		return Reference{}, ErrReference
	}
	// Two digits of a year mean 20yy here; time.Parse takes 69 to 99 for the last century.
	date := identity.Date{Year: firstYear + day.Year()%100, Month: day.Month(), Day: day.Day()}
	r, err := NewReference(commune, station, date, serial)
	if err != nil {
		return Reference{}, err
	}
	if want, _ := checkCharacter(commune + station + plain + number); want != check[0] {
		return Reference{}, ErrCheck
	}
	return r, nil
}

// parseSerial reads one to six digits.
func parseSerial(s string) (int, error) {
	if s == "" || !allDigits(s) || len(s) > len(strconv.Itoa(maxSerial)) {
		return 0, ErrReference
	}
	n, err := strconv.Atoi(s)
	if err != nil || n == 0 {
		return 0, ErrReference
	}
	return n, nil
}

// split cleans what was typed or scanned and cuts it at sep into exactly n parts.
func split(s, sep string, n int) ([]string, error) {
	if len(s) > maxReference {
		return nil, ErrReference
	}
	parts := strings.Split(strings.ToUpper(strings.TrimSpace(s)), sep)
	if len(parts) != n {
		return nil, ErrReference
	}
	return parts, nil
}

// Short is what the short form of a Reference tells. It is not unique beyond its commune and its year.
type Short struct {
	Station string
	Day     int
	Month   time.Month
	Serial  int
}

// ParseShort reads K1-2311-047; ErrReference for anything else. The serial's leading zeros may be missing.
func ParseShort(s string) (Short, error) {
	parts, err := split(s, "-", 3)
	if err != nil {
		return Short{}, err
	}
	// 2000 is a leap year, so that 29 February is a day.
	day, err := time.Parse("02012006", parts[1]+"2000")
	if err != nil || !ValidStation(parts[0]) {
		return Short{}, ErrReference
	}
	serial, err := parseSerial(parts[2])
	if err != nil {
		return Short{}, err
	}
	return Short{parts[0], day.Day(), day.Month(), serial}, nil
}

// String is the form for people: K1-2311-047.
func (s Short) String() string {
	return fmt.Sprintf("%s-%02d%02d-%0*d", s.Station, s.Day, int(s.Month), serialDigits, s.Serial)
}
