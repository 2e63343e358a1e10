// Package fault names everything that can go wrong at the counter.
//
// A Code is stable: it stands in logs, in `motcuactl` output, in the store, and small in a corner of the screen for
// the officer. What a citizen is told about it is text, in the language of the moment, in assets/text under
// fault.<code>; what the log is told is the wrapped error, which never holds personal data. Exit gives the exit
// status with which motcuactl ends.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Code names one kind of failure, for ever.
type Code string

// The codes. Each has a text for the citizen (title, what to do) in assets/text; a test holds that.
const (
	// Card and reader.
	ReaderAbsent  Code = "reader-absent"  // no reader attached
	ReaderGone    Code = "reader-gone"    // the reader was pulled, or its service died, while needed
	CardRemoved   Code = "card-removed"   // the card left before the end
	CardMute      Code = "card-mute"      // something lies there that does not answer
	CardNotID     Code = "card-not-id"    // a chip, but no ICAO application: a bank card, a bus card
	CardWrongKey  Code = "card-wrong-key" // PACE or BAC refused the key: this is not the card whose QR or number was given
	CardOther     Code = "card-other"     // the chip's person is not the QR's
	CardDamaged   Code = "card-damaged"   // a file of the chip cannot be understood
	CardSecure    Code = "card-secure"    // secure messaging broke: a torn read, or somebody between
	CardKeyNeeded Code = "card-key-needed"
	CardTimeout   Code = "card-timeout" // the chip took too long
	CardAbsent    Code = "card-absent"  // no card lies on the reader
	CardFailed    Code = "card-failed"  // the chip refused for a reason not listed here

	// A chip that was read and is not to be believed; the first that applies.
	CardForged      Code = "card-forged"      // its data are not those that were signed
	CardCloned      Code = "card-cloned"      // it has not the private key that its data name
	CardDowngraded  Code = "card-downgraded"  // somebody hid the stronger protocol that its data promise
	CardUnsupported Code = "card-unsupported" // it offers only what this program cannot do
	CardUntrusted   Code = "card-untrusted"   // nothing is wrong with its data, and their issuer is not known here
	CardIncomplete  Code = "card-incomplete"  // something that a proof needs is missing

	// QR code and scanner.
	ScannerAbsent Code = "scanner-absent"
	QRNotCard     Code = "qr-not-card" // a code was read, and it is not an ID card's
	QRUnreadable  Code = "qr-unreadable"
	PictureBad    Code = "picture-bad"  // a file that is no picture we read
	ScansFailed   Code = "scans-failed" // the folder of the document scanner, or a file in it

	// Printer.
	PrinterAbsent  Code = "printer-absent"
	PrinterNoPaper Code = "printer-no-paper"
	PrinterCover   Code = "printer-cover"
	PrinterOffline Code = "printer-offline"
	PrinterUnsure  Code = "printer-unsure"

	// Store and machine.
	StoreFull    Code = "store-full"    // no space left for the filing
	StoreLocked  Code = "store-locked"  // another Motcua works on this data directory
	StoreDamaged Code = "store-damaged" // the database does not pass its own check
	StoreFailed  Code = "store-failed"
	SealNobody   Code = "seal-nobody" // no officer was set up: there is nobody to seal a filing to
	SealShut     Code = "seal-shut"   // sealed to others
	// SealDestroyed: the time for which the law has a filing kept is over.
	SealDestroyed Code = "seal-destroyed"
	SealWrong     Code = "seal-wrong"     // a wrong PIN or card
	DeskHeld      Code = "desk-held"      // another officer has the filing
	DeskMove      Code = "desk-move"      // not from where the filing stands, or something is lacking
	StationAbsent Code = "station-absent" // no kiosk of that name runs
	DeskQueue     Code = "desk-queue"     // nobody waits, or the number does not stand so
	ExportFailed  Code = "export-failed"  // a file that an officer asked for was not written
	TestStopped   Code = "test-stopped"   // a technician's test was ended before its end
	TestSilent    Code = "test-silent"    // nothing happened that a technician's test waits for
	ChoiceFixed   Code = "choice-fixed"   // the configuration names the device
	VoiceFailed   Code = "voice-failed"   // there is nothing to speak with, or it broke off
	ConfigBad     Code = "config-bad"
	NotFound      Code = "not-found" // no such filing
	Usage         Code = "usage"     // motcuactl was called wrongly
	Internal      Code = "internal"  // a mistake of ours

	// The national portal.
	PortalRefused     Code = "portal-refused"     // it looked at a filing and does not take it
	PortalUnreachable Code = "portal-unreachable" // it did not answer, or asked to come again, for as long as was waited
	PortalAnswer      Code = "portal-answer"      // it said something that its description does not know
	PortalBundle      Code = "portal-bundle"      // a bundle is not what an officer signed
)

// exits gives each code its own exit status in motcuactl. 0 is success, 2 wrong use; 1 is what nobody foresaw.
var exits = map[Code]int{
	Internal: 1, Usage: 2, ConfigBad: 3, StoreLocked: 4, StoreFull: 5, StoreDamaged: 6, StoreFailed: 7, NotFound: 8,
	SealNobody: 50, SealShut: 51, SealWrong: 52, DeskHeld: 53, DeskMove: 54, DeskQueue: 55, StationAbsent: 56, ExportFailed: 58, SealDestroyed: 57,
	TestStopped: 70, TestSilent: 71, ChoiceFixed: 72, VoiceFailed: 73,
	ReaderAbsent: 10, ReaderGone: 11, CardRemoved: 12, CardMute: 13, CardNotID: 14, CardWrongKey: 15, CardOther: 16,
	CardDamaged: 17, CardSecure: 18, CardKeyNeeded: 19, CardTimeout: 20, CardFailed: 21, CardAbsent: 22,
	CardForged: 23, CardCloned: 24, CardDowngraded: 25, CardUnsupported: 26, CardUntrusted: 27, CardIncomplete: 28,
	ScannerAbsent: 30, QRNotCard: 31, QRUnreadable: 32, PictureBad: 33, ScansFailed: 34,
	PortalRefused: 60, PortalUnreachable: 61, PortalAnswer: 62, PortalBundle: 63,
	PrinterAbsent: 40, PrinterNoPaper: 41, PrinterCover: 42, PrinterOffline: 43, PrinterUnsure: 44,
}

// Codes lists every code, in the order of the exit statuses.
func Codes() []Code {
	return slices.SortedFunc(maps.Keys(exits), func(a, b Code) int { return exits[a] - exits[b] })
}

// Exit is the exit status of motcuactl for this code; each code has its own.
func (c Code) Exit() int {
	if n, ok := exits[c]; ok {
		return n
	}
	return exits[Internal]
}

// Error is a failure with a code. Its text is for the log and free of personal data.
type Error struct {
	Code Code
	Err  error // what happened, nil if the code says it all
}

// New is a failure of the given kind with its cause.
func New(code Code, err error) *Error { return &Error{code, err} }

// Newf is a failure of the given kind, explained for the log.
func Newf(code Code, format string, args ...any) *Error {
	return &Error{code, fmt.Errorf(format, args...)}
}

// Error is the text for the log.
func (e *Error) Error() string {
	if e.Err == nil {
		return string(e.Code)
	}
	return string(e.Code) + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf is the code of err: that of the outermost *Error in its chain, Internal for any other error, "" for nil.
func CodeOf(err error) Code {
	var f *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &f):
		return f.Code
	}
	return Internal
}
