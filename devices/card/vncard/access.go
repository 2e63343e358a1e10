package vncard

import (
	"context"
	"errors"
	"fmt"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
)

// fixedPACE is what EF.CardAccess of all these cards was seen to say: PACE-ECDH-GM-AES-CBC-CMAC-128 on
// brainpoolP256r1.
func fixedPACE() lds.PACEInfo {
	const brainpoolP256r1 = 13
	return lds.PACEInfo{OID: "0.4.0.127.0.7.2.2.4.2.2", Mapping: lds.ECDHGenericMapping, Cipher: secmsg.AES128,
		ParameterID: brainpoolP256r1}
}

// open brings the chip from power-on to secure messaging with the application selected.
func (r *reader) open(ctx context.Context) error {
	raw, infos, err := r.conn.ReadCardAccess(ctx, r.probe)
	switch {
	case err == nil:
		r.noExtended = r.noExtended || r.probe && !r.conn.Sizes().Extended
		return r.openAtMaster(ctx, raw, infos)
	case !isRefusal(err):
		// Readers were seen that fail at an extended command instead of refusing it. The next attempt spares them.
		r.noExtended = r.noExtended || r.probe && ctx.Err() == nil && !errors.Is(err, card.ErrRemoved)
		return err
	}
	r.noExtended = r.noExtended || r.probe && !r.conn.Sizes().Extended
	if errors.Is(err, apdu.ErrNotFound) && len(r.keys.information) > 0 {
		return r.openWithoutPACE(ctx)
	}
	return r.openInApplication(ctx)
}

// openWithoutPACE is for chips that have no EF.CardAccess, as those from before PACE say. Whoever only pretends so is found
// out by DG14, which is signed.
func (r *reader) openWithoutPACE(ctx context.Context) error {
	if err := r.conn.SelectApplication(ctx); err != nil {
		return err
	}
	return r.openWithBAC(ctx)
}

// isRefusal: the chip does not give EF.CardAccess, or gives nonsense. It may still do PACE.
func isRefusal(err error) bool {
	var status *apdu.StatusError
	return errors.As(err, &status) || errors.Is(err, emrtd.ErrDamaged)
}

// openAtMaster is the way of 9303-11 §4.2: EF.CardAccess, PACE, then the application.
func (r *reader) openAtMaster(ctx context.Context, raw []byte, infos lds.SecurityInfos) error {
	r.card.Files[emrtd.CardAccess] = raw
	offers := infos.PACE()
	if len(offers) == 0 {
		return r.openWithoutPACE(ctx)
	}
	info, err := emrtd.Best(offers)
	if err != nil {
		return err
	}
	if err := r.openWithPACE(ctx, info); err != nil {
		return err
	}
	if err := r.readCardSecurity(ctx); err != nil {
		return err
	}
	return r.conn.SelectApplication(ctx)
}

// readCardSecurity reads the key that the chip authentication mapping refers to. It stands in the master file.
func (r *reader) readCardSecurity(ctx context.Context) error {
	m := r.conn.ChipMapping()
	if m == nil {
		return nil
	}
	r.card.Proof.Mapping = m
	raw, err := r.conn.ReadFile(ctx, emrtd.CardSecurity, nil)
	var status *apdu.StatusError
	switch {
	case err == nil:
		r.card.Files[emrtd.CardSecurity] = raw
		return nil
	case errors.Is(err, emrtd.ErrDamaged):
		r.card.Damaged = append(r.card.Damaged, emrtd.CardSecurity)
		return nil
	case errors.As(err, &status) && !errors.Is(err, emrtd.ErrSessionEnded):
		r.card.Refused = append(r.card.Refused, emrtd.CardSecurity)
		return nil
	}
	return err
}

