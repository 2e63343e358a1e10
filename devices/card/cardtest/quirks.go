package cardtest

import (
	"context"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
)

// Narrow is a reader that does not carry everything: in place of long commands and answers come errors, or pieces.
type Narrow struct {
	card.Transport
	Reach    int    // bytes of an answer with its status word that get through; 0: all
	Lost     error  // in place of a longer answer; nil: it is cut
	Extended error  // in place of sending an extended command; nil: it is sent
	Refusal  []byte // the answer to every extended command; nil: the card's
	Pieces   int    // an answer of more data bytes comes in pieces of so many, with 61xx, as over T=0; 0: whole

	rest []byte // of an answer in pieces
}

var _ card.Transport = (*Narrow)(nil)

// Transmit carries what gets through.
func (n *Narrow) Transmit(ctx context.Context, raw []byte) ([]byte, error) {
	command, err := apdu.ParseCommand(raw)
	if err != nil {
		return nil, err
	}
	if command.Extended && n.Extended != nil {
		return nil, n.Extended
	}
	if command.Extended && n.Refusal != nil {
		return n.Refusal, nil
	}
	answer := n.rest
	if n.rest == nil || command.INS != apdu.InsGetResponse {
		if answer, err = n.Transport.Transmit(ctx, raw); err != nil {
			return nil, err
		}
	}
	n.rest = nil
	if n.Pieces > 0 && len(answer)-statusSize > n.Pieces {
		n.rest = answer[n.Pieces:]
		answer = apdu.Response{Data: answer[:n.Pieces], SW: apdu.More(len(n.rest) - statusSize)}.Encode()
	}
	switch {
	case n.Reach == 0 || len(answer) <= n.Reach:
		return answer, nil
	case n.Lost != nil:
		return nil, n.Lost
	}
	return answer[:n.Reach], nil
}

// statusSize is the bytes of SW1-SW2.
const statusSize = 2
