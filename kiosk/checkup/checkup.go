// Package checkup lets a technician or the head of the office try the parts of a kiosk from the desk, and choose which of several
// devices it uses.
//
// A Server stands beside a kiosk: it makes the kiosk's screen say so (session.Tested), waits while a citizen is in a session, and has a
// Bench, which kiosk/station is, do the work. Open connects a desk with it. They find each other through the socket of kiosk/assist, which
// says who is there; Server.Serve gets what came through that door.
//
// On the wire each message is one JSON object on a line. The desk sends one Request; the kiosk answers with any number of Progress and
// one Answer. Whoever closes the connection ends the test. No answer holds anything of a person, whatever card or code was used.
package checkup

import (
	"context"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/session"
)

// Purpose is what a desk says at the door of kiosk/assist.
const Purpose = "checkup"

// Part is a part of a kiosk that can be tried.
type Part string

// The parts, under the names that session.Devices has for them.
const (
	Reader  Part = "reader"
	Scanner Part = "scanner"
	Printer Part = "printer"
	Voice   Part = "voice"
	Screen  Part = session.ScreenPart
)

// Parts are all of them. Those that need nobody's hands come first.
func Parts() []Part { return []Part{Printer, Voice, Reader, Scanner, Screen} }

// Chosen reports whether a kiosk can have several of a part, of which one is chosen.
func (p Part) Chosen() bool { return p == Reader || p == Scanner || p == Printer }

// Do is what a desk wants.
type Do string

// What there is to want.
const (
	Test   Do = "test"   // the part is tried
	List   Do = "list"   // which devices there are
	Choose Do = "choose" // one of them is used from now on
)

// Request is what a desk wants of a part.
type Request struct {
	Do   Do     `json:"do"`
	Part Part   `json:"part"`
	Name string `json:"name,omitempty"` // of Choose: Option.Name
}

// Stage is where a test is.
type Stage string

// The stages.
const (
	Waiting Stage = "waiting" // a citizen is in a session
	Hands   Stage = "hands"   // somebody has to lay a card, show a code, touch the marks
	Running Stage = "running"
)

// Progress is told on the way.
type Progress struct {
	Stage Stage `json:"stage"`
	Done  int   `json:"done,omitempty"` // of All; 0 of 0 where nobody can say
	All   int   `json:"all,omitempty"`
}

// Answer is what came of a Request; of what is set depends on it.
type Answer struct {
	Reader  *ReaderSaid  `json:"reader,omitempty"`
	Scanner *ScannerSaid `json:"scanner,omitempty"`
	Printer *PrinterSaid `json:"printer,omitempty"`
	Voice   *VoiceSaid   `json:"voice,omitempty"`
	Screen  *ScreenSaid  `json:"screen,omitempty"`
	Options []Option     `json:"options,omitempty"` // of List
	Now     bool         `json:"now,omitempty"`     // of Choose: it is used already; false: from the next start on
}

// ReaderSaid is what reader and chip said. Nothing of it tells one card of a kind from another.
type ReaderSaid struct {
	Device   string        `json:"device"`
	LongAPDU int           `json:"long_apdu,omitempty"` // the longest command that the reader says to carry, in bytes; 0: it does not say
	ID       bool          `json:"id"`                  // the chip has the application of passports and ID cards
	PACE     bool          `json:"pace"`                // and EF.CardAccess
	Extended string        `json:"extended"`            // "yes", "no" or "unknown": whether extended length goes through
	First    time.Duration `json:"first"`               // from the start of the test's first command to its answer
	Median   time.Duration `json:"median"`              // of one command
	Slowest  time.Duration `json:"slowest"`
	Commands int           `json:"commands"`
}

// ScannerSaid is what came over the scanner's line. Of the text there is only how long it was.
type ScannerSaid struct {
	Device    string        `json:"device"`
	Bytes     int           `json:"bytes"`
	Letters   int           `json:"letters"`
	Marks     int           `json:"marks"`               // letters of Vietnamese that are not ASCII
	Is        string        `json:"is"`                  // TestCode, IDCode, Slip or OtherCode
	Exact     bool          `json:"exact"`               // of TestCode: every letter is right
	Symbology string        `json:"symbology,omitempty"` // as far as it is known: QR, Code 128
	After     time.Duration `json:"after"`               // since the test began
	Refused   fault.Code    `json:"refused"`             // bytes came, and no text could be made of them
}

// What a code was that the scanner read.
const (
	TestCode  = "test"
	IDCode    = "id"   // of an ID card
	Slip      = "slip" // of ours
	OtherCode = "other"
)

// PrinterSaid is what the printer said.
type PrinterSaid struct {
	Device string        `json:"device"`
	Width  int           `json:"width"` // dots
	Took   time.Duration `json:"took"`
	Sure   bool          `json:"sure"` // it confirmed the end
	Low    bool          `json:"low"`  // it says that paper will run out soon
}

// VoiceSaid is how the sentence went.
type VoiceSaid struct {
	Took time.Duration `json:"took"`
}

// ScreenSaid is how the screen went.
type ScreenSaid struct {
	Marks int           `json:"marks"` // touched
	Took  time.Duration `json:"took"`
}

// Option is one device that could be used.
type Option struct {
	Name   string `json:"name"`            // what Choose wants: a reader's name, a path, an address
	Model  string `json:"model,omitempty"` // what the device calls itself, if that is known
	Used   bool   `json:"used,omitempty"`  // this one is
	Absent bool   `json:"absent,omitempty"`
	Fixed  bool   `json:"fixed,omitempty"` // the configuration names it: there is no choice
}

// TestText is in the code that is scanned for a test: it has letters that a scanner in a wrong mode spoils.
const TestText = "MOTCUA·Ườ Ặẵ Ểễ Ộỗ Ợỡ Ựữ Ỵỹ Đđ 0123456789"

// Spoken is what the voice says, a key of assets/text.
const Spoken = "test.spoken"

// Bench is what does the work; kiosk/station has it. All errors have a fault.Code.
type Bench interface {
	// Try tests a part that is no Screen, and tells when it needs somebody's hands.
	Try(ctx context.Context, part Part, tell func(Progress)) (Answer, error)
	// Options lists the devices that could be a part; fault.Usage if there is nothing to choose.
	Options(ctx context.Context, part Part) ([]Option, error)
	// Choose has one of the Options used, and says whether it is already. fault.ChoiceFixed if the configuration names another,
	// fault.NotFound if there is no such option.
	Choose(ctx context.Context, part Part, name string) (now bool, err error)
}
