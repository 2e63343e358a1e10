package cardsim

import "motcua/devices/card/apdu"

// statusSize is the bytes of SW1-SW2.
const statusSize = 2

// An answer that is longer than the terminal has room for leaves in pieces, each but the last with 61xx, for which the
// terminal sends GET RESPONSE (ISO 7816-4 §5.3.4). Secure messaging covers the answer as a whole, not the pieces.

// inPieces keeps back what of an answer the command has no room for.
func (c *Card) inPieces(raw, response []byte) []byte {
	command, err := apdu.ParseCommand(raw)
	if c.options.Oversize != Continue || err != nil || command.Ne == 0 || len(response)-statusSize <= command.Ne {
		return response
	}
	c.rest = response[command.Ne:]
	return apdu.Response{Data: response[:command.Ne], SW: apdu.More(len(c.rest) - statusSize)}.Encode()
}

// getResponse gives the next piece; false if the command asks for none.
func (c *Card) getResponse(raw []byte) (response []byte, asked bool) {
	rest := c.rest
	c.rest = nil // any other command gives it up
	command, err := apdu.ParseCommand(raw)
	if rest == nil || err != nil || command.CLA != 0 || command.INS != apdu.InsGetResponse {
		return nil, false
	}
	if command.P1 != 0 || command.P2 != 0 || len(command.Data) > 0 || command.Ne == 0 {
		return apdu.Response{SW: apdu.WrongP1P2}.Encode(), true
	}
	return c.inPieces(raw, rest), true
}
