package vncard

import (
	"context"
	"errors"

	"motcua/devices/card/emrtd"
)

// This file is how the chip proves that it is not a copy.

// authenticateChip runs chip authentication with the strongest key of DG14, if that is vouched for and usable. Whether
// the chip has the private key shows with the next command.
func (r *reader) authenticateChip(ctx context.Context) error {
	if r.card.Infos == nil {
		return nil
	}
	keys, err := r.card.Infos.ChipKeys()
	if err != nil || len(keys) == 0 {
		return nil // what is wrong with the offer is found again by the examination
	}
	proof, err := r.conn.ChipAuthenticate(ctx, keys[0])
	switch {
	case errors.Is(err, emrtd.ErrChipRefused), errors.Is(err, emrtd.ErrUnsupported):
		r.card.Proof.ChipRefused = true
		return nil
	case errors.Is(err, emrtd.ErrSessionEnded):
		r.card.Proof.ChipRefused = true
		return r.reopenRefused(ctx, err)
	case err != nil:
		return err
	}
	r.card.Proof.Chip = proof
	return nil
}

// cloned notes that the first answer after chip authentication was not from the chip that DG14 speaks of. The
// connection is dead, and what comes from it would be worth nothing.
func (r *reader) cloned(f emrtd.File) {
	r.dead = true
	r.card.Proof.NotGenuine = true
	r.progress.done(f, false)
}

// authenticateActively has the chip sign a challenge with the key of DG15.
func (r *reader) authenticateActively(ctx context.Context) error {
	if r.card.AAKey == nil || r.dead {
		return nil
	}
	proof, err := r.conn.ActiveAuthenticate(ctx, *r.card.AAKey)
	switch {
	case errors.Is(err, emrtd.ErrNotGenuine):
		r.cloned(emrtd.DG15)
		return nil
	case errors.Is(err, emrtd.ErrChipRefused):
		r.card.Proof.ActiveRefused = true
		return nil
	case errors.Is(err, emrtd.ErrSessionEnded):
		r.card.Proof.ActiveRefused = true
		return r.reopenRefused(ctx, err)
	case err != nil:
		return err
	}
	r.card.Proof.Active = proof
	return nil
}
