package vncard

import (
	"context"
	"errors"
	"fmt"
	"io"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
)

// maxReopened is how often one reading opens the chip again after it ended the session: once for each smaller size,
// and once for a file that it refuses in the clear.
const maxReopened = 6

// reader is one reading.
type reader struct {
	conn  *emrtd.Conn
	req   Request
	keys  keys
	card  *Card
	probe bool // try extended length
	hint  hintKey

	noExtended bool // a probe failed, now or with an earlier card

	cardAccess lds.SecurityInfos
	sod        *lds.SecurityObject
	reopen     func(context.Context) error
	reopened   int
	progress   progress
}

func newReader(t card.Transport, req Request, k keys) *reader {
	r := &reader{conn: emrtd.New(t), req: req, keys: k, hint: hintKey{string(t.ATR()), req.Reader},
		card: &Card{Files: map[emrtd.File][]byte{}}}
	r.conn.Random = req.Random
	if req.Trace != nil {
		r.conn.Trace = func(d emrtd.Direction, raw []byte) {
			// A trace that cannot be written is no reason to stop reading.
			_, _ = io.WriteString(req.Trace, fmt.Sprintf("%c %X\n", d, raw))
		}
	}
	known, _ := req.Hints.get(r.hint)
	r.conn.SetSizes(known.sizes)
	extended, said := extendedByATR(t.ATR())
	r.probe = req.Extended != ExtendedNever && (extended || !said)
	r.noExtended = known.noExtended
	r.probe = r.probe && !known.noExtended
	if req.Extended == ExtendedNever {
		r.conn.SetSizes(emrtd.Sizes{Chunk: known.sizes.Chunk})
	}
	r.progress = newProgress(req.Progress)
	return r
}

// learn remembers the sizes as they are now, for the next card of the kind on this reader.
func (r *reader) learn() {
	r.req.Hints.put(r.hint, hint{sizes: r.conn.Sizes(), noExtended: r.noExtended})
}

// run is the inspection as a list of steps.
func (r *reader) run(ctx context.Context) error {
	defer r.learn()
	if err := r.open(ctx); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		r.readSOD, r.readDG1, r.readDG13, r.identify, r.readDG14, r.readDG15, r.readDG2,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	r.card.Checks = r.checks()
	return nil
}

// read reads one file into the card. It returns nil data, and no error, for a file that the chip does not give or that
// is damaged: that is noted and the reading goes on.
func (r *reader) read(ctx context.Context, f emrtd.File) ([]byte, error) {
	for {
		raw, err := r.conn.ReadFile(ctx, f, func(read, size int) { r.progress.at(f, read, size) })
		var status *apdu.StatusError
		switch {
		case err == nil:
			r.card.Files[f] = raw
			r.progress.done(f, true)
			return raw, nil
		case errors.Is(err, emrtd.ErrSessionEnded):
			again, err := r.reopenAfter(ctx, err)
			if err != nil || again {
				if err != nil {
					return nil, err
				}
				continue
			}
			r.refused(f)
			return nil, nil
		case errors.Is(err, emrtd.ErrDamaged):
			r.damaged(f)
			return nil, nil
		case errors.As(err, &status):
			r.refused(f)
			return nil, nil
		}
		return nil, err
	}
}

// reopenAfter opens the chip again after it ended the session. again says whether the file is worth another attempt:
// yes after a refused length, which is smaller now; no where the chip refused the file in the clear. Any other status
// ends the reading, for a chip that does not explain itself cannot be told from somebody in between.
func (r *reader) reopenAfter(ctx context.Context, cause error) (again bool, err error) {
	again = errors.Is(cause, apdu.ErrWrongLength)
	refused := errors.Is(cause, apdu.ErrNotFound) || errors.Is(cause, apdu.ErrSecurityStatus) || errors.Is(cause, apdu.ErrOffset)
	if r.reopened++; r.reopened > maxReopened || !again && !refused {
		return false, fmt.Errorf("%w: %w", ErrSecureMessaging, cause)
	}
	r.learn()
	if err := r.reopen(ctx); err != nil {
		return false, fmt.Errorf("opening the chip again: %w", err)
	}
	return again, nil
}