// openInApplication is for chips that do not give EF.CardAccess at power-on. Those that have PACE all the same are
// asked for it with the parameters known of them; only who then refuses the very set-up of PACE is opened with BAC.
func (r *reader) openInApplication(ctx context.Context) error {
	if err := r.conn.SelectApplication(ctx); err != nil {
		return err
	}
	info := fixedPACE()
	sizes := r.conn.Sizes()
	raw, infos, err := r.conn.ReadCardAccess(ctx, false)
	if err != nil && !isRefusal(err) {
		return err
	}
	if err != nil {
		r.conn.SetSizes(sizes) // what is refused here is the file, so nothing was learnt about lengths
	}
	if err == nil {
		r.card.Files[emrtd.CardAccess] = raw
		if info, err = emrtd.Best(infos.PACE()); err != nil {
			return err
		}
	}
	err = r.openWithPACE(ctx, info)
	if errors.Is(err, emrtd.ErrNoPACE) && r.card.Files[emrtd.CardAccess] == nil {
		return r.openWithBAC(ctx)
	}
	if err != nil {
		return err
	}
	// The application is selected already; selecting it again is for chips whose PACE leaves it, and a chip that
	// refuses has not.
	var status *apdu.StatusError
	if err := r.conn.SelectApplication(ctx); err != nil && (!errors.As(err, &status) || !r.conn.Secured()) {
		return err
	}
	return nil
}

// openWithPACE tries the CAN, and the MRZ where there is no CAN or the chip does not know one (6A88). Each MRZ that
// may be the right one is tried until the chip accepts it.
func (r *reader) openWithPACE(ctx context.Context, info lds.PACEInfo) error {
	err := emrtd.ErrKeyNotKnown
	if r.keys.can != "" {
		if err = r.pace(ctx, info, emrtd.CAN(r.keys.can), PACECAN); !errors.Is(err, emrtd.ErrKeyNotKnown) {
			return err
		}
	}
	for _, information := range r.keys.information {
		err = r.pace(ctx, info, emrtd.MRZ(information), PACEMRZ)
		if errors.Is(err, emrtd.ErrKeyNotKnown) {
			break
		}
		if !errors.Is(err, ErrWrongKey) {
			return err
		}
	}
	if errors.Is(err, emrtd.ErrKeyNotKnown) { // of every password that there is
		return fmt.Errorf("%w: %w", ErrKeyMissing, err)
	}
	return err
}

// pace runs PACE and remembers how, so that a session that the chip ends can be opened again.
func (r *reader) pace(ctx context.Context, info lds.PACEInfo, password emrtd.Password, access Access) error {
	if err := r.conn.PACE(ctx, info, password); err != nil {
		return err
	}
	r.card.Access = access
	r.reopen = func(ctx context.Context) error {
		if err := r.conn.PACE(ctx, info, password); err != nil {
			return err
		}
		return r.conn.SelectApplication(ctx)
	}
	return nil
}

// openWithBAC tries each MRZ information, with the application selected anew before each but the first: chips were
// seen that answer 6985 to a second GET CHALLENGE otherwise.
func (r *reader) openWithBAC(ctx context.Context) error {
	err := ErrKeyMissing
	for i, information := range r.keys.information {
		if i == 1 {
			defer r.patience(slowChip * time.Duration(len(r.keys.information)-1))()
		}
		if i > 0 {
			if err := r.conn.SelectApplication(ctx); err != nil {
				return err
			}
		}
		if err = r.conn.BAC(ctx, information); err == nil {
			r.card.Access = BAC
			r.reopen = func(ctx context.Context) error {
				if err := r.conn.SelectApplication(ctx); err != nil {
					return err
				}
				return r.conn.BAC(ctx, information)
			}
			return nil
		}
		if !errors.Is(err, ErrWrongKey) {
			return err
		}
	}
	return err
}

// How long a chip may think after it refused a key, as 9303-11 §4.3 allows it to, and how often whoever waits is told
// meanwhile that the reading goes on.
const (
	slowChip = 15 * time.Second
	signs    = 2 * time.Second
)

// patience tells of progress, though there is none, while a chip that refused a key takes its time for the next one:
// somebody who counts silent seconds would take it for dead. It ends with the function that it gives, or after most.
func (r *reader) patience(most time.Duration) (end func()) {
	if r.req.Progress == nil {
		return func() {}
	}
	now := r.progress.now
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		sign := time.NewTicker(signs)
		defer sign.Stop()
		limit := time.After(most)
		for {
			select {
			case <-over:
				return
			case <-limit:
				return
			case <-sign.C:
				r.req.Progress(now)
			}
		}
	}()
	return func() {
		close(over)
		<-ended
	}
}
