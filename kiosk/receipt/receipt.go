// Package receipt is what goes on paper, without a word about printers: a Slip holds the facts, Render draws them.
//
// Text becomes dots here, in one typeface that is carried along, so that every printer gives the same slip and every
// Vietnamese letter is right. Only the QR code stays text: some printers draw it sharper than we could. The dots are
// cut to black or white at one threshold; there is no grey on thermal paper.
//
// The slip is held by people who cannot read well and lies about for anyone to see: large type, one number that
// matters in a box, the day of return white on black, and name and number masked.
package receipt

import (
	"errors"
	"fmt"
	"image"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Errors of Render.
var (
	// ErrIncomplete: a fact without which no slip may leave the printer is missing.
	ErrIncomplete = errors.New("receipt: slip is incomplete")
	// ErrUnmasked: the personal number is there in full.
	ErrUnmasked = errors.New("receipt: personal number is not masked")
	// ErrWidth: the paper is too narrow or too wide.
	ErrWidth = errors.New("receipt: no layout for this width")
	// ErrLayout: a text did not fit. It is a fault of this package; better no slip than one with a number cut off.
	ErrLayout = errors.New("receipt: text does not fit")
)

// Slip is the facts of a filing as the citizen takes them home. Text may come in any Unicode form.
type Slip struct {
	Parent string // the authority above: "CÔNG AN TỈNH PHÚ THỌ"; may be empty
	Office string // who took the filing in: "CÔNG AN XÃ MAI CHÂU"

	Short string // the number for people: "K1-2311-047"
	Full  string // the reference for machines, the QR code's text

	Ticket int // number of the day for the counter; 0 for none. Alone, without Short, it makes the slip of a number

	Applicant string // masked: see MaskName
	Number    string // masked: "099******017"; empty if there is none
	Procedure string // "Đăng ký tạm trú"
	Filed     time.Time

	Papers  []string // handed in
	Missing []string // still to be brought; numbered on from Papers

	Due   time.Time // the appointment; zero if the officer will say
	Bring string    // what to bring then
	Fee   string    // "15.000 đ, nộp tại quầy"
	Place string    // where the result is handed over
	Sent  bool      // it is handed in elsewhere: Place is where, and Due is not used
	Phone string

	Remark string // what the officer must know of this filing's source: RemarkQR, RemarkTyped, or nothing

	Station  string // "Ki-ốt 1"
	PrintJob int    // number of the print job, against the printer's counter; 0 is not printed
	Printed  time.Time
	Reprint  int // 0 for the first slip, n for the n-th copy
}

// Remarks on a filing whose person was not read from the chip.
const (
	RemarkQR    = "Thông tin lấy từ mã QR của thẻ, chưa đọc chip. Cán bộ đối chiếu thẻ khi nhận hồ sơ."
	RemarkTyped = "Thông tin do người nộp tự nhập, chưa đọc chip. Cán bộ đối chiếu giấy tờ khi nhận hồ sơ."
)

// Document is a slip drawn for one width of paper.
type Document struct {
	Width  int // dots
	Blocks []Block
}

// Block is one piece, below the one before. Exactly one of Image, QR and Feed is set.
type Block struct {
	Image  *image.Gray // as wide as the paper; 0 is black, 255 white, nothing between
	QR     string      // a QR code's text, level M, centred
	Module int         // dots per module of QR
	Feed   int         // blank rows
}

// maskStars stand for the letters of a masked name, whatever their number: a length is a hint too.
const maskStars = "*****"

// MaskName keeps what a person needs to know the slip for theirs and a stranger cannot use: "Bùi Thị N*****". Of a name of
// one word, only the first letter is left.
func MaskName(name string) string {
	words := strings.Fields(norm.NFC.String(name))
	if len(words) == 0 {
		return ""
	}
	last := []rune(words[len(words)-1])
	words[len(words)-1] = string(last[:1]) + maskStars
	return strings.Join(words, " ")
}

// numberDigits is the length of a personal number.
const numberDigits = 12

// check refuses a slip that must not be printed.
func (s *Slip) check() error {
	need := []struct{ name, value string }{
		{"Office", s.Office}, {"Short", s.Short}, {"Full", s.Full}, {"Applicant", s.Applicant},
		{"Procedure", s.Procedure}, {"Station", s.Station},
	}
	if s.number() {
		need = need[:1]
		s.Filed = s.Printed
	}
	for _, n := range need {
		if strings.TrimSpace(n.value) == "" {
			return fmt.Errorf("%w: %s", ErrIncomplete, n.name)
		}
	}
	if s.Filed.IsZero() || s.Printed.IsZero() {
		return fmt.Errorf("%w: Filed or Printed", ErrIncomplete)
	}
	if strings.Count(s.Number, "") > numberDigits && !strings.Contains(s.Number, "*") {
		return ErrUnmasked
	}
	return nil
}

// number reports whether it is the slip of a number alone.
func (s *Slip) number() bool { return s.Ticket > 0 && s.Short == "" && s.Full == "" }

// clean is text fit to be drawn: composed (NFC), without control characters, single spaces.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(text, " ")))
	return strings.Join(strings.Fields(text), " ")
}
