package cardsim

import (
	"context"

	"motcua/devices/card"
)

// Transport powers the card without any reader, for measurements and tests that need nothing of one: it answers at once
// and in the caller's goroutine. When the card leaves, every further command is card.ErrRemoved.
func (c *Card) Transport() card.Transport {
	c.Reset()
	return &solo{card: c}
}

// solo is a card in the air.
type solo struct {
	card *Card
	gone bool
}

var _ card.Transport = (*solo)(nil)

// Transmit implements card.Transport.
func (s *solo) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.gone {
		return nil, removed()
	}
	answer := s.card.Transmit(command)
	s.gone = answer.Leaves
	if len(answer.Response) == 0 {
		return nil, removed()
	}
	return answer.Response, nil
}

// ATR implements card.Transport.
func (s *solo) ATR() []byte { return s.card.ATR() }

// Close implements card.Transport.
func (s *solo) Close() error {
	s.gone = true
	return nil
}
