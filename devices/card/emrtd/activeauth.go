package emrtd

import (
	"context"
	"errors"
	"fmt"
	"io"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/spki"
)

// activeChallengeSize is RND.IFD of active authentication, 9303-11 §6.1.
const activeChallengeSize = 8

// ActiveProof is a run of active authentication. Whoever has the public key of DG15 can check it (package aa), and
// nobody but the chip can have made it.
type ActiveProof struct {
	Challenge []byte `json:"challenge"`
	Response  []byte `json:"response"`
}

// ActiveAuthenticate has the chip sign a random challenge, 9303-11 §6.1, with the key of DG15. A refusal is
// ErrChipRefused. The signature is not checked here.
func (c *Conn) ActiveAuthenticate(ctx context.Context, key spki.Key) (*ActiveProof, error) {
	challenge := make([]byte, activeChallengeSize)
	if _, err := io.ReadFull(c.random(), challenge); err != nil {
		return nil, fmt.Errorf("emrtd: random: %w", err)
	}
	response, err := c.internalAuthenticate(ctx, challenge, signatureSize(key))
	if err != nil {
		return nil, err
	}
	return &ActiveProof{challenge, response}, nil
}

// signatureSize is how many bytes a signature has at the most.
func signatureSize(key spki.Key) int {
	const bitsPerByte, derOverhead = 8, 9
	switch {
	case key.RSA != nil:
		return (key.RSA.N.BitLen() + bitsPerByte - 1) / bitsPerByte
	case key.EC != nil:
		return 2*key.EC.Curve.Size + derOverhead
	}
	return 0
}

// internalAuthenticate sends INTERNAL AUTHENTICATE. Short length first, since there are chips that answer nothing to an
// extended one; an answer that does not fit a short one is asked for extended from the beginning where that goes
// through. A length that the chip refuses is tried in the other form once.
func (c *Conn) internalAuthenticate(ctx context.Context, challenge []byte, size int) ([]byte, error) {
	command := apdu.Command{INS: apdu.InsInternalAuthenticate, Data: challenge, Ne: apdu.MaxShortNe}
	room := apdu.MaxShortNe
	if c.session != nil {
		room = c.session.Cipher().Capacity(apdu.MaxShortNe, false)
	}
	if size > room && c.sizes.Extended {
		command.Extended, command.Ne = true, apdu.MaxExtendedNe
	}
	for try := 0; ; try++ {
		r, err := c.Send(ctx, command)
		if err != nil {
			return nil, err
		}
		switch err := r.SW.Err(); {
		case err == nil && len(r.Data) > 0:
			return r.Data, nil
		case try > 0:
			return nil, fmt.Errorf("%w: INTERNAL AUTHENTICATE: %d bytes, %s", ErrChipRefused, len(r.Data), r.SW)
		case errors.Is(err, apdu.ErrWrongLength):
			if n, ok := r.SW.Available(); ok && !command.Extended {
				command.Ne = n
				continue
			}
			if !c.sizes.Extended {
				return nil, fmt.Errorf("%w: INTERNAL AUTHENTICATE: %w", ErrChipRefused, err)
			}
			command.Extended = !command.Extended
			command.Ne = map[bool]int{true: apdu.MaxExtendedNe, false: apdu.MaxShortNe}[command.Extended]
		default:
			return nil, fmt.Errorf("%w: INTERNAL AUTHENTICATE: %s", ErrChipRefused, r.SW)
		}
	}
}