func (r *reader) refused(f emrtd.File) {
	r.card.Refused = append(r.card.Refused, f)
	r.progress.done(f, false)
}

// damaged notes a file that makes no sense; if it was read to the end, its bytes stay as evidence.
func (r *reader) damaged(f emrtd.File) {
	r.card.Damaged = append(r.card.Damaged, f)
	r.progress.done(f, false)
}

func (r *reader) readSOD(ctx context.Context) error {
	raw, err := r.read(ctx, emrtd.SOD)
	if err != nil || raw == nil {
		return err
	}
	so, err := lds.ParseSOD(raw)
	if err != nil {
		r.damaged(emrtd.SOD)
		return nil
	}
	r.sod = &so
	return nil
}

func (r *reader) readDG1(ctx context.Context) error {
	raw, err := r.read(ctx, emrtd.DG1)
	if err != nil || raw == nil {
		return err
	}
	m, err := lds.ParseDG1(raw)
	if err != nil {
		r.damaged(emrtd.DG1)
		return nil
	}
	r.card.MRZ, r.card.Number = &m, personalNumber(m)
	return nil
}

func (r *reader) readDG13(ctx context.Context) error {
	raw, err := r.read(ctx, emrtd.DG13)
	if err != nil || raw == nil {
		return err
	}
	d, err := ParseDG13(raw)
	if err != nil {
		r.damaged(emrtd.DG13)
		return nil
	}
	r.card.DG13 = &d
	return nil
}

// identify makes sure that there is a person, and the right one, before anything is shown.
func (r *reader) identify(context.Context) error {
	c := r.card
	text := c.DG13 != nil && !c.DG13.Opaque
	if c.MRZ == nil && !text {
		return &emrtd.DamagedError{File: emrtd.DG1.String(), Err: errors.New("neither DG1 nor DG13 can be understood")}
	}
	if c.Number == "" && text && isNumber(c.DG13.Number) {
		c.Number = c.DG13.Number
	}
	if r.keys.number != "" && c.Number != "" && c.Number != r.keys.number {
		return ErrOtherCard
	}
	if r.req.OnText != nil {
		r.req.OnText(c)
	}
	return nil
}

// listed: whether EF.SOD speaks of a data group. Those that it does not list are not vouched for by anybody, and the
// keys in them would prove nothing, so they are not read.
func (r *reader) listed(f emrtd.File) bool {
	if r.sod == nil {
		return true
	}
	_, ok := r.sod.Hashes[int(f)]
	return ok
}

func (r *reader) readDG14(ctx context.Context) error {
	if !r.listed(emrtd.DG14) {
		r.progress.skip(emrtd.DG14)
		return nil
	}
	raw, err := r.read(ctx, emrtd.DG14)
	if err != nil || raw == nil {
		return err
	}
	if r.card.Infos, err = lds.ParseDG14(raw); err != nil {
		r.damaged(emrtd.DG14)
	}
	return nil
}

func (r *reader) readDG15(ctx context.Context) error {
	if !r.listed(emrtd.DG15) {
		r.progress.skip(emrtd.DG15)
		return nil
	}
	raw, err := r.read(ctx, emrtd.DG15)
	if err != nil || raw == nil {
		return err
	}
	key, err := lds.ParseDG15(raw)
	if err != nil {
		r.damaged(emrtd.DG15)
		return nil
	}
	r.card.AAKey = &key
	return nil
}

func (r *reader) readDG2(ctx context.Context) error {
	raw, err := r.read(ctx, emrtd.DG2)
	if err != nil || raw == nil {
		return err
	}
	p, err := lds.ParseDG2(raw)
	if err != nil {
		r.damaged(emrtd.DG2)
		return nil
	}
	r.card.Photo = &Photo{p.MediaType, p.Data, p.Width, p.Height}
	return nil
}
