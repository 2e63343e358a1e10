package emrtd

import (
	"context"

	"motcua/devices/card/apdu"
)

// maxAnswer is the most bytes of one answer that comes in pieces: what an extended answer can have.
const maxAnswer = apdu.MaxExtendedNe

// maxPieces is how many pieces there may be: of 256 bytes, as many as the longest answer has.
const maxPieces = maxAnswer / apdu.MaxShortNe

// transmit carries one command and all of its answer. A chip that has more to say than Le has room for says 61xx, and
// GET RESPONSE brings the rest (ISO 7816-4 §5.3.4): long signatures come so over short APDUs. Secure messaging covers
// the whole answer, so that nothing of a piece is taken for granted. An answer that does not grow or has no end stays
// with its 61xx, which is a status like any other.
func (c *Conn) transmit(ctx context.Context, command apdu.Command) (apdu.Response, error) {
	answer, err := c.exchange(ctx, command)
	if err != nil {
		return answer, err
	}
	for range maxPieces {
		ne, more := answer.SW.Remaining()
		if !more || len(answer.Data)+ne > maxAnswer {
			return answer, nil
		}
		piece, err := c.exchange(ctx, apdu.Command{INS: apdu.InsGetResponse, Ne: ne})
		if err != nil {
			return piece, err
		}
		answer.Data, answer.SW = append(answer.Data, piece.Data...), piece.SW
		if len(piece.Data) == 0 {
			break
		}
	}
	return answer, nil
}
