package session

import (
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// Event is something that happened: an Intent, the passing of time, or news from a device or the store. Events that
// answer an effect carry its Serial, answers to ReadCard its Try as well; what carries another is dropped.
type Event interface{ event() }

// What can happen, besides the Intents.
type (
	// Tick says what time it is. It comes a few times a second; nothing else moves the session's clock.
	Tick struct{ Now time.Time }

	// Scanned is a text that a scanner read: a card's QR code, a slip's, or anything else.
	Scanned struct{ Text string }
	// ScanRejected says that the scanner saw something it could not read.
	ScanRejected struct{ Code fault.Code }
	// ScannerChanged says that a scanner came or went.
	ScannerChanged struct{ Present bool }

	// ReaderChanged says that a card reader came or went.
	ReaderChanged struct{ Present bool }
	// CardOn says that a card with a chip lies on the reader.
	CardOn struct{}
	// CardOff says that nothing lies on the reader any more.
	CardOff struct{}
	// CardMute says that something lies on the reader which does not answer.
	CardMute struct{}

	// CardProgress says how far ReadCard is: Done of Total, in any unit.
	CardProgress struct {
		Serial      uint64
		Try         int
		Done, Total int
	}
	// CardText gives the texts of the chip while the photo is still being read.
	CardText struct {
		Serial uint64
		Try    int
		Person identity.Person
	}
	// CardRead ends ReadCard: all that the chip gave. Photo may be nil.
	CardRead struct {
		Serial   uint64
		Try      int
		Person   identity.Person
		Photo    *identity.Photo
		Evidence identity.Evidence
	}
	// CardFailed ends ReadCard without a result.
	CardFailed struct {
		Serial uint64
		Try    int
		Code   fault.Code
	}

	// Filed says that the filing is on disk.
	Filed struct {
		Serial uint64
		Filing filing.Filing
	}
	// FileFailed says that it is not.
	FileFailed struct {
		Serial uint64
		Code   fault.Code
	}

	// Found says where the filing of a slip stands.
	Found struct {
		Serial   uint64
		Standing filing.Standing
	}
	// NotFound says that no filing has the slip's number, or that it could not be looked up.
	NotFound struct {
		Serial uint64
		Code   fault.Code
	}

	// Printed says that the slip went to the printer: Sure if the printer confirmed that it is on paper.
	Printed struct {
		Serial uint64
		Sure   bool
	}
	// SlipFailed says that the slip is not on paper.
	SlipFailed struct {
		Serial uint64
		Code   fault.Code
	}
	// Mine are the filings of the person whose chip was read, the newest first.
	Mine struct {
		Serial    uint64
		Standings []filing.Standing
	}
	// Helped says which officer helps from the desk; without an Officer: none any more.
	Helped struct {
		Officer string // account
		Name    string
	}
	// Ticketed says by which number of the day the person is called to the counter.
	Ticketed struct {
		Serial uint64
		Number int
	}
	// TicketFailed says that there is no number.
	TicketFailed struct {
		Serial uint64
		Code   fault.Code
	}
	// QueueChanged says who waits at the counter, and who was called lately, the last one first.
	QueueChanged struct {
		Waiting int
		Calls   []Call
	}

	// Configured says what holds from the next person on: the office decided something. For who is there nothing changes.
	Configured struct{ Config *Config }

	// PrinterChanged says how the printer is: Code is "" when it can print, else what keeps it from printing.
	PrinterChanged struct {
		Present bool
		Code    fault.Code
	}
)

func (Tick) event()           {}
func (Scanned) event()        {}
func (ScanRejected) event()   {}
func (ScannerChanged) event() {}
func (ReaderChanged) event()  {}
func (CardOn) event()         {}
func (CardOff) event()        {}
func (CardMute) event()       {}
func (CardProgress) event()   {}
func (CardText) event()       {}
func (CardRead) event()       {}
func (CardFailed) event()     {}
func (Filed) event()          {}
func (FileFailed) event()     {}
func (Found) event()          {}
func (NotFound) event()       {}
func (Mine) event()           {}
func (Helped) event()         {}
func (Ticketed) event()       {}
func (TicketFailed) event()   {}
func (QueueChanged) event()   {}
func (Printed) event()        {}
func (SlipFailed) event()     {}
func (PrinterChanged) event() {}
func (Configured) event()     {}
