package apdu

import (
	"errors"
	"fmt"
)

// StatusWord is SW1-SW2 of a response, ISO 7816-4 §5.1.3.
type StatusWord uint16

// Status words that an eMRTD answers (ISO 7816-4 tables 5 and 6, ICAO 9303-10 §3.6 and 9303-11 §9.8.7).
const (
	OK                    StatusWord = 0x9000
	EndOfFile             StatusWord = 0x6282 // warning: end of file before Ne bytes
	AuthenticationFailed  StatusWord = 0x6300
	WrongLength           StatusWord = 0x6700
	SMNotSupported        StatusWord = 0x6882
	LastOfChainExpected   StatusWord = 0x6883
	ChainingNotSupported  StatusWord = 0x6884
	SecurityStatus        StatusWord = 0x6982
	AuthenticationBlocked StatusWord = 0x6983
	ConditionsOfUse       StatusWord = 0x6985
	NoCurrentFile         StatusWord = 0x6986
	SMObjectMissing       StatusWord = 0x6987
	SMObjectWrong         StatusWord = 0x6988
	WrongData             StatusWord = 0x6A80
	FileNotFound          StatusWord = 0x6A82
	WrongP1P2             StatusWord = 0x6A86
	ReferenceNotFound     StatusWord = 0x6A88
	OffsetOutside         StatusWord = 0x6B00
	WrongINS              StatusWord = 0x6D00
	WrongCLA              StatusWord = 0x6E00
	NoDiagnosis           StatusWord = 0x6F00
)

// What a status word means to a caller. StatusError unwraps to at most one of these.
var (
	ErrNotFound           = errors.New("apdu: file or application not found")                     // 6A82, 6A83
	ErrReferenceNotFound  = errors.New("apdu: referenced key or password not found")              // 6A88
	ErrSecurityStatus     = errors.New("apdu: security status not satisfied")                     // 6982
	ErrBlocked            = errors.New("apdu: authentication method blocked")                     // 6983
	ErrConditions         = errors.New("apdu: conditions of use not satisfied")                   // 6985, 6986
	ErrAuthentication     = errors.New("apdu: authentication failed")                             // 63xx
	ErrWrongLength        = errors.New("apdu: wrong length")                                      // 67xx, 6Cxx
	ErrWrongParameters    = errors.New("apdu: wrong parameters or data")                          // 6A80, 6A86, 6A8x
	ErrOffset             = errors.New("apdu: offset outside the file")                           // 6B00
	ErrNotSupported       = errors.New("apdu: instruction, class or chaining not supported")      // 6D00, 6E00, 68xx
	ErrSecureMessagingObj = errors.New("apdu: card rejects the secure messaging of this command") // 6987, 6988
	ErrEndOfFile          = errors.New("apdu: end of file reached before all bytes asked for")    // 6282
	ErrUnspecified        = errors.New("apdu: card reports an error it does not explain")         // 6Fxx and others
)

// String gives the four hexadecimal digits.
func (sw StatusWord) String() string { return fmt.Sprintf("%04X", uint16(sw)) }

// Err is nil for 9000 and a *StatusError for everything else, warnings (62xx, 63xx) included: which of those may be
// passed over is known only to whoever sent the command.
func (sw StatusWord) Err() error {
	if sw == OK {
		return nil
	}
	return &StatusError{SW: sw}
}

// Available tells from 6Cxx how many bytes the card has (ISO 7816-4 §5.1.3: 6C00 says 256).
func (sw StatusWord) Available() (int, bool) {
	if sw>>8 != 0x6C {
		return 0, false
	}
	if n := int(sw & 0xFF); n > 0 {
		return n, true
	}
	return MaxShortNe, true
}

// Remaining tells from 61xx how many bytes GET RESPONSE can fetch (ISO 7816-4 §5.1.3: 6100 says 256 or more).
func (sw StatusWord) Remaining() (int, bool) {
	if sw>>8 != 0x61 {
		return 0, false
	}
	if n := int(sw & 0xFF); n > 0 {
		return n, true
	}
	return MaxShortNe, true
}

// StatusError is a card's refusal.
type StatusError struct {
	SW StatusWord
}

// Error names the status word and what it means.
func (e *StatusError) Error() string {
	return fmt.Sprintf("status word %s: %v", e.SW, e.Unwrap())
}

// Unwrap gives the sentinel of this package that the status word stands for.
func (e *StatusError) Unwrap() error {
	switch e.SW {
	case EndOfFile:
		return ErrEndOfFile
	case SecurityStatus:
		return ErrSecurityStatus
	case AuthenticationBlocked:
		return ErrBlocked
	case ConditionsOfUse, NoCurrentFile:
		return ErrConditions
	case SMObjectMissing, SMObjectWrong:
		return ErrSecureMessagingObj
	case FileNotFound, FileNotFound + 1:
		return ErrNotFound
	case ReferenceNotFound:
		return ErrReferenceNotFound
	}
	return e.family()
}

// family decides by SW1 alone.
func (e *StatusError) family() error {
	switch e.SW >> 8 {
	case 0x63:
		return ErrAuthentication
	case 0x67, 0x6C:
		return ErrWrongLength
	case 0x68, 0x6D, 0x6E:
		return ErrNotSupported
	case 0x6A:
		return ErrWrongParameters
	case 0x6B:
		return ErrOffset
	}
	return ErrUnspecified
}
