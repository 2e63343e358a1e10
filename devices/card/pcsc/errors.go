package pcsc

import (
	"errors"
	"fmt"

	"github.com/ebfe/scard"

	"motcua/devices/card"
)

// meanings says which of the contract's errors a PC/SC error is.
var meanings = map[scard.Error]error{
	scard.ErrRemovedCard:        card.ErrRemoved,
	scard.ErrResetCard:          card.ErrRemoved, // by someone else: the Transport is as dead as after removal
	scard.ErrNoSmartcard:        card.ErrNoCard,
	scard.ErrUnknownReader:      card.ErrNoReader,
	scard.ErrReaderUnavailable:  card.ErrNoReader,
	scard.ErrNoReadersAvailable: card.ErrNoReader,
	scard.ErrNoService:          card.ErrService,
	scard.ErrServiceStopped:     card.ErrService,
	scard.ErrCommError:          card.ErrService, // "RPC transport error": pcscd died with the call under way
	scard.ErrInternalError:      card.ErrService, // so does Windows without the service, and wine
	scard.ErrInvalidHandle:      card.ErrService, // the handle is of a service that was restarted
	scard.ErrShutdown:           card.ErrService,
	scard.ErrServerTooBusy:      card.ErrService,
	scard.ErrNoMemory:           card.ErrService, // pcscd has no place for another client
	scard.ErrSystemCancelled:    card.ErrService,
	scard.ErrSecurityViolation:  card.ErrService, // polkit refuses us; also seen while pcscd is dying
	scard.ErrNoAccess:           card.ErrService,
	scard.ErrUnresponsiveCard:   card.ErrUnresponsive,
	scard.ErrUnpoweredCard:      card.ErrUnresponsive,
	scard.ErrProtoMismatch:      card.ErrUnresponsive,
	scard.ErrUnsupportedCard:    card.ErrUnresponsive,
	scard.ErrNotTransacted:      card.ErrUnresponsive,
	scard.ErrCommDataLost:       card.ErrUnresponsive,
	scard.ErrNotReady:           card.ErrUnresponsive,
	scard.ErrSharingViolation:   card.ErrBusy,
}

// meaning wraps a PC/SC error in what the contract calls it; one without a name there stays as it is.
func meaning(err error) error {
	var code scard.Error
	if errors.As(err, &code) {
		if means, known := meanings[code]; known {
			return fmt.Errorf("%w (%w)", means, err)
		}
	}
	return err
}
