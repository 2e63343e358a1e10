// Package card is the contract between a chip card on a reader and everything that talks to it.
//
// Start with Readers: it says which readers are there and what lies on them (Watch), and powers a card (Connect).
// The Transport that Connect returns is all that the protocol packages (apdu, emrtd, vncard) know of a card: bytes
// down, bytes up. Two drivers implement the contract: pcsc, for whatever PC/SC knows, and cardsim, a card in software
// that lives in this process. Nothing here knows what a citizen is.
//
// Package layout, from the wire up: apdu (ISO 7816-4 commands and status words), tlv (BER-TLV), emrtd (ICAO 9303
// access control, chip and active authentication, secure messaging and files; below it pki and trust, who signed and
// whom to believe), vncard (what is particular to Vietnam's card), airtime (what a reading costs over the air).
package card

import (
	"context"
	"errors"
)

// Errors that a driver's failures unwrap to. Callers test with errors.Is; the driver's own words are in the chain.
var (
	// ErrRemoved: the card left the field. The Transport is dead; a new Connect is needed.
	ErrRemoved = errors.New("card: card was removed")
	// ErrNoCard: the reader is there, no card lies on it.
	ErrNoCard = errors.New("card: no card on the reader")
	// ErrNoReader: no such reader, or none at all.
	ErrNoReader = errors.New("card: no reader")
	// ErrService: the reader service (pcscd, the Smart Card service) does not answer.
	ErrService = errors.New("card: reader service does not answer")
	// ErrUnresponsive: a card lies there and gives no answer to reset, or stopped answering.
	ErrUnresponsive = errors.New("card: card does not respond")
	// ErrBusy: another program holds the card.
	ErrBusy = errors.New("card: card is in use by another program")
)

// Transport is one powered card: the whole of ISO 7816-4 below the command. It is used by one goroutine at a time.
type Transport interface {
	// Transmit sends one command APDU and returns the response with its status word. A response is never shorter
	// than two bytes: whatever yields less is an error (ErrRemoved if the card left). When ctx ends before the
	// answer came, Transmit returns ctx.Err() within a second and the Transport is dead.
	Transmit(ctx context.Context, command []byte) (response []byte, err error)
	// ATR is the answer to reset (ISO 7816-3), of a contactless card the one PC/SC part 3 makes of its ATS.
	ATR() []byte
	// Close powers the card down. Safe to call twice, and after removal.
	Close() error
}

// EventKind says what happened at the readers.
type EventKind uint8

// What can happen. The first events of a Watch describe what is there already.
const (
	ReaderAdded  EventKind = iota + 1 // a reader was plugged in
	ReaderGone                        // it was pulled; its card is gone with it, no CardRemoved comes first
	CardInserted                      // a card was laid down; ATR is set where the driver knows it
	CardRemoved                       // it was taken away
	ServiceDown                       // the reader service went away, and with it every reader (ReaderGone precedes it)
	ServiceUp                         // it answers (again); ReaderAdded follows for each reader
	CardMute                          // something was laid down that gives no answer to reset
)

// String names the kind as logs and JSON have it.
func (k EventKind) String() string {
	switch k {
	case ReaderAdded:
		return "reader-added"
	case ReaderGone:
		return "reader-gone"
	case CardInserted:
		return "card-inserted"
	case CardRemoved:
		return "card-removed"
	case ServiceDown:
		return "service-down"
	case ServiceUp:
		return "service-up"
	case CardMute:
		return "card-mute"
	}
	return "unknown"
}

// Event is one change at the readers.
type Event struct {
	Kind   EventKind
	Reader string // empty for ServiceDown and ServiceUp
	ATR    []byte // of CardInserted
	Err    error  // of ServiceDown: why
}

// Readers is a driver: a source of readers and of the cards on them. Its methods may be called concurrently.
type Readers interface {
	// Watch sends changes until ctx ends, and closes the channel then. It blocks rather than polls where the
	// system allows, never gives up (a service that is away is waited for) and never sends the same state twice.
	Watch(ctx context.Context) <-chan Event
	// Connect powers the card on the named reader.
	Connect(ctx context.Context, reader string) (Transport, error)
	// Close ends every Watch and every Transport of this driver.
	Close() error
}
