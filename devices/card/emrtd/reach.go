package emrtd

import (
	"context"
	"errors"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/tlv"
)

// ErrReach: the first answer that may have been longer than a reader of short APDUs carries did not come, or came cut.
// It stands beside what else the failure is. See Shorten.
var ErrReach = errors.New("emrtd: the reader may not carry so long an answer")

// What readers of short APDUs carry at the most, status word included: 258 bytes by the standard, some a few less, and
// some with a few bytes of their own more. Answers that are cut are cut there.
const (
	leastReach = 250
	mostReach  = 262
)

// Shorten goes on after an ErrReach: with short answers from now on, and from access control, for the session and its
// keys are gone. It does nothing, and is false, after any other failure.
func (c *Conn) Shorten() bool {
	if !errors.Is(c.dead, ErrReach) {
		return false
	}
	c.dead, c.ended = nil, true
	c.sizes.Extended = false
	return true
}

// Reaches says whether an answer has come that is longer than readers of short APDUs carry.
func (c *Conn) Reaches() bool { return c.longest > mostReach }

// untried: an answer to this command may be longer than any that came yet.
func (c *Conn) untried(command apdu.Command) bool {
	return command.Extended && command.Ne > apdu.MaxShortNe && !c.Reaches()
}

// isCut: an answer under secure messaging of which the end is missing.
func isCut(r apdu.Response) bool {
	_, header, length, err := tlv.Strict.Header(r.Data)
	return err == nil && header+length > len(r.Data) && len(r.Data) >= leastReach && len(r.Data) <= mostReach
}

// remains: an error of the transport after which the card may still be there.
func remains(ctx context.Context, err error) bool {
	for _, end := range []error{card.ErrRemoved, card.ErrNoCard, card.ErrNoReader, card.ErrService} {
		if errors.Is(err, end) {
			return false
		}
	}
	return ctx.Err() == nil
}
