package emrtd

import (
	"context"
	"errors"
	"fmt"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
)

// This file reads elementary files. The rules are:
//
//   - The first READ BINARY selects by short file identifier, every other one names an offset only. (A card was seen
//     that answers the identifier a second time with something else.)
//   - No separate read of the header: the first block carries the length, and reading ends exactly there.
//   - A block is as large as a protected answer of 256 bytes can carry: 223 plain bytes under AES, 231 under 3DES.
//     Cards were seen to answer 256 plain bytes in 285; readers were seen to lose such answers.
//   - Extended length only after the chip took it once, in the plain phase, where a refusal costs one APDU and no
//     session.
//   - A refused length steps down. What was learnt is in Sizes, to be remembered for the next card of the kind.

const (
	sfiFlag        byte = 0x80   // P1 of READ BINARY: bits 5 to 1 are a short file identifier
	largestOffset       = 0x7FFF // that P1-P2 can name; beyond it the odd instruction is needed
	shortAnswer         = apdu.MaxShortNe
	maxFileSize         = 1 << 18 // bytes; LDS1 files end at 64 KiB
	maxReads            = 1024    // of one file: a chip that trickles single bytes is not waited for
	oddHeader           = 5       // at most, of DO'53' around the data
	smallestChunk       = 128
	extendedAnswer      = apdu.MaxExtendedNe

	tagOffset        tlv.Tag = 0x54
	tagDiscretionary tlv.Tag = 0x53
)

// Sizes is what a reader has learnt about lengths.
type Sizes struct {
	Extended bool // extended APDUs go through
	Chunk    int  // plain bytes per short READ BINARY that work; 0: not known to be limited
}

// stepsDown are the sizes that are tried in turn after a refusal.
func stepsDown() [4]int { return [...]int{223, 192, 160, smallestChunk} }

// smaller is the next step, false if there is none.
func (s Sizes) smaller(now int) (Sizes, bool) {
	if s.Extended {
		return Sizes{Chunk: s.Chunk}, true
	}
	for _, size := range stepsDown() {
		if size < now {
			return Sizes{Chunk: size}, true
		}
	}
	return s, false
}

// Sizes is what holds now.
func (c *Conn) Sizes() Sizes { return c.sizes }

// SetSizes begins with what was learnt from another card of the kind.
func (c *Conn) SetSizes(s Sizes) { c.sizes = s }

// chunk is how many plain bytes the next READ BINARY asks for.
func (c *Conn) chunk(odd bool) int {
	if c.sizes.Extended {
		return extendedAnswer
	}
	limit := shortAnswer
	if c.session != nil {
		limit = c.session.Cipher().Capacity(shortAnswer, odd)
	}
	if c.sizes.Chunk > 0 {
		limit = min(limit, c.sizes.Chunk)
	}
	return limit
}

// ReadCardAccess reads EF.CardAccess in the plain phase. With probe, the first attempt is an extended READ BINARY:
// if the chip takes it, Sizes says so from then on. An *apdu.StatusError in the chain means that the chip refuses the
// file, ErrDamaged that what it gave makes no sense.
func (c *Conn) ReadCardAccess(ctx context.Context, probe bool) ([]byte, lds.SecurityInfos, error) {
	if c.session != nil || c.secured {
		return nil, nil, fmt.Errorf("%w: EF.CardAccess is read before it", ErrSecureMessaging)
	}
	before := c.sizes
	c.sizes.Extended = c.sizes.Extended || probe
	raw, err := c.readSteppingDown(ctx, CardAccess)
	if c.dead != nil {
		c.sizes = before // the probe ended with the transport: nothing was learnt
	}
	if err != nil {
		return nil, nil, err
	}
	infos, err := lds.ParseCardAccess(raw)
	if err != nil {
		return nil, nil, &DamagedError{CardAccess.String(), err}
	}
	return raw, infos, nil
}

// readSteppingDown repeats a plain read with smaller sizes. An extended attempt that fails for whatever reason the
// chip gives is repeated short, because chips refuse lengths with the oddest words; "not found" is taken at its word,
// and says that the chip understood the length.
func (c *Conn) readSteppingDown(ctx context.Context, f File) ([]byte, error) {
	for {
		extended := c.sizes.Extended
		raw, err := c.ReadFile(ctx, f, nil)
		var refused *apdu.StatusError
		if err == nil || !extended || !errors.As(err, &refused) || errors.Is(err, apdu.ErrNotFound) {
			return raw, err
		}
		c.sizes.Extended = false
	}
}

// ReadFile reads one file from beginning to end. Under secure messaging a refused length is stepped down from; if the
// chip ended the session over it (ErrSessionEnded with apdu.ErrWrongLength), the smaller size is set already and the
// caller may repeat access control and ReadFile. progress may be nil; it gets bytes read and the file's size.
//
// Errors: an *apdu.StatusError for a file that the chip does not give, ErrDamaged for one whose bytes make no sense,
// ErrSessionEnded, ErrSecureMessaging, or the transport's.
func (c *Conn) ReadFile(ctx context.Context, f File, progress func(read, size int)) ([]byte, error) {
	r := fileReader{conn: c, file: f, progress: progress}
	for r.size == 0 || len(r.data) < r.size {
		if r.reads++; r.reads > maxReads {
			return nil, r.damaged(fmt.Errorf("more than %d reads", maxReads))
		}
		if err := r.next(ctx); err != nil {
			clear(r.data)
			return nil, err
		}
	}
	return r.data[:r.size:r.size], nil
}

