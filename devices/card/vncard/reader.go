package vncard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
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
	proven     bool // extended length went through with an earlier card

	sod       *pki.Object
	signature chan pki.Report // what EF.SOD alone tells, when the host has found out
	contra    bool            // something is contradicted: the chip is not worth its portrait
	texted    bool            // name and number are known
	dead      bool            // the chip proved not genuine: nothing more comes from it
	verified  bool            // the signature's outcome was taken
	reopen    func(context.Context) error
	reopened  int
	progress  progress
}

func newReader(t card.Transport, req Request, k keys) *reader {
	r := &reader{conn: emrtd.New(t), req: req, keys: k, hint: hintKey{string(t.ATR()), req.Reader},
		card: &Card{Files: map[emrtd.File][]byte{}, Proof: &Proof{Version: proofVersion}}, signature: make(chan pki.Report, 1)}
	if r.req.Trust == nil {
		r.req.Trust = pki.Nobody{}
	}
	if r.req.Now == nil {
		r.req.Now = time.Now
	}
	r.card.Proof.Read = r.req.Now().UTC()
	r.conn.Random, r.conn.Challenges = req.Random, req.Hints.seen()
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
	r.noExtended, r.proven = known.noExtended, known.sizes.Extended
	r.probe = r.probe && !known.noExtended
	if req.Extended == ExtendedNever {
		r.conn.SetSizes(emrtd.Sizes{Chunk: known.sizes.Chunk})
	}
	r.progress = newProgress(req.Progress)
	return r
}

// learn remembers the sizes as they are now, for the next card of the kind on this reader.
// Extended length is learnt once a long answer has come through, for the trial itself has a short one.
func (r *reader) learn() {
	sizes := r.conn.Sizes()
	sizes.Extended = sizes.Extended && (r.proven || r.conn.Reaches())
	r.req.Hints.put(r.hint, hint{sizes: sizes, noExtended: r.noExtended})
}

// run is the inspection as a list of steps.
func (r *reader) run(ctx context.Context) error {
	defer r.learn()
	if err := r.open(ctx); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		r.readSOD, r.readDG1, r.readDG13, r.identify, r.readDG14, r.authenticateChip, r.readDG15, r.authenticateActively, r.readDG2,
	} {
		if err := step(ctx); err != nil {
			return err
		}
		if r.texted && r.contradicted() {
			break
		}
	}
	for _, odd := range r.conn.Warnings() {
		r.card.Notes = append(r.card.Notes, odd.Error())
	}
	if given, err := lds.ParseMRZ(r.req.MRZ...); err == nil && r.card.MRZ != nil && !slices.Equal(given.Lines, r.card.MRZ.Lines) {
		r.card.Notes = append(r.card.Notes, "DG1 differs from the machine readable zone that was given")
	}
	r.card.Proof.Asked = r.keys.number != ""
	zone := r.card.MRZ
	r.card.Proof.OtherZone = zone != nil && r.card.Access != PACECAN && !slices.Contains(r.keys.information, zone.Information())
	r.card.Proof.keep(r.card)
	e := examination{card: r.card, trust: r.req.Trust, at: r.card.Proof.Read, asked: r.keys.number, sod: r.sod}
	e.run()
	return nil
}

// read reads one file into the card. It returns nil data, and no error, for a file that the chip does not give or that
// is damaged: that is noted and the reading goes on.
func (r *reader) read(ctx context.Context, f emrtd.File) ([]byte, error) {
	if r.dead {
		r.progress.skip(f)
		return nil, nil
	}
	for {
		raw, err := r.conn.ReadFile(ctx, f, func(read, size int) { r.progress.at(f, read, size) })
		var status *apdu.StatusError
		switch {
		case errors.Is(err, emrtd.ErrReach) && r.proven:
			r.proven = false // lost once: the next reading finds out anew
			return nil, err
		case errors.Is(err, emrtd.ErrReach) && r.conn.Shorten():
			r.noExtended = true
			if err := r.reopen(ctx); err != nil {
				return nil, fmt.Errorf("opening the chip again: %w", err)
			}
			continue
		case errors.Is(err, emrtd.ErrNotGenuine):
			r.cloned(f)
			return nil, nil
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
	if !again && !isOneOf(cause, apdu.ErrNotFound, apdu.ErrSecurityStatus, apdu.ErrOffset) {
		return false, fmt.Errorf("%w: %w", ErrSecureMessaging, cause)
	}
	return again, r.openAgain(ctx, cause)
}

// reopenRefused opens the chip again after it refused in the clear to authenticate itself, in words that say so: not
// now, not this key, not this command. The card can be read all the same, and the refusal is noted.
func (r *reader) reopenRefused(ctx context.Context, cause error) error {
	if !isOneOf(cause, apdu.ErrWrongLength, apdu.ErrConditions, apdu.ErrSecurityStatus, apdu.ErrNotSupported,
		apdu.ErrWrongParameters, apdu.ErrReferenceNotFound) {
		return fmt.Errorf("%w: %w", ErrSecureMessaging, cause)
	}
	return r.openAgain(ctx, cause)
}

// openAgain opens the chip after the session ended, but not for ever.
func (r *reader) openAgain(ctx context.Context, cause error) error {
	if r.reopened++; r.reopened > maxReopened {
		return fmt.Errorf("%w: %w", ErrSecureMessaging, cause)
	}
	r.learn()
	if err := r.reopen(ctx); err != nil {
		return fmt.Errorf("opening the chip again: %w", err)
	}
	return nil
}

func isOneOf(err error, targets ...error) bool {
	for _, t := range targets {
		if errors.Is(err, t) {
			return true
		}
	}
	return false
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

// readSOD reads EF.SOD and has the host check its signature while the chip goes on.
func (r *reader) readSOD(ctx context.Context) error {
	raw, err := r.read(ctx, emrtd.SOD)
	if err != nil || raw == nil {
		return err
	}
	o, err := pki.Open(raw)
	if err != nil {
		r.damaged(emrtd.SOD)
		r.contra = true
		return nil
	}
	r.sod = o
	trust, at := r.req.Trust, r.card.Proof.Read
	go func() { r.signature <- o.Check(trust, at, "") }()
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
	r.compare(emrtd.DG1, raw)
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
	r.compare(emrtd.DG13, raw)
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
	r.texted = true
	return nil
}

// contradicted says whether the reading ends here: EF.SOD or the text are not genuine, so that a portrait would be of
// nobody knows whom, and the counter should know at once. The host has had the time of two files to find out.
func (r *reader) contradicted() bool {
	if r.sod != nil && !r.verified {
		r.verified = true
		r.contra = r.contra || (<-r.signature).Verdict() == pki.Forged
	}
	r.card.Proof.Skipped = r.contra
	return r.contra
}

// listed: whether EF.SOD speaks of a data group. Those that it does not list are not vouched for by anybody, and the
// keys in them would prove nothing, so they are not read.
func (r *reader) listed(f emrtd.File) bool {
	if r.sod == nil {
		return true
	}
	_, ok := r.sod.Security.Hashes[int(f)]
	return ok
}

// compare notes a data group that contradicts EF.SOD.
func (r *reader) compare(f emrtd.File, raw []byte) {
	if r.sod != nil && r.sod.CheckGroup(int(f), raw).Outcome == pki.Failed {
		r.contra = true
	}
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
	if r.req.NoPortrait {
		r.progress.skip(emrtd.DG2)
		return nil
	}
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
