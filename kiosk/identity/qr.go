package identity

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"motcua/kiosk/fault"
)

// Card generations, by the year from which they were issued.
const (
	CardOf2021 = 2021 // căn cước công dân gắn chip: QR on the front, seven fields (Circular 06/2021/TT-BCA)
	CardOf2024 = 2024 // thẻ căn cước: QR on the back, eleven fields (Circular 16/2024/TT-BCA article 6)
)

// CardQR is what the QR code of an ID card says. Nothing in it is proven: anybody can print such a code.
type CardQR struct {
	// Person has Number, Name, Birth, Sex, Residence, Issued and OldNumber.
	Person Person
	// BirthYear is always known; Person.Birth is missing where the card knows no day or month.
	BirthYear  int
	Generation int // CardOf2021 or CardOf2024
	// Extra are the fields 8 to 11 of the generation of 2024, as they stand there: a cancelled number, names of
	// father, mother and perhaps a guardian, in an order that no public text tells. They are shown to nobody and
	// fill nothing in until it is known.
	Extra [extraFields]string
}

// Fields of the card's QR code, separated by separator, empty ones kept.
const (
	qrNumber = iota
	qrOldNumber
	qrName
	qrBirth
	qrSex
	qrResidence
	qrIssued
	qrFields2021
	extraFields  = 4
	qrFields2024 = qrFields2021 + extraFields

	separator = "|"
)

// Bounds of a QR code's text.
const (
	maxQRText  = 2953 // bytes that the largest QR code holds (ISO/IEC 18004 table 7, version 40-L)
	maxQRField = 400  // characters of one field
	oldDigits  = 9    // of a CMND; the last ones had twelve
)

// ParseQR reads the text of an ID card's QR code, of either generation. Control characters and line ends that scanners
// add are dropped, letters are composed (NFC), spaces around fields go. The error is a *fault.Error with fault.QRNotCard
// and says which field is wrong, never what was in it.
//
// Required are number, name, year of birth, sex and date of issue: every card has them, and a text cut short by a bad
// read does not. Tolerated are an empty residence; a birth without day or month ("00001950" or "1950", people
// registered by year only), which leaves Person.Birth unknown; "Nu" for "Nữ", from scanners that drop marks. A text with
// U+FFFD is refused: a misread letter must not enter a form.
func ParseQR(text string) (CardQR, error) {
	fields, err := qrFields(text)
	if err != nil {
		return CardQR{}, err
	}
	c := CardQR{Generation: CardOf2021}
	if len(fields) == qrFields2024 {
		c.Generation = CardOf2024
		copy(c.Extra[:], fields[qrFields2021:])
	}
	if wrong := c.fill(fields); wrong != "" {
		return CardQR{}, notCard("%s", wrong)
	}
	return c, nil
}

// fill reads the seven fields that both generations have. It names the first thing that is wrong with them, or nothing.
func (c *CardQR) fill(fields []string) (wrong string) {
	p := &c.Person
	need := func(ok bool, otherwise string) {
		if !ok && wrong == "" {
			wrong = otherwise
		}
	}
	var err error
	p.Number, err = ParseNumber(fields[qrNumber])
	need(err == nil, "the number is not twelve digits")
	p.OldNumber = fields[qrOldNumber]
	need(isOldNumber(p.OldNumber), "the old number is not nine or twelve digits")
	p.Name = fields[qrName]
	need(strings.IndexFunc(p.Name, unicode.IsLetter) >= 0, "no name")
	var ok bool
	p.Birth, c.BirthYear, ok = parseBirth(fields[qrBirth])
	need(ok, "no date of birth")
	p.Sex, ok = parseSexText(fields[qrSex])
	need(ok, "the sex is unknown")
	p.Residence = fields[qrResidence]
	p.Issued, err = parsePlainDate(fields[qrIssued])
	need(err == nil, "no date of issue")
	return wrong
}

// notCard is the error of ParseQR. Why must hold nothing of the text.
func notCard(why string, args ...any) error {
	return fault.New(fault.QRNotCard, fmt.Errorf("identity: QR: "+why, args...))
}

// qrFields cleans the text and cuts it into its fields, seven or eleven.
func qrFields(text string) ([]string, error) {
	if len(text) > maxQRText {
		return nil, notCard("%d bytes", len(text))
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
		return nil, notCard("letters that could not be read")
	}
	fields := strings.Split(norm.NFC.String(strings.Map(dropControl, text)), separator)
	if n := len(fields); n != qrFields2021 && n != qrFields2024 {
		return nil, notCard("%d fields", n)
	}
	for i, field := range fields {
		fields[i] = strings.TrimSpace(field)
		if utf8.RuneCountInString(fields[i]) > maxQRField {
			return nil, notCard("field %d is too long", i+1)
		}
	}
	return fields, nil
}

// dropControl removes what no printed text has: control characters, byte order marks, invisible formatting.
func dropControl(r rune) rune {
	if unicode.In(r, unicode.Cc, unicode.Cf) {
		return -1
	}
	return r
}

// isOldNumber accepts the nine (or, in their last years, twelve) digits of a CMND, or nothing.
func isOldNumber(s string) bool {
	return s == "" || (len(s) == oldDigits || len(s) == numberDigits) && onlyDigits(s)
}

func onlyDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// parseSexText reads the card's word.
func parseSexText(s string) (Sex, bool) {
	switch strings.ToLower(s) {
	case "nam":
		return Male, true
	case "nữ", "nu":
		return Female, true
	}
	return "", false
}

// parsePlainDate reads ddMMyyyy and nothing else.
func parsePlainDate(s string) (Date, error) {
	if len(s) != len(plainDate) {
		return Date{}, ErrDate
	}
	d, err := ParseDate(s)
	if err != nil || d.Year < earliestYear {
		return Date{}, ErrDate
	}
	return d, nil
}

// earliestYear is the first year of birth that a personal number can express.
const earliestYear = 1900

// parseBirth reads ddMMyyyy; where day or month is 00, or only the year is there, the date is unknown but the year.
func parseBirth(s string) (birth Date, year int, ok bool) {
	if d, err := parsePlainDate(s); err == nil {
		return d, d.Year, true
	}
	switch len(s) {
	case len("yyyy"):
		s = "0000" + s
	case len(plainDate):
	default:
		return Date{}, 0, false
	}
	day, month := s[:2], s[2:4]
	if day != "00" || month > "12" || !onlyDigits(s) { // a day that does not exist is an error, an absent one is not
		return Date{}, 0, false
	}
	t, err := time.Parse("2006", s[4:])
	return Date{}, t.Year(), err == nil && t.Year() >= earliestYear
}