// fileReader is one file on its way.
type fileReader struct {
	conn     *Conn
	file     File
	data     []byte
	size     int  // 0 until the first block has come
	selected bool // the file was selected by its identifier, READ BINARY needs no short one
	reads    int
	progress func(read, size int)
}

// next reads one block, or changes how blocks are read.
func (r *fileReader) next(ctx context.Context) error {
	odd := len(r.data) > largestOffset
	command := r.command(odd)
	response, err := r.conn.Send(ctx, command)
	if errors.Is(err, ErrSessionEnded) && errors.Is(err, apdu.ErrWrongLength) {
		r.conn.stepDown(command.Ne, 0)
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", r.file, err)
	}
	if response.SW == apdu.OK || response.SW == apdu.EndOfFile && len(response.Data) > 0 {
		return r.take(response.Data, command, odd)
	}
	return r.refused(ctx, command, response.SW)
}

func (r *fileReader) command(odd bool) apdu.Command {
	c := apdu.Command{INS: apdu.InsReadBinary, Ne: r.conn.chunk(odd), Extended: r.conn.sizes.Extended}
	offset := len(r.data)
	switch {
	case odd:
		c.INS = apdu.InsReadBinaryOdd // P1-P2 0000: the file that is selected
		c.Data = tlv.New(tagOffset, []byte{byte(offset >> 16), byte(offset >> 8), byte(offset)})
		c.Ne = min(c.Ne, r.size-offset+oddHeader)
		return c
	case offset == 0 && !r.selected:
		c.P1 = sfiFlag | r.file.short()
	default:
		c.P1, c.P2 = byte(offset>>8), byte(offset)
	}
	if r.size > 0 {
		c.Ne = min(c.Ne, r.size-offset)
	}
	return c
}

// take appends a block. The first one tells the size.
func (r *fileReader) take(block []byte, command apdu.Command, odd bool) error {
	if len(block) == 0 || len(block) > command.Ne {
		return r.damaged(fmt.Errorf("%d bytes in answer to %d, %d of %d read", len(block), command.Ne, len(r.data), r.size))
	}
	if odd {
		o, err := tlv.One(block)
		if err != nil || o.Tag != tagDiscretionary || len(o.Value) == 0 {
			return r.damaged(fmt.Errorf("answer to the odd READ BINARY without DO'53'"))
		}
		block = o.Value
	}
	if r.size == 0 {
		if err := r.begin(block); err != nil {
			return err
		}
	}
	r.data = append(r.data, block[:min(len(block), r.size-len(r.data))]...)
	if r.progress != nil {
		r.progress(len(r.data), r.size)
	}
	return nil
}

// begin reads the file's header from its first block.
func (r *fileReader) begin(block []byte) error {
	tag, header, length, err := tlv.Tolerant.Header(block)
	if err != nil {
		return r.damaged(err)
	}
	if tag != r.file.Tag() || length == 0 || header+length > maxFileSize {
		return r.damaged(fmt.Errorf("tag %s with %d bytes", tag, length))
	}
	r.size = header + length
	return nil
}

// refused decides what a status word means for the rest of the file.
func (r *fileReader) refused(ctx context.Context, command apdu.Command, sw apdu.StatusWord) error {
	err := sw.Err()
	switch {
	case errors.Is(err, apdu.ErrWrongLength):
		available, _ := sw.Available()
		if r.conn.stepDown(command.Ne, available) {
			return nil
		}
	case errors.Is(err, apdu.ErrOffset) && len(r.data) > 0:
		return r.damaged(fmt.Errorf("ends after %d of %d bytes", len(r.data), r.size))
	case r.needsSelect(sw):
		return r.selectFile(ctx)
	}
	return fmt.Errorf("emrtd: reading %s: %w", r.file, err)
}

// needsSelect: chips that do not know short file identifiers answer 6A86 or 6981 to one (ISO 7816-4 table 6).
func (r *fileReader) needsSelect(sw apdu.StatusWord) bool {
	const incompatibleWithFile = apdu.StatusWord(0x6981)
	return len(r.data) == 0 && !r.selected && (sw == apdu.WrongP1P2 || sw == incompatibleWithFile)
}

func (r *fileReader) selectFile(ctx context.Context) error {
	id := r.file.Identifier()
	response, err := r.conn.Send(ctx, apdu.Command{INS: apdu.InsSelect, P1: selectByFile, P2: selectNoAnswer,
		Data: []byte{byte(id >> 8), byte(id)}})
	if err != nil {
		return fmt.Errorf("selecting %s: %w", r.file, err)
	}
	if err := response.SW.Err(); err != nil {
		return fmt.Errorf("emrtd: selecting %s: %w", r.file, err)
	}
	r.selected = true
	return nil
}

func (r *fileReader) damaged(err error) error { return &DamagedError{r.file.String(), err} }

// stepDown makes the next READ BINARY ask for less than asked, or for what the chip says it has. A block at the end
// of a file may have been smaller than the size in use; then nothing smaller helps.
func (c *Conn) stepDown(asked, available int) bool {
	if available > 0 && available < asked {
		c.sizes = Sizes{Chunk: available}
		return true
	}
	smaller, ok := c.sizes.smaller(asked)
	if ok {
		c.sizes = smaller
	}
	return ok
}
